using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the lessons cite stands in the one bibliography of the project, with the same name, year and DOI.</summary>
public sealed partial class BibliographyTests
{
    private static readonly string File = Repository.PathTo("src", "EmpathyNotebooks.Reporting", "Words", "references.bib");

    public static TheoryData<string> Lessons => Course.Lessons;

    [Theory]
    [MemberData(nameof(Lessons))]
    public void Each_source_stands_in_the_bibliography(string lesson)
    {
        Assert.SkipUnless(System.IO.File.Exists(File), "The bibliography is not there.");
        var entries = Read(System.IO.File.ReadAllText(File));
        var faults = new List<string>();
        foreach (var cell in Course.Load(lesson).Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
        {
            foreach (var line in cell.Source.Split('\n'))
            {
                foreach (Match link in Doi().Matches(line))
                {
                    var entry = entries.FirstOrDefault(one => one.Doi.Equals(link.Groups[1].Value, StringComparison.OrdinalIgnoreCase));
                    if (entry is null) faults.Add($"{lesson}, {cell.Id}: the bibliography has no DOI {link.Groups[1].Value}.");
                    else if (line.StartsWith("- ", StringComparison.Ordinal) && !(line.Contains(entry.Year, StringComparison.Ordinal) && line.Contains(entry.Families[0], StringComparison.Ordinal)))
                        faults.Add($"{lesson}, {cell.Id}: {entry.Doi} is {entry.Families[0]} ({entry.Year}), not as in \"{line}\".");
                }
                if (line.StartsWith("- ", StringComparison.Ordinal) && line.Contains("doi.org", StringComparison.Ordinal)) continue;
                foreach (Match citation in Citation().Matches(line).Where(match => !entries.Any(entry => entry.Year == match.Groups[2].Value && entry.Families.Contains(match.Groups[1].Value))))
                    faults.Add($"{lesson}, {cell.Id}: the bibliography has nothing of {citation.Groups[1].Value} from {citation.Groups[2].Value}, which \"{citation.Value}\" cites.");
            }
        }
        Faults.None(faults);
    }

    private sealed record Entry(string[] Families, string Year, string Doi);

    // BibTeX as this project writes it: one field a line, names as "Family, Given and Family, Given".
    private static List<Entry> Read(string text) => [.. text.Split("\n@").Select(entry =>
    {
        string Field(string name) => Regex.Match(entry, $@"(?m)^\s*{name}\s*=\s*[{{""](.*?)[}}""],?\s*$") is { Success: true } field ? field.Groups[1].Value.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal) : "";
        var authors = Field("author") is { Length: > 0 } names ? names : Field("editor");
        return new Entry([.. authors.Split(" and ").Select(name => name.Split(',')[0].Trim())], Field("year"), Field("doi"));
    })];

    [GeneratedRegex(@"https://doi\.org/([^\s)]+)")]
    private static partial Regex Doi();

    [GeneratedRegex(@"(\p{Lu}[\p{L}'’-]+)(?:,? (?:et al\.|(?:and|&) \p{Lu}[\p{L}'’-]+)|, \p{Lu}[\p{L}'’-]+)*,? \(?((?:19|20)\d\d)\b")]
    private static partial Regex Citation();
}
