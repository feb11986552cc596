using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

[Properties(Arbitrary = [typeof(EffectArbitraries)], MaxTest = 200)]
public sealed class ConversionTests
{
    [Property]
    public void A_correlation_comes_back_from_every_statistic(int seed, int size)
    {
        double r = 0.9 * Math.Sin(seed), n = 10 + Math.Abs(size % 500);
        var t = r * Math.Sqrt((n - 2) / (1 - r * r));
        var direction = r >= 0 ? EffectDirection.Positive : EffectDirection.Negative;
        var expected = Correlations.FisherZ(r, n);
        Same(expected, CorrelationFrom.T(t, n));
        Same(expected, CorrelationFrom.F(t * t, n, direction));
        Same(expected, CorrelationFrom.EtaSquared(r * r, n, direction));
        Same(expected, CorrelationFrom.ChiSquared(r * r * n, n, direction));
        Same(expected, CorrelationFrom.Z(r * Math.Sqrt(n), n));
        Same(expected, CorrelationFrom.Regression(2 * t, 2, n));
        var p = Distributions.StudentTwoSided(t, n - 2);
        if (p < 1e-250) return;
        Same(expected, CorrelationFrom.PValue(p, n, direction));
        Same(expected, CorrelationFrom.PValue(p / 2, n, direction, Tails.One));
        Same(Correlations.Raw(r, n), CorrelationFrom.T(t, n, EffectMeasure.Correlation));
    }

    [Property]
    public void A_difference_comes_back_from_every_statistic(GroupsOfScores groups)
    {
        var expected = groups.With((m1, s1, n1, m2, s2, n2) => MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2));
        var d = groups.With((m1, s1, n1, m2, s2, n2) =>
            MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2, correction: BiasCorrection.None)).Value;
        double n1 = groups.N1, n2 = groups.N2, df = n1 + n2 - 2, t = d / Math.Sqrt(1 / n1 + 1 / n2);
        var direction = d >= 0 ? EffectDirection.Positive : EffectDirection.Negative;
        Same(expected, MeanDifferenceFrom.T(t, n1, n2));
        Same(expected, MeanDifferenceFrom.F(t * t, n1, n2, direction));
        Same(expected, MeanDifferenceFrom.EtaSquared(t * t / (t * t + df), n1, n2, direction));
        Same(expected, MeanDifferenceFrom.Regression(2 * t, 2, n1, n2));
        var p = Distributions.StudentTwoSided(t, df);
        if (p > 1e-250) Same(expected, MeanDifferenceFrom.PValue(p, n1, n2, direction));
        // The difference of the means and its p give the pooled standard deviation back.
        var pooled = (groups.M1 - groups.M2) / d;
        if (p > 1e-250 && d != 0) Assert.Equal(pooled, SdFromDifference.PValue(groups.M1 - groups.M2, p, n1, n2), 1e-6 * pooled);
    }

    [Property]
    public void Converting_there_and_back_changes_nothing(int seed, Counts counts)
    {
        double r = 0.9 * Math.Sin(seed), n1 = counts.A + counts.B, n2 = counts.C + counts.D;
        var z = Correlations.FisherZ(r, 50);
        foreach (var measure in new[] { EffectMeasure.Correlation, EffectMeasure.StandardizedMeanDifference,
            EffectMeasure.OddsRatio })
        {
            Same(z, z.ConvertTo(measure, n1, n2).ConvertTo(EffectMeasure.FisherZ, n1, n2));
        }
        var odds = TwoByTwoTables.LogOddsRatio(counts.Table);
        var d = odds.ConvertTo(EffectMeasure.StandardizedMeanDifference);
        Assert.Equal(TwoByTwoTables.StandardizedFromOdds(counts.Table).Value, d.Value, 1e-12);
        Assert.Equal(TwoByTwoTables.StandardizedFromOdds(counts.Table).Variance, d.Variance, 1e-12);
        Same(odds, d.ConvertTo(EffectMeasure.OddsRatio));
        Assert.Equal(TwoByTwoTables.StandardizedFromOdds(counts.Table, ScoreDistribution.Normal).Value,
            odds.ConvertTo(EffectMeasure.StandardizedMeanDifference, scores: ScoreDistribution.Normal).Value, 1e-12);
        Assert.Equal(EffectSizeConversion.DToR(d.Value, n1, n2), odds.ConvertTo(EffectMeasure.Correlation, n1, n2).Value, 1e-12);
        Assert.NotNull(d.Note);
    }

    [Fact]
    public void One_sided_p_values_have_a_direction()
    {
        // p .9918 for the hypothesis is p .0082 against it; t(43) = 2.5 has a two-sided p of .0163 (R: 2 * pt(-2.5, 43)).
        var expected = 2.5 / Math.Sqrt(2.5 * 2.5 + 43);
        Assert.Equal(expected,
            CorrelationFrom.PValue(0.0163130852017603, 45, EffectDirection.Positive, measure: EffectMeasure.Correlation).Value, 1e-9);
        Assert.Equal(-expected,
            CorrelationFrom.PValue(1 - 0.00815654260088017, 45, EffectDirection.Positive, Tails.One, EffectMeasure.Correlation).Value,
            1e-9);
        Assert.Equal(0, CorrelationFrom.PValue(1, 45, EffectDirection.Negative).Value, 1e-12);
        Assert.Equal("p",
            Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationFrom.PValue(0, 45, EffectDirection.Positive)).ParamName);
        Assert.Equal("p",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
            CorrelationFrom.PValue(1, 45, EffectDirection.Positive, Tails.One)).ParamName);
        Assert.Equal("direction", Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationFrom.F(4, 45, 0)).ParamName);
    }

    [Fact]
    public void The_phi_of_a_table_is_the_root_of_its_chi_squared()
    {
        var table = new TwoByTwo(12, 88, 25, 75);
        var chiSquared = 200 * Math.Pow(12.0 * 75 - 88 * 25, 2) / (100.0 * 100 * 37 * 163);
        Assert.Equal(TwoByTwoTables.Phi(table).Value,
            CorrelationFrom.ChiSquared(chiSquared, 200, EffectDirection.Negative, EffectMeasure.Correlation).Value, 1e-12);
        // d of the same r by way of the general conversion.
        Assert.Equal(CorrelationFrom.ChiSquared(chiSquared, 200,
            EffectDirection.Negative).ConvertTo(EffectMeasure.StandardizedMeanDifference).Value,
            MeanDifferenceFrom.ChiSquared(chiSquared, 100, 100, EffectDirection.Negative, BiasCorrection.None).Value, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationFrom.ChiSquared(45, 45, EffectDirection.Positive));
    }

    [Fact]
    public void Approximations_say_so()
    {
        Assert.Equal(0.98 * 0.3 + 0.05, CorrelationFrom.StandardizedBeta(0.3, 100, EffectMeasure.Correlation).Value, 1e-15);
        Assert.Equal(-0.294, CorrelationFrom.StandardizedBeta(-0.3, 100, EffectMeasure.Correlation).Value, 1e-15);
        Assert.Contains("rough rule", CorrelationFrom.StandardizedBeta(0.3, 100).Note, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationFrom.StandardizedBeta(0.51, 100));
        var partial = CorrelationFrom.Regression(0.4, 0.1, 80, predictors: 4);
        Assert.Same(EffectMeasure.PartialFisherZ, partial.Measure);
        Assert.Contains("3 other predictors", partial.Note, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => CorrelationFrom.T(2, 40, EffectMeasure.OddsRatio));
        Assert.Throws<ArgumentException>(() => MeanDifferences.Raw(1, 1, 10, 2, 1, 10).ConvertTo(EffectMeasure.FisherZ));
        Assert.Throws<ArgumentException>(() => Correlations.FisherZ(0.3, 40).ConvertTo(EffectMeasure.RiskRatio));
        Assert.NotNull(MeanDifferenceFrom.Z(2, 20, 20).Note);
    }

    [Fact]
    public void An_effect_comes_back_from_its_interval_and_its_p()
    {
        foreach (var effect in new[]
        {
            TwoByTwoTables.LogOddsRatio(new TwoByTwo(12, 88, 25, 75)), Correlations.FisherZ(0.28, 60),
                MeanDifferences.Standardized(10.2, 2.1, 25, 8.9, 2.6, 28),
        })
        {
            var interval = effect.Interval(0.9).Transform(effect.Measure.ToDisplay);
            Same(effect, EffectFrom.Interval(effect.DisplayValue, interval.Lower, interval.Upper, effect.Measure, 0.9));
            Same(effect, EffectFrom.PValue(effect.DisplayValue, Distributions.NormalTwoSided(effect.Value / effect.StandardError),
                effect.Measure));
            Same(effect, EffectFrom.StandardError(effect.DisplayValue, effect.StandardError, effect.Measure));
        }
        // Elliott et al. 2018: r = .28 [.23, .33] is even in z; an odds ratio entered as if on a linear scale is not.
        Assert.DoesNotContain("not even", EffectFrom.Interval(0.28, 0.23, 0.33, EffectMeasure.FisherZ).Note,
            StringComparison.Ordinal);
        Assert.Contains("not even", EffectFrom.Interval(2, 1, 3, EffectMeasure.OddsRatio).Note, StringComparison.Ordinal);
        Assert.Equal("lower",
            Assert.Throws<ArgumentOutOfRangeException>(() => EffectFrom.Interval(2, 0, 3, EffectMeasure.OddsRatio)).ParamName);
        Assert.Equal("estimate",
            Assert.Throws<ArgumentOutOfRangeException>(() => EffectFrom.Interval(4, 1, 3, EffectMeasure.OddsRatio)).ParamName);
        Assert.Equal("estimate",
            Assert.Throws<ArgumentOutOfRangeException>(() => EffectFrom.PValue(1, 0.4, EffectMeasure.OddsRatio)).ParamName);
        Assert.Equal("estimate",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
            EffectFrom.StandardError(1.2, 0.4, EffectMeasure.FisherZ)).ParamName);
    }

    private static void Same(EffectSize expected, EffectSize actual)
    {
        Assert.Same(expected.Measure, actual.Measure);
        Assert.Equal(expected.Value, actual.Value, 1e-8 * Math.Max(1, Math.Abs(expected.Value)));
        Assert.Equal(expected.Variance, actual.Variance, 1e-8 * Math.Max(1, expected.Variance));
    }
}
