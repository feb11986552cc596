using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Fits;

/// <summary>The numbers of plots of fits that are not pooled ones.</summary>
public class PlotsOfFitsTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create(
        [0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.27, -0.05, 0.61, 0.33],
        [0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008], EffectMeasure.FisherZ,
        columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "client", "observer", "client", "observer", "client"]),
            StudyColumn.OfNumbers("year", [1998, 1998, 2001, 2001, 2003, 2003, 2006, 2009, 2010, 2011, 2014, 2016]),
        ]);

    private static MultilevelFit Multilevel => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new MultilevelOptions { SamplingCorrelation = 0.6 });

    private static MultilevelFit Moderated => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new MultilevelOptions { SamplingCorrelation = 0.6, Moderators = Moderator.Category("rater") });

    private static RobustVarianceFit Robust => RobustVarianceModel.Fit(Effects, "sample", WorkingModel.Hierarchical);

    private static LocationScaleFit Scale => LocationScale.Fit(Effects, null, Moderator.Category("rater"));

    [Fact]
    public void A_funnel_of_means_has_the_means_of_the_fit_and_their_sampling_errors()
    {
        var model = FunnelPlot.Create(Multilevel, new() { Points = PlotPoints.Clusters }).Model;
        var means = Multilevel.ClusterMeans();
        Assert.Equal(means.Select(m => (m.Cluster, m.Estimate, Math.Sqrt(m.SamplingVariance))), model.Studies.Select(s => (s.Label, s.X, s.Y)));
        Assert.Equal(Multilevel.Coefficients[0].Estimate, model.Estimate);
        Assert.StartsWith("Funnel plot of 8 samples (means of 12 effects)", model.Finding, StringComparison.Ordinal);
        Assert.Contains(model.Studies[0].Details, d => d.Value == "sample: mean of 2 effects");
        Assert.Contains(model.Studies[3].Details, d => d.Value == "sample: one effect");
    }

    [Fact]
    public void A_funnel_of_effects_says_that_they_are_not_independent_and_which_each_is()
    {
        var model = FunnelPlot.Create(Multilevel).Model;
        Assert.Equal(Effects.Effects, model.Studies.Select(s => s.X));
        Assert.Contains("12 effects in 8 samples", model.Finding, StringComparison.Ordinal);
        Assert.Contains(model.Notes, n => n.StartsWith("Effects of one sample are not independent points", StringComparison.Ordinal));
        Assert.Equal("Effect 2 of 2 of A", model.Studies[1].Details[0].Value);
    }

    [Fact]
    public void With_moderators_a_funnel_shows_residuals_around_0()
    {
        var model = FunnelPlot.Create(Moderated).Model;
        Assert.True(model.IsResidual);
        Assert.Equal(0, model.Estimate);
        Assert.Equal(Moderated.Residuals, model.Studies.Select(s => s.X));
        Assert.Contains(model.Notes, n => n.StartsWith("A funnel of residuals", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => FunnelPlot.Create(Moderated, new() { ShowContours = true }));
        Assert.Throws<ArgumentException>(() => FunnelPlot.Create(Moderated, new() { ShowRegression = true }));
    }

    [Fact]
    public void Eggers_regression_is_the_model_of_the_fit_with_the_standard_error_as_moderator()
    {
        var slope = FunnelPlot.Create(Multilevel, new() { ShowRegression = true }).Model.Slope!.Value;
        var effects = StudyEffects.Create(Effects.Effects, Effects.Variances, Effects.Measure, columns: [Effects.Column("sample"), StudyColumn.OfNumbers("se", Effects.Variances.Select(v => (double?)Math.Sqrt(v)))]);
        var egger = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new MultilevelOptions { SamplingCorrelation = 0.6, Moderators = Moderator.Number("se") });
        Assert.Equal(egger.Coefficients[1].Estimate, slope.Estimate, 1e-10);
        Assert.Equal(egger.Coefficients[1].PValue, slope.PValue, 1e-10);
        Assert.NotNull(FunnelPlot.Create(Robust, new() { ShowRegression = true }).Model.Slope);
    }

    [Fact]
    public void A_profile_has_a_curve_for_each_level_that_ends_its_interval_at_the_threshold()
    {
        var model = TauSquaredProfilePlot.Create(Multilevel).Model;
        Assert.Equal(["σ² of sample", "σ² of single effects"], model.Variances.Select(v => v.Name));
        foreach (var (curve, component) in model.Variances.Zip(Multilevel.VarianceComponents))
        {
            Assert.Equal(component.SigmaSquared, curve.Estimate);
            Assert.Equal(component.SigmaSquaredInterval, curve.Interval);
            Assert.InRange(curve.Profile.Max(p => p.Y), -1e-9, 1e-9);
            Assert.Equal(model.Threshold, component.LogLikelihoodsAt(curve.Interval.Upper)[0] - Multilevel.LogLikelihood, 1e-6);
        }
        Assert.Contains("by moments", Assert.Throws<ArgumentException>(() => TauSquaredProfilePlot.Create(Robust)).Message, StringComparison.Ordinal);
        Assert.Contains("no one tau²", Assert.Throws<ArgumentException>(() => TauSquaredProfilePlot.Create(Scale)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_the_mean_of_a_new_sample_and_a_new_effect_are_predicted()
    {
        IModelFit fit = Multilevel;
        var (study, effect) = (fit.PredictNew(NewTrueEffect.StudyMean)!.Value.PredictionInterval, fit.PredictNew()!.Value.PredictionInterval);
        var caterpillar = CaterpillarPlot.Create(fit).Model;
        Assert.Equal((study, effect), (caterpillar.NewClusterInterval, caterpillar.PredictionInterval));
        var orchard = OrchardPlot.Create(fit).Model.Groups.Single();
        Assert.Equal((study, effect), (orchard.NewClusterInterval, orchard.PredictionInterval));
        var distribution = PredictionDistributionPlot.Create(fit).Model;
        Assert.Equal((study, effect), (distribution.NewClusterInterval, distribution.PredictionInterval));
        var drapery = DraperyPlot.Create(fit).Model;
        Assert.NotNull(drapery.ClusterPrediction);
        // At p = .05 the curve is as wide as the interval.
        Assert.Equal(0.05, At(drapery.Prediction!, effect!.Value.Upper), 0.005);
        Assert.Equal(0.05, At(drapery.ClusterPrediction, study!.Value.Lower), 0.005);
        // One level: a new sample has one true effect.
        Assert.Null(CaterpillarPlot.Create(MultilevelModel.Fit(Effects, ["sample"])).Model.NewClusterInterval);
        Assert.NotNull(CaterpillarPlot.Create(Robust).Model.NewClusterInterval);

        static double At(PValueCurve curve, double x) => curve.Points.Zip(curve.Points.Skip(1)).Where(p => p.First.X <= x && x <= p.Second.X)
            .Select(p => p.First.Y + (p.Second.Y - p.First.Y) * (x - p.First.X) / (p.Second.X - p.First.X)).Single();
    }

    [Fact]
    public void A_bubble_plot_of_a_multilevel_model_has_both_bands()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new MultilevelOptions { Moderators = Moderator.Number("year").Centered() });
        var model = BubblePlot.Create(fit).Model;
        Assert.Equal(fit.Predict(new() { ["year"] = 1998 }), model.Line[0]);
        Assert.Equal(((IModelFit)fit).PredictNew(NewTrueEffect.StudyMean, new() { ["year"] = 2016 })!.Value.PredictionInterval, model.NewClusterIntervals[^1]);
        Assert.Contains("12 effects in 8 samples", model.Finding, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BubblePlot.Create(Multilevel));
    }

    [Fact]
    public void Means_of_categories_are_those_of_the_model()
    {
        var model = EstimatedMeansPlot.Create(Moderated).Model;
        Assert.Equal(((IModelFit)Moderated).MarginalMeans("rater").Select(m => Math.Tanh(m.Estimate)), model.Rows.Select(r => r.Estimate));
        Assert.Equal(new[] { "client", "observer" }.Select(r => Math.Tanh(Moderated.Predict(new() { ["rater"] = r }).ConfidenceInterval.Lower)), model.Rows.Select(r => r.Lower!.Value), (a, b) => Math.Abs(a - b) < 1e-10);
        Assert.Contains("client (k = 7 in 6 samples)", model.Finding, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => EstimatedMeansPlot.Create(Multilevel));
    }

    [Fact]
    public void An_orchard_by_category_of_the_variance_has_intervals_of_different_width()
    {
        var groups = OrchardPlot.Create(Scale, new() { Column = "rater" }).Model.Groups;
        Assert.Equal(["client", "observer"], groups.Select(g => g.Name));
        Assert.Equal(groups[0].Estimate, groups[1].Estimate, 12);
        Assert.NotEqual(groups[0].PredictionInterval, groups[1].PredictionInterval);
        Assert.Contains(CaterpillarPlot.Create(Scale).Model.Studies[0].Details, d => d.Name == "τ² at its moderators");
        Assert.Contains("variance depends on rater", Assert.Throws<ArgumentException>(() => PredictionDistributionPlot.Create(Scale)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_in_two_groups_of_an_orchard_has_no_mean_there()
    {
        var error = Assert.Throws<StudyDataException>(() => OrchardPlot.Create(Moderated, new() { Points = PlotPoints.Clusters }));
        Assert.Equal("rater", error.Column);
        Assert.Contains("within A", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Residuals_of_a_QQ_plot_are_those_of_the_fit()
    {
        var effects = NormalQuantilePlot.Create(Moderated).Model;
        Assert.Equal(Moderated.EffectResiduals().Select(r => r.Standardized!.Value).Order(), effects.Studies.Select(s => s.Y));
        var means = NormalQuantilePlot.Create(Multilevel, new() { Points = PlotPoints.Clusters }).Model;
        Assert.Equal(Multilevel.ClusterMeans().Select(m => m.Standardized!.Value).Order(), means.Studies.Select(s => s.Y));
        Assert.Throws<ArgumentException>(() => NormalQuantilePlot.Create(Robust));
    }

    [Fact]
    public void A_radial_plot_has_the_standard_deviations_of_the_model()
    {
        var model = RadialPlot.Create(Multilevel).Model;
        Assert.All(model.Studies, s => Assert.Equal(1 / Math.Sqrt(Effects.Variances[s.Study] + Multilevel.TotalVariance), s.X, 10));
        var means = RadialPlot.Create(Multilevel, new() { Points = PlotPoints.Clusters }).Model;
        Assert.Equal(Multilevel.ClusterMeans().Select(m => 1 / Math.Sqrt(m.Variance)), means.Studies.Select(s => s.X));
        Assert.Contains("NormalQuantilePlot", Assert.Throws<ArgumentException>(() => RadialPlot.Create(Moderated)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refits_leave_out_and_add_samples_unless_effects_are_asked_for()
    {
        var samples = LeaveOneOutPlot.Create(Multilevel).Model;
        var without = ((IModelFit)Multilevel).LeaveOneOut(EffectClusters.OfFit);
        Assert.Equal(without.Select(d => Math.Tanh(d.Fit!.Mean!.Value.Estimate)), samples.Rows.SkipLast(1).Select(r => r.Estimate!.Value));
        Assert.Equal(["A", "B", "C", "D", "E", "F", "G", "H", "All samples"], samples.Rows.Select(r => r.Label));
        Assert.Equal(13, LeaveOneOutPlot.Create(Multilevel, new() { Points = PlotPoints.Effects }).Model.Rows.Length);
        var cumulative = CumulativeForestPlot.Create(Multilevel, new() { By = "year" }).Model;
        Assert.NotNull(cumulative.Rows[0].Absence);
        Assert.Null(cumulative.Rows[0].Estimate);
        Assert.Contains(cumulative.Notes, n => n.StartsWith("A (1998) has no estimate", StringComparison.Ordinal));
        Assert.Equal(samples.Rows[^1].Estimate!.Value, cumulative.Rows[^2].Estimate!.Value, 12);
    }

    [Fact]
    public void With_moderators_refits_follow_a_coefficient()
    {
        var model = LeaveOneOutPlot.Create(Moderated).Model;
        Assert.Equal("rater: observer", model.Coefficient);
        Assert.Equal(Moderated.Coefficients[1].Estimate, model.Rows[^1].Estimate);
        Assert.Equal(Moderated.Coefficients[0].Estimate, LeaveOneOutPlot.Create(Moderated, new() { Coefficient = "Intercept" }).Model.Rows[^1].Estimate);
        Assert.Throws<ArgumentException>(() => LeaveOneOutPlot.Create(Moderated, new() { Coefficient = "year" }));
    }

    [Fact]
    public void Influence_and_Baujat_are_those_of_samples()
    {
        IModelFit fit = Multilevel;
        var influence = InfluencePlot.Create(fit).Model;
        Assert.Equal(fit.InfluenceOf(EffectClusters.OfFit).Rows.Select(r => r.CookDistance), influence.Measures.Single(m => m.Name == "Cook's distance").Values);
        Assert.Equal(["A", "B", "C", "D", "E", "F", "G", "H"], influence.Labels);
        var baujat = BaujatPlot.Create(fit).Model;
        var points = fit.Baujat(EffectClusters.OfFit);
        Assert.All(baujat.Studies, s => Assert.Equal((points[s.Study].HeterogeneityContribution, points[s.Study].Influence), (s.X, s.Y)));
        Assert.Throws<ArgumentException>(() => BaujatPlot.Create(Robust));
        Assert.NotEmpty(InfluencePlot.Create(Robust).ToFigure().ToJson());
    }

    [Fact]
    public void Subgroups_of_a_forest_plot_are_refits_of_the_model()
    {
        var model = ForestPlot.Create(Robust, new() { Subgroup = "rater" }).Model;
        foreach (var group in ((IModelFit)Robust).Subgroups("rater").Groups)
        {
            var row = model.Rows.Single(r => r.Kind == ForestRowKind.GroupPooled && r.Group == group.Name);
            Assert.Equal(Math.Tanh(group.Estimate!.Value.Estimate), row.Estimate!.Value, 12);
        }
        Assert.Contains(model.Summary, line => line.StartsWith("Between groups of rater: Q(1)", StringComparison.Ordinal));
    }

    [Fact]
    public void Means_of_clusters_need_clusters() =>
        Assert.All<Func<IPlot>>([() => FunnelPlot.Create(Samples.Fit(), new() { Points = PlotPoints.Clusters }), () => LeaveOneOutPlot.Create(Samples.Fit(), new() { Points = PlotPoints.Clusters })],
            create => Assert.Contains("sample of its own", Assert.Throws<ArgumentException>(create).Message, StringComparison.Ordinal));
}
