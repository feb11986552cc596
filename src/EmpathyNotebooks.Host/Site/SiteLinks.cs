namespace EmpathyNotebooks.Host.Site;

/// <summary>Says where the links of the notebooks lead on the site.</summary>
/// <param name="pages">All pages, read.</param>
internal sealed class SiteLinks(IReadOnlyList<ReadPage> pages)
{
    /// <summary>The target of a link of the glossary, whose entries stand on a page of their own and at the ends of lessons.</summary>
    /// <param name="glossary">The glossary.</param>
    /// <param name="url">The link as written.</param>
    /// <param name="onPage">Whether it stands on the glossary's own page.</param>
    /// <exception cref="SiteException">The link leads nowhere.</exception>
    public LinkTarget Resolve(Glossary glossary, string url, bool onPage) => Resolve(Glossary.FileName, Glossary.Cell, glossary.Reader, GlossaryRenderer.PageName, url, onPage);

    /// <summary>The target of a link in a Markdown cell.</summary>
    /// <param name="page">The page that holds the cell.</param>
    /// <param name="cell">The cell's number.</param>
    /// <param name="url">The link as written.</param>
    /// <param name="onIndex">True on the index, where a link within the page becomes one to the page.</param>
    /// <exception cref="SiteException">The link leads to a heading that does not exist.</exception>
    public LinkTarget Resolve(ReadPage page, int cell, string url, bool onIndex = false) =>
        Resolve(page.Name, cell, page.Reader, page.HtmlName, url, within: !onIndex);

    private LinkTarget Resolve(string file, int cell, MarkdownReader reader, string htmlName, string url, bool within)
    {
        if (url.Length == 0) throw new SiteException(file, cell, "a link has no address.");
        if (url.StartsWith("//", StringComparison.Ordinal)) return new LinkTarget.Address(url);
        if (Uri.TryCreate(url, UriKind.Absolute, out var absolute) && !absolute.IsFile)
        {
            if (absolute.Scheme is "javascript" or "vbscript") throw new SiteException(file, cell, $"the link to \"{url}\" is code, which a page does not allow.");
            return new LinkTarget.Address(url);
        }

        var hash = url.IndexOf('#');
        var path = Uri.UnescapeDataString(hash < 0 ? url : url[..hash]);
        var id = hash < 0 ? "" : Uri.UnescapeDataString(url[(hash + 1)..]);
        var other = path.Length == 0 ? null : pages.FirstOrDefault(page => page.IsNamed(path));
        if (path.Length > 0 && other is null)
        {
            if (reader.Source?.Has(path) == false) throw new SiteException(file, cell, $"the link to \"{url}\" leads nowhere: there is no file \"{path}\", seen from the folder of {file}.");
            return new LinkTarget.RepositoryFile(string.Join('/', path.Split('/').Where(part => part is not (".." or "."))));
        }

        var (target, name, address) = other is null ? (reader, file, htmlName) : (other.Reader, other.Name, other.HtmlName);
        if (id.Length > 0 && !target.HasId(id))
            throw new SiteException(file, cell,
                $"the link to \"{url}\" leads nowhere: {name} has no heading \"{id}\". "
                + $"It has: {string.Join(", ", target.Headings.Select(heading => heading.Id))}.");
        var fragment = id.Length > 0 ? "#" + Uri.EscapeDataString(id) : "";
        return new LinkTarget.Address(path.Length == 0 && within ? fragment : Uri.EscapeDataString(address) + fragment);
    }
}
