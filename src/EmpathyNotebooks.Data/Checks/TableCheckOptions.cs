using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>What <see cref="StudyTable.Check"/> is told beside the table.</summary>
/// <example><code>
/// var check = StudyTable.Parse("study,m1,sd1,n1,m2,sd2,n2\nA,3.45,1.1,20,3.00,1.2,20\nB,2.19,1.0,28,2.00,1.3,28\n").Check(new() { WholeNumbers = ["m1", "m2"] });
/// Console.WriteLine(check.Findings.Any(f => f.Kind == CheckKind.ImpossibleMean));
/// </code></example>
public sealed record TableCheckOptions
{
    /// <summary>How the columns are read; recognised from their names if not said.</summary>
    public ColumnReading? Reading { get; init; }

    /// <summary>What names a study; found if not said.</summary>
    public StudyLabel? Label { get; init; }

    /// <summary>Columns of means of whole numbers, such as single Likert items or counts, for GRIM and GRIMMER. Their sample sizes and standard deviations are those of the same group.</summary>
    public IReadOnlyList<string> WholeNumbers { get; init => field = [.. value ?? throw new ArgumentNullException(nameof(WholeNumbers))]; } = [];

    /// <summary>Of how many items each score of <see cref="WholeNumbers"/> is the mean: a mean of 5 items moves in steps of a fifth. 1 for single items and sums.</summary>
    public int Items { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Items), value, "A score is of at least one item."); } = 1;

    /// <summary>The latest year that a study can be of.</summary>
    public int LatestYear { get; init; } = 2100;
}
