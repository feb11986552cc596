namespace EmpathyNotebooks.Host.Site;

/// <summary>Says where the links of the notebooks lead on the site.</summary>
/// <param name="pages">All pages, read.</param>
internal sealed class SiteLinks(IReadOnlyList<ReadPage> pages)
{
    /// <summary>The target of a link of the glossary, which leads to notebooks as a whole. A course in part has not all of them.</summary>
    public LinkTarget Resolve(string url) => Uri.TryCreate(url, UriKind.Absolute, out var absolute) && absolute!.Scheme is "https" or "http" or "mailto"
        ? new LinkTarget.Address(url)
        : pages.FirstOrDefault(page => page.FileName == url) is { } target
        ? new LinkTarget.Address(Uri.EscapeDataString(target.HtmlName))
        : new LinkTarget.RepositoryFile(url);

    /// <summary>The target of a link in a Markdown cell.</summary>
    /// <param name="page">The page that holds the cell.</param>
    /// <param name="cell">The cell's number.</param>
    /// <param name="url">The link as written.</param>
    /// <param name="onIndex">True on the index, where a link within the page becomes one to the page.</param>
    /// <exception cref="SiteException">The link leads to a heading that does not exist.</exception>
    public LinkTarget Resolve(ReadPage page, int cell, string url, bool onIndex = false)
    {
        if (url.Length == 0) throw new SiteException(page.FileName, cell, "a link has no address.");
        if (url.StartsWith("//", StringComparison.Ordinal)
            || Uri.TryCreate(url, UriKind.Absolute, out var absolute) && !absolute.IsFile)
            return new LinkTarget.Address(url);

        var hash = url.IndexOf('#');
        var path = Uri.UnescapeDataString(hash < 0 ? url : url[..hash]);
        var id = hash < 0 ? "" : Uri.UnescapeDataString(url[(hash + 1)..]);
        var target = path.Length == 0 ? page : pages.FirstOrDefault(other => other.FileName == path.Split('/')[^1]);
        if (target is null)
            return new LinkTarget.RepositoryFile(string.Join('/', path.Split('/').Where(part => part is not (".." or "."))));

        if (id.Length > 0 && !target.Reader.HasId(id))
            throw new SiteException(page.FileName, cell,
                $"the link to \"{url}\" leads nowhere: {target.FileName} has no heading \"{id}\". "
                + $"It has: {string.Join(", ", target.Reader.Headings.Select(heading => heading.Id))}.");
        var fragment = id.Length > 0 ? "#" + Uri.EscapeDataString(id) : "";
        var within = path.Length == 0 && !onIndex;
        return new LinkTarget.Address(within ? fragment : Uri.EscapeDataString(target.HtmlName) + fragment);
    }
}
