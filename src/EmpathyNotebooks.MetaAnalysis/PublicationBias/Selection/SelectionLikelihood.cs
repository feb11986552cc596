namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The log-likelihood Σ aᵢ [ln wᵢ + ln N(yᵢ; x'γ, vᵢ + τ²) - ln Aᵢ] of a selection model with its exact gradient and Hessian in (γ, τ², θ). Effects are turned so that selected ones are large.
/// </summary>
internal sealed class SelectionLikelihood
{
    private readonly double[] _y;
    private readonly double[] _v;
    private readonly double[] _x;
    private readonly double[]? _a;
    private readonly SelectionKernel _kernel;
    private readonly double[] _moments;
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly double[] _own;
    private readonly double[] _curve;

    /// <param name="y">The effects.</param>
    /// <param name="v">Their sampling variances.</param>
    /// <param name="x">The columns of the design, one after the other.</param>
    /// <param name="columns">How many.</param>
    /// <param name="kernel">The selection function.</param>
    /// <param name="weights">How often each effect counts; null for once.</param>
    public SelectionLikelihood(double[] y, double[] v, double[] x, int columns, SelectionKernel kernel, double[]? weights = null)
    {
        (_y, _v, _x, Columns, _kernel, _a) = (y, v, x, columns, kernel, weights);
        var d = kernel.Parameters;
        (_moments, _first, _second, _own, _curve) = (new double[kernel.Moments], new double[d], new double[d * d], new double[d + 2], new double[(d + 2) * (d + 2)]);
    }

    public int Columns { get; }

    public int Count => _y.Length;

    public int Parameters => Columns + 1 + _kernel.Parameters;

    public SelectionKernel Kernel => _kernel;

    public ReadOnlySpan<double> Effects => _y;

    public ReadOnlySpan<double> Variances => _v;

    public ReadOnlySpan<double> Design => _x;

    public ReadOnlySpan<double> Multiplicities => _a;

    /// <summary>The same data with other multiplicities.</summary>
    public SelectionLikelihood With(double[]? weights) => new(_y, _v, _x, Columns, _kernel, weights);

    /// <summary>The log-likelihood at (γ, τ², θ); -∞ where it is no number.</summary>
    /// <param name="at">γ, τ² and θ.</param>
    /// <param name="gradient">Is filled, unless empty.</param>
    /// <param name="hessian">Is filled, in row order, unless empty.</param>
    /// <param name="scores">The gradient of each effect, one row an effect and without its multiplicity; is filled, unless empty.</param>
    public double Evaluate(ReadOnlySpan<double> at, Span<double> gradient, Span<double> hessian, Span<double> scores = default)
    {
        int q = Columns, d = _kernel.Parameters, n = q + 1 + d, local = d + 2, k = _y.Length;
        var theta = at[(q + 1)..];
        gradient.Clear();
        hessian.Clear();
        _kernel.Prepare(theta);
        double sum = 0;
        for (var i = 0; i < k; i++)
        {
            var times = _a is null ? 1 : _a[i];
            if (times == 0 && scores.IsEmpty) continue;
            double mean = 0;
            for (var j = 0; j < q; j++) mean += at[j] * _x[j * k + i];
            double eta = _v[i] + at[q], root = Math.Sqrt(eta), e = _y[i] - mean;
            _kernel.Fill(i, mean, root, theta, _moments);
            var a = _moments[0];
            if (!(a > 0) || !double.IsFinite(a)) return double.NegativeInfinity;
            sum += times * (_kernel.LogWeight(i, theta, _first, _second) - 0.5 * (Math.Log(2 * Math.PI * eta) + e * e / eta) - Math.Log(a));
            if (gradient.IsEmpty && scores.IsEmpty) continue;

            Own(e, eta, root, a, d, !hessian.IsEmpty);
            if (!scores.IsEmpty)
            {
                var row = scores.Slice(i * n, n);
                for (var j = 0; j < q; j++) row[j] = _x[j * k + i] * _own[0];
                for (var j = 1; j < local; j++) row[q + j - 1] = _own[j];
            }
            if (!gradient.IsEmpty)
            {
                for (var j = 0; j < q; j++) gradient[j] += times * _x[j * k + i] * _own[0];
                for (var j = 1; j < local; j++) gradient[q + j - 1] += times * _own[j];
            }
            if (hessian.IsEmpty) continue;
            for (var j = 0; j < q; j++)
            {
                var xj = times * _x[j * k + i];
                for (var m = 0; m <= j; m++) hessian[j * n + m] += xj * _x[m * k + i] * _curve[0];
                for (var m = 1; m < local; m++) hessian[(q + m - 1) * n + j] += xj * _curve[m * local];
            }
            for (var j = 1; j < local; j++)
            {
                for (var m = 1; m <= j; m++) hessian[(q + j - 1) * n + q + m - 1] += times * _curve[j * local + m];
            }
        }
        if (!hessian.IsEmpty)
        {
            for (var j = 0; j < n; j++)
            {
                for (var m = 0; m < j; m++) hessian[m * n + j] = hessian[j * n + m];
            }
        }
        return double.IsFinite(sum) ? sum : double.NegativeInfinity;
    }

    /// <summary>The gradient and (lower) Hessian of one effect in (μ, η, θ).</summary>
    private void Own(double e, double eta, double root, double a, int d, bool curve)
    {
        var local = d + 2;
        double h1 = _moments[1] / a, h2 = _moments[2] / a;
        _own[0] = e / eta - h1 / root;
        _own[1] = 0.5 * (e * e / eta - 1 - h2) / eta;
        for (var j = 0; j < d; j++) _own[j + 2] = _first[j] - _moments[5 + 3 * j] / a;
        if (!curve) return;
        double h3 = _moments[3] / a, h4 = _moments[4] / a;
        _curve[0] = (-1 - h2 + h1 * h1) / eta;
        _curve[local] = (-e / root - 0.5 * (h3 - h1 * h2)) / (eta * root);
        _curve[local + 1] = (0.5 - e * e / eta - 0.25 * (h4 - h2 * h2)) / (eta * eta);
        for (var j = 0; j < d; j++)
        {
            double g0 = _moments[5 + 3 * j] / a, g1 = _moments[6 + 3 * j] / a, g2 = _moments[7 + 3 * j] / a;
            var row = (j + 2) * local;
            _curve[row] = -(g1 - g0 * h1) / root;
            _curve[row + 1] = -0.5 * (g2 - g0 * h2) / eta;
            for (var m = 0; m <= j; m++) _curve[row + 2 + m] = _second[j * d + m] - _moments[5 + 3 * d + j * d + m] / a + g0 * _moments[5 + 3 * m] / a;
        }
    }
}
