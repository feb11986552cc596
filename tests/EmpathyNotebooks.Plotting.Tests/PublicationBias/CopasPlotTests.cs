using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class CopasPlotTests
{
    /// <summary>Invented, with a lopsided funnel, of which some selection explains all at this level.</summary>
    private static readonly CopasSelection Copas = CopasSelection.Fit(StudyEffects.Create(
        [0.60, 0.12, 0.55, 0.20, 0.38, 0.45, 0.15, 0.70, 0.25, 0.33], [0.080, 0.010, 0.060, 0.012, 0.030, 0.040, 0.008, 0.095, 0.015, 0.022], EffectMeasure.FisherZ), new() { Significance = 0.01 });

    [Fact]
    public void The_path_runs_from_strong_selection_to_none_on_the_scale_shown()
    {
        var model = CopasPlot.Create(Copas).Model;
        Assert.Equal(Copas.Path.Length, model.Path.Length);
        Assert.Equal(model.Path.Select(p => p.PublicationProbability).Order(), model.Path.Select(p => p.PublicationProbability));
        Assert.Equal(Copas.Path[0], model.Path[^1]);
        foreach (var (point, i) in model.Path.Select((p, i) => (p, i)))
        {
            Assert.Equal(Math.Tanh(point.Estimate), model.Estimates[i], 14);
            if (Copas.IntervalOf(point) is { } interval) Assert.Equal(Math.Tanh(interval.Lower), model.Intervals[i]!.Value.Lower, 14);
            Assert.True(model.XAxis.Contains(point.PublicationProbability) && model.EstimateAxis.Contains(model.Estimates[i]));
        }
    }

    [Fact]
    public void Three_panels_answer_alike_and_mark_the_point_chosen()
    {
        var plot = CopasPlot.Create(Copas);
        Assert.NotNull(Copas.Selected);
        Assert.NotEqual(Copas.Path[0], Copas.Selected);
        var traces = plot.ToFigure().Forms[0].Traces;
        var chosen = traces.Where(t => t.Name == "chosen").ToArray();
        Assert.Equal(3, chosen.Length);
        Assert.All(chosen, t => Assert.Equal(Copas.Selected.PublicationProbability, t.X.Single()));
        Assert.Equal(Copas.Selected.ResidualBiasPValue, chosen[1].Y.Single());
        Assert.Equal(Copas.Selected.Unpublished, chosen[2].Y.Single());
        Assert.Single(chosen.Select(t => t.Hover!.Single()).Distinct());
        Assert.Contains($"{StatisticText.Percent(Copas.Selected.PublicationProbability, 0)} published of studies like the least precise one", plot.Finding, StringComparison.Ordinal);
        Assert.Contains("(diamond)", CopasContourPlot.Create(Copas).Finding, StringComparison.Ordinal);
        // Probabilities are no counts.
        Assert.Contains(plot.ToFigure().Forms[0].Layout.XAxes[0].Ticks!, t => t.Value % 1 != 0);
    }

    [Fact]
    public void Without_an_answer_none_is_marked()
    {
        var none = CopasSelection.Fit(Copas.Effects);
        Assert.Null(none.Selected);
        var plot = CopasPlot.Create(none);
        Assert.Contains("chooses no estimate", plot.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain(plot.ToFigure().Forms[0].Traces, t => t.Name == "chosen");
        Assert.Contains("chooses no estimate", CopasContourPlot.Create(none).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void The_mean_without_selection_is_said_to_be_that()
    {
        var level = CopasSelection.Fit(Samples.Molloy());
        Assert.Equal(level.Path[0], level.Selected);
        Assert.Contains("Chosen: the mean without selection, r = ", CopasPlot.Create(level).Finding, StringComparison.Ordinal);
        var contour = CopasContourPlot.Create(level);
        Assert.Null(contour.Model.Selected);
        Assert.Contains("lies outside the plane", contour.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_the_contour_are_those_of_the_model_named_as_readers_know_them()
    {
        var plot = CopasContourPlot.Create(Copas);
        Assert.Equal(Copas.Contour.Lines.Length, plot.Model.Lines.Length);
        foreach (var (drawn, line) in plot.Model.Lines.Zip(Copas.Contour.Lines))
        {
            Assert.Equal(line.Points.Select(p => new PlotPoint(p.Gamma0, p.Gamma1)), drawn.Points);
            Assert.StartsWith(EffectMeasure.FisherZ.Format(Math.Tanh(line.Level), drawn.Name.Length - (drawn.Name[0] == '−' ? 2 : 1)), drawn.Name, StringComparison.Ordinal);
        }
        // Different levels have different names.
        Assert.Equal(Copas.Contour.Lines.Select(l => l.Level).Distinct().Count(), plot.Model.Lines.Select(l => l.Name).Distinct().Count());
        Assert.Equal(Copas.Path.Length - 1, plot.Model.Path.Length);
        Assert.All(plot.Model.Path, p => Assert.True(plot.Model.XAxis.Contains(p.Gamma0) && plot.Model.YAxis.Contains(p.Gamma1)));
    }
}
