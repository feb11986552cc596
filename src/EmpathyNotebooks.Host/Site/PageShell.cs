using System.Security.Cryptography;
using System.Text;

namespace EmpathyNotebooks.Host.Site;

/// <summary>What every page of the site has around its content: head, styles, script, bar with the theme button.</summary>
internal static class PageShell
{
    /// <summary>The name of the site.</summary>
    public const string SiteName = "EmpathyNotebooks";

    private const string IndexFile = "index.html";

    // The diamond of a pooled effect; inline, or a browser would ask for favicon.ico.
    internal const string Icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        + "%3Cpath fill='%2317597a' d='M0 8l8-5 8 5-8 5z'/%3E%3C/svg%3E";

    private static readonly string Styles = MathematicsStyles() + Asset.Read("Assets/site.css");
    private static readonly string Script = Asset.Read("Assets/site.js");

    /// <summary>The whole file of a page.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="pageClass">Class of the element around <paramref name="content"/>.</param>
    /// <param name="content">HTML with one <c>main</c> element of id "content".</param>
    /// <param name="hasIndex">Whether an index lies beside the page, for its bar to lead to.</param>
    public static string Wrap(string title, string pageClass, string content, bool hasIndex = true)
    {
        var home = hasIndex ? $"<a class=\"home\" href=\"{IndexFile}\">{SiteName}</a>" : $"<span class=\"home\">{SiteName}</span>";
        var script = $"<script>{Script}</script>";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(script + content)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{HtmlText.Escape(title)}</title>
            <link rel="icon" href="{Icon}">
            <style>
            {Styles}</style>
            {script}
            </head>
            <body>
            <a class="skip" href="#content">Skip to the text</a>
            <header class="bar"><div>{home}
            <button class="theme" type="button" hidden><span class="theme-light">Light</span>
            <span class="theme-dark">Dark</span></button></div></header>
            <div class="{pageClass}">
            {content}
            </div>
            </body>
            </html>

            """;
    }

    // Only the scripts the page was built with may run, each known by its hash: a string of the data that got into the page as
    // markup would be dead. Nothing may be loaded; blob: is what plotly.js makes a picture from when a reader saves a chart.
    internal static string Policy(string html)
    {
        var hashes = HtmlTags.Read(html)
            .Where(tag => tag is { Name: "script", Text.Length: > 0 })
            .Select(tag => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(tag.Text!)))}'")
            .Distinct();
        return $"default-src 'none'; script-src {string.Join(' ', hashes)}; style-src 'unsafe-inline'; img-src data: blob:; "
            + "font-src data:; base-uri 'none'; form-action 'none'";
    }

    // Temml's styles name a font file beside them; a page has none.
    internal static string MathematicsStyles()
    {
        var css = Asset.Read("Temml/Temml-Local.css");
        var start = css.IndexOf("@font-face", StringComparison.Ordinal);
        var end = css.IndexOf('}', start) + 1;
        return $"/* Temml, (c) 2020 Ron Kok, MIT licence */\n{css[..start]}{css[end..]}\n";
    }
}
