namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The results with one assumed correlation of sampling errors.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// foreach (CorrelationSensitivityRow row in MultilevelModel.OverCorrelations(effects, ["sample"], correlations: [0.2, 0.5, 0.8]))
///     Console.WriteLine($"{row.Correlation}: {row.Fit.Estimate:F3}, robust SE {row.Robust.Coefficients[0].StandardError:F3}");
/// </code></example>
public sealed class CorrelationSensitivityRow
{
    internal CorrelationSensitivityRow(double correlation, MultilevelFit fit, SmallSampleCorrection correction)
    {
        Correlation = correlation;
        Fit = fit;
        Robust = fit.Robust(correction);
    }

    /// <summary>The assumed correlation ρ.</summary>
    public double Correlation { get; }

    /// <summary>The fit with it: coefficients, variance components, prediction interval.</summary>
    public MultilevelFit Fit { get; }

    /// <summary>The same coefficients with robust standard errors.</summary>
    public RobustFit Robust { get; }

    /// <inheritdoc/>
    public override string ToString() => $"ρ = {StatisticText.Number(Correlation, 2)}: {Robust.Coefficients[0]}; "
        + string.Join(", ", Fit.VarianceComponents.Select(c => $"{c.Level} σ² = {StatisticText.Significant(c.SigmaSquared)}"));
}
