using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Funnel;

public class FunnelTests
{
    private const double Z = 1.9599639845400545;

    [Fact]
    public void Studies_stand_at_effect_and_standard_error()
    {
        var model = FunnelPlot.Create(Samples.Fit()).Model;
        Assert.Equal(Math.Atanh(0.34), model.Studies[2].X, 12);
        Assert.Equal(1 / Math.Sqrt(52), model.Studies[2].Y, 12);
        Assert.Equal(Samples.Fit().Estimate, model.Estimate);
        Assert.Equal(0, model.YAxis.Minimum);
        Assert.All(model.Studies, s => Assert.True(model.XAxis.Contains(s.X) && model.YAxis.Contains(s.Y)));
    }

    [Theory]
    [InlineData(FunnelScale.StandardError)]
    [InlineData(FunnelScale.Variance)]
    [InlineData(FunnelScale.Precision)]
    public void Limits_are_the_estimate_and_a_quantile_of_the_standard_error(FunnelScale scale)
    {
        var model = FunnelPlot.Create(Samples.Fit(), new() { Scale = scale }).Model;
        Assert.Equal(2, model.Limits.Length);
        foreach (var (line, sign) in model.Limits.Zip([-1, 1]))
        {
            Assert.All(line.Points, p =>
            {
                var se = scale switch { FunnelScale.StandardError => p.Y, FunnelScale.Variance => Math.Sqrt(p.Y), _ => 1 / p.Y };
                Assert.Equal(model.Estimate + sign * Z * se, p.X, 12);
            });
        }
        Assert.Equal(Samples.Effects().Effects.Zip(Samples.Effects().Variances).Count(e => Math.Abs(e.First - model.Estimate) > Z * Math.Sqrt(e.Second)),
            model.Outside);
        Assert.InRange(model.Outside!.Value, 1, 7);
    }

    [Fact]
    public void Regions_part_the_plane_by_p()
    {
        var model = FunnelPlot.Create(Samples.Fit(), new() { ShowContours = true }).Model;
        Assert.Equal([0.01, 0.05, 0.10], model.Regions.Select(r => r.LargestP));
        double[] inner = [2.5758293035489004, Z, 1.6448536269514722];
        foreach (var (region, z) in model.Regions.Zip(inner))
        {
            var corner = region.Right[10];
            Assert.Equal(z * corner.Y, corner.X, 10);
            Assert.Equal(-corner.X, region.Left[10].X, 10);
        }
        // The outer border of one region is the inner one of the next.
        Assert.Equal(model.Regions[1].Right.Take(61).Reverse(), model.Regions[2].Right.Skip(61));
        Assert.True(model.XAxis.Contains(0));
    }

    [Fact]
    public void Eggers_regression_agrees_with_metafor()
    {
        // metafor's rma(yi, vi, mods = ~ sqrt(vi), data = molloy2014, control = list(threshold = 1e-14)); regtest() stops earlier, at z = 1.0216.
        var fit = RandomEffects.Fit(Samples.Molloy(), new() { Inference = Inference.Normal });
        var model = FunnelPlot.Create(fit, new() { ShowRegression = true }).Model;
        Assert.Equal(1.0217274288, model.Slope!.Value.Statistic, 8);
        Assert.Equal(0, model.Regression!.Points[0].Y);
        Assert.Equal(0.0790059785, model.Regression.Points[0].X, 9);
        var end = model.Regression.Points[^1];
        Assert.Equal(model.Regression.Points[0].X + model.Slope.Value.Estimate * end.Y, end.X, 12);
        Assert.Contains("z = 1.02, p = .307", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_sizes_show_no_limits()
    {
        var model = FunnelPlot.Create(Samples.Fit(), new() { Scale = FunnelScale.SampleSize }).Model;
        Assert.Equal(749, model.Studies[1].Y);
        Assert.Empty(model.Limits);
        Assert.Null(model.Outside);
    }

    [Fact]
    public void What_cannot_be_drawn_is_said()
    {
        Assert.Throws<ArgumentException>(() => FunnelPlot.Create(Samples.Fit(), new() { Scale = FunnelScale.SampleSize, ShowContours = true }));
        var without = RandomEffects.Fit(StudyEffects.Create([0.1, 0.3], [0.01, 0.02]));
        Assert.Throws<ArgumentException>(() => FunnelPlot.Create(without, new() { Scale = FunnelScale.SampleSize }));
        Assert.Throws<InsufficientStudiesException>(() => FunnelPlot.Create(without, new() { ShowRegression = true }));
        var same = RandomEffects.Fit(StudyEffects.Create([0.1, 0.3, 0.2], [0.01, 0.01, 0.01]));
        Assert.Contains("standard error", Assert.Throws<StudyDataException>(() => FunnelPlot.Create(same, new() { ShowRegression = true })).Message,
            StringComparison.Ordinal);
        var means = RandomEffects.Fit(StudyEffects.Create([1, 3, 2.0], [0.1, 0.2, 0.3], EffectMeasure.Mean));
        Assert.Throws<ArgumentException>(() => FunnelPlot.Create(means, new() { ShowContours = true }));
        Assert.DoesNotContain("alone", FunnelPlot.Create(means).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_studies_get_a_caution() => Assert.Contains(FunnelPlot.Create(Samples.Fit()).Model.Notes, n => n.Contains("fewer than ten", StringComparison.Ordinal));
}
