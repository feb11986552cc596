using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

public sealed class CorrelationsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1.2)]
    [InlineData(double.NaN)]
    public void A_correlation_lies_between_minus_one_and_one(double r)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.FisherZ(r, 50));
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.Raw(r, 50));
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.BiasCorrected(r, 50));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectSizeConversion.RToD(r));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectSizeConversion.CommonLanguageFromR(r));
    }

    [Fact]
    public void Too_few_people_are_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.FisherZ(0.3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.Raw(0.3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Correlations.BiasCorrected(0.3, 4));
        Assert.Equal(1, Correlations.FisherZ(0.3, 4).Variance);
    }

    [Property(MaxTest = 300)]
    public void Fisher_z_goes_there_and_back(int seed)
    {
        var r = Math.Clamp(Math.Sin(seed), -0.999999, 0.999999);
        Assert.Equal(r, Correlations.FromFisherZ(Correlations.ToFisherZ(r)), 1e-12);
        Assert.Equal(r, EffectSizeConversion.DToR(EffectSizeConversion.RToD(r)), 1e-12);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(500)]
    public void The_bias_correction_is_odd_in_r_and_moves_away_from_zero(int n)
    {
        foreach (var r in new[] { 0.001, 0.1, 0.5, 0.9 })
        {
            var corrected = Correlations.BiasCorrected(r, n).Value;
            Assert.InRange(corrected, r, 1);
            Assert.Equal(-corrected, Correlations.BiasCorrected(-r, n).Value, 1e-14);
        }
    }

    [Fact]
    public void Both_ways_to_the_hypergeometric_function_meet()
    {
        // n = 21 uses the integral, n = 22 the series: G(r) must fall smoothly with n. Values by mpmath's hyp2f1.
        Assert.Equal(0.510795085315772, Correlations.BiasCorrected(0.5, 21).Value, 1e-13);
        Assert.Equal(0.604599788078073, Correlations.BiasCorrected(0.5, 5).Value, 1e-12);
        Assert.Equal(0.0156087420578221, Correlations.BiasCorrected(0.01, 5).Value, 1e-12);
        Assert.Equal(0.510209153545053, Correlations.BiasCorrected(0.5, 22).Value, 1e-13);
    }

    [Fact]
    public void Empathy_in_other_words()
    {
        // The published r = .28 of Elliott et al. (2018), and d = .58 beside it.
        Assert.Equal(0.58, Math.Round(EffectSizeConversion.RToD(0.28), 2));
        Assert.Equal(0.078, Math.Round(EffectSizeConversion.VarianceExplained(0.28), 3));
        var display = EffectSizeConversion.BinomialEffectSizeDisplay(0.28);
        Assert.Equal((0.64, 0.36), (Math.Round(display.HighGroupSuccess, 2), Math.Round(display.LowGroupSuccess, 2)));
        Assert.Equal(0.28, display.Difference, 1e-15);
        Assert.Equal(0.5 + Math.Asin(0.28) / Math.PI, EffectSizeConversion.CommonLanguageFromR(0.28));
        // McGraw & Wong (1992, p. 361): heights of men and women, z = 1.41, common-language effect size .92.
        Assert.Equal(0.92, Math.Round(EffectSizeConversion.CommonLanguageFromD(1.41 * Math.Sqrt(2)), 2));
    }

    /// <summary>Not 64% against 36% and d = .58: those belong to variables with two values each, and a median split of two continuous ones shows less.</summary>
    [Theory]
    [InlineData(0.28)]
    [InlineData(-0.6)]
    [InlineData(0.93)]
    public void Halves_of_a_normal_variable_differ_less_than_two_groups_of_the_same_correlation(double r)
    {
        var halves = EffectSizeConversion.MedianSplit(r);
        // By the midpoint rule over the upper half of x: y given x is normal around r·x with variance 1 - r².
        double above = 0, mean = 0, square = 0;
        const double step = 1e-4;
        for (var x = step / 2; x < 9; x += step)
        {
            var density = 2 * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) * step;
            above += density * MathNet.Numerics.Distributions.Normal.CDF(0, 1, r * x / Math.Sqrt(1 - r * r));
            mean += density * r * x;
            square += density * (r * r * x * x + 1 - r * r);
        }
        Assert.Equal(above, halves.UpperHalf, 1e-8);
        Assert.Equal(1 - above, halves.LowerHalf, 1e-8);
        Assert.Equal(2 * mean / Math.Sqrt(square - mean * mean), halves.StandardizedDifference, 1e-7);
        Assert.True(Math.Abs(halves.StandardizedDifference) < Math.Abs(EffectSizeConversion.RToD(r)));
    }

    [Fact]
    public void Halves_of_empathy_print_as_59_and_41() => Assert.Equal(
        "above the median of outcome: 59.0% of the upper half, 41.0% of the lower half; d = 0.46 between the halves", EffectSizeConversion.MedianSplit(0.28).ToString());

    [Fact]
    public void Unequal_groups_need_their_sizes() =>
        Assert.Equal(0.5 / Math.Sqrt(0.25 + 16.0 / 3), EffectSizeConversion.DToR(0.5, 1, 3), 1e-14);

    [Fact]
    public void An_effect_prints_in_the_readers_scale() =>
        Assert.Equal("r = .28, 95% CI [.03, .50]", Correlations.FisherZ(0.28, 60).ToString());
}
