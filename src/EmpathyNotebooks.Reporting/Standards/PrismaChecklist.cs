using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the library knows of a review, for the items of a checklist that follow from it.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var known = new PrismaFacts { Fit = fit };
/// Console.WriteLine(PlainTextWriter.Write(PrismaChecklist.Of(known)));
/// </code></example>
public sealed record PrismaFacts
{
    /// <summary>The main synthesis; null where there is none yet.</summary>
    public IModelFit? Fit { get; init; }

    /// <summary>The flow of studies; null where it was not counted.</summary>
    public PrismaFlow? Flow { get; init; }

    /// <summary>The judgements of the risk of bias; null where they are not at hand.</summary>
    public RiskOfBias? Risk { get; init; }

    /// <summary>The analyses side by side; null where they were not made.</summary>
    public BatteryResult? Battery { get; init; }

    /// <summary>The outcomes with their certainty; empty where it was not judged.</summary>
    public ImmutableArray<GradeOutcome> Outcomes { get; init; } = [];
}

/// <summary>
/// The checklists of PRISMA 2020 (Page et al. 2021, BMJ 372, n71), for the report and for its abstract, as tables that every writer can write. Items that follow from the analysis are filled with what was used and found; the others are for a
/// person to fill. Items are in words of our own: where one is in doubt, the published text holds. When not to use it: as proof of quality; a checklist says what is reported, not how well it was done.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var table = PrismaChecklist.Of(new() { Fit = fit }, new Dictionary&lt;string, string&gt; { ["1"] = "page 1", ["7"] = "supplement A" });
/// Console.WriteLine(MarkdownWriter.Write(table));
/// Console.WriteLine(MarkdownWriter.Write(PrismaChecklist.OfAbstract(new() { Fit = fit })));
/// </code></example>
public static class PrismaChecklist
{
    /// <summary>The items of the checklist for the report: 27 numbers, some with letters.</summary>
    public static ImmutableArray<PrismaItem> Items => PrismaItems.Report;

    /// <summary>The 12 items of the checklist for the abstract.</summary>
    public static ImmutableArray<PrismaItem> AbstractItems => PrismaItems.Abstract;

    /// <summary>The checklist for the report.</summary>
    /// <param name="facts">What the library knows.</param>
    /// <param name="filled">What a person filled in, by the numbers of items: where it is reported, or what. It stands in place of what the library knows.</param>
    /// <exception cref="ArgumentException">There is no item of a number; the message suggests the nearest.</exception>
    public static Table Of(PrismaFacts facts, IReadOnlyDictionary<string, string>? filled = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Filled("PRISMA 2020 checklist", Items, item => Report(item, facts), filled);
    }

    /// <summary>The checklist for the abstract.</summary>
    /// <inheritdoc cref="Of"/>
    public static Table OfAbstract(PrismaFacts facts, IReadOnlyDictionary<string, string>? filled = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Filled("PRISMA 2020 checklist for abstracts", AbstractItems, item => Abstract(item, facts), filled);
    }

    private static Table Filled(string title, ImmutableArray<PrismaItem> items, Func<string, string?> known, IReadOnlyDictionary<string, string>? filled)
    {
        foreach (var number in filled?.Keys ?? [])
        {
            if (!items.Any(i => i.Number == number)) throw new ArgumentException($"\"{number}\" is no item of the {title}: {NearestName.Hint(number, items.Select(i => i.Number))}.", nameof(filled));
        }
        var table = new Table(title, ("item", Align.Left), ("section", Align.Left), ("topic", Align.Left), ("what to report", Align.Left), ("reported", Align.Left));
        var open = 0;
        foreach (var item in items)
        {
            var said = filled?.GetValueOrDefault(item.Number) is { Length: > 0 } text ? text : known(item.Number);
            if (said is null) open++;
            table.Row(item.Number, item.Section, item.Topic, item.Asks, said ?? "");
        }
        return table.Note("Items after Page et al. 2021, BMJ 372, n71 (CC BY 4.0), in words of our own; the published text holds.")
            .Note(open == 0 ? "" : $"{StatisticText.Count(open, "item")} of {StatisticText.Count(items.Length)} {(open == 1 ? "is" : "are")} for a person to fill in.");
    }

    private static string? Report(string item, PrismaFacts facts) => item switch
    {
        "11" => facts.Risk is { } risk ? $"{risk.Tool.Name}{(risk.Tool.Source.Length > 0 ? $" ({risk.Tool.Source})" : "")}; who judged, and how: to be added." : null,
        "12" => facts.Fit is { } fit ? Measure(fit) : null,
        "13d" => facts.Fit is { } fit ? Method(fit) : null,
        "13e" => facts.Fit is { Moderators: not null } fit ? $"Meta-regression on {string.Join(", ", fit.TermTests.Select(t => t.Term))}." : null,
        "13f" => facts.Battery is { Rows.IsEmpty: false } battery ? $"Analyses side by side: {string.Join("; ", battery.Rows.Select(r => r.Name))}. {string.Join(" ", battery.Choices)}" : null,
        "15" => facts.Outcomes.IsEmpty ? null : "GRADE (Guyatt et al. 2011); who judged: to be added.",
        "16a" => facts.Flow?.ToString(),
        "18" => facts.Risk is { } judged ? $"{judged}." : null,
        "20a" => facts is { Fit: { } fit, Risk: { } share } && share.Tool.HasOverall ? $"{Studies(fit)}. Risk of bias: {share}." : null,
        "20b" => facts.Fit is { } fit ? $"{Studies(fit)}. {fit}." : null,
        "20c" => facts.Fit is { ModeratorTest: { } test } ? $"Test of moderators: {test}." : null,
        "20d" => facts.Battery is { Rows.IsEmpty: false } battery ? string.Join("; ", battery.Rows.Select(r => r.ToString())) + "." : null,
        "22" => facts.Outcomes.IsEmpty ? null : string.Join("; ", facts.Outcomes.Select(o => o.ToString())) + ".",
        _ => null,
    };

    private static string? Abstract(string item, PrismaFacts facts) => item switch
    {
        "5" => facts.Risk is { } risk ? $"{risk.Tool.Name}." : null,
        "6" => facts.Fit is { } fit ? Method(fit) : null,
        "7" => facts.Fit is { } fit ? $"{Studies(fit)}." : null,
        "8" => facts.Fit is { } fit ? $"{fit}." : null,
        _ => null,
    };

    private static string Measure(IModelFit fit)
    {
        // The names of some measures have the scale of pooling in them already.
        var measure = fit.Measure;
        var (name, scale) = measure.Name.Split(", pooled as ") is [var alone, var pooled] ? (alone, pooled) : (measure.Name, measure.IsTransformed ? measure.AnalysisSymbol : "");
        return $"{name} ({measure.Symbol}){(scale.Length > 0 ? $", pooled as {scale}" : "")}.";
    }

    private static string Method(IModelFit fit)
    {
        var model = fit switch
        {
            MultilevelFit multilevel => $"Multilevel model of {string.Join(", ", multilevel.Levels)}",
            RobustVarianceFit => "Robust variance estimation",
            { Moderators: not null } => "Meta-regression",
            { IsRandomEffects: true } => "Random-effects model",
            { MethodCode: "FE" } => "Fixed-effects model",
            _ => "Equal-effects model",
        };
        return $"{model} ({fit.MethodCode}), {Numbers.Name(fit.Inference)} inference, {StatisticText.Level(fit.ConfidenceLevel)} intervals; heterogeneity by Q, I² and τ²{(fit.IsRandomEffects ? ", with a prediction interval" : "")}; EmpathyNotebooks.";
    }

    private static string Studies(IModelFit fit) => fit.Clusters is { } clusters ? $"{StatisticText.Count(fit.Count, "effect")} in {StatisticText.Count(clusters.Count)} of {clusters.Column}"
        : $"{StatisticText.Count(fit.Count, "study", "studies")}{(fit.Effects.TotalSampleSize is { } people ? $" of {StatisticText.Count(people)} people" : "")}";
}
