namespace EmpathyNotebooks.Reporting;

/// <summary>How certain a body of evidence is, by GRADE.</summary>
/// <example><code>
/// Console.WriteLine(GradeOutcome.SignOf(Certainty.Moderate));
/// </code></example>
public enum Certainty
{
    /// <summary>The true effect is probably markedly different from the estimate.</summary>
    VeryLow = 1,

    /// <summary>The true effect might be markedly different from the estimate.</summary>
    Low,

    /// <summary>The true effect is probably close to the estimate.</summary>
    Moderate,

    /// <summary>We are confident that the true effect is close to the estimate.</summary>
    High,
}

/// <summary>What can lower the certainty of a body of evidence.</summary>
/// <example><code>
/// foreach (var domain in Enum.GetValues&lt;GradeDomain&gt;()) Console.WriteLine($"{domain}: down by {GradeJudgement.MostLevels(domain)} at most");
/// </code></example>
public enum GradeDomain
{
    /// <summary>Limitations of the studies in design and conduct.</summary>
    RiskOfBias,

    /// <summary>Effects differ between studies without an explanation.</summary>
    Inconsistency,

    /// <summary>People, interventions, comparisons or outcomes are not those of the question.</summary>
    Indirectness,

    /// <summary>The interval is too wide for a decision.</summary>
    Imprecision,

    /// <summary>Studies, or results of them, are missing because of what they found.</summary>
    PublicationBias,
}

/// <summary>What can raise the certainty of evidence from studies without randomisation.</summary>
/// <example><code>
/// Console.WriteLine(new GradeUpgrade(GradeUpgradeReason.DoseResponse, 1, "Effects rise with the number of sessions."));
/// </code></example>
public enum GradeUpgradeReason
{
    /// <summary>A large effect, or a very large one.</summary>
    LargeEffect,

    /// <summary>More of the exposure has more effect.</summary>
    DoseResponse,

    /// <summary>All plausible confounding would have made the effect smaller.</summary>
    OpposingConfounding,
}

/// <summary>
/// What a person judged of one domain, with the reason. The library never judges: it puts the facts beside (<see cref="GradeOutcome.Facts"/>).
/// </summary>
/// <example><code>
/// var judgement = new GradeJudgement(GradeDomain.Inconsistency, 1, "The prediction interval holds effects of both signs.");
/// Console.WriteLine(judgement);
/// </code></example>
public sealed record GradeJudgement
{
    /// <summary>A judgement.</summary>
    /// <param name="domain">What it is of.</param>
    /// <param name="levels">By how many levels it lowers certainty: 0 not serious, 1 serious, 2 very serious, of risk of bias and imprecision 3 extremely serious; of publication bias 0 undetected, 1 strongly suspected.</param>
    /// <param name="reason">Why, in a sentence; of no concern, too.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such domain, or the levels are more than the domain has.</exception>
    /// <exception cref="ArgumentException">The reason is missing.</exception>
    public GradeJudgement(GradeDomain domain, int levels, string reason)
    {
        if (!Enum.IsDefined(domain)) throw new ArgumentOutOfRangeException(nameof(domain), domain, "There is no such domain.");
        if (levels < 0 || levels > MostLevels(domain)) throw new ArgumentOutOfRangeException(nameof(levels), levels, $"{GradeText.Name(domain)} lowers certainty by 0 to {MostLevels(domain)} levels.");
        if (string.IsNullOrWhiteSpace(reason)) throw new ArgumentException($"Say why {GradeText.Name(domain).ToLowerInvariant()} is judged so: a judgement without a reason cannot be checked.", nameof(reason));
        (Domain, Levels, Reason) = (domain, levels, reason.Trim());
    }

    /// <summary>What it is of.</summary>
    public GradeDomain Domain { get; }

    /// <summary>By how many levels it lowers certainty.</summary>
    public int Levels { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }

    /// <summary>By how many levels a domain can lower certainty.</summary>
    /// <param name="domain">The domain.</param>
    public static int MostLevels(GradeDomain domain) => domain switch { GradeDomain.RiskOfBias or GradeDomain.Imprecision => 3, GradeDomain.PublicationBias => 1, _ => 2 };

    /// <summary>For example <c>Inconsistency −1 (serious): The prediction interval holds effects of both signs.</c></summary>
    public override string ToString() => $"{GradeText.Name(Domain)} {(Levels == 0 ? "0" : $"−{Levels}")} ({GradeText.Word(Domain, Levels)}): {Reason}";
}

/// <summary>What a person judged to raise certainty, with the reason.</summary>
/// <example><code>
/// Console.WriteLine(new GradeUpgrade(GradeUpgradeReason.LargeEffect, 1, "The odds ratio is 4, with an interval from 2.6 on."));
/// </code></example>
public sealed record GradeUpgrade
{
    /// <summary>A judgement.</summary>
    /// <param name="what">What raises certainty.</param>
    /// <param name="levels">By how many levels: 1, of a very large effect 2.</param>
    /// <param name="reason">Why, in a sentence.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such reason, or the levels are more than it has.</exception>
    /// <exception cref="ArgumentException">The reason is missing.</exception>
    public GradeUpgrade(GradeUpgradeReason what, int levels, string reason)
    {
        if (!Enum.IsDefined(what)) throw new ArgumentOutOfRangeException(nameof(what), what, "There is no such reason.");
        var most = what == GradeUpgradeReason.LargeEffect ? 2 : 1;
        if (levels < 1 || levels > most) throw new ArgumentOutOfRangeException(nameof(levels), levels, $"{GradeText.Name(what)} raises certainty by 1{(most == 2 ? " or 2 levels" : " level")}.");
        if (string.IsNullOrWhiteSpace(reason)) throw new ArgumentException("Say why certainty is raised: a judgement without a reason cannot be checked.", nameof(reason));
        (What, Levels, Reason) = (what, levels, reason.Trim());
    }

    /// <summary>What raises certainty.</summary>
    public GradeUpgradeReason What { get; }

    /// <summary>By how many levels.</summary>
    public int Levels { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GradeText.Name(What)} +{Levels}: {Reason}";
}

/// <summary>The words of GRADE.</summary>
internal static class GradeText
{
    public static string Name(GradeDomain domain) => domain switch
    {
        GradeDomain.RiskOfBias => "Risk of bias", GradeDomain.Inconsistency => "Inconsistency", GradeDomain.Indirectness => "Indirectness", GradeDomain.Imprecision => "Imprecision", _ => "Publication bias",
    };

    public static string Name(GradeUpgradeReason what) => what switch { GradeUpgradeReason.LargeEffect => "Large effect", GradeUpgradeReason.DoseResponse => "Dose-response gradient", _ => "Opposing confounding" };

    public static string Name(Certainty certainty) => certainty switch { Certainty.VeryLow => "Very low", Certainty.Low => "Low", Certainty.Moderate => "Moderate", _ => "High" };

    public static string Word(GradeDomain domain, int levels) => domain == GradeDomain.PublicationBias ? levels == 0 ? "undetected" : "strongly suspected"
        : levels switch { 0 => "not serious", 1 => "serious", 2 => "very serious", _ => "extremely serious" };
}
