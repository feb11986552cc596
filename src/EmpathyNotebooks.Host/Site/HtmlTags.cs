namespace EmpathyNotebooks.Host.Site;

/// <summary>A start or end tag found in HTML.</summary>
/// <param name="Name">Lower-case name; an end tag begins with <c>/</c>.</param>
/// <param name="Attributes">Lower-case names with their unescaped values; the first of a repeated name counts.</param>
/// <param name="Start">Index of <c>&lt;</c>.</param>
/// <param name="End">Index after <c>&gt;</c>; for script and style, after the end tag.</param>
/// <param name="Text">What lies inside a script or style element; null for every other tag.</param>
internal sealed record HtmlTag(string Name, IReadOnlyDictionary<string, string> Attributes, int Start, int End, string? Text);

/// <summary>Finds the tags of HTML as a browser would, so that a page can be checked before anyone opens it.</summary>
internal static class HtmlTags
{
    /// <summary>Every tag in order.</summary>
    /// <exception cref="FormatException">A comment, tag, script or style is not closed.</exception>
    public static IEnumerable<HtmlTag> Read(string html)
    {
        var at = 0;
        while ((at = html.IndexOf('<', at)) >= 0)
        {
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                at = After(html, "-->", at + 4, "comment");
                continue;
            }
            var nameStart = at + (at + 1 < html.Length && html[at + 1] == '/' ? 2 : 1);
            if (nameStart >= html.Length || !char.IsAsciiLetter(html[nameStart]))
            {
                at++;
                continue;
            }
            var tag = ReadTag(html, at, nameStart);
            if (tag.Name is "script" or "style")
            {
                var close = FindEndTag(html, tag.Name, tag.End);
                var end = html.IndexOf('>', close);
                if (end < 0) throw new FormatException($"</{tag.Name}> is not closed by >.");
                tag = tag with { Text = html[tag.End..close], End = end + 1 };
            }
            yield return tag;
            at = tag.End;
        }
    }

    private static int FindEndTag(string html, string name, int from)
    {
        while (true)
        {
            var close = html.IndexOf("</" + name, from, StringComparison.OrdinalIgnoreCase);
            if (close < 0) throw new FormatException($"<{name}> has no end tag.");
            var after = close + 2 + name.Length;
            if (after < html.Length && (html[after] is '>' or '/' || char.IsWhiteSpace(html[after]))) return close;
            from = after;
        }
    }

    private static int After(string html, string end, int from, string what)
    {
        var found = html.IndexOf(end, from, StringComparison.Ordinal);
        return found >= 0 ? found + end.Length : throw new FormatException($"A {what} has no end.");
    }

    private static HtmlTag ReadTag(string html, int start, int nameStart)
    {
        var at = nameStart;
        while (at < html.Length && !IsBoundary(html[at])) at++;
        var name = html[(nameStart == start + 2 ? start + 1 : nameStart)..at].ToLowerInvariant();
        var attributes = new Dictionary<string, string>();
        while (true)
        {
            while (at < html.Length && (char.IsWhiteSpace(html[at]) || html[at] == '/')) at++;
            if (at >= html.Length) throw new FormatException($"<{name} is not closed by >.");
            if (html[at] == '>') return new HtmlTag(name, attributes, start, at + 1, null);

            var keyStart = at++;
            while (at < html.Length && html[at] != '=' && !IsBoundary(html[at])) at++;
            var key = html[keyStart..at].ToLowerInvariant();
            var value = "";
            var equals = at;
            while (equals < html.Length && char.IsWhiteSpace(html[equals])) equals++;
            if (equals < html.Length && html[equals] == '=') (value, at) = ReadValue(html, equals + 1, name);
            attributes.TryAdd(key, System.Net.WebUtility.HtmlDecode(value));
        }
    }

    private static (string Value, int End) ReadValue(string html, int at, string name)
    {
        while (at < html.Length && char.IsWhiteSpace(html[at])) at++;
        if (at >= html.Length) throw new FormatException($"<{name} is not closed by >.");
        if (html[at] is '"' or '\'')
        {
            var close = html.IndexOf(html[at], at + 1);
            return close >= 0
                ? (html[(at + 1)..close], close + 1)
                : throw new FormatException($"An attribute of <{name}> lacks its closing quote.");
        }
        var start = at;
        while (at < html.Length && html[at] != '>' && !char.IsWhiteSpace(html[at])) at++;
        return (html[start..at], at);
    }

    private static bool IsBoundary(char character) => character is '>' or '/' || char.IsWhiteSpace(character);
}
