using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Diagnostics;

public class LAbbeTests
{
    private static readonly LabelledTable[] Tables =
        [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274)), new("C", new TwoByTwo(62, 13536, 248, 12619)), new("D", new TwoByTwo(0, 50, 5, 45))];

    [Fact]
    public void Studies_stand_at_their_two_risks()
    {
        var fit = MantelHaenszel.RiskRatio(Tables);
        var model = LAbbePlot.Create(fit, new() { FirstGroup = "vaccinated", SecondGroup = "not vaccinated", Event = "tuberculosis" }).Model;
        var b = model.Studies.Single(s => s.Label == "B");
        Assert.Equal((29.0 / 303, 6.0 / 306), (b.X, b.Y));
        Assert.Contains(b.Details, d => d == new PlotDetail("vaccinated", "6 of 306 (2.0%)"));
        Assert.Equal("Risk of tuberculosis, not vaccinated", model.XAxis.Title);
        Assert.Equal(1, model.Studies.Single(s => s.Label == "C").Size);
        Assert.Contains("is lower than in the not vaccinated in 4, higher in 0", model.Finding, StringComparison.Ordinal);
        // 10% without makes RR times 10% with.
        Assert.All(model.Pooled, p => Assert.Equal(fit.BackTransformedEstimate * p.X, p.Y, 12));
    }

    [Fact]
    public void The_curve_is_that_of_the_measure()
    {
        var odds = LAbbePlot.Create(MantelHaenszel.OddsRatio(Tables)).Model;
        Assert.All(odds.Pooled.Where(p => p.X > 0), p => Assert.Equal(Math.Exp(odds.Estimate), p.Y / (1 - p.Y) / (p.X / (1 - p.X)), 9));
        var difference = LAbbePlot.Create(MantelHaenszel.RiskDifference(Tables)).Model;
        Assert.All(difference.Pooled, p => Assert.Equal(difference.Estimate, p.Y - p.X, 12));
    }

    [Fact]
    public void An_axis_of_ratios_leaves_out_risks_of_0_and_says_so()
    {
        var model = LAbbePlot.Create(MantelHaenszel.RiskRatio(Tables), new() { IsLogarithmic = true }).Model;
        Assert.Equal(3, model.Studies.Length);
        Assert.Contains(model.Notes, n => n.StartsWith("D is not drawn", StringComparison.Ordinal));
        Assert.True(model.XAxis.Minimum > 0);
        Assert.Throws<ArgumentException>(() => LAbbePlot.Create(MantelHaenszel.RiskDifference([Tables[3]]), new() { IsLogarithmic = true }));
    }

    [Fact]
    public void Tables_must_be_those_of_the_fit()
    {
        var effects = StudyEffects.Create([.. Tables[..3].Select(t => TwoByTwoTables.LogRiskRatio(t.Table))], [.. Tables[..3].Select(t => t.Label)]);
        var fit = RandomEffects.Fit(effects);
        Assert.Equal(3, LAbbePlot.Create(fit, Tables[..3]).Model.Studies.Length);
        Assert.Contains("4 tables for 3 effects", Assert.Throws<ArgumentException>(() => LAbbePlot.Create(fit, Tables)).Message, StringComparison.Ordinal);
        Assert.Contains("Table 1 is of \"B\"", Assert.Throws<ArgumentException>(() => LAbbePlot.Create(fit, [Tables[1], Tables[0], Tables[2]])).Message, StringComparison.Ordinal);
        var z = RandomEffects.Fit(StudyEffects.Create([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], EffectMeasure.FisherZ, ["A", "B", "C"]));
        Assert.Contains("odds ratios, risk ratios or risk differences", Assert.Throws<ArgumentException>(() => LAbbePlot.Create(z, Tables[..3])).Message, StringComparison.Ordinal);
    }

    /// <summary>Not to .20 where no risk exceeds .10.</summary>
    [Theory]
    [InlineData(98, 0.12)]
    [InlineData(83, 0.09)]
    [InlineData(300, 0.4)]
    [InlineData(120, 0.14)]
    [InlineData(990, 1)]
    public void The_axis_ends_near_the_highest_risk(double events, double end)
    {
        LabelledTable[] tables = [new("A", new TwoByTwo(events, 1000 - events, events / 2, 1000 - events / 2)), new("B", new TwoByTwo(events / 3, 1000 - events / 3, events / 4, 1000 - events / 4))];
        Assert.Equal(1.02 * end, LAbbePlot.Create(MantelHaenszel.RiskRatio(tables)).Model.XAxis.Maximum, 1e-9);
    }
}
