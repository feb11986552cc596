using System.Net;
using System.Reflection;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What charts and explorers have in common when they are written into pages.</summary>
internal static class PageParts
{
    /// <summary>The script that decides whether the page is dark, to be put inside another.</summary>
    public static string ThemeScript() => Resource(typeof(PageParts).Assembly, "EmpathyNotebooks.Plotting.Theme.js");

    /// <summary>A whole page around its content, with the theme's fonts and colours.</summary>
    public static string Document(string title, string body)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Append($"<title>{Encode(title)}</title><style>");
        html.Append($"body{{margin:1rem auto;padding:0 1rem;max-width:1040px;font-family:{Theme.FontFamily};");
        html.Append($"color:{Theme.Ink.Light};background:{Theme.Surface.Light}}}");
        html.Append($"@media(prefers-color-scheme:dark){{body{{color:{Theme.Ink.Dark};background:{Theme.Surface.Dark}}}}}");
        return html.Append($"</style></head><body>\n{body}</body></html>\n").ToString();
    }

    /// <summary>Where the numbers come from and what a careful reader should know, below a chart; nothing where there is nothing to say.</summary>
    public static string Caption(DataOrigin origin, IEnumerable<string> notes)
    {
        var parts = new List<string>();
        if (origin.Label.Length > 0)
        {
            var citation = origin.Citation.Length > 0 ? $". {origin.Citation}" : "";
            parts.Add(origin.IsSimulated ? $"<strong>{Encode(origin.Label)}</strong>{Encode(citation)}" : Encode(origin.Label + citation));
        }
        parts.AddRange(notes.Select(note => "Note: " + Encode(note)));
        return parts.Count == 0
            ? ""
            : $"<figcaption style=\"font-size:.85em;opacity:.85;margin-top:.25em\">{string.Join("<br>", parts)}</figcaption>";
    }

    /// <summary>An embedded file as text.</summary>
    public static string Resource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} holds no resource {name}; it holds "
                + string.Join(", ", assembly.GetManifestResourceNames()) + ".");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>What a reader of the page need not load: the indent of lines, empty lines, and comments that stand on lines of their own.</summary>
    public static string Compact(string script)
    {
        var kept = new StringBuilder(script.Length);
        var isComment = false;
        foreach (var line in script.Split('\n').Select(line => line.Trim()))
        {
            var begins = !isComment && line.StartsWith("/*", StringComparison.Ordinal);
            if (isComment || begins)
            {
                var end = line.IndexOf("*/", StringComparison.Ordinal);
                // What follows a comment on its line stays with it.
                isComment = end < 0;
                if (end < 0 || end == line.Length - 2) continue;
                isComment = false;
            }
            if (line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)) kept.Append(line).Append('\n');
        }
        return kept.ToString();
    }

    /// <summary>What stands in a page where no script runs, and is taken away by the one that does.</summary>
    public static string Hint(string text) => $"<p class=\"empathy-hint\" style=\"font-size:.85em;opacity:.85;margin:.25em 8px\">{Encode(text)} In JupyterLab: View, Activate Command Palette, Trust Notebook.</p>";

    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
