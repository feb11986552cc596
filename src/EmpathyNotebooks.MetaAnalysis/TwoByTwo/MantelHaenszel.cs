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
public static partial class MantelHaenszel
{
    private const string Name = "Mantel-Haenszel";

    /// <summary>
    /// The odds ratio Σ(ad/N)/Σ(bc/N), with the standard error of its logarithm by Robins, Breslow &amp; Greenland (1986),
    /// Biometrics 42, 311-323, and the tests of Cochran, Mantel-Haenszel, Breslow-Day and Tarone.
    /// </summary>
    /// <remarks>
    /// $$\widehat{\mathrm{OR}} = \frac{R}{S}, \qquad R = \sum_i\frac{a_id_i}{N_i}, \quad S = \sum_i\frac{b_ic_i}{N_i}$$
    /// $$v = \frac{1}{2}\left(\frac{\sum P_iR_i}{R^2} + \frac{\sum(P_iS_i + Q_iR_i)}{RS} + \frac{\sum Q_iS_i}{S^2}\right), \qquad P_i = \frac{a_i + d_i}{N_i}, \quad Q_i = \frac{b_i + c_i}{N_i}$$
    /// with $R_i$ and $S_i$ the terms of both sums and $v$ the variance of the logarithm.
    /// </remarks>
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
        var estimate = Math.Log(r) - Math.Log(s);
        var heterogeneity = TableHeterogeneity.Of(tables, estimate, options, TwoByTwoTables.LogOddsRatio);
        var (cochran, mantelHaenszel) = NoEffect(tables, options.ContinuityCorrection);
        var (breslowDay, tarone) = BreslowDayTest.Of(tables, r / s);
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
    /// <remarks>
    /// $$\widehat{\mathrm{RR}} = \frac{R}{S}, \qquad R = \sum_i\frac{a_in_{2i}}{N_i}, \quad S = \sum_i\frac{c_in_{1i}}{N_i}$$
    /// $$v = \frac{1}{RS}\sum_i\left(\frac{n_{1i}n_{2i}(a_i + c_i)}{N_i^2} - \frac{a_ic_i}{N_i}\right)$$
    /// the variance of the logarithm.
    /// </remarks>
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
        var estimate = Math.Log(r) - Math.Log(s);
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
    /// <remarks>
    /// $$\widehat{\mathrm{RD}} = \frac{\sum_i(a_in_{2i} - c_in_{1i})/N_i}{W}, \qquad W = \sum_i\frac{n_{1i}n_{2i}}{N_i}$$
    /// $$v = \frac{\widehat{\mathrm{RD}}\,P + Q}{W^2}, \qquad Q = \sum_i\frac{a_id_i + b_ic_i}{2N_i}$$
    /// $$P = \sum_i\frac{c_in_{1i}^2 - a_in_{2i}^2 + n_{1i}n_{2i}(n_{2i} - n_{1i})/2}{N_i^2}$$
    /// </remarks>
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

    private static (ChiSquaredTest? Cochran, ChiSquaredTest? MantelHaenszel) NoEffect(IReadOnlyList<LabelledTable> tables,
        bool correct)
    {
        double difference = 0, binomial = 0, hypergeometric = 0;
        foreach (var (_, t) in tables)
        {
            // With one person or less there is no hypergeometric variance.
            if (t.IsUninformative || t.Total <= 1) continue;
            var (d, v) = TwoByTwoTables.Peto(t);
            difference += d;
            hypergeometric += v;
            binomial += v * (t.Total - 1) / t.Total;
        }
        if (!(hypergeometric > 0)) return (null, null);
        var corrected = Math.Max(0, Math.Abs(difference) - (correct ? 0.5 : 0));
        return (ChiSquaredTest.Of(corrected * corrected / binomial, 1),
            ChiSquaredTest.Of(corrected * corrected / hypergeometric, 1));
    }

    private static ImpossibleChoiceException Undefined(EffectMeasure measure, string because) =>
        new($"The Mantel-Haenszel {measure.Name.ToLowerInvariant()} is not defined: {because}", ChoiceFault.UndefinedEstimate, "tables");
}
