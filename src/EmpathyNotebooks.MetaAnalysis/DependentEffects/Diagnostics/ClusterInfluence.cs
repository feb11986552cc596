using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What happens when one cluster, or one effect, is left out.</summary>
/// <param name="Cluster">The cluster; the effect's label where each effect is left out by itself.</param>
/// <param name="EffectCount">How many effects it has.</param>
/// <param name="CookDistance">D = (β - β₋)'S⁻¹(β - β₋) with the covariance S of β in the full fit, or null where there is no fit without it.</param>
/// <param name="Coefficients">β₋, the coefficients without it; empty where there is no fit without it.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// var fit = MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6);
/// foreach (ClusterInfluence sample in fit.Influence())
///     Console.WriteLine($"Without {sample.Cluster}: {sample.Coefficients[0]:F2}, Cook's D {sample.CookDistance:F2}, DFBETAS {sample.DfBetas[0]:F2}");
/// foreach (ClusterInfluence effect in fit.Influence(MultilevelModel.EachEffect))
///     Console.WriteLine($"{effect.Cluster}: deleted residual {effect.Residuals[0].Studentized:F2}");
/// </code></example>
public sealed record ClusterInfluence(string Cluster, int EffectCount, double? CookDistance, ImmutableArray<double> Coefficients) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>(β - β₋)ⱼ over the standard error that βⱼ of all effects would have at the variances found without it; one a coefficient, empty where there is no fit without it.</summary>
    public ImmutableArray<double> DfBetas { get; init; } = [];

    /// <summary>|S₋|/|S|, the coefficients' covariance without it over that with it; below 1 says that leaving it out makes them more precise. Null where there is no fit without it.</summary>
    public double? CovarianceRatio { get; init; }

    /// <summary>X² = d'(M + XS₋X')⁻¹d of its deleted residuals d together, about a chi² with as many degrees of freedom as it has effects. Null where there is no fit without it.</summary>
    public double? ChiSquared { get; init; }

    /// <summary>The deleted residuals of its effects; empty where there is no fit without it.</summary>
    public ImmutableArray<DeletedResidual> Residuals { get; init; } = [];

    /// <summary>Why there is no fit without it; null where there is one.</summary>
    public string? Absence { get; init; }

    /// <summary>One line, for example <c>Sample 01: Cook's D 0.12 (3 effects)</c>, or the reason why there is no fit without it.</summary>
    public override string ToString() => $"{Cluster}: " + (Absence ?? $"Cook's D {StatisticText.Number(CookDistance ?? 0)}") + $" ({StatisticText.Count(EffectCount, "effect")})";
}
