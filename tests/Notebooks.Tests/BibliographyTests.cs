using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the lessons cite stands in the one bibliography of the project, with the same name, year and DOI.</summary>
public sealed partial class BibliographyTests
{
    public static TheoryData<string> Lessons => Course.Lessons;

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Each_source_stands_in_the_bibliography(string lesson)
    {
        var faults = new List<string>();
        foreach (var cell in Course.Load(lesson).Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
        {
            foreach (var line in cell.Source.Split('\n'))
            {
                foreach (Match link in Doi().Matches(line))
                {
                    var entry = Bibliography.All.FirstOrDefault(one => string.Equals(one.Doi, link.Groups[1].Value, StringComparison.OrdinalIgnoreCase));
                    if (entry is null) faults.Add($"{lesson}, {cell.Id}: the bibliography has no DOI {link.Groups[1].Value}.");
                    else if (line.StartsWith("- ", StringComparison.Ordinal) && !(line.Contains(entry.Year, StringComparison.Ordinal) && line.Contains(entry.Authors[0].Family, StringComparison.Ordinal)))
                        faults.Add($"{lesson}, {cell.Id}: {entry.Doi} is {entry.Authors[0].Family} ({entry.Year}), not as in \"{line}\".");
                }
                if (line.StartsWith("- ", StringComparison.Ordinal) && line.Contains("doi.org", StringComparison.Ordinal)) continue;
                foreach (Match citation in Citation().Matches(line).Where(match => !Bibliography.All.Any(entry => entry.Year == match.Groups[2].Value && entry.Authors.Any(author => author.Family == match.Groups[1].Value))))
                    faults.Add($"{lesson}, {cell.Id}: the bibliography has nothing of {citation.Groups[1].Value} from {citation.Groups[2].Value}, which \"{citation.Value}\" cites.");
            }
        }
        Faults.None(faults);
    }

    [GeneratedRegex(@"https://doi\.org/([^\s)]+)")]
    private static partial Regex Doi();

    [GeneratedRegex(@"(\p{Lu}[\p{L}'’-]+)(?:,? (?:et al\.|(?:and|&) \p{Lu}[\p{L}'’-]+)|, \p{Lu}[\p{L}'’-]+)*,? \(?((?:19|20)\d\d)\b")]
    private static partial Regex Citation();
}
