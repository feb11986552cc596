using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class PCurvePlotTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void Shares_are_those_of_the_significant_results()
    {
        var plot = PCurvePlot.Create(Fit);
        double[] p = [.. Fit.Effects.Effects.Zip(Fit.Effects.Variances, (y, v) => TestStatistic.Z(y / Math.Sqrt(v)).PValue).Where(x => x < 0.05)];
        Assert.Equal(p.Order(), plot.Model.Studies.Select(s => s.X).Order(), (a, b) => Math.Abs(a - b) < 1e-12);
        foreach (var step in plot.Model.Steps) Assert.Equal((double)p.Count(x => x > step.UpTo - 0.01 - 1e-12 && x <= step.UpTo) / p.Length, step.Observed, 12);
        var traces = plot.ToFigure().Forms[0].Traces;
        Assert.Equal(plot.Model.Steps.Select(s => (double?)s.Observed), traces.Single(t => t.Name == "observed").Y);
        Assert.All(traces.Single(t => t.Name == "no effect").Y, y => Assert.Equal(0.2, y));
        Assert.Equal(plot.Model.Steps.Select(s => (double?)s.AtThirdPower), traces.Single(t => t.Name == "33% power").Y);
        Assert.Equal(3, traces.Where(t => t.ShowLegend).Select(t => t.Dash).Distinct().Count());
        Assert.StartsWith("p-curve of 9 significant results of 16: ", plot.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_side_counts_alone_where_asked()
    {
        var fit = Samples.Fit();
        Assert.Contains(PCurvePlot.Create(fit).Model.Studies, s => s.Label == "Study 1");
        var above = PCurvePlot.Create(fit, new() { Alternative = Alternative.Greater }).Model;
        Assert.DoesNotContain(above.Studies, s => s.Label == "Study 1");
        Assert.Equal(above.Curve.Count, above.Studies.Length);
        var below = PCurvePlot.Create(fit, new() { Alternative = Alternative.Less }).Model;
        Assert.Equal("Study 1", Assert.Single(below.Studies).Label);
    }

    [Fact]
    public void Reported_tests_have_no_studies_below_and_say_where_they_come_from()
    {
        var curve = PCurve.Fit([TestStatistic.T(2.31, 45), TestStatistic.F(9.4, 1, 88), TestStatistic.Z(0.4)]);
        var plot = PCurvePlot.Create(curve, new() { Origin = new DataOrigin(DataKind.Simulated, "made up") });
        Assert.Empty(plot.Model.Studies);
        Assert.StartsWith("Simulated data: made up. p-curve of 2 significant results of 3", plot.Finding, StringComparison.Ordinal);
        Assert.Equal(0, plot.Model.YAxis.Minimum);
        Assert.Contains("Simulated data", plot.ToFigure().ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_and_a_plan_of_simulated_effects_say_so_without_being_told()
    {
        var origin = new DataOrigin(DataKind.Simulated, "twenty effects");
        var effects = StudyEffects.Create([.. Enumerable.Range(0, 20).Select(i => 0.25 + 0.01 * i)], [.. Enumerable.Repeat(0.01, 20)], origin: origin);
        IPlot[] plots = [PCurvePlot.Create(PCurve.Fit(effects)), ZCurvePlot.Create([.. effects.Effects.Select(y => y / 0.1)], ZCurve.Fit(effects, new() { Bootstraps = 0 })), PowerCurvePlot.Create(RandomEffects.Fit(effects).PlanOfMean(0.2))];
        Assert.All(plots, plot =>
        {
            Assert.Equal(origin, plot.Origin);
            Assert.StartsWith("Simulated data: twenty effects. ", plot.Finding, StringComparison.Ordinal);
        });
        // What is said counts.
        Assert.Equal("Published data: these", PCurvePlot.Create(PCurve.Fit(effects), new() { Origin = new DataOrigin(DataKind.Published, "these") }).Origin.Label);
    }

    [Fact]
    public void Without_significant_results_there_is_none() =>
        Assert.Throws<UndeterminedException>(() => PCurvePlot.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.05], [0.1, 0.1]))));
}
