using System.Numerics;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The factor that a step weight function brings to the likelihood, ∏ω_(i)/Σ_j ω_j P_ij, averaged over its prior: the first weight 1, the others uniform on 1 &gt; ω_1 &gt; ω_2 &gt; ... &gt; 0, which is the
/// cumulative Dirichlet distribution with all parameters 1. With ω_1 = u_1, ω_2 = u_1 u_2, ... the region becomes a cube, the sum Σ ω_j P_ij = P_0 + u_1(P_1 + u_2(P_2 + ...)) is built from the last
/// weight inwards, and each u = e^(-a) is integrated over a = exp(x - e^(-x)), x on the whole line.
/// </summary>
internal sealed class WeightIntegral
{
    // Below this a product of probabilities, or a weight that matters beside them, may leave the range of double precision.
    private const double SmallestDirect = 1e-250;

    // Above this no plateau reaches beyond what a rule in log a resolves, since it ends where a weight is as small as the probability of the first interval.
    private const double SmallestNear = 1e-8;

    // Some millions are the rule; where effects lie so far apart that double precision leaves noise in the integrand, rules within rules would go on for hours.
    private const int MostEvaluations = 60_000_000;

    private readonly StepIntervals _intervals;
    private readonly int _levels;
    private readonly double[] _exponents;
    private readonly double[][] _sums;
    private readonly LineQuadrature[] _rules;
    private readonly LineQuadrature[] _farRules;
    private readonly WeightAxis[] _axes;
    private readonly WeightShape _shape;
    private readonly Func<double, int, double>[] _integrands;
    private readonly List<double[]>[] _moments;
    private readonly double _logPrior;
    private readonly int _most;
    private int _evaluations;
    private readonly bool _mayBeFar;
    private bool _inLogarithms;
    private bool _isFar;
    private int _block;
    private bool _isShort;

    /// <param name="intervals">The intervals of p.</param>
    /// <param name="most">How many values it takes in its life.</param>
    public WeightIntegral(StepIntervals intervals, int most = MostEvaluations)
    {
        (_intervals, _most) = (intervals, most);
        _levels = intervals.Counts.Length - 1;
        _exponents = new double[_levels + 1];
        _sums = new double[_levels + 1][];
        _rules = new LineQuadrature[_levels + 1];
        _farRules = new LineQuadrature[_levels + 1];
        _axes = new WeightAxis[_levels + 1];
        _integrands = new Func<double, int, double>[_levels + 1];
        _moments = new List<double[]>[_levels + 1];
        var above = 0;
        for (var level = _levels; level >= 1; level--)
        {
            above += intervals.Counts[level];
            // u^(studies from this interval on), times the Jacobian of the order, times da's u.
            _exponents[level] = above + _levels - level + 1;
            _logPrior += Math.Log(level);
            _sums[level] = new double[intervals.Padded];
            _rules[level] = new LineQuadrature("The marginal likelihood of a selection model", 1e-4, 0, 1, negligible: 16);
            _farRules[level] = new LineQuadrature("The marginal likelihood of a selection model", 1e-4, 0, 1, negligible: 16);
            // The slope in a is at most so large, with every study's sum in the weighted intervals: below 0 by a unit the integrand falls off from the start.
            _mayBeFar |= intervals.Studies >= _exponents[level];
            _moments[level] = [];
            var l = level;
            _integrands[level] = (x, slot) => Integrand(l, x, slot);
        }
        _shape = new WeightShape(_exponents, intervals.Logarithms);
    }

    /// <summary>The means of the weights but the first at the last integral.</summary>
    public double[] MeanWeights { get; private set; } = [];

    /// <summary>True where a plateau of weights may reach far at a mean.</summary>
    public bool IsFar(double mean, ReadOnlySpan<double> deviations)
    {
        if (!_mayBeFar) return false;
        _intervals.Set(mean, deviations);
        return _intervals.Smallest < SmallestNear;
    }

    /// <summary>The logarithm of the factor's largest value over the weights, to about a unit: <see cref="WeightShape.LogPeak"/>.</summary>
    public double LogPeak(double mean, ReadOnlySpan<double> deviations)
    {
        _intervals.SetLogarithms(mean, deviations);
        return _shape.LogPeak();
    }

    /// <summary>The logarithm of the factor's mean, for studies of given mean and standard deviations.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviations">The standard deviations.</param>
    /// <param name="reference">The logarithm of the mean beside which this one is to be exact.</param>
    public double LogMean(double mean, ReadOnlySpan<double> deviations, double reference)
    {
        _intervals.Set(mean, deviations);
        _inLogarithms = _intervals.Smallest < SmallestDirect;
        _isFar = _mayBeFar && _intervals.Smallest < SmallestNear;
        if (_inLogarithms || _isFar) _intervals.SetLogarithms(mean, deviations);
        if (!_inLogarithms)
        {
            // So many factors, each between the smallest probability and 1, stay a number.
            _block = Math.Max(1, (int)(650 / Math.Max(1, -Math.Log(_intervals.Smallest))));
            _isShort = _intervals.Padded <= _block;
            _intervals.Probabilities[_levels].CopyTo(_sums[_levels], 0);
        }
        return _logPrior + Average(_levels, reference - _logPrior);
    }

    private double Average(int level, double reference)
    {
        _axes[level] = _isFar && _shape.Plateau(level) is { } plateau ? new WeightAxis(plateau.From, plateau.To) : default;
        var rule = RuleOf(level);
        var value = rule.LogIntegral(_integrands[level], reference);
        var means = new double[_levels];
        var weights = rule.Weights;
        var slots = rule.Slots;
        for (var i = 0; i < weights.Length; i++)
        {
            var at = _moments[level][slots[i]];
            for (var j = 0; j < _levels; j++) means[j] += weights[i] * at[j];
        }
        MeanWeights = means;
        return value;
    }

    private LineQuadrature RuleOf(int level) => _axes[level].IsFar ? _farRules[level] : _rules[level];

    private double Integrand(int level, double x, int slot)
    {
        if (++_evaluations > _most) throw new ConvergenceException("The marginal likelihood of a selection model", "effects lie so far beyond what the priors expect that its integral does not come to an end; give priors of their scale", _most);
        var (a, slope) = _axes[level].At(x);
        var log = -_exponents[level] * a + slope;
        if (!double.IsFinite(log)) return Store(level, slot, [], double.NegativeInfinity, 0);
        var u = Math.Exp(-a);
        if (level == 1)
        {
            log -= _inLogarithms ? LogarithmicSum(a) : DirectSum(u);
            return Store(level, slot, [], log, u);
        }
        if (_inLogarithms || _isFar) _shape.Descend(level, a);
        if (!_inLogarithms)
        {
            var inner = Vectors(_intervals.Probabilities[level - 1]);
            var given = Vectors(_sums[level]);
            var outer = MemoryMarshal.Cast<double, Vector<double>>(_sums[level - 1].AsSpan());
            var factor = new Vector<double>(u);
            for (var i = 0; i < inner.Length; i++) outer[i] = inner[i] + factor * given[i];
        }
        log += Average(level - 1, RuleOf(level).Peak - log);
        return Store(level, slot, MeanWeights, log, u);
    }

    /// <summary>Keeps the means of the weights given what lies outside this level: u times those of the level within, and u itself for the weight of the level.</summary>
    private double Store(int level, int slot, double[] within, double value, double u)
    {
        var list = _moments[level];
        if (list.Count <= slot) list.Add(new double[_levels]);
        var means = list[slot];
        Array.Clear(means);
        if (level == 1) means[0] = u;
        for (var j = 0; j < within.Length; j++) means[j] = j == level - 1 ? u * within[level - 2] : within[j];
        return value;
    }

    /// <summary>Σ log(P_0 + u S) over the studies.</summary>
    private double DirectSum(double u)
    {
        var first = Vectors(_intervals.Probabilities[0]);
        var rest = Vectors(_sums[1]);
        var factor = new Vector<double>(u);
        if (_isShort)
        {
            var all = Vector<double>.One;
            for (var i = 0; i < first.Length; i++) all *= first[i] + factor * rest[i];
            var product = 1.0;
            for (var lane = 0; lane < Vector<double>.Count; lane++) product *= all[lane];
            return Math.Log(product);
        }
        double log = 0;
        for (var i = 0; i < first.Length;)
        {
            var product = Vector<double>.One;
            var end = Math.Min(first.Length, i + _block);
            for (; i < end; i++) product *= first[i] + factor * rest[i];
            for (var lane = 0; lane < Vector<double>.Count; lane++) log += Math.Log(product[lane]);
        }
        return log;
    }

    private static ReadOnlySpan<Vector<double>> Vectors(double[] values) => MemoryMarshal.Cast<double, Vector<double>>(values);

    /// <summary>The same where probabilities are no numbers any more, with a logarithm for many studies.</summary>
    private double LogarithmicSum(double a)
    {
        double log = 0, product = 1;
        var (first, rest) = (_intervals.Logarithms[0], _shape.Sums(1));
        for (var i = 0; i < first.Length; i++)
        {
            var (one, other) = (first[i], rest[i] - a);
            log += Math.Max(one, other);
            // Beyond it 1 + e^(-d) is 1.
            var d = Math.Abs(one - other);
            if (d < 38) product *= 1 + Math.Exp(-d);
            if (product > 1e200) (log, product) = (log + Math.Log(product), 1);
        }
        return log + Math.Log(product);
    }
}
