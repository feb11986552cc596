using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How bad a judgement is, whatever a tool calls it: what marks and colours go by.</summary>
/// <example><code>
/// foreach (RiskJudgement judgement in RiskOfBiasTool.Rob2.Judgements) Console.WriteLine($"{judgement.Symbol} {judgement.Name}: {judgement.Grade == RiskGrade.Low}");
/// </code></example>
public enum RiskGrade
{
    /// <summary>A low risk of bias.</summary>
    Low,

    /// <summary>Some concerns, or a moderate risk.</summary>
    Moderate,

    /// <summary>A high or serious risk.</summary>
    High,

    /// <summary>A critical risk: the study says nothing that could be used.</summary>
    Critical,

    /// <summary>Not enough is known to judge.</summary>
    Unknown,
}

/// <summary>A judgement that a tool knows.</summary>
/// <param name="Name">What the tool calls it.</param>
/// <param name="Grade">How bad it is.</param>
/// <param name="Spellings">Other spellings that are taken for it, without regard to case.</param>
/// <example><code>
/// var clear = new RiskJudgement("Clear", RiskGrade.Low, ["yes", "y"]);
/// Console.WriteLine($"{clear.Symbol} {clear}");
/// </code></example>
public sealed record RiskJudgement(string Name, RiskGrade Grade, ImmutableArray<string> Spellings)
{
    /// <summary>The sign in its mark, so that it is read without colour: + low, − moderate, × high, ! critical, ? unknown.</summary>
    public string Symbol => Grade switch { RiskGrade.Low => "+", RiskGrade.Moderate => "−", RiskGrade.High => "×", RiskGrade.Critical => "!", _ => "?" };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A domain of a tool.</summary>
/// <param name="Code">Its short name, which columns have: D1.</param>
/// <param name="Name">What it is about.</param>
/// <example><code>
/// foreach (RiskDomain domain in RiskOfBiasTool.RobinsI.Domains) Console.WriteLine($"{domain.Code}: {domain.Name}");
/// </code></example>
public sealed record RiskDomain(string Code, string Name);

/// <summary>A tool by which the risk of bias of studies is judged: its domains, and the judgements there are.</summary>
/// <example><code>
/// RiskOfBiasTool own = RiskOfBiasTool.Custom("Quality of our trials", [new("D1", "blinding"), new("D2", "dropout")],
///     [new("Good", RiskGrade.Low, ["g"]), new("Fair", RiskGrade.Moderate, ["f"]), new("Poor", RiskGrade.High, ["p"])]);
/// Console.WriteLine($"{own.Name}: {own.Domains.Length} domains");
/// </code></example>
public sealed class RiskOfBiasTool
{
    private static readonly RiskJudgement Low = new("Low", RiskGrade.Low, ["l", "+", "low risk"]);

    private RiskOfBiasTool(string name, string source, ImmutableArray<RiskDomain> domains, ImmutableArray<RiskJudgement> judgements, bool hasOverall) =>
        (Name, Source, Domains, Judgements, HasOverall) = (name, source, domains, judgements, hasOverall);

    /// <summary>RoB 2, for randomised trials (Sterne et al. 2019, BMJ 366, l4898): five domains and an overall judgement.</summary>
    public static RiskOfBiasTool Rob2 { get; } = new("RoB 2", "Sterne et al. 2019",
        [
            new("D1", "randomisation process"), new("D2", "deviations from intended interventions"), new("D3", "missing outcome data"), new("D4", "measurement of the outcome"), new("D5", "selection of the reported result"),
        ],
        [Low, new("Some concerns", RiskGrade.Moderate, ["some", "s", "sc", "-", "−"]), new("High", RiskGrade.High, ["h", "x", "×", "high risk"])], true);

    /// <summary>ROBINS-I, for non-randomised studies of interventions (Sterne et al. 2016, BMJ 355, i4919): seven domains and an overall judgement.</summary>
    public static RiskOfBiasTool RobinsI { get; } = new("ROBINS-I", "Sterne et al. 2016",
        [
            new("D1", "confounding"), new("D2", "selection of participants"), new("D3", "classification of interventions"), new("D4", "deviations from intended interventions"), new("D5", "missing data"),
            new("D6", "measurement of outcomes"), new("D7", "selection of the reported result"),
        ],
        [
            Low, new("Moderate", RiskGrade.Moderate, ["m", "-", "−", "moderate risk"]), new("Serious", RiskGrade.High, ["s", "x", "×", "serious risk"]), new("Critical", RiskGrade.Critical, ["c", "!", "critical risk"]),
            new("No information", RiskGrade.Unknown, ["ni", "n", "?", "unknown"]),
        ], true);

    /// <summary>QUADAS-2, for studies of diagnostic accuracy (Whiting et al. 2011, Annals of Internal Medicine 155, 529-536): risk of bias in four domains, concerns about applicability in three; no overall judgement.</summary>
    public static RiskOfBiasTool Quadas2 { get; } = new("QUADAS-2", "Whiting et al. 2011",
        [
            new("D1", "patient selection"), new("D2", "index test"), new("D3", "reference standard"), new("D4", "flow and timing"), new("A1", "applicability: patient selection"), new("A2", "applicability: index test"),
            new("A3", "applicability: reference standard"),
        ],
        [Low, new("High", RiskGrade.High, ["h", "x", "×", "high risk", "high concern"]), new("Unclear", RiskGrade.Unknown, ["u", "?", "unclear risk"])], false);

    /// <summary>The tools that are known by name.</summary>
    public static ImmutableArray<RiskOfBiasTool> All { get; } = [Rob2, RobinsI, Quadas2];

    /// <summary>A tool of one's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="domains">Its domains, each with a code of its own.</param>
    /// <param name="judgements">Its judgements, the mildest first; no spelling may stand for two.</param>
    /// <param name="hasOverall">True where each study has an overall judgement.</param>
    /// <exception cref="ArgumentException">There is no domain or judgement, a name stands twice, or a spelling for two judgements.</exception>
    public static RiskOfBiasTool Custom(string name, IReadOnlyList<RiskDomain> domains, IReadOnlyList<RiskJudgement> judgements, bool hasOverall = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(domains);
        ArgumentNullException.ThrowIfNull(judgements);
        if (domains.Count == 0) throw new ArgumentException("A tool needs at least one domain.", nameof(domains));
        if (judgements.Count < 2) throw new ArgumentException("A tool needs at least two judgements, such as Low and High.", nameof(judgements));
        if (Twice(domains.Select(d => d.Code)) is { } code) throw new ArgumentException($"Two domains have the code {code}.", nameof(domains));
        if (Twice(judgements.SelectMany(j => j.Spellings.Append(j.Name).Distinct(StringComparer.OrdinalIgnoreCase))) is { } spelling) throw new ArgumentException($"\"{spelling}\" stands for two judgements.", nameof(judgements));
        return new RiskOfBiasTool(name, "", [.. domains], [.. judgements], hasOverall);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Who published it; empty for a tool of one's own.</summary>
    public string Source { get; }

    /// <summary>The domains, in their order.</summary>
    public ImmutableArray<RiskDomain> Domains { get; }

    /// <summary>The judgements, the mildest first.</summary>
    public ImmutableArray<RiskJudgement> Judgements { get; }

    /// <summary>True where each study has an overall judgement.</summary>
    public bool HasOverall { get; }

    /// <summary>The judgement that a text says; null where it says none.</summary>
    /// <param name="text">The name of a judgement or a usual spelling, in any case.</param>
    public RiskJudgement? Judge(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var said = text.Trim();
        return Judgements.FirstOrDefault(j => j.Name.Equals(said, StringComparison.OrdinalIgnoreCase) || j.Spellings.Contains(said, StringComparer.OrdinalIgnoreCase));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static string? Twice(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1)?.Key;
}
