using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The rank correlation test of Begg and Mazumdar: do standardised effects go with their variances?</summary>
/// <remarks>
/// $$\tau = \operatorname{Kendall}\bigl(y_i^*, v_i\bigr), \qquad y_i^* = \frac{y_i - \hat\mu}{\sqrt{v_i - 1/\sum_jw_j}}, \qquad w_i = \frac{1}{v_i}$$
/// </remarks>
/// <param name="Tau">Kendall's τ-b of the standardised effects and the variances. Positive: small studies find larger effects.</param>
/// <param name="PValue">Two-sided.</param>
/// <param name="IsExact">True where the p-value comes from the exact distribution of τ, false for the normal approximation.</param>
/// <param name="Statistic">z of the normal approximation with ties, without correction for continuity; also where the p-value is exact.</param>
/// <param name="Count">The studies, k; with <see cref="AveragedWithin"/> the clusters.</param>
/// <param name="AveragedWithin">The column of clusters whose averages were ranked, since effects that share people are not independent; null where effects were ranked as they are.</param>
/// <param name="Warnings">What a careful reader should know about this test.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
/// RankTest ranks = RandomEffects.Fit(effects).RankTest();
/// Console.WriteLine($"{ranks} {(ranks.IsExact ? "exact" : "normal approximation")}");
/// </code></example>
public sealed record RankTest(double Tau, double PValue, bool IsExact, double Statistic, int Count, string? AveragedWithin, ImmutableArray<string> Warnings) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>The two-sided p-value of the normal approximation, without correction for continuity; the same as <see cref="PValue"/> where that is not exact.</summary>
    public double NormalPValue => Distributions.NormalTwoSided(Statistic);

    /// <inheritdoc/>
    public override string ToString() =>
        $"Begg and Mazumdar's rank test: τ = {StatisticText.Number(Tau, 2, leadingZero: false)}, {StatisticText.PValueWithSymbol(PValue)} ({(IsExact ? "exact" : "normal approximation")}, k = {StatisticText.Count(Count)})";
}

/// <summary>Rank correlation of effects and variances.</summary>
public static class RankCorrelation
{
    /// <summary>The exact distribution is used up to here, beyond which the number of orders leaves the range of numbers.</summary>
    internal const int MostExact = 170;

    /// <summary>
    /// Begg and Mazumdar's rank correlation test (1994, Biometrics 50, 1088-1101): Kendall's τ of (y - μ)/√(v - 1/Σw) with v, where w = 1/v and μ = Σwy/Σw. The p-value is exact without ties and up to 170
    /// studies, else from the normal distribution with the variance that ties leave. It asks no line of the funnel, but has less power than Egger's test. When not to use it: with fewer than some 25 studies for
    /// lack of power; with strong heterogeneity, for which it knows no τ²; moderators of the fit are not in it.
    /// </summary>
    /// <remarks>
    /// $$\tau = \operatorname{Kendall}\bigl(y_i^*, v_i\bigr), \qquad y_i^* = \frac{y_i - \hat\mu}{\sqrt{v_i - 1/\sum_jw_j}}, \qquad w_i = \frac{1}{v_i}$$
    /// </remarks>
    /// <param name="fit">A fit of any kind. Where effects share samples, the averages of clusters are ranked.</param>
    /// <param name="correlation">Where effects share samples, the assumed correlation ρ of their sampling errors, in [0, 1); that of the fit if null, 0.6 if it has none. Of no meaning otherwise.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies or clusters.</exception>
    /// <exception cref="UndeterminedException">All variances are alike, or all standardised effects.</exception>
    public static RankTest RankTest(this IModelFit fit, double? correlation = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (effects, averaged, warning) = ClusterAverage.Of(fit, correlation);
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (warning is not null) warnings.Add(warning);
        if (effects.Count < FunnelAsymmetry.FewStudies) warnings.Add(FunnelAsymmetry.FewWarning(effects.Count));
        if (fit.Moderators is not null) warnings.Add("The rank test knows no moderators: what they explain stays in the effects ranked.");
        if (StandardErrorDependence.Warning(effects.Measure) is { } dependence) warnings.Add(dependence);
        if (averaged is null && effects.SharingWarning is { } sharing) warnings.Add(sharing);
        return Test(effects, averaged, warnings);
    }

    private static RankTest Test(StudyEffects effects, string? averaged, ImmutableArray<string>.Builder warnings)
    {
        var k = effects.Count;
        if (k < 3) throw new InsufficientStudiesException("The rank test", 3, k, averaged is null ? StudyCount.Studies : StudyCount.Clusters);
        var x = WithTies(Standardized(effects.Effects.AsSpan(), effects.Variances.AsSpan()));
        var v = WithTies([.. effects.Variances]);
        long s = 0;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++) s += Math.Sign(x[i] - x[j]) * Math.Sign(v[i] - v[j]);
        }
        var (tiesX, tiesV) = (new Ties(x), new Ties(v));
        if (tiesV.Pairs == tiesV.All) throw new UndeterminedException("The rank test", "all sampling variances are alike", "selection models need no variation of standard errors");
        if (tiesX.Pairs == tiesX.All) throw new UndeterminedException("The rank test", "all standardised effects are alike", "there is no asymmetry to test, and p-curve and selection models judge by p-values");
        var tau = s / (Math.Sqrt(tiesX.All - tiesX.Pairs) * Math.Sqrt(tiesV.All - tiesV.Pairs));
        double n = k;
        var variance = (n * (n - 1) * (2 * n + 5) - tiesX.Spread - tiesV.Spread) / 18 + tiesX.Pairs * 2 * (tiesV.Pairs * 2) / (2 * n * (n - 1)) + tiesX.Triples * tiesV.Triples / (9 * n * (n - 1) * (n - 2));
        var z = s / Math.Sqrt(variance);
        var exact = tiesX.Pairs == 0 && tiesV.Pairs == 0 && k <= MostExact;
        return new RankTest(tau, exact ? ExactPValue(s, k) : Distributions.NormalTwoSided(z), exact, z, k, averaged, warnings.ToImmutable()) { Origin = effects.Origin };
    }

    /// <summary>
    /// (y - μ)/√(v - 1/Σw), with both differences as sums of what is not taken away, since one very precise study would leave none of their digits. Equal rows give equal numbers to the last bit.
    /// </summary>
    private static double[] Standardized(ReadOnlySpan<double> y, ReadOnlySpan<double> v)
    {
        var x = new double[y.Length];
        var least = double.PositiveInfinity;
        foreach (var value in v) least = Math.Min(least, value);
        for (var i = 0; i < x.Length; i++)
        {
            double all = 0, others = 0, difference = 0;
            var left = true;
            for (var j = 0; j < x.Length; j++)
            {
                var w = least / v[j];
                all += w;
                difference += w * (y[i] - y[j]);
                // The first row of the same variance stands for this one.
                if (left && v[j] == v[i]) left = false;
                else others += w;
            }
            x[i] = difference / all / Math.Sqrt(v[i] * (others / all));
            if (double.IsNaN(x[i])) throw new ConvergenceException("The rank test", "the variances are too far apart for double precision", 0, NonConvergence.Precision);
        }
        return x;
    }

    /// <summary>The same values, those that rounding alone tells apart made equal: averages of clusters of the same variances come out of sums in other orders.</summary>
    private static double[] WithTies(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        for (var r = 1; r < order.Length; r++)
        {
            var (before, here) = (values[order[r - 1]], values[order[r]]);
            if (here - before <= 1e-13 * Math.Max(Math.Abs(before), Math.Abs(here))) values[order[r]] = before;
        }
        return values;
    }

    /// <summary>2·min(P(S ≤ s), P(S ≥ s)), at most 1, over all orders alike likely: with i values, each new one adds 0 to i - 1 to the discordant pairs.</summary>
    private static double ExactPValue(long s, int k)
    {
        var most = k * (k - 1) / 2;
        var p = new double[most + 1];
        var next = new double[most + 1];
        p[0] = 1;
        for (var i = 2; i <= k; i++)
        {
            double window = 0;
            for (var j = 0; j <= i * (i - 1) / 2; j++)
            {
                window += p[j];
                if (j >= i) window -= p[j - i];
                next[j] = window / i;
            }
            (p, next) = (next, p);
        }
        // The distribution is symmetric, so that the shorter tail is enough.
        var discordant = (most - Math.Abs(s)) / 2;
        double tail = 0;
        for (var j = 0; j <= discordant; j++) tail += p[j];
        return Math.Min(1, 2 * tail);
    }

    /// <summary>What ties take from Kendall's S and its variance.</summary>
    private readonly struct Ties
    {
        public Ties(ReadOnlySpan<double> values)
        {
            double[] sorted = [.. values];
            Array.Sort(sorted);
            All = values.Length * (values.Length - 1.0) / 2;
            for (int i = 0, j; i < sorted.Length; i = j)
            {
                for (j = i + 1; j < sorted.Length && sorted[j] == sorted[i];) j++;
                double t = j - i;
                Pairs += t * (t - 1) / 2;
                Spread += t * (t - 1) * (2 * t + 5);
                Triples += t * (t - 1) * (t - 2);
            }
        }

        public double All { get; }

        public double Pairs { get; }

        public double Spread { get; }

        public double Triples { get; }
    }
}
