using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>A source: an article, book, chapter, program or preprint, and how APA style (7th edition) names it.</summary>
public sealed class BibliographyEntry
{
    private readonly Dictionary<string, string> _fields;

    internal BibliographyEntry(string key, string type, IEnumerable<(string Name, string Value)> fields, string bibTeX)
    {
        (Key, Type, BibTeX) = (key, type, bibTeX);
        _fields = fields.ToDictionary(f => f.Name, f => Typeset(f.Value), StringComparer.OrdinalIgnoreCase);
        Authors = PersonName.ListOf(Field("author") ?? "");
        NamesNeeded = Math.Min(1, Authors.Length);
        SortName = string.Join('\u0001', Authors.Select(a => PersonName.SortText(a.Family + " " + a.Initials)));
    }

    /// <summary>The key: family name of the first author and year.</summary>
    public string Key { get; }

    /// <summary>The kind of BibTeX entry: article, book, incollection, manual, misc.</summary>
    public string Type { get; }

    /// <summary>The entry as references.bib has it.</summary>
    public string BibTeX { get; }

    /// <summary>The authors in their order.</summary>
    public ImmutableArray<PersonName> Authors { get; }

    /// <summary>The year of publication.</summary>
    public string Year => Field("year") ?? "n.d.";

    /// <summary>The title, in sentence case.</summary>
    public string Title => Field("title") ?? "";

    /// <summary>The DOI without the address of the resolver; null where none is known.</summary>
    public string? Doi => Field("doi");

    /// <summary>The letter after the year where names and year are those of another source too; else empty.</summary>
    public string Suffix { get; internal set; } = "";

    internal int Order { get; set; }

    internal int NamesNeeded { get; set; }

    internal string SortName { get; }

    /// <summary>The entry in a list of references, titles of journals and books in italics.</summary>
    public ImmutableArray<TextRun> Apa => ApaReference.Of(this);

    /// <summary>The source in running text: "Viechtbauer, 2005" for parentheses, "Viechtbauer (2005)" as part of a sentence; "&amp;" or "and" between two authors, "et al." from three.</summary>
    /// <param name="form">Where it stands.</param>
    public string InText(CitationForm form = CitationForm.Parenthetical) => form == CitationForm.Narrative ? $"{Label(form)} ({Year}{Suffix})" : $"{Label(form)}, {Year}{Suffix}";

    /// <summary>Quotation marks and dashes that TeX writes as several signs.</summary>
    private static string Typeset(string value) => value.Replace("``", "“", StringComparison.Ordinal).Replace("''", "”", StringComparison.Ordinal).Replace("---", "—", StringComparison.Ordinal)
        .Replace("--", "–", StringComparison.Ordinal);

    /// <summary>A field of the BibTeX entry; null where it has none.</summary>
    internal string? Field(string name) => _fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    internal string Label(CitationForm form)
    {
        var and = form == CitationForm.Narrative ? " and " : " & ";
        return Authors switch
        {
            [] => Title,
            [var one] => one.Family,
            [var first, var second] => first.Family + and + second.Family,
            _ when NamesNeeded == Authors.Length => string.Join(", ", Authors[..^1].Select(a => a.Family)) + "," + and + Authors[^1].Family,
            _ => string.Join(", ", Authors.Take(NamesNeeded).Select(a => a.Family)) + (NamesNeeded > 1 ? ", et al." : " et al."),
        };
    }
}
