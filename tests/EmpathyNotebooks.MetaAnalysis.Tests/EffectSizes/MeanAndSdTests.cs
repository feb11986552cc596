using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

public sealed class MeanAndSdTests
{
    /// <summary>The five numbers 2, 9, 12, 16, 30 of 50 and of 200 people; expected values computed with R's qnorm.</summary>
    [Theory]
    [InlineData(50, 6.24072593844381, 5.34313206576215, 5.86138898513417, 5.79192900210298, 12.701661586129, 12.3539)]
    [InlineData(200, 5.11924168767883, 5.2271026172035, 5.18687962832629, 5.17317215244116, 12.2798036388524, 12.350975)]
    public void Five_numbers(double n, double sdRange, double sdQuartiles, double sdShi, double sdWan, double meanRange,
        double meanQuartiles)
    {
        var range = MeanAndSdFrom.Range(2, 12, 30, n);
        var quartiles = MeanAndSdFrom.Quartiles(9, 12, 16, n);
        Assert.Equal(sdRange, range.StandardDeviation, 1e-12);
        Assert.Equal(meanRange, range.Mean, 1e-12);
        Assert.Equal(sdQuartiles, quartiles.StandardDeviation, 1e-12);
        Assert.Equal(meanQuartiles, quartiles.Mean, 1e-12);
        Assert.Equal(sdShi, MeanAndSdFrom.FiveNumbers(2, 9, 12, 16, 30, n).StandardDeviation, 1e-12);
        Assert.Equal(sdWan, MeanAndSdFrom.FiveNumbers(2, 9, 12, 16, 30, n, FiveNumberMethod.Wan).StandardDeviation, 1e-12);
    }

    /// <summary>Wan et al. (2014), table 1: the expected range of n normal scores in standard deviations, which their eq. 9 approximates.</summary>
    [Theory]
    [InlineData(5, 2.326)]
    [InlineData(10, 3.078)]
    [InlineData(25, 3.931)]
    [InlineData(50, 4.498)]
    public void The_range_in_standard_deviations(double n, double expected) =>
        Assert.Equal(expected, 1 / MeanAndSdFrom.Range(0, 0.5, 1, n).StandardDeviation, 0.04);

    [Property(MaxTest = 200)]
    public void Normal_quantiles_give_their_mean_and_standard_deviation(int seed, int size)
    {
        double mean = 40 * Math.Sin(seed), sd = 1 + 9 * Math.Abs(Math.Cos(seed)), n = 5 + Math.Abs(size % 900);
        double extreme = NormalCurve.Quantile((n - 0.375) / (n + 0.25)),
            quartile = NormalCurve.Quantile((0.75 * n - 0.125) / (n + 0.25));
        double a = mean - sd * extreme, q1 = mean - sd * quartile, q3 = mean + sd * quartile, b = mean + sd * extreme;
        foreach (var found in new[]
        {
            MeanAndSdFrom.Range(a, mean, b, n), MeanAndSdFrom.Quartiles(q1, mean, q3, n),
                MeanAndSdFrom.FiveNumbers(a, q1, mean, q3, b, n),
            MeanAndSdFrom.FiveNumbers(a, q1, mean, q3, b, n, FiveNumberMethod.Wan),
                MeanAndSdFrom.StandardError(mean, sd / Math.Sqrt(n), n),
        })
        {
            Assert.Equal(mean, found.Mean, 1e-9);
            Assert.Equal(sd, found.StandardDeviation, 1e-9);
            Assert.Equal(sd * sd / n, found.Variance, 1e-9);
            Assert.DoesNotContain("skew", found.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Skewed_numbers_are_warned_of()
    {
        Assert.Contains("speak of skew", MeanAndSdFrom.Quartiles(9, 10, 30, 200).Note, StringComparison.Ordinal);
        Assert.Contains("speak of skew", MeanAndSdFrom.Range(0, 3, 90, 200).Note, StringComparison.Ordinal);
        Assert.Contains("speak of skew", MeanAndSdFrom.FiveNumbers(0, 2, 3, 12, 90, 200).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_groups_become_one()
    {
        double[] first = [1, 4, 6, 9.5], second = [3, 3, 12];
        var all = Of([.. first, .. second]);
        var combined = Of(first).CombineWith(Of(second));
        Assert.Equal(all.Mean, combined.Mean, 1e-12);
        Assert.Equal(all.StandardDeviation, combined.StandardDeviation, 1e-12);
        Assert.Equal(7, combined.SampleSize);

        static MeanAndSd Of(double[] scores)
        {
            var mean = scores.Average();
            return new MeanAndSd(mean, Math.Sqrt(scores.Sum(s => (s - mean) * (s - mean)) / (scores.Length - 1)), scores.Length,
                "");
        }
    }

    [Fact]
    public void Disorder_is_an_error()
    {
        Assert.Equal("median", Fault(() => MeanAndSdFrom.Quartiles(9, 8, 16, 50)));
        Assert.Equal("maximum", Fault(() => MeanAndSdFrom.Range(5, 5, 5, 50)));
        Assert.Equal("n", Fault(() => MeanAndSdFrom.Quartiles(9, 12, 16, 4)));
        Assert.Equal("q1", Fault(() => MeanAndSdFrom.FiveNumbers(2, double.NaN, 12, 16, 30, 50)));
        Assert.Equal("q3", Fault(() => MeanAndSdFrom.FiveNumbers(2, 12, 12, 12, 30, 50)));
        Assert.Equal("upper", Fault(() => MeanAndSdFrom.Interval(3, 2, 50)));
        Assert.Equal("t", Assert.Throws<ArgumentOutOfRangeException>(() => SdFromDifference.T(2, -1, 10, 10)).ParamName);

        static string? Fault(Func<MeanAndSd> find) => Assert.Throws<ArgumentOutOfRangeException>(() => find()).ParamName;
    }
}
