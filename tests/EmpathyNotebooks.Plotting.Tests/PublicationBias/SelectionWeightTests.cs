using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class SelectionWeightTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Theory]
    [InlineData(PValueSpacing.Probability)]
    [InlineData(PValueSpacing.Logarithmic)]
    [InlineData(PValueSpacing.Linear)]
    public void Steps_are_drawn_as_steps(PValueSpacing spacing)
    {
        var fit = Fit.WithSelection(SelectionFunction.Step(0.025, 0.5));
        var model = SelectionWeightPlot.Create(fit, new() { Spacing = spacing }).Model;
        Assert.Equal([0.025, 0.5], model.CutPoints);
        Assert.Equal(6, model.Weights.Length);
        Assert.Equal([1, 1], model.Weights.Take(2).Select(w => w.Weight));
        foreach (var (at, parameter) in new[] { (2, 0), (3, 0), (4, 1), (5, 1) })
        {
            Assert.Equal(fit.Parameters[parameter].Estimate, model.Weights[at].Weight, 10);
            Assert.True(model.YAxis.Contains(model.Weights[at].Weight));
        }
        // The step stands at the cut-point.
        Assert.Equal(model.PlaceOf(0.025), model.PlaceOf(model.Weights[2].PValue), 10);
        Assert.Equal(model.Weights.Select(w => model.PlaceOf(w.PValue)).Order(), model.Weights.Select(w => model.PlaceOf(w.PValue)));
        Assert.Contains("for p from .025 to .5", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void One_sided_p_values_stand_by_quantiles_and_two_sided_ones_by_logarithms()
    {
        var one = SelectionWeightPlot.Create(Fit.WithSelection(SelectionFunction.Step(0.025))).Model;
        Assert.Equal(PValueSpacing.Probability, one.Spacing);
        Assert.Equal(-1.9599639845400545, one.PlaceOf(0.025), 10);
        Assert.Equal(0, one.PlaceOf(0.5), 12);
        foreach (var (study, i) in one.Studies.Select((s, i) => (s, i)))
        {
            var z = Fit.Effects.Effects[i] / Math.Sqrt(Fit.Effects.Variances[i]);
            if (Math.Abs(z) < 3) Assert.Equal(-z, study.X, 9);
        }
        var two = SelectionWeightPlot.Create(Fit.WithSelection(SelectionFunction.Step(0.05), new() { Alternative = Alternative.TwoSided })).Model;
        Assert.Equal(PValueSpacing.Logarithmic, two.Spacing);
        Assert.Equal(Math.Log(0.05), two.PlaceOf(0.05), 12);
        Assert.All(two.Studies, s => Assert.True(two.XAxis.Contains(s.X)));
    }

    [Fact]
    public void A_curve_is_the_function_with_its_band()
    {
        var fit = Fit.WithSelection(SelectionFunction.Beta());
        var plot = SelectionWeightPlot.Create(fit);
        Assert.All(plot.Model.Weights, w => Assert.Equal(fit.WeightAt(w.PValue), w));
        Assert.Equal(1, fit.WeightAt(0.025).Weight, 12);
        var band = plot.ToFigure().Forms[0].Traces.Single(t => t.Name == "pointwise interval");
        Assert.Equal(2 * plot.Model.Weights.Length, band.X.Count);
        Assert.Contains("relative to p = .025", plot.Model.Summary[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_without_a_standard_error_has_no_band_and_a_band_that_is_cut_is_said()
    {
        // The best δ is 0, its bound.
        var none = SelectionWeightPlot.Create(Fit.WithSelection(SelectionFunction.HalfNormal(), new() { Alternative = Alternative.TwoSided }));
        Assert.DoesNotContain(none.ToFigure().Forms[0].Traces, t => t.Name == "pointwise interval");
        Assert.Contains("no band", none.Model.Summary[0], StringComparison.Ordinal);
        var wide = SelectionWeightPlot.Create(Samples.Fit().WithSelection(SelectionFunction.Step(0.5))).Model;
        Assert.Contains("The band reaches beyond the axis, to 4.2.", wide.Notes);
        Assert.True(wide.YAxis.Maximum <= 2.3 * Math.Max(1, wide.Weights.Max(w => w.Weight)));
    }

    [Fact]
    public void A_truncated_distribution_is_refused() =>
        Assert.Throws<ImpossibleChoiceException>(() => SelectionWeightPlot.Create(Fit.WithSelection(SelectionFunction.Truncated())));

    [Theory]
    [InlineData(0.5, ".5")]
    [InlineData(0.05, ".05")]
    [InlineData(0.025, ".025")]
    [InlineData(0.001, ".001")]
    [InlineData(0.1, ".1")]
    public void P_values_have_as_many_decimals_as_they_need(double p, string text) => Assert.Equal(text, SelectionWeightPlot.PText(p));
}
