using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Extremes;

/// <summary>What every plot keeps on data that no one designed it for.</summary>
public partial class ExtremeDataTests
{
    private static readonly (string Name, Func<PooledFit> Fit)[] Data =
    [
        ("all alike", () => Fit(5, _ => 0.25, _ => 0.02, EffectMeasure.FisherZ)),
        ("all zero", () => Fit(5, _ => 0, i => 0.02 + 0.01 * i)),
        ("tiny", () => Fit(7, i => 1e-7 * (i - 3), i => 1e-15 * (1 + i))),
        ("huge", () => Fit(7, i => 1.5e6 + 3e5 * i, i => 1e10 * (1 + i), EffectMeasure.MeanDifference)),
        ("variances of all sizes", () => Fit(10, i => 0.2 + 0.3 * Math.Sin(3 * i), i => Math.Pow(10, i - 6))),
        ("one far out", () => Fit(12, i => i == 5 ? 6 : 0.1 * Math.Sin(i), _ => 0.02, EffectMeasure.StandardizedMeanDifference)),
        ("near the end of the scale", () => Fit(6, i => 2.5 + 0.2 * i, _ => 0.02, EffectMeasure.FisherZ)),
        ("wide ratios", () => Fit(8, i => 4 * Math.Sin(2.1 * i), i => 0.3 + 0.5 * (i % 5), EffectMeasure.OddsRatio)),
        ("proportions", () => Fit(9, i => -2 + 0.5 * Math.Sin(i), i => 0.05 + 0.01 * i, EffectMeasure.ProportionLogit)),
    ];

    // Some plots compute for seconds: each is made once, and a fault is thrown each time it is asked for.
    private static readonly ConcurrentDictionary<(string Plot, string Data), Lazy<IPlot>> Made = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var (plot, fewest, _) in PlotSet.All) foreach (var (data, _) in Data.Where(d => d.Fit().Count >= fewest)) cases.Add(plot, data);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_is_drawn_with_readable_ticks_and_every_study_or_says_why_not(string name, string data)
    {
        var fit = Data.Single(d => d.Name == data).Fit();
        IPlot plot;
        try
        {
            plot = Plot(name, data);
        }
        catch (UndeterminedException error)
        {
            // What a method finds no answer to has no plot; the message says why.
            Assert.Matches("^(funnel with (filled|curves)|multilevel funnel with curves|(multilevel )?significance|p-curve|weight function|Copas)", name);
            Assert.DoesNotContain("NaN", error.Message, StringComparison.Ordinal);
            return;
        }
        catch (Exception error) when (error is StudyDataException or ArgumentException)
        {
            Assert.Matches("^(multilevel funnel|funnel (with|of precision)|(multilevel )?(sunset|significance)|p-curve|weight function|permutation$|firepower|next study)", name);
            Assert.Matches("is the only value|null value|no effect", error.Message);
            return;
        }
        var page = plot.ToFigure().PageJson;
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", plot.Finding, StringComparison.Ordinal);
        var drawn = JObject.Parse(page);
        foreach (var axis in drawn["layout"]!.Children<JProperty>().Where(p => Axis().IsMatch(p.Name)))
        {
            string[] ticks = [.. axis.Value["ticktext"]?.Select(t => (string)t!) ?? []];
            Assert.Equal(ticks.Length, ticks.Distinct().Count());
            // Names of categories may be longer than numbers.
            if (axis.Name == "yaxis" && (name.StartsWith("firepower", StringComparison.Ordinal) || name.StartsWith("risk of bias", StringComparison.Ordinal))) continue;
            Assert.All(ticks.Where(t => !t.Contains(" (k = ", StringComparison.Ordinal)), t => Assert.InRange(t.Length, 0, 9));
        }
        if (PlotSet.WithoutStudies.Contains(name) || plot is BaujatPlot { Model.Studies.IsEmpty: true }) return;
        string[] hovers = [.. drawn["data"]!.SelectMany(t => t["hovertext"]?.Select(h => (string)h!) ?? [])];
        Assert.All(PlotSet.Labels(name, fit), label => Assert.Contains(hovers, h => h.StartsWith($"<b>{label}</b>", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_prints_with_all_text_on_the_page(string name, string data)
    {
        IPlot plot;
        try
        {
            plot = Plot(name, data);
        }
        catch (Exception error) when (error is StudyDataException or ArgumentException or UndeterminedException)
        {
            return;
        }
        foreach (var options in (PrintOptions[])[PrintOptions.OneColumn, PrintOptions.TwoColumns]) Print.PrintTests.AssertAllTextIsOnThePage(plot.ToSvg(options));
    }

    private static IPlot Plot(string name, string data) =>
        Made.GetOrAdd((name, data), key => new(() => PlotSet.Create(key.Plot, Data.Single(d => d.Name == key.Data).Fit()))).Value;

    [Fact]
    public void A_Baujat_plot_of_effects_all_alike_says_that_influence_is_not_determined()
    {
        var plot = BaujatPlot.Create(Fit(5, _ => 0.25, _ => 0.02));
        Assert.Empty(plot.Model.Studies);
        Assert.Equal("Baujat plot: the influence of no study is determined.", plot.Finding);
        Assert.Equal(5, plot.Model.Notes.Count(n => n.Contains("is not drawn", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_has_no_null_value_is_tested_against_none_and_no_line_stands_there()
    {
        var fit = Data.Single(d => d.Name == "proportions").Fit();
        var model = ForestPlot.Create(fit).Model;
        Assert.Null(model.NullLine);
        Assert.InRange(model.Axis.Maximum, 0.2, 0.4);
        Assert.DoesNotMatch(", (t\\(|z =|p [=<])", model.Finding + model.Summary[0]);
        Assert.DoesNotContain(model.Rows.Single(r => r.Kind == ForestRowKind.Pooled).Details, d => d.Name == "p");
        var multilevel = ForestPlot.Create(PlotSet.Multilevel(fit)).Model;
        Assert.Null(multilevel.NullLine);
        Assert.DoesNotMatch(", (t\\(|z =|p [=<])", multilevel.Finding + multilevel.Summary[0]);
    }

    [Fact]
    public void A_study_beyond_the_axis_is_an_arrow_that_answers()
    {
        var figure = CaterpillarPlot.Create(Data.Single(d => d.Name == "one far out").Fit()).ToFigure();
        var studies = figure.Forms[0].Traces.Single(t => t.Name == "studies");
        var at = studies.Hover!.ToList().FindIndex(h => h.StartsWith("<b>Study 6</b>", StringComparison.Ordinal));
        Assert.Equal("triangle-right", studies.MarkerSymbols![at]);
        Assert.All(studies.MarkerSymbols.Where((_, i) => i != at), s => Assert.Equal("circle", s));
    }

    [Fact]
    public void Without_heterogeneity_the_words_say_what_is_drawn()
    {
        var alike = PredictionDistributionPlot.Create(Fit(5, _ => 0.25, _ => 0.02)).Model;
        Assert.StartsWith("All effects are alike", alike.Summary[0], StringComparison.Ordinal);
        var one = PredictionDistributionPlot.Create(Fit(8, i => 0.2 + 0.02 * Math.Sin(3 * i), i => 0.02 + 0.01 * i)).Model;
        Assert.StartsWith("τ² is estimated as 0", one.Summary[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(40)]
    public void Studies_are_counted_in_whole_numbers(int k)
    {
        var figure = InfluencePlot.Create(Fit(k, i => 0.2 + 0.1 * Math.Sin(i), _ => 0.02)).ToFigure();
        Assert.All(figure.Forms, form => Assert.All(form.Layout.XAxes[0].Ticks!, t => Assert.Matches("^[0-9]+$", t.Text)));
    }

    [Theory]
    [InlineData(-6e-7, 6e-7, "−5E−7", "0", "5E−7")]
    [InlineData(0, 3.2e7, "0", "1E+7", "3E+7")]
    [InlineData(1.00001e7, 1.00004e7, "1.00001E+7", "1.00003E+7", "1.00004E+7")]
    [InlineData(0, 4e-20, "0", "1E−20", "4E−20")]
    [InlineData(0, 0.0004, "0", "0.0001", "0.0004")]
    public void Ticks_of_tiny_and_huge_values_are_powers_of_ten(double from, double to, params string[] expected)
    {
        string[] texts = [.. new PlotAxis("", from, to, true).Ticks(4).Select(t => t.Text)];
        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.All(expected, t => Assert.Contains(t, texts));
    }

    [Fact]
    public void A_long_axis_title_is_cut_and_stands_whole_below()
    {
        var title = "Standardized mean difference between clients of therapists rated as empathic by independent observers and clients of all others, pre to post";
        var form = ForestPlot.Create(Samples.Fit(), new() { AxisTitle = title }).ToFigure().Forms[^1];
        Assert.EndsWith("…", form.Layout.XAxes[0].Title, StringComparison.Ordinal);
        var below = form.Layout.Notes.Single(n => n.Markup.StartsWith("Axis:", StringComparison.Ordinal)).Markup.Replace("<br>", " ", StringComparison.Ordinal);
        Assert.Contains(title, below, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_heading_of_a_group_or_column_is_whole_on_hover()
    {
        const string Long = "rater of the therapist's empathy, with a name longer than any column of a page has room for";
        var effects = StudyEffects.Create([0.1, 0.2, 0.3, 0.4], [0.02, 0.03, 0.02, 0.03], columns:
            [StudyColumn.OfTexts(Long, [$"{Long}: client", $"{Long}: client", "observer", "observer"])]);
        var form = ForestPlot.Create(RandomEffects.Fit(effects), new() { Subgroup = Long, RightColumns = [Long] }).ToFigure().Forms[0];
        foreach (var (side, whole) in new[] { ("texts, left", $"{Long}: {Long}: client"), ("texts, right", Long) })
        {
            var texts = form.Traces.Single(t => t.Name == side);
            Assert.Contains(texts.Text!, t => t.EndsWith("…</b>", StringComparison.Ordinal));
            Assert.Contains(texts.Hover!, h => h.Replace("</b><br><b>", " ", StringComparison.Ordinal) == $"<b>{PlotText.Escape(whole)}</b>");
        }
    }

    [Fact]
    public void Regions_of_a_funnel_and_their_keys_have_edges_since_their_shades_are_near_the_page()
    {
        var traces = FunnelPlot.Create(Samples.Fit(), new() { ShowContours = true }).ToFigure().Forms[0].Traces;
        var areas = traces.Where(t => t.Fill == "toself").ToArray();
        var keys = traces.Where(t => t.ShowLegend).ToArray();
        Assert.Equal(["p < .01", "p .01 to .05", "p .05 to .10"], areas.Select(t => t.Name));
        Assert.All(areas, t => Assert.True(t.LineWidth > 0 && t.LineColor == Theme.Line));
        // What lies between the regions has its key, too.
        Assert.Equal(["p < .01", "p .01 to .05", "p .05 to .10", "p > .10"], keys.Select(t => t.Name));
        Assert.All(keys, t => Assert.True(t is { MarkerSymbol: "square", MarkerLineWidth: > 0 } && t.MarkerLineColor == Theme.Line));
        Assert.Equal([.. areas.Select(t => t.FillColor!), Theme.Surface], keys.Select(t => t.MarkerColor!));
    }

    private static PooledFit Fit(int k, Func<int, double> y, Func<int, double> v, EffectMeasure? measure = null) => RandomEffects.Fit(StudyEffects.Create(
        [.. Enumerable.Range(0, k).Select(y)], [.. Enumerable.Range(0, k).Select(v)], measure, sampleSizes: [.. Enumerable.Range(0, k).Select(i => 20 + 13 * i)], columns:
        [
            StudyColumn.OfTexts("rater", Enumerable.Range(0, k).Select(i => i % 3 == 0 ? "client" : "observer")),
            StudyColumn.OfNumbers("year", Enumerable.Range(0, k).Select(i => (double?)(1990 + i * 7 % 31))),
            StudyColumn.OfTexts("sample", Enumerable.Range(0, k).Select(i => $"Sample {1 + i / 2}")),
        ]));

    [GeneratedRegex("^[xy]axis[0-9]*$")]
    private static partial Regex Axis();
}
