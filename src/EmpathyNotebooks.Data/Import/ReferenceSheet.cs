using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>A list of studies as reference managers write it: a row for each reference, to which effects are then coded.</summary>
internal static class ReferenceSheet
{
    private static readonly string[] Columns = ["key", "type", "authors", "year", "title", "journal", "volume", "issue", "pages", "doi", "url", "abstract"];

    /// <summary>Of RIS: lines of a tag, two blanks, a hyphen, a blank and a value; ER ends a reference.</summary>
    public static ImportedSheet OfRis(string text, string file)
    {
        List<Dictionary<string, string>> references = [];
        Dictionary<string, string>? open = null;
        string? last = null;
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length < 5 || line[2..5] != "  -" || !char.IsAsciiLetterUpper(line[0]))
            {
                if (string.IsNullOrWhiteSpace(line)) continue;
                // A long value goes on in the next line.
                if (open is null || last is null) throw new StudyDataException("must begin with a tag of RIS such as TY  - or AU  -", line.Trim(), number, file: file, kind: StudyDataFault.Form);
                open[last] = open[last] + " " + line.Trim();
                continue;
            }
            var (tag, value) = (line[..2], line.Length > 5 ? line[5..].Trim() : "");
            if (tag == "TY")
            {
                if (open is not null) throw new StudyDataException("begins a reference before the one above has its end, the line ER  -", row: number, file: file, kind: StudyDataFault.Form);
                references.Add(open = new Dictionary<string, string>(StringComparer.Ordinal) { ["type"] = value });
                last = "type";
                continue;
            }
            if (open is null) throw new StudyDataException("stands outside a reference, which begins with TY  -", line, number, file: file, kind: StudyDataFault.Form);
            if (tag == "ER")
            {
                (open, last) = (null, null);
                continue;
            }
            var name = tag switch
            {
                "ID" => "key",
                "AU" or "A1" => "authors",
                "PY" or "Y1" or "DA" => "year",
                "TI" or "T1" => "title",
                "JO" or "JF" or "T2" or "JA" => "journal",
                "VL" => "volume",
                "IS" => "issue",
                "SP" => "pages",
                "EP" => "end",
                "DO" => "doi",
                "UR" => "url",
                "AB" or "N2" => "abstract",
                _ => null,
            };
            last = name ?? tag;
            if (name == "authors" && open.TryGetValue(name, out var authors)) open[name] = authors + "; " + value;
            else if (name is null || value.Length > 0) open.TryAdd(last, value);
            open.TryAdd(last, "");
        }
        if (open is not null) throw new StudyDataException("ends within a reference; its last line must be ER  -", row: number, file: file, kind: StudyDataFault.Form);
        foreach (var reference in references)
        {
            if (reference.TryGetValue("year", out var year)) reference["year"] = year.Split('/')[0].Trim();
            if (reference.TryGetValue("end", out var end) && reference.TryGetValue("pages", out var start) && end.Length > 0 && !start.Contains('-', StringComparison.Ordinal)) reference["pages"] = $"{start}-{end}";
        }
        return Of("a list of references in RIS", references, file);
    }

    /// <summary>Of BibTeX: entries such as <c>@article{key, author = {…}, year = 2011}</c>.</summary>
    public static ImportedSheet OfBibTeX(string text, string file)
    {
        List<Dictionary<string, string>> references = [];
        var scanner = new BibTeXScanner(text, file);
        while (scanner.NextEntry() is { } entry)
        {
            var reference = new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = entry.Key, ["type"] = entry.Type };
            foreach (var (field, value) in entry.Fields)
            {
                var name = field switch { "author" => "authors", "journaltitle" => "journal", "number" => "issue", "date" => "year", _ => field };
                reference.TryAdd(name, name switch
                {
                    "authors" => string.Join("; ", value.Split(" and ", StringSplitOptions.TrimEntries)),
                    "year" => value.Split('-')[0],
                    "pages" => value.Replace("--", "-", StringComparison.Ordinal),
                    _ => value,
                });
            }
            references.Add(reference);
        }
        return Of("a list of references in BibTeX", references, file);
    }

    private static ImportedSheet Of(string kind, List<Dictionary<string, string>> references, string file)
    {
        if (references.Count == 0) throw new StudyDataException("holds no reference", file: file, kind: StudyDataFault.Form);
        string[] names = [.. Columns.Where(c => references.Exists(r => r.TryGetValue(c, out var value) && value.Length > 0))];
        return ImportedSheet.OfColumns(kind, names, [.. names.Select(name => (IReadOnlyList<object?>)[.. references.Select(r => r.GetValueOrDefault(name))])]);
    }
}
