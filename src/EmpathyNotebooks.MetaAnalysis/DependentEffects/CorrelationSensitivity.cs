namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The results with one assumed correlation of sampling errors.</summary>
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
