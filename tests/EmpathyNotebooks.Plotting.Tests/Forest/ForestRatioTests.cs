using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

/// <summary>Ratios are pooled as logarithms, and their axis is divided so.</summary>
public class ForestRatioTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(StudyEffects.Create([Math.Log(0.25), Math.Log(0.5), Math.Log(2), Math.Log(0.4)], [0.04, 0.09, 0.16, 0.02],
        EffectMeasure.RiskRatio));

    [Fact]
    public void The_model_is_in_ratios_and_the_drawing_in_their_logarithms()
    {
        var model = ForestPlot.Create(Fit).Model;
        Assert.Equal(AxisSpacing.Logarithmic, model.Axis.Spacing);
        Assert.Equal(0.25, model.Rows[0].Estimate!.Value, 12);
        Assert.Equal(1, model.NullLine);
        Assert.True(model.Axis.Minimum > 0);

        var json = JObject.Parse(ForestPlot.Create(Fit).ToFigure().ToJson());
        var estimates = json["data"]!.First(t => (string)t["name"]! == "estimates")["x"]!.Select(x => (double)x).ToArray();
        Assert.Equal(Math.Log(0.25), estimates[0], 9);
        var intervals = json["data"]!.First(t => (string)t["name"]! == "intervals");
        // An interval symmetric in logarithms is drawn symmetric.
        Assert.Equal(Math.Log(0.25), (double)intervals["x"]![0]!, 9);
        Assert.Equal(1.9599639845400545 * 0.2, (double)intervals["error_x"]!["array"]![0]!, 9);
        var axis = json["layout"]!["xaxis"]!;
        var one = axis["ticktext"]!.Select(t => (string)t!).ToList().IndexOf("1");
        Assert.Equal(0, (double)axis["tickvals"]![one]!);
        var shapes = json["layout"]!["shapes"]!.Where(s => (string)s["yref"]! == "y" && (double)s["x0"]! == 0);
        Assert.NotEmpty(shapes);
    }

    [Fact]
    public void Its_ticks_are_round_ratios()
    {
        var ticks = new PlotAxis("", 0.08, 30, true) { Spacing = AxisSpacing.Logarithmic }.TicksFor(500, 12);
        Assert.Equal(["0.1", "0.2", "0.5", "1", "2", "5", "10", "20"], ticks.Select(t => t.Text));
        Assert.Equal(0.5, ticks[2].Value, 12);
        // Where the axis is too short for a power, round numbers do.
        Assert.True(new PlotAxis("", 0.9, 1.3, true) { Spacing = AxisSpacing.Logarithmic }.TicksFor(400, 12).Length >= 3);
    }

    [Fact]
    public void A_diamond_has_straight_sides_where_it_is_drawn()
    {
        var axis = new PlotAxis("", 0.5, 10, true) { Spacing = AxisSpacing.Logarithmic };
        var corners = ForestAxis.Diamond(0.25, 1, 4, 0, axis);
        // Cut at 0.5, half way between 0.25 and 1 in logarithms: half as high.
        Assert.All(corners.Where(c => Math.Abs(c.X - 0.5) < 1e-9), c => Assert.Equal(0.17, Math.Abs(c.Y), 9));
        Assert.Equal(5, corners.Length);
    }

    [Fact]
    public void An_axis_of_ratios_does_not_reach_0()
    {
        Assert.Contains("begins above 0", Assert.Throws<ArgumentException>(() => ForestPlot.Create(Fit, new() { AxisMinimum = 0 })).Message, StringComparison.Ordinal);
        Assert.Equal(0.05, ForestPlot.Create(Fit, new() { AxisMinimum = 0.05 }).Model.Axis.Minimum);
    }

    [Fact]
    public void So_have_all_charts_of_rows()
    {
        Assert.Equal(AxisSpacing.Logarithmic, LeaveOneOutPlot.Create(Fit).Model.Axis.Spacing);
        Assert.Equal(AxisSpacing.Logarithmic, CumulativeForestPlot.Create(Fit).Model.Axis.Spacing);
        Assert.Equal(AxisSpacing.Logarithmic, ComparisonPlot.Create([new("a", 0.5, 0.2, 0.9), new("b", 2)], EffectMeasure.OddsRatio).Model.Axis.Spacing);
    }
}
