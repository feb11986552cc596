using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Diagnostics;

public class TauSquaredProfileTests
{
    [Theory]
    [InlineData(TauSquaredEstimator.RestrictedMaximumLikelihood)]
    [InlineData(TauSquaredEstimator.MaximumLikelihood)]
    public void The_profile_is_highest_at_the_estimate_and_the_interval_ends_at_the_threshold(TauSquaredEstimator estimator)
    {
        var fit = RandomEffects.Fit(Samples.Molloy(), new() { TauSquared = estimator });
        var model = TauSquaredProfilePlot.Create(fit).Model;
        Assert.Equal(fit.TauSquared, model.Estimate);
        Assert.Equal(0, model.Profile.Max(p => p.Y), 12);
        Assert.Equal(fit.TauSquared, model.Profile.MaxBy(p => p.Y).X);
        Assert.Equal(-3.841458820694124 / 2, model.Threshold, 12);
        Assert.Equal(fit.Heterogeneity.ProfileLikelihoodIntervals().TauSquared, model.Interval);
        Assert.All(model.Profile.Where(p => p.X > model.Interval.Lower && p.X < model.Interval.Upper), p => Assert.True(p.Y > model.Threshold));
        Assert.All(model.Profile.Where(p => p.X > model.Interval.Upper), p => Assert.True(p.Y < model.Threshold));
        Assert.True(model.XAxis.Contains(model.Interval.Upper));
    }

    [Fact]
    public void No_heterogeneity_and_few_studies_are_drawn_too()
    {
        var plot = TauSquaredProfilePlot.Create(RandomEffects.Fit(StudyEffects.Create([0.20, 0.21, 0.19], [0.01, 0.02, 0.03])));
        Assert.Contains("highest without heterogeneity", plot.Finding, StringComparison.Ordinal);
        Assert.NotEmpty(plot.ToFigure().ToJson());
        Assert.NotEmpty(TauSquaredProfilePlot.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.9], [0.01, 0.02]))).ToFigure().ToJson());
        Assert.NotEmpty(TauSquaredProfilePlot.Create(MetaRegression.Fit(Samples.Molloy(), Moderator.Number("year"))).ToFigure().ToJson());
    }

    [Fact]
    public void Only_likelihoods_have_a_profile() =>
        Assert.Throws<ImpossibleChoiceException>(() => TauSquaredProfilePlot.Create(RandomEffects.Fit(Samples.Molloy(), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird })));
}
