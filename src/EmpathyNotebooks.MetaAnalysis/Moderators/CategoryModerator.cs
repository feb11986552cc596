using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A category as moderator, for example who rated. With treatment contrasts, the default, each coefficient is the difference of one category
/// from the reference; with sum contrasts the difference from the plain mean of all categories. When not to use it: for many categories with
/// one or two studies each; the coefficients then describe single studies.
/// </summary>
/// <example><code>
/// CategoryModerator rater = Moderator.Category("rater", reference: "client");
/// var fromTheMean = Moderator.Category("rater").SumContrasts();
/// </code></example>
public sealed record CategoryModerator : VariableModerator
{
    internal CategoryModerator(string column, string? reference)
        : base(column)
    {
        Reference = reference;
    }

    /// <summary>The category the others are compared with; null for the first in order. With sum contrasts, the one without a coefficient of its own, null for the last.</summary>
    public string? Reference { get; }

    /// <summary>True when categories are compared with the plain mean of all.</summary>
    public bool UsesSumContrasts { get; private init; }

    /// <summary>
    /// Compares with the plain mean of all categories, so that the intercept is that mean and main effects keep their meaning beside interactions.
    /// </summary>
    public CategoryModerator SumContrasts() => this with { UsesSumContrasts = true };

    internal override string Description => Column + (UsesSumContrasts ? " (sum contrasts)" : "");

    internal override VariableCoding Learn(StudyColumn column, ReadOnlySpan<int> rows)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows) values.Add(column.Text(row)!);
        List<string> levels = [.. column.Sorted(values)];
        if (Reference is not null && !levels.Contains(Reference))
        {
            throw new StudyDataException("is the reference but the value of no row used: " + NearestName.Hint(Reference, levels), Reference,
                column: Column, kind: StudyDataFault.NoSuchName) { Choices = [.. levels] };
        }
        if (levels.Count < 2)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"is the only value of the {StatisticText.Count(rows.Length, "study", "studies")} used, so that {Column} cannot explain why effects differ"), levels[0], column: Column, kind: StudyDataFault.Undetermined);
        }
        var reference = Reference ?? (UsesSumContrasts ? levels[^1] : levels[0]);
        levels.Remove(reference);
        return new CategoryCoding(this, [.. levels, reference]);
    }
}
