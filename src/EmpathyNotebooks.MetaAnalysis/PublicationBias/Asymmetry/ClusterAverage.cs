namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One effect a cluster, for methods that are defined for independent effects alone.</summary>
internal static class ClusterAverage
{
    /// <summary>The correlation where neither the caller nor the fit says one (Rodgers &amp; Pustejovsky 2021 and others take values of this size).</summary>
    public const double AssumedCorrelation = 0.6;

    /// <summary>The effects of a fit as they are, or their averages within its clusters with what is to be said of that.</summary>
    public static (StudyEffects Effects, string? AveragedWithin, string? Warning) Of(IModelFit fit, double? correlation)
    {
        if (fit.Clusters is not { } clusters) return (fit.Effects, null, null);
        var rho = correlation ?? (fit.Options switch
        {
            DependentOptions { SamplingCovariance: null, SamplingCorrelation: > 0 and < 1 and var said } => said,
            RobustVarianceOptions { SamplingCorrelation: < 1 and var said } => said,
            _ => AssumedCorrelation,
        });
        // Levels of the fit can be combinations of columns; their names are taken as a column of their own.
        var name = clusters.Column;
        var effects = fit.Effects;
        if (effects.Columns.All(c => c.Name != name))
        {
            effects = effects.WithColumn(StudyColumn.OfTexts(name, clusters.Groups.Select(g => clusters.Names[g])));
        }
        var averages = effects.AverageWithin(name, rho);
        return (averages, name, FormattableString.Invariant($"The method is defined for independent effects: the {effects.Count} effects were averaged within the {averages.Count} values of {name} by inverse variance, with an assumed correlation of sampling errors of {rho:0.##}; what differs within them is not seen."));
    }
}
