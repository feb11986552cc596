using System.Security.Cryptography;
using System.Text;
using EmpathyNotebooks.Host.Site.Search;

namespace EmpathyNotebooks.Host.Site;

/// <summary>What every page of the site has around its content: head, styles, scripts, bar.</summary>
internal static class PageShell
{
    /// <summary>The name of the site.</summary>
    public const string SiteName = "EmpathyNotebooks";

    // The diamond of a pooled effect; inline, or a browser would ask for favicon.ico.
    internal const string Icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        + "%3Cpath fill='%2317597a' d='M0 8l8-5 8 5-8 5z'/%3E%3C/svg%3E";

    private static readonly SiteAsset Styles = new("site", "css", MathematicsStyles() + Asset.Read("Assets/site.css"));

    // Before the body: the theme is there before anything is drawn.
    private static readonly SiteAsset Script = new("site", "js", Asset.Read("Assets/site.js"));

    /// <summary>The whole file of a page.</summary>
    /// <param name="page">What kind of page.</param>
    /// <param name="site">The site around it.</param>
    /// <param name="content">HTML with one <c>main</c> element of id "content".</param>
    public static string Wrap(PageFrame page, SiteMap site, string content)
    {
        var head = Element(Styles, page, site) + Element(Script, page, site) + string.Concat(SearchBox.Assets(site).Concat(page.Assets).Select(asset => Element(asset, page, site, defer: true)));
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy(head + content, site.Form)}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{HtmlText.Escape(page.Title)}</title>
            <link rel="icon" href="{Icon}">
            {head}</head>
            <body>
            <a class="skip" href="#content">Skip to the text</a>
            {PageBar.Render(page, site)}
            <div class="{page.Class}">
            {content}
            </div>
            </body>
            </html>

            """;
    }

    private static string Element(SiteAsset asset, PageFrame page, SiteMap site, bool defer = false)
    {
        var isScript = asset.Ending == "js";
        if (site.Form == SiteForm.SingleFile) return isScript ? $"<script>{asset.Text}</script>\n" : $"<style>\n{asset.Text}</style>\n";
        site.Use(asset);
        return isScript ? $"<script src=\"{page.Root}{asset.Path}\"{(defer ? " defer" : "")}></script>\n" : $"<link rel=\"stylesheet\" href=\"{page.Root}{asset.Path}\">\n";
    }

    // Only the scripts the page was built with may run, each known by its hash: a string of the data that got into the page as markup would be dead.
    // Files come from where the page itself comes from: browsers take 'self' so for http: and for file: alike, where a hash of a file (integrity) is refused from a disk.
    // blob: is what plotly.js makes a picture from when a reader saves a chart.
    internal static string Policy(string html, SiteForm form)
    {
        var hashes = HtmlTags.Read(html)
            .Where(tag => tag is { Name: "script", Text.Length: > 0 })
            .Select(tag => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(tag.Text!)))}'")
            .Distinct();
        var self = form == SiteForm.Shared ? "'self' " : "";
        return $"default-src 'none'; script-src {string.Join(' ', hashes.Prepend(self.Trim()).Where(source => source.Length > 0))}; style-src {self}'unsafe-inline'; img-src data: blob:; "
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
