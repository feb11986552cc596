using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace EmpathyNotebooks.Plotting.Tests.Plotly;

public class FigureTests
{
    private static readonly IPlot[] All =
    [
        ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, Samples.Attack, Samples.Attack)), new() { Title = Samples.Attack }),
        ForestPlot.Create(Samples.Fit(), new() { Subgroup = "rater", LeftColumns = ["rater"], AxisMinimum = 0.1 }),
        ForestPlot.Create(EqualEffects.Fit(Samples.Effects())),
        ForestPlot.Create(Samples.Many(160)),
        ComparisonPlot.Create([new(Samples.Attack, 0.2, Note: Samples.Attack, Source: Samples.Attack), new("b", 0.1, 0.0, 0.2)], EffectMeasure.Correlation),
        CorrelationScatter.Create(0.28, 100, new() { XName = Samples.Attack, PointsName = Samples.Attack }),
        CurvePlot.Create([new CurveSeries(Samples.Attack, [0, 1], [0, 1]), new CurveSeries("b", [0, 1], [1, 0])],
            new() { XTitle = Samples.Attack, Marks = [new(0.5, 0.5, Samples.Attack)], References = [new(0.5, Samples.Attack)] }),
        FisherZPlot.Interval(0.8, 20),
        FisherZPlot.SamplingDistributions([0, 0.8], 20, onZ: false),
        FunnelPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, Samples.Attack)), new() { Title = Samples.Attack, ShowContours = true, ShowRegression = true }),
        FunnelPlot.Create(Samples.Many(160), new() { Scale = FunnelScale.SampleSize }),
    ];

    [Fact]
    public void Json_is_that_of_the_Plotly_NET_chart_and_the_same_each_time()
    {
        foreach (var plot in All)
        {
            var json = plot.ToFigure().ToJson();
            Assert.Equal(json, plot.ToFigure().ToJson());
            var chart = plot.ToFigure().ToPlotly();
            var theirs = JsonConvert.SerializeObject(new { data = GenericChart.getTraces(chart), layout = GenericChart.getLayout(chart) });
            Assert.True(JToken.DeepEquals(JToken.Parse(theirs), JToken.Parse(json)));
            Assert.Equal(plot.ToFigure().ToHtml(), plot.ToFigure().ToHtml());
        }
    }

    [Fact]
    public void Styling_the_taken_chart_leaves_the_figure_as_it_is()
    {
        var figure = All[0].ToFigure();
        var before = figure.ToJson();
        var chart = figure.ToPlotly();
        GenericChart.getTraces(chart).First().SetProperty("name", "mine");
        ((Dictionary<string, object?>)GenericChart.getTraces(chart).First().DynamicMember("marker"))["color"] = "red";
        Assert.Equal(before, figure.ToJson());
    }

    [Fact]
    public void A_forest_plot_has_the_traces_it_should_and_one_order_moves_them_all()
    {
        var json = JObject.Parse(ForestPlot.Create(Samples.Fit()).ToFigure().ToJson());
        var names = json["data"]!.Select(t => (string)t["name"]!).ToArray();
        Assert.Equal(["estimates", "intervals", "Study", "n", "r [95% CI]", "Weight", "prediction interval", "pooled estimates", "pooled values",
            "texts, left", "texts, right"], names);
        var menu = json["layout"]!["updatemenus"]![0]!;
        Assert.Equal(["Order: as given", "Order: by name", "Order: by year", "Order: by effect", "Order: by precision"],
            menu["buttons"]!.Select(b => (string)b["label"]!));
        foreach (var button in menu["buttons"]!)
        {
            Assert.Equal([0, 1, 2, 3, 4, 5], button["args"]![1]!.Select(i => (int)i));
            var y = button["args"]![0]!["y"]!;
            Assert.Single(y);
            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], y[0]!.Select(v => (double)v).Order());
        }
        Assert.All(json["data"]!.Take(6), t => Assert.Equal(8, t["y"]!.Count()));
    }

    [Fact]
    public void The_menu_orders_the_drawn_rows_as_the_model_does_whatever_order_is_first()
    {
        foreach (var first in (ForestOrder[])[ForestOrder.AsGiven, ForestOrder.Effect])
        {
            var json = JObject.Parse(ForestPlot.Create(Samples.Fit(), new() { Order = first }).ToFigure().ToJson());
            var menu = json["layout"]!["updatemenus"]![0]!;
            Assert.Equal(first == ForestOrder.Effect ? 3 : 0, (int)menu["active"]!);
            var estimates = json["data"]![0]!["x"]!.Select(v => (double)v).ToArray();
            var y = menu["buttons"]![3]!["args"]![0]!["y"]![0]!.Select(v => (double)v).ToArray();
            Array.Sort(y, estimates);
            Assert.Equal(estimates.Order(), estimates);
        }
    }

    [Fact]
    public void An_estimate_off_the_axis_is_an_arrow_that_still_answers()
    {
        var json = JObject.Parse(ForestPlot.Create(Samples.Fit(), new() { AxisMinimum = 0.1, AxisMaximum = 0.3 }).ToFigure().ToJson());
        var estimates = json["data"]!.First(t => (string)t["name"]! == "estimates");
        Assert.Equal(0.3, (double)estimates["x"]![2]!);
        Assert.Equal(0, (double)estimates["marker"]!["opacity"]![2]!);
        Assert.Equal(1, (double)estimates["marker"]!["opacity"]![0]!);
        var right = json["data"]!.First(t => (string)t["name"]! == "beyond the axis, right");
        Assert.Equal(0.3, (double)right["x"]![2]!);
        Assert.Equal("triangle-right", (string)right["marker"]!["symbol"]!);
        var intervals = json["data"]!.First(t => (string)t["name"]! == "intervals");
        for (var i = 0; i < 8; i++)
        {
            if (intervals["x"]![i]!.Type == JTokenType.Null) continue;
            var (middle, half) = ((double)intervals["x"]![i]!, (double)intervals["error_x"]!["array"]![i]!);
            Assert.InRange(middle - half, 0.1 - 1e-9, 0.3);
            Assert.InRange(middle + half, 0.1, 0.3 + 1e-9);
        }
    }

    [Fact]
    public void No_markup_of_the_data_reaches_Plotly()
    {
        foreach (var plot in All)
        {
            foreach (var text in JObject.Parse(plot.ToFigure().ToJson()).Descendants().OfType<JValue>().Where(v => v.Type == JTokenType.String))
            {
                Assert.DoesNotContain("<img", (string)text!, StringComparison.Ordinal);
            }
        }
        Assert.Contains(@"&lt;img src=x onerror=alert(1)&gt;", All[0].ToFigure().ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_colour_is_one_of_the_theme()
    {
        var known = Theme.All.Select(c => c.Light).Append("rgba(0,0,0,0)").ToHashSet();
        foreach (var plot in All)
        {
            foreach (var property in JObject.Parse(plot.ToFigure().ToJson()).Descendants().OfType<JProperty>()
                .Where(p => p.Name.EndsWith("color", StringComparison.Ordinal)))
            {
                var colors = property.Value is JArray list ? list.Select(v => (string)v!) : [(string)property.Value!];
                Assert.All(colors, c => Assert.Contains(c, known));
            }
        }
    }

    [Fact]
    public void Simulated_data_are_labelled_in_the_chart_itself()
    {
        Assert.Contains("Simulated data", All[0].ToFigure().ToJson(), StringComparison.Ordinal);
        Assert.Contains("Simulated data", All[5].ToFigure().ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("Simulated data", All[1].ToFigure().ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Heights_follow_the_rows()
    {
        double Height(int k) => (double)JObject.Parse(ForestPlot.Create(Samples.Many(k)).ToFigure().ToJson())["layout"]!["height"]!;
        Assert.True(Height(5) < 400);
        Assert.InRange(Height(16), 500, 800);
        Assert.InRange(Height(160), 2400, 3200);
    }

    [Fact]
    public void A_difference_makes_the_one_form_into_the_other()
    {
        var from = new PlotlyNode { { "a", 1 }, { "b", new PlotlyNode { { "c", "x" }, { "d", new[] { 1.0, 2 } } } }, { "gone", true } };
        var to = new PlotlyNode { { "a", 1 }, { "b", new PlotlyNode { { "c", "y" }, { "d", new[] { 1.0, 2 } } } }, { "new", 2.5 } };
        Assert.Equal("{\"b\":{\"c\":\"y\"},\"new\":2.5,\"gone\":null}", JsonConvert.SerializeObject(from.DifferenceTo(to).ToPlain()));
        Assert.True(from.DifferenceTo(from).IsEmpty);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void No_figure_holds_what_is_not_a_number(double value) =>
        Assert.Throws<ArgumentException>(() => new PlotlyNode { { "x", new[] { value } } });
}

internal static class TraceExtensions
{
    /// <summary>A property of a Plotly.NET trace by its name.</summary>
    public static object DynamicMember(this Trace trace, string name) => trace.GetProperties(false).Single(p => p.Key == name).Value;
}
