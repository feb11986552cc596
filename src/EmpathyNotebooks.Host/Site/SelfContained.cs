using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Checks that a piece of a page loads nothing from outside the page.</summary>
internal static partial class SelfContained
{
    private static readonly HashSet<string> Loading =
        ["src", "srcset", "poster", "background", "ping"];

    private static readonly HashSet<string> Foreign =
        ["iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal", "link", "meta"];

    /// <summary>What would be wrong with the piece on a page that has to stand alone; null when all is well.</summary>
    public static string? FindFault(string html)
    {
        foreach (var tag in HtmlTags.Read(html))
        {
            if (Foreign.Contains(tag.Name)) return $"<{tag.Name}> is not possible in a page that stands alone.";
            foreach (var (name, value) in tag.Attributes)
                if (FindFault(tag.Name, name, value) is { } fault) return fault;
            if (tag is { Name: "style", Text: { } css } && FindCssFault(css) is { } cssFault) return cssFault;
        }
        return null;
    }

    private static string? FindFault(string tag, string name, string value)
    {
        if (name.StartsWith("on", StringComparison.Ordinal))
            return $"<{tag} {name}=...> would not run: a page allows no code in attributes. Use addEventListener in a <script>.";
        if (name == "style") return FindCssFault(value);
        // An element of SVG that draws another document; a link (<a href>) loads nothing by itself.
        var loads = Loading.Contains(name) || (name is "href" or "xlink:href" && tag is not ("a" or "area"));
        if (loads && !IsInside(value))
            return $"<{tag} {name}=\"{Shorten(value)}\"> would load another file. Use a data: address.";
        if (name is "href" or "xlink:href" && value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))
            return $"<{tag} {name}=\"{Shorten(value)}\"> is code in an attribute, which the page does not allow.";
        return null;
    }

    private static string? FindCssFault(string css)
    {
        if (css.Contains("@import", StringComparison.OrdinalIgnoreCase))
            return "@import would load a style sheet, and a page has to stand alone.";
        foreach (Match match in CssAddress().Matches(css))
            if (!IsInside(match.Groups["at"].Value))
                return $"url({Shorten(match.Groups["at"].Value)}) would load another file; a page has to stand alone.";
        return null;
    }

    private static bool IsInside(string address) =>
        address.Trim() is { } a && (a.Length == 0 || a[0] == '#' || a.StartsWith("data:", StringComparison.OrdinalIgnoreCase));

    private static string Shorten(string address) => address.Length <= 80 ? address : address[..77] + "...";

    // A quoted address is taken whole: a picture in it may hold url(#id) of its own.
    [GeneratedRegex(@"url\(\s*(?:""(?<at>[^""]*)""|'(?<at>[^']*)'|(?<at>[^)""']*))", RegexOptions.IgnoreCase)]
    private static partial Regex CssAddress();
}
