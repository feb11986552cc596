namespace EmpathyNotebooks.MetaAnalysis.Tests.Tables;

/// <summary>Tables with next to nobody in a cell beside millions in another give numbers or a reason.</summary>
public sealed class LopsidedTableTests
{
    private static readonly double[] Counts = [0, 1, 1, 2, 7, 1e3, 1e6, 1e9, 1e12, 0.5];

    [Fact]
    public void Pooled_lopsided_tables_give_numbers_or_a_reason()
    {
        var random = new Random(6);
        var fitted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var tables = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Draw(random)).ToArray();
            foreach (var method in new Func<IReadOnlyList<LabelledTable>, TwoByTwoOptions?, TwoByTwoFit>[] { MantelHaenszel.OddsRatio, MantelHaenszel.RiskRatio, MantelHaenszel.RiskDifference, PetoMethod.OddsRatio })
            {
                if (Check(tables, method)) fitted++;
            }
        }
        Assert.True(fitted > 40_000, $"only {fitted} fits");
    }

    [Fact]
    public void Breslow_Day_is_solved_in_each_cell_of_a_lopsided_table()
    {
        LabelledTable[] tables = [new("A", new TwoByTwo(999_999_999, 1, 2, 3)), new("B", new TwoByTwo(40, 10, 7, 5))];
        var fit = MantelHaenszel.OddsRatio(tables);
        // In 50-digit arithmetic (mpmath): the fitted cells by the quadratic equation, the statistics from them.
        Assert.Equal(BreslowDay, fit.BreslowDay!.Value.Statistic, 1e-9 * BreslowDay);
        Assert.Equal(Tarone, fit.Tarone!.Value.Statistic, 1e-9 * Tarone);
    }

    private const double BreslowDay = 81606220.708776991;
    private const double Tarone = 81606219.499195837;

    [Fact]
    public void A_ratio_beyond_the_range_of_numbers_is_said()
    {
        var fit = PetoMethod.OddsRatio([new("A", new TwoByTwo(1, 0, 1, 1e9))]);
        Assert.Contains("read the logarithm", Assert.Single(fit.Warnings, w => w.Contains("computer", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.True(double.IsFinite(fit.Estimate));
    }

    private static bool Check(LabelledTable[] tables, Func<IReadOnlyList<LabelledTable>, TwoByTwoOptions?, TwoByTwoFit> method)
    {
        TwoByTwoFit fit;
        try
        {
            fit = method(tables, null);
        }
        catch (ArgumentException reason)
        {
            if (reason is not ImpossibleChoiceException { Kind: ChoiceFault.UndefinedEstimate } || reason.Message.Contains("NaN", StringComparison.Ordinal)) Assert.Fail($"{What()}: {reason}");
            return false;
        }
        double?[] numbers = [fit.Estimate, fit.StandardError, fit.PValue, fit.Q.Statistic, fit.Q.PValue, fit.ISquared, fit.BreslowDay?.Statistic, fit.BreslowDay?.PValue,
            fit.Tarone?.Statistic, fit.Tarone?.PValue, fit.Cochran?.Statistic, fit.Cochran?.PValue, fit.CochranMantelHaenszel?.PValue, .. fit.Weights.Select(w => (double?)w)];
        if (!numbers.All(number => number is null || double.IsFinite(number.Value))) Assert.Fail($"{fit.Method} {fit.Measure.Code} of {What()}: {string.Join(", ", numbers)}");
        if (double.IsInfinity(fit.BackTransformedEstimate)) Assert.NotEmpty(fit.Warnings);
        return true;

        // Put into words only where it fails: there are hundreds of thousands of numbers.
        string What() => string.Join("; ", tables.Select(t => $"{t.Table.A}, {t.Table.B}, {t.Table.C}, {t.Table.D}"));
    }

    private static LabelledTable Draw(Random random)
    {
        double Count() => Counts[random.Next(Counts.Length)];
        double a = Count(), b = Count(), c = Count(), d = Count();
        return new("T", new TwoByTwo(a, a + b == 0 ? 1 : b, c, c + d == 0 ? 1 : d));
    }
}
