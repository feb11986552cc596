namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the marginal composite likelihood of effects that share samples needs: the covariance of its estimates.</summary>
internal static class SelectionClusters
{
    /// <summary>
    /// H⁻¹ (Σ s_c s_c') H⁻¹ with the scores s_c of each cluster and the Hessian H, without a correction for few clusters, as in Pustejovsky, Citkowicz &amp; Joshi (2025, equations 52 to 54). The slope of
    /// penalties is shared among the effects alike.
    /// </summary>
    /// <param name="likelihood">The likelihood, its effects counted as often as it says.</param>
    /// <param name="search">The search.</param>
    /// <param name="point">The maximum.</param>
    /// <param name="bread">-H⁻¹ among what is free.</param>
    /// <param name="clusters">The clusters.</param>
    /// <param name="isPenalized">True with penalties.</param>
    public static double[] Sandwich(SelectionLikelihood likelihood, SelectionSearch search, SelectionPoint point, double[] bread, EffectClusters clusters, bool isPenalized)
    {
        int k = likelihood.Count, n = likelihood.Parameters, q = likelihood.Columns, free = search.Free;
        var (map, f) = search.SelectionMap;
        var first = free - f;
        var full = search.Full(point.At);
        var scores = new double[k * n];
        likelihood.Evaluate(full, default, default, scores);
        var groups = new double[clusters.Count * free];
        double total = 0;
        for (var i = 0; i < k; i++) total += Times(i);
        var rest = new double[free];
        if (isPenalized) point.Gradient.CopyTo(rest, 0);
        for (var pass = 0; pass < (isPenalized ? 2 : 1); pass++)
        {
            for (var i = 0; i < k; i++)
            {
                var row = groups.AsSpan(clusters.Groups[i] * free, free);
                for (var j = 0; j < free; j++)
                {
                    if (point.IsHeld[j]) continue;
                    var score = pass == 1 ? rest[j] / total : Score(i, j);
                    row[j] += Times(i) * score;
                    if (pass == 0 && isPenalized) rest[j] -= Times(i) * score;
                }
            }
        }
        var meat = new double[free * free];
        for (var c = 0; c < clusters.Count; c++)
        {
            for (var i = 0; i < free; i++)
            {
                for (var j = 0; j < free; j++) meat[i * free + j] += groups[c * free + i] * groups[c * free + j];
            }
        }
        double[] half = new double[free * free], covariance = new double[free * free];
        SmallMatrix.Multiply(bread, meat, half, free);
        SmallMatrix.Multiply(half, bread, covariance, free);
        for (var i = 0; i < free; i++)
        {
            if (!point.IsHeld[i]) continue;
            for (var j = 0; j < free; j++) covariance[i * free + j] = covariance[j * free + i] = i == j ? 1 : 0;
        }
        return covariance;

        double Times(int i) => likelihood.Multiplicities.IsEmpty ? 1 : likelihood.Multiplicities[i];

        double Score(int i, int j)
        {
            if (j < first) return scores[i * n + j];
            double sum = 0;
            for (var r = 0; r < n - q - 1; r++) sum += scores[i * n + q + 1 + r] * map[r * f + j - first];
            return sum;
        }
    }
}
