using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Heterogeneity;

/// <summary>tau² ± z·SE(tau²) with metafor's tau² and se.tau2 (3.8-1, threshold 1e-14), cut at 0.</summary>
public sealed class WaldIntervalTests
{
    private const double Z = 1.959963984540054;

    /// <summary>R: rma(yi, vi, data = bcg) with method REML, DL and ML: tau2 and se.tau2.</summary>
    [Theory]
    [InlineData(TauSquaredEstimator.RestrictedMaximumLikelihood, 0.313243258136, 0.166425752837)]
    [InlineData(TauSquaredEstimator.DerSimonianLaird, 0.308760262862, 0.229869992511)]
    [InlineData(TauSquaredEstimator.MaximumLikelihood, 0.280028137269, 0.144251949383)]
    public void It_is_that_of_metafors_standard_error(TauSquaredEstimator estimator, double tau2, double error)
    {
        var heterogeneity = RandomEffects.Fit(Reference.Load("bcg"), new() { TauSquared = estimator }).Heterogeneity;
        var wald = heterogeneity.WaldIntervals();
        Assert.Equal("Wald", wald.Method);
        Assert.Equal(Math.Max(0, tau2 - Z * error), wald.TauSquared.Lower, 1e-7);
        Assert.Equal(tau2 + Z * error, wald.TauSquared.Upper, 1e-7);
        Assert.Equal(Math.Sqrt(wald.TauSquared.Upper), wald.Tau.Upper, 1e-12);
        var narrow = RandomEffects.Fit(Reference.Load("bcg"), new() { TauSquared = estimator, ConfidenceLevel = 0.5 }).Heterogeneity.WaldIntervals().TauSquared;
        Assert.Equal(tau2 - 0.674489750196082 * error, narrow.Lower, 1e-7);
    }

    /// <summary>R: rma(yi, vi, mods = ~ ablat, data = bcg).</summary>
    [Fact]
    public void With_moderators_it_is_that_of_what_they_leave()
    {
        var fit = MetaRegression.Fit(Reference.Load("bcg"), Moderator.Number("ablat"));
        var interval = fit.Heterogeneity.WaldIntervals().TauSquared;
        Assert.Equal(0, interval.Lower);
        Assert.Equal(0.0763479639552 + Z * 0.0590472289044, interval.Upper, 1e-7);
    }

    [Fact]
    public void Without_a_tau_squared_there_is_none() =>
        Assert.Equal(ChoiceFault.NeedsRandomEffects, Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(Reference.Load("bcg")).Heterogeneity.WaldIntervals()).Kind);

    /// <summary>t/(t + 1) of these neighbours falls by rounding where t rises.</summary>
    [Theory]
    [InlineData(7.9423517043080505, 7.942351704308051)]
    [InlineData(31.239740786703244, 31.239740786703248)]
    public void Rounding_never_turns_an_interval_round(double lower, double upper)
    {
        var heterogeneity = EqualEffects.Fit(StudyEffects.Create([0, 1, 5], [1, 1, 1])).Heterogeneity;
        Assert.Equal(1, heterogeneity.TypicalVariance);
        Assert.True(lower < upper && lower / (lower + 1) > upper / (upper + 1));
        var interval = new HeterogeneityIntervals("Given", heterogeneity, (lower, upper)).ISquared;
        Assert.Equal(interval.Lower, interval.Upper);
        Assert.Equal(lower / (lower + 1), interval.Lower);
    }
}
