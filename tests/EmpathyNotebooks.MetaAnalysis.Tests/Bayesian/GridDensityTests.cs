using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Bayesian;

/// <summary>A density that is known at points alone, against the normal curve from which the points were taken.</summary>
public sealed class GridDensityTests
{
    [Fact]
    public void Between_its_points_it_is_the_curve()
    {
        const double step = 0.4, origin = -8;
        double[] weights = [.. Enumerable.Range(0, 41).Select(i => step * Normal.PDF(0, 1, origin + i * step))];
        var grid = new GridDensity(origin, step, weights);
        Assert.Equal((-8, 8), (grid.First, grid.Last), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12);
        for (var x = -7.93; x < 8; x += 0.17)
        {
            Assert.Equal(Normal.PDF(0, 1, x), grid.Density(x), 1e-11);
            Assert.Equal(Normal.CDF(0, 1, x), grid.Cumulative(x), 1e-11);
        }
        Assert.Equal((0, 0, 0, 1), (grid.Density(-8.1), grid.Density(8.1), grid.Cumulative(-8.1), grid.Cumulative(8.1)));
    }
}
