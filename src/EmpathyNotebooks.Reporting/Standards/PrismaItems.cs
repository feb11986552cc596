using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>An item of a checklist.</summary>
/// <param name="Number">Its number, as published: 13d.</param>
/// <param name="Section">The section of the report.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Asks">What a report should say, in our words; the published ones are more exact.</param>
/// <example><code>
/// foreach (PrismaItem item in PrismaChecklist.Items) Console.WriteLine($"{item.Number} {item.Topic}: {item.Asks}");
/// </code></example>
public sealed record PrismaItem(string Number, string Section, string Topic, string Asks);

/// <summary>The items of PRISMA 2020 (Page et al. 2021, BMJ 372, n71; CC BY 4.0), in words of our own.</summary>
internal static class PrismaItems
{
    public static ImmutableArray<PrismaItem> Report { get; } =
    [
        new("1", "Title", "Title", "Say in the title that it is a systematic review."),
        new("2", "Abstract", "Abstract", "Follow the checklist for abstracts."),
        new("3", "Introduction", "Rationale", "Say what was known, and why a review was needed."),
        new("4", "Introduction", "Objectives", "State the questions that the review answers."),
        new("5", "Methods", "Eligibility criteria", "Say which studies belong in, which do not, and how they were grouped for syntheses."),
        new("6", "Methods", "Information sources", "List every source that was searched, with the date of its last search."),
        new("7", "Methods", "Search strategy", "Give each search in full, with filters and limits."),
        new("8", "Methods", "Selection process", "Say how it was decided which studies belong in: how many people, whether independently, which tools."),
        new("9", "Methods", "Data collection process", "Say how data were taken from reports, by how many people, and how they were confirmed."),
        new("10a", "Methods", "Data items: outcomes", "List the outcomes for which data were sought, and how results were chosen where there were several."),
        new("10b", "Methods", "Data items: other variables", "List all other variables, and what was assumed where something was missing or unclear."),
        new("11", "Methods", "Risk of bias of studies", "Name the tools by which studies were judged, who judged, and how."),
        new("12", "Methods", "Effect measures", "Name the effect measure of each outcome."),
        new("13a", "Methods", "Synthesis: eligible studies", "Say how it was decided which studies went into which synthesis."),
        new("13b", "Methods", "Synthesis: preparation of data", "Say how data were prepared: missing statistics, conversions."),
        new("13c", "Methods", "Synthesis: display", "Say how results of studies and syntheses are tabulated or drawn."),
        new("13d", "Methods", "Synthesis: methods", "Say how results were combined and why: model, heterogeneity, software."),
        new("13e", "Methods", "Synthesis: heterogeneity explored", "Say how causes of heterogeneity were explored: subgroups, meta-regression."),
        new("13f", "Methods", "Synthesis: sensitivity", "Say which sensitivity analyses were made."),
        new("14", "Methods", "Reporting bias", "Say how bias from missing results was judged."),
        new("15", "Methods", "Certainty", "Say how the certainty of the evidence was judged."),
        new("16a", "Results", "Study selection: flow", "Give the numbers from search to inclusion, best as a flow diagram."),
        new("16b", "Results", "Study selection: near misses", "Cite studies that seem to belong in and were excluded, with the reason."),
        new("17", "Results", "Study characteristics", "Cite each study and describe it."),
        new("18", "Results", "Risk of bias in studies", "Show the judgements of each study."),
        new("19", "Results", "Results of individual studies", "Give each study's statistics and effect with its interval."),
        new("20a", "Results", "Syntheses: studies", "For each synthesis sum up the studies and their risk of bias."),
        new("20b", "Results", "Syntheses: statistics", "Give each summary effect with its interval, and the heterogeneity."),
        new("20c", "Results", "Syntheses: heterogeneity explored", "Give the results of what was explored."),
        new("20d", "Results", "Syntheses: sensitivity", "Give the results of the sensitivity analyses."),
        new("21", "Results", "Reporting biases", "Say how likely results are missing from each synthesis."),
        new("22", "Results", "Certainty of evidence", "Give the certainty of each outcome."),
        new("23a", "Discussion", "Interpretation", "Interpret the results beside other evidence."),
        new("23b", "Discussion", "Limits of the evidence", "Say what limits the evidence."),
        new("23c", "Discussion", "Limits of the review", "Say what limits the review itself."),
        new("23d", "Discussion", "Implications", "Say what follows for practice, policy and research."),
        new("24a", "Other", "Registration", "Give the register and number, or say that there is none."),
        new("24b", "Other", "Protocol", "Say where the protocol is, or that there is none."),
        new("24c", "Other", "Amendments", "Explain what was changed since registration or protocol."),
        new("25", "Other", "Support", "Name funding and other support, and what the funders did."),
        new("26", "Other", "Competing interests", "Declare competing interests of the authors."),
        new("27", "Other", "Availability of data and code", "Say which forms, data and code are public, and where."),
    ];

    public static ImmutableArray<PrismaItem> Abstract { get; } =
    [
        new("1", "Title", "Title", "Say that it is a systematic review."),
        new("2", "Background", "Objectives", "State the main question."),
        new("3", "Methods", "Eligibility criteria", "Say which studies belong in."),
        new("4", "Methods", "Information sources", "Name the sources with the dates of their last search."),
        new("5", "Methods", "Risk of bias", "Say how the risk of bias was judged."),
        new("6", "Methods", "Synthesis of results", "Say how results were presented and combined."),
        new("7", "Results", "Included studies", "Give the numbers of studies and people, and what they are like."),
        new("8", "Results", "Synthesis of results", "Give the main results with intervals, and the direction of the effect."),
        new("9", "Discussion", "Limits of the evidence", "Say shortly what limits the evidence."),
        new("10", "Discussion", "Interpretation", "Interpret the results, and say what follows."),
        new("11", "Other", "Funding", "Name the main source of funding."),
        new("12", "Other", "Registration", "Give the register and number."),
    ];
}
