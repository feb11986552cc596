namespace EmpathyNotebooks.Host.Kernels.Directives;

/// <summary>The languages that a cell can change to.</summary>
internal enum PartLanguage
{
    CSharp,
    Markdown,
    Html,
    JavaScript,
}

/// <summary>A piece of a cell in one language.</summary>
/// <param name="Language">The language.</param>
/// <param name="Text">Its text; before C# come blank lines, so that line numbers are those of the cell.</param>
internal sealed record CellPart(PartLanguage Language, string Text);

/// <summary>Cuts a cell where it changes to another language and back, as in `#!markdown`.</summary>
internal static class CellParts
{
    private static readonly (string Line, PartLanguage Language)[] Known =
    [
        ("#!csharp", PartLanguage.CSharp), ("#!markdown", PartLanguage.Markdown), ("#!html", PartLanguage.Html),
        ("#!javascript", PartLanguage.JavaScript),
        ("#!c#", PartLanguage.CSharp), ("#!md", PartLanguage.Markdown), ("#!js", PartLanguage.JavaScript),
    ];

    /// <summary>The lines that change the language, without their short forms.</summary>
    public static IEnumerable<string> Selectors => Known.Take(4).Select(known => known.Line);

    /// <summary>The language that a line changes to; null when it is another line.</summary>
    public static PartLanguage? LanguageOf(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd();
        foreach (var (selector, language) in Known)
        {
            if (line.SequenceEqual(selector)) return language;
        }

        return null;
    }

    public static IReadOnlyList<CellPart> Split(string code)
    {
        if (!code.Contains("#!", StringComparison.Ordinal)) return [new CellPart(PartLanguage.CSharp, code)];
        var parts = new List<CellPart>();
        var language = PartLanguage.CSharp;
        var start = 0;
        while (true)
        {
            var (end, next, after) = Next(code, start, language);
            var text = code[start..end];
            if (language == PartLanguage.CSharp)
            {
                var before = code[..start].Count(c => c == '\n');
                if (text.Trim().Length > 0) parts.Add(new CellPart(language, new string('\n', before) + text));
            }
            else
            {
                parts.Add(new CellPart(language, text.Trim('\r', '\n')));
            }

            if (next is not { } following) return parts;
            (language, start) = (following, after);
        }
    }

    private static (int End, PartLanguage? Next, int After) Next(string code, int start, PartLanguage language)
    {
        // In C# the parser decides, since such a line may stand in a string; elsewhere every line counts.
        var places = language == PartLanguage.CSharp
            ? CellDirectives.Find(code[start..]).Where(found => found.IsActive).Select(found => start + found.Directive.Start)
            : LineStarts(code, start);
        foreach (var place in places)
        {
            var lineEnd = code.IndexOf('\n', place);
            lineEnd = lineEnd < 0 ? code.Length : lineEnd;
            if (LanguageOf(code.AsSpan(place, lineEnd - place)) is { } next)
            {
                return (place, next, Math.Min(lineEnd + 1, code.Length));
            }
        }

        return (code.Length, null, code.Length);
    }

    private static IEnumerable<int> LineStarts(string code, int start)
    {
        for (var place = start; place < code.Length; place++)
        {
            yield return place;
            place = code.IndexOf('\n', place);
            if (place < 0) yield break;
        }
    }
}
