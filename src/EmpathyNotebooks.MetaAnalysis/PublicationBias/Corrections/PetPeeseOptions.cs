namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How effects are weighted where they go together.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28], [0.004, 0.003, 0.016, 0.005, 0.002, 0.006, 0.004, 0.017, 0.011, 0.009],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]);
/// var fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.6);
/// Console.WriteLine(fit.Pet(new() { Weighting = DependentWeighting.InverseSamplingCovariance }));
/// </code></example>
public enum DependentWeighting
{
    /// <summary>The model's own, the inverse of the whole covariance: with much heterogeneity small studies count as much as large ones.</summary>
    Model,

    /// <summary>The inverse of the covariance of sampling errors alone: large studies, which suffer least from selection, count most (Chen &amp; Pustejovsky 2025).</summary>
    InverseSamplingCovariance,
}

/// <summary>What to choose in PET, PEESE and the conditional PET-PEESE.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([-0.51, -0.12, -0.45, -0.20, -0.38, -0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006]));
/// Console.WriteLine(fit.PetPeese(new PetPeeseOptions { Alternative = Alternative.Less }));
/// Console.WriteLine(fit.PetPeese(new PetPeeseOptions { Alternative = null, Alpha = 0.10 })); // in the direction of the mean, at .10
/// </code></example>
public sealed record PetPeeseOptions
{
    /// <summary>
    /// In which direction PET's intercept must differ from 0 for PEESE to be taken. Greater by default, the usual one-sided rule; two-sided for the stricter one; null for the direction in which the weighted mean of all
    /// effects lies, whichever that is.
    /// </summary>
    public Alternative? Alternative { get; init; } = MetaAnalysis.Alternative.Greater;

    /// <summary>The level of the rule's test, in (0, 1); .05 by default. Stanley (2017, Social Psychological and Personality Science 8, 581-591) tests one-sided at .05, others at .10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;

    /// <summary>
    /// A column of positive numbers that stands for the standard error on the x-axis, such as √(1/n₁ + 1/n₂), which does not depend on the effect; null, the default, for √v. Weights stay those of v.
    /// </summary>
    public string? StandardErrorColumn { get; init; }

    /// <summary>How dependent effects are weighted; of no meaning for independent ones.</summary>
    public DependentWeighting Weighting { get; init; } = DependentWeighting.Model;
}
