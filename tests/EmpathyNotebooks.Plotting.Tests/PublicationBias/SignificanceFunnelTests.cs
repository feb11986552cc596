using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class SignificanceFunnelTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void Affirmative_results_lie_beyond_the_line_and_are_filled()
    {
        var plot = SignificanceFunnelPlot.Create(Fit, Fit.MathurVanderWeele());
        var model = plot.Model;
        var border = Assert.Single(model.Borders).Points;
        var slope = (border[1].X - border[0].X) / (border[1].Y - border[0].Y);
        Assert.Equal(1.9599639845400545, slope, 10);
        foreach (var (study, affirmative) in model.Studies.Zip(model.IsAffirmative)) Assert.Equal(study.X > slope * study.Y, affirmative);
        var traces = plot.ToFigure().Forms[0].Traces;
        Assert.Equal(model.IsAffirmative.Count(a => a), traces.Single(t => t.Name == "affirmative").X.Count);
        Assert.Equal("circle-open", traces.Single(t => t.Name == "not affirmative").MarkerSymbol);
        Assert.Contains("9 of 16 studies are affirmative (above 0 with p < .05)", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void The_diamonds_are_the_mean_of_all_and_of_the_others()
    {
        var analysis = Fit.MathurVanderWeele();
        var plot = SignificanceFunnelPlot.Create(Fit, analysis);
        foreach (var (name, mean) in new[] { ("mean of all", analysis.Uncorrected), ("worst case", analysis.WorstCase) })
        {
            var diamond = plot.ToFigure().Forms[0].Traces.Single(t => t.Name == name && t.Fill == "toself");
            Assert.Equal([mean.ConfidenceInterval.Lower, mean.Estimate, mean.ConfidenceInterval.Upper, mean.Estimate], diamond.X.Take(4).Select(x => x!.Value));
            Assert.All(diamond.Y, y => Assert.InRange(y!.Value, plot.Model.LargestError, plot.Model.YAxis.Maximum));
        }
    }

    [Fact]
    public void Selection_below_and_on_both_sides_has_its_lines()
    {
        var below = SignificanceFunnelPlot.Create(Samples.Fit(), Samples.Fit().MathurVanderWeele(new() { Alternative = Alternative.Less })).Model;
        Assert.True(Assert.Single(below.Borders).Points[1].X < 0);
        Assert.Contains("below 0 with p < .05", below.Finding, StringComparison.Ordinal);
        var both = SignificanceFunnelPlot.Create(Fit, Fit.MathurVanderWeele(new() { Alternative = Alternative.TwoSided })).Model;
        Assert.Equal(-both.Borders[0].Points[1].X, both.Borders[1].Points[1].X, 12);
    }

    [Fact]
    public void How_strong_selection_must_be_is_said()
    {
        var analysis = Fit.MathurVanderWeele(new() { Target = Math.Atanh(0.1) });
        var model = SignificanceFunnelPlot.Create(Fit, analysis).Model;
        Assert.Contains(analysis.RatioOfEstimate.Outcome == SelectionRatioOutcome.Found
            ? $"To move the mean to .10, affirmative results must be {StatisticText.Number(analysis.RatioOfEstimate.Value!.Value, 1)} times likelier" : "No such selection moves the mean to .10", model.Finding, StringComparison.Ordinal);
        Assert.Contains("to 0", string.Join(" ", SignificanceFunnelPlot.Create(Fit, Fit.MathurVanderWeele()).Model.Summary), StringComparison.Ordinal);
    }

    [Fact]
    public void An_analysis_of_another_fit_is_refused() =>
        Assert.Contains("16", Assert.Throws<ArgumentException>(() => SignificanceFunnelPlot.Create(Samples.Fit(), Fit.MathurVanderWeele())).Message, StringComparison.Ordinal);
}
