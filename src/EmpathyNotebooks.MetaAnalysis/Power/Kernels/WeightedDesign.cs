namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Studies with their design: what a weighted regression takes the variance of a coefficient to be, and what it is.</summary>
internal sealed class WeightedDesign(double[] v, double tau2, double[][] columns)
{
    /// <summary>How many studies there are.</summary>
    public int Count => v.Length;

    /// <summary>The columns.</summary>
    public double[][] Columns => columns;

    private int Parameters => columns.Length;

    /// <summary>The variance with the best weights.</summary>
    public double BestVarianceOf(double[] contrast) => Quadratic(Inverse(tau2), contrast);

    /// <summary>All there is to know of a coefficient with weights 1/(v + t).</summary>
    public ConditionalVariance VarianceOf(double[] contrast, double t)
    {
        var p = Parameters;
        var inverse = Inverse(t);
        // X'W(V + τ²)WX, the middle of the true covariance, and the trace of the weighted variances.
        var middle = Information(i => (v[i] + tau2) / ((v[i] + t) * (v[i] + t)));
        double expectedQ = 0, assumed = Quadratic(inverse, contrast), best = t == tau2 ? assumed : Quadratic(Inverse(tau2), contrast);
        for (var i = 0; i < v.Length; i++) expectedQ += (v[i] + tau2) / (v[i] + t);
        expectedQ -= SmallMatrix.TraceOfProduct(inverse, middle);
        var b = new double[p];
        for (var r = 0; r < p; r++)
        {
            for (var c = 0; c < p; c++) b[r] += inverse[r * p + c] * contrast[c];
        }
        var excess = Math.Max(0, Quadratic(middle, b) - best);
        return new ConditionalVariance(assumed, best, excess, v.Length > p && expectedQ > 0 ? (v.Length - p) / expectedQ : 1);
    }

    /// <summary>Mean and variance of Q(t): tr(PM) and 2tr(PMPM) with M = V + τ².</summary>
    public (double Mean, double Variance) QMoments(double t)
    {
        var p = Parameters;
        double Ratio(int i) => (v[i] + tau2) / (v[i] + t);
        double[] inverse = Inverse(t), middle = Information(i => Ratio(i) / (v[i] + t)), outer = Information(i => Ratio(i) * Ratio(i) / (v[i] + t)), product = new double[p * p];
        SmallMatrix.Multiply(inverse, middle, product, p);
        double mean = -SmallMatrix.Trace(product, p), squares = SmallMatrix.TraceOfSquare(product, p) - 2 * SmallMatrix.TraceOfProduct(inverse, outer);
        for (var i = 0; i < v.Length; i++)
        {
            mean += Ratio(i);
            squares += Ratio(i) * Ratio(i);
        }
        return (mean, 2 * squares);
    }

    private static double Quadratic(double[] matrix, double[] x)
    {
        double sum = 0;
        for (var r = 0; r < x.Length; r++)
        {
            for (var c = 0; c < x.Length; c++) sum += x[r] * matrix[r * x.Length + c] * x[c];
        }
        return sum;
    }

    private double[] Inverse(double t)
    {
        var p = Parameters;
        var information = Information(i => 1 / (v[i] + t));
        if (!SmallMatrix.TryCholesky(information, p))
        {
            throw new ConvergenceException("The power of a moderator", "its values hardly differ beside their size, or variances are too far apart", 0, NonConvergence.Precision);
        }
        var inverse = new double[p * p];
        SmallMatrix.Invert(information, inverse, p);
        return inverse;
    }

    private double[] Information(Func<int, double> weight)
    {
        var p = Parameters;
        var sums = new double[p * p];
        for (var i = 0; i < v.Length; i++)
        {
            var w = weight(i);
            for (var r = 0; r < p; r++)
            {
                var x = w * columns[r][i];
                if (x == 0) continue;
                for (var c = 0; c <= r; c++) sums[r * p + c] += x * columns[c][i];
            }
        }
        for (var r = 0; r < p; r++)
        {
            for (var c = 0; c < r; c++) sums[c * p + r] = sums[r * p + c];
        }
        return sums;
    }
}
