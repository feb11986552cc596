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

    // A model of data that its priors expect takes some millions; where effects lie far beyond them rules within rules would go on for hours.
    private const int MostEvaluations = 60_000_000;

    private readonly StepIntervals _intervals;
    private readonly int _levels;
    private readonly double[] _exponents;
    private readonly double[][] _sums;
    private readonly double[][] _logSums;
    private readonly LineQuadrature[] _rules;
    private readonly Func<double, int, double>[] _integrands;
    private readonly List<double[]>[] _moments;
    private readonly double _logPrior;
    private readonly int _most;
    private int _evaluations;
    private bool _inLogarithms;
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
        _logSums = new double[_levels + 1][];
        _rules = new LineQuadrature[_levels + 1];
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
            _logSums[level] = new double[intervals.Studies];
            _rules[level] = new LineQuadrature("The marginal likelihood of a selection model", 1e-4, 0, 1, negligible: 16);
            _moments[level] = [];
            var l = level;
            _integrands[level] = (x, slot) => Integrand(l, x, slot);
        }
    }

    /// <summary>The means of the weights but the first at the last integral.</summary>
    public double[] MeanWeights { get; private set; } = [];

    /// <summary>The logarithm of the factor's mean, for studies of given mean and standard deviations.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviations">The standard deviations.</param>
    /// <param name="reference">The logarithm of the mean beside which this one is to be exact.</param>
    public double LogMean(double mean, ReadOnlySpan<double> deviations, double reference)
    {
        _intervals.Set(mean, deviations);
        _inLogarithms = _intervals.Smallest < SmallestDirect;
        if (_inLogarithms)
        {
            _intervals.SetLogarithms(mean, deviations);
            _intervals.Logarithms[_levels].CopyTo(_logSums[_levels], 0);
        }
        else
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
        var rule = _rules[level];
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

    private double Integrand(int level, double x, int slot)
    {
        if (++_evaluations > _most) throw new ConvergenceException("The marginal likelihood of a selection model", "effects lie so far beyond what the priors expect that its integral does not come to an end; give priors of their scale", _most);
        var shrink = Math.Exp(-x);
        var a = Math.Exp(x - shrink);
        var log = -_exponents[level] * a + x - shrink + Math.Log(1 + shrink);
        if (!double.IsFinite(log)) return Store(level, slot, [], double.NegativeInfinity, 0);
        var u = Math.Exp(-a);
        if (level == 1)
        {
            log -= _inLogarithms ? LogarithmicSum(a) : DirectSum(u);
            return Store(level, slot, [], log, u);
        }
        if (_inLogarithms)
        {
            var (inner, given, outer) = (_intervals.Logarithms[level - 1], _logSums[level], _logSums[level - 1]);
            for (var i = 0; i < inner.Length; i++) outer[i] = StepIntervals.LogAdd(inner[i], given[i] - a);
        }
        else
        {
            var inner = Vectors(_intervals.Probabilities[level - 1]);
            var given = Vectors(_sums[level]);
            var outer = MemoryMarshal.Cast<double, Vector<double>>(_sums[level - 1].AsSpan());
            var factor = new Vector<double>(u);
            for (var i = 0; i < inner.Length; i++) outer[i] = inner[i] + factor * given[i];
        }
        log += Average(level - 1, _rules[level].Peak - log);
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

    private double LogarithmicSum(double a)
    {
        double log = 0;
        var (first, rest) = (_intervals.Logarithms[0], _logSums[1]);
        for (var i = 0; i < first.Length; i++) log += StepIntervals.LogAdd(first[i], rest[i] - a);
        return log;
    }
}
