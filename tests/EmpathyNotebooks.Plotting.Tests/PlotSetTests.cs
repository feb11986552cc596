using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests;

/// <summary>What every plot of a fit must keep, whatever it draws: one row here for each.</summary>
public class PlotSetTests
{
    /// <summary>Name, fewest studies, and the plot of a fit.</summary>
    private static readonly (string Name, int Fewest, Func<PooledFit, IPlot> Create)[] Set =
    [
        ("funnel", 1, f => FunnelPlot.Create(f)),
        ("funnel with regions", 1, f => FunnelPlot.Create(f, new() { ShowContours = true, Scale = FunnelScale.Variance })),
        ("funnel of precision", 1, f => FunnelPlot.Create(f, new() { ShowContours = true, Scale = FunnelScale.Precision })),
        ("funnel of n", 1, f => FunnelPlot.Create(f, new() { Scale = FunnelScale.SampleSize })),
        ("cumulative", 1, f => CumulativeForestPlot.Create(f)),
        ("leave one out", 5, f => LeaveOneOutPlot.Create(f)),
        ("Baujat", 5, f => BaujatPlot.Create(f)),
        ("radial", 1, f => RadialPlot.Create(f)),
        ("Q-Q", 5, f => NormalQuantilePlot.Create(f)),
        ("orchard", 1, f => OrchardPlot.Create(f)),
        ("caterpillar", 1, f => CaterpillarPlot.Create(f)),
        ("bubble", 5, f => BubblePlot.Create(MetaRegression.Fit(f.Effects, Moderator.Number("year")))),
        ("influence", 5, f => InfluencePlot.Create(f)),
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var (name, fewest, _) in Set)
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
        var fit = Fit(k, DataOrigin.Own);
        var plot = Create(name, fit);
        var json = plot.ToFigure().ToJson();
        var hovers = JObject.Parse(json)["data"]!.SelectMany(t => t["hovertext"]?.Select(h => (string)h!) ?? []).ToArray();
        Assert.All(fit.Effects.Labels, label => Assert.Contains(hovers, h => h.StartsWith($"<b>{PlotText.Escape(label)}</b>", StringComparison.Ordinal)));
        Assert.Contains(hovers, h => h.Contains("variance v: ", StringComparison.Ordinal) && h.Contains("rater: ", StringComparison.Ordinal));
        Assert.EndsWith(".", plot.Finding, StringComparison.Ordinal);
        Assert.Equal(plot.Finding, plot.ToString());
        Assert.DoesNotContain("Simulated", json, StringComparison.Ordinal);
        Assert.Equal(json, Create(name, Fit(k, DataOrigin.Own)).ToFigure().ToJson());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_says_that_data_are_simulated_and_escapes_their_texts(string name, int k)
    {
        var plot = Create(name, Fit(k, new DataOrigin(DataKind.Simulated, "made up"), Samples.Attack));
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
        var page = JObject.Parse(Create(name, Fit(k, DataOrigin.Own)).ToFigure().PageJson);
        Assert.Contains(page["forms"]!, f => (double)f["maximumWidth"]! is > 390 and <= 430);
        Assert.Null(page["layout"]!["width"]);
    }

    private static IPlot Create(string name, PooledFit fit) => Set.Single(s => s.Name == name).Create(fit);

    private static PooledFit Fit(int k, DataOrigin origin, string label = "")
    {
        var effects = StudyEffects.Create(
            [.. Enumerable.Range(0, k).Select(i => Correlations.FisherZ(0.2 + 0.4 * Math.Sin(i * 2.4), 20 + 13 * i % 300))],
            [.. Enumerable.Range(1, k).Select(i => $"{label} Study {i}".Trim())], [.. Enumerable.Range(0, k).Select(i => 20 + 13 * i % 300)],
            [StudyColumn.OfTexts("rater", Enumerable.Range(0, k).Select(_ => "client")), StudyColumn.OfNumbers("year", Enumerable.Range(0, k).Select(i => (double?)(1990 + i * 7 % 31)))], origin);
        return k == 1 ? EqualEffects.Fit(effects) : RandomEffects.Fit(effects);
    }
}
