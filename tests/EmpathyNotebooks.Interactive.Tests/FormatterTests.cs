using Deedle;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.Interactive.Tests;

/// <summary>What a notebook shows for each kind of result, as HTML and as plain text.</summary>
public sealed class FormatterTests
{
    private const string Attack = "<img src=x onerror=alert(1)>";

    private static readonly StudyEffects Effects = StudyEffects.Create(
        [Correlations.FisherZ(0.31, 50), Correlations.FisherZ(0.12, 80), Correlations.FisherZ(0.45, 30), Correlations.FisherZ(0.28, 120)],
        ["One", Attack, "Three", "Four"], [50, 80, 30, 120],
        [StudyColumn.OfTexts("rater", ["client", "observer", null, "client"])],
        new DataOrigin(DataKind.Simulated, "four samples"));

    public FormatterTests() => Notebook.Start();

    [Fact]
    public void A_fit_is_a_table_in_r_and_z()
    {
        var fit = RandomEffects.Fit(Effects);
        var html = Html(fit);
        var text = Text(fit);
        foreach (var output in new[] { html, text })
        {
            Assert.Contains("Simulated data: four samples", output, StringComparison.Ordinal);
            Assert.Contains("Random-effects model (REML, Hartung-Knapp inference), k = 4, N = 280", output, StringComparison.Ordinal);
            Assert.Contains(fit.Effects.Measure.Format(fit.BackTransformed.Estimate, 3), output, StringComparison.Ordinal);
            Assert.Contains("I² = ", output, StringComparison.Ordinal);
        }
        Assert.Contains("<table>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<", text.Replace("p < ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Heterogeneity_shows_its_intervals()
    {
        var heterogeneity = RandomEffects.Fit(Effects).Heterogeneity;
        Assert.Contains("Q(3)", Text(heterogeneity), StringComparison.Ordinal);
        Assert.Contains($", {StatisticText.Significant(heterogeneity.TauSquaredInterval!.Value.Upper)}]", Text(heterogeneity), StringComparison.Ordinal);
        Assert.Contains("I²", Html(heterogeneity), StringComparison.Ordinal);
    }

    [Fact]
    public void An_equal_effects_fit_of_one_study_has_no_intervals_to_show()
    {
        var fit = EqualEffects.Fit(Effects.Select([0]));
        Assert.Contains("–", Text(fit.Heterogeneity), StringComparison.Ordinal);
        Assert.Contains("Equal-effects model", Text(fit), StringComparison.Ordinal);
    }

    [Fact]
    public void A_meta_regression_is_a_table_of_coefficients_with_what_was_left_out()
    {
        var fit = MetaRegression.Fit(Datasets.McDaniel1994().Correlations(), Moderator.Category("type"));
        var text = Text(fit);
        Assert.Contains("Meta-regression (REML, Hartung-Knapp inference), k = 157", text, StringComparison.Ordinal);
        Assert.Contains("All moderators together: F(2, 154) = ", text, StringComparison.Ordinal);
        Assert.Contains("3 of 160 studies are left out because a moderator is not known for them: Study ", text, StringComparison.Ordinal);
        Assert.Contains("type: p", Html(fit), StringComparison.Ordinal);
        Assert.Contains("Q(154)", Text(fit.Heterogeneity), StringComparison.Ordinal);
        Assert.Contains("type: p", Text(fit.Coefficients), StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnostics_and_groups_are_tables()
    {
        var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());
        Assert.Contains("Jerant et al. (2011)", Text(fit.Influence()), StringComparison.Ordinal);
        Assert.Contains("Cook's D", Text(fit.Influence()), StringComparison.Ordinal);
        Assert.Contains("+ Wiebe & Christensen (1997)", Text(fit.Cumulative()), StringComparison.Ordinal);
        Assert.Contains("BLUP", Text(fit.Blups()), StringComparison.Ordinal);
        var groups = SubgroupAnalysis.Fit(fit.Effects, "design");
        Assert.Contains("Between groups: ", Text(groups), StringComparison.Ordinal);
        Assert.Contains("prospective", Html(groups), StringComparison.Ordinal);
        Assert.DoesNotContain("dni-treeview", Html(HenmiCopas.Fit(fit.Effects)), StringComparison.Ordinal);
    }

    [Fact]
    public void Dependent_effects_have_tables_and_a_sensitivity_run_a_plot()
    {
        var effects = Datasets.EmpathyEffectsSimulated().Correlations();
        var fit = MultilevelModel.Fit(effects, ["sample", "effect"], samplingCorrelation: 0.6);
        Assert.Contains("263 effects in 82 groups of sample", Text(fit), StringComparison.Ordinal);
        Assert.Contains("Simulated data", Html(fit), StringComparison.Ordinal);
        Assert.Contains("Cluster-robust inference (CR2)", Text(fit.Robust()), StringComparison.Ordinal);
        Assert.Contains("Simulated data", Text(fit.Robust()), StringComparison.Ordinal);
        var schools = Datasets.Konstantopoulos2011().Effects("yi", "vi", label: "District {district}", effect: "school", measure: EffectMeasure.StandardizedMeanDifference);
        Assert.Contains("95% prediction interval of a new effect [−0.5371, 0.9065].", Text(MultilevelModel.Fit(schools, ["district", "school"])), StringComparison.Ordinal);
        var rows = MultilevelModel.OverCorrelations(effects, ["sample", "effect"], correlations: [0, 0.5, 0.9]);
        Assert.Contains("0.50", Text(rows), StringComparison.Ordinal);
        var plot = CorrelationSensitivityPlot.Create(rows);
        Assert.Equal([0, 0.5, 0.9], plot.Model.Series[0].X);
        Assert.Equal(Math.Tanh(rows[1].Robust.Coefficients[0].Estimate), plot.Model.Series[0].Y[1]);
        Assert.Equal(3, plot.Model.Series.Length);
        Assert.Contains("Simulated data", Text(plot), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CorrelationSensitivityPlot.Create([]));
    }

    [Fact]
    public void A_label_from_data_is_text_and_nothing_else()
    {
        foreach (var shown in new object[] { Effects, RandomEffects.Fit(Effects).LeaveOneOut(), Frame.FromRecords(new[] { new { label = Attack } }) })
        {
            Assert.DoesNotContain("<img", Html(shown), StringComparison.Ordinal);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", Html(shown), StringComparison.Ordinal);
            Assert.Contains(Attack, Text(shown), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Leave_one_out_has_a_row_a_study()
    {
        var text = Text(RandomEffects.Fit(Effects).LeaveOneOut());
        Assert.Equal(Effects.Count, Effects.Labels.Count(label => text.Contains(label, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_long_frame_is_cut_and_says_how_long_it_is()
    {
        var frame = Frame.FromRecords(Enumerable.Range(0, 500).Select(i => new { row = i, value = i / 7.0, name = "n" + i }));
        Assert.Contains("Frame, 500 rows × 3 columns", Html(frame), StringComparison.Ordinal);
        Assert.InRange(Html(frame).Length, 500, 10_000);
        Assert.Contains("n499", Text(frame), StringComparison.Ordinal);
        Assert.DoesNotContain("n250", Text(frame), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_is_an_empty_cell()
    {
        var series = new SeriesBuilder<string, double> { { "a", 1.5 }, { "b", double.NaN } }.Series;
        Assert.Contains("1.5", Text(series), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", Html(series), StringComparison.Ordinal);
        Assert.Contains("Series of 2 values", Html(series), StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_and_vectors_are_tables()
    {
        var matrix = Matrix<double>.Build.Dense(30, 30, (i, j) => i - j / 3.0);
        Assert.Contains("Matrix, 30 × 30", Html(matrix), StringComparison.Ordinal);
        Assert.Contains("⋮", Text(matrix), StringComparison.Ordinal);
        Assert.Contains("−9.66667", Text(matrix), StringComparison.Ordinal);
        Assert.Contains("Vector of 3", Text(Vector<double>.Build.Dense([1, 2, 3])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_start_says_version_and_labels()
    {
        var start = Notebook.Start();
        Assert.Contains("EmpathyNotebooks " + start.Version, Text(start), StringComparison.Ordinal);
        Assert.Contains("Simulated data", Text(start), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_drawn_in_a_page_and_said_in_a_text()
    {
        var plot = ForestPlot.Create(RandomEffects.Fit(Effects));
        Assert.Contains("data-empathy-chart", Html(plot), StringComparison.Ordinal);
        Assert.DoesNotContain("<img src", Html(plot), StringComparison.Ordinal);
        Assert.StartsWith("Simulated data: four samples\n", Text(plot), StringComparison.Ordinal);
        Assert.Contains(plot.Finding, Text(plot), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", Html(Notebook.Start()), StringComparison.Ordinal);
    }

    [Fact]
    public void An_explorer_needs_nothing_else_and_is_said_in_a_text()
    {
        IExplorer[] explorers = [MetaAnalysisExplorer.Create(Effects), CorrelationExplorer.Create(0.28), DependenceExplorer.Create(), FunnelLineup.Create(RandomEffects.Fit(Effects), 1)];
        foreach (var explorer in explorers)
        {
            Assert.Equal(explorer.ToHtml(), Html(explorer));
            Assert.Contains("data-empathy-explorer", Html(explorer), StringComparison.Ordinal);
            Assert.StartsWith("Simulated data: ", Text(explorer), StringComparison.Ordinal);
            Assert.Contains(explorer.Finding, Text(explorer), StringComparison.Ordinal);
            Assert.EndsWith("It can be tried out where HTML and scripts are shown.", Text(explorer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Data_and_findings_are_tables()
    {
        Assert.Contains("Published data: Molloy et al. (2014)", Html(Datasets.Molloy2014()), StringComparison.Ordinal);
        Assert.Contains("... and 140 more.", Text(Datasets.McDaniel1994()), StringComparison.Ordinal);
        Assert.Contains("[.256, .299]", Text(Datasets.PublishedFindings()), StringComparison.Ordinal);
        Assert.Contains("Luborsky et al. (2002)", Html(Datasets.PublishedFindings()), StringComparison.Ordinal);
        Assert.Equal("<p>r = .28, 95% CI [.03, .50]</p>", Html(Correlations.FisherZ(0.28, 60)));
    }

    [Fact]
    public void Both_forms_are_preferred_so_that_a_host_sends_both() =>
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(PooledFit)).Order());

    [Fact]
    public void Every_further_result_has_a_table_of_its_own()
    {
        var effects = StudyEffects.Create([0.35, 0.18, 0.22, 0.41, 0.09, 0.27, 0.30, 0.15], [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025], EffectMeasure.FisherZ,
            [Attack, "2", "3", "4", "5", "6", "7", "8"], columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "observer"]),
            StudyColumn.OfTexts("sample", [Attack, Attack, "B", "B", "C", "C", "D", "D"]), StudyColumn.OfNumbers("year", [1998, 2001, 2003, 2006, 2009, 2011, 2014, 2016])]);
        var regression = MetaRegression.Fit(effects, Moderator.Category("rater") + Moderator.Number("year").CenteredAt(2005));
        var multilevel = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], Moderator.Category("rater"), 0.6);
        var spread = StudyEffects.Create([0.31, 0.02, 0.58, 0.14, 0.40, 0.85, -0.35, 0.62], [0.010, 0.022, 0.015, 0.012, 0.020, 0.011, 0.016, 0.013]);
        LabelledTable[] tables = [new(Attack, new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(0, 306, 29, 274))];
        foreach (var (result, part) in new (object, string)[]
        {
            (MantelHaenszel.OddsRatio(tables), "Cochran-Mantel-Haenszel"), (LocationScale.Fit(spread, null, null), "ln τ² | Intercept"),
            (RandomEffects.Fit(effects).Heterogeneity.ProfileLikelihoodIntervals(), "Profile likelihood intervals"), (regression.PairwiseContrasts("rater"), "p (Holm)"),
            (regression.VarianceInflationFactors(), "Variance inflation"), (regression.Predictions(), "Predicted means"), (regression.Baujat(), "to heterogeneity"),
            (MultivariateModel.Fit(effects, "sample", "rater", options: new() { Structure = CovarianceStructure.CompoundSymmetry }), "Multivariate model (CS, REML)"),
            (MultivariateModel.Fit(effects, "sample", "rater", new() { Structure = CovarianceStructure.CompoundSymmetry, CommonMean = true }), "rater | sample (CS): τ² ="),
            (MultivariateModel.Fit(effects, "sample", "year", new() { Structure = CovarianceStructure.ContinuousAutoregressive, CommonMean = true }), "Multivariate model (CAR, REML)"),
            (MultilevelModel.Fit(effects, [], new() { SamplingCovariance = SamplingCovariance.Within("sample", 0.3) }), "Generalised least squares, 8 effects"),
            (MultilevelModel.Fit(effects, ["sample"], new() { FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = 0.01 } }), "(held, 4 groups"),
            (multilevel, "are assumed to correlate .60"), (multilevel.Robust(), "All but the intercept together"), (multilevel.GroupEffects("sample"), "Random effects of the groups"),
            (MultilevelModel.Fit(effects, ["sample"]).GroupMeans(), "Means of the groups"),
            (multilevel.Influence(), "Influence of clusters"), (multilevel.Influence(MultilevelModel.EachEffect), "Influence of effects"), (multilevel.EffectResiduals(), "Cholesky"),
            (multilevel.ClusterResiduals(), "Residuals of clusters"), (RandomEffects.Fit(effects).EffectResiduals(), "standardised"),
            (RobustVarianceModel.Fit(effects, "sample"), "correlate .80"), (RobustVarianceModel.Fit(effects, "sample", WorkingModel.Hierarchical, Moderator.Number("year")), "within sample"),
        })
        {
            foreach (var output in new[] { Html(result), Text(result) }) Assert.Contains(part, output, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", Html(result), StringComparison.Ordinal);
            Assert.Contains("<table>", Html(result), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Small_coefficients_keep_their_digits_and_levels_theirs()
    {
        var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
            columns: [StudyColumn.OfNumbers("n", [12_000, 45_000, 8_000, 33_000, 21_000])]);
        var text = Text(MetaRegression.Fit(effects, Moderator.Number("n"), new() { ConfidenceLevel = 0.995 }));
        Assert.Contains("99.5% CI", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0.0000 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_equal_effects_fit_shows_no_interval_of_a_variance_it_does_not_have()
    {
        Assert.DoesNotContain("τ²", Text(EqualEffects.Fit(Effects).Heterogeneity), StringComparison.Ordinal);
        Assert.Contains("I²", Text(EqualEffects.Fit(Effects).Heterogeneity), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proportion_is_not_tested_against_0()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([Proportions.Logit(5, 20), Proportions.Logit(9, 30), Proportions.Logit(2, 18)]));
        Assert.DoesNotContain("< .001", Text(fit), StringComparison.Ordinal);
        Assert.EndsWith("–", Text(fit).Split('\n').Single(l => l.StartsWith("logit", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Html(object value) => Show(value, "text/html");

    private static string Text(object value) => Show(value, "text/plain");

    private static string Show(object value, string mimeType) => value.ToDisplayString(mimeType);

    /// <summary>A study of 1 in 3 is .333 in a group of its own, whatever the sizes of the other groups.</summary>
    [Fact]
    public void A_subgroup_of_Freeman_Tukey_proportions_is_shown_by_its_own_sizes()
    {
        (double Cases, double Size)[] studies = [(0, 25), (3, 1500), (12, 12), (5, 40), (1, 3)];
        var effects = StudyEffects.Create([.. studies.Select(s => Proportions.FreemanTukey(s.Cases, s.Size))], columns: [StudyColumn.OfTexts("g", ["a", "a", "b", "b", "c"])]);
        foreach (var common in new[] { false, true })
        {
            var text = SubgroupAnalysis.Fit(effects, "g", new() { CommonTauSquared = common, Inference = Inference.Normal }).ToDisplayString("text/plain");
            Assert.Contains(".333", text.Split('\n').Single(line => line.StartsWith("g: c ", StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }
}
