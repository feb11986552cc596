using System.Globalization;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How the effects of one cluster are averaged.</summary>
public enum AverageWeights
{
    /// <summary>By the inverse of their covariance matrix: the most precise average under the assumed correlation, the default. metafor: <c>aggregate(weighted=TRUE)</c>.</summary>
    InverseVariance,

    /// <summary>Each effect alike: the mean that a reader of the primary study would take, with variance 1'V1/m². Not sensitive to a wrong correlation, which with inverse variances can
    /// even make weights negative. metafor: <c>aggregate(weighted=FALSE)</c>.</summary>
    Equal,
}

/// <summary>A column that averages no longer have, since its values differ within a cluster.</summary>
/// <param name="Name">The column.</param>
/// <param name="Reason">Why it was left out, as the end of a sentence, with the first cluster within which it varies and two values it has there.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B"]), StudyColumn.OfTexts("rater", ["client", "observer", "client"])]);
/// foreach (LeftOutColumn column in effects.AverageWithin("sample", correlation: 0.5).LeftOutColumns) Console.WriteLine($"{column.Name} {column.Reason}");
/// </code></example>
public sealed record LeftOutColumn(string Name, string Reason);

/// <summary>Turns several effects of one sample into one, so that models for independent effects can be used.</summary>
/// <remarks>
/// $$\bar y = \frac{1^\top V^{-1}y}{1^\top V^{-1}1}, \qquad \bar v = \frac{1}{1^\top V^{-1}1}, \qquad V_{ij} = \rho\sqrt{v_iv_j}$$
/// and with equal weights $\bar v = 1^\top V1/m^2$ for $m$ effects.
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C"]), StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "client"])]);
/// var fit = RandomEffects.Fit(effects.AverageWithin("sample", correlation: 0.5));
/// var byRater = effects.AverageWithinEach(["sample", "rater"], correlation: 0.5, AverageWeights.Equal);
/// </code></example>
public static class EffectAggregation
{
    /// <summary>
    /// One effect a cluster: the average of its effects, whose sampling errors are assumed to correlate <paramref name="correlation"/> with one another (compound symmetry). With V
    /// the covariance matrix of a cluster, the inverse-variance average is (1'V⁻¹y)/(1'V⁻¹1) and its variance 1/(1'V⁻¹1); for m equal variances v that is the plain mean with variance
    /// v(1 + (m - 1)ρ)/m. Source: Borenstein et al. (2009), ch. 24; metafor's aggregate(). When not to use it: where effects of one cluster differ in a way you want to study, such as rater; where they
    /// differ beyond sampling error, for which see <see cref="MultilevelModel"/>.
    /// </summary>
    /// <param name="effects">The effects, several a cluster.</param>
    /// <param name="cluster">The column that names the cluster, for example <c>sample</c>.</param>
    /// <param name="correlation">The assumed correlation ρ, in [0, 1). It cannot be estimated from these data: try several.</param>
    /// <param name="weights">By inverse variance or equal.</param>
    /// <returns>One effect a cluster, in the order of first appearance. Its sample size is the largest of the cluster. A column is kept when
    /// it has one value in every cluster, else it stands with the reason in <see cref="StudyEffects.LeftOutColumns"/>; the column <c>effects</c> counts what was averaged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [0, 1).</exception>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    public static StudyEffects AverageWithin(this StudyEffects effects, string cluster, double correlation,
        AverageWeights weights = AverageWeights.InverseVariance)
    {
        ArgumentNullException.ThrowIfNull(effects);
        CheckCorrelation(correlation);
        return Average(effects, effects.RowsBy(cluster), correlation, weights, cluster);
    }

    /// <summary>One effect for each combination of the values of several columns, for example of sample and rater.</summary>
    /// <inheritdoc cref="AverageWithin"/>
    /// <param name="effects">The effects.</param>
    /// <param name="clusters">The columns whose combinations are averaged within. They are kept.</param>
    /// <param name="correlation">The assumed correlation ρ, in [0, 1).</param>
    /// <param name="weights">By inverse variance or equal.</param>
    /// <exception cref="ArgumentException">No column is named.</exception>
    public static StudyEffects AverageWithinEach(this StudyEffects effects, IReadOnlyList<string> clusters, double correlation,
        AverageWeights weights = AverageWeights.InverseVariance)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(clusters);
        if (clusters.Count == 0) throw new ArgumentException("Name at least one column to average within.", nameof(clusters));
        CheckCorrelation(correlation);
        List<string[]> keys = [.. clusters.Select(c => LevelReader.Keys(effects, c))];
        // Joined by a control character: "1", "23" is not "12", "3".
        var (groups, names) = LevelReader.Code([.. Enumerable.Range(0, effects.Count).Select(i => string.Join('\u001f', keys.Select(k => k[i])))]);
        var rows = names.Select(n => KeyValuePair.Create(n.Replace("\u001f", " / ", StringComparison.Ordinal), new List<int>())).ToList();
        for (var i = 0; i < groups.Length; i++) rows[groups[i]].Value.Add(i);
        return Average(effects, rows, correlation, weights, null);
    }

    private static StudyEffects Average(StudyEffects effects, List<KeyValuePair<string, List<int>>> groups, double correlation, AverageWeights weights, string? dropped)
    {
        var yi = new double[groups.Count];
        var vi = new double[groups.Count];
        for (var j = 0; j < groups.Count; j++)
        {
            var y = effects.Effects.AsSpan();
            var v = effects.Variances.AsSpan();
            var rows = CollectionsMarshal.AsSpan(groups[j].Value);
            (yi[j], vi[j]) = weights switch
            {
                AverageWeights.InverseVariance => WeightedAverage(y, v, rows, correlation),
                AverageWeights.Equal => PlainAverage(y, v, rows, correlation),
                _ => throw new ArgumentOutOfRangeException(nameof(weights), weights, "There is no such kind of weights."),
            };
        }
        var counts = StudyColumn.OfNumbers(CountName(effects), groups.Select(g => (double?)g.Value.Count));
        var averages = StudyEffects.Create(yi, vi, effects.Measure, [.. groups.Select(g => g.Key)],
            effects.HasSampleSizes ? [.. groups.Select(g => g.Value.Max(i => effects.SampleSizes[i]))] : null,
            [.. effects.Columns.Where(c => c.Name != dropped && IsConstantWithin(c, groups)).Select(c => c.Select([.. groups.Select(g => g.Value[0])])), counts],
            effects.Origin);
        return averages.WithLeftOut([.. effects.LeftOutColumns, .. effects.Columns.Where(c => c.Name != dropped).Select(c => Varying(c, groups, dropped)).OfType<LeftOutColumn>()]);
    }

    private static LeftOutColumn? Varying(StudyColumn column, List<KeyValuePair<string, List<int>>> groups, string? cluster)
    {
        foreach (var (name, rows) in groups)
        {
            foreach (var row in rows)
            {
                if (column.Text(row) == column.Text(rows[0])) continue;
                return new LeftOutColumn(column.Name, $"was left out when effects were averaged, since it varies within {(cluster is null ? "" : cluster + " ")}\"{name}\" "
                    + $"({column.Text(rows[0]) ?? "no value"}, {column.Text(row) ?? "no value"})");
            }
        }
        return null;
    }

    private static void CheckCorrelation(double correlation)
    {
        if (correlation is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation within a cluster must lie in [0, 1).");
        }
    }

    /// <summary>
    /// The inverse of D^½((1-ρ)I + ρJ)D^½ in closed form: 1'V⁻¹1 = (Σs² - c(Σs)²)/(1-ρ) with s = 1/√v and c = ρ/(1 + (m-1)ρ).
    /// </summary>
    private static (double Mean, double Variance) WeightedAverage(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<int> rows, double rho)
    {
        var shrink = rho / (1 + (rows.Length - 1) * rho);
        double s1 = 0, s2 = 0, sy1 = 0, sy2 = 0;
        foreach (var i in rows)
        {
            var s = 1 / Math.Sqrt(vi[i]);
            s1 += s;
            s2 += s * s;
            sy1 += s * yi[i];
            sy2 += s * s * yi[i];
        }
        var information = (s2 - shrink * s1 * s1) / (1 - rho);
        return ((sy2 - shrink * s1 * sy1) / (1 - rho) / information, 1 / information);
    }

    /// <summary>The mean with variance 1'V1/m² = ((1 - ρ)Σv + ρ(Σ√v)²)/m².</summary>
    private static (double Mean, double Variance) PlainAverage(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<int> rows, double rho)
    {
        double y = 0, s1 = 0, s2 = 0, m = rows.Length;
        foreach (var i in rows)
        {
            y += yi[i];
            s1 += Math.Sqrt(vi[i]);
            s2 += vi[i];
        }
        return (y / m, ((1 - rho) * s2 + rho * s1 * s1) / (m * m));
    }

    private static bool IsConstantWithin(StudyColumn column, List<KeyValuePair<string, List<int>>> groups) =>
        groups.TrueForAll(g => g.Value.TrueForAll(i => column.Text(i) == column.Text(g.Value[0])));

    private static string CountName(StudyEffects effects)
    {
        var name = "effects";
        for (var i = 2; effects.Columns.Any(c => c.Name == name); i++) name = string.Create(CultureInfo.InvariantCulture, $"effects {i}");
        return name;
    }
}
