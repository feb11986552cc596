using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The judgements of one study.</summary>
/// <param name="Study">The study.</param>
/// <param name="Judgements">One a domain of the tool.</param>
/// <param name="Overall">The overall judgement; null where the tool has none.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.3, 0.2], [0.01, 0.02], labels: ["Study A", "Study B"], columns: [.. new[] { "D1", "D2", "D3", "D4", "D5", "Overall" }.Select(c => StudyColumn.OfTexts(c, ["low", "low"]))]);
/// foreach (StudyRisk study in RiskOfBias.Of(effects, RiskOfBiasTool.Rob2).Studies) Console.WriteLine(study);
/// </code></example>
public sealed record StudyRisk(string Study, ImmutableArray<RiskJudgement> Judgements, RiskJudgement? Overall)
{
    /// <summary>True where the risk is low: overall, or in every domain where the tool has no overall judgement.</summary>
    public bool IsLow => Overall is { } overall ? overall.Grade == RiskGrade.Low : Judgements.All(j => j.Grade == RiskGrade.Low);

    /// <summary>One line, for example <c>Study A: + + − + +, overall Some concerns</c>.</summary>
    public override string ToString() => $"{Study}: {string.Join(' ', Judgements.Select(j => j.Symbol))}{(Overall is null ? "" : $", overall {Overall}")}";
}

/// <summary>How many studies of a domain have each judgement, and their share of the weights.</summary>
/// <param name="Domain">The code of the domain; Overall for the overall judgement.</param>
/// <param name="Judgement">The judgement.</param>
/// <param name="Count">How many studies.</param>
/// <param name="Share">Their share: of the studies, or of the weights of a fit.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.3, 0.2], [0.01, 0.02], columns: [.. new[] { "D1", "D2", "D3", "D4", "D5", "Overall" }.Select(c => StudyColumn.OfTexts(c, ["low", "high"]))]);
/// foreach (RiskShare share in RiskOfBias.Of(effects, RiskOfBiasTool.Rob2).Shares(EqualEffects.Fit(effects))) Console.WriteLine($"{share.Domain} {share.Judgement}: {share.Count}, {share.Share:P0}");
/// </code></example>
public readonly record struct RiskShare(string Domain, RiskJudgement Judgement, int Count, double Share);

/// <summary>
/// The risk of bias of studies as people judged it by a tool, domain by domain. The library never judges: it reads, checks and shows. When not to use it: as a score; adding up domains hides which bias there is (Jüni, Witschi, Bloch &amp;
/// Egger 1999, JAMA 282, 1054-1060).
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], labels: ["Study A", "Study B", "Study C"], columns:
/// [
///     StudyColumn.OfTexts("D1", ["Low", "low", "High"]), StudyColumn.OfTexts("D2", ["Low", "Some concerns", "low"]), StudyColumn.OfTexts("D3", ["+", "+", "+"]), StudyColumn.OfTexts("D4", ["Low", "Low", "Low"]),
///     StudyColumn.OfTexts("D5", ["Low", "Low", "Low"]), StudyColumn.OfTexts("Overall", ["Low", "Some concerns", "High"]),
/// ]);
/// RiskOfBias risk = RiskOfBias.Of(effects, RiskOfBiasTool.Rob2);
/// Console.WriteLine(risk);
/// Console.WriteLine(RandomEffects.Fit(risk.WithoutHigh(effects)));
/// </code></example>
public sealed class RiskOfBias
{
    /// <summary>What the overall judgement is called where domains have their codes.</summary>
    public const string Overall = "Overall";

    private readonly Dictionary<string, StudyRisk> _byName;

    private RiskOfBias(RiskOfBiasTool tool, string? column, ImmutableArray<StudyRisk> studies, DataOrigin origin)
    {
        (Tool, Column, Studies, Origin) = (tool, column, studies, origin);
        _byName = studies.ToDictionary(s => s.Study, StringComparer.Ordinal);
        Warnings = [.. studies.Select(Doubt).OfType<string>()];
    }

    /// <summary>The tool.</summary>
    public RiskOfBiasTool Tool { get; }

    /// <summary>The column that names the studies; null where the labels of the effects do.</summary>
    public string? Column { get; }

    /// <summary>The studies, in order of first appearance.</summary>
    public ImmutableArray<StudyRisk> Studies { get; }

    /// <summary>Where the data come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>Overall judgements that are milder than the worst domain, which the tools do not allow. They are kept as people made them.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>Reads the judgements from columns of the effects.</summary>
    /// <param name="effects">The effects, with a column for each domain and one for the overall judgement where the tool has one.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="study">The column that names the studies; null for one effect a study, which has its label.</param>
    /// <param name="columns">The columns by the codes of the domains and <see cref="Overall"/>, where they are called otherwise. A column is also found by its code or the name of its domain, in any case.</param>
    /// <exception cref="StudyDataException">A column is missing, a value is no judgement of the tool or missing, or effects of one study differ; the message names row, column, value and what would be right.</exception>
    public static RiskOfBias Of(StudyEffects effects, RiskOfBiasTool tool, string? study = null, IReadOnlyDictionary<string, string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(tool);
        var names = tool.Domains.Select(d => (d.Code, Column: Find(effects, d.Code, d.Name, columns))).ToList();
        var overall = tool.HasOverall ? Find(effects, Overall, "overall risk of bias", columns) : null;
        var known = new Dictionary<string, (StudyRisk Risk, int Row)>(StringComparer.Ordinal);
        var studies = ImmutableArray.CreateBuilder<StudyRisk>();
        for (var i = 0; i < effects.Count; i++)
        {
            var name = study is null ? effects.Labels[i] : effects.Column(study).Text(i) ?? throw new StudyDataException("must name a study", "", i + 1, effects.Labels[i], study);
            var risk = new StudyRisk(name, [.. names.Select(n => Judged(effects, tool, n.Column, i))], overall is null ? null : Judged(effects, tool, overall, i));
            if (!known.TryGetValue(name, out var before))
            {
                known[name] = (risk, i);
                studies.Add(risk);
                continue;
            }
            var place = Enumerable.Range(0, names.Count).FirstOrDefault(d => risk.Judgements[d] != before.Risk.Judgements[d], -1);
            if (place < 0 && risk.Overall == before.Risk.Overall) continue;
            var column = place < 0 ? overall! : names[place].Column;
            throw new StudyDataException($"differs from \"{column.Text(before.Row)}\" in row {StatisticText.Count(before.Row + 1)}, which is of the same study, \"{name}\"; a study has one judgement a domain", column.Text(i), i + 1, effects.Labels[i], column.Name);
        }
        return new RiskOfBias(tool, study, studies.ToImmutable(), effects.Origin);
    }

    /// <summary>The judgements of a study; null where it was not judged.</summary>
    /// <param name="study">Its name.</param>
    public StudyRisk? this[string study] => _byName.GetValueOrDefault(study);

    /// <summary>The judgements of each effect's study; null for one that was not judged.</summary>
    /// <param name="effects">Effects with the column that names the studies, or the labels that do; averages of studies have them as labels.</param>
    public ImmutableArray<StudyRisk?> RisksOf(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        var column = Column is null ? null : effects.Columns.FirstOrDefault(c => c.Name == Column);
        return [.. Enumerable.Range(0, effects.Count).Select(i => (column is null ? effects.Labels[i] : column.Text(i)) is { } name ? this[name] : null)];
    }

    /// <summary>The effects of studies with a low risk of bias (<see cref="StudyRisk.IsLow"/>).</summary>
    /// <param name="effects">Effects of these studies.</param>
    /// <exception cref="StudyDataException">No effect is left.</exception>
    public StudyEffects OnlyLow(StudyEffects effects) => Keep(effects, r => r.IsLow, "of low risk of bias");

    /// <summary>The effects of studies without a high, serious or critical risk: overall, or in every domain where the tool has no overall judgement.</summary>
    /// <param name="effects">Effects of these studies.</param>
    /// <exception cref="StudyDataException">No effect is left.</exception>
    public StudyEffects WithoutHigh(StudyEffects effects) =>
        Keep(effects, r => (r.Overall is { } overall ? [overall] : r.Judgements).All(j => j.Grade is not (RiskGrade.High or RiskGrade.Critical)), "without a high risk of bias");

    /// <summary>Of each domain, and overall, how many studies have each judgement, the mildest first; those with none are listed with 0.</summary>
    /// <param name="fit">A fit whose weights are counted in place of studies: what weighs little biases little. Null counts studies.</param>
    /// <exception cref="StudyDataException">An effect of the fit has no judgement.</exception>
    public ImmutableArray<RiskShare> Shares(IModelFit? fit = null)
    {
        var weights = Studies.ToDictionary(s => s.Study, _ => 1.0 / Studies.Length, StringComparer.Ordinal);
        if (fit is not null)
        {
            foreach (var name in weights.Keys) weights[name] = 0;
            foreach (var (i, risk) in RisksOf(fit.Effects).Index())
            {
                if (risk is null) throw new StudyDataException("has no judgement of its risk of bias", row: i + 1, study: fit.Effects.Labels[i]);
                weights[risk.Study] += fit.Weights[i];
            }
        }
        var shares = ImmutableArray.CreateBuilder<RiskShare>();
        for (var d = 0; d < Tool.Domains.Length + (Tool.HasOverall ? 1 : 0); d++)
        {
            foreach (var judgement in Tool.Judgements)
            {
                StudyRisk[] those = [.. Studies.Where(s => (d < Tool.Domains.Length ? s.Judgements[d] : s.Overall) == judgement)];
                shares.Add(new(d < Tool.Domains.Length ? Tool.Domains[d].Code : Overall, judgement, those.Length, those.Sum(s => weights[s.Study])));
            }
        }
        return shares.ToImmutable();
    }

    /// <summary>For example <c>RoB 2 of 17 studies: 5 Low, 9 Some concerns, 3 High</c>, or where there is no overall judgement how many are low in all domains.</summary>
    public override string ToString() => $"{Tool.Name} of {StatisticText.Count(Studies.Length, "study", "studies")}: " + (Tool.HasOverall
        ? string.Join(", ", Tool.Judgements.Select(j => (Judgement: j, Count: Studies.Count(s => s.Overall == j))).Where(c => c.Count > 0).Select(c => $"{StatisticText.Count(c.Count)} {c.Judgement}"))
        : $"{StatisticText.Count(Studies.Count(s => s.IsLow))} low in every domain") + (Origin.IsSimulated ? " [simulated data]" : "");

    private static StudyColumn Find(StudyEffects effects, string code, string name, IReadOnlyDictionary<string, string>? columns)
    {
        if (columns?.GetValueOrDefault(code) is { } said) return effects.Column(said);
        return effects.Columns.FirstOrDefault(c => c.Name.Equals(code, StringComparison.OrdinalIgnoreCase)) ?? effects.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new StudyDataException($"is not a column, and none is called \"{name}\": each domain needs one; " + NearestName.Hint(code, effects.Columns.Select(c => c.Name)), code, kind: StudyDataFault.NoSuchColumn) { Choices = [.. effects.Columns.Select(c => c.Name)] };
    }

    private static RiskJudgement Judged(StudyEffects effects, RiskOfBiasTool tool, StudyColumn column, int row) => column.Text(row) is { } text && tool.Judge(text) is { } judgement ? judgement
        : throw new StudyDataException($"must be a judgement of {tool.Name}: {string.Join(", ", tool.Judgements.Select(j => j.Name))}", column.Text(row) ?? "", row + 1, effects.Labels[row], column.Name, kind: StudyDataFault.NoSuchName)
        {
            Choices = [.. tool.Judgements.Select(j => j.Name)],
        };

    private StudyEffects Keep(StudyEffects effects, Func<StudyRisk, bool> isKept, string what)
    {
        var risks = RisksOf(effects);
        int[] rows = [.. Enumerable.Range(0, effects.Count).Where(i => risks[i] is { } risk && isKept(risk))];
        return rows.Length > 0 ? effects.Select(rows) : throw new StudyDataException($"No effect is left: none is of a study {what} by {Tool.Name}", column: Column);
    }

    /// <summary>The worst domain is the mildest that overall can be; where nothing is known, nothing is said.</summary>
    private string? Doubt(StudyRisk study)
    {
        if (study.Overall is not { Grade: not RiskGrade.Unknown } overall) return null;
        var worst = study.Judgements.Index().Where(j => j.Item.Grade != RiskGrade.Unknown).OrderByDescending(j => j.Item.Grade).ThenBy(j => j.Index).FirstOrDefault();
        return worst.Item is null || worst.Item.Grade <= overall.Grade ? null
            : $"{study.Study}: the overall judgement is {overall}, and {Tool.Domains[worst.Index].Code} is {worst.Item}. By {Tool.Name} overall is at least as bad as the worst domain.";
    }
}
