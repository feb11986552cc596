using EmpathyNotebooks.MetaAnalysis.Tests.Fits;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Predicted true effects and Baujat's points of fits of every kind.</summary>
public class FitBlupTests
{
    private static readonly StudyEffects Effects = FitContractTests.Effects;

    public static TheoryData<string> Kinds => FitContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_gives_predictions_or_a_reason(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var blups = fit.Blups();
        Assert.Equal(blups.Absence is null ? fit.Count : 0, blups.Rows.Length);
        Assert.Equal(kind is "equal effects" or "fixed effects" or "equal-effects regression" or "generalised least squares" or "correlated effects" or "hierarchical effects"
            || kind.Contains("given weights", StringComparison.Ordinal) || kind.Contains("selection", StringComparison.Ordinal) || kind is "random effects by generalised Q" or "regression", blups.Absence is not null);
        Assert.All(blups.Rows, (b, i) =>
        {
            Assert.Equal(fit.Effects.Labels[i], b.Name);
            Assert.Equal(fit.FittedValues[i], b.Expected, 1e-12);
            Assert.Equal(b.Estimate, (b.Interval.Lower + b.Interval.Upper) / 2, 1e-10);
        });
        var clusters = fit.ClusterBlups();
        Assert.Equal(kind is "multilevel" or "multilevel with given covariances", clusters.Absence is null);
        if (clusters.Absence is null) Assert.Equal(fit.Clusters!.Names, clusters.Rows.Select(r => r.Name));
    }

    [Fact]
    public void A_location_scale_model_draws_each_effect_in_by_its_own_variance()
    {
        var fit = LocationScale.Fit(Effects, null, Moderator.Category("rater"), new() { Inference = Inference.Normal });
        var mean = fit.LocationCoefficients[0];
        Assert.All(((IModelFit)fit).Blups().Rows, (b, i) =>
        {
            var (tau2, v) = (fit.TauSquared[i], Effects.Variances[i]);
            var lambda = tau2 / (tau2 + v);
            Assert.Equal(lambda * Effects.Effects[i] + (1 - lambda) * mean.Estimate, b.Estimate, 1e-12);
            Assert.Equal(Math.Sqrt(lambda * v + Math.Pow((1 - lambda) * mean.StandardError, 2)), b.StandardError, 1e-12);
        });
    }

    [Fact]
    public void A_level_of_single_effects_gives_the_predictions_of_the_pooled_fit_and_of_its_own_clusters()
    {
        var pooled = ((IModelFit)RandomEffects.Fit(Effects, new() { Inference = Inference.Normal })).Blups();
        IModelFit multilevel = MultilevelModel.Fit(Effects, [MultilevelModel.EachEffect], new() { Inference = Inference.Normal });
        foreach (var other in new[] { multilevel.Blups(), multilevel.ClusterBlups() })
        {
            Assert.All(pooled.Rows, (b, i) =>
            {
                Assert.Equal(b.Estimate, other.Rows[i].Estimate, 1e-7);
                Assert.Equal(b.StandardError, other.Rows[i].StandardError, 1e-7);
                Assert.Equal(b.Interval.Lower, other.Rows[i].Interval.Lower, 1e-7);
            });
        }
    }

    [Fact]
    public void The_mean_of_a_cluster_is_the_expected_mean_and_its_random_effect()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6, Moderators = Moderator.Category("rater") });
        Assert.All(((IModelFit)fit).ClusterBlups().Rows, (b, c) =>
        {
            Assert.Equal(b.Rows.Average(i => fit.FittedValues[i]) + fit.GroupEffects("sample")[c].Estimate, b.Estimate, 1e-12);
            Assert.True(b.StandardError > 0);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Contributions_to_heterogeneity_add_up_to_the_quadratic_form_of_the_model(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        foreach (var cluster in new[] { null, "sample" })
        {
            var points = fit.Baujat(cluster);
            Assert.Equal(fit.Count, points.Sum(p => p.Rows.Length));
            Assert.All(points, (p, c) =>
            {
                Assert.Equal(p.Influence is null, p.Absence is not null);
                Assert.Equal(fit is not (RobustVarianceFit or SelectionFit), p.HeterogeneityContribution.HasValue);
                if (p.HeterogeneityContribution is { } q) Assert.True(q >= 0);
                if (p.Influence is not { } influence || fit.Moderators is not null || fit.Coefficients.Length > 1) return;
                var without = fit.LeaveOneOut(cluster)[c].Fit!.Coefficients[0];
                var moved = fit.Coefficients[0].Estimate - without.Estimate;
                Assert.Equal(moved * moved / (without.StandardError * without.StandardError), influence, 1e-6 * Math.Max(1, influence));
            });
            if (fit is RobustVarianceFit or SelectionFit || cluster is null && fit.Clusters is not null) continue;
            // Clusters are independent of one another in all of these models.
            if (fit.EffectResiduals() is { } residuals) Assert.Equal(residuals.Sum(r => r.Cholesky * r.Cholesky), points.Sum(p => p.HeterogeneityContribution!.Value), 1e-7);
        }
    }

    [Fact]
    public void Pooled_fits_give_the_points_of_their_own_method()
    {
        var pooled = RandomEffects.Fit(Effects);
        Assert.Equal(pooled.Baujat().Select(p => (p.Label, (double?)p.HeterogeneityContribution, p.Influence)),
            ((IModelFit)pooled).Baujat().Select(p => (p.Name, p.HeterogeneityContribution, p.Influence)));
        IModelFit two = RandomEffects.Fit(StudyEffects.Create([0.1, 0.4], [0.01, 0.02]));
        Assert.All(two.Baujat(), p => Assert.True(p.Influence is null && p.Absence is not null && p.HeterogeneityContribution > 0));
    }
}
