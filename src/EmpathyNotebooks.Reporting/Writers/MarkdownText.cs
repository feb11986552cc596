using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>Text in the Markdown of files, GitHub's and Pandoc's: every sign that either reads as markup stands behind a backslash, which both take away.</summary>
internal static class MarkdownText
{
    private const string Signs = "\\`*_{}[]<>#|$~^@&";

    /// <summary>Signs that begin a list, a rule, a heading or a definition where they stand first.</summary>
    private const string First = "-+=:%!\"'(";

    /// <summary>A text, its statistical symbols in italics.</summary>
    public static string Statistical(string text) => string.Concat(SymbolText.Runs(PlainCharacters.Line(text).Trim(' ')).Select((run, i) => run.IsItalic ? $"*{Escape(run.Text, false)}*" : Escape(run.Text, i == 0)));

    /// <summary>A text.</summary>
    public static string Of(string text) => Escape(PlainCharacters.Line(text).Trim(' '), true);

    /// <summary>A text between the quotes of an attribute of Pandoc, which a straight quote in it would end.</summary>
    public static string Attribute(string text) => Of(text.Replace('"', '”'));

    /// <summary>An entry of a list of references; its DOI is the one link.</summary>
    public static string Apa(BibliographyEntry entry) => string.Concat(entry.Apa.Select(run =>
    {
        var doi = entry.Doi is { } known && !run.IsItalic ? "https://doi.org/" + known : null;
        var at = doi is null ? -1 : run.Text.IndexOf(doi, StringComparison.Ordinal);
        if (at >= 0) return $"{Escape(run.Text[..at], false)}<{doi}>{Escape(run.Text[(at + doi!.Length)..], false)}";
        return run.IsItalic ? $"*{Escape(run.Text, false)}*" : Escape(run.Text, false);
    }));

    /// <summary>Lines of code between fences that none of them can end.</summary>
    public static string Code(string code, string opening)
    {
        var (longest, current) = (2, 0);
        foreach (var c in code)
        {
            current = c == '`' ? current + 1 : 0;
            longest = Math.Max(longest, current);
        }
        var fence = new string('`', longest + 1);
        return $"{fence}{opening}\n{PlainCharacters.Lines(code).TrimEnd('\n')}\n{fence}";
    }

    private static string Escape(string text, bool isFirst)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isMarkup = Signs.Contains(c, StringComparison.Ordinal) || c switch
            {
                _ when i == 0 => isFirst && First.Contains(c, StringComparison.Ordinal),
                // Two make a dash, and three a rule.
                '-' => text[i - 1] == '-',
                // An address would become a link.
                '/' => text[i - 1] == ':',
                '.' => (isFirst && IsNumber(text, i)) || IsWww(text, i),
                ')' => isFirst && IsNumber(text, i),
                _ => false,
            };
            if (isMarkup) escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>A number before a point or a bracket and a space begins a list at the start of a line.</summary>
    private static bool IsNumber(string text, int end) => end < 10 && (end + 1 == text.Length || text[end + 1] == ' ') && text.AsSpan(0, end).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsWww(string text, int point) => point >= 3 && text.AsSpan(point - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase);
}
