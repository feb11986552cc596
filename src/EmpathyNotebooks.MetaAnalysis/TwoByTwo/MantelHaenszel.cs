using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The Mantel-Haenszel method: one common effect from two-by-two tables, weighted by their counts and not by estimated variances,
/// so that sparse tables and zero cells do no harm. When not to use it: where effects differ between studies; it is an
/// equal-effects method, look at Q and the Tarone test.
/// </summary>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(4, 119, 11, 128)), new("B", new TwoByTwo(6, 300, 29, 274))];
/// Console.WriteLine(MantelHaenszel.OddsRatio(tables));
/// </code></example>
public static class MantelHaenszel
{
    private const string Name = "Mantel-Haenszel";

    /// <summary>
    /// The odds ratio Σ(ad/N)/Σ(bc/N), with the standard error of its logarithm by Robins, Breslow &amp; Greenland (1986),
    /// Biometrics 42, 311-323, and the tests of Cochran, Mantel-Haenszel, Breslow-Day and Tarone.
    /// </summary>
    /// <param name="tables">The tables, at least one.</param>
    /// <param name="options">Zero cells in Q, continuity correction, level; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There is no table.</exception>
    /// <exception cref="ArgumentException">The tables together leave the odds ratio 0, infinite or undefined.</exception>
    public static TwoByTwoFit OddsRatio(IReadOnlyList<LabelledTable> tables, TwoByTwoOptions? options = null)
    {
        options = Ready(tables, options);
        double r = 0, s = 0, pr = 0, psqr = 0, qs = 0;
        var weights = new double[tables.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var t = tables[i].Table;
            double n = t.Total, ri = t.A / n * t.D, si = t.B / n * t.C, p = (t.A + t.D) / n, q = (t.B + t.C) / n;
            r += ri;
            s += si;
            pr += p * ri;
            psqr += p * si + q * ri;
            qs += q * si;
            weights[i] = si;
        }
        if (r == 0 || s == 0) throw Undefined(EffectMeasure.OddsRatio, "no table has a person in both of two opposite cells");
        var se = Math.Sqrt((pr / (r * r) + psqr / (r * s) + qs / (s * s)) / 2);
        var estimate = Math.Log(r / s);
        var heterogeneity = TableHeterogeneity.Of(tables, estimate, options, TwoByTwoTables.LogOddsRatio);
        var (cochran, mantelHaenszel) = NoEffect(tables, options.ContinuityCorrection);
        var (breslowDay, tarone) = BreslowDay(tables, r / s);
        return new TwoByTwoFit(Name, EffectMeasure.OddsRatio, tables, options, estimate, se, weights)
        {
            TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
            Cochran = cochran, CochranMantelHaenszel = mantelHaenszel, BreslowDay = breslowDay, Tarone = tarone,
        };
    }

    /// <summary>
    /// The risk ratio Σ(a·n2/N)/Σ(c·n1/N), with the standard error of its logarithm by Greenland &amp; Robins (1985), Biometrics
    /// 41, 55-68. For people whose groups were followed forward; not for case-control studies.
    /// </summary>
    /// <inheritdoc cref="OddsRatio"/>
    public static TwoByTwoFit RiskRatio(IReadOnlyList<LabelledTable> tables, TwoByTwoOptions? options = null)
    {
        options = Ready(tables, options);
        double r = 0, s = 0, p = 0;
        var weights = new double[tables.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var t = tables[i].Table;
            var n = t.Total;
            r += t.A * (t.N2 / n);
            s += weights[i] = t.C * (t.N1 / n);
            p += t.N1 / n * (t.N2 / n) * t.Events - t.A / n * t.C;
        }
        if (r == 0 || s == 0) throw Undefined(EffectMeasure.RiskRatio, "one of the groups has no event in any table");
        var estimate = Math.Log(r / s);
        var heterogeneity = TableHeterogeneity.Of(tables, estimate, options, TwoByTwoTables.LogRiskRatio);
        return new TwoByTwoFit(Name, EffectMeasure.RiskRatio, tables, options, estimate, Math.Sqrt(p / (r * s)), weights)
        {
            TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
        };
    }

    /// <summary>
    /// The risk difference with weights n1·n2/N, with the standard error of Sato, Greenland &amp; Robins (1989), Biometrics 45,
    /// 1323-1324, which holds for sparse tables and for large ones.
    /// </summary>
    /// <inheritdoc cref="OddsRatio"/>
    public static TwoByTwoFit RiskDifference(IReadOnlyList<LabelledTable> tables, TwoByTwoOptions? options = null)
    {
        options = Ready(tables, options);
        double difference = 0, total = 0, p = 0, q = 0;
        var weights = new double[tables.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var t = tables[i].Table;
            double n = t.Total, f1 = t.N1 / n, f2 = t.N2 / n;
            difference += t.A * f2 - t.C * f1;
            total += weights[i] = t.N1 * f2;
            p += t.C * f1 * f1 - t.A * f2 * f2 + f1 * f2 * (t.N2 - t.N1) / 2;
            q += (t.A * t.D + t.C * t.B) / n / 2;
        }
        var estimate = difference / total;
        var variance = (estimate * p + q) / (total * total);
        if (!(variance > 0)) throw Undefined(EffectMeasure.RiskDifference, "nobody or everybody has the event in every group");
        var heterogeneity = TableHeterogeneity.Of(tables, estimate, options, (t, zeros) =>
            TwoByTwoTables.RiskDifference(t, zeros));
        return new TwoByTwoFit(Name, EffectMeasure.RiskDifference, tables, options, estimate, Math.Sqrt(variance), weights)
        {
            TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
        };
    }

    internal static TwoByTwoOptions Ready(IReadOnlyList<LabelledTable> tables, TwoByTwoOptions? options, string method = Name)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Count == 0) throw new InsufficientStudiesException($"The {method} method", 1, 0);
        return options ?? new TwoByTwoOptions();
    }

    private static (ChiSquaredTest Cochran, ChiSquaredTest MantelHaenszel) NoEffect(IReadOnlyList<LabelledTable> tables,
        bool correct)
    {
        double difference = 0, binomial = 0, hypergeometric = 0;
        foreach (var (_, t) in tables)
        {
            if (t.IsUninformative) continue;
            var (d, v) = TwoByTwoTables.Peto(t);
            difference += d;
            hypergeometric += v;
            binomial += v * (t.Total - 1) / t.Total;
        }
        var corrected = Math.Max(0, Math.Abs(difference) - (correct ? 0.5 : 0));
        return (ChiSquaredTest.Of(corrected * corrected / binomial, 1),
            ChiSquaredTest.Of(corrected * corrected / hypergeometric, 1));
    }

    private static (ChiSquaredTest? BreslowDay, ChiSquaredTest? Tarone) BreslowDay(IReadOnlyList<LabelledTable> tables,
        double oddsRatio)
    {
        double statistic = 0, difference = 0, variance = 0;
        var informative = 0;
        foreach (var (_, t) in tables)
        {
            if (t.IsUninformative) continue;
            informative++;
            var a = FittedCount(t, oddsRatio);
            var v = 1 / (1 / a + 1 / (t.N1 - a) + 1 / (t.Events - a) + 1 / (t.N2 - t.Events + a));
            statistic += (t.A - a) * (t.A - a) / v;
            difference += t.A - a;
            variance += v;
        }
        if (informative < 2) return (null, null);
        return (ChiSquaredTest.Of(statistic, informative - 1),
            ChiSquaredTest.Of(Math.Max(0, statistic - difference * difference / variance), informative - 1));
    }

    /// <summary>The first cell that has this odds ratio with the margins of the table.</summary>
    private static double FittedCount(TwoByTwo t, double oddsRatio)
    {
        if (oddsRatio == 1) return t.N1 / t.Total * t.Events;
        var linear = oddsRatio * (t.N1 + t.Events) + t.N2 - t.Events;
        var root = Math.Sqrt(linear * linear - 4 * t.N1 * t.Events * oddsRatio * (oddsRatio - 1));
        // The form that subtracts nothing where the odds ratio is near 1.
        return 2 * t.N1 * t.Events * oddsRatio / (linear + root);
    }

    private static ArgumentException Undefined(EffectMeasure measure, string because) =>
        new($"The Mantel-Haenszel {measure.Name.ToLowerInvariant()} is not defined: {because}.", "tables");
}

/// <summary>Q over the effects of single tables, around a pooled effect that was found without them.</summary>
internal readonly record struct TableHeterogeneity(ImmutableArray<EffectSize?> Effects, QTest Q, ImmutableArray<string> Warnings)
{
    public static TableHeterogeneity Of(IReadOnlyList<LabelledTable> tables, double estimate, TwoByTwoOptions options,
        Func<TwoByTwo, ZeroCells?, EffectSize> effect)
    {
        var effects = new EffectSize?[tables.Count];
        List<string> added = [], silent = [], undefined = [];
        var zeroCells = options.ZeroCells;
        if (zeroCells.Rule == ZeroCellRule.AddToAllIfAnyZero && tables.Any(t => t.Table.HasZero))
            zeroCells = ZeroCells.AddToAll(zeroCells.Amount);
        double q = 0;
        var df = -1;
        for (var i = 0; i < effects.Length; i++)
        {
            var (label, table) = tables[i];
            if (table.IsUninformative)
            {
                silent.Add(label);
                continue;
            }
            try
            {
                effects[i] = effect(table, zeroCells);
            }
            catch (ArgumentException) when (zeroCells.Rule == ZeroCellRule.Keep)
            {
                undefined.Add(label);
                continue;
            }
            var y = effects[i]!.Value;
            if (y.Note is not null) added.Add(label);
            q += (y.Value - estimate) * (y.Value - estimate) / y.Variance;
            df++;
        }
        df = Math.Max(0, df);
        var warnings = new List<string>();
        if (added.Count > 0)
        {
            var amount = zeroCells.Amount.ToString(CultureInfo.InvariantCulture);
            warnings.Add($"For Q and I², {amount} was added to each cell of: {string.Join(", ", added)}. "
                + "The pooled effect uses the counts as they are.");
        }
        if (silent.Count > 0) warnings.Add($"Nobody or everybody has the event, so these tables are not in Q: {string.Join(", ", silent)}.");
        if (undefined.Count > 0) warnings.Add($"The effect is not defined with their zeros, so these tables are not in Q: {string.Join(", ", undefined)}.");
        return new TableHeterogeneity([.. effects], new QTest(q, df, df == 0 ? 1 : Distributions.ChiSquaredUpper(q, df)),
            [.. warnings]);
    }
}
