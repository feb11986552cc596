using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Lessons;

public class CurvePlotTests
{
    [Fact]
    public void A_function_is_sampled_from_end_to_end()
    {
        var series = CurveSeries.Of("f", x => x * x, 0, 0.3, 4);
        Assert.Equal(4, series.X.Length);
        Assert.Equal((0, 0.3), (series.X[0], series.X[^1]));
        Assert.Equal(series.X.Select(x => x * x), series.Y);
    }

    [Fact]
    public void Axes_hold_curves_marks_and_references()
    {
        var model = CurvePlot.Create([new CurveSeries("a", [0, 1], [2, 3])],
            new() { Marks = [new(2, 5, "far")], References = [new(-1), new(-3, IsVertical: true)] }).Model;
        Assert.True(model.XAxis.Contains(2) && model.XAxis.Contains(-3));
        Assert.True(model.YAxis.Contains(5) && model.YAxis.Contains(-1));
    }

    [Fact]
    public void Faults_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => new CurveSeries("weights", [0, 1], [1, double.NaN]));
        Assert.Contains("\"weights\", point 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CurveSeries("weights", [0, 1], [1]));
        Assert.Throws<ArgumentException>(() => CurvePlot.Create([]));
        Assert.Throws<ArgumentException>(() => CurvePlot.Create(Enumerable.Range(0, 7).Select(i => new CurveSeries($"{i}", [0, 1], [0, 1]))));
        Assert.Throws<ArgumentException>(() => CurvePlot.Create([new CurveSeries("a", [0, 1], [0, 1])], new() { XMinimum = 2 }));
        Assert.Throws<ArgumentException>(() => CurvePlot.Create([new CurveSeries("a", [1], [1])]));
    }

    [Fact]
    public void A_constant_has_an_axis()
    {
        var axis = CurvePlot.Create([new CurveSeries("a", [0, 1], [0.5, 0.5])]).Model.YAxis;
        Assert.True(axis.Minimum < 0.5 && axis.Maximum > 0.5);
    }

    [Fact]
    public void The_interval_of_z_is_symmetric_and_that_of_r_is_not()
    {
        var model = FisherZPlot.Interval(0.8, 20).Model;
        Assert.Equal(3, model.Marks.Length);
        var (low, middle, high) = (model.Marks[0], model.Marks[1], model.Marks[2]);
        Assert.Equal(0.8, middle.X);
        Assert.Equal(high.Y - middle.Y, middle.Y - low.Y, 12);
        Assert.Equal(1.9599639845400545 / Math.Sqrt(17), high.Y - middle.Y, 12);
        Assert.True(high.X - middle.X < middle.X - low.X);
        Assert.All(model.Marks, m => Assert.Equal(m.Y, Math.Atanh(m.X), 10));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sampling_distributions_are_densities(bool onZ)
    {
        foreach (var series in FisherZPlot.SamplingDistributions([0, 0.28, 0.9], 25, onZ).Model.Series)
        {
            var area = Enumerable.Range(1, series.X.Length - 1).Sum(i => (series.X[i] - series.X[i - 1]) * (series.Y[i] + series.Y[i - 1]) / 2);
            Assert.Equal(1, area, 2);
        }
    }

    [Fact]
    public void On_z_all_distributions_have_nearly_one_height_on_r_they_do_not()
    {
        double[] Peaks(bool onZ) => [.. FisherZPlot.SamplingDistributions([0, 0.8], 25, onZ).Model.Series.Select(s => s.Y.Max())];
        // That of the normal curve, but for what the approximation leaves out.
        Assert.All(Peaks(true), peak => Assert.InRange(peak / Math.Sqrt(22 / (2 * Math.PI)), 0.97, 1.03));
        Assert.True(Peaks(false)[1] > 2 * Peaks(false)[0]);
    }
}
