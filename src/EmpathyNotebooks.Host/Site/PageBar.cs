using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site.Search;

namespace EmpathyNotebooks.Host.Site;

/// <summary>The bar at the top of every page: home, the lessons, other places of the site, the lessons before and after, switches.</summary>
internal static class PageBar
{
    // Pages of the site that are not lessons, in the order of the bar.
    private static readonly (string Path, string Name)[] Places = [("glossary.html", "Glossary"), ("api/index.html", "API"), ("teaching.html", "Teaching")];

    /// <summary>The element.</summary>
    public static string Render(PageFrame page, SiteMap site)
    {
        var home = !site.Has(SiteMap.Home) ? $"<span class=\"home\">{PageShell.SiteName}</span>"
            : $"<a class=\"home\" href=\"{page.Root}{SiteMap.Home}\"{(page.Path == SiteMap.Home ? " aria-current=\"page\"" : "")}>{PageShell.SiteName}</a>";
        return $"""
            <header class="bar"><div>{home}
            {Around(page, site)}{SearchBox.Render(page, site)}<div class="switches">{(page.HasCode ? CodeSwitch : "")}{ThemeSwitch}</div></div></header>
            """;
    }

    // Without a script there is nothing to switch.
    private const string CodeSwitch = """
        <button class="code-switch" type="button" hidden>Code: <span class="when-shown">shown</span><span class="when-hidden">hidden</span></button>

        """;

    private const string ThemeSwitch = """
        <button class="theme" type="button" hidden><span class="theme-light">Light</span><span class="theme-dark">Dark</span></button>
        """;

    private static string Around(PageFrame page, SiteMap site)
    {
        if (!site.Has(SiteMap.Home)) return "";
        var html = new StringBuilder("<nav class=\"places\" aria-label=\"Site\">\n<details class=\"menu\"><summary>Lessons</summary>\n<ol>\n");
        foreach (var lesson in site.Lessons)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"{Address(page, lesson)}\"{(lesson == page.Lesson ? " aria-current=\"page\"" : "")}>")
                .Append(CultureInfo.InvariantCulture, $"<span class=\"number\">{lesson.Number:00}</span> <span>{lesson.Title.Html}</span></a></li>\n");
        }
        html.Append("</ol>\n</details>\n");
        foreach (var (path, name) in Places.Where(place => site.Has(place.Path)))
            html.Append($"<a href=\"{page.Root}{path}\"{(page.Path == path ? " aria-current=\"page\"" : "")}>{name}</a>\n");
        return html.Append("</nav>\n").Append(Neighbours(page, site)).ToString();
    }

    private static string Neighbours(PageFrame page, SiteMap site)
    {
        var (previous, next) = site.Around(page.Lesson);
        if (previous is null && next is null) return "";
        return $"<nav class=\"neighbours\" aria-label=\"Previous and next lesson\">\n{Link(previous, "prev", "Previous")}{Link(next, "next", "Next")}</nav>\n";

        string Link(ReadPage? other, string relation, string label) => other is null ? "" :
            $"<a rel=\"{relation}\" href=\"{Address(page, other)}\" aria-label=\"{label}: {HtmlText.Escape(other.Title.Text)}\" title=\"{HtmlText.Escape(other.Title.Text)}\">{label}</a>\n";
    }

    private static string Address(PageFrame page, ReadPage lesson) => page.Root + Uri.EscapeDataString(lesson.HtmlName);
}
