using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class FunnelOverlayTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void Filled_studies_are_open_mirror_images_and_the_mean_with_them_is_drawn()
    {
        var filled = Fit.TrimAndFill(TrimAndFillEstimator.L0, FunnelSide.Left);
        Assert.NotEmpty(filled.Filled);
        var plot = FunnelPlot.Create(Fit, new() { Filled = filled });
        Assert.Equal(filled.Filled.Select(f => f.Effect), plot.Model.Filled.Select(p => p.X));
        Assert.All(plot.Model.Filled, p => Assert.Equal(2 * filled.Centre - plot.Model.Studies[p.Study].X, p.X, 10));
        Assert.All(plot.Model.Filled, p => Assert.Equal(plot.Model.Studies[p.Study].Y, p.Y, 12));
        Assert.All(plot.Model.Filled, p => Assert.True(plot.Model.XAxis.Contains(p.X)));
        Assert.Equal(filled.Fit.Estimate, plot.Model.FilledEstimate);
        var trace = plot.ToFigure().Forms[0].Traces.Single(t => t.Name == "filled studies");
        Assert.Equal("circle-open", trace.MarkerSymbol);
        Assert.True(trace.ShowLegend);
        Assert.All(trace.Hover!, h => Assert.Contains("filled in: no study", h, StringComparison.Ordinal));
        Assert.Contains($"puts in {StudyTexts.Studies(filled.Missing)} on the left (L0)", plot.Finding, StringComparison.Ordinal);
        // Counts stay those of the studies there are.
        Assert.Equal(FunnelPlot.Create(Fit).Model.Outside, plot.Model.Outside);
    }

    [Fact]
    public void Where_none_is_missing_that_is_said()
    {
        var none = Fit.TrimAndFill(TrimAndFillEstimator.L0, FunnelSide.Right);
        Assert.Equal(0, none.Missing);
        var plot = FunnelPlot.Create(Fit, new() { Filled = none });
        Assert.Contains("finds no study missing on the right", plot.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain(plot.ToFigure().Forms[0].Traces, t => t.Name == "filled studies");
    }

    [Theory]
    [InlineData(FunnelScale.StandardError)]
    [InlineData(FunnelScale.Variance)]
    [InlineData(FunnelScale.Precision)]
    public void Curves_are_what_the_regressions_expect(FunnelScale scale)
    {
        var (pet, peese, limit, egger) = (Fit.Pet(), Fit.Peese(), Fit.LimitMetaAnalysis(), Fit.EggerTest(SmallStudyPredictor.Variance));
        var model = FunnelPlot.Create(Fit, new() { Scale = scale, Curves = [pet, peese, limit, egger] }).Model;
        Assert.Equal(["PET", "PEESE", "limit meta-analysis", "Egger's test, variance"], model.Curves.Select(c => c.Name));
        Func<double, double>[] expected =
        [
            se => pet.Intercept.Estimate + pet.Slope.Estimate * se, se => peese.Intercept.Estimate + peese.Slope.Estimate * se * se,
            se => limit.Slope + limit.Bias * Math.Sqrt(se * se + limit.TauSquared), se => egger.Limit!.Value.Estimate + egger.Slope.Estimate * se * se,
        ];
        foreach (var (curve, value) in model.Curves.Zip(expected))
        {
            Assert.All(curve.Points, p => Assert.Equal(value(scale switch { FunnelScale.StandardError => p.Y, FunnelScale.Variance => Math.Sqrt(p.Y), _ => 1 / p.Y }), p.X, 9));
        }
        if (scale == FunnelScale.StandardError) Assert.Equal(pet.Adjusted.Estimate, model.Curves[0].Points[0].X, 12);
        Assert.Contains("PET leads to r = ", model.Finding, StringComparison.Ordinal);
        Assert.Contains(model.Summary, s => s.Contains("PEESE, r = ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_line_of_Eggers_test_is_that_of_ShowRegression()
    {
        var model = FunnelPlot.Create(Fit, new() { ShowRegression = true, Curves = [Fit.EggerTest()] }).Model;
        foreach (var (a, b) in model.Regression!.Points.Zip(model.Curves[0].Points)) Assert.Equal(a.X, b.X, 10);
    }

    [Fact]
    public void Curves_are_told_apart_by_dash_and_named_in_the_legend()
    {
        var figure = FunnelPlot.Create(Fit, new() { Curves = [Fit.Pet(), Fit.Peese(), Fit.LimitMetaAnalysis(), new("a < b", _ => 0.1)] }).ToFigure();
        var traces = figure.Forms[0].Traces.Where(t => t.ShowLegend).ToArray();
        Assert.Equal(["PET", "PEESE", "limit meta-analysis", "a &lt; b"], traces.Select(t => t.Name));
        Assert.Equal(4, traces.Select(t => t.Dash).Distinct().Count());
        Assert.All(traces, t => Assert.NotEmpty(t.Hover!));
    }

    [Fact]
    public void A_curve_far_off_does_not_squeeze_the_studies()
    {
        var model = FunnelPlot.Create(Fit, new() { Curves = [new("steep", se => 100 * se)] }).Model;
        var range = model.Studies.Max(s => s.X) - model.Studies.Min(s => s.X);
        Assert.True(model.XAxis.Maximum - model.XAxis.Minimum < 3 * range);
    }

    [Fact]
    public void What_cannot_be_drawn_is_said()
    {
        string Message(FunnelPlotOptions options, IModelFit? fit = null) => Assert.Throws<ArgumentException>(() => FunnelPlot.Create(fit ?? Fit, options)).Message;
        var curve = new FunnelCurve("flat", _ => 0);
        Assert.Contains("at most 4", Message(new() { Curves = [curve, curve, curve, curve, curve] }), StringComparison.Ordinal);
        Assert.Contains("residuals", Message(new() { Curves = [curve] }, MetaRegression.Fit(Samples.Molloy(), Moderator.Number("year"))), StringComparison.Ordinal);
        Assert.Contains("sample sizes", Message(new() { Curves = [curve], Scale = FunnelScale.SampleSize }, Samples.Fit()), StringComparison.Ordinal);
        Assert.Contains("other effects", Message(new() { Filled = Samples.Fit().TrimAndFill(side: FunnelSide.Left) }), StringComparison.Ordinal);
        Assert.Contains("sample size", Assert.Throws<ArgumentException>(() => FunnelCurve.Of(Samples.Fit().EggerTest(SmallStudyPredictor.SampleSize))).Message, StringComparison.Ordinal);
        var dependent = PlotSet.Multilevel(PlotSet.Fit(16, DataOrigin.Own));
        var filled = dependent.TrimAndFill(side: FunnelSide.Left);
        Assert.Contains("averages within sample", Message(new() { Filled = filled }, dependent), StringComparison.Ordinal);
        Assert.Equal(filled.Missing, FunnelPlot.Create(filled.Original, new() { Filled = filled }).Model.Filled.Length);
    }
}
