using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Rejection rates averaged over the distribution of an estimate of τ². The estimate is that of Paule and Mandel, which solves Q(t) = k - p with weights 1/(v + t): since Q(t) falls in t, it is at most t exactly where
/// Q(t) ≤ k - p, and Q(t) is a quadratic form whose distribution is known. REML differs little from it, and is the same where all variances are alike. What is taken as independent of it is the estimate that is
/// tested: exact with equal variances, else nearly so.
/// </summary>
internal sealed class EstimatedTauSquared
{
    private const double Negligible = 1e-14;
    private const int PanelNodes = 32;

    // Where variances differ the result is an approximation whatever the rule, and each node is dear.
    private const int UnevenPanelNodes = 18;

    /// <summary>From here on Q is taken as a multiple of χ² with its mean and variance, whose shape it has by then.</summary>
    internal const int ManyDegreesOfFreedom = 40;

    private readonly double[] _v;
    private readonly double _tau2;
    private readonly ModelData? _data;
    private readonly WeightedDesign? _many;
    private readonly double _smallest;
    private (double U, double Weight)[]? _nodes;
    private (double X, double Weight)[]? _below;
    private (double X, double Weight)[]? _any;
    private double _largest;
    private double _start;

    /// <param name="v">The sampling variances.</param>
    /// <param name="tau2">τ².</param>
    /// <param name="design">The design.</param>
    /// <param name="weighted">The same with what is needed of its weighted sums.</param>
    /// <param name="many">From how many degrees of freedom on Q is taken as a multiple of χ².</param>
    public EstimatedTauSquared(double[] v, double tau2, DesignMatrix design, WeightedDesign weighted, int many = ManyDegreesOfFreedom)
    {
        (_v, _tau2) = (v, tau2);
        DegreesOfFreedom = v.Length - design.Parameters;
        _smallest = v.Min();
        AreAlike = v.Max() <= _smallest * (1 + 1e-12);
        // Effects do not enter the distribution of Q, only their variances.
        if (!AreAlike && DegreesOfFreedom > many) _many = weighted;
        else if (!AreAlike) _data = new ModelData(StudyEffects.Create(new double[v.Length], v), design);
    }

    /// <summary>k - p.</summary>
    public int DegreesOfFreedom { get; }

    /// <summary>True where all variances are the same, so that nothing is approximate.</summary>
    public bool AreAlike { get; }

    /// <summary>Pr(Q(t) ≤ q), Q with weights 1/(v + t).</summary>
    public double QLowerTail(double t, double q)
    {
        if (AreAlike) return 1 - Distributions.ChiSquaredUpper(q * (_smallest + t) / (_smallest + _tau2), DegreesOfFreedom);
        if (_many is not null)
        {
            var (mean, variance) = _many.QMoments(t);
            return 1 - Distributions.ChiSquaredUpper(2 * q * mean / variance, 2 * mean * mean / variance);
        }
        return new GeneralizedQDistribution(_data!, Weights(t)).LowerTail(q, _tau2);
    }

    /// <summary>
    /// The rate of a test with this estimate: g(start) + ∫g'(1 - F), in u = ln(v + t), from where F is nothing to where it is 1. Where it is 0 there is only known that Q(0)/(k - p) is at most 1: with h the rate by x, the
    /// square root of that, h(1)Pr(x ≤ 1) - ∫h'F is what the rate is there, and h(1) is g(0).
    /// </summary>
    /// <param name="test">The test.</param>
    /// <param name="limitFalls">True where standard errors are multiplied by x also below 1, as Hartung and Knapp's.</param>
    public double Average(ConditionalTest test, bool limitFalls)
    {
        _nodes ??= Nodes();
        var rate = test.Reject(_start, 1, 1);
        // The step does not depend on the effect unless that is far away, so that what was computed is found again.
        var step = 0.02 / (4 * Math.Pow(2, Math.Ceiling(Math.Log2(1 + test.Distance / 4))));
        foreach (var (u, weight) in _nodes) rate += weight * Derivative(x => test.Reject(Math.Exp(x) - _smallest, 1, 1), u, step);
        if (_start == 0)
        {
            _below ??= ScaleNodes(Math.Sqrt(Quantile(-8.3)), 1, test.LimitWidth);
            rate -= Sum(_below, test, x => limitFalls ? x : 1);
        }
        return Math.Clamp(rate, 0, 1);
    }

    /// <summary>The rate of a test at weights 1/v whose standard errors are multiplied by x, or by what <paramref name="limit"/> makes of it: h(X) - ∫h'F from 0 to an X that is never reached.</summary>
    public double AtAnyScale(ConditionalTest test, Func<double, double> limit)
    {
        var largest = LargestScale();
        // The limit can have an edge at 1.
        _any ??= [.. ScaleNodes(Math.Sqrt(Quantile(-8.3)), Math.Min(1, largest), test.LimitWidth), .. ScaleNodes(1, largest, test.LimitWidth)];
        return Math.Clamp(test.Reject(0, largest, limit(largest)) - Sum(_any, test, limit), 0, 1);
    }

    private static double Derivative(Func<double, double> f, double x, double h) => (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

    /// <summary>Beyond this scale Q does not get: by its bound, the largest of (v + τ²)/v times χ², brought in.</summary>
    private double LargestScale()
    {
        if (_largest > 0) return _largest;
        _largest = Math.Sqrt(Quantile(8.3) * (_smallest + _tau2) / _smallest);
        for (var i = 0; i < 20 && 1 - QLowerTail(0, DegreesOfFreedom * _largest * _largest / 1.44) < Negligible; i++) _largest /= 1.2;
        return _largest;
    }

    private static double Sum((double X, double Weight)[] nodes, ConditionalTest test, Func<double, double> limit)
    {
        double sum = 0, width = test.LimitWidth;
        foreach (var (x, weight) in nodes)
        {
            // Nodes keep clear of the edge at 1.
            var step = Math.Min(0.004 * Math.Min(1, width), Math.Min(x, x == 1 ? 1 : Math.Abs(1 - x)) / 4);
            sum += weight * Derivative(s => test.Reject(0, s, limit(s)), x, step);
        }
        return sum;
    }

    /// <summary>The rule of ∫h'(x)F(x)dx, x = √(Q(0)/(k - p)).</summary>
    private (double, double)[] ScaleNodes(double low, double high, double width)
    {
        if (!(high > low)) return [];
        // Q varies by some 1/√(2 df) of itself, the rate of the test within its width: three of either make a panel.
        var panel = 3 * Math.Min(width, Math.Min(0.25, 1 / Math.Sqrt(2.0 * DegreesOfFreedom)));
        var panels = (int)Math.Clamp(Math.Ceiling((high - low) / panel), 1, 4000);
        var count = AreAlike ? PanelNodes : UnevenPanelNodes;
        var nodes = new List<(double, double)>();
        for (var i = 0; i < panels; i++)
        {
            var rule = new GaussLegendreRule(low + (high - low) * i / panels, low + (high - low) * (i + 1) / panels, count);
            for (var j = 0; j < count; j++) nodes.Add((rule.GetAbscissa(j), rule.GetWeight(j) * QLowerTail(0, DegreesOfFreedom * rule.GetAbscissa(j) * rule.GetAbscissa(j))));
        }
        return [.. nodes];
    }

    private (double, double)[] Nodes()
    {
        var (low, high) = Range();
        _start = low;
        double from = Math.Log(_smallest + low), to = Math.Log(_smallest + high);
        var panels = Math.Max(2, (int)Math.Ceiling((to - from) / 1.5));
        var nodes = new List<(double, double)>();
        for (var panel = 0; panel < panels; panel++)
        {
            var count = AreAlike ? PanelNodes : UnevenPanelNodes;
            var rule = new GaussLegendreRule(from + (to - from) * panel / panels, from + (to - from) * (panel + 1) / panels, count);
            for (var i = 0; i < count; i++)
            {
                var u = rule.GetAbscissa(i);
                nodes.Add((u, rule.GetWeight(i) * (1 - QLowerTail(Math.Exp(u) - _smallest, DegreesOfFreedom))));
            }
        }
        return [.. nodes];
    }

    /// <summary>Where the estimate can lie: Q(t) is between (v + τ²)/(v + t) times χ² at the smallest and at the largest v.</summary>
    private (double Low, double High) Range()
    {
        var largest = _v.Max();
        var low = Math.Max(0, Quantile(-8.3) * (largest + _tau2) - largest);
        var high = Math.Max(Quantile(8.3) * (largest + _tau2) - largest, low + _smallest);
        if (AreAlike) return (low, high);
        double Middle() => Math.Sqrt((_smallest + low) * (_smallest + high)) - _smallest;
        for (var i = 0; i < 12 && high > 2 * low && 1 - QLowerTail(Middle(), DegreesOfFreedom) < Negligible; i++) high = Middle();
        for (var i = 0; i < 12 && QLowerTail(Middle(), DegreesOfFreedom) < Negligible; i++) low = Middle();
        return (low, high);
    }

    /// <summary>Wilson and Hilferty's quantile of χ²/df.</summary>
    private double Quantile(double z)
    {
        var spread = 2 / (9.0 * DegreesOfFreedom);
        return Math.Pow(Math.Max(0, 1 - spread + z * Math.Sqrt(spread)), 3);
    }

    private double[] Weights(double t)
    {
        var weights = new double[_v.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = 1 / (_v[i] + t);
        return weights;
    }
}
