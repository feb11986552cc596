using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site.Api;
using EmpathyNotebooks.Host.Site.Search;
using EmpathyNotebooks.Host.Teaching;
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
    // The icon stands behind a policy that names every script of a page that is one file.
    private const int HeadLength = 1 << 16;

    /// <summary>Writes <c>index.html</c>, one page per notebook and, where pages share them, <c>assets/</c> and <c>downloads/</c>.</summary>
    /// <param name="pages">The notebooks in the order of the site; at least one.</param>
    /// <param name="folder">Where to write; made when missing. Files that hold the same bytes already keep their time. Files of other names are left alone, but assets of another build, which nothing asks for any more, go, and their folder where nothing is left in it.</param>
    /// <param name="options">The form of the site, its glossary, and what it has for lecturers; pages that share files, and no more, if not said.</param>
    /// <returns>The full paths of the files written, the index first.</returns>
    /// <exception cref="ArgumentException">There is no page, or a name is not one of a notebook.</exception>
    /// <exception cref="SiteException">
    /// A notebook holds something a page cannot show: a formula with an error, a picture outside the page, a link that leads
    /// nowhere. Or two notebooks have one name, or one has that of a page of the site's own. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">The folder cannot be made, or a page not written; the pages that were there are unchanged.</exception>
    public static IReadOnlyList<string> Build(IReadOnlyList<SitePage> pages, string folder, SiteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        CheckNames(pages);

        (string Path, ReadOnlyMemory<byte> Content)[] files = [.. Render(pages, options).Select(file => (Path.GetFullPath(Path.Combine(folder, file.Path)), file.Content))];
        WholeFile.WriteAll([.. files.Where(file => !IsThere(file.Path, file.Content))], makesFolders: true);
        string[] written = [.. files.Select(file => file.Path)];
        RemoveFormerAssets(folder, written);
        return written;
    }

    /// <summary>Reads what a site is made of before its notebooks have run, and makes the pages of prose: a formula with an error or a link that leads nowhere is found without waiting for cells.</summary>
    /// <param name="pages">The notebooks in the order of the site; at least one. Outputs are passed over.</param>
    /// <param name="options">As for <see cref="Build"/>.</param>
    /// <returns>The paths within the site's folder, with /, that <see cref="Build"/> writes, also those of programs that it may not get; without what pages share in <c>assets/</c>, named by what it holds.</returns>
    /// <exception cref="ArgumentException">There is no page, or a name is not one of a notebook.</exception>
    /// <exception cref="SiteException">A notebook, the glossary or a guide holds something a page cannot show, or a notebook links to a file that is not there and that no cell may write.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<SitePage> pages, SiteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pages);
        CheckNames(pages);
        using var tex = new TeX();
        var (files, site) = Draft([.. pages.Select(page => page with { Document = WithoutOutputs(page.Document), Program = "" })], options ?? new SiteOptions(), tex);
        if (options?.Folder is { } folder && LinkedFiles.Missing(site.Lessons, folder, areToRun: true).FirstOrDefault() is { } fault) throw fault;
        foreach (var file in files.Where(file => file.IsProse)) file.Write(site);
        return [.. files.Select(file => file.Path)];
    }

    /// <summary>Links of notebooks that have run to files that are not there, and that no cell has written.</summary>
    /// <param name="pages">The notebooks.</param>
    /// <param name="folder">The folder they lie in.</param>
    /// <returns>A line for each, which names notebook, cell and target.</returns>
    /// <exception cref="SiteException">A notebook holds something a page cannot show.</exception>
    public static IReadOnlyList<string> MissingFiles(IReadOnlyList<SitePage> pages, string folder)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentNullException.ThrowIfNull(folder);
        using var tex = new TeX();
        return [.. LinkedFiles.Missing([.. pages.Select((page, i) => new ReadPage(page, i + 1, tex))], folder, areToRun: false).Select(fault => fault.Message)];
    }

    /// <summary>Whether a file is a page that this or an earlier version wrote.</summary>
    /// <param name="path">The file; it need not be there.</param>
    public static bool IsPage(string path)
    {
        if (!File.Exists(path)) return false;
        using var reader = new StreamReader(path);
        var head = new char[HeadLength];
        return head.AsSpan(0, reader.ReadBlock(head)).IndexOf($"href=\"{PageShell.Icon}\"") >= 0;
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
    internal static IReadOnlyList<WrittenFile> Render(IReadOnlyList<SitePage> pages, SiteOptions? options = null)
    {
        using var tex = new TeX();
        var (files, site) = Draft(pages, options ?? new SiteOptions(), tex);
        WrittenFile[] written = [.. files.Select(file => new WrittenFile(file.Path, file.Write(site)))];
        return [.. written, .. site.Assets.Select(asset => new WrittenFile(asset.Path, asset.Text))];
    }

    private static (SiteFile[] Files, SiteMap Site) Draft(IReadOnlyList<SitePage> pages, SiteOptions options, TeX tex)
    {
        var api = options.HasApi && options.Form == SiteForm.Shared ? ApiLibrary.Current : null;
        ReadPage[] lessons = [.. pages.Select((page, i) => new ReadPage(page, i + 1, tex))];
        var glossary = options.Glossary is { } words ? Glossary.Read(words, tex, options.Folder) : null;
        // Whatever else is to be a part of the site joins this list.
        SiteFile[] files =
        [
            new(SiteMap.Home, IndexRenderer.Render),
            .. lessons.Select(lesson => new SiteFile(lesson.HtmlName, site => new PageRenderer(lesson, site).Render())),
            .. glossary is null ? [] : new[] { new SiteFile(GlossaryRenderer.PageName, site => GlossaryRenderer.Page(glossary, site)) },
            .. options.Guides is null ? [] : TeachingMaterial.Files(pages, lessons, options.Guides, options.Folder, tex),
            .. options.Form == SiteForm.Shared ? Downloads.Files(lessons) : [],
            .. api is null ? [] : ApiPages.Files(api),
        ];
        CheckPlaces(files, lessons);
        var site = new SiteMap(lessons, options.Form, files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal))
        {
            Glossary = glossary,
            Api = api is null ? null : new ApiLinks(api, ApiLinks.Folder),
            Search = options.Form == SiteForm.Shared ? SearchIndex.Of(lessons, api, glossary) : null,
        };
        return (files, site);
    }

    // Of the thousand pages of a site most are as the last build left them; whoever copies the site elsewhere goes by the time of a file.
    private static bool IsThere(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            if (!File.Exists(path)) return false;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length != content.Length) return false;
            var bytes = new byte[content.Length];
            return file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && content.Span.SequenceEqual(bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Then it is written, or writing says what is wrong with it.
            return false;
        }
    }

    private static NotebookDocument WithoutOutputs(NotebookDocument document)
    {
        var copy = document.Clone();
        foreach (var cell in copy.Cells) cell.ClearOutputs();
        return copy;
    }

    // On some disks names differ by more than case.
    private static void CheckPlaces(IEnumerable<SiteFile> files, ReadPage[] lessons)
    {
        var places = files.ToLookup(file => file.Path, StringComparer.OrdinalIgnoreCase);
        foreach (var lesson in lessons.Where(lesson => places[lesson.HtmlName].Skip(1).Any()))
            throw new SiteException(lesson.FileName, null, $"its page would take the place of the site's own {lesson.HtmlName.ToLowerInvariant()}. Give the notebook another name.");
    }

    private static void RemoveFormerAssets(string folder, IEnumerable<string> written)
    {
        var assets = Path.Combine(folder, SiteAsset.Folder);
        if (!Directory.Exists(assets)) return;
        var keep = written.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(assets).Where(file => Path.GetFileName(file) is var name && SiteAsset.IsOne(name) && !keep.Contains(name))) File.Delete(file);
        // A link is somebody's own, and so is a folder with anything else in it.
        if (new DirectoryInfo(assets) is { LinkTarget: null } left && !left.EnumerateFileSystemInfos().Any()) left.Delete();
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
            if (!names.Add(name)) throw new SiteException(name, null, "another notebook has this name; on some disks names differ by more than large and small letters. Give one of them another name.");
        }
    }
}
