using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Writes pieces of a lesson's Markdown as HTML, formulas as MathML.</summary>
/// <param name="notebook">The name of the notebook, for messages.</param>
/// <param name="tex">Sets formulas.</param>
/// <param name="resolve">Where a relative link leads; null to name its file only.</param>
internal sealed class ProseWriter(string notebook, TeX tex, Func<string, LinkTarget>? resolve = null)
{
    /// <summary>The piece as HTML; each is on its own, so that footnotes and headings of others do not count.</summary>
    /// <exception cref="SiteException">A formula cannot be read.</exception>
    public string Html(int cell, string markdown)
    {
        var reader = new MarkdownReader(notebook, tex);
        var writer = new MarkdownWriter(reader, (_, url) => Target(url));
        return writer.Write(reader.Read(cell, markdown)).Trim();
    }

    /// <summary>A piece of one paragraph without the element around it; any other as it is.</summary>
    public string Inline(int cell, string markdown)
    {
        var html = Html(cell, markdown);
        return html.StartsWith("<p>", StringComparison.Ordinal) && html.LastIndexOf("<p>", StringComparison.Ordinal) == 0 && html.EndsWith("</p>", StringComparison.Ordinal) ? html[3..^4] : html;
    }

    private LinkTarget Target(string url) => Uri.TryCreate(url, UriKind.Absolute, out var absolute) && !absolute.IsFile ? new LinkTarget.Address(url)
        : resolve?.Invoke(url) ?? new LinkTarget.RepositoryFile(url.Split('#')[0]);
}
