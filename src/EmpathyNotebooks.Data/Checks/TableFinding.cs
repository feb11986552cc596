using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>How much a finding of <see cref="StudyTable.Check"/> matters.</summary>
/// <example><code>
/// var check = StudyTable.Parse("study,r,n\nA,.3,40\nB,.2,50\n").Check();
/// Console.WriteLine(check.Findings.All(f => f.Severity != CheckSeverity.Error));
/// </code></example>
public enum CheckSeverity
{
    /// <summary>Good to know; nothing is wrong.</summary>
    Note,

    /// <summary>Possible, and more often a slip: look at it.</summary>
    Warning,

    /// <summary>Keeps the table from being pooled as it stands, or cannot be true.</summary>
    Error,
}

/// <summary>What a finding of <see cref="StudyTable.Check"/> is about.</summary>
/// <example><code>
/// var check = StudyTable.Parse("study,r,n\nA,.3,40\nB,.95,50\nC,.2,60\n").Check();
/// Console.WriteLine(check.Findings.Any(f => f.Kind == CheckKind.LargeCorrelation));
/// </code></example>
public enum CheckKind
{
    /// <summary>What reading the table found: a title, empty rows, categories that differ by case, dates.</summary>
    Reading,

    /// <summary>What can be pooled is not recognised, or in more than one way.</summary>
    Recognition,

    /// <summary>A value that an effect is computed from is missing or impossible.</summary>
    Value,

    /// <summary>Two rows have one name.</summary>
    RepeatedLabel,

    /// <summary>A row that sums up the others.</summary>
    SummaryRow,

    /// <summary>Variance and standard error of one row disagree.</summary>
    SpreadsDisagree,

    /// <summary>Sampling variances do not fit sample sizes: standard errors may stand for variances, or variances for standard errors.</summary>
    SpreadAgainstSize,

    /// <summary>Standardized mean differences are too large to be believed: standard errors may stand for standard deviations.</summary>
    HugeDifference,

    /// <summary>A correlation beyond .9: more often one variable measured twice, or a reliability.</summary>
    LargeCorrelation,

    /// <summary>Values seem to be percentages.</summary>
    Percent,

    /// <summary>Two rows have the same numbers.</summary>
    SameNumbers,

    /// <summary>The sample size varies within a study.</summary>
    VaryingSize,

    /// <summary>An effect against nearly all others, which would lie among them with the other sign.</summary>
    FlippedSign,

    /// <summary>An effect far from the others.</summary>
    Outlier,

    /// <summary>One study has most of the weight, or next to none.</summary>
    Weight,

    /// <summary>A mean that no whole numbers have (GRIM).</summary>
    ImpossibleMean,

    /// <summary>A standard deviation that no whole numbers with that mean have (GRIMMER).</summary>
    ImpossibleDeviation,

    /// <summary>Last digits are not as even as measured ones.</summary>
    LastDigits,

    /// <summary>A year that cannot be.</summary>
    Year,

    /// <summary>A sample size or a count of events that is no whole number.</summary>
    NotWhole,

    /// <summary>A standard deviation of 0.</summary>
    NoSpread,

    /// <summary>Standard deviations fall off with the number of people, as standard errors do.</summary>
    DeviationAgainstSize,
}

/// <summary>One thing that <see cref="StudyTable.Check"/> found.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Problem">What is seen.</param>
/// <param name="Suggestion">What to do.</param>
/// <param name="Row">The line of the file, as an editor counts, or null where it is not of one row.</param>
/// <param name="Study">The study's name, or null.</param>
/// <param name="Column">The column, or null.</param>
/// <param name="Value">The value as it stands in the file, or null.</param>
/// <example><code>
/// foreach (var finding in StudyTable.Parse("study,r,n\nA,31,40\nB,.2,50\n").Check().Findings) Console.WriteLine(finding);
/// </code></example>
public sealed record TableFinding(CheckKind Kind, CheckSeverity Severity, string Problem, string Suggestion, int? Row = null, string? Study = null, string? Column = null, string? Value = null)
{
    /// <summary>Row, study, column, value, problem and suggestion in one line.</summary>
    public override string ToString()
    {
        // What reading found names its place by itself.
        var place = Kind == CheckKind.Reading ? "" : string.Join(", ", new[] { Row is { } row ? "row " + row.ToString(CultureInfo.InvariantCulture) + (Study is null ? "" : $" (\"{StudyDataException.Visible(Study)}\")") : Study is null ? "" : $"\"{StudyDataException.Visible(Study)}\"", Column is null ? "" : $"column {Column}" }
            .Where(text => text.Length > 0));
        return (place.Length > 0 ? place + ": " : "") + (Value is null ? "" : Value.Length == 0 ? "an empty cell " : $"\"{StudyDataException.Visible(Value)}\" ") + Problem.TrimEnd('.') + "." + (Suggestion.Length > 0 ? " " + Suggestion.TrimEnd('.') + "." : "");
    }
}
