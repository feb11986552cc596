using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Q over the effects of single tables, around a pooled effect that was found without them.</summary>
internal readonly record struct TableHeterogeneity(ImmutableArray<EffectSize?> Effects, QTest Q, ImmutableArray<string> Warnings)
{
    public static TableHeterogeneity Of(IReadOnlyList<LabelledTable> tables, double estimate, TwoByTwoOptions options,
        Func<TwoByTwo, ZeroCells?, EffectSize> effect) =>
        Of(tables.Count, i => tables[i].Label, i => tables[i].Table.HasZero, i => tables[i].Table.IsUninformative, (i, zeros) => effect(tables[i].Table, zeros), estimate,
            options, "Nobody or everybody has the event, so these tables are not in Q");

    /// <summary>The same for whatever has a label, may have a zero, may say nothing, and has an effect under a zero-cell rule.</summary>
    public static TableHeterogeneity Of(int count, Func<int, string> labelOf, Predicate<int> hasZero, Predicate<int> saysNothing, Func<int, ZeroCells, EffectSize> effect,
        double estimate, TwoByTwoOptions options, string nothingSaid)
    {
        var effects = new EffectSize?[count];
        List<string> added = [], silent = [], undefined = [];
        var zeroCells = options.ZeroCells;
        if (zeroCells.Rule == ZeroCellRule.AddToAllIfAnyZero && Enumerable.Range(0, count).Any(i => hasZero(i)))
            zeroCells = ZeroCells.AddToAll(zeroCells.Amount);
        double q = 0;
        var df = -1;
        for (var i = 0; i < count; i++)
        {
            var label = labelOf(i);
            if (saysNothing(i))
            {
                silent.Add(label);
                continue;
            }
            try
            {
                effects[i] = effect(i, zeroCells);
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
        if (silent.Count > 0) warnings.Add($"{nothingSaid}: {string.Join(", ", silent)}.");
        if (undefined.Count > 0) warnings.Add($"The effect is not defined with their zeros, so these tables are not in Q: {string.Join(", ", undefined)}.");
        return new TableHeterogeneity([.. effects], new QTest(q, df, df == 0 ? 1 : Distributions.ChiSquaredUpper(q, df)),
            [.. warnings]);
    }
}
