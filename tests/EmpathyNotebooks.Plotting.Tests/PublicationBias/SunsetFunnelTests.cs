using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class SunsetFunnelTests
{
    private static PooledFit Fit() => RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void Power_agrees_with_R()
    {
        // R: pnorm(d/se - z) + pnorm(-d/se - z) with d = atanh(.2), se = 1/sqrt(n - 3).
        var model = SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0.2 }).Model;
        foreach (var (power, expected) in model.Powers.Zip([0.550672617683, 0.999826399506, 0.309539304409])) Assert.Equal(expected, power, 11);
        Assert.Equal(0.546754409577, model.MedianPower, 11);
        Assert.Equal(4, model.Adequate);
        Assert.Equal(9, model.Significant);
        Assert.Equal(9.62322148735, model.ExpectedSignificant, 10);
        Assert.Equal(0.531008819153, model.RIndex, 11);
        Assert.Equal(0.148274559124, model.EffectForMedian33!.Value, 11);
        Assert.Equal(0.231528406567, model.EffectForMedian66!.Value, 11);
        Assert.Equal(Math.Atanh(0.2), model.TrueEffect, 14);
        Assert.Contains("median power 55%; 4 of 16 studies have 80% or more; 9 of 16 significant, 9.6 expected by power.", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Bands_meet_where_power_takes_their_values()
    {
        // R: uniroot of the same formula.
        var model = SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0.2 }).Model;
        Assert.Equal([1, 0.8, 0.6, 0.4], model.Bands.Select(b => b.LargestPower));
        foreach (var (band, expected) in model.Bands.Zip([0.0723636036591, 0.0915985625043, 0.1188142478833])) Assert.Equal(expected, band.LargestError, 11);
        Assert.Equal(0, model.Bands[0].SmallestError);
        Assert.Equal(model.YAxis.Maximum, model.Bands[^1].LargestError);
        foreach (var (above, below) in model.Bands.Zip(model.Bands.Skip(1))) Assert.Equal(above.LargestError, below.SmallestError);
        // Each study stands in the band of its power.
        foreach (var (study, power) in model.Studies.Zip(model.Powers))
        {
            var band = model.Bands.Single(b => b.SmallestError < study.Y && study.Y <= b.LargestError);
            Assert.True(band.SmallestPower <= power && power <= band.LargestPower);
        }
    }

    [Fact]
    public void The_pooled_effect_is_taken_as_true_and_said_to_be()
    {
        var model = SunsetFunnelPlot.Create(Fit()).Model;
        Assert.Equal(Fit().Estimate, model.TrueEffect);
        Assert.Contains("the pooled effect", model.Finding, StringComparison.Ordinal);
        Assert.Contains(model.Notes, n => n.Contains("taken from these studies", StringComparison.Ordinal));
        Assert.DoesNotContain(SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0.1 }).Model.Notes, n => n.Contains("taken from these studies", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_effect_power_is_alpha()
    {
        var model = SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0, Alpha = 0.01 }).Model;
        Assert.All(model.Powers, p => Assert.Equal(0.01, p, 12));
        var band = Assert.Single(model.Bands);
        Assert.Equal((0, 0.2, model.YAxis.Maximum), (band.SmallestError, band.LargestPower, band.LargestError));
        Assert.Contains(model.Notes, n => n.Contains("probability α alone", StringComparison.Ordinal));
        Assert.Contains("α = .01", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_effect_has_the_power_of_its_opposite()
    {
        var (negative, positive) = (SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = -0.2 }).Model, SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0.2 }).Model);
        Assert.Equal(positive.Powers, negative.Powers);
        Assert.Equal(-positive.EffectForMedian33!.Value, negative.EffectForMedian33!.Value);
        Assert.Equal(positive.Bands, negative.Bands);
    }

    [Fact]
    public void A_level_above_a_band_leaves_no_band_below_it()
    {
        var model = SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 0.1, Alpha = 0.3 }).Model;
        Assert.DoesNotContain(model.Bands, b => b.LargestPower == 0.2);
        Assert.Equal(model.YAxis.Maximum, model.Bands[^1].LargestError);
        Assert.All(model.Powers, p => Assert.InRange(p, 0.3, 1));
    }

    [Fact]
    public void What_cannot_be_drawn_is_said()
    {
        var means = RandomEffects.Fit(StudyEffects.Create([1, 3, 2.0], [0.1, 0.2, 0.3], EffectMeasure.Mean));
        Assert.Contains("null value", Assert.Throws<ArgumentException>(() => SunsetFunnelPlot.Create(means)).Message, StringComparison.Ordinal);
        var regression = MetaRegression.Fit(Samples.Molloy(), Moderator.Number("year"));
        Assert.Contains("TrueEffect", Assert.Throws<ArgumentException>(() => SunsetFunnelPlot.Create(regression)).Message, StringComparison.Ordinal);
        Assert.Equal(Math.Atanh(0.2), SunsetFunnelPlot.Create(regression, new() { TrueEffect = 0.2 }).Model.TrueEffect, 14);
        Assert.Contains("scale", Assert.Throws<ArgumentException>(() => SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SunsetFunnelPlot.Create(Fit(), new() { TrueEffect = 1.2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SunsetFunnelOptions { Alpha = 0 });
    }
}
