using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Builds the static site of executed notebooks.</summary>
/// <remarks>
/// Every page is one HTML file with everything in it: styles, scripts, pictures, mathematics as MathML. It opens from a disk,
/// from a server or from an e-mail, asks for no other file, and allows only the scripts it was built with. The same
/// notebooks give the same bytes.
/// </remarks>
public static class SiteBuilder
{
    /// <summary>Writes <c>index.html</c> and one page per notebook.</summary>
    /// <param name="pages">The notebooks in the order of the site; at least one.</param>
    /// <param name="folder">Where to write; made when missing. Files of other names are left alone.</param>
    /// <param name="glossary">The Markdown of the course's glossary, whose words are then explained where they stand; null for none.</param>
    /// <returns>The full paths of the files written, the index first.</returns>
    /// <exception cref="ArgumentException">There is no page, a name is not one of a notebook, or two are the same.</exception>
    /// <exception cref="SiteException">
    /// A notebook holds something a page cannot show: a formula with an error, a picture outside the page, a link that leads
    /// nowhere. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be made, or a page not written; the pages that were there are unchanged.</exception>
    public static IReadOnlyList<string> Build(IReadOnlyList<SitePage> pages, string folder, string? glossary = null)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        CheckNames(pages);

        var files = Render(pages, glossary);
        Directory.CreateDirectory(folder);
        (string Path, string Html)[] pagesByPath = [.. files.Select(file => (Path.GetFullPath(Path.Combine(folder, file.Name)), file.Html))];
        WholeFile.WriteAll(pagesByPath);
        return [.. pagesByPath.Select(page => page.Path)];
    }

    /// <summary>One notebook as a page that stands alone: with everything in it, and no index or other page beside it.</summary>
    /// <param name="page">The notebook.</param>
    /// <returns>The HTML of the page.</returns>
    /// <exception cref="SiteException">The notebook holds something a page cannot show.</exception>
    public static string RenderPage(SitePage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        using var tex = new TeX();
        var read = new ReadPage(page, position: 1, tex, standsAlone: true);
        return new PageRenderer(read, new SiteLinks([read]), previous: null, next: null, hasIndex: false).Render();
    }

    /// <summary>The files of the site by name, the index first.</summary>
    internal static IReadOnlyList<(string Name, string Html)> Render(IReadOnlyList<SitePage> pages, string? glossary = null)
    {
        using var tex = new TeX();
        ReadPage[] read = [.. pages.Select((page, i) => new ReadPage(page, i + 1, tex))];
        var links = new SiteLinks(read);
        var words = glossary is null ? null : Glossary.Read(glossary, tex);
        IEnumerable<(string, string)> wordPages = words is null ? [] : [(GlossaryRenderer.PageName, PageShell.Wrap($"Glossary \u00b7 {PageShell.SiteName}", "page", GlossaryRenderer.Page(words, links)))];
        return [("index.html", IndexRenderer.Render(read, links)), .. wordPages, .. read.Select((page, i) => (page.HtmlName, Render(page, i)))];

        string Render(ReadPage page, int i) =>
            new PageRenderer(page, links, read.ElementAtOrDefault(i - 1), read.ElementAtOrDefault(i + 1), glossary: words).Render();
    }

    private static void CheckNames(IReadOnlyList<SitePage> pages)
    {
        if (pages.Count == 0) throw new ArgumentException("A site needs at least one notebook.", nameof(pages));
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var page in pages)
        {
            ArgumentNullException.ThrowIfNull(page, nameof(pages));
            var name = page.FileName;
            if (Path.GetFileName(name) != name || name.Contains('\\')
                || !name.EndsWith(".ipynb", StringComparison.Ordinal) || name.Length == 6)
                throw new ArgumentException($"\"{name}\" is not the name of a notebook, such as 01-pooling.ipynb.", nameof(pages));
            if (name.Equals("index.ipynb", StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException("\"index.ipynb\" would take the place of the site's own index.html.", nameof(pages));
            if (!names.Add(name)) throw new ArgumentException($"\"{name}\" occurs twice.", nameof(pages));
        }
    }
}
