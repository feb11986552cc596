namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A test of coefficients of a weighted regression with weights 1/(v + t), where effects have the variances v + τ². With weights that are not the best ones an estimate is the best one plus something made of residuals, and
/// the estimate of τ² knows of residuals too: where Q(t) is known to be q, what comes from residuals is taken to vary by q/E(Q(t)) times what it varies by otherwise.
/// </summary>
internal abstract class ConditionalTest
{
    /// <summary>How often it rejects.</summary>
    /// <param name="t">What τ² was estimated as; a little below 0 is possible, as far as the smallest v.</param>
    /// <param name="residual">The square root of Q(t)/(k - p).</param>
    /// <param name="limit">By what standard errors are multiplied.</param>
    public abstract double Reject(double t, double residual, double limit);

    /// <summary>How often it rejects at these weights whatever Q is.</summary>
    public abstract double RejectAtAnyQ(double t);

    /// <summary>How many standard errors away the effect is with the weights 1/v: as the estimate of τ² changes the rate turns the more steeply, the more they are.</summary>
    public abstract double Distance { get; }

    /// <summary>Within what change of the limit the rate turns from 1 to 0, at weights 1/v; the same whatever the effect.</summary>
    public abstract double LimitWidth { get; }
}

/// <summary>The sums of a regression with weights 1/(v + t), those of the best weights 1/(v + τ²) beside them.</summary>
/// <param name="Assumed">The variance of the coefficient that the analysis takes, c'(X'WX)⁻¹c.</param>
/// <param name="Best">What it is with the best weights: no less is possible.</param>
/// <param name="Excess">By how much the true variance with these weights is larger.</param>
/// <param name="QRatio">(k - p)/E(Q(t)).</param>
internal readonly record struct ConditionalVariance(double Assumed, double Best, double Excess, double QRatio)
{
    public double Actual(double residual) => Best + Excess * QRatio * residual * residual;
}

/// <summary>The test of one coefficient, γ = c'β: estimated by a'y with a = WX(X'WX)⁻¹c.</summary>
internal sealed class ContrastTest : ConditionalTest
{
    private readonly WeightedDesign _design;
    private readonly double[] _contrast;
    private readonly double _effect;
    private readonly double _critical;
    private readonly Alternative _alternative;
    private readonly Dictionary<double, ConditionalVariance> _known;

    /// <param name="design">The studies and the design.</param>
    /// <param name="contrast">c.</param>
    /// <param name="effect">c'β.</param>
    /// <param name="critical">The critical value of z or t.</param>
    /// <param name="alternative">The side.</param>
    /// <param name="known">Variances that were computed already for this contrast, by t; they do not depend on the effect.</param>
    public ContrastTest(WeightedDesign design, double[] contrast, double effect, double critical, Alternative alternative, Dictionary<double, ConditionalVariance> known)
    {
        (_design, _contrast, _effect, _critical, _alternative, _known) = (design, contrast, effect, critical, alternative, known);
    }

    public override double Distance => Math.Abs(_effect) / Math.Sqrt(At(0).Best);

    public override double LimitWidth
    {
        get
        {
            var at = At(0);
            return Math.Sqrt(at.Best / at.Assumed) / _critical;
        }
    }

    public override double Reject(double t, double residual, double limit)
    {
        var at = At(t);
        return RejectionRate.Normal(_effect, Math.Sqrt(at.Actual(residual)), _critical * limit * Math.Sqrt(at.Assumed), _alternative);
    }

    public override double RejectAtAnyQ(double t)
    {
        var at = At(t);
        return RejectionRate.Normal(_effect, Math.Sqrt(at.Best + at.Excess), _critical * Math.Sqrt(at.Assumed), _alternative);
    }

    public ConditionalVariance At(double t) => _known.TryGetValue(t, out var known) ? known : _known[t] = _design.VarianceOf(_contrast, t);
}

/// <summary>
/// The test that the means of groups are all equal, Σ1/s²·(m - m̄)² against a limit. Where weights are not the best ones its distribution is taken as that of ρχ²(λ) with the mean of the ratios of true to assumed
/// variances as ρ, which is exact where all variances are alike.
/// </summary>
internal sealed class GroupsTest : ConditionalTest
{
    private readonly WeightedDesign _design;
    private readonly double[] _effects;
    private readonly double _limit;
    private readonly NoncentralTest _test;
    private readonly Dictionary<double, ConditionalVariance[]> _known;

    /// <param name="design">The studies, with a column of ones and zeros for each group.</param>
    /// <param name="effects">The mean of each group.</param>
    /// <param name="limit">What the sum of squares must exceed.</param>
    /// <param name="known">Variances that were computed already, by t.</param>
    public GroupsTest(WeightedDesign design, double[] effects, double limit, Dictionary<double, ConditionalVariance[]> known)
    {
        (_design, _effects, _limit, _known) = (design, effects, limit, known);
        _test = new NoncentralTest(TestStatistic.ChiSquared(0, effects.Length - 1));
    }

    public override double Distance => Math.Sqrt(Noncentrality(0));

    public override double LimitWidth => Math.Sqrt(Of(0, at => at.Best).Ratio / _limit);

    public override double Reject(double t, double residual, double limit)
    {
        var (ratio, squares) = Of(t, at => at.Actual(residual));
        return _test.Upper(_limit * limit * limit / ratio, squares / ratio);
    }

    public override double RejectAtAnyQ(double t)
    {
        var (ratio, squares) = Of(t, at => at.Best + at.Excess);
        return _test.Upper(_limit / ratio, squares / ratio);
    }

    /// <summary>λ.</summary>
    public double Noncentrality(double t)
    {
        var (ratio, squares) = Of(t, at => at.Best + at.Excess);
        return squares / ratio;
    }

    /// <summary>ρ and Σ1/s²(m - m̄)².</summary>
    private (double Ratio, double Squares) Of(double t, Func<ConditionalVariance, double> actual)
    {
        var groups = _effects.Length;
        if (!_known.TryGetValue(t, out var at))
        {
            _known[t] = at = [.. Enumerable.Range(0, groups).Select(g => _design.VarianceOf([.. Enumerable.Range(0, groups).Select(h => h == g ? 1.0 : 0)], t))];
        }
        double total = 0, mean = 0;
        for (var g = 0; g < groups; g++)
        {
            total += 1 / at[g].Assumed;
            mean += _effects[g] / at[g].Assumed;
        }
        mean /= total;
        double ratio = 0, squares = 0;
        for (var g = 0; g < groups; g++)
        {
            var weight = 1 / at[g].Assumed;
            ratio += (1 - weight / total) * actual(at[g]) * weight;
            squares += weight * (_effects[g] - mean) * (_effects[g] - mean);
        }
        return (ratio / (groups - 1), squares);
    }
}
