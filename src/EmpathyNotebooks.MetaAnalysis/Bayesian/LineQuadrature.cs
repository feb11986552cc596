namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The integral over the whole line of a smooth function given by its logarithm, by the trapezoidal rule with halved steps: for analytic integrands that fall off on both sides its error falls exponentially
/// with the number of points (Trefethen &amp; Weideman 2014, SIAM Review 56, 385-458). The rule walks from where the last integral of its kind lay to both sides until the integrand is negligible, so that
/// a nest of rules follows a posterior from row to row. It holds state: one object a level of a nest, and the same calls in the same order give the same bytes.
/// </summary>
/// <param name="what">What is integrated, as the start of a sentence of an error.</param>
/// <param name="tolerance">How far the last two rules may differ, relative; the error of the last is about the square of it.</param>
/// <param name="start">Where to start at first.</param>
/// <param name="step">The first step, of the size of the integrand's width.</param>
/// <param name="negligible">The integrand counts as negligible where its logarithm lies so far below the largest: with 18 at 1e-8 of it.</param>
internal sealed class LineQuadrature(string what, double tolerance, double start, double step, double negligible = 18)
{
    private const int MostCoarse = 80;
    private const int Most = 1 << 15;
    private const int FewestNearPeak = 9;

    // "Near the peak" is within e^-8 of it, four standard deviations to each side of a normal density.
    private const double NearPeak = 8;

    private double[] _log = new double[256];
    private int[] _slots = new int[256];
    private double[] _spareLog = new double[256];
    private int[] _spareSlots = new int[256];
    private double[] _weights = new double[256];
    private double _target = 10;
    private double _origin;
    private double _best = double.NegativeInfinity;
    private double _reference = double.NegativeInfinity;
    private double _depth;
    private int _evaluations;
    private double _start = start;
    private double _step = step;

    /// <summary>How many points the last integral rests on.</summary>
    public int Count { get; private set; }

    /// <summary>The distance of the points.</summary>
    public double Step { get; private set; }

    /// <summary>The mean of the variable under the integrand, taken as a density.</summary>
    public double Mean { get; private set; }

    /// <summary>The points' shares of the integral, which sum to 1.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>The number that the integrand was given with each point, so that what it computed there is found again.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    public double Node(int index) => _origin + index * Step;

    /// <summary>
    /// What the integrand's logarithm is to be compared with: its largest value so far, or what would make the integral as large as <c>reference</c> of <see cref="LogIntegral"/>. A rule within this integrand
    /// takes it as its own reference.
    /// </summary>
    public double Peak => Math.Max(_best, _reference);

    /// <summary>Has the next integral start at a place, with a step of the size of the integrand's width there, and not where the last one lay.</summary>
    public void StartAt(double place, double step) => (_start, _step) = (place, step);

    /// <summary>The logarithm of the integral.</summary>
    /// <param name="logIntegrand">The logarithm of the integrand at a point; the second argument counts the evaluations of this integral from 0.</param>
    /// <param name="reference">
    /// The logarithm of an integral beside which this one is to be exact: of a row that is small beside the largest row of its nest, what is negligible there is left out, and fewer digits are asked for.
    /// </param>
    public double LogIntegral(Func<double, int, double> logIntegrand, double reference = double.NegativeInfinity)
    {
        (_evaluations, _best) = (0, double.NegativeInfinity);
        // A density with ten points near its peak integrates to about four steps times its height.
        _reference = reference - Math.Log(4 * _step);
        Locate(logIntegrand);
        var sum = Sum();
        var unit = _best;
        for (var halvings = 1; ; halvings++)
        {
            Halve(logIntegrand);
            // Both sums in units of the same value, the largest seen so far.
            sum *= Math.Exp(unit - _best);
            unit = _best;
            var finer = Sum();
            var height = Math.Min(NearPeak, _depth);
            var near = CountAbove(_best - height) * Math.Sqrt(NearPeak / height);
            var gap = Math.Max(0, Peak - _best);
            if (Math.Abs(finer - sum) <= Math.Min(0.05, tolerance * Math.Exp(gap)) * finer && near >= FewestNearPeak)
            {
                Finish(finer, near, gap > 0 ? null : Math.Abs(finer - sum) / finer);
                return _best + Math.Log(finer);
            }
            if (Count > Most || halvings > 40) throw new ConvergenceException(what, "its integral did not settle", _evaluations);
            sum = finer;
        }
    }

    private void Locate(Func<double, int, double> f)
    {
        (_origin, Step) = (_start, _step);
        for (var coarser = 0; coarser < 60; coarser++)
        {
            Count = 1;
            _best = double.NegativeInfinity;
            See(_log[0] = Evaluate(f, _origin, 0));
            if (Extend(f)) return;
            // The steps are too small for this integrand: larger ones, from the largest value seen.
            var peak = 0;
            for (var i = 1; i < Count; i++) if (_log[i] > _log[peak]) peak = i;
            (_origin, Step) = (Node(peak), 4 * Step);
        }
        throw new ConvergenceException(what, "its integrand does not fall off", _evaluations);
    }

    /// <summary>Walks to both sides until the integrand is negligible; false where that takes too many steps.</summary>
    private bool Extend(Func<double, int, double> f)
    {
        while (_log[Count - 1] > _best - _depth || double.IsNegativeInfinity(_best))
        {
            if (Count >= MostCoarse) return false;
            _log[Count] = Evaluate(f, Node(Count), Count);
            See(_log[Count]);
            Count++;
        }
        while (_log[0] > _best - _depth)
        {
            if (Count >= 2 * MostCoarse) return false;
            Array.Copy(_log, 0, _log, 1, Count);
            Array.Copy(_slots, 0, _slots, 1, Count);
            _origin -= Step;
            _log[0] = Evaluate(f, _origin, 0);
            See(_log[0]);
            Count++;
        }
        return true;
    }

    /// <summary>Leaves out what has become negligible at the ends and puts a point between each two.</summary>
    private void Halve(Func<double, int, double> f)
    {
        int first = 0, last = Count - 1;
        while (first < last && _log[first + 1] < _best - _depth) first++;
        while (last > first && _log[last - 1] < _best - _depth) last--;
        // Where only one point is left, the peak is narrower than a step: it lies on one side of it or the other.
        if (first == last) (first, last) = (Math.Max(0, first - 1), Math.Min(Count - 1, last + 1));
        var count = 2 * (last - first) + 1;
        if (_spareLog.Length < count) (_spareLog, _spareSlots) = (new double[2 * count], new int[2 * count]);
        _origin = Node(first);
        Step /= 2;
        for (var i = first; i <= last; i++) (_spareLog[2 * (i - first)], _spareSlots[2 * (i - first)]) = (_log[i], _slots[i]);
        (_log, _spareLog, _slots, _spareSlots, Count) = (_spareLog, _log, _spareSlots, _slots, count);
        for (var i = 1; i < count; i += 2)
        {
            _log[i] = Evaluate(f, Node(i), i);
            See(_log[i]);
        }
    }

    private double Evaluate(Func<double, int, double> f, double x, int index)
    {
        _slots[index] = _evaluations;
        var value = f(x, _evaluations++);
        return double.IsNaN(value) || double.IsPositiveInfinity(value)
            ? throw new ConvergenceException(what, "its integrand is no number", _evaluations, NonConvergence.Precision)
            : value;
    }

    /// <summary>Takes note of a value; what is negligible beside the largest is less where that is itself small beside the reference.</summary>
    private void See(double value)
    {
        _best = Math.Max(_best, value);
        _depth = Math.Clamp(negligible - (_reference - _best), 2, negligible);
    }

    private double Sum()
    {
        double sum = 0;
        for (var i = 0; i < Count; i++) sum += Math.Exp(_log[i] - _best);
        return sum * Step;
    }

    private int CountAbove(double height)
    {
        var count = 0;
        for (var i = 0; i < Count; i++) if (_log[i] > height) count++;
        return count;
    }

    private void Finish(double sum, double near, double? difference)
    {
        if (_weights.Length < Count) _weights = new double[_log.Length];
        double mean = 0;
        for (var i = 0; i < Count; i++)
        {
            _weights[i] = Math.Exp(_log[i] - _best) * Step / sum;
            mean += _weights[i] * Node(i);
        }
        Mean = mean;
        // The next integral of this kind starts with so many points near the peak that, as a rule, one halving does: the logarithm of the difference is about linear in their number.
        if (difference is { } found)
        {
            var needed = near * Math.Clamp(Math.Log(tolerance / 5) / Math.Log(Math.Clamp(found, 1e-15, 0.5)), 0.6, 1.6);
            _target = Math.Clamp(0.7 * _target + 0.3 * needed, FewestNearPeak + 1.5, 80);
        }
        (_start, _step) = (mean, 2 * Step * near / _target);
    }
}
