using EmpathyNotebooks.Host.Site.Api;
using EmpathyNotebooks.Host.Site.Search;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Builds the static site of executed notebooks.</summary>
/// <remarks>
/// The site opens from a disk or from a server, asks for no file outside its folder, and allows only the scripts it was built with. Pages share their
/// styles and scripts (<see cref="SiteForm.Shared"/>), or each is one file with everything in it (<see cref="SiteForm.SingleFile"/>), to be mailed. The
/// same notebooks give the same bytes.
/// </remarks>
public static class SiteBuilder
{
    /// <summary>Writes <c>index.html</c>, one page per notebook and, where pages share them, <c>assets/</c> and <c>downloads/</c>.</summary>
    /// <param name="pages">The notebooks in the order of the site; at least one.</param>
    /// <param name="folder">Where to write; made when missing. Files of other names are left alone, but assets of another build, which nothing asks for any more, go.</param>
    /// <param name="form">Whether pages share files.</param>
    /// <param name="withApi">Whether the site has a page of each public type of the library, and names in lessons lead there. Not where each page is one file.</param>
    /// <returns>The full paths of the files written, the index first.</returns>
    /// <exception cref="ArgumentException">There is no page, a name is not one of a notebook, or two are the same.</exception>
    /// <exception cref="SiteException">
    /// A notebook holds something a page cannot show: a formula with an error, a picture outside the page, a link that leads
    /// nowhere. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be made, or a page not written; the pages that were there are unchanged.</exception>
    public static IReadOnlyList<string> Build(IReadOnlyList<SitePage> pages, string folder, SiteForm form = SiteForm.Shared, bool withApi = false)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        CheckNames(pages);

        (string Path, string Text)[] files = [.. Render(pages, form, withApi).Select(file => (Path.GetFullPath(Path.Combine(folder, file.Path)), file.Text))];
        WholeFile.WriteAll(files, makesFolders: true);
        string[] written = [.. files.Select(file => file.Path)];
        RemoveFormerAssets(folder, written);
        return written;
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
        return new PageRenderer(read, new SiteMap([read], SiteForm.SingleFile, [])).Render();
    }

    /// <summary>The files of the site by their paths, the index first, assets last.</summary>
    internal static IReadOnlyList<(string Path, string Text)> Render(IReadOnlyList<SitePage> pages, SiteForm form = SiteForm.Shared, bool withApi = false)
    {
        var api = withApi && form == SiteForm.Shared ? ApiLibrary.Current : null;
        IReadOnlyList<SiteFile> apiFiles = api is null ? [] : ApiPages.Files(api);
        using var tex = new TeX();
        ReadPage[] lessons = [.. pages.Select((page, i) => new ReadPage(page, i + 1, tex))];
        // Whatever else is to be a part of the site joins this list.
        SiteFile[] files =
        [
            new(SiteMap.Home, IndexRenderer.Render),
            .. lessons.Select(lesson => new SiteFile(lesson.HtmlName, site => new PageRenderer(lesson, site).Render())),
            .. form == SiteForm.Shared ? Downloads.Files(lessons) : [],
            .. apiFiles,
        ];
        var site = new SiteMap(lessons, form, files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal))
        {
            Api = api is null ? null : new ApiLinks(api, ApiLinks.Folder),
            Search = form == SiteForm.Shared ? SearchIndex.Of(lessons, api) : null,
        };
        (string, string)[] written = [.. files.Select(file => (file.Path, file.Write(site)))];
        return [.. written, .. site.Assets.Select(asset => (asset.Path, asset.Text))];
    }

    private static void RemoveFormerAssets(string folder, IEnumerable<string> written)
    {
        var assets = Path.Combine(folder, SiteAsset.Folder);
        if (!Directory.Exists(assets)) return;
        var keep = written.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(assets).Where(file => Path.GetFileName(file) is var name && SiteAsset.IsOne(name) && !keep.Contains(name))) File.Delete(file);
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
