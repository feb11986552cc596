using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class CopasPlotTests
{
    /// <summary>Invented, with a lopsided funnel.</summary>
    private static readonly CopasSelection Copas = CopasSelection.Fit(StudyEffects.Create(
        [0.60, 0.12, 0.55, 0.20, 0.48, 0.45, 0.10, 0.75, 0.25, 0.33, 0.08, 0.66], [0.080, 0.004, 0.060, 0.012, 0.030, 0.040, 0.003, 0.095, 0.015, 0.022, 0.002, 0.085], EffectMeasure.FisherZ));

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
        var traces = plot.ToFigure().Forms[0].Traces;
        var chosen = traces.Where(t => t.Name == "chosen").ToArray();
        Assert.Equal(3, chosen.Length);
        Assert.All(chosen, t => Assert.Equal(Copas.Selected.PublicationProbability, t.X.Single()));
        Assert.Equal(Copas.Selected.ResidualBiasPValue, chosen[1].Y.Single());
        Assert.Equal(Copas.Selected.Unpublished, chosen[2].Y.Single());
        Assert.Single(chosen.Select(t => t.Hover!.Single()).Distinct());
        Assert.Contains("Chosen: ", plot.Finding, StringComparison.Ordinal);
        // Probabilities are no counts.
        Assert.Contains(plot.ToFigure().Forms[0].Layout.XAxes[0].Ticks!, t => t.Value % 1 != 0);
    }

    [Fact]
    public void Without_an_answer_none_is_marked()
    {
        var none = CopasSelection.Fit(Copas.Effects, new() { Significance = 0.999999, Levels = 3 });
        if (none.Selected is not null) return;
        var plot = CopasPlot.Create(none);
        Assert.Contains("chooses no estimate", plot.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain(plot.ToFigure().Forms[0].Traces, t => t.Name == "chosen");
        Assert.Contains("chooses no estimate", CopasContourPlot.Create(none).Finding, StringComparison.Ordinal);
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
