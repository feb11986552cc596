using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Power;

/// <summary>The power of studies that were included, and what a further one would add.</summary>
public sealed class StudyPowerTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.12, 0.45, -0.02, 0.20, 0.33, 0.08], [0.010, 0.022, 0.015, 0.012, 0.020, 0.040, 0.006], EffectMeasure.FisherZ);

    [Fact]
    public void Power_at_the_mean_is_that_of_the_test_of_excess_significance_without_heterogeneity()
    {
        var fit = EqualEffects.Fit(Effects);
        foreach (var side in Enum.GetValues<Alternative>())
        {
            // Held to metafor's tes() by tests of its own.
            var excess = fit.ExcessSignificance(new() { Significance = side });
            var powers = fit.StudyPower(new() { Alternative = side });
            Assert.Equal(excess.Power, powers.Power, (a, b) => Math.Abs(a - b) < 1e-14);
            Assert.Equal(excess.IsSignificant, powers.IsSignificant);
            Assert.True(powers.IsAtEstimate);
            Assert.Single(powers.Warnings);
        }
    }

    [Fact]
    public void The_R_index_is_median_observed_power_less_its_inflation()
    {
        var powers = RandomEffects.Fit(Effects).StudyPower(new() { TrueEffect = 0.2 });
        double[] observed = [.. Effects.Effects.Select((y, i) => y / Math.Sqrt(Effects.Variances[i])).Select(z => Normal.CDF(0, 1, z - 1.959963984540054) + Normal.CDF(0, 1, -z - 1.959963984540054)).Order()];
        var share = Effects.Effects.Select((y, i) => Math.Abs(y) / Math.Sqrt(Effects.Variances[i])).Count(z => z > 1.96) / 7.0;

        Assert.Equal(observed[3], powers.MedianObservedPower, 1e-9);
        Assert.Equal(observed[3] - (share - observed[3]), powers.RIndex, 1e-9);
        Assert.Equal(powers.MedianPower, powers.MedianPowerAt(0.2), 1e-15);
        Assert.Equal(0.05, powers.MedianPowerAt(0), 1e-12);
        Assert.Equal(0.8, powers.MedianPowerAt(powers.EffectAtMedianPower()), 1e-10);
        Assert.Empty(powers.Warnings);
        Assert.False(powers.IsAtEstimate);
    }

    [Fact]
    public void Firepower_holds_the_median_power_of_each_meta_analysis()
    {
        var all = RandomEffects.Fit(Effects);
        var few = RandomEffects.Fit(Effects.Select([0, 1, 2]));
        var firepower = Firepower.Of([("all", all), ("few", few)], [0.1, 0.2, 0.5]);

        Assert.Equal(few.StudyPower(new() { TrueEffect = 0.5 }).MedianPower, firepower.MedianPower[1][2], 1e-14);
        Assert.All(firepower.MedianPower, row => Assert.Equal(row.Order(), row));
        Assert.Throws<ArgumentException>(() => Firepower.Of([], [0.1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Firepower.Of([("all", all)], [double.NaN]));
    }

    [Theory]
    [InlineData(Inference.HartungKnapp, null)]
    [InlineData(Inference.Normal, 0.05)]
    public void What_the_next_study_adds_is_what_simulated_next_studies_add(Inference inference, double? trueEffect)
    {
        var fit = RandomEffects.Fit(Effects.Select([0, 1, 3, 4, 5]), new() { Inference = inference });
        var next = fit.NextStudy(60, new() { TrueEffect = trueEffect });
        var (m, s) = (trueEffect ?? fit.Estimate, Math.Sqrt(fit.TauSquared + 1 / 57.0 + (trueEffect is null ? fit.StandardError * fit.StandardError : 0)));
        Assert.Equal((m, s), (next.ExpectedEffect, next.EffectStandardDeviation));
        const int replicates = 6000;
        var random = new Philox(3);
        var (significant, changed, width) = (0, 0, 0.0);
        for (var r = 0; r < replicates; r++)
        {
            var with = fit.Refit(StudyEffects.Create([.. fit.Effects.Effects, m + s * Normal.Sample(random, 0, 1)], [.. fit.Effects.Variances, 1 / 57.0], EffectMeasure.FisherZ));
            if (with.PValue < 0.05) significant++;
            if (with.PValue < 0.05 != fit.PValue < 0.05 || (with.PValue < 0.05 && with.Estimate * fit.Estimate < 0)) changed++;
            width += with.ConfidenceInterval.Width;
        }
        Assert.Equal(significant / (double)replicates, next.ProbabilitySignificant!.Value, 0.025);
        Assert.Equal(changed / (double)replicates, next.ProbabilityOfChange!.Value, 0.025);
        Assert.Equal(width / replicates, next.ExpectedWidth!.Value, 0.02 * next.Width);
        foreach (var edge in next.SignificantOutcomes.SelectMany(o => new[] { o.Lower, o.Upper }).Where(double.IsFinite))
        {
            Assert.Equal(0.05, fit.Refit(StudyEffects.Create([.. fit.Effects.Effects, edge], [.. fit.Effects.Variances, 1 / 57.0], EffectMeasure.FisherZ)).PValue, 1e-9);
        }
    }

    [Fact]
    public void Conditional_power_is_that_of_simulated_studies_with_tau_squared_held()
    {
        var fit = RandomEffects.Fit(Effects, new() { Inference = Inference.Normal });
        var next = fit.NextStudyOfVariance(0.02, new() { TrueEffect = 0.1, Studies = 3 });
        var held = fit.Effects.Variances.Sum(v => 1 / (v + fit.TauSquared));
        var w = 1 / (0.02 + fit.TauSquared);
        var random = new Philox(8);
        var count = 0;
        const int replicates = 40_000;
        for (var r = 0; r < replicates; r++)
        {
            var sum = fit.Estimate * held;
            for (var i = 0; i < 3; i++) sum += w * (0.1 + Normal.Sample(random, 0, 1) / Math.Sqrt(w));
            if (Math.Abs(sum) / Math.Sqrt(held + 3 * w) > 1.959963984540054) count++;
        }
        Assert.Equal(count / (double)replicates, next.ConditionalPower, 0.01);
        Assert.Equal(2 * 1.959963984540054 / Math.Sqrt(held + 3 * w), next.WidthHeld, 1e-12);
        Assert.Equal(fit.ConfidenceInterval.Width, next.WidthHeldNow, 1e-12);
        Assert.Null(next.ExpectedWidth);
        Assert.Contains(next.Warnings, text => text.Contains("not fitted again", StringComparison.Ordinal));
    }

    [Fact]
    public void The_value_of_a_study_is_the_expected_gain_of_deciding_after_it()
    {
        var fit = RandomEffects.Fit(Effects);
        var next = fit.NextStudyOfVariance(0.01, new() { Threshold = 0.15 });
        var held = fit.Effects.Variances.Sum(v => 1 / (v + fit.TauSquared));
        var w = 1 / (0.01 + fit.TauSquared);
        // The mean after the study is normal around the mean now with variance 1/W - 1/(W + w).
        var s = Math.Sqrt(1 / held - 1 / (held + w));
        double gain = 0, all = 0;
        for (var u = -8.0; u <= 8; u += 1e-4)
        {
            var density = Math.Exp(-u * u / 2);
            gain += density * Math.Max(0, fit.Estimate + s * u - 0.15);
            all += density;
        }
        Assert.Equal(gain / all - Math.Max(0, fit.Estimate - 0.15), next.ValueOfSample, 1e-8);
        Assert.True(next.ValueOfPerfect > next.ValueOfSample);
        Assert.Equal(next.ValueOfPerfect, fit.NextStudyOfVariance(1e-9, new() { Threshold = 0.15, Studies = 1_000_000 }).ValueOfSample, 1e-7);
    }

    [Fact]
    public void The_variance_by_size_is_stated()
    {
        Assert.Equal(1 / 37.0, VarianceBySize.FisherZ.At(40));
        Assert.Equal(0.04 + 0.16 / 200, VarianceBySize.StandardizedMeanDifference(0.4).At(100), 1e-15);
        var sized = StudyEffects.Create([0.1, 0.2, 0.3], [0.1, 0.02, 0.05], sampleSizes: [10, 100, 20]);
        Assert.Equal(1 / 50.0, VarianceBySize.Like(sized)!.At(50));
        Assert.Null(VarianceBySize.Like(StudyEffects.Create([0.1, 0.2], [0.1, 0.2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => VarianceBySize.FisherZ.At(3));
        Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(StudyEffects.Create([0.1, 0.2, 0.4], [0.1, 0.2, 0.1])).NextStudy(50));
    }
}
