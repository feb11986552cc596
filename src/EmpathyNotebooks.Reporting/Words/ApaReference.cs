using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>Entries of a list of references as the Publication Manual of the APA (7th ed., 2020, chapters 9 and 10) has them.</summary>
internal static class ApaReference
{
    /// <summary>Of more authors than this the first 19 and the last are named (9.8).</summary>
    private const int MostAuthors = 20;

    public static ImmutableArray<TextRun> Of(BibliographyEntry entry)
    {
        List<TextRun> runs = [];
        var names = Names(entry.Authors);
        var head = $"{names}{(names.EndsWith('.') ? "" : ".")} ({entry.Year}{entry.Suffix}). ";
        switch (entry.Type)
        {
            case "article":
                Add(head + Closed(entry.Title) + " ");
                Add(entry.Field("journal")!, true);
                if (entry.Field("volume") is { } volume)
                {
                    Add(", ");
                    Add(volume, true);
                    if (entry.Field("number") is { } issue) Add($"({issue})");
                }
                if (entry.Field("pages") is { } pages) Add(", " + pages);
                else if (entry.Field("eid") is { } article) Add(", Article " + article);
                Add(".");
                break;
            case "incollection":
                Add(head + Closed(entry.Title) + " In ");
                var editors = PersonName.ListOf(entry.Field("editor")!);
                Add(Editors(editors) + (editors.Length == 1 ? " (Ed.), " : " (Eds.), "));
                Add(entry.Field("booktitle")!, true);
                Add($" ({(entry.Field("edition") is { } of ? of + " ed., " : "")}pp. {entry.Field("pages")}). {Closed(entry.Field("publisher")!)}");
                break;
            case "manual":
                Add(head);
                Add(entry.Title, true);
                if (entry.Field("version") is { } version) Add($" (Version {version})");
                Add($" [Computer software].{(entry.Field("organization") is { } organization ? " " + Closed(organization) : "")}");
                break;
            case "techreport":
                Add(head);
                Add(entry.Title, true);
                Add((entry.Field("number") is { } number ? $" ({number})" : "") + $". {Closed(entry.Field("institution")!)}");
                break;
            case "misc":
                Add(head);
                Add(entry.Title, true);
                Add($". {Closed(entry.Field("publisher")!)}");
                break;
            default:
                Add(head);
                Add(entry.Title, true);
                if (entry.Field("edition") is { } edition) Add($" ({edition} ed.)");
                Add((entry.Title[^1] is '?' or '!' && entry.Field("edition") is null ? " " : ". ") + Closed(entry.Field("publisher")!));
                break;
        }
        if (entry.Doi is { } doi) Add(" https://doi.org/" + doi);
        else if (entry.Field("url") is { } url) Add(" " + url);
        return [.. runs];

        void Add(string text, bool italic = false)
        {
            if (runs.Count > 0 && runs[^1].IsItalic == italic) runs[^1] = runs[^1] with { Text = runs[^1].Text + text };
            else runs.Add(new TextRun(text, italic));
        }
    }

    private static string Names(ImmutableArray<PersonName> authors) => authors switch
    {
        [var one] => one.Inverted,
        { Length: > MostAuthors } => string.Join(", ", authors.Take(MostAuthors - 1).Select(a => a.Inverted)) + ", . . . " + authors[^1].Inverted,
        _ => string.Join(", ", authors[..^1].Select(a => a.Inverted)) + ", & " + authors[^1].Inverted,
    };

    private static string Editors(ImmutableArray<PersonName> editors) => editors switch
    {
        [var one] => one.Direct,
        [var first, var second] => $"{first.Direct} & {second.Direct}",
        _ => string.Join(", ", editors[..^1].Select(a => a.Direct)) + ", & " + editors[^1].Direct,
    };

    private static string Closed(string text) => text[^1] is '.' or '?' or '!' ? text : text + ".";
}
