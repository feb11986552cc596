namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Where a search ended: (γ, τ², free selection parameters), the objective there with its derivatives, and which bounds hold it.</summary>
internal sealed record SelectionPoint(double[] At, double Objective, double[] Gradient, double[] Hessian, bool[] IsHeld, bool IsRunaway, int Iterations);

/// <summary>
/// Climbs the (penalised) log-likelihood of a selection model from several starts by Newton's steps with exact derivatives, made positive definite where the likelihood is not concave, and halved until it
/// rises. τ² and parameters that end at 0 are held exactly there while the slope points outwards.
/// </summary>
internal sealed class SelectionSearch
{
    private const int MaxIterations = 300;
    private readonly SelectionLikelihood _likelihood;
    private readonly bool _isRandom;
    private readonly double[] _base;
    private readonly double[] _map;
    private readonly bool[] _isBounded;
    private readonly SelectionPenalty? _penalty;
    private readonly bool _penalizesLogarithm;
    private readonly double[]? _toCoefficients;
    private readonly double[] _full;
    private readonly double[] _fullGradient;
    private readonly double[] _fullHessian;
    private readonly double _size;
    private readonly double _largestVariance;

    /// <param name="likelihood">The likelihood.</param>
    /// <param name="isRandom">False holds τ² at 0.</param>
    /// <param name="fixedTheta">θ where all free parameters are 0: given weights, and 0 for those that are free.</param>
    /// <param name="map">θ = fixedTheta + map · free, d x f in row order.</param>
    /// <param name="isBounded">Which free parameters may not fall below 0.</param>
    /// <param name="penalty">Penalties, or null.</param>
    /// <param name="penalizesLogarithm">True where θ is no logarithm, and its logarithm is penalised.</param>
    /// <param name="toCoefficients">R⁻¹ in row order, with penalties: β = R⁻¹γ.</param>
    public SelectionSearch(SelectionLikelihood likelihood, bool isRandom, double[] fixedTheta, double[] map, bool[] isBounded, SelectionPenalty? penalty = null, bool penalizesLogarithm = false, double[]? toCoefficients = null)
    {
        (_likelihood, _isRandom, _base, _map, _isBounded) = (likelihood, isRandom, fixedTheta, map, isBounded);
        (_penalty, _penalizesLogarithm, _toCoefficients) = (penalty, penalizesLogarithm, toCoefficients);
        var n = likelihood.Parameters;
        (_full, _fullGradient, _fullHessian) = (new double[n], new double[n], new double[n * n]);
        foreach (var y in likelihood.Effects) _size = Math.Max(_size, Math.Abs(y));
        foreach (var v in likelihood.Variances) _largestVariance = Math.Max(_largestVariance, v);
        _size += Math.Sqrt(_largestVariance);
    }

    private int Columns => _likelihood.Columns;

    private int TauPlace => Columns;

    private int FirstSelection => Columns + (_isRandom ? 1 : 0);

    /// <summary>How many numbers are estimated.</summary>
    public int Free => FirstSelection + _isBounded.Length;

    public bool IsRandom => _isRandom;

    /// <summary>θ as a function of what is free, d x f in row order.</summary>
    public (double[] Values, int Columns) SelectionMap => (_map, _isBounded.Length);

    /// <summary>γ, τ² and θ in full.</summary>
    public double[] Full(ReadOnlySpan<double> at)
    {
        Expand(at);
        return [.. _full];
    }

    /// <summary>The best of the maxima that the starts lead to.</summary>
    /// <param name="starts">Starts, as <see cref="Start"/> makes them.</param>
    public SelectionPoint Maximize(IEnumerable<double[]> starts)
    {
        SelectionPoint? best = null, runaway = null;
        foreach (var start in starts)
        {
            // Where w is smooth it trades against mean and τ²: those are found for the start's own w first, which keeps a start in the basin it is meant for.
            var from = _likelihood.Kernel is ContinuousKernel && _isBounded.Length > 0 ? Climb(start, holdsSelection: true)?.At ?? start : start;
            if (Climb(from, best) is not { } point) continue;
            if (point.IsRunaway)
            {
                if (runaway is null || point.Objective > runaway.Objective) runaway = point;
            }
            else if (best is null || point.Objective > best.Objective)
            {
                best = point;
            }
        }
        if (best is null) return runaway ?? throw new ConvergenceException("The selection model", "no start led to a maximum of the likelihood", MaxIterations);
        return runaway is not null && runaway.Objective > best.Objective + 1e-7 * (1 + Math.Abs(best.Objective)) ? runaway : best;
    }

    /// <summary>A start: the weighted mean (or regression) at a τ², moved towards 0 by a factor, with selection parameters.</summary>
    public double[] Start(double tau2, double factor, ReadOnlySpan<double> selection)
    {
        int q = Columns, k = _likelihood.Count;
        ReadOnlySpan<double> y = _likelihood.Effects, v = _likelihood.Variances, x = _likelihood.Design, a = _likelihood.Multiplicities;
        var at = new double[Free];
        var information = new double[q * q];
        for (var i = 0; i < k; i++)
        {
            var w = (a.IsEmpty ? 1 : a[i]) / (v[i] + tau2);
            for (var j = 0; j < q; j++)
            {
                at[j] += w * x[j * k + i] * y[i];
                for (var m = 0; m < q; m++) information[j * q + m] += w * x[j * k + i] * x[m * k + i];
            }
        }
        if (!SmallMatrix.TryCholesky(information, q)) throw new StudyDataException("are not all determined by these effects", column: "coefficients", kind: StudyDataFault.Undetermined);
        SmallMatrix.SolveLower(information, at.AsSpan(0, q));
        SmallMatrix.SolveLowerTransposed(information, at.AsSpan(0, q));
        for (var j = 0; j < q; j++) at[j] *= factor;
        if (_isRandom) at[TauPlace] = _penalty is null ? tau2 : Math.Max(tau2, 0.01 * _largestVariance);
        selection.CopyTo(at.AsSpan(FirstSelection));
        return at;
    }

    /// <summary>The objective and its derivatives at a point.</summary>
    public double Evaluate(ReadOnlySpan<double> at, Span<double> gradient, Span<double> hessian)
    {
        int q = Columns, n = _likelihood.Parameters, d = n - q - 1, f = _isBounded.Length, free = Free, first = FirstSelection;
        Expand(at);
        var value = _likelihood.Evaluate(_full, gradient.IsEmpty ? default : _fullGradient, hessian.IsEmpty ? default : _fullHessian);
        if (_penalty is not null) value += Penalize();
        if (gradient.IsEmpty || !double.IsFinite(value)) return double.IsNaN(value) ? double.NegativeInfinity : value;
        _fullGradient.AsSpan(0, first).CopyTo(gradient);
        for (var c = 0; c < f; c++)
        {
            double sum = 0;
            for (var r = 0; r < d; r++) sum += _fullGradient[q + 1 + r] * _map[r * f + c];
            gradient[first + c] = sum;
        }
        if (hessian.IsEmpty) return value;
        for (var i = 0; i < first; i++)
        {
            for (var j = 0; j < first; j++) hessian[i * free + j] = _fullHessian[i * n + j];
            for (var c = 0; c < f; c++)
            {
                double sum = 0;
                for (var r = 0; r < d; r++) sum += _fullHessian[i * n + q + 1 + r] * _map[r * f + c];
                hessian[i * free + first + c] = hessian[(first + c) * free + i] = sum;
            }
        }
        for (var c = 0; c < f; c++)
        {
            for (var e = 0; e <= c; e++)
            {
                double sum = 0;
                for (var r = 0; r < d; r++)
                {
                    if (_map[r * f + c] == 0) continue;
                    for (var s = 0; s < d; s++) sum += _map[r * f + c] * _fullHessian[(q + 1 + r) * n + q + 1 + s] * _map[s * f + e];
                }
                hessian[(first + c) * free + first + e] = hessian[(first + e) * free + first + c] = sum;
            }
        }
        return value;
    }

    /// <summary>True for variables that end at 0.</summary>
    public bool IsBounded(int variable) => variable >= FirstSelection ? _isBounded[variable - FirstSelection] : _isRandom && variable == TauPlace;

    /// <summary>Climbs from a start; null where it leads to the maximum known.</summary>
    /// <param name="start">The start.</param>
    /// <param name="known">The best maximum known.</param>
    /// <param name="holdsSelection">True to find mean and τ² alone, roughly.</param>
    public SelectionPoint? Climb(double[] start, SelectionPoint? known = null, bool holdsSelection = false)
    {
        var n = Free;
        double[] at = [.. start], gradient = new double[n], hessian = new double[n * n], trial = new double[n], step = new double[n], factor = new double[n * n];
        double[] nextGradient = new double[n], nextHessian = new double[n * n];
        var held = new bool[n];
        var value = Evaluate(at, gradient, hessian);
        if (double.IsNegativeInfinity(value)) return null;
        var settled = 0;
        for (var iteration = 1; iteration <= MaxIterations; iteration++)
        {
            for (var j = 0; j < n; j++) held[j] = holdsSelection && j >= FirstSelection || IsBounded(j) && at[j] <= 0 && gradient[j] <= 0;
            var isNewton = Step(gradient, hessian, held, at, step, factor);
            double promise = 0;
            for (var j = 0; j < n; j++) promise += gradient[j] * step[j];
            if (known is not null && isNewton && promise < 0.2 && Math.Abs(value + promise / 2 - known.Objective) < 0.02 + 0.2 * promise && IsNear(at, known)) return null;
            if (isNewton && promise < 1e-9 * (1 + Math.Abs(value))) settled++;
            if (holdsSelection && isNewton && promise < 1e-2) return new SelectionPoint(at, value, gradient, hessian, held, false, iteration);
            if (promise <= 1e-22 * (1 + Math.Abs(value)) && isNewton || settled > 4) return new SelectionPoint(at, value, gradient, hessian, held, IsRunaway(at), iteration);
            var share = 1.0;
            var moved = false;
            while (share > 1e-12)
            {
                for (var j = 0; j < n; j++)
                {
                    trial[j] = held[j] ? at[j] : at[j] + share * step[j];
                    if (IsBounded(j) && trial[j] < 0) trial[j] = 0;
                }
                if (_penalty is not null && _isRandom && trial[TauPlace] <= 0) trial[TauPlace] = at[TauPlace] / 10;
                // The whole step is the rule: its derivatives will be needed.
                var isWhole = share == 1;
                var next = isWhole ? Evaluate(trial, nextGradient, nextHessian) : Evaluate(trial, default, default);
                if (next > value || settled > 0 && next >= value - 1e-13 * (1 + Math.Abs(value)))
                {
                    moved = true;
                    value = isWhole ? next : Evaluate(trial, nextGradient, nextHessian);
                    break;
                }
                share /= share > 0.2 ? 2 : 4;
            }
            if (!moved) return new SelectionPoint(at, value, gradient, hessian, held, IsRunaway(at) || promise > 1e-6 * (1 + Math.Abs(value)) && !isNewton, iteration);
            (at, trial, gradient, nextGradient, hessian, nextHessian) = (trial, at, nextGradient, gradient, nextHessian, hessian);
            if (IsRunaway(at)) return new SelectionPoint(at, value, gradient, hessian, held, true, iteration);
        }
        return new SelectionPoint(at, value, gradient, hessian, held, true, MaxIterations);
    }

    /// <summary>Newton's step among the variables not held; false where the Hessian had to be changed to be negative definite.</summary>
    private bool Step(double[] gradient, double[] hessian, bool[] held, double[] at, double[] step, double[] factor)
    {
        var n = gradient.Length;
        var isNewton = true;
        for (var damping = 0.0; ;)
        {
            for (var i = 0; i < n; i++)
            {
                step[i] = held[i] ? 0 : gradient[i];
                for (var j = 0; j <= i; j++) factor[i * n + j] = held[i] || held[j] ? i == j ? 1 : 0 : -hessian[i * n + j];
                if (!held[i]) factor[i * n + i] += damping * Math.Max(Math.Abs(hessian[i * n + i]), 1e-300);
            }
            if (SmallMatrix.TryCholesky(factor, n))
            {
                SmallMatrix.SolveLower(factor, step);
                SmallMatrix.SolveLowerTransposed(factor, step);
                // A variable at its bound that the step would push through it is held, too: what is left of the step still climbs.
                var again = false;
                for (var j = 0; j < n; j++)
                {
                    if (!held[j] && IsBounded(j) && at[j] <= 0 && step[j] < 0) held[j] = again = true;
                }
                if (!again) return isNewton;
                continue;
            }
            isNewton = false;
            damping = damping == 0 ? 1e-3 : damping * 8;
            if (damping > 1e12)
            {
                Array.Clear(step);
                return false;
            }
        }
    }

    private bool IsNear(double[] at, SelectionPoint known)
    {
        var n = at.Length;
        double distance = 0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) distance -= (at[i] - known.At[i]) * known.Hessian[i * n + j] * (at[j] - known.At[j]);
            if (known.IsHeld[i] && at[i] > 0 && -known.Gradient[i] * at[i] > 0.01) return false;
        }
        return Math.Abs(distance) < 0.5;
    }

    /// <summary>True far beyond anything the data could say.</summary>
    private bool IsRunaway(double[] at)
    {
        Expand(at);
        int q = Columns, k = _likelihood.Count;
        if (_full[q] > 1e6 * _size * _size) return true;
        for (var i = 0; i < k; i++)
        {
            double mean = 0;
            for (var j = 0; j < q; j++) mean += _full[j] * _likelihood.Design[j * k + i];
            if (Math.Abs(mean) > 300 * _size) return true;
        }
        for (var j = q + 1; j < _full.Length; j++)
        {
            if (Math.Abs(_full[j]) > (_likelihood.Kernel is StepKernel ? 40 : 2000)) return true;
        }
        return false;
    }

    private void Expand(ReadOnlySpan<double> at)
    {
        int q = Columns, f = _isBounded.Length;
        at[..q].CopyTo(_full);
        _full[q] = _isRandom ? at[q] : 0;
        for (var r = 0; r < _base.Length; r++)
        {
            var sum = _base[r];
            for (var c = 0; c < f; c++) sum += _map[r * f + c] * at[FirstSelection + c];
            _full[q + 1 + r] = sum;
        }
    }

    /// <summary>Adds the penalties to the derivatives in full and returns their sum.</summary>
    private double Penalize()
    {
        int q = Columns, n = _likelihood.Parameters;
        double sum = 0;
        for (var j = 0; j < q; j++)
        {
            double beta = 0;
            for (var m = 0; m < q; m++) beta += _toCoefficients![j * q + m] * _full[m];
            var (value, slope, curve) = _penalty!.OfMean(beta);
            sum += value;
            for (var m = 0; m < q; m++)
            {
                _fullGradient[m] += slope * _toCoefficients![j * q + m];
                for (var l = 0; l < q; l++) _fullHessian[m * n + l] += curve * _toCoefficients[j * q + m] * _toCoefficients[j * q + l];
            }
        }
        if (_isRandom) AddAt(q, _penalty!.OfTauSquared(_full[q]));
        for (var j = q + 1; j < n; j++)
        {
            if (!_penalizesLogarithm)
            {
                AddAt(j, _penalty!.OfLogWeight(_full[j]));
                continue;
            }
            if (_full[j] <= 0) return double.NegativeInfinity;
            var (value, slope, curve) = _penalty!.OfLogWeight(Math.Log(_full[j]));
            AddAt(j, (value, slope / _full[j], (curve - slope) / (_full[j] * _full[j])));
        }
        return sum;

        void AddAt(int place, (double Value, double Slope, double Curve) part)
        {
            sum += part.Value;
            _fullGradient[place] += part.Slope;
            _fullHessian[place * n + place] += part.Curve;
        }
    }
}
