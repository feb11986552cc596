namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The straight line y = a + bx by least squares with weights w, whose error is multiplicative: Var(y) = φ/w, φ estimated by what the line leaves. All sums are taken about the weighted means, so that nothing cancels.
/// </summary>
internal sealed class WeightedLine
{
    /// <summary>A predictor that varies less than this beside its size says nothing about a slope; as in R's <c>lm</c>.</summary>
    public const double LeastSpread = 1e-7;

    private WeightedLine(double weight, double meanX, double meanY, double spread, double slope, double residualSum)
    {
        (Weight, MeanX, MeanY, Spread, Slope, ResidualSum) = (weight, meanX, meanY, spread, slope, residualSum);
    }

    /// <summary>Σw.</summary>
    public double Weight { get; }

    public double MeanX { get; }

    public double MeanY { get; }

    /// <summary>Σw(x - x̄)².</summary>
    public double Spread { get; }

    public double Slope { get; }

    public double Intercept => MeanY - Slope * MeanX;

    /// <summary>Σw(y - a - bx)².</summary>
    public double ResidualSum { get; }

    /// <summary>The line through the data.</summary>
    /// <param name="method">The method that asks, as papers name it.</param>
    /// <param name="y">The effects.</param>
    /// <param name="w">Their weights, positive.</param>
    /// <param name="x">The predictor.</param>
    /// <param name="constant">Why there is no slope where the predictor does not vary.</param>
    /// <param name="instead">What answers then.</param>
    public static WeightedLine Fit(string method, ReadOnlySpan<double> y, ReadOnlySpan<double> w, ReadOnlySpan<double> x, string constant, string? instead)
    {
        double weight = 0, sumX = 0, sumY = 0, squares = 0;
        for (var i = 0; i < y.Length; i++)
        {
            weight += w[i];
            sumX += w[i] * x[i];
            sumY += w[i] * y[i];
            squares += w[i] * x[i] * x[i];
        }
        double meanX = sumX / weight, meanY = sumY / weight, spread = 0, product = 0;
        for (var i = 0; i < y.Length; i++)
        {
            spread += w[i] * (x[i] - meanX) * (x[i] - meanX);
            product += w[i] * (x[i] - meanX) * (y[i] - meanY);
        }
        if (!double.IsFinite(weight) || !double.IsFinite(squares) || !double.IsFinite(product))
        {
            throw new ConvergenceException(method, "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        }
        if (!(spread > LeastSpread * LeastSpread * squares)) throw new UndeterminedException(method, constant, instead);
        double slope = product / spread, left = 0;
        for (var i = 0; i < y.Length; i++)
        {
            var residual = y[i] - meanY - slope * (x[i] - meanX);
            left += w[i] * residual * residual;
        }
        return new WeightedLine(weight, meanX, meanY, spread, slope, left);
    }

    /// <summary>The line's height at x, and its variance beside φ.</summary>
    public (double Height, double Variance) At(double x) => (MeanY + Slope * (x - MeanX), 1 / Weight + (x - MeanX) * (x - MeanX) / Spread);

    /// <summary>True where the residuals are what rounding leaves of none, beside Σwy².</summary>
    public static bool IsExact(double residualSum, ReadOnlySpan<double> y, ReadOnlySpan<double> w)
    {
        double squares = 0;
        for (var i = 0; i < y.Length; i++) squares += w[i] * y[i] * y[i];
        return !(residualSum > 1e-28 * squares);
    }
}
