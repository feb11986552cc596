namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Where the integrand of <see cref="WeightIntegral"/> has its mass. Its logarithm is concave in all a = -log u together: linear terms less logarithms of sums of exponentials. So is what is left of it when inner variables are integrated
/// (Prékopa 1973, Acta Scientiarum Mathematicarum 34, 335-343), and its shape is told by where the slope of the largest value over the inner variables passes 1/2 and -1/2: a plateau between two edges, which are as wide as a unit of a at least.
/// Where effects lie far beyond critical values a plateau is thousands of units long, since slopes are differences of counts of studies, and 0 among them.
/// </summary>
internal sealed class WeightShape
{
    // A plateau that ends before this is no wider than what a rule in log a resolves.
    private const double Near = 20;
    private const double Edge = 0.5;
    private const double EdgeWidth = 0.25;

    private readonly double[] _exponents;
    private readonly double[][] _logs;
    private readonly double[][] _sums;
    private readonly double[][] _shares;
    private readonly double[] _gaps;
    private readonly double[,] _roots;
    private readonly double[] _at;
    private readonly int _studies;

    /// <param name="exponents">The factor of -a in the logarithm of the integrand, by level from 1.</param>
    /// <param name="logs">The logarithms of the probabilities of the intervals, which change from row to row.</param>
    public WeightShape(double[] exponents, double[][] logs)
    {
        (_exponents, _logs, _studies) = (exponents, logs, logs[0].Length);
        _sums = [.. exponents.Select(_ => new double[_studies])];
        _shares = [.. exponents.Select(_ => new double[_studies])];
        _gaps = new double[_studies];
        _roots = new double[exponents.Length, 3];
        _at = new double[exponents.Length];
        // The last interval has nothing within it.
        _sums[^1] = logs[^1];
        Array.Fill(_shares[0], 1);
    }

    /// <summary>The logarithm of the sum that the weights up to a level multiply.</summary>
    public double[] Sums(int level) => _sums[level];

    /// <summary>Sets the sums within a level at a value of its variable.</summary>
    public void Descend(int level, double a)
    {
        var (inner, given, outer) = (_logs[level - 1], _sums[level], _sums[level - 1]);
        for (var i = 0; i < _studies; i++) outer[i] = StepIntervals.LogAdd(inner[i], given[i] - a);
    }

    /// <summary>The logarithm of the integrand's largest value over all weights, to about a unit.</summary>
    public double LogPeak()
    {
        Root(_exponents.Length - 1, 0, 0);
        double log = 0;
        for (var level = 1; level < _exponents.Length; level++) log -= _exponents[level] * _at[level];
        foreach (var sum in _sums[0]) log -= sum;
        return log;
    }

    /// <summary>The edges of the plateau of a level, given the levels outside it; null where the integrand falls off near 0.</summary>
    public (double From, double To)? Plateau(int level)
    {
        if (level == 1) return Innermost();
        if (!(Slope(level, Near) > -Edge)) return null;
        var from = Root(level, Edge, 1);
        return (from, Math.Max(from, Root(level, -Edge, 2)));
    }

    /// <summary>The gap of a study is log S - log P: where a is smaller, its weighted intervals outweigh the first. The slope is the number of studies whose gap lies above a, less the exponent, so that the edges are two of the gaps.</summary>
    private (double From, double To)? Innermost()
    {
        var exponent = (int)_exponents[1];
        var far = 0;
        for (var i = 0; i < _studies; i++)
        {
            _gaps[i] = _sums[1][i] - _logs[0][i];
            if (_gaps[i] > Near) far++;
        }
        if (far < exponent) return null;
        var sorted = (double[])_gaps.Clone();
        Array.Sort(sorted);
        return (exponent < _studies ? Math.Max(0, sorted[_studies - 1 - exponent]) : 0, sorted[_studies - exponent]);
    }

    /// <summary>The slope at a value of a level's variable, with the inner variables where the integrand is largest.</summary>
    private double Slope(int level, double a)
    {
        Descend(level, _at[level] = a);
        if (level > 1) Root(level - 1, 0, 0);
        var slope = -_exponents[level];
        var (given, outer, within, shares) = (_sums[level], _sums[level - 1], _shares[level - 1], _shares[level]);
        for (var i = 0; i < _studies; i++)
        {
            shares[i] = within[i] * Math.Exp(Math.Min(0, given[i] - a - outer[i]));
            slope += shares[i];
        }
        return slope;
    }

    /// <summary>Where the slope passes a value, 0 where it is smaller at 0 already; looked for from where it was last.</summary>
    private double Root(int level, double target, int kind)
    {
        if (!(Slope(level, 0) > target)) return 0;
        double low = 0, high = Math.Max(1, _roots[level, kind]), step = 1;
        while (Slope(level, high) > target && double.IsFinite(high)) (low, high, step) = (high, high + step, 4 * step);
        for (step = 1; high - step > low; step *= 4)
        {
            var below = high - step;
            if (Slope(level, below) > target) low = below;
            else high = below;
        }
        while (high - low > EdgeWidth)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) break;
            if (Slope(level, middle) > target) low = middle;
            else high = middle;
        }
        // The last call leaves the shares at the root, which the level outside reads.
        Slope(level, _roots[level, kind] = high);
        return high;
    }
}

/// <summary>
/// The variable x of the rule over a = -log u: a = exp(x - e^(-x)), which suits an integrand that falls off within some units; or, for a plateau, a variable whose points lie as close as a unit at both of its edges, in geometric progression between
/// them and beyond, and double-exponentially close at 0.
/// </summary>
internal readonly struct WeightAxis
{
    private readonly double _from;
    private readonly double _length;
    private readonly double _reach;

    /// <param name="from">Where the plateau begins.</param>
    /// <param name="to">Where it ends.</param>
    public WeightAxis(double from, double to)
    {
        (_from, _length, IsFar) = (from, Math.Max(1, to - from), true);
        _reach = 1 / _length;
    }

    public bool IsFar { get; }

    /// <summary>a, and the logarithm of da/dx.</summary>
    public (double A, double LogSlope) At(double x)
    {
        if (!IsFar)
        {
            var shrink = Math.Exp(-x);
            return (Math.Exp(x - shrink), x - shrink + Math.Log(1 + shrink));
        }
        double up = Math.Exp(x), down = 1 / up, share = 1 / (1 + down), rest = 1 / (1 + up);
        var v = _from + _length * share + _reach * (up - down);
        var slope = Math.Log(_length * share * rest + _reach * (up + down));
        // Below 0 there is no a: log(1 + e^v) is v above, and e^v below.
        var tail = Math.Log(1 + Math.Exp(-Math.Abs(v)));
        return v > 0 ? (v + tail, slope - tail) : (tail, slope + v - tail);
    }
}
