using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Several fits one under the other.</summary>
internal static class ComparisonTable
{
    /// <summary>Several fits one under the other, each named by how it was made: what a choice of method changes, τ² and the prediction interval included.</summary>
    public static Table Of(IEnumerable<PooledFit> fits) =>
        Of("Models compared", "model", fits.Select(fit => KeyValuePair.Create(Method(fit), fit)));

    /// <summary>Several fits, each under the name it was given.</summary>
    public static Table Of(IEnumerable<KeyValuePair<string, PooledFit>> fits) => Of("", "", fits);

    private static Table Of(string title, string first, IEnumerable<KeyValuePair<string, PooledFit>> fits)
    {
        var table = new Table(title, (first, Align.Left), ("k", Align.Right), ("estimate", Align.Right), ("CI", Align.Right),
            ("prediction interval", Align.Right), ("τ²", Align.Right), ("I²", Align.Right));
        foreach (var (name, fit) in fits)
        {
            var measure = fit.Effects.Measure;
            var shown = fit.BackTransformed;
            table.DataLabel(fit.Effects.Origin);
            table.Row(name, StatisticText.Count(fit.Count), measure.Format(shown.Estimate, 3), Numbers.Interval(shown.ConfidenceInterval, measure, 3),
                shown.PredictionInterval is { } prediction ? Numbers.Interval(prediction, measure, 3) : Numbers.None,
                fit.IsRandomEffects ? StatisticText.Significant(fit.TauSquared) : Numbers.None, StatisticText.Percent(fit.Heterogeneity.ISquared));
        }
        return table;
    }

    private static string Method(PooledFit fit) => $"{fit.MethodCode}, {Numbers.Name(fit.Inference)}";
}
