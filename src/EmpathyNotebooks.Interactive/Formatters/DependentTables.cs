using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks;

/// <summary>Tables of models for effects that share samples.</summary>
internal static class DependentTables
{
    public static ResultTable Multilevel(MultilevelFit fit)
    {
        var groups = fit.VarianceComponents.Where(c => c.Level != MultilevelModel.EachEffect).Select(c => $"{StatisticText.Count(c.GroupCount)} groups of {c.Level}");
        var table = RegressionTables.Coefficients(fit.VarianceComponents.IsEmpty
            ? $"Generalised least squares, {StatisticText.Count(fit.Count)} effects"
            : $"Multilevel model ({fit.MethodCode}), {StatisticText.Count(fit.Count)} effects in {string.Join(", ", groups)}", fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.SamplingCovariance is AssumedCorrelation assumed)
        {
            table.Note($"Sampling errors within {assumed.Cluster} are assumed to correlate {StatisticText.Number(assumed.Correlation, 2, leadingZero: false)}.");
        }
        if (fit.Moderators is not null)
        {
            table.Note(fit.HasIntercept ? $"All moderators together: {fit.ModeratorTest}." : $"All coefficients 0 together, which does not ask whether they differ: {fit.ModeratorTest}.");
            if (fit.TermTests.Length > 1) table.Note($"Each term: {string.Join("; ", fit.TermTests)}.");
            if (fit.Effects.Measure.IsTransformed) table.Note($"On the scale of {fit.Effects.Measure.AnalysisSymbol}.");
        }
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Shown(fit.Effects.Measure, shown));
        foreach (var component in fit.VarianceComponents)
        {
            table.Note(component.IsFixed ? component.ToString() : $"{component}, {StatisticText.Level(component.SigmaSquaredInterval.Level)} CI "
                + $"[{StatisticText.Significant(component.SigmaSquaredInterval.Lower)}, {StatisticText.Significant(component.SigmaSquaredInterval.Upper)}]");
        }
        table.Note(fit.VarianceComponents.IsEmpty ? $"{fit.Q}; without random effects, as if all true effects were one." : $"{fit.Q}; all levels together I² = {StatisticText.Percent(fit.ISquared)}.");
        foreach (var warning in fit.Warnings) table.Note("Note: " + warning);
        return table;
    }

    public static ResultTable Multivariate(MultivariateFit fit)
    {
        var table = RegressionTables.Coefficients(
            $"Multivariate model ({fit.StructureCode}, {fit.MethodCode}), {StatisticText.Count(fit.Count)} effects in {StatisticText.Count(fit.ClusterCount)} groups of {fit.Cluster}",
            fit.Coefficients);
        table.DataLabel(fit.Effects.Origin);
        if (fit.BackTransformed is { } shown && fit.Effects.Measure.IsTransformed) table.Note(Shown(fit.Effects.Measure, shown));
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

    private static void Add(ResultTable table, OutcomeCovariance covariance, bool named)
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

    public static ResultTable Groups(IEnumerable<GroupEffect> effects)
    {
        var table = new ResultTable("Random effects of the groups", ("", Align.Left), ("effects", Align.Right), ("estimate", Align.Right), ("SE", Align.Right), ("interval", Align.Right));
        foreach (var effect in effects)
        {
            table.Row(effect.Inner is null ? effect.Group : $"{effect.Group}, {effect.Inner}", StatisticText.Count(effect.EffectCount), StatisticText.Number(effect.Estimate, 4),
                StatisticText.Number(effect.StandardError, 4), FitTables.Interval(effect.Interval, 4));
        }
        return table.Note("As differences from what the model expects.");
    }

    public static ResultTable Means(IEnumerable<GroupMean> means)
    {
        var table = new ResultTable("Means of the groups", ("", Align.Left), ("effects", Align.Right), ("mean", Align.Right), ("interval", Align.Right), ("weight", Align.Right));
        foreach (var mean in means)
        {
            table.Row(mean.Group, StatisticText.Count(mean.Rows.Length), StatisticText.Number(mean.Estimate, 4), FitTables.Interval(mean.Interval, 4), StatisticText.Percent(mean.Weight));
        }
        return table.Note("On the scale that is pooled. Weighted they average to the mean effect of the model.");
    }

    public static ResultTable Robust(RobustFit fit)
    {
        var table = RegressionTables.Coefficients(
            $"Cluster-robust inference ({fit.Correction}), {StatisticText.Count(fit.ClusterCount)} clusters of {fit.Cluster}", fit.Coefficients);
        if (fit.Coefficients.Length > 1)
        {
            var together = fit.ModeratorTest;
            var (all, none) = fit.Coefficients[0].Name == "Intercept" ? ("All but the intercept", "all but the intercept") : ("All coefficients", "all coefficients");
            table.Note(together.WhyNone is { } why ? $"Note: no test of {none} together. " + why
                : $"{all} together{(fit.Correction == SmallSampleCorrection.CR2 ? " (HTZ)" : "")}: {together}.");
        }
        return table.Note("Standard errors hold even where the model of the dependence is wrong. With fewer than 4 degrees of freedom do not trust p.");
    }

    public static ResultTable Sensitivity(IEnumerable<CorrelationSensitivityRow> rows)
    {
        var table = new ResultTable("Sensitivity to the assumed correlation", ("ρ", Align.Right), ("estimate", Align.Right), ("robust CI", Align.Right), ("SE", Align.Right),
            ("variances, outer level first", Align.Right), ("log-likelihood", Align.Right));
        foreach (var row in rows)
        {
            var pooled = row.Robust.Coefficients[0];
            table.DataLabel(row.Fit.Effects.Origin);
            table.Row(StatisticText.Number(row.Correlation, 2), StatisticText.Number(pooled.Estimate, 4),
                pooled.HasStandardError ? FitTables.Interval(pooled.ConfidenceInterval, 4) : "–", pooled.HasStandardError ? StatisticText.Number(pooled.StandardError, 4) : "–", string.Join("; ", row.Fit.VarianceComponents.Select(c => StatisticText.Significant(c.SigmaSquared, 3))),
                StatisticText.Number(row.Fit.LogLikelihood));
        }
        return table.Note("On the scale that is pooled. The likelihood cannot choose ρ reliably; report how little or how much the result moves.");
    }

    internal static string Shown(EffectMeasure measure, BackTransformedEstimate shown) =>
        $"{measure.Symbol} = {measure.Format(shown.Estimate, 3)} [{measure.Format(shown.ConfidenceInterval.Lower, 3)}, {measure.Format(shown.ConfidenceInterval.Upper, 3)}]"
        + (shown.PredictionInterval is { } prediction
            ? $", prediction interval [{measure.Format(prediction.Lower, 3)}, {measure.Format(prediction.Upper, 3)}]."
            : ".");
}
