using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Reported test statistics: their p-values are those of the distribution named, and they are said as papers print them.</summary>
public sealed class TestStatisticTests
{
    [Fact]
    public void Each_kind_has_the_p_value_of_its_distribution()
    {
        Assert.Equal(2 * Normal.CDF(0, 1, -2.1), TestStatistic.Z(-2.1).PValue, 1e-14);
        Assert.Equal(2 * StudentT.CDF(0, 1, 45, -2.31), TestStatistic.T(2.31, 45).PValue, 1e-13);
        Assert.Equal(1 - FisherSnedecor.CDF(2, 30, 4.2), TestStatistic.F(4.2, 2, 30).PValue, 1e-12);
        Assert.Equal(1 - ChiSquared.CDF(3, 8.5), TestStatistic.ChiSquared(8.5, 3).PValue, 1e-12);
        // The square of a z is a chi-squared of one degree of freedom, that of a t an F.
        Assert.Equal(TestStatistic.Z(2.1).PValue, TestStatistic.ChiSquared(2.1 * 2.1, 1).PValue, 1e-13);
        Assert.Equal(TestStatistic.T(2.31, 45).PValue, TestStatistic.F(2.31 * 2.31, 1, 45).PValue, 1e-12);
        Assert.Equal(TestStatistic.T(0.3 * Math.Sqrt(40 / (1 - 0.09)), 40).PValue, TestStatistic.Correlation(0.3, 40).PValue, 1e-13);
    }

    [Fact]
    public void Each_kind_is_said_with_its_degrees_of_freedom()
    {
        Assert.Equal("z = 2.10, p = .036", TestStatistic.Z(-2.1).ToString());
        Assert.Equal("t(45) = 2.31, p = .026", TestStatistic.T(2.31, 45).ToString());
        Assert.Equal("F(2, 30) = 4.20, p = .025", TestStatistic.F(4.2, 2, 30).ToString());
        Assert.Equal("χ²(3) = 8.50, p = .037", TestStatistic.ChiSquared(8.5, 3).ToString());
    }
}
