using System.Collections.Concurrent;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests;

/// <summary>What every plot of a fit must keep.</summary>
public class PlotSetTests
{
    private static readonly ConcurrentDictionary<(string Name, int Studies), IPlot> Plots = new();

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var (name, fewest, _) in PlotSet.All)
            {
                foreach (var k in (int[])[1, 2, 5, 200])
                {
                    if (k >= fewest) cases.Add(name, k);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_is_drawn_with_a_hover_for_every_study(string name, int k)
    {
        var fit = PlotSet.Fit(k, DataOrigin.Own);
        var plot = Plot(name, k);
        var json = plot.ToFigure().ToJson();
        // The page has the rows that are folded at first, too.
        var hovers = JObject.Parse(plot.ToFigure().PageJson)["data"]!.SelectMany(t => t["hovertext"]?.Select(h => (string)h!) ?? []).ToArray();
        Assert.NotEmpty(hovers);
        if (!PlotSet.WithoutStudies.Contains(name)) Assert.All(PlotSet.Labels(name, fit), label => Assert.Contains(hovers, h => h.StartsWith($"<b>{PlotText.Escape(label)}</b>", StringComparison.Ordinal)));
        // Two-by-two tables have counts instead.
        if (plot is not LAbbePlot && !PlotSet.WithoutStudies.Contains(name)) Assert.Contains(hovers, h => h.Contains("variance v: ", StringComparison.Ordinal) && h.Contains("rater: ", StringComparison.Ordinal));
        Assert.EndsWith(".", plot.Finding, StringComparison.Ordinal);
        Assert.Equal(plot.Finding, plot.ToString());
        Assert.DoesNotContain("Simulated", json, StringComparison.Ordinal);
        Assert.Equal(json, PlotSet.Create(name, PlotSet.Fit(k, DataOrigin.Own)).ToFigure().ToJson());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_says_that_data_are_simulated_and_escapes_their_texts(string name, int k)
    {
        var plot = PlotSet.Create(name, PlotSet.Fit(k, new DataOrigin(DataKind.Simulated, "made up"), Samples.Attack));
        Assert.StartsWith("Simulated data: made up. ", plot.Finding, StringComparison.Ordinal);
        var json = plot.ToFigure().ToJson();
        Assert.Contains("Simulated data", json, StringComparison.Ordinal);
        Assert.All(JObject.Parse(json).Descendants().OfType<JValue>().Where(v => v.Type == JTokenType.String),
            v => Assert.DoesNotContain("<img", (string)v!, StringComparison.Ordinal));
        var known = Theme.All.Select(c => c.Light).Append("rgba(0,0,0,0)").ToHashSet();
        Assert.All(JObject.Parse(json).Descendants().OfType<JProperty>().Where(p => p.Name.EndsWith("color", StringComparison.Ordinal))
            .SelectMany(p => p.Value is JArray list ? list.Select(v => (string)v!) : [(string)p.Value!]), c => Assert.Contains(c, known));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_fits_narrow_pages(string name, int k)
    {
        var page = JObject.Parse(Plot(name, k).ToFigure().PageJson);
        Assert.Contains(page["forms"]!, f => (double)f["maximumWidth"]! is > 390 and <= 430);
        Assert.Null(page["layout"]!["width"]);
    }

    // Once for all tests that only look at it.
    private static IPlot Plot(string name, int k) => Plots.GetOrAdd((name, k), plot => PlotSet.Create(plot.Name, PlotSet.Fit(plot.Studies, DataOrigin.Own)));
}
