namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to say an effect in.</summary>
/// <example><code>
/// Console.WriteLine(EffectMeaning.OfDifference(0.5, options: new EffectMeaningOptions { BaseRate = 0.2 }));
/// </code></example>
public sealed record EffectMeaningOptions
{
    /// <summary>
    /// How many succeed anyhow, as a fraction in (0, 1): of differences and ratios the success rate of the comparison group (CER), of correlations that of all people. Null, the default, leaves out what needs one. An
    /// effect is worth other numbers of people where success is rare than where it is common; take it from your own setting, not from the literature on average.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in (0, 1).</exception>
    public double? BaseRate
    {
        get;
        init => field = value is null or (> 0 and < 1) ? value : throw ArgumentFault.OutOfRange(nameof(BaseRate), value, "A base rate lies between 0 and 1, both excluded: 0.3 where 30% succeed anyhow.");
    }

    /// <summary>
    /// The smallest effect that matters, on the scale a reader knows (r, d, OR), for the share of true effects beyond it; null, the default, for none. Beyond is above, or below where it lies on the other side of
    /// what means no effect.
    /// </summary>
    public double? MinimalImportantDifference { get; init; }
}
