using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Residuals of effects and of clusters.</summary>
internal static class ResidualTables
{
    public static Table Effects(IEnumerable<EffectResidual> rows)
    {
        var table = new Table("Residuals", ("", Align.Left), ("residual", Align.Right), ("SE", Align.Right), ("standardised", Align.Right), ("Pearson", Align.Right), ("Cholesky", Align.Right));
        foreach (var row in rows)
        {
            table.Row(row.Label, StatisticText.Number(row.Residual, 4), Numbers.Number(row.StandardError, 4), Numbers.Number(row.Standardized), StatisticText.Number(row.Pearson), StatisticText.Number(row.Cholesky));
        }
        return table.Note("On the scale that is pooled. An effect that pulls the fit towards itself hides here; deleted residuals are in Influence.");
    }

    public static Table Clusters(IEnumerable<ClusterResidual> clusters)
    {
        var table = new Table("Residuals of clusters", ("", Align.Left), ("effects", Align.Right), ("X²", Align.Right));
        foreach (var cluster in clusters) table.Row(cluster.Cluster, StatisticText.Count(cluster.EffectCount), Numbers.Number(cluster.ChiSquared));
        return table.Note("X² is about chi² with as many degrees of freedom as there are effects.");
    }
}
