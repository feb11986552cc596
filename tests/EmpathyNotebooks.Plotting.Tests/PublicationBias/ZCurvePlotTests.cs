using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class ZCurvePlotTests
{
    /// <summary>Invented: |z| from 0.05 to 7.15, denser above significance.</summary>
    private static readonly double[] Z = [.. Enumerable.Range(0, 60).Select(i => 1.9 + 2.2 * i * i / 3600), .. Enumerable.Range(0, 20).Select(i => -0.05 - 0.09 * i), 4.5, 5.2, 5.99, 6, 6.4, 7.15];

    private static readonly ZCurve Curve = ZCurve.Fit(Z, new() { Bootstraps = 100 });

    private static ZCurvePlotModel Model => ZCurvePlot.Create(Z, Curve).Model;

    [Fact]
    public void Bars_count_every_result_below_6_once_and_significant_ones_have_an_area_of_1()
    {
        var model = Model;
        Assert.Equal(Z.Count(z => Math.Abs(z) < 6), model.Bars.Sum(b => b.Count));
        Assert.Equal(Curve.FittedCount, model.Bars.Where(b => b.IsSignificant).Sum(b => b.Count));
        Assert.Equal(1, model.Bars.Where(b => b.IsSignificant).Sum(b => b.Density * (b.To - b.From)), 12);
        Assert.Equal(3, model.Beyond);
        Assert.Equal(0, model.Bars[0].From);
        Assert.Equal(6, model.Bars[^1].To);
        foreach (var (left, right) in model.Bars.Zip(model.Bars.Skip(1))) Assert.Equal(left.To, right.From, 12);
        Assert.Single(model.Bars, b => Math.Abs(b.From - model.Critical) < 1e-12 && b.IsSignificant);
        foreach (var bar in model.Bars.Skip(1)) Assert.Equal(Z.Count(z => Math.Abs(z) > bar.From + 1e-12 && Math.Abs(z) <= bar.To + 1e-12 && Math.Abs(z) < 6), bar.Count);
    }

    [Fact]
    public void The_curve_is_the_fitted_density_and_goes_on_below_significance()
    {
        var model = Model;
        Assert.All(model.Fitted.Where(p => p.X > model.Critical && p.X < 6), p => Assert.Equal(Curve.DensityAt(p.X), p.Y, 10));
        // An area of 1 between significance and 6, by Simpson's rule over the points of the curve.
        double[] y = [.. model.Fitted.Select(p => p.Y)];
        var step = (6 - model.Critical) / (y.Length - 1);
        Assert.Equal(1, step / 3 * y.Select((v, i) => v * (i == 0 || i == y.Length - 1 ? 1 : i % 2 == 1 ? 4 : 2)).Sum(), 6);
        Assert.Equal(model.Fitted[0].Y, model.Expected[^1].Y, 12);
        Assert.Equal(0, model.Expected[0].X);
        // Left of significance it expects the share that EDR implies.
        double[] left = [.. model.Expected.Select(p => p.Y)];
        var missing = model.Critical / (left.Length - 1) / 3 * left.Select((v, i) => v * (i == 0 || i == left.Length - 1 ? 1 : i % 2 == 1 ? 4 : 2)).Sum();
        Assert.InRange(missing, 0.05, 20);
    }

    [Fact]
    public void Rates_stand_in_the_summary()
    {
        var plot = ZCurvePlot.Create(Z, Curve);
        Assert.Contains($"ERR {StatisticText.Percent(Curve.ExpectedReplicationRate, 0)}, 95% CI [", plot.Finding, StringComparison.Ordinal);
        Assert.Contains($"EDR {StatisticText.Percent(Curve.ExpectedDiscoveryRate, 0)}, 95% CI [", plot.Finding, StringComparison.Ordinal);
        Assert.Contains($"observed discovery rate {StatisticText.Percent(Curve.ObservedDiscoveryRate, 0)}", plot.Finding, StringComparison.Ordinal);
        Assert.Contains("3 with |z| of 6 or more are not drawn", plot.Model.Summary[0], StringComparison.Ordinal);
        Assert.Contains(Curve.ObservedDiscoveryRate > Curve.DiscoveryInterval!.Value.Upper ? "a sign of selection" : "discover", plot.Finding, StringComparison.Ordinal);
        var without = ZCurvePlot.Create(Z, ZCurve.Fit(Z, new() { Bootstraps = 0 }));
        Assert.DoesNotContain("CI", without.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain("sign of selection", without.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Effects_give_their_z_and_say_that_they_are_simulated()
    {
        var effects = StudyEffects.Create([.. Z.Select(z => 0.1 * z)], [.. Z.Select(_ => 0.01)], EffectMeasure.FisherZ, origin: new DataOrigin(DataKind.Simulated, "made up"));
        var plot = ZCurvePlot.Create(effects, ZCurve.Fit(effects, new() { Bootstraps = 0 }));
        Assert.StartsWith("Simulated data: made up. z-curve of ", plot.Finding, StringComparison.Ordinal);
        Assert.Equal(Model.Bars.Sum(b => b.Count), plot.Model.Bars.Sum(b => b.Count));
    }

    [Fact]
    public void A_curve_of_other_results_is_refused()
    {
        Assert.Contains("give the results", Assert.Throws<ArgumentException>(() => ZCurvePlot.Create(Z[..^1], Curve)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ZCurvePlot.Create([.. Z[..^4], 0.1, .. Z[^3..]], Curve));
    }
}
