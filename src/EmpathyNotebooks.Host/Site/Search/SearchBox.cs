namespace EmpathyNotebooks.Host.Site.Search;

/// <summary>The search box of the bar. Without a script there is none, nor on a page that stands alone.</summary>
internal static class SearchBox
{
    private const string Box = "site-search";
    private const string Found = "site-search-found";

    private static readonly SiteAsset[] Own = [new("search", "css", Asset.Read("Search/search.css")), new("search", "js", Asset.Read("Search/search.js"))];

    /// <summary>Ids that it takes on a page.</summary>
    public static IReadOnlyList<string> Ids { get; } = [Box, Found];

    /// <summary>Its look and behaviour.</summary>
    public static IReadOnlyList<SiteAsset> Assets(SiteMap site) => site.Search is null ? [] : Own;

    /// <summary>The element.</summary>
    public static string Render(PageFrame page, SiteMap site)
    {
        if (site.Search is not { } index) return "";
        site.Use(index);
        return $"""
            <div class="search" role="search" hidden data-root="{page.Root}" data-index="{page.Root}{index.Path}"><label class="visually-hidden" for="{Box}">Search lessons and API</label>
            <input type="search" id="{Box}" placeholder="Search" role="combobox" aria-expanded="false" aria-controls="{Found}" aria-autocomplete="list" aria-keyshortcuts="/" autocomplete="off" autocapitalize="off" spellcheck="false">
            <div class="found" hidden><p role="status"></p><div role="listbox" id="{Found}" aria-label="Found"></div></div></div>

            """;
    }
}
