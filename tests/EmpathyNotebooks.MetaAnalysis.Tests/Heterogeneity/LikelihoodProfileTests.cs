using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Heterogeneity;

public sealed class LikelihoodProfileTests
{
    [Theory]
    [InlineData(TauSquaredEstimator.MaximumLikelihood)]
    [InlineData(TauSquaredEstimator.RestrictedMaximumLikelihood)]
    public void It_is_highest_at_the_estimate_and_falls_by_half_a_quantile_at_the_interval(TauSquaredEstimator estimator)
    {
        foreach (var dataset in Reference.Datasets)
        {
            var fit = RandomEffects.Fit(Reference.Load(dataset), new() { TauSquared = estimator });
            var top = fit.Heterogeneity.LogLikelihoodAt(fit.TauSquared);
            Assert.Equal(fit.FitStatistics.LogLikelihood, top, 8);
            Assert.All(Enumerable.Range(0, 41).Select(i => fit.TauSquared * i / 10), t => Assert.True(fit.Heterogeneity.LogLikelihoodAt(t) <= top + 1e-12));
            var interval = fit.Heterogeneity.ProfileLikelihoodIntervals().TauSquared;
            Assert.Equal(top - 3.841458820694124 / 2, fit.Heterogeneity.LogLikelihoodAt(interval.Upper), 6);
            if (interval.Lower > 0) Assert.Equal(top - 3.841458820694124 / 2, fit.Heterogeneity.LogLikelihoodAt(interval.Lower), 6);
        }
    }

    [Fact]
    public void Other_estimators_have_the_restricted_one()
    {
        var effects = Reference.Load("molloy2014");
        var reml = RandomEffects.Fit(effects).Heterogeneity;
        Assert.Equal(reml.LogLikelihoodAt(0.01), RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.PauleMandel }).Heterogeneity.LogLikelihoodAt(0.01));
        Assert.Equal(reml.LogLikelihoodAt(0), EqualEffects.Fit(effects).Heterogeneity.LogLikelihoodAt(0));
    }

    [Fact]
    public void What_is_no_variance_is_refused()
    {
        var heterogeneity = RandomEffects.Fit(Reference.Load("molloy2014")).Heterogeneity;
        Assert.Throws<ArgumentOutOfRangeException>(() => heterogeneity.LogLikelihoodAt(-0.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => heterogeneity.LogLikelihoodAt(double.NaN));
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(StudyEffects.Create([0.1], [0.01])).Heterogeneity.LogLikelihoodAt(0));
    }
}
