namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The results with one assumed correlation of sampling errors.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29, 0.17, 0.33],
///     [0.010, 0.010, 0.015, 0.012, 0.020, 0.020, 0.014, 0.018], EffectMeasure.FisherZ,
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
