using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmpathyNotebooks.Host.Site.Api;

namespace EmpathyNotebooks.Host.Site.Search;

/// <summary>
/// All that can be found on the site, as a script that sets one global: a page opened from a disk may load a script from beside it, but no data. It is asked for when a reader
/// first goes to the search box.
/// </summary>
internal static class SearchIndex
{
    /// <summary>More would be felt by a reader on a slow connection.</summary>
    public const int MostBytes = 500_000;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The index of a site.</summary>
    /// <param name="lessons">Its lessons.</param>
    /// <param name="library">The library, where it has pages of the API.</param>
    /// <param name="glossary">The glossary, where it has a page.</param>
    public static SiteAsset Of(IEnumerable<ReadPage> lessons, ApiLibrary? library, Glossary? glossary = null) =>
        new("search-index", "js", Write(lessons.SelectMany(LessonSections.Of).Concat(glossary is null ? [] : Of(glossary)).Concat(library is null ? [] : Of(library))));

    /// <summary>The words of a glossary, with their other names.</summary>
    /// <param name="glossary">The glossary.</param>
    public static IEnumerable<SearchEntry> Of(Glossary glossary) => glossary.Terms.Select(term => new SearchEntry(SearchEntry.Glossary, "Glossary", term.Title,
        $"{GlossaryRenderer.PageName}#{Uri.EscapeDataString(term.Id)}", string.Join(' ', [LessonSections.Words(term.Definition.Inline!), .. term.Forms.Skip(1).Select(form => $"({form})")])));

    /// <summary>The types of the library.</summary>
    /// <param name="library">The library.</param>
    public static IEnumerable<SearchEntry> Of(ApiLibrary library)
    {
        var links = new ApiLinks(library, ApiLinks.Folder);
        return library.Types.Select(type => new SearchEntry(SearchEntry.Api, ApiIndexPage.Title(type), type.Name, links.Address(type, null), DocumentationWords.Of(ApiIndexPage.FirstSentence(type.Documentation.Element("summary")), links))
        {
            Members = [.. type.Members.Where(member => member.Anchor == member.Name).Select(member => member.Name).Distinct(StringComparer.Ordinal)],
        });
    }

    /// <summary>The script: groups, then entries of group, page, title, address, text and, where there are any, names of members.</summary>
    public static string Write(IEnumerable<SearchEntry> entries)
    {
        var groups = new List<string>();
        var pages = new List<string>();
        var lines = new StringBuilder();
        foreach (var entry in entries)
        {
            object[] row = [Number(groups, entry.Group), Number(pages, entry.Page), entry.Title, entry.Address, entry.Text];
            if (entry.Members.Count > 0) row = [.. row, string.Join(' ', entry.Members)];
            lines.Append(lines.Length > 0 ? ",\n" : "").Append(JsonSerializer.Serialize(row, Json));
        }

        return $"window.empathySearch={{\"groups\":{JsonSerializer.Serialize(groups, Json)},\"pages\":{JsonSerializer.Serialize(pages, Json)},\"entries\":[\n{lines}\n]}};\n";
    }

    private static int Number(List<string> names, string name)
    {
        var at = names.IndexOf(name);
        if (at >= 0) return at;
        names.Add(name);
        return names.Count - 1;
    }
}
