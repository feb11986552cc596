namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How much the effects of a fit differ beyond sampling error: Q, tau², I² and H² with Q-profile intervals (Viechtbauer 2007, Statistics in
/// Medicine 26, 37-52). I² is a fraction. I² says which share of the variance is heterogeneity, not how large heterogeneity is: read tau and
/// the prediction interval for that.
/// </summary>
public sealed class Heterogeneity
{
    private readonly PooledFit _fit;
    private readonly double _typicalVariance;
    private readonly Lazy<ConfidenceInterval?> _tauSquaredInterval;

    internal Heterogeneity(PooledFit fit)
    {
        _fit = fit;
        var sums = WeightedSums.At(0, fit.Effects.Effects.AsSpan(), fit.Effects.Variances.AsSpan());
        var df = fit.Count - 1;
        _typicalVariance = df / sums.TraceP;
        Q = new QTest(sums.We2, df, df == 0 ? 1 : Distributions.ChiSquaredUpper(sums.We2, df));
        if (df == 0)
        {
            HSquared = 1;
        }
        else if (fit.IsRandomEffects)
        {
            ISquared = fit.TauSquared / (fit.TauSquared + _typicalVariance);
            HSquared = fit.TauSquared / _typicalVariance + 1;
        }
        else
        {
            ISquared = Q.Statistic > df ? (Q.Statistic - df) / Q.Statistic : 0;
            HSquared = Q.Statistic / df;
        }
        _tauSquaredInterval = new Lazy<ConfidenceInterval?>(QProfile);
    }

    /// <summary>Cochran's test.</summary>
    public QTest Q { get; }

    /// <summary>The variance of true effects, tau²; 0 for an equal-effects model.</summary>
    public double TauSquared => _fit.TauSquared;

    /// <summary>The standard deviation of true effects.</summary>
    public double Tau => _fit.Tau;

    /// <summary>
    /// The share of the variance of the effects that is heterogeneity, as a fraction: tau²/(tau² + s²) with the typical sampling variance s²
    /// (Higgins &amp; Thompson 2002); (Q - df)/Q for an equal-effects model.
    /// </summary>
    public double ISquared { get; }

    /// <summary>Total over sampling variance: tau²/s² + 1; Q/df for an equal-effects model. 1 with one study.</summary>
    public double HSquared { get; }

    /// <summary>
    /// The Q-profile interval of tau²: where the generalised Q meets the chi² quantiles. Null with fewer than two studies. [0, 0] when Q is so
    /// small that even tau² = 0 is too much.
    /// </summary>
    public ConfidenceInterval? TauSquaredInterval => _tauSquaredInterval.Value;

    /// <summary>The interval of tau, the square roots of that of tau².</summary>
    public ConfidenceInterval? TauInterval => TauSquaredInterval?.Transform(Math.Sqrt);

    /// <summary>The interval of I², from that of tau² at the same typical sampling variance.</summary>
    public ConfidenceInterval? ISquaredInterval => TauSquaredInterval?.Transform(t => t / (t + _typicalVariance));

    /// <summary>The interval of H², from that of tau² at the same typical sampling variance.</summary>
    public ConfidenceInterval? HSquaredInterval => TauSquaredInterval?.Transform(t => t / _typicalVariance + 1);

    /// <summary>The fit these belong to.</summary>
    public PooledFit Fit => _fit;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Q}, I² = {StatisticText.Percent(ISquared)}, τ² = {StatisticText.Significant(TauSquared)}";

    private ConfidenceInterval? QProfile()
    {
        var df = _fit.Count - 1;
        if (df == 0) return null;
        var upper = Level.UpperTail(_fit.ConfidenceLevel);
        var yi = _fit.Effects.Effects.AsSpan();
        var vi = _fit.Effects.Variances.AsSpan();
        return new ConfidenceInterval(
            GeneralizedQ.Solve(Distributions.ChiSquaredQuantile(upper, df), yi, vi).TauSquared,
            GeneralizedQ.Solve(Distributions.ChiSquaredQuantile(1 - upper, df), yi, vi).TauSquared,
            _fit.ConfidenceLevel);
    }
}
