namespace EmpathyNotebooks.Data;

/// <summary>A row that was left out since a value is not known; see <see cref="StudyTable.WithoutMissing"/>.</summary>
/// <param name="Row">The line of the file, as an editor counts.</param>
/// <param name="Column">The first column without a value.</param>
public sealed record OmittedRow(int Row, string Column);
