namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Where a weighted line has a slope, and where double precision has none.</summary>
public sealed class WeightedLineTests
{
    private static WeightedLine Fit(double[] y, double[] w, double[] x) => WeightedLine.Fit("The line", y, w, x, "all x are alike", null);

    /// <summary>By hand: weights 1, 2, 1 at 0, 1, 3 with y = 1, 2, 6: means 1.25 and 2.75, Σw(x - x̄)² = 4.75, Σw(x - x̄)(y - ȳ) = 8.25.</summary>
    [Fact]
    public void It_is_that_of_the_normal_equations()
    {
        var line = Fit([1, 2, 6], [1, 2, 1], [0, 1, 3]);
        Assert.Equal((4, 1.25, 2.75, 4.75), (line.Weight, line.MeanX, line.MeanY, line.Spread));
        Assert.Equal(8.25 / 4.75, line.Slope, 1e-15);
        Assert.Equal(2.75 - 1.25 * 8.25 / 4.75, line.Intercept, 1e-15);
        Assert.Equal(14.75 - 8.25 * 8.25 / 4.75, line.ResidualSum, 1e-13);
    }

    /// <summary>x that differ by less than 1e-7 of their size are alike, whatever their size.</summary>
    [Theory]
    [InlineData(1e6)]
    [InlineData(1)]
    [InlineData(1e-6)]
    public void A_spread_counts_beside_the_size_of_x(double size)
    {
        double[] y = [1, 2, 6], w = [1, 2, 1];
        Assert.Throws<UndeterminedException>(() => Fit(y, w, [size, size * (1 + 2e-8), size]));
        Assert.True(Fit(y, w, [size, size * (1 + 1e-6), size]).Slope < 0);
        Assert.Throws<UndeterminedException>(() => Fit(y, w, [0, 0, 0]));
    }

    [Fact]
    public void Numbers_beyond_double_precision_are_said_to_be()
    {
        // The sum of the weights, that of the squares and that of the products, each alone.
        Assert.Throws<ConvergenceException>(() => Fit([0, 0, 0], [1e308, 1e308, 1], [1e-200, 2e-200, 0]));
        Assert.Throws<ConvergenceException>(() => Fit([1, 1, 1], [1, 1, 1], [1e200, 2e200, 0]));
        Assert.Throws<ConvergenceException>(() => Fit([1e200, 2e200, 0], [1, 1, 1], [1e150, 2e150, 0]));
    }

    /// <summary>What is left is nothing when it is a rounding of Σwy², whatever the size of y.</summary>
    [Theory]
    [InlineData(1e8)]
    [InlineData(1)]
    [InlineData(1e-8)]
    public void A_rest_counts_beside_the_size_of_y(double size)
    {
        double[] y = [size, 2 * size], w = [1, 1];
        Assert.True(WeightedLine.IsExact(0, y, w));
        Assert.True(WeightedLine.IsExact(4e-28 * size * size, y, w));
        Assert.False(WeightedLine.IsExact(6e-28 * size * size, y, w));
        Assert.True(WeightedLine.IsExact(double.NaN, y, w));
    }
}
