using EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;
using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>What must hold for any two-by-two tables.</summary>
[Properties(Arbitrary = [typeof(EffectArbitraries)], MaxTest = 200)]
public sealed class TwoByTwoProperties
{
    private static readonly Func<TwoByTwo, EffectSize>[] Symmetric =
    [
        t => TwoByTwoTables.LogOddsRatio(t), t => TwoByTwoTables.RiskDifference(t), t => TwoByTwoTables.ArcsineDifference(t),
        t => TwoByTwoTables.PetoLogOddsRatio(t), t => TwoByTwoTables.Phi(t), t =>
            TwoByTwoTables.Phi(t, SamplingDesign.Stratified),
        t => TwoByTwoTables.YuleQ(t), t => TwoByTwoTables.YuleY(t), t => TwoByTwoTables.Tetrachoric(t), t =>
            TwoByTwoTables.ProbitDifference(t),
        t => TwoByTwoTables.StandardizedFromOdds(t), t => TwoByTwoTables.StandardizedFromOdds(t, ScoreDistribution.Normal),
    ];

    [Property]
    public void Swapping_the_groups_turns_the_sign(Counts counts)
    {
        foreach (var measure in Symmetric.Append(t => TwoByTwoTables.LogRiskRatio(t))) Opposite(measure(counts.Table),
            measure(counts.Table.SwapGroups()));
    }

    [Property]
    public void Swapping_the_outcomes_turns_the_sign(Counts counts)
    {
        foreach (var measure in Symmetric) Opposite(measure(counts.Table), measure(counts.Table.SwapOutcomes()));
    }

    [Property]
    public void All_measures_agree_on_the_direction(Counts counts)
    {
        var sign = Math.Sign((double)counts.A * counts.D - (double)counts.B * counts.C);
        foreach (var measure in Symmetric.Append(t => TwoByTwoTables.LogRiskRatio(t)))
        {
            var value = measure(counts.Table).Value;
            if (sign == 0) Assert.Equal(0, value, 1e-9);
            else Assert.Equal(sign, Math.Sign(value));
        }
    }

    [Property]
    public void The_tetrachoric_correlation_lies_beyond_phi_and_gives_the_table_back(Counts counts)
    {
        var t = counts.Table;
        var rho = TwoByTwoTables.Tetrachoric(t).Value;
        Assert.True(Math.Abs(rho) >= Math.Abs(TwoByTwoTables.Phi(t).Value) - 1e-9);
        double h = NormalCurve.Quantile(t.N1 / t.Total), k = NormalCurve.Quantile(t.Events / t.Total);
        Assert.Equal(t.A / t.Total, NormalCurve.Probability(h, k, Math.Asin(rho)), 1e-12);
    }

    [Property]
    public void One_table_pools_to_itself(Counts counts)
    {
        LabelledTable[] one = [new("only", counts.Table)];
        Assert.Equal(TwoByTwoTables.LogOddsRatio(counts.Table).Value, MantelHaenszel.OddsRatio(one).Estimate, 1e-12);
        Assert.Equal(TwoByTwoTables.LogOddsRatio(counts.Table).StandardError, MantelHaenszel.OddsRatio(one).StandardError, 1e-12);
        Assert.Equal(TwoByTwoTables.LogRiskRatio(counts.Table).Value, MantelHaenszel.RiskRatio(one).Estimate, 1e-12);
        Assert.Equal(TwoByTwoTables.LogRiskRatio(counts.Table).StandardError, MantelHaenszel.RiskRatio(one).StandardError, 1e-12);
        Assert.Equal(TwoByTwoTables.RiskDifference(counts.Table).Value, MantelHaenszel.RiskDifference(one).Estimate, 1e-12);
        Assert.Equal(TwoByTwoTables.PetoLogOddsRatio(counts.Table).StandardError, PetoMethod.OddsRatio(one).StandardError, 1e-12);
        Assert.Equal(0, PetoMethod.OddsRatio(one).Q.Statistic, 1e-12);
    }

    [Property]
    public void The_order_of_tables_does_not_matter_and_copies_change_nothing_but_the_certainty(Counts first, Counts second)
    {
        LabelledTable[] tables = [new("1", first.Table), new("2", second.Table)];
        foreach (var pool in new Func<IReadOnlyList<LabelledTable>, TwoByTwoFit>[]
            { t => MantelHaenszel.OddsRatio(t), t => MantelHaenszel.RiskRatio(t), t => MantelHaenszel.RiskDifference(t), t =>
                PetoMethod.OddsRatio(t) })
        {
            TwoByTwoFit fit = pool(tables), reversed = pool([.. tables.Reverse()]), twice = pool([.. tables, .. tables]);
            Assert.Equal(fit.Estimate, reversed.Estimate, 1e-12);
            Assert.Equal(fit.Q.Statistic, reversed.Q.Statistic, 1e-9);
            Assert.Equal(fit.Estimate, twice.Estimate, 1e-12);
            Assert.Equal(fit.StandardError / Math.Sqrt(2), twice.StandardError, 1e-12);
            Assert.True(fit.ConfidenceInterval.Contains(fit.Estimate));
            Assert.InRange(fit.ISquared, 0, 1);
        }
    }

    private static void Opposite(EffectSize one, EffectSize other)
    {
        Assert.Equal(-one.Value, other.Value, 1e-10);
        Assert.Equal(one.Variance, other.Variance, 1e-9 * Math.Max(1, one.Variance));
        Assert.True(one.Variance > 0);
    }
}
