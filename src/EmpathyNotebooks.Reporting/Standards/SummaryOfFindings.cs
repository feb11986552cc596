using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A GRADE summary of findings: a row an outcome, with effect, absolute effects at a base rate where the measure has them, certainty, and the reasons as notes.</summary>
public static class SummaryOfFindings
{
    /// <summary>The table.</summary>
    /// <param name="outcomes">The outcomes, at least one; seven at most say what matters.</param>
    /// <param name="title">Its title.</param>
    /// <exception cref="ArgumentException">There is no outcome, or one stands twice.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.32, 0.65, 0.40], [0.020, 0.032, 0.025, 0.018], EffectMeasure.StandardizedMeanDifference, sampleSizes: [210, 130, 165, 230]));
    /// GradeJudgement[] judged = [.. Enum.GetValues&lt;GradeDomain&gt;().Select(d => new GradeJudgement(d, 0, "No concern: see the protocol."))];
    /// GradeOutcome[] outcomes = [new("Depression after treatment", fit, true, judged) { BaseRate = 0.2 }];
    /// Console.WriteLine(PlainTextWriter.Write(SummaryOfFindings.Of(outcomes)));
    /// Console.WriteLine(MarkdownWriter.Write(SummaryOfFindings.Profile(outcomes)));
    /// </code></example>
    public static Table Of(IReadOnlyList<GradeOutcome> outcomes, string title = "Summary of findings")
    {
        Check(outcomes);
        var rates = outcomes.Select(o => o.Rates).ToList();
        var hasRates = rates.Any(r => r is not null);
        List<(string, Align)> columns = [("outcome", Align.Left), ("k", Align.Right), ("participants", Align.Right), ("effect [interval]", Align.Right)];
        if (hasRates) columns.AddRange([("of 1,000 without", Align.Right), ("of 1,000 with", Align.Right)]);
        columns.AddRange([("certainty", Align.Left), ("reasons", Align.Left)]);
        var table = new Table(title, [.. columns]).DataLabel(outcomes[0].Fit.Effects.Origin);
        var notes = new List<string>();
        foreach (var (i, outcome) in outcomes.Index())
        {
            List<string> cells = [outcome.Name, StatisticText.Count(outcome.Fit.Count), outcome.Fit.Effects.TotalSampleSize is { } people && outcome.Fit.Clusters is null ? StatisticText.Count(people) : Numbers.None, outcome.Effect];
            if (hasRates) cells.AddRange(rates[i] is { } known ? [Thousand(known.Second.Value), $"{Thousand(known.First.Value)}{(known.First is { Lower: { } low, Upper: { } high } ? $" [{Thousand(low)}, {Thousand(high)}]" : "")}"] : [Numbers.None, Numbers.None]);
            string[] reasons = [.. outcome.Judgements.Where(j => j.Levels > 0).Select(j => j.ToString()), .. outcome.Upgrades.Select(u => u.ToString())];
            cells.Add($"{GradeOutcome.SignOf(outcome.Certainty)} {GradeText.Name(outcome.Certainty)}");
            cells.Add(string.Join(", ", reasons.Select(reason => Letter(notes, reason))));
            table.Row(cells);
        }
        foreach (var (i, note) in notes.Index()) table.Note($"{Name(i)}. {note}");
        if (hasRates) table.Note("Absolute effects: at the base rate of each outcome, if what the effect measures is the same there as in the studies.");
        table.Note("Certainty: judged by people after GRADE (Guyatt et al. 2011). Evidence of randomised trials begins as high, other evidence as low.");
        foreach (var warning in outcomes.SelectMany(o => o.Warnings)) table.Note("Note: " + warning);
        return table;
    }

    /// <summary>The evidence profile: of each outcome and domain the facts that the library knows, the judgement, and its reason.</summary>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="title">Its title.</param>
    /// <exception cref="ArgumentException">There is no outcome, or one stands twice.</exception>
    public static Table Profile(IReadOnlyList<GradeOutcome> outcomes, string title = "Evidence profile")
    {
        Check(outcomes);
        var table = new Table(title, ("outcome", Align.Left), ("domain", Align.Left), ("facts", Align.Left), ("judgement", Align.Left), ("reason", Align.Left)).DataLabel(outcomes[0].Fit.Effects.Origin);
        foreach (var outcome in outcomes)
        {
            var facts = outcome.Facts;
            foreach (var (i, judgement) in outcome.Judgements.Index())
            {
                var known = facts[judgement.Domain];
                table.Row(i == 0 ? outcome.Name : "", GradeText.Name(judgement.Domain), known.IsEmpty ? Numbers.None : string.Join(" ", known),
                    $"{GradeText.Word(judgement.Domain, judgement.Levels)}{(judgement.Levels == 0 ? "" : FormattableString.Invariant($" (−{judgement.Levels})"))}", judgement.Reason);
            }
            foreach (var upgrade in outcome.Upgrades) table.Row("", GradeText.Name(upgrade.What), Numbers.None, FormattableString.Invariant($"+{upgrade.Levels}"), upgrade.Reason);
            table.Row("", "Certainty", $"begins as {GradeText.Name(outcome.Start).ToLowerInvariant()}", GradeText.Name(outcome.Certainty), "");
        }
        return table.Note("Facts are computed; judgements and reasons are those of people.");
    }

    private static void Check(IReadOnlyList<GradeOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        if (outcomes.Count == 0) throw new ArgumentException("A summary of findings needs at least one outcome.", nameof(outcomes));
        if (outcomes.GroupBy(o => o.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"The outcome \"{twice.Key}\" stands twice.", nameof(outcomes));
    }

    /// <summary>The letter of a note; the same reason has one.</summary>
    private static string Letter(List<string> notes, string reason)
    {
        var at = notes.IndexOf(reason);
        if (at < 0)
        {
            at = notes.Count;
            notes.Add(reason);
        }
        return Name(at);
    }

    private static string Name(int at) => at < 26 ? ((char)('a' + at)).ToString() : Name(at / 26 - 1) + (char)('a' + at % 26);

    private static string Thousand(double rate) => StatisticText.Number(1000 * rate, 0);
}
