namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One selection model of some effects: its kernel, which parameters are free, and its maximum. Effects are turned here so that selected ones are large.</summary>
internal sealed class SelectionEngine
{
    private readonly double[] _y;
    private readonly double[] _v;
    private readonly double[] _s;
    private readonly DesignMatrix _design;
    private readonly SelectionFunction _function;
    private readonly bool _twoSided;
    private readonly bool _isRandom;
    private readonly SelectionPenalty? _penalty;
    private readonly bool _isStep;

    public SelectionEngine(StudyEffects effects, DesignMatrix design, SelectionFunction function, Alternative alternative, bool isRandom, SelectionPenalty? penalty)
    {
        (_design, _function, _isRandom, _penalty) = (design, function, isRandom, penalty);
        _twoSided = alternative == Alternative.TwoSided;
        Sign = alternative == Alternative.Less ? -1 : 1;
        _y = [.. effects.Effects.Select(y => Sign * y)];
        _v = [.. effects.Variances];
        _s = [.. _v.Select(Math.Sqrt)];
        _isStep = function.Shape is SelectionShape.Step or SelectionShape.Truncated or SelectionShape.TruncatedAtEstimate;
        if (function.Shape != SelectionShape.TruncatedAtEstimate) Likelihood = new SelectionLikelihood(_y, _v, design.Orthonormal, design.Parameters, Kernel());
    }

    /// <summary>-1 where effects were turned around.</summary>
    public int Sign { get; }

    /// <summary>The likelihood at the maximum; of a truncated distribution whose value is estimated, with the value found.</summary>
    public SelectionLikelihood Likelihood { get; private set; } = null!;

    /// <summary>The value at which a truncated distribution is cut, on the scale of the effects; null for the others.</summary>
    public double? Cut { get; private set; }

    /// <summary>True for weights that are constant between bounds.</summary>
    public bool IsStep => _isStep;

    /// <summary>How many parameters of the selection function are estimated.</summary>
    public int FreeSelection => _function.Shape switch
    {
        SelectionShape.Step => _function.GivenWeights?.Count(w => w is null) ?? _function.Steps.Count,
        SelectionShape.Beta => 2,
        _ => 1,
    };

    /// <summary>The maximum of the likelihood, of all effects or counted as often as said.</summary>
    public (SelectionSearch Search, SelectionPoint Point) Maximize(double[]? multiplicities = null, bool? isRandom = null, double[]? start = null)
    {
        if (_function.Shape == SelectionShape.TruncatedAtEstimate) return MaximizeCut();
        var likelihood = multiplicities is null ? Likelihood : Likelihood.With(multiplicities);
        CheckIntervals(likelihood);
        var search = Search(likelihood, isRandom ?? _isRandom);
        if (start is not null)
        {
            // A start close by, as in a bootstrap: the others are tried where it leads nowhere.
            if (search.Climb(start) is { IsRunaway: false } near) return (search, near);
        }
        var point = search.Maximize(Starts(search, likelihood));
        CheckPoint(search, point);
        return (search, point);
    }

    /// <summary>The maximum without selection: the same means and τ².</summary>
    public (SelectionSearch Search, SelectionPoint Point) WithoutSelection(double[]? multiplicities = null, bool? isRandom = null)
    {
        var none = new StepKernel([], [0], new int[_y.Length], 0);
        var likelihood = new SelectionLikelihood(_y, _v, _design.Orthonormal, _design.Parameters, none, multiplicities);
        var search = new SelectionSearch(likelihood, isRandom ?? _isRandom, [], [], []);
        return (search, search.Maximize(TauSquaredStarts(likelihood).Select(t => search.Start(t, 1, []))));
    }

    /// <summary>The search of this model in a likelihood.</summary>
    /// <param name="likelihood">The likelihood.</param>
    /// <param name="isRandom">False holds τ² at 0.</param>
    /// <param name="fixedParameter">A parameter of the selection function that is held at a value, for profiles.</param>
    /// <param name="value">Its value: of weights their logarithm.</param>
    public SelectionSearch Search(SelectionLikelihood likelihood, bool isRandom, int? fixedParameter = null, double value = 0)
    {
        var d = likelihood.Kernel.Parameters;
        var fixedTheta = new double[d];
        var free = new List<double[]>();
        var bounded = new List<bool>();
        for (var j = 0; j < d; j++)
        {
            if (_function.GivenWeights?[j] is { } given) fixedTheta[j] = Math.Log(given);
            else if (j == fixedParameter) fixedTheta[j] = value;
            else if (_function.IsMonotone)
            {
                // Each parameter is how much lower ln λ is than that of the interval before it.
                var column = new double[d];
                for (var r = j; r < d; r++) column[r] = -1;
                free.Add(column);
                bounded.Add(true);
            }
            else
            {
                var column = new double[d];
                column[j] = 1;
                free.Add(column);
                bounded.Add(likelihood.Kernel is not StepKernel);
            }
        }
        var map = new double[d * free.Count];
        for (var c = 0; c < free.Count; c++)
        {
            for (var r = 0; r < d; r++) map[r * free.Count + c] = free[c][r];
        }
        return new SelectionSearch(likelihood, isRandom, fixedTheta, map, [.. bounded], _penalty, likelihood.Kernel is not StepKernel, _penalty is null ? null : ToCoefficients());
    }

    /// <summary>Starts that lead to the maxima there can be: selection of either strength, one or no heterogeneity.</summary>
    public IEnumerable<double[]> Starts(SelectionSearch search, SelectionLikelihood likelihood)
    {
        var f = search.Free - _design.Parameters - (search.IsRandom ? 1 : 0);
        var taus = search.IsRandom ? TauSquaredStarts(likelihood) : [0];
        var selection = new double[f];
        var levels = Levels(f);
        for (var l = 0; l < levels.Length; l++)
        {
            levels[l].CopyTo(selection, 0);
            for (var t = 0; t < taus.Length; t++)
            {
                // The first two with every τ², the others with the best guess and, where w is smooth, with much heterogeneity, against which it trades.
                if (l > 1 && (IsStep ? t != 0 : t == 1)) continue;
                yield return search.Start(taus[t], IsStep && l is 1 or 3 ? 0.5 : 1, selection);
            }
        }
    }

    /// <summary>Free parameters of selection from none to strong, of either direction.</summary>
    private double[][] Levels(int f)
    {
        if (f == 0) return [[]];
        double[] All(double value) => [.. Enumerable.Repeat(value, f)];
        return _function.Shape switch
        {
            SelectionShape.Step when _function.IsMonotone => [All(0), All(1.6 / f), All(3.2 / f)],
            SelectionShape.Step or SelectionShape.Truncated or SelectionShape.TruncatedAtEstimate => [All(0), All(-1.6), All(1.1), All(-3.2)],
            // A profile holds one of the two.
            SelectionShape.Beta when f == 1 => [[1], [0.4], [2]],
            SelectionShape.Beta => [[1, 1], [0.3, 1.5], [0.03, 2.5], [0.4, 0.7], [1.6, 1.1], [1, 3]],
            _ when _penalty is not null => [All(1), All(0.3)],
            _ => [All(0), All(1.5), All(6)],
        };
    }

    /// <summary>τ² that are worth a start: that of the model without selection, 0, and one far above it.</summary>
    private double[] TauSquaredStarts(SelectionLikelihood likelihood)
    {
        double w = 0, wy = 0, n = 0, mean = 0;
        var a = likelihood.Multiplicities;
        for (var i = 0; i < _y.Length; i++)
        {
            var times = a.IsEmpty ? 1 : a[i];
            w += times / _v[i];
            wy += times * _y[i] / _v[i];
            n += times;
            mean += times * _v[i];
        }
        var (centre, typical) = (wy / w, mean / n);
        double spread = 0;
        for (var i = 0; i < _y.Length; i++) spread += (a.IsEmpty ? 1 : a[i]) * (_y[i] - centre) * (_y[i] - centre) / n;
        var moment = Math.Max(spread - typical, 0.05 * typical);
        return [moment, 0, 4 * spread];
    }

    private SelectionKernel Kernel() => _function.Shape switch
    {
        SelectionShape.Step => StepKernel.OfPValues(_y, _s, _function.Steps, _twoSided),
        SelectionShape.Truncated => StepKernel.Truncated(_y, (Cut = _function.Steps[0]).Value * Sign),
        _ => new ContinuousKernel(_function, _y, _s, Precision(), _twoSided),
    };

    private double[] Precision()
    {
        double[] of = _function.Precision switch
        {
            SelectionPrecision.StandardError => _s,
            SelectionPrecision.Variance => _v,
            _ => [.. _v.Select(_ => 1.0)],
        };
        var largest = of.Max();
        return [.. of.Select(x => x / largest)];
    }

    /// <summary>
    /// The likelihood rises in the value where fewer are published below it, up to the next effect, and falls where more are: so the best value is an effect, which counts as beyond it in the one case and
    /// not in the other.
    /// </summary>
    private (SelectionSearch, SelectionPoint) MaximizeCut()
    {
        (SelectionSearch Search, SelectionPoint Point)? best = null;
        SelectionLikelihood? likelihood = null;
        foreach (var cut in _y.Distinct().Order())
        {
            foreach (var isAbove in (ReadOnlySpan<bool>)[true, false])
            {
                var kernel = StepKernel.Truncated(_y, cut, isAbove);
                if (kernel.Counts() is not [> 0, > 0]) continue;
                var at = new SelectionLikelihood(_y, _v, _design.Orthonormal, _design.Parameters, kernel);
                var search = Search(at, _isRandom);
                var point = search.Maximize(Starts(search, at));
                if (point.IsRunaway || isAbove == point.At[^1] > 0) continue;
                if (best is not null && point.Objective <= best.Value.Point.Objective) continue;
                (best, likelihood, Cut) = ((search, point), at, cut * Sign);
            }
        }
        if (best is null) throw Without("no value at which effects could be cut gives a likelihood with a maximum");
        Likelihood = likelihood!;
        CheckPoint(best.Value.Search, best.Value.Point);
        return best.Value;
    }

    /// <summary>A weight of an interval without effects is drawn to 0, or all others to infinity.</summary>
    private void CheckIntervals(SelectionLikelihood likelihood)
    {
        if (likelihood.Kernel is not StepKernel kernel || FreeSelection == 0 || _penalty is not null) return;
        var counts = kernel.Counts(likelihood.Multiplicities);
        string Of(int j) => _function.Shape != SelectionShape.Step ? j == 0 ? "beyond the value" : "on this side of the value"
            : j == 0 ? $"with p up to {P(0)}" : j == _function.Steps.Count ? $"with p above {P(j - 1)}" : $"with p between {P(j - 1)} and {P(j)}";
        string P(int j) => SelectionFunction.Short(_function.Steps[j]);
        const string Instead = "cut-points that leave an effect in every interval, or given weights, give an answer";
        if (_function.IsMonotone)
        {
            if (counts[^1] == 0) throw Without($"no effect has {Of(counts.Length - 1)[5..]}, so that its weight falls to 0 without end", Instead);
            return;
        }
        var anchored = counts[0] > 0 || _function.GivenWeights is { } given && given.Select((w, j) => w is not null && counts[j + 1] > 0).Any(x => x);
        if (!anchored) throw Without($"there is no effect {Of(0)}, so that the weights of the others grow without end", Instead);
        for (var j = 1; j < counts.Length; j++)
        {
            if (counts[j] == 0 && _function.GivenWeights?[j - 1] is null) throw Without($"there is no effect {Of(j)}, so that the weight of such effects falls to 0 without end", Instead);
        }
    }

    private void CheckPoint(SelectionSearch search, SelectionPoint point)
    {
        if (point.IsRunaway) throw Without("its likelihood has no maximum, but goes on rising as the mean or a weight leaves all bounds", "fewer parameters, or given weights (a sensitivity analysis), give an answer");
        if (Covariance(search, point) is null || IsWithoutInformation(search, point)) throw Without("its likelihood is flat: other means with other weights fit these effects as well", "fewer parameters, or given weights (a sensitivity analysis), give an answer");
    }

    /// <summary>True where no weight matters to the likelihood: changed by its own size it moves by nothing, as where every p is 0 to the last digit.</summary>
    private bool IsWithoutInformation(SelectionSearch search, SelectionPoint point)
    {
        var n = search.Free;
        var columns = search.SelectionMap.Columns;
        var weights = Enumerable.Range(n - columns, columns).Where(i => !point.IsHeld[i]).ToList();
        return _penalty is null && _function.Shape != SelectionShape.TruncatedAtEstimate && weights.Count > 0 && weights.TrueForAll(i => -point.Hessian[i * n + i] * Math.Max(1, point.At[i] * point.At[i]) < 1e-8);
    }

    private UndeterminedException Without(string because, string? instead = null) => new($"The selection model with a {_function}", because, instead);

    /// <summary>The inverse of the negative Hessian among the variables not held at a bound; null where the likelihood is flat there.</summary>
    public static double[]? Covariance(SelectionSearch search, SelectionPoint point)
    {
        var n = search.Free;
        var (scaled, scale) = (new double[n * n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            if (point.IsHeld[i]) continue;
            if (!(point.Hessian[i * n + i] < 0)) return null;
            scale[i] = 1 / Math.Sqrt(-point.Hessian[i * n + i]);
        }
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) scaled[i * n + j] = point.IsHeld[i] || point.IsHeld[j] ? i == j ? 1 : 0 : -point.Hessian[i * n + j] * scale[i] * scale[j];
        }
        if (!SmallMatrix.TryCholesky(scaled, n)) return null;
        for (var i = 0; i < n; i++) if (scaled[i * n + i] < 1e-5) return null;
        var inverse = new double[n * n];
        SmallMatrix.Invert(scaled, inverse, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) inverse[i * n + j] *= scale[i] * scale[j];
        }
        return inverse;
    }

    private double[] ToCoefficients()
    {
        var q = _design.Parameters;
        var inverse = new double[q * q];
        var column = new double[q];
        for (var m = 0; m < q; m++)
        {
            Array.Clear(column);
            column[m] = 1;
            _design.ToCoefficients(column);
            for (var j = 0; j < q; j++) inverse[j * q + m] = column[j];
        }
        return inverse;
    }
}
