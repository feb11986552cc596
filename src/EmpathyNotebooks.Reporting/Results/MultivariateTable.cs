using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A multivariate model.</summary>
internal static class MultivariateTable
{
    public static Table Of(MultivariateFit fit)
    {
        var table = CoefficientTable.Of(
            $"Multivariate model ({fit.StructureCode}, {fit.MethodCode}), {StatisticText.Count(fit.Count, "effect")} in {StatisticText.Count(fit.ClusterCount, "group")} of {fit.Cluster}",
            fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Numbers.Shown(fit.Effects.Measure, shown));
        if (fit.SamplingCovariance is AssumedCorrelation assumed)
        {
            table.Note($"Sampling errors within {assumed.Cluster} are assumed to correlate {StatisticText.Number(assumed.Correlation, 2, leadingZero: false)}.");
        }
        foreach (var covariance in fit.Covariances) Add(table, covariance, fit.Covariances.Length > 1);
        foreach (var component in fit.VarianceComponents) table.Note(component.ToString());
        table.Note($"{fit.Q}; log-likelihood {StatisticText.Number(fit.LogLikelihood)}.");
        if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    private static void Add(Table table, OutcomeCovariance covariance, bool named)
    {
        if (covariance.CommonCorrelation is not null || covariance.TauSquared is not null || named) table.Note(covariance.ToString());
        if (covariance.TauSquared is not null) return;
        foreach (var outcome in covariance.Outcomes) table.Note(outcome.ToString());
        if (covariance.CommonCorrelation is not null) return;
        foreach (var (second, i) in covariance.Outcomes.Select((o, i) => (o, i)))
        {
            foreach (var first in covariance.Outcomes.Take(i))
            {
                if (covariance.Correlation(first.Outcome, second.Outcome) is { } correlation && covariance.Term.Structure != CovarianceStructure.Diagonal)
                {
                    table.Note($"Correlation of true effects, {first.Outcome} and {second.Outcome}: {StatisticText.Number(correlation, 2, leadingZero: false)}");
                }
            }
        }
    }
}
