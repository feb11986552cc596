using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What a regression expects: predictions and differences.</summary>
internal static class MeansTables
{
    public static Table Contrasts(IEnumerable<PairwiseContrast> contrasts)
    {
        PairwiseContrast[] all = [.. contrasts];
        var level = all.Length > 0 ? StatisticText.Level(all[0].Difference.ConfidenceInterval.Level) + " CI" : "CI";
        var table = new Table("Differences of marginal means", ("", Align.Left), ("difference", Align.Right), ("SE", Align.Right), (level, Align.Right),
            ("p", Align.Right), ("p (Holm)", Align.Right));
        foreach (var (difference, adjusted) in all)
        {
            var digits = Numbers.Digits(difference.StandardError);
            table.Row(difference.Name, Numbers.Number(difference.Estimate, digits), Numbers.Number(difference.StandardError, digits),
                Numbers.Interval(difference.ConfidenceInterval, digits), StatisticText.PValue(difference.PValue), StatisticText.PValue(adjusted));
        }
        return table.Note("On the scale that is pooled. Intervals are for each difference alone.");
    }

    public static Table Predictions(IEnumerable<Prediction> predictions)
    {
        Prediction[] all = [.. predictions];
        var level = all.Length > 0 ? StatisticText.Level(all[0].ConfidenceInterval.Level) : "";
        var table = new Table("Predicted means", ("", Align.Left), ("estimate", Align.Right), ("SE", Align.Right), ($"{level} CI".Trim(), Align.Right),
            ($"{level} prediction interval".Trim(), Align.Right));
        for (var i = 0; i < all.Length; i++)
        {
            var digits = Numbers.Digits(all[i].StandardError);
            table.Row(StatisticText.Count(i + 1), Numbers.Number(all[i].Estimate, digits), Numbers.Number(all[i].StandardError, digits),
                Numbers.Interval(all[i].ConfidenceInterval, digits), all[i].PredictionInterval is { } interval ? Numbers.Interval(interval, digits) : Numbers.None);
        }
        return table.Note("On the scale that is pooled.");
    }
}
