using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Plotting.Tests;

/// <summary>The numbers of the psychometric forest, of two groups and of the icon array.</summary>
public sealed class PsychometricAndMeaningPlotTests
{
    [Fact]
    public void A_psychometric_forest_has_observed_and_corrected_effects()
    {
        var fit = Psychometric.Fit(PlotSet.Correlated(PlotSet.Fit(12, DataOrigin.Own)), new() { PredictorReliability = "rxx", OutcomeReliability = "ryy" });

        var model = PsychometricPlot.Create(fit).Model;

        Assert.Equal(12, model.Rows.Length);
        Assert.All(model.Rows, r =>
        {
            Assert.True(Math.Abs(r.Study.Corrected) >= Math.Abs(r.Study.Observed));
            Assert.True(r.Corrected.Width >= r.Observed.Width);
            Assert.Equal(r.Study.Corrected, (r.Corrected.Lower + r.Corrected.Upper) / 2, 1e-12);
        });
        Assert.True(model.Axis.Minimum < model.Rows.Min(r => r.Study.Corrected) && model.Axis.Maximum > model.Rows.Max(r => r.Study.Corrected));
        Assert.Contains(fit.Measure.Format(fit.Corrected.Mean), model.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OverlapShading.Overlap, 0.5)]
    [InlineData(OverlapShading.U3, 0.5)]
    [InlineData(OverlapShading.Overlap, -1.2)]
    [InlineData(OverlapShading.U3, -1.2)]
    public void The_shaded_area_is_the_share(OverlapShading shading, double d)
    {
        var model = OverlapPlot.Create(EffectMeaning.OfDifference(d), new() { Shading = shading }).Model;

        var area = Enumerable.Range(1, model.Shaded.Length - 1).Sum(i => (model.Shaded[i].X - model.Shaded[i - 1].X) * (model.Shaded[i].Y + model.Shaded[i - 1].Y) / 2);
        Assert.Equal(model.Share, area, 0.002);
    }

    [Fact]
    public void An_icon_array_counts_a_hundred_people_of_each_group()
    {
        var plot = IconArrayPlot.Create(EffectMeaning.OfDifference(0.5, options: new() { BaseRate = 0.3 }));

        Assert.Equal((49, 30), (plot.Model.FirstCount, plot.Model.SecondCount));
        Assert.Contains("49", plot.Finding, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => IconArrayPlot.Create(EffectMeaning.OfDifference(0.5)));
        Assert.Throws<ArgumentException>(() => OverlapPlot.Create(EffectMeaning.OfRiskDifference(0.1)));
    }
}
