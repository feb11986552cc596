using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Sensitivity;

public sealed class GoshPlotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static PooledFit Eight { get; } = RandomEffects.Fit(Samples.Molloy().Select([.. Enumerable.Range(0, 8)]));

    [Fact]
    public void Fewer_bins_make_fewer_marks_of_the_same_subsets()
    {
        var gosh = Eight.Gosh(cancellation: Token);
        var fine = GoshPlot.Create(gosh, new() { MostPoints = 1 }).Model;
        var coarse = GoshPlot.Create(gosh, new() { MostPoints = 1, Bins = 20 }).Model;
        Assert.True(fine.IsBinned && coarse.IsBinned);
        Assert.True(coarse.Marks.Length < fine.Marks.Length, $"{coarse.Marks.Length} of {fine.Marks.Length}");
        Assert.Equal((255, 255), (fine.Marks.Sum(m => m.Count), coarse.Marks.Sum(m => m.Count)));
        Assert.Contains("10 to 200", Assert.Throws<ArgumentOutOfRangeException>(() => new GoshPlotOptions { Bins = 9 }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_subset_is_a_point_with_the_fit_to_it()
    {
        var model = GoshPlot.Create(Eight.Gosh(cancellation: Token), new() { Study = Eight.Effects.Labels[2] }).Model;

        Assert.False(model.IsBinned);
        Assert.Equal(255, model.Marks.Length);
        Assert.Equal(128, model.Marks.Count(m => m.HasStudy));
        Assert.All(model.Marks, m => Assert.Equal(1, m.Count));
        for (var subset = 3; subset < 256; subset += 50)
        {
            int[] rows = [.. Enumerable.Range(0, 8).Where(i => (subset >> i & 1) == 1)];
            if (rows.Length < 2) continue;
            var refit = ((IModelFit)Eight).Refit(rows);
            var mark = model.Marks[subset - 1];
            Assert.Equal(refit.Coefficients[0].Estimate, mark.Estimate, 1e-7);
            Assert.Equal(100 * refit.ISquared!.Value, mark.Heterogeneity, 1e-4);
            Assert.Equal((subset >> 2 & 1) == 1, mark.HasStudy);
            Assert.Equal(rows.Length, mark.Members);
        }
        Assert.All(model.Marks, m => Assert.True(model.XAxis.Contains(m.Estimate) && model.YAxis.Contains(m.Heterogeneity)));
        Assert.Equal(Eight.Estimate, model.Estimate);
        Assert.Equal(100 * ((IModelFit)Eight).ISquared!.Value, model.EstimateHeterogeneity!.Value, 1e-12);
    }

    [Fact]
    public void Histograms_count_every_point_once()
    {
        var model = GoshPlot.Create(Eight.Gosh(cancellation: Token)).Model;
        foreach (var bars in (IReadOnlyList<GoshBar>[])[model.EstimateBars, model.HeterogeneityBars])
        {
            Assert.Equal(128, bars.Sum(b => b.With));
            Assert.Equal(127, bars.Sum(b => b.Without));
            Assert.All(bars.Zip(bars.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        }
        foreach (var bar in model.EstimateBars.Take(model.EstimateBars.Length - 1)) Assert.Equal(model.Marks.Count(m => m.HasStudy && m.Estimate >= bar.From + 1e-12 && m.Estimate < bar.To - 1e-12), bar.With);
    }

    [Fact]
    public void Above_the_limit_there_are_bins_and_the_summary_says_what_was_drawn()
    {
        var fit = RandomEffects.Fit(Samples.Molloy(), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        var gosh = fit.Gosh(cancellation: Token);
        var model = GoshPlot.Create(gosh).Model;

        Assert.True(model.IsBinned);
        Assert.Equal(gosh.Points.Length, model.Marks.Sum(m => m.Count));
        Assert.InRange(model.Marks.Length, 100, 4_000);
        Assert.Equal(gosh.Points.Average(p => p.Estimate), model.Marks.Sum(m => m.Count * m.Estimate) / gosh.Points.Length, 1e-12);
        Assert.Equal(100 * gosh.Points.Average(p => p.ISquared), model.Marks.Sum(m => m.Count * m.Heterogeneity) / gosh.Points.Length, 1e-9);
        Assert.Contains("All 65,535 subsets of 16 studies. Drawn: every 5th of them, 13,107. Marks: bins", model.Summary[0], StringComparison.Ordinal);
        // A page holds the bins, not thirteen thousand points.
        Assert.True(GoshPlot.Create(gosh).ToFigure().ToJson().Length < 900_000);
    }

    [Fact]
    public void The_study_that_divides_the_cloud_is_chosen_and_one_beyond_the_sixty_fourth_too()
    {
        double[] effects = [.. Enumerable.Range(0, 70).Select(i => 0.2 + 0.05 * Math.Sin(i * 2.4))];
        effects[67] = 6;
        var fit = RandomEffects.Fit(StudyEffects.Create(effects, [.. Enumerable.Range(0, 70).Select(i => 0.01 + 0.002 * (i % 5))], EffectMeasure.FisherZ), new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        var gosh = fit.Gosh(new() { Subsets = 2_000 }, cancellation: Token);
        var plot = GoshPlot.Create(gosh);

        Assert.Equal([fit.Effects.Labels[67]], gosh.Outlying);
        Assert.Equal(fit.Effects.Labels[67], plot.Model.Study);
        Assert.InRange(plot.Model.Marks.Count(m => m.HasStudy), 900, 1_100);
        Assert.True(plot.Model.Marks.Where(m => m.HasStudy).Average(m => m.Heterogeneity) > plot.Model.Marks.Where(m => !m.HasStudy).Average(m => m.Heterogeneity) + 30);
        Assert.Contains($"outlying: {fit.Effects.Labels[67]}. Mean r with", plot.Finding, StringComparison.Ordinal);
        Assert.Contains("2,000 random subsets of 70 studies.", plot.Model.Summary[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_differ_in_mark_and_dash_and_are_drawn_by_turns()
    {
        var data = JObject.Parse(GoshPlot.Create(Eight.Gosh(cancellation: Token)).ToFigure().ToJson())["data"]!;
        var marks = data.Where(t => (string?)t["mode"] == "markers" && t["marker"]!["size"] is JArray).ToArray();
        Assert.Equal(["circle", "diamond"], marks.Select(t => (string)t["marker"]!["symbol"]!).Distinct());
        Assert.Equal(255, marks.Sum(t => t["x"]!.Count()));
        Assert.True(marks.Length >= 8);
        Assert.Equal(["dash", "solid"], data.Where(t => (string?)t["name"] == "histogram").Select(t => (string)t["line"]!["dash"]!).Distinct());
    }

    [Fact]
    public void Coefficients_and_clusters_are_shown_with_their_own_words()
    {
        var regression = MetaRegression.Fit(Samples.Molloy().Select([.. Enumerable.Range(0, 8)]), Moderator.Number("age"));
        var model = GoshPlot.Create(regression.Gosh(cancellation: Token), new() { Heterogeneity = GoshHeterogeneity.TauSquared }).Model;
        Assert.False(model.IsMean);
        Assert.Equal("age", model.XAxis.Title);
        Assert.Equal("τ²", model.YAxis.Title);
        Assert.Equal(regression.TauSquared, model.EstimateHeterogeneity);
        Assert.Contains(model.Notes, n => n.Contains("do not determine age", StringComparison.Ordinal));

        var clusters = GoshPlot.Create(PlotSet.Multilevel(PlotSet.Fit(8, DataOrigin.Own)).Gosh(cancellation: Token)).Model;
        Assert.StartsWith("Sample ", clusters.Study, StringComparison.Ordinal);
        Assert.Equal(4, clusters.Units);
        Assert.Contains("of 4 samples that determine the mean.", clusters.Summary[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_there_is_not_is_refused_with_what_there_is()
    {
        var gosh = Eight.Gosh(cancellation: Token);
        Assert.StartsWith($"Nobody is none of the studies: {Eight.Effects.Labels[0]}", Assert.Throws<ArgumentException>(() => GoshPlot.Create(gosh, new() { Study = "Nobody" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GoshPlotOptions { MostPoints = 20_001 });
    }
}
