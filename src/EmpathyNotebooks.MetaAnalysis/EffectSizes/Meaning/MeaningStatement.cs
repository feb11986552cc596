namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What a statement says of an effect.</summary>
/// <example><code>
/// Console.WriteLine(EffectMeaning.OfDifference(0.5)[MeaningKind.NumberNeeded]?.Value);
/// </code></example>
public enum MeaningKind
{
    /// <summary>The standardized mean difference d.</summary>
    StandardizedDifference,

    /// <summary>Cohen's U3: the share of the treated (or of the upper group) that lies above the average of the others.</summary>
    U3,

    /// <summary>The share of two distributions that they have in common.</summary>
    Overlap,

    /// <summary>The common-language effect size: how often a random person of the first group is ahead of one of the second; of a correlation, how often the one of two who is higher on one variable is higher on the other.</summary>
    CommonLanguage,

    /// <summary>The success rate of the treated, or of those high on the predictor.</summary>
    FirstRate,

    /// <summary>The success rate of the others.</summary>
    SecondRate,

    /// <summary>The first rate less the second; of two normal groups without a base rate the chance to do better less that to do worse.</summary>
    RateDifference,

    /// <summary>The number needed to treat for one success more, one over the difference of rates; below 0 a number needed to harm.</summary>
    NumberNeeded,

    /// <summary>The share of variance that two variables have in common, r².</summary>
    VarianceExplained,

    /// <summary>The share of true effects beyond a minimal important difference.</summary>
    ShareBeyond,
}

/// <summary>What must hold for a statement to be right.</summary>
/// <example><code>
/// foreach (var statement in EffectMeaning.OfCorrelation(0.28).Statements.Where(s => s.Model == MeaningModel.BivariateNormal)) Console.WriteLine(statement);
/// </code></example>
public enum MeaningModel
{
    /// <summary>The outcome is normal in both groups, with one variance.</summary>
    TwoNormalGroups,

    /// <summary>Both variables are normal together; halves are split at the median of the predictor.</summary>
    BivariateNormal,

    /// <summary>Both variables have two values only, each taken by half of the people.</summary>
    TwoBinaryVariables,

    /// <summary>Two groups with a success or none; the ratio, or the difference, of the effect is the same at every base rate.</summary>
    TwoRates,

    /// <summary>True effects are normal around their mean.</summary>
    TrueEffects,
}

/// <summary>One thing that an effect means, with what must hold for it.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Model">What must hold for it.</param>
/// <param name="Value">The value: a rate or share as a fraction, d, or a number of people.</param>
/// <param name="Lower">Its lower limit, from that of the effect; null where no interval was given, or for a number needed whose interval runs through infinity.</param>
/// <param name="Upper">Its upper limit.</param>
/// <param name="Name">What it says, in words.</param>
/// <param name="Assumption">What must hold for it, in words.</param>
/// <example><code>
/// MeaningStatement u3 = EffectMeaning.OfDifference(0.5).Statements[0];
/// Console.WriteLine($"{u3.Name}: {u3.Value:P1}, if {u3.Assumption}");
/// </code></example>
public sealed record MeaningStatement(MeaningKind Kind, MeaningModel Model, double Value, double? Lower, double? Upper, string Name, string Assumption)
{
    /// <summary>The base rate it holds at; null where none was given, or none plays a part.</summary>
    public double? BaseRate { get; init; }

    /// <summary>The value as a reader expects it: a percentage, d with two digits, or people with one.</summary>
    public string Shown => Show(Value);

    /// <summary>The interval in brackets; of a number needed whose effect may have either sign both arms, through infinity; empty where there is none.</summary>
    public string ShownInterval => Kind == MeaningKind.NumberNeeded && Through is { } arms ? $"{Show(arms.Harm)} to ∞ to {Show(arms.Benefit)}"
        : Lower is { } lower && Upper is { } upper ? $"[{Show(lower)}, {Show(upper)}]" : "";

    /// <summary>True for a number needed that is, or can by its interval be, one to harm.</summary>
    internal bool IsForLess => Kind == MeaningKind.NumberNeeded && (Value < 0 || Lower < 0 || Through is not null);

    /// <summary>The two ends of an interval of a number needed that runs through infinity (Altman 1998, BMJ 317, 1309-1312).</summary>
    internal (double Harm, double Benefit)? Through { get; init; }

    /// <summary>For example <c>above the average of the others (U3): 69.1%</c>.</summary>
    public override string ToString() => $"{Name}: {Shown}{(ShownInterval.Length > 0 ? " " + ShownInterval : "")}";

    private string Show(double value) => Kind switch
    {
        MeaningKind.NumberNeeded => StatisticText.Number(value, 1),
        MeaningKind.StandardizedDifference => StatisticText.Number(value),
        _ => StatisticText.Share(value),
    };
}
