using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in a battery of analyses.</summary>
/// <example><code>
/// var options = new BatteryOptions { Study = "study", LowRisk = StudyCondition.Parse("rob=low"), Correlation = 0.5, BaseRate = 0.17 };
/// Console.WriteLine(options.Variants.Length);
/// </code></example>
public sealed record BatteryOptions
{
    /// <summary>The column that names the study of each effect; null, the default, for one effect a study.</summary>
    public string? Study { get; init; }

    /// <summary>
    /// The assumed correlation of sampling errors within a study, of averages and CHE, in [0, 1); 0.6 by default, as in metapsyTools since version 1.0.4 (0.5 before). It cannot be estimated from the effects: try several.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside [0, 1).</exception>
    public double Correlation
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Correlation), value, "The correlation within a study must lie in [0, 1).");
    } = 0.6;

    /// <summary>The estimator of τ² of independent effects; REML by default. Models with levels are fitted by REML.</summary>
    public TauSquaredEstimator TauSquared { get; init; } = TauSquaredEstimator.RestrictedMaximumLikelihood;

    /// <summary>Inference of independent effects; Hartung and Knapp's by default.</summary>
    public Inference Inference { get; init; } = Inference.HartungKnapp;

    /// <summary>The level of all intervals, in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;

    /// <summary>
    /// How many of the comparison group respond anyhow (CER), for numbers needed to treat, in (0, 1); 0.2 by default, as in metapsyTools. Take it from your own setting: the number needed hangs on it as much as on the effect.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double BaseRate
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(BaseRate), value, "A base rate lies between 0 and 1, both excluded: 0.2 where 20% respond anyhow.");
    } = 0.2;

    /// <summary>What makes a study one of low risk of bias; null, the default, where that is not known.</summary>
    public StudyCondition? LowRisk { get; init; }

    /// <summary>Of which effects outlying, influential and biased ones are left out; all, the default, as in metapsyTools, or averages.</summary>
    public BatteryBase RemoveFrom { get; init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(RemoveFrom), value, "There are all effects and averages."); }

    /// <summary>The analyses, in their order; all by default.</summary>
    /// <exception cref="ArgumentException">There is none, one stands twice, or there is no such analysis.</exception>
    public ImmutableArray<BatteryVariant> Variants
    {
        get;
        init => field = value.IsDefaultOrEmpty ? throw new ArgumentException("Name at least one analysis.", nameof(Variants))
            : value.Distinct().Count() != value.Length ? throw new ArgumentException("An analysis stands twice.", nameof(Variants))
            : value.FirstOrDefault(v => !Enum.IsDefined(v), value[0]) is var wrong && !Enum.IsDefined(wrong) ? throw new ArgumentException($"There is no analysis {wrong}.", nameof(Variants)) : value;
    } = [.. Enum.GetValues<BatteryVariant>()];
}
