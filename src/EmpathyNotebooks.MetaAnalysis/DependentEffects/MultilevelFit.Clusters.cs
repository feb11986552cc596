namespace EmpathyNotebooks.MetaAnalysis;

/// <content>Predictions of the means of clusters.</content>
public sealed partial class MultilevelFit
{
    /// <summary>
    /// x̄'β + û with û = c'M⁻¹(y - Xβ) and the variance σ² - c'M⁻¹c + (x̄ - X'M⁻¹c)'S(x̄ - X'M⁻¹c), c the covariances σ² of the cluster's random effect with its effects.
    /// </summary>
    internal FitBlups ClusterBlups()
    {
        if (Options.Weights is not null) return FitBlups.None("Best linear unbiased predictions are defined for the model's own weights, not for given ones.");
        if (Options.Levels.Count == 0 || Model.Terms[0].Relation is not null) return FitBlups.None("Without a level of groups there are no clusters that could have means of their own.");
        var sigma2 = Elements[0];
        var (groups, names) = ClustersOf(null);
        var effects = GroupEffects(Model.Terms[0].Name);
        var rows = RowsOf(groups, names.Length);
        var fitted = FittedValues;
        return new([.. names.Select((name, c) =>
        {
            var expected = rows[c].Average(i => fitted[i]);
            double variance = sigma2;
            var rest = new double[CoefficientCount];
            foreach (var i in rows[c])
            {
                BlockMatrix.AddScaled(rest, Geometry.Row(i), 1.0 / rows[c].Length);
                BlockMatrix.AddScaled(rest, Geometry.SolvedRow(i), -sigma2);
                foreach (var j in rows[c]) variance -= sigma2 * sigma2 * Geometry.Inverse(i, j);
            }
            variance += Geometry.Between(rest, rest);
            var se = Math.Sqrt(Math.Max(0, variance));
            var estimate = expected + effects[c].Estimate;
            return new FitBlup(name, [.. rows[c]], expected, estimate, se, Distributions.Interval(estimate, se, null, ConfidenceLevel));
        })], null) { Origin = Effects.Origin };
    }
}
