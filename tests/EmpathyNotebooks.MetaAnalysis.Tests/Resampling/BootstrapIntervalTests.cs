using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Resampling;

/// <summary>The arithmetic of bootstrap intervals, against R's boot from the same replicates.</summary>
public sealed class BootstrapIntervalTests
{
    private static readonly JsonElement[] References = Read();

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, References.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Intervals_are_those_of_boot(int number)
    {
        var reference = References[number];
        double[] t = Numbers("t"), variances = Numbers("variances"), influence = Numbers("influence");
        double estimate = reference.GetProperty("estimate").GetDouble(), error = Math.Sqrt(reference.GetProperty("variance").GetDouble());
        double[] z = [.. t.Select((value, r) => (value - estimate) / Math.Sqrt(variances[r])).Order()];
        var statistic = new BootstrappedStatistic("t", estimate, [.. t.Order()]) { IntervalKind = BootstrapIntervalKind.Percentile, Percentile = default, Basic = default, BiasCorrectedAccelerated = null, Studentised = null, BiasCorrection = null, Acceleration = null };
        Near(reference.GetProperty("bias").GetDouble(), statistic.Bias, "bias");
        Near(reference.GetProperty("standardError").GetDouble(), statistic.StandardError, "SE");
        Array.Sort(t);
        foreach (var interval in reference.GetProperty("intervals").EnumerateArray())
        {
            var level = interval.GetProperty("level").GetDouble();
            Check("percentile", BootstrapIntervals.Percentile(t, level).Interval);
            Check("basic", BootstrapIntervals.Basic(t, estimate, level).Interval);
            Check("studentised", BootstrapIntervals.Studentised(z, estimate, error, level).Interval);
            Check("bca", BootstrapIntervals.BiasCorrectedAccelerated(t, BootstrapIntervals.BiasCorrection(t, estimate), BootstrapIntervals.Acceleration(influence), level)!.Value.Interval);

            void Check(string kind, ConfidenceInterval actual)
            {
                var expected = interval.GetProperty(kind);
                Near(expected[0].GetDouble(), actual.Lower, $"{kind} {level} lower");
                Near(expected[1].GetDouble(), actual.Upper, $"{kind} {level} upper");
            }
        }

        double[] Numbers(string name) => [.. reference.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        static void Near(double expected, double actual, string what) => Assert.True(Math.Abs(actual - expected) <= 1e-10 * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, reference {expected:R}");
    }

    [Fact]
    public void Quantiles_between_ranks_are_interpolated_on_the_normal_scale_and_ends_are_marked()
    {
        double[] sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Assert.Equal((5, false), BootstrapIntervals.Quantile(sorted, 0.5));
        Assert.Equal((1, false), BootstrapIntervals.Quantile(sorted, 0.1));
        Assert.Equal((1, true), BootstrapIntervals.Quantile(sorted, 0.05));
        Assert.Equal((9, true), BootstrapIntervals.Quantile(sorted, 0.95));
        // Halfway between the quantiles of 0.2 and 0.3.
        var between = Distributions.NormalCumulative((Distributions.NormalQuantile(0.2) + Distributions.NormalQuantile(0.3)) / 2);
        Assert.Equal(2.5, BootstrapIntervals.Quantile(sorted, between).Value, 1e-12);
        Assert.False(BootstrapIntervals.Quantile(sorted, between).IsExtreme);
        // The last rank is a replicate, and one that is the first but for rounding is the first.
        Assert.Equal((9, false), BootstrapIntervals.Quantile(sorted, 0.9));
        Assert.True(10 * (0.3 - 0.2) < 1);
        Assert.Equal((1, false), BootstrapIntervals.Quantile(sorted, 0.3 - 0.2));
    }

    /// <summary>One end beyond the replicates is enough to say so.</summary>
    [Theory]
    [InlineData(0.05, 0.5, true)]
    [InlineData(0.5, 0.95, true)]
    [InlineData(0.05, 0.95, true)]
    [InlineData(0.3, 0.7, false)]
    public void An_interval_says_when_an_end_is_beyond_the_replicates(double lower, double upper, bool isExtreme)
    {
        var (interval, extreme) = BootstrapIntervals.Between([1, 2, 3, 4, 5, 6, 7, 8, 9], lower, upper, 0.4);
        Assert.Equal(isExtreme, extreme);
        Assert.Equal((Math.Max(1, 10 * lower), Math.Min(9, 10 * upper), 0.4), (interval.Lower, interval.Upper, interval.Level));
    }

    /// <summary>Without bias and acceleration BCa is the percentile interval; an estimate outside the replicates has none.</summary>
    [Fact]
    public void Without_bias_and_acceleration_BCa_is_the_percentile_interval()
    {
        double[] sorted = [.. Enumerable.Range(1, 1999).Select(i => Distributions.NormalQuantile(i / 2000.0))];
        Assert.Equal(0, BootstrapIntervals.BiasCorrection([-2, -1, 1, 2], 0));
        Assert.Equal(BootstrapIntervals.Percentile(sorted, 0.95).Interval.Lower, BootstrapIntervals.BiasCorrectedAccelerated(sorted, 0, 0, 0.95)!.Value.Interval.Lower, 1e-10);
        Assert.Equal(double.NegativeInfinity, BootstrapIntervals.BiasCorrection([0, 0, 1, 2], 0));
        Assert.Equal(double.PositiveInfinity, BootstrapIntervals.BiasCorrection([0, 1], 2));
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, double.NegativeInfinity, 0, 0.95));
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, 0, 3, 0.95));
        // Beyond the pole of the acceleration, at one end or at both, and where a probability is 0 or 1 in double precision.
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, 0, -3, 0.95));
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, 2.5, 3, 0.95));
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, -45, 0, 0.95));
        Assert.Null(BootstrapIntervals.BiasCorrectedAccelerated(sorted, 45, 0, 0.95));
        Assert.Equal(0, BootstrapIntervals.Acceleration([0, 0, 0]));
        Assert.Equal(BootstrapIntervals.Acceleration([1, 2, -4]), BootstrapIntervals.Acceleration([1e-200, 2e-200, -4e-200]), 1e-12);
    }

    private static JsonElement[] Read()
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "boot", "boot-ci.json"));
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()];
    }
}
