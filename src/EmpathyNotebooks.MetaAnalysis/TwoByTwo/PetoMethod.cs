namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Peto's one-step method: ln(OR) = Σ(a - E)/ΣV, with variance 1/ΣV. Good for rare events, small effects and groups of like size;
/// it adds nothing to zeros. When not to use it: with large effects or very unequal groups, where it is biased (Greenland &amp;
/// Salvan 1990). Source: Yusuf, Peto, Lewis, Collins &amp; Sleight (1985), Progress in Cardiovascular Diseases 27, 335-371.
/// </summary>
/// <example><code>
/// LabelledTable[] tables = [new("A", new TwoByTwo(0, 20, 5, 18)), new("B", new TwoByTwo(2, 40, 6, 33))];
/// Console.WriteLine(PetoMethod.OddsRatio(tables));
/// </code></example>
public static class PetoMethod
{
    /// <summary>The pooled odds ratio; its logarithm is the estimate.</summary>
    /// <remarks>
    /// $$\ln\widehat{\mathrm{OR}} = \frac{\sum_i(a_i - E_i)}{\sum_iV_i}, \qquad v = \frac{1}{\sum_iV_i}$$
    /// $$E_i = \frac{n_{1i}(a_i + c_i)}{N_i}, \qquad V_i = \frac{n_{1i}n_{2i}(a_i + c_i)(b_i + d_i)}{N_i^2(N_i - 1)}$$
    /// </remarks>
    /// <param name="tables">The tables, at least one.</param>
    /// <param name="options">The level; zero cells are always kept, since the method needs no addition.</param>
    /// <exception cref="InsufficientStudiesException">There is no table.</exception>
    /// <exception cref="ArgumentException">Nobody or everybody has the event in every table.</exception>
    public static TwoByTwoFit OddsRatio(IReadOnlyList<LabelledTable> tables, TwoByTwoOptions? options = null)
    {
        options = MantelHaenszel.Ready(tables, options, "Peto") with { ZeroCells = ZeroCells.Keep };
        double difference = 0, variance = 0;
        var weights = new double[tables.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            if (tables[i].Table.IsUninformative) continue;
            var (d, v) = TwoByTwoTables.Peto(tables[i].Table);
            difference += d;
            variance += weights[i] = v;
        }
        if (variance == 0)
            throw new ImpossibleChoiceException("Peto's method needs a table with people who have the event and people who do not",
                ChoiceFault.UndefinedEstimate, nameof(tables));
        var estimate = difference / variance;
        var heterogeneity = TableHeterogeneity.Of(tables, estimate, options, TwoByTwoTables.PetoLogOddsRatio);
        return new TwoByTwoFit("Peto", EffectMeasure.PetoOddsRatio, tables, options, estimate, Math.Sqrt(1 / variance), weights)
        {
            TableEffects = heterogeneity.Effects, Q = heterogeneity.Q, Warnings = heterogeneity.Warnings,
        };
    }
}
