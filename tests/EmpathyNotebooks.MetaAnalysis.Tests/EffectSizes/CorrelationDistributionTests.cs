using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>The exact distribution of a sample's correlation, against what is known of it in closed form and against samples drawn.</summary>
public sealed class CorrelationDistributionTests
{
    public static TheoryData<double, int> Cases => [.. from rho in (double[])[-0.9, -0.3, 0, 0.28, 0.5, 0.95] from n in (int[])[4, 5, 10, 20, 200] select (rho, n)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_whole_is_one(double rho, int n) => Assert.Equal(1, CorrelationDistribution.Of(rho, n).Share(-1 + 1e-12, 1 - 1e-12), 1e-7);

    [Theory]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(60)]
    public void Without_a_relation_it_is_that_of_the_t_test(int n)
    {
        // With ρ = 0, t = r·√((n - 2)/(1 - r²)) follows Student's t; so the share below r is known.
        const double r = 0.3;
        var t = r * Math.Sqrt((n - 2) / (1 - r * r));
        var known = StudentT.CDF(0, 1, n - 2, t) - StudentT.CDF(0, 1, n - 2, -t);
        Assert.Equal(known, CorrelationDistribution.Of(0, n).Share(-r, r), 1e-10);
        var density = Math.Pow(1 - r * r, (n - 4) / 2.0) / SpecialFunctions.Beta(0.5, (n - 2) / 2.0);
        Assert.Equal(density, CorrelationDistribution.Of(0, n).Density(r), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_mean_is_the_known_one(double rho, int n)
    {
        // E(r) = 2/(n - 1)·(Γ(n/2)/Γ((n - 1)/2))²·ρ·₂F₁(½, ½; (n + 1)/2; ρ²): Hotelling (1953).
        double series = 1, term = 1;
        for (var j = 0; term > 1e-18 * series; j++)
        {
            term *= (j + 0.5) * (j + 0.5) / (((n + 1) / 2.0 + j) * (j + 1)) * rho * rho;
            series += term;
        }
        var expected = 2.0 / (n - 1) * Math.Exp(2 * (SpecialFunctions.GammaLn(n / 2.0) - SpecialFunctions.GammaLn((n - 1) / 2.0))) * rho * series;
        Assert.Equal(expected, CorrelationDistribution.Of(rho, n).R.Mean, 1e-9);
    }

    [Theory]
    [InlineData(0.28, 12)]
    [InlineData(-0.8, 30)]
    public void The_unbiased_estimate_is_unbiased(double rho, int n)
    {
        // Olkin and Pratt's correction has the mean ρ: a check of both.
        var distribution = CorrelationDistribution.Of(rho, n);
        var mean = DoubleExponentialTransformation.Integrate(z => distribution.DensityOfZ(z) * Correlations.BiasCorrected(Math.Tanh(z), n).Value, Math.Atanh(rho) - 6, Math.Atanh(rho) + 6, 1e-10);
        Assert.Equal(rho, mean, 1e-7);
    }

    [Fact]
    public void Fisher_z_has_nearly_one_width_and_hardly_leans_where_r_does()
    {
        var found = CorrelationDistribution.Of(0.8, 20);
        Assert.InRange(found.Z.StandardDeviation * Math.Sqrt(17), 0.98, 1.02);
        Assert.True(Math.Abs(found.Z.Skewness) < 0.1 && found.R.Skewness < -1, found.ToString());
        var mirrored = CorrelationDistribution.Of(-0.8, 20);
        Assert.Equal(-found.R.Skewness, mirrored.R.Skewness, 1e-9);
        Assert.Equal(found.R.StandardDeviation, mirrored.R.StandardDeviation, 1e-12);
    }

    [Fact]
    public void Samples_that_are_drawn_scatter_so()
    {
        const int n = 10, samples = 40_000;
        const double rho = 0.6;
        var random = new Random(7);
        var found = new double[samples];
        var x = new double[n];
        var y = new double[n];
        for (var s = 0; s < samples; s++)
        {
            for (var i = 0; i < n; i++)
            {
                x[i] = Normal.Sample(random, 0, 1);
                y[i] = rho * x[i] + Math.Sqrt(1 - rho * rho) * Normal.Sample(random, 0, 1);
            }
            found[s] = MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
        }
        var exact = CorrelationDistribution.Of(rho, n);
        Assert.Equal(exact.R.Mean, found.Average(), 0.005);
        Assert.Equal(exact.R.StandardDeviation, MathNet.Numerics.Statistics.Statistics.StandardDeviation(found), 0.005);
        Assert.Equal(exact.R.Skewness, MathNet.Numerics.Statistics.Statistics.Skewness(found), 0.08);
        Assert.Equal(exact.Share(0.2, 0.7), found.Count(r => r is > 0.2 and < 0.7) / (double)samples, 0.01);
    }

    [Fact]
    public void Says_what_is_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationDistribution.Of(1, 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationDistribution.Of(0.3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationDistribution.Of(0.3, 20).Density(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationDistribution.Of(0.3, 20).Share(0.5, 0.2));
    }
}
