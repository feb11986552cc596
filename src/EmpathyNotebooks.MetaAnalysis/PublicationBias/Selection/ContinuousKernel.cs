using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Weights that vary smoothly with p. E[w] is integrated in z = y/√v, where the function is the same for all studies and has its structure within |z| &lt; 8.3 (beyond that p is 0 or 1 to double
/// precision), by Gauss-Legendre rules of 16 points on panels of about two; where w is constant the normal distribution gives the rest exactly. As η ≥ v, the density is never narrower than w's own scale.
/// Except for the logistic shape ln w = Σ δⱼ bⱼ(p).
/// </summary>
internal sealed partial class ContinuousKernel : SelectionKernel
{
    private const double Edge = 8.3;
    private const double SmallestP = 1e-5;
    private static readonly double[] Nodes16 = new GaussLegendreRule(-1, 1, 16).Abscissas;
    private static readonly double[] Weights16 = new GaussLegendreRule(-1, 1, 16).Weights;

    private readonly SelectionShape _shape;
    private readonly double[] _y;
    private readonly double[] _s;
    private readonly double[] _precision;
    private readonly bool _twoSided;
    private readonly bool _isUniform;
    private readonly double _from;
    private readonly double _high;
    private readonly double _low;
    private readonly double[] _ownBasis;
    private readonly double[] _highBasis;
    private readonly double[] _lowBasis;
    private int _density;
    private double[] _z = [];
    private double[] _logRule = [];
    private double[] _basis = [];
    private double[] _logWeight = [];
    private double[] _exponent = [];
    private double[] _slope = [];
    private double[] _curvature = [];

    /// <param name="function">The function.</param>
    /// <param name="y">The effects, turned so that selected ones are large.</param>
    /// <param name="s">Their standard errors.</param>
    /// <param name="precision">What multiplies the parameter of each study.</param>
    /// <param name="twoSided">True for two-sided p.</param>
    public ContinuousKernel(SelectionFunction function, double[] y, double[] s, double[] precision, bool twoSided)
        : base(function.Shape == SelectionShape.Beta ? 2 : 1)
    {
        (_shape, _y, _s, _precision, _twoSided) = (function.Shape, y, s, precision, twoSided);
        _isUniform = Array.TrueForAll(precision, p => p == precision[0]);
        var isBeta = _shape == SelectionShape.Beta;
        _from = isBeta ? function.Steps[0] : function.Steps is [var from] ? from : 0;
        // z above which, and below which, w is constant.
        var isPower = _shape == SelectionShape.Power;
        _high = _from > 0 ? ZOf(_from) : isPower ? ZOf(SmallestP) : Edge;
        _low = isBeta ? ZOf(function.Steps[1]) : isPower ? ZOf(1 - SmallestP) : twoSided ? 0 : -Edge;
        (_highBasis, _lowBasis) = (new double[Parameters], new double[Parameters]);
        BasisAt(_high, _highBasis);
        BasisAt(_low, _lowBasis);
        if (!isBeta && !isPower && _from == 0) Array.Clear(_highBasis);
        _ownBasis = new double[Parameters * y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var z = twoSided ? Math.Abs(y[i] / s[i]) : y[i] / s[i];
            var at = _ownBasis.AsSpan(i * Parameters, Parameters);
            if (z >= _high) _highBasis.CopyTo(at);
            else if (z <= _low) _lowBasis.CopyTo(at);
            else BasisAt(z, at);
        }
        Lay(1);
    }

    public override void Prepare(ReadOnlySpan<double> theta)
    {
        double largest = 0;
        foreach (var t in theta) largest = Math.Max(largest, Math.Abs(t));
        Lay(largest < 5 ? 1 : largest < 25 ? 2 : largest < 120 ? 4 : 8);
        if (_isUniform) AtNodes(theta, _precision[0]);
    }

    public override double LogWeight(int study, ReadOnlySpan<double> theta, Span<double> first, Span<double> second)
    {
        var basis = _ownBasis.AsSpan(study * Parameters, Parameters);
        Derivatives(basis, theta, _precision[study], first, out var curvature);
        second.Clear();
        second[0] = curvature;
        return LogWeightOf(basis, theta, _precision[study]);
    }

    public override void Fill(int study, double mean, double rootEta, ReadOnlySpan<double> theta, Span<double> moments)
    {
        moments.Clear();
        var (s, precision) = (_s[study], _precision[study]);
        double ratio = s / rootEta, shift = mean / rootEta;
        if (!_isUniform) AtNodes(theta, precision);
        AddNodes(moments, ratio, shift);

        double high = ratio * _high - shift, low = ratio * _low - shift;
        AddConstant(moments, _highBasis, theta, precision, high, double.PositiveInfinity);
        if (_twoSided)
        {
            AddConstant(moments, _highBasis, theta, precision, double.NegativeInfinity, -ratio * _high - shift);
            if (_low > 0) AddConstant(moments, _lowBasis, theta, precision, -ratio * _low - shift, low);
        }
        else
        {
            AddConstant(moments, _lowBasis, theta, precision, double.NegativeInfinity, low);
        }
    }

    /// <summary>The weight at a p-value, unclamped values being moved to where the function varies.</summary>
    public static double LogWeightAt(SelectionFunction function, double p, ReadOnlySpan<double> theta, Span<double> first)
    {
        Span<double> basis = stackalloc double[2];
        var from = function.Steps.Count > 0 ? function.Steps[0] : 0;
        if (function.Shape == SelectionShape.Beta)
        {
            p = Math.Clamp(p, from, function.Steps[1]);
            (basis[0], basis[1]) = (Math.Log(p), Math.Log(1 - p));
        }
        else
        {
            if (function.Shape == SelectionShape.Power) p = Math.Clamp(p, SmallestP, 1 - SmallestP);
            basis[0] = p <= from ? 0 : BasisOf(function.Shape, p, Math.Log(1 - p), from);
        }
        var d = first.Length;
        Derivatives(function.Shape, from, basis[..d], theta, 1, first, out _);
        return LogWeightOf(function.Shape, from, basis[..d], theta, 1);
    }

    private double ZOf(double p) => -Distributions.NormalQuantile(_twoSided ? p / 2 : p);

    /// <summary>The functions bⱼ of p at z.</summary>
    private void BasisAt(double z, Span<double> basis)
    {
        var p = _twoSided ? Math.Min(1, 2 * Distributions.NormalCumulative(-z)) : Distributions.NormalCumulative(-z);
        var logRest = _twoSided ? Math.Log(MathNet.Numerics.SpecialFunctions.Erf(Math.Max(z, 1e-300) / Math.Sqrt(2))) : LogCumulative(z);
        if (_shape != SelectionShape.Beta)
        {
            basis[0] = BasisOf(_shape, p, logRest, _from);
            return;
        }
        basis[0] = _twoSided ? Math.Log(p) : LogCumulative(-z);
        basis[1] = logRest;
    }

    /// <summary>b(p) of the one-parameter shapes, 0 at the p-value from which they fall; of the logistic one p itself.</summary>
    private static double BasisOf(SelectionShape shape, double p, double logRest, double from) => shape switch
    {
        SelectionShape.HalfNormal => from * from - p * p,
        SelectionShape.NegativeExponential => from - p,
        SelectionShape.Power => logRest - Math.Log(1 - from),
        _ => p,
    };

    private double LogWeightOf(ReadOnlySpan<double> basis, ReadOnlySpan<double> theta, double precision) => LogWeightOf(_shape, _from, basis, theta, precision);

    private static double LogWeightOf(SelectionShape shape, double from, ReadOnlySpan<double> basis, ReadOnlySpan<double> theta, double precision)
    {
        if (shape == SelectionShape.Beta) return (theta[0] - 1) * basis[0] + (theta[1] - 1) * basis[1];
        var delta = theta[0] * precision;
        return shape == SelectionShape.Logistic ? basis[0] <= from ? 0 : LogLogistic(delta * basis[0]) - LogLogistic(delta * from) : delta * basis[0];
    }

    private void Derivatives(ReadOnlySpan<double> basis, ReadOnlySpan<double> theta, double precision, Span<double> first, out double curvature) =>
        Derivatives(_shape, _from, basis, theta, precision, first, out curvature);

    private static void Derivatives(SelectionShape shape, double from, ReadOnlySpan<double> basis, ReadOnlySpan<double> theta, double precision, Span<double> first, out double curvature)
    {
        curvature = 0;
        if (shape == SelectionShape.Beta)
        {
            basis.CopyTo(first);
            return;
        }
        first[0] = precision * basis[0];
        if (shape != SelectionShape.Logistic) return;
        first[0] = 0;
        if (basis[0] <= from) return;
        var (a, b) = (precision * basis[0], precision * from);
        double atP = 1 / (1 + Math.Exp(-theta[0] * a)), atFrom = 1 / (1 + Math.Exp(-theta[0] * b));
        first[0] = b * atFrom - a * atP;
        curvature = b * b * atFrom * (1 - atFrom) - a * a * atP * (1 - atP);
    }

    /// <summary>ln(2/(1 + e^x)).</summary>
    private static double LogLogistic(double x) => x > 30 ? Math.Log(2) - x - Math.Exp(-x) : -Math.Log((1 + Math.Exp(x)) / 2);

    private void AddConstant(Span<double> moments, ReadOnlySpan<double> basis, ReadOnlySpan<double> theta, double precision, double low, double high)
    {
        if (low > 9.5 + 30 || high < -9.5 - 30) return;
        var d = Parameters;
        Span<double> part = stackalloc double[5];
        part.Clear();
        AddInterval(part, Math.Exp(LogWeightOf(basis, theta, precision)), low, high);
        for (var n = 0; n < 5; n++) moments[n] += part[n];
        Span<double> first = stackalloc double[2];
        Derivatives(basis, theta, precision, first[..d], out var curvature);
        for (var j = 0; j < d; j++)
        {
            for (var n = 0; n < 3; n++) moments[5 + 3 * j + n] += part[n] * first[j];
            for (var m = 0; m < d; m++) moments[5 + 3 * d + j * d + m] += part[0] * first[j] * first[m];
        }
        moments[5 + 3 * d] += part[0] * curvature;
    }

    /// <summary>ln Φ(z) within the range of the nodes.</summary>
    private static double LogCumulative(double z) => z > 5 ? Log1Minus(Distributions.NormalCumulative(-z)) : Math.Log(Distributions.NormalCumulative(z));

    private static double Log1Minus(double x) => x < 1e-4 ? -x * (1 + x * (0.5 + x / 3)) : Math.Log(1 - x);
}
