using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>What must hold for any groups of scores.</summary>
[Properties(Arbitrary = [typeof(EffectArbitraries)], MaxTest = 300)]
public sealed class EffectSizeProperties
{
    private static readonly Func<double, double, double, double, double, double, EffectSize>[] Contrasts =
    [
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.Raw(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.StandardizedUnequalVariances(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.LogOddsRatio(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.PointBiserial(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanDifferences.Biserial(m1, s1, n1, m2, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanRatios.RatioOfMeans(m1, s1, n1, m2, s2, n2),
        (_, s1, n1, _, s2, n2) => MeanRatios.VariabilityRatio(s1, n1, s2, n2),
        (m1, s1, n1, m2, s2, n2) => MeanRatios.CoefficientOfVariationRatio(m1, s1, n1, m2, s2, n2),
    ];

    private static readonly Func<double, double, double, double, double, double, EffectSize>[] Changes =
    [
        (m1, s1, m2, s2, n, r) => PairedMeans.Change(m1, s1, m2, s2, n, r),
        (m1, s1, m2, s2, n, r) => PairedMeans.StandardizedByChange(m1, s1, m2, s2, n, r),
        (m1, s1, m2, s2, n, r) => PairedMeans.StandardizedByAverage(m1, s1, m2, s2, n, r),
        (m1, s1, m2, s2, n, r) => PairedMeans.StandardizedByAverageUnequalVariances(m1, s1, m2, s2, n, r),
        (m1, s1, m2, s2, n, r) => PairedMeans.RatioOfMeans(m1, s1, m2, s2, n, r),
        (_, s1, _, s2, n, r) => PairedMeans.VariabilityRatio(s1, s2, n, r),
        (m1, s1, m2, s2, n, r) => PairedMeans.CoefficientOfVariationRatio(m1, s1, m2, s2, n, r),
    ];

    [Property]
    public void Swapping_the_groups_turns_the_sign(GroupsOfScores groups)
    {
        foreach (var contrast in Contrasts)
        {
            EffectSize effect = groups.With(contrast), swapped = groups.Swap().With(contrast);
            Close(-effect.Value, swapped.Value);
            Close(effect.Variance, swapped.Variance);
        }
    }

    [Property]
    public void Swapping_the_occasions_turns_the_sign(Occasions pair)
    {
        foreach (var change in Changes)
        {
            EffectSize effect = pair.With(change),
                swapped = new Occasions(pair.M2, pair.Sd2, pair.M1, pair.Sd1, pair.N, pair.R).With(change);
            Close(-effect.Value, swapped.Value);
            Close(effect.Variance, swapped.Variance);
        }
    }

    [Property]
    public void Standardized_effects_and_ratios_do_not_depend_on_the_unit(GroupsOfScores groups, Occasions pair)
    {
        foreach (var contrast in Contrasts.Skip(1))
        {
            EffectSize effect = groups.With(contrast), scaled = groups.Scale(3.7).With(contrast);
            Close(effect.Value, scaled.Value);
            Close(effect.Variance, scaled.Variance);
        }
        foreach (var change in Changes.Skip(1))
        {
            EffectSize effect = pair.With(change);
            var scaled = (pair with { M1 = pair.M1 * 3.7, Sd1 = pair.Sd1 * 3.7, M2 = pair.M2 * 3.7,
                Sd2 = pair.Sd2 * 3.7 }).With(change);
            Close(effect.Value, scaled.Value);
            Close(effect.Variance, scaled.Variance);
        }
        EffectSize raw = groups.With(Contrasts[0]), rawScaled = groups.Scale(3.7).With(Contrasts[0]);
        Close(3.7 * raw.Value, rawScaled.Value);
        Close(3.7 * 3.7 * raw.Variance, rawScaled.Variance);
    }

    [Property]
    public void Differences_do_not_depend_on_where_the_scale_begins(GroupsOfScores groups)
    {
        foreach (var contrast in Contrasts.Take(6))
        {
            EffectSize effect = groups.With(contrast), shifted = groups.Shift(12.5).With(contrast);
            Assert.Equal(effect.Value, shifted.Value, 1e-9 * Math.Max(1, Math.Abs(effect.Value)));
            Assert.Equal(effect.Variance, shifted.Variance, 1e-9 * Math.Max(1, effect.Variance));
        }
    }

    [Property]
    public void The_bias_correction_shrinks_and_its_approximation_is_close(GroupsOfScores groups)
    {
        EffectSize d = groups.With((m1, s1, n1, m2, s2, n2) =>
            MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2, correction: BiasCorrection.None)),
            exact = groups.With(Contrasts[1]),
            approximate = groups.With((m1, s1, n1, m2, s2, n2) =>
                MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2, correction: BiasCorrection.Approximate));
        Assert.True(Math.Abs(exact.Value) <= Math.Abs(d.Value));
        Assert.Equal(exact.Value, approximate.Value, 0.01 * Math.Abs(d.Value) + 1e-12);
        var t = d.Value / Math.Sqrt(1.0 / groups.N1 + 1.0 / groups.N2);
        Close(exact.Value, MeanDifferences.FromT(t, groups.N1, groups.N2).Value);
        Close(exact.Value, MeanDifferences.FromD(d.Value, groups.N1, groups.N2).Value);
    }

    [Property]
    public void Glass_agrees_with_hedges_when_both_spreads_are_the_same(GroupsOfScores groups)
    {
        var same = groups with { Sd1 = groups.Sd2 };
        var glass = MeanDifferences.Glass(same.M1, same.N1, same.M2, same.Sd2, same.N2, correction: BiasCorrection.None).Value;
        Close(glass, same.With((m1, s1, n1, m2, s2, n2) =>
            MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2, correction: BiasCorrection.None)).Value);
        Close(glass, same.With((m1, s1, n1, m2, s2, n2) =>
            MeanDifferences.GlassUnequalVariances(m1, s1, n1, m2, s2, n2, BiasCorrection.None)).Value);
    }

    [Property]
    public void The_point_biserial_correlation_has_the_t_of_the_difference(GroupsOfScores groups)
    {
        var d = groups.With((m1, s1, n1, m2, s2, n2) =>
            MeanDifferences.Standardized(m1, s1, n1, m2, s2, n2, correction: BiasCorrection.None)).Value;
        var t = d / Math.Sqrt(1.0 / groups.N1 + 1.0 / groups.N2);
        Close(t / Math.Sqrt(t * t + groups.N1 + groups.N2 - 2), groups.With(Contrasts[4]).Value);
    }

    [Theory]
    [InlineData(2, 0.56418958354775628)] // 1/√π
    [InlineData(3, 0.72360125455826764)] // √(π/6)
    [InlineData(10, 0.92274560805308710)]
    [InlineData(39, 0.98062423868034151)]
    [InlineData(348, 0.99784301962108490)]
    public void The_exact_correction_has_all_its_digits(double m, double expected) =>
        Assert.Equal(expected, SmallSample.Factor(m), 1e-15);

    private static void Close(double expected, double actual) =>
        Assert.Equal(expected, actual, 1e-9 * Math.Max(1, Math.Abs(expected)));
}
