using System.Globalization;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Turns several effects of one sample into one, so that models for independent effects can be used.</summary>
public static class Aggregation
{
    /// <summary>
    /// One effect a cluster: the inverse-variance weighted average of its effects, whose sampling errors are assumed to correlate
    /// <paramref name="correlation"/> with one another (compound symmetry). With V the covariance matrix of a cluster, the average is
    /// (1'V⁻¹y)/(1'V⁻¹1) and its variance 1/(1'V⁻¹1); for m equal variances v that is the plain mean with variance v(1 + (m - 1)ρ)/m.
    /// Source: Borenstein et al. (2009), ch. 24; metafor's aggregate(). When not to use it: where effects of one cluster differ in a way you
    /// want to study, such as rater.
    /// </summary>
    /// <param name="effects">The effects, several a cluster.</param>
    /// <param name="cluster">The column that names the cluster, for example <c>sample</c>.</param>
    /// <param name="correlation">The assumed correlation ρ, in [0, 1). It cannot be estimated from these data: try several.</param>
    /// <returns>One effect a cluster, in the order of first appearance. Its sample size is the largest of the cluster. A column is kept when
    /// it has one value in every cluster; the column <c>effects</c> counts what was averaged.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [0, 1).</exception>
    /// <exception cref="StudyDataException">There is no such column, or a row has no cluster.</exception>
    public static StudyEffects AverageWithin(this StudyEffects effects, string cluster, double correlation)
    {
        ArgumentNullException.ThrowIfNull(effects);
        if (correlation is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation within a cluster must lie in [0, 1).");
        }
        var groups = effects.RowsBy(cluster);
        var yi = new double[groups.Count];
        var vi = new double[groups.Count];
        for (var j = 0; j < groups.Count; j++)
        {
            (yi[j], vi[j]) = Average(effects.Effects.AsSpan(), effects.Variances.AsSpan(),
                CollectionsMarshal.AsSpan(groups[j].Value), correlation);
        }
        var counts = StudyColumn.OfNumbers(CountName(effects), groups.Select(g => (double?)g.Value.Count));
        return StudyEffects.Create(yi, vi, effects.Measure, [.. groups.Select(g => g.Key)],
            effects.HasSampleSizes ? [.. groups.Select(g => g.Value.Max(i => effects.SampleSizes[i]))] : null,
            [.. effects.Columns.Where(c => c.Name != cluster && IsConstantWithin(c, groups)).Select(c => c.Select([.. groups.Select(g => g.Value[0])])), counts],
            effects.Origin);
    }

    /// <summary>
    /// The inverse of D^½((1-ρ)I + ρJ)D^½ in closed form: 1'V⁻¹1 = (Σs² - c(Σs)²)/(1-ρ) with s = 1/√v and c = ρ/(1 + (m-1)ρ).
    /// </summary>
    private static (double Mean, double Variance) Average(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi, ReadOnlySpan<int> rows, double rho)
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

    private static bool IsConstantWithin(StudyColumn column, List<KeyValuePair<string, List<int>>> groups) =>
        groups.TrueForAll(g => g.Value.TrueForAll(i => column.Text(i) == column.Text(g.Value[0])));

    private static string CountName(StudyEffects effects)
    {
        var name = "effects";
        for (var i = 2; effects.Columns.Any(c => c.Name == name); i++) name = string.Create(CultureInfo.InvariantCulture, $"effects {i}");
        return name;
    }
}
