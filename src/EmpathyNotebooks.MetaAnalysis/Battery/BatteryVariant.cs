namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One of the analyses that reviews of psychotherapy report side by side.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.StandardizedMeanDifference,
///     columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D"])]);
/// Console.WriteLine(Battery.Of(effects, new() { Study = "study" })[BatteryVariant.Lowest]);
/// </code></example>
public enum BatteryVariant
{
    /// <summary>All effects, each taken as independent of the others. Where studies have several, its interval is too narrow; it is the row that the others are compared with.</summary>
    Overall,

    /// <summary>One effect a study: the average of its effects, whose sampling errors are assumed to correlate (<see cref="EffectAggregation.AverageWithin"/>).</summary>
    Combined,

    /// <summary>One effect a study: its lowest, the first of equal ones.</summary>
    Lowest,

    /// <summary>One effect a study: its highest, the first of equal ones.</summary>
    Highest,

    /// <summary>Without effects whose confidence interval lies wholly outside that of the pooled effect.</summary>
    WithoutOutliers,

    /// <summary>Without effects that <see cref="Sensitivity.Influence(PooledFit)"/> marks, by metafor's limits.</summary>
    WithoutInfluential,

    /// <summary>Studies with a low risk of bias alone.</summary>
    LowRiskOfBias,

    /// <summary>Three levels: studies, effects within them, sampling errors taken as independent; inference is cluster-robust (CR2).</summary>
    ThreeLevel,

    /// <summary>Correlated and hierarchical effects (CHE: Pustejovsky &amp; Tipton 2022): three levels and correlated sampling errors; inference is cluster-robust (CR2).</summary>
    CorrelatedAndHierarchical,

    /// <summary>Adjusted for publication bias by trim and fill (L0).</summary>
    TrimAndFill,

    /// <summary>Adjusted for small-study effects by limit meta-analysis.</summary>
    Limit,

    /// <summary>Adjusted for publication bias by a selection model with one step, at p = .025 of one side.</summary>
    Selection,
}

/// <summary>Of which effects outlying, influential and biased ones are left out, and which are adjusted for bias.</summary>
/// <example><code>
/// var options = new BatteryOptions { Study = "study", RemoveFrom = BatteryBase.Combined };
/// Console.WriteLine(options.RemoveFrom);
/// </code></example>
public enum BatteryBase
{
    /// <summary>All effects, each taken as independent.</summary>
    Overall,

    /// <summary>One average a study.</summary>
    Combined,
}
