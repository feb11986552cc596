namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Finds the variance parameters θ that maximise the likelihood of a <see cref="MixedModel"/>: Newton's method with the observed information where it is
/// positive definite, else with the average information, both projected on the bounds, so that a variance at 0 is exactly 0; steps are halved until the
/// likelihood rises. Where that stalls, each parameter in turn is searched between brackets of its score. Deterministic.
/// </summary>
internal sealed partial class VarianceSearch
{
    private const int MaxIterations = 200;

    /// <summary>The squared length of a step in standard errors at which the step after it is the last: 10⁻⁸ of a standard error.</summary>
    private const double Tolerance = 1e-16;

    private readonly MixedLikelihood _likelihood;
    private readonly MixedModel _model;
    private readonly int _n;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly double[] _elements;
    private readonly double[] _next;
    private readonly double[] _jacobian;
    private readonly double[] _curvature;
    private readonly double[] _gradient;
    private readonly double[] _observed;
    private readonly double[] _average;

    /// <summary>True where parameters and elements are the same, as for plain levels.</summary>
    private readonly bool _isPlain;

    /// <summary>Where the likelihood stands already, nothing is computed twice.</summary>
    private bool _isThere;
    private bool _isDifferentiated;

    public VarianceSearch(MixedModel model)
    {
        _model = model;
        _likelihood = MixedLikelihood.Of(model);
        _n = model.VarianceParameters;
        _lower = [.. model.Terms.SelectMany(t => Enumerable.Range(0, t.ParameterCount).Select(t.Lower))];
        _upper = [.. model.Terms.SelectMany(t => Enumerable.Range(0, t.ParameterCount).Select(t.Upper))];
        _isPlain = model.Terms.All(t => t is InterceptTerm);
        _elements = new double[_likelihood.ElementCount];
        _next = new double[_elements.Length];
        _curvature = new double[_n * _n];
        _jacobian = new double[_likelihood.ElementCount * _n];
        _gradient = new double[_n];
        _observed = new double[_n * _n];
        _average = new double[_n * _n];
    }

    public MixedLikelihood Likelihood => _likelihood;

    /// <summary>Evaluations of the derivatives so far.</summary>
    public int Iterations { get; private set; }

    /// <summary>The maximum over all parameters, from every promising start.</summary>
    public double[] Maximize()
    {
        if (_n == 0)
        {
            MoveOrThrow([]);
            return [];
        }
        // The likelihood can have several peaks, above all where precise effects agree and others do not.
        double[]? best = null;
        var highest = double.NegativeInfinity;
        foreach (var start in Starts()) Try(start);
        foreach (var start in OtherShares(best!, highest)) Try(start);
        for (var round = 0; round < 10 && Higher(best!, highest) is { } start; round++) Try(start);
        DerivativesAt(best);
        return best!;

        void Try(double[] start)
        {
            try
            {
                var theta = Climb(start, fixedParameter: -1);
                if (best is null || _likelihood.LogLikelihood > highest) (best, highest) = (theta, _likelihood.LogLikelihood);
            }
            catch (ConvergenceException) when (best is not null)
            {
                // The most promising start led to a peak; that a lesser one leads nowhere takes nothing from it.
            }
        }
    }

    /// <summary>The maximum from a given start, one parameter held if not negative.</summary>
    public double[] Climb(double[] start, int fixedParameter)
    {
        double[] theta = [.. start];
        for (var j = 0; j < _n; j++) theta[j] = Math.Clamp(theta[j], _lower[j], _upper[j]);
        for (var round = 0; round < 5; round++)
        {
            if (Newton(theta, fixedParameter)) return theta;
            for (var j = 0; j < _n; j++)
            {
                if (j != fixedParameter) Bracket(theta, j);
            }
        }
        throw new ConvergenceException(_model.IsRestricted ? "Restricted maximum likelihood" : "Maximum likelihood",
            "the likelihood is flat, or the effects or variances are too large or too small for double precision", Iterations);
    }

    /// <summary>The log-likelihood at θ, or minus infinity where the covariance is not positive definite.</summary>
    public double ValueAt(ReadOnlySpan<double> theta) => TryMoveTo(theta) ? _likelihood.LogLikelihood : double.NegativeInfinity;

    /// <summary>Other effects for the same model.</summary>
    public void ReplaceEffects(ReadOnlySpan<double> effects)
    {
        _likelihood.ReplaceEffects(effects);
        _isThere = false;
    }

    /// <summary>∂ ln L/∂θ for one parameter, after <see cref="Climb"/> or <see cref="DerivativesAt"/>.</summary>
    public double Gradient(int parameter) => _gradient[parameter];

    /// <summary>Expected information of θ in row order, where <see cref="DerivativesAt"/> led.</summary>
    public double[] ExpectedInformation(ReadOnlySpan<double> theta)
    {
        DerivativesAt(theta);
        if (_isPlain) return _likelihood.ExpectedInformation.ToArray();
        var expected = new double[_n * _n];
        Transform(_likelihood.ExpectedInformation, expected);
        return expected;
    }

    /// <summary>Moves to θ and computes value, gradient and information there.</summary>
    public void DerivativesAt(ReadOnlySpan<double> theta)
    {
        MoveOrThrow(theta);
        if (_isDifferentiated) return;
        _likelihood.Differentiate();
        _isDifferentiated = true;
        Iterations++;
        if (_isPlain)
        {
            _likelihood.Score.CopyTo(_gradient);
            _likelihood.AverageInformation.CopyTo(_average);
            for (var i = 0; i < _observed.Length; i++) _observed[i] = 2 * _average[i] - _likelihood.ExpectedInformation[i];
            return;
        }
        FillJacobian(theta);
        var score = _likelihood.Score;
        for (var j = 0; j < _n; j++)
        {
            _gradient[j] = 0;
            for (var i = 0; i < _elements.Length; i++) _gradient[j] += _jacobian[i * _n + j] * score[i];
        }
        Transform(_likelihood.AverageInformation, _average);
        Transform(_likelihood.ExpectedInformation, _observed);
        _curvature.AsSpan().Clear();
        AddCurvature(theta, score, _curvature);
        for (var i = 0; i < _observed.Length; i++) _observed[i] = 2 * _average[i] - _observed[i] - _curvature[i];
    }

    private bool Newton(double[] theta, int fixedParameter)
    {
        DerivativesAt(theta);
        var value = _likelihood.LogLikelihood;
        var candidate = new double[_n];
        var room = new int[_n];
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            var count = 0;
            for (var j = 0; j < _n; j++)
            {
                if (j == fixedParameter || theta[j] <= _lower[j] && _gradient[j] <= 0 || theta[j] >= _upper[j] && _gradient[j] >= 0) continue;
                room[count++] = j;
            }
            ReadOnlySpan<int> free = room.AsSpan(0, count);
            if (free.Length == 0) return true;
            var (step, decrement) = Step(free);
            if (!double.IsFinite(decrement)) return false;
            var last = decrement < Tolerance;
            var accepted = false;
            for (var halving = 0; halving < 60 && !accepted; halving++)
            {
                var rise = 0.0;
                theta.CopyTo(candidate, 0);
                for (var i = 0; i < free.Length; i++)
                {
                    var j = free[i];
                    candidate[j] = Math.Clamp(theta[j] + Math.ScaleB(step[i], -halving), _lower[j], _upper[j]);
                    rise += _gradient[j] * (candidate[j] - theta[j]);
                }
                var at = ValueAt(candidate);
                // Close to the maximum the rise is below what the value can show; a fall beyond rounding is never taken.
                accepted = decrement < 1e-8 ? at >= value - 1e-11 * (1 + Math.Abs(value)) : rise > 0 && at >= value + 1e-4 * rise;
            }
            if (!accepted) return decrement < 1e-8 && Stay(theta);
            candidate.CopyTo(theta, 0);
            DerivativesAt(theta);
            value = _likelihood.LogLikelihood;
            if (last) return true;
        }
        return false;
    }

    private bool Stay(double[] theta)
    {
        DerivativesAt(theta);
        return true;
    }

    private (double[] Step, double Decrement) Step(ReadOnlySpan<int> free)
    {
        var n = free.Length;
        var factor = new double[n * n];
        var step = new double[n];
        var ridge = 0.0;
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var source = attempt == 0 ? _observed : _average;
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++) factor[i * n + j] = source[free[i] * _n + free[j]];
                // Relative to each parameter's own scale, so that units do not matter.
                factor[i * n + i] += ridge * Math.Max(Math.Abs(_observed[free[i] * _n + free[i]]), _average[free[i] * _n + free[i]]);
                step[i] = _gradient[free[i]];
            }
            ridge = attempt == 0 ? 0 : attempt == 1 ? 1e-6 : ridge * 4;
            if (!BlockMatrix.TryCholesky(factor, n)) continue;
            SmallMatrix.SolveLower(factor, step);
            SmallMatrix.SolveLowerTransposed(factor, step);
            double decrement = 0;
            for (var i = 0; i < n; i++) decrement += step[i] * _gradient[free[i]];
            return (step, decrement);
        }
        return (step, double.NaN);
    }

    /// <summary>Moves one parameter to where its score changes sign, or to its bound, by doubling and halving a bracket.</summary>
    private void Bracket(double[] theta, int j)
    {
        DerivativesAt(theta);
        var upward = _gradient[j] > 0;
        double from = theta[j], scale = Math.Max(Math.Abs(from), 1e-4 * TypicalVariance());
        double near = from, far = from;
        for (var i = 0; i < 60; i++)
        {
            far = Math.Clamp(from + (upward ? 1 : -1) * Math.ScaleB(scale, i), _lower[j], _upper[j]);
            theta[j] = far;
            DerivativesAt(theta);
            if (_gradient[j] > 0 != upward || far == _lower[j] || far == _upper[j]) break;
            near = far;
        }
        if (_gradient[j] > 0 == upward) return;
        for (var i = 0; i < 80 && Math.Abs(far - near) > 1e-10 * Math.Abs(near); i++)
        {
            theta[j] = (near + far) / 2;
            DerivativesAt(theta);
            if (_gradient[j] > 0 == upward) near = theta[j];
            else far = theta[j];
        }
    }

    /// <summary>The variance of the effects around what least squares explains: no variance parameter is far above it.</summary>
    private double TypicalVariance() => Math.Max(_likelihood.LeastSquaresResidual / Math.Max(1, _model.Count - _model.Parameters),
        0.01 * _model.Errors.Variances.Average());

    private void FillElements(ReadOnlySpan<double> theta, Span<double> elements)
    {
        int e = 0, n = 0;
        foreach (var term in _model.Terms)
        {
            term.Elements(theta.Slice(n, term.ParameterCount), elements.Slice(e, term.ElementCount));
            e += term.ElementCount;
            n += term.ParameterCount;
        }
    }

    private void FillJacobian(ReadOnlySpan<double> theta)
    {
        int e = 0, n = 0;
        _jacobian.AsSpan().Clear();
        foreach (var term in _model.Terms)
        {
            var own = new double[term.ElementCount * term.ParameterCount];
            term.Jacobian(theta.Slice(n, term.ParameterCount), own);
            for (var i = 0; i < term.ElementCount; i++)
            {
                own.AsSpan(i * term.ParameterCount, term.ParameterCount).CopyTo(_jacobian.AsSpan((e + i) * _n + n));
            }
            e += term.ElementCount;
            n += term.ParameterCount;
        }
    }

    private bool TryMoveTo(ReadOnlySpan<double> theta)
    {
        if (_isPlain) theta.CopyTo(_next);
        else FillElements(theta, _next);
        if (_isThere && _next.AsSpan().SequenceEqual(_elements)) return true;
        _next.CopyTo(_elements, 0);
        _isDifferentiated = false;
        return _isThere = _likelihood.TryMoveTo(_elements);
    }

    private void MoveOrThrow(ReadOnlySpan<double> theta)
    {
        if (TryMoveTo(theta)) return;
        throw new ConvergenceException(_model.IsRestricted ? "Restricted maximum likelihood" : "Maximum likelihood",
            "the effects or variances are too large or too small for double precision", Iterations, NonConvergence.Precision);
    }

    /// <summary>J'AJ.</summary>
    private void Transform(ReadOnlySpan<double> information, Span<double> into)
    {
        var e = _elements.Length;
        into.Clear();
        for (var a = 0; a < e; a++)
        {
            for (var b = 0; b < e; b++)
            {
                var value = information[a * e + b];
                for (var i = 0; i < _n; i++)
                {
                    var left = _jacobian[a * _n + i] * value;
                    if (left == 0) continue;
                    for (var j = 0; j < _n; j++) into[i * _n + j] += left * _jacobian[b * _n + j];
                }
            }
        }
    }

    private void AddCurvature(ReadOnlySpan<double> theta, ReadOnlySpan<double> score, Span<double> hessian)
    {
        int e = 0, n = 0;
        foreach (var term in _model.Terms)
        {
            var own = new double[term.ParameterCount * term.ParameterCount];
            term.AddCurvature(theta.Slice(n, term.ParameterCount), score.Slice(e, term.ElementCount), own);
            for (var i = 0; i < term.ParameterCount; i++)
            {
                for (var j = 0; j < term.ParameterCount; j++) hessian[(n + i) * _n + n + j] += own[i * term.ParameterCount + j];
            }
            e += term.ElementCount;
            n += term.ParameterCount;
        }
    }
}
