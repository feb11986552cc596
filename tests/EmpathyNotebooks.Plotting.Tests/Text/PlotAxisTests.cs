namespace EmpathyNotebooks.Plotting.Tests.Text;

public class PlotAxisTests
{
    [Fact]
    public void Ticks_of_correlations_are_in_APA_style()
    {
        var ticks = new PlotAxis("r", -0.44, 0.61, false).Ticks(6);
        Assert.Equal(["−.4", "−.2", "0", ".2", ".4", ".6"], ticks.Select(t => t.Text));
        Assert.Equal([-0.4, -0.2, 0, 0.2, 0.4, 0.6], ticks.Select(t => t.Value));
    }

    [Theory]
    [InlineData(0, 1, 4)]
    [InlineData(-3e-7, 5e-7, 5)]
    [InlineData(1e6, 9e6, 7)]
    [InlineData(-40, 12, 9)]
    [InlineData(0.28, 0.29, 3)]
    public void Ticks_lie_on_the_axis_and_are_not_too_many(double from, double to, int most)
    {
        var axis = new PlotAxis("", from, to, true);
        var ticks = axis.Ticks(most);
        Assert.InRange(ticks.Length, 1, most + 1);
        Assert.All(ticks, t => Assert.True(t.Value >= from - 1e-9 * (to - from) && t.Value <= to + 1e-9 * (to - from)));
        Assert.Equal(ticks.Length, ticks.Select(t => t.Text).Distinct().Count());
    }

    [Fact]
    public void Tick_labels_stand_clear_of_one_another()
    {
        foreach (var pixels in (double[])[90, 120, 300, 800])
        {
            var axis = new PlotAxis("", -0.4, 0.6, false);
            var ticks = axis.TicksFor(pixels, 12);
            Assert.True(ticks.Length >= 2);
            var room = (ticks[1].Value - ticks[0].Value) * pixels;
            Assert.True(ticks.Max(t => PlotText.Width(t.Text, 12)) <= room, $"{pixels}");
        }
    }
}
