namespace EmpathyNotebooks.Data;

public sealed partial class StudyLabel
{
    /// <summary>True where a part of the label may be missing and is then left out: <c>Lee</c> for <c>Lee (2014)</c>.</summary>
    public bool IsOptional { get; private init; }

    /// <summary>True where rows of one label are numbered: <c>Lee (2014), effect 1</c>.</summary>
    public bool NumbersRepeats { get; private init; }

    /// <summary>A pattern in which <c>{name}</c> stands for the text of a column, and a part that is missing can be left out.</summary>
    /// <param name="pattern">For example <c>{authors} ({year})</c>.</param>
    /// <param name="optional">True to leave out what is missing, with the parentheses around it, from the second column on.</param>
    /// <exception cref="ArgumentException">The pattern names no column, or a brace has no partner.</exception>
    /// <example><code>
    /// var label = StudyLabel.FromPattern("{author} ({year})", optional: true);
    /// Console.WriteLine(label.IsOptional);
    /// </code></example>
    public static StudyLabel FromPattern(string pattern, bool optional) => new(FromPattern(pattern)._parts) { IsOptional = optional };

    /// <summary>The same label, with the rows that share it numbered: <c>Lee (2014), effect 1</c>. For tables of several effects a study without a column that tells them apart.</summary>
    /// <example><code>
    /// var table = StudyTable.Parse("study,r,n\nA,.1,20\nA,.2,20\nB,.3,30\n");
    /// var effects = table.Correlations("r", "n", StudyLabel.FromColumn("study").NumberingRepeats());
    /// </code></example>
    public StudyLabel NumberingRepeats() => new(_parts) { IsOptional = IsOptional, NumbersRepeats = true };
}
