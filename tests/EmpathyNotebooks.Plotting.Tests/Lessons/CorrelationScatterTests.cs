using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Lessons;

public class CorrelationScatterTests
{
    [Theory]
    [InlineData(0.28, 200)]
    [InlineData(0, 10)]
    [InlineData(-0.9, 50)]
    [InlineData(0.999, 2000)]
    public void Points_correlate_exactly(double r, int n)
    {
        var model = CorrelationScatter.Create(r, n).Model;
        Assert.Equal(n, model.Points.Length);
        var (x, y) = (model.Points.Select(p => p.X).ToArray(), model.Points.Select(p => p.Y).ToArray());
        Assert.Equal(0, x.Average(), 10);
        Assert.Equal(0, y.Average(), 10);
        Assert.Equal(1, x.Sum(v => v * v) / (n - 1), 10);
        Assert.Equal(1, y.Sum(v => v * v) / (n - 1), 10);
        Assert.Equal(r, x.Zip(y).Sum(p => p.First * p.Second) / (n - 1), 10);
        Assert.Equal(r, model.Correlation, 10);
    }

    [Fact]
    public void Quarters_are_counted_from_the_points_and_typical_of_r()
    {
        var model = CorrelationScatter.Create(0.28, 200).Model;
        int Count(bool right, bool up) => model.Points.Count(p => p.X > model.XMedian == right && p.Y > model.YMedian == up);
        Assert.Equal((model.HighHigh, model.HighLow, model.HighLow, model.HighHigh),
            (Count(true, true), Count(true, false), Count(false, true), Count(false, false)));
        Assert.Equal(100, model.HighHigh + model.HighLow);
        Assert.Equal(Math.Round(100 * EffectSizeConversion.CommonLanguageFromR(0.28)), model.HighHigh);
    }

    [Fact]
    public void It_is_labelled_as_constructed_and_is_the_same_each_time()
    {
        var plot = CorrelationScatter.Create(0.28, 100);
        Assert.True(plot.Origin.IsSimulated);
        Assert.StartsWith("Constructed illustration of r = .28", plot.Finding, StringComparison.Ordinal);
        Assert.Equal(plot.Model.Points, CorrelationScatter.Create(0.28, 100).Model.Points);
    }

    [Theory]
    [InlineData(1.0, 100)]
    [InlineData(double.NaN, 100)]
    [InlineData(0.3, 11)]
    [InlineData(0.3, 8)]
    public void What_cannot_be_drawn_is_refused(double r, int n) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationScatter.Create(r, n));
}
