namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The test of a mean or slope of dependent effects, with weights w a study: those of the model that analyses, beside what study means truly vary by.</summary>
internal sealed class DependentTest
{
    private readonly double _factor = 1;
    private readonly double _degreesOfFreedom;

    public DependentTest(DependentPlan plan)
    {
        double[] v = [.. plan.Studies.Variances], m = [.. plan.Studies.EffectCounts.Select(c => (double)c)];
        double tau2 = plan.TauSquared, omega2 = plan.OmegaSquared, rho = plan.SamplingCorrelation;
        // What the mean of a study varies by, and the variances the working model has.
        double[] actual = [.. v.Select((x, j) => tau2 + rho * x + (omega2 + (1 - rho) * x) / m[j])];
        double[] weights, within = [.. v.Select(x => omega2 + (1 - rho) * x)];
        switch (plan.Model)
        {
            case DependentModel.CorrelatedHierarchical:
                weights = [.. actual.Select(a => 1 / a)];
                break;
            case DependentModel.Multilevel:
                var (t, o) = MultilevelLimit.Find(v, m, tau2, omega2, rho);
                weights = [.. v.Select((x, j) => 1 / (t + (o + x) / m[j]))];
                within = [.. v.Select(x => o + x)];
                break;
            default:
                // The moment estimator of the one variance of the working model, in expectation.
                var a1 = v.Sum(x => 1 / x);
                var share = plan.Count == 1 ? 1 : (1 - v.Select((x, j) => 1 / (m[j] * x * x)).Sum() / (a1 * a1)) / (1 - v.Sum(x => 1 / (x * x)) / (a1 * a1));
                weights = [.. v.Select(x => 1 / (x + tau2 + omega2 * share))];
                break;
        }
        if (plan.Values is { } values)
        {
            (StandardError, _degreesOfFreedom) = Slope(weights, actual, values);
            TestDegreesOfFreedom = _degreesOfFreedom;
            return;
        }
        var total = weights.Sum();
        StandardError = Math.Sqrt(weights.Select((w, j) => w * w * actual[j]).Sum()) / total;
        if (plan.Inference == DependentInference.Robust)
        {
            TestDegreesOfFreedom = _degreesOfFreedom = RobustDegreesOfFreedom(weights, total);
            return;
        }
        _degreesOfFreedom = Satterthwaite(weights, total, m, within);
        TestDegreesOfFreedom = plan.Inference == DependentInference.Model ? plan.Count - 1 : _degreesOfFreedom;
        _factor = 1 / Math.Sqrt(total) / StandardError;
    }

    /// <summary>The true standard error √S.</summary>
    public double StandardError { get; }

    /// <summary>The degrees of freedom of the critical value.</summary>
    public double TestDegreesOfFreedom { get; }

    /// <summary>The critical value of t.</summary>
    public double Critical(double alpha) => RejectionRate.Critical(alpha, Alternative.TwoSided, TestDegreesOfFreedom);

    public double Rate(double effect, double alpha) => RejectionRate.Student(effect / StandardError, _degreesOfFreedom, _factor * Critical(alpha), Alternative.TwoSided);

    /// <summary>Those of CR2 (Tipton 2015), equation 16.</summary>
    private static double RobustDegreesOfFreedom(double[] w, double total)
    {
        double a = 0, b = 0, c = 0;
        foreach (var x in w)
        {
            var rest = total - x;
            a += x * x / (rest * rest);
            b += x * x * x / (rest * rest);
            c += x * x / rest;
        }
        return 1 / (a - 2 * b / total + c * c / (total * total));
    }

    /// <summary>Those of the variance 1/Σw with both variances estimated by REML, equation 12.</summary>
    private static double Satterthwaite(double[] w, double total, double[] m, double[] within)
    {
        double w2 = 0, w2m = 0, w2mm = 0, w3 = 0, w3m = 0, w3mm = 0, contrasts = 0;
        for (var j = 0; j < w.Length; j++)
        {
            double square = w[j] * w[j], cube = square * w[j];
            w2 += square;
            w2m += square / m[j];
            w2mm += square / (m[j] * m[j]);
            w3 += cube;
            w3m += cube / m[j];
            w3mm += cube / (m[j] * m[j]);
            contrasts += (m[j] - 1) / (within[j] * within[j]);
        }
        double x = w2 / total, y = w2m / total;
        double s = x * x + w2 - 2 * w3 / total, t = y * y + w2mm + contrasts - 2 * w3mm / total, u = x * y + w2m - 2 * w3m / total;
        // Where no study has a second effect, the variance within studies is none of its own.
        return m.All(c => c == 1) ? s / (x * x) : (s * t - u * u) / (s * y * y + t * x * x - 2 * u * x * y);
    }

    /// <summary>
    /// The true standard error of a slope, and the degrees of freedom of its CR2 variance Σd e², d = a²/(1 - h), with residuals e of covariance G = W⁻¹ - X(X'WX)⁻¹X': tr(DG)²/tr(DGDG) (Pustejovsky &amp; Tipton 2018).
    /// </summary>
    private static (double StandardError, double DegreesOfFreedom) Slope(double[] w, double[] actual, IReadOnlyList<double> values)
    {
        var total = w.Sum();
        var mean = w.Select((x, j) => x * values[j]).Sum() / total;
        double[] x = [.. values.Select(value => value - mean)];
        var sum = w.Select((weight, j) => weight * x[j] * x[j]).Sum();
        if (!(sum > 1e-14 * total * values.Max(value => value * value))) throw DesignMatrix.Undetermined(w.Length);
        double variance = 0, trace = 0, squares = 0;
        var d = new double[w.Length];
        for (var j = 0; j < w.Length; j++)
        {
            var a = w[j] * x[j] / sum;
            var leverage = w[j] * (1 / total + x[j] * x[j] / sum);
            variance += a * a * actual[j];
            if (a * a * actual[j] == 0) continue;
            if (1 - leverage < 1e-10) throw new UndeterminedException("The power of a robust test of this moderator", "one study alone has its value", "more studies of each value");
            d[j] = a * a / (1 - leverage);
        }
        for (var i = 0; i < w.Length; i++)
        {
            trace += d[i] * (1 / w[i] - 1 / total - x[i] * x[i] / sum);
            for (var j = 0; j < w.Length; j++)
            {
                var g = (i == j ? 1 / w[i] : 0) - 1 / total - x[i] * x[j] / sum;
                squares += d[i] * d[j] * g * g;
            }
        }
        return (Math.Sqrt(variance), trace * trace / squares);
    }
}
