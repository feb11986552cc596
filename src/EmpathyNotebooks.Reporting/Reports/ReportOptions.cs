using System.Collections.Immutable;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>A part of a report.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// var report = Report.Of(fit, new() { Sections = [ReportSection.Model, ReportSection.Heterogeneity] });
/// </code></example>
public enum ReportSection
{
    /// <summary>What was found, for readers who know no statistics.</summary>
    Summary,

    /// <summary>What was done, with sources.</summary>
    Methods,

    /// <summary>What the numbers come from, what the check of the table found, and what was left out.</summary>
    Data,

    /// <summary>The model and its coefficients.</summary>
    Model,

    /// <summary>How much true effects differ, and where the next one would lie.</summary>
    Heterogeneity,

    /// <summary>What explains differences.</summary>
    Moderators,

    /// <summary>Effects that share samples.</summary>
    Dependence,

    /// <summary>Publication bias and small-study effects.</summary>
    PublicationBias,

    /// <summary>How far the result hangs on single studies and on assumptions.</summary>
    Sensitivity,

    /// <summary>What the mean effect means for people.</summary>
    Meaning,

    /// <summary>What was asked for by name beside these: a Bayesian or psychometric model, power.</summary>
    Further,

    /// <summary>Warnings, and what was not computed and why.</summary>
    Limitations,

    /// <summary>The effects as analysed, and code of R for a reviewer.</summary>
    Appendix,
}

/// <summary>Which figures a report has.</summary>
public enum ReportFigures
{
    /// <summary>None.</summary>
    None,

    /// <summary>The effects and the funnel.</summary>
    Main,

    /// <summary>All that fit the kind of model.</summary>
    All,
}

/// <summary>What a report has in it.</summary>
public sealed record ReportOptions
{
    /// <summary>All parts, which is the default.</summary>
    public static ImmutableArray<ReportSection> AllSections { get; } = [.. Enum.GetValues<ReportSection>()];

    /// <summary>The title; made of the data's name if not said.</summary>
    public string? Title { get; init; }

    /// <summary>The parts; all if not said. What a fit cannot answer is left out all the same, and named with the reason. They stand in their own order.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ImmutableArray<ReportSection> Sections { get; init => field = value is { IsDefaultOrEmpty: false } ? value : throw new ArgumentException("A report has at least one part.", nameof(Sections)); } = AllSections;

    /// <summary>The figures; all if not said.</summary>
    public ReportFigures Figures { get; init; } = ReportFigures.All;

    /// <summary>The seed of what is drawn at random, subsets, permutations and replicates: 20,260,101 if not said. The same seed gives the same report.</summary>
    public ulong Seed { get; init; } = 20260101;

    /// <summary>The table that the effects come from, whose check stands in the report; null, the default, where there is none.</summary>
    public StudyTable? Table { get; init; }

    /// <summary>How the table is read, for its check; found if not said.</summary>
    public TableCheckOptions? Check { get; init; }

    /// <summary>The correction of cluster-robust inference beside models of dependent effects; CR2 if not said, null for none. An <see cref="Inquiry"/> brings its own.</summary>
    public SmallSampleCorrection? Correction { get; init; } = SmallSampleCorrection.CR2;

    /// <summary>Answers of <see cref="Questions.Ask"/> to the same inquiry, which are taken as they are, so that what takes long is computed once; none if not said.</summary>
    public ImmutableArray<Answer> Answers { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How the analysis was asked for, as results.json has it: the words of the command line; none if not said.</summary>
    public ImmutableArray<string> Command { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The SHA-256 of the file of data, in hexadecimal digits, as results.json has it; null where there is none.</summary>
    public string? DataHash { get; init; }

    /// <summary>The name of the file of data without its folder; null where there is none.</summary>
    public string? DataFile { get; init; }
}
