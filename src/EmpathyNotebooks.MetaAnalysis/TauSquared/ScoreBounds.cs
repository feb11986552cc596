namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How far from a value of tau² the score of a likelihood is sure to keep its sign, from what is known at that one value.
/// </summary>
/// <remarks>
/// In the eigenvalues λ of the model, with x = 1/(λ + tau²) there and δ the way to another tau², y'PPy becomes A(δ) = Σc²x²/(1 + δx)² and the trace B(δ) = Σx/(1 + δx). Every x lies between
/// a = 1/(largest v + tau²) and b = 1/(smallest v + tau²), since the λ do between the variances. Both are sums of convex functions of x whose means are known, m = ΣcΣx³/ΣcΣx² = y'PPPy/y'PPy for the
/// one and Σx²/Σx for the other: Jensen's inequality bounds each from below, the chord from a to b from above.
/// </remarks>
internal readonly ref struct ScoreBounds
{
    /// <summary>The walk's smallest step as a factor of v + tau²: a second rise and fall within it would be of no height.</summary>
    public const double SmallestStep = 1.25;

    private readonly double _tau2;
    private readonly double _smallest;
    private readonly double _a;
    private readonly double _b;
    private readonly double _ratio;
    private readonly double _meanA;
    private readonly double _meanB;

    /// <param name="at">What is known at tau².</param>
    /// <param name="tau2">tau².</param>
    /// <param name="smallest">The smallest sampling variance.</param>
    /// <param name="largest">The largest.</param>
    public ScoreBounds(in LikelihoodDerivatives at, double tau2, double smallest, double largest)
    {
        _tau2 = tau2;
        _smallest = smallest;
        _a = 1 / (largest + tau2);
        _b = 1 / (smallest + tau2);
        _ratio = at.Squares / at.Trace;
        _meanA = Math.Clamp((at.ObservedInformation + at.ExpectedInformation) / at.Squares, _a, _b);
        _meanB = Math.Clamp(2 * at.ExpectedInformation / at.Trace, _a, _b);
    }

    /// <summary>The tau² up to which the score is negative, but for a first step of <see cref="SmallestStep"/>; infinite when it stays so.</summary>
    public double NegativeUpTo()
    {
        // A/B is at most ratio·[(1 - p)·f(a) + p·f(b)], f(x) = (1 + δm)/(1 + δx)². f(b) falls in δ; f(a) rises to a highest point first.
        var share = _b > _a ? (_meanA - _a) / (_b - _a) : 0;
        var highest = _meanB > 2 * _a ? (_meanB - 2 * _a) / (_a * _meanB) : 0;
        var v = _smallest + _tau2;
        var d = v * (Math.Max(SmallestStep, 1 / _ratio) - 1);
        while (d < highest)
        {
            var next = Math.Min(highest, (v + d) * 1.5 - v);
            if (!(_ratio * ((1 - share) * Growth(next, _a) + share * Growth(d, _b)) < 1)) return _tau2 + d;
            d = next;
        }
        return _ratio * ((1 - share) * Growth(d, _a) + share * Growth(d, _b)) < 1 ? double.PositiveInfinity : _tau2 + d;
    }

    /// <summary>The tau² down to which the score is positive, but for a first step of <see cref="SmallestStep"/>; 0 when it is so from there on.</summary>
    public double PositiveDownTo()
    {
        // B/A is at most [(1 - p)·g(a) + p·g(b)]/ratio, g(x) = (1 - δm)²/(1 - δx). g(a) falls in δ; g(b) falls first and then rises.
        var share = _b > _a ? (_meanB - _a) / (_b - _a) : 0;
        // In u = v + tau² at the other end with the smallest v, since δ may differ from v + tau² here by less than its rounding.
        var v = _smallest + _tau2;
        var u = v / Math.Max(SmallestStep, _ratio);
        while (u > _smallest)
        {
            var next = Math.Max(_smallest, u / 1.5);
            if (!((1 - share) * Loss(u, v, _a) + share * Math.Max(Loss(u, v, _b), Loss(next, v, _b)) < _ratio)) return u - _smallest;
            u = next;
        }
        return 0;
    }

    private double Growth(double d, double x) => (1 + d * _meanB) / ((1 + d * x) * (1 + d * x));

    private double Loss(double u, double v, double x)
    {
        var mean = Left(u, v, _meanA);
        return mean * mean / Left(u, v, x);
    }

    // 1 - δx, where xv is at most 1.
    private static double Left(double u, double v, double x) => Math.Max(0, 1 - x * v) + x * u;
}
