namespace EmpathyNotebooks.MetaAnalysis.Tests.Fits;

/// <summary>Means of clusters, marginal means and profiles of variances, which plots show.</summary>
public class ClusterMeanTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create(
        [0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.27, -0.05, 0.61, 0.33],
        [0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008], EffectMeasure.FisherZ,
        columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "client", "observer", "client", "observer", "client"]),
        ]);

    private static MultilevelFit Multilevel => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new MultilevelOptions { SamplingCorrelation = 0.6 });

    [Fact]
    public void Means_of_a_multilevel_model_are_those_of_its_groups()
    {
        var (means, groups) = (Multilevel.ClusterMeans(), Multilevel.GroupMeans());
        Assert.Equal(groups.Select(g => g.Group), means.Select(m => m.Cluster));
        foreach (var (mean, group) in means.Zip(groups))
        {
            Assert.Equal(group.Estimate, mean.Estimate, 1e-12);
            Assert.Equal(group.Variance + Multilevel.VarianceComponents[0].SigmaSquared, mean.Variance, 1e-12);
            Assert.Equal(group.Weight, mean.Weight, 1e-12);
        }
    }

    [Fact]
    public void Without_levels_inside_clusters_they_are_averages_by_the_assumed_correlation()
    {
        var averages = Effects.AverageWithin("sample", 0.6);
        var means = MultilevelModel.Fit(Effects, ["sample"], new MultilevelOptions { SamplingCorrelation = 0.6 }).ClusterMeans();
        Assert.All(means, (mean, c) => Assert.Equal((averages.Effects[c], averages.Variances[c]), (mean.Estimate, mean.SamplingVariance), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-13));
        // The standardised residual of a mean is that of a meta-analysis of the averages with the same tau², which it is where both are by REML.
        var pooled = RandomEffects.Fit(averages, new() { Inference = Inference.Normal });
        Assert.All(means.Zip(((IModelFit)pooled).EffectResiduals()!.Value), p => Assert.Equal(p.Second.Standardized!.Value, p.First.Standardized!.Value, 1e-6));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.8)]
    [InlineData(1.0)]
    public void Correlated_effects_of_robust_variance_estimation_count_alike(double rho)
    {
        var means = new RobustVarianceOptions { Cluster = "sample", SamplingCorrelation = rho }.FitTo(Effects).ClusterMeans();
        Assert.Equal((0.40 + 0.22) / 2, means[0].Estimate, 1e-14);
        Assert.Equal(0.0045 * (1 + rho) / 2, means[0].SamplingVariance, 1e-14);
        Assert.Null(means[0].Standardized);
    }

    /// <summary>By hand for two effects: M has the variance within the sample on its diagonal, so that the weights are no longer those of V alone.</summary>
    [Fact]
    public void Sampling_variance_is_that_of_the_weighted_mean()
    {
        var fit = Multilevel;
        var within = fit.VarianceComponents[1].SigmaSquared;
        Assert.True(within > 0.001);
        var mean = fit.ClusterMeans()[2];
        double a = 0.006, b = 0.007, covariance = 0.6 * Math.Sqrt(a * b);
        var w = (b + within - covariance) / (a + b + 2 * within - 2 * covariance);
        Assert.Equal(w * 0.16 + (1 - w) * 0.02, mean.Estimate, 1e-12);
        Assert.Equal(w * w * a + (1 - w) * (1 - w) * b + 2 * w * (1 - w) * covariance, mean.SamplingVariance, 1e-14);
        Assert.Throws<ArgumentNullException>("fit", () => ((IModelFit)null!).ClusterMeans());
    }

    /// <summary>Options with the same weights are the same options.</summary>
    [Fact]
    public void Lists_of_options_are_equal_by_what_they_say()
    {
        RandomEffectsOptions Of(params double[]? weights) => new() { Weights = weights };
        Assert.Equal(Of(1, 2), Of(1, 2));
        Assert.Equal(Of(1, 2).GetHashCode(), Of(1, 2).GetHashCode());
        Assert.NotEqual(Of(1, 2), Of(2, 1));
        Assert.NotEqual(Of(1, 2), Of(null));
        Assert.NotEqual(Of(1, 2).Weights!.GetHashCode(), Of(2, 1).Weights!.GetHashCode());
        Assert.Equal(Of(1, 2), Of(1, 2) with { Weights = Of(1, 2).Weights });
    }

    [Fact]
    public void Effects_taken_as_independent_have_no_clusters() => Assert.Throws<ArgumentException>(() => RandomEffects.Fit(Effects).ClusterMeans());

    /// <summary>The same models with the variance held, which are held against metafor elsewhere.</summary>
    [Fact]
    public void A_profile_is_the_likelihood_of_models_with_the_variance_held()
    {
        var fit = Multilevel;
        foreach (var component in fit.VarianceComponents)
        {
            double[] values = [0, 0.5 * component.SigmaSquared, component.SigmaSquared, 0.02, 0.3];
            var found = component.LogLikelihoodsAt(values);
            foreach (var (value, at) in values.Zip(found))
            {
                var held = (fit.Options with { FixedSigmaSquared = new Dictionary<string, double> { [component.Level] = value } }).FitTo(Effects);
                Assert.Equal(held.LogLikelihood, at, 1e-8);
                Assert.Throws<InvalidOperationException>(() => held.Component(component.Level).LogLikelihoodsAt(0.1));
            }
            Assert.Equal(fit.LogLikelihood, found[2], 1e-10);
            Assert.Throws<ArgumentOutOfRangeException>(() => component.LogLikelihoodsAt(-0.1));
        }
    }

    [Fact]
    public void Marginal_means_are_predictions_where_there_is_one_category()
    {
        IModelFit[] fits =
        [
            MetaRegression.Fit(Effects, Moderator.Category("rater")), MultilevelModel.Fit(Effects, ["sample"], new MultilevelOptions { Moderators = Moderator.Category("rater") }),
            LocationScale.Fit(Effects, Moderator.Category("rater"), null), new RobustVarianceOptions { Cluster = "sample", Moderators = Moderator.Category("rater") }.FitTo(Effects),
        ];
        foreach (var fit in fits)
        {
            var means = fit.MarginalMeans("rater");
            Assert.Equal(["client", "observer"], means.Select(m => m.Name));
            foreach (var mean in means)
            {
                var expected = fit.Predict(new() { ["rater"] = mean.Name })!.Value;
                Assert.Equal(expected.Estimate, mean.Estimate, 1e-12);
                Assert.Equal(expected.ConfidenceInterval.Upper, mean.ConfidenceInterval.Upper, 1e-9);
            }
            Assert.Throws<StudyDataException>(() => fit.MarginalMeans("sample"));
        }
        Assert.Throws<ArgumentException>(() => ((IModelFit)Multilevel).MarginalMeans("rater"));
    }
}
