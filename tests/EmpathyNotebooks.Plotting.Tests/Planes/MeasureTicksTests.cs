using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Planes;

public class MeasureTicksTests
{
    [Fact]
    public void Fishers_z_is_labelled_in_r()
    {
        var ticks = MeasureTicks.Create(EffectMeasure.FisherZ, new PlotAxis("", -0.2, 1.2, false), 500, 12, false);
        Assert.Contains(ticks, t => t.Text == ".6" && Math.Abs(t.Value - Math.Atanh(0.6)) < 1e-12);
        Assert.Contains(ticks, t => t.Text == "0");
    }

    [Theory]
    [InlineData(0.1, 10.0)]
    [InlineData(0.01, 100.0)]
    [InlineData(0.9, 1.3)]
    [InlineData(1e-6, 1e6)]
    public void Ratios_are_labelled_as_ratios(double from, double to)
    {
        var ticks = MeasureTicks.Create(EffectMeasure.OddsRatio, new PlotAxis("", Math.Log(from), Math.Log(to), true), 320, 12, false);
        Assert.InRange(ticks.Length, 2, 12);
        Assert.All(ticks, t => Assert.Equal(double.Parse(t.Text, System.Globalization.CultureInfo.InvariantCulture), Math.Exp(t.Value), 1e-9 * Math.Exp(t.Value)));
        Assert.All(ticks.Zip(ticks.Skip(1)), p => Assert.True(p.First.Value < p.Second.Value));
    }

    [Fact]
    public void A_scale_shown_as_pooled_has_plain_ticks()
    {
        var axis = new PlotAxis("", -1, 1, true);
        Assert.Equal(axis.TicksFor(400, 12), MeasureTicks.Create(EffectMeasure.Generic, axis, 400, 12, false));
    }
}
