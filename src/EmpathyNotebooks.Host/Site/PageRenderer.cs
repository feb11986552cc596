using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site.Search;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Renders one notebook as a page.</summary>
/// <param name="page">The notebook.</param>
/// <param name="site">The site around it.</param>
internal sealed class PageRenderer(ReadPage page, SiteMap site)
{
    /// <summary>Ids the page itself uses, which no heading may take.</summary>
    public static IReadOnlyList<string> ReservedIds { get; } = ["content", "downloads", Filter.Box, .. SearchBox.Ids];

    private readonly OutputRenderer _outputs = new(page.FileName, page.Reader, site.Form);

    /// <summary>The whole file.</summary>
    public string Render()
    {
        var contents = Contents();
        var frame = new PageFrame(page.HtmlName, $"{page.Title.Text} \u00b7 {PageShell.SiteName}")
        {
            Class = contents.Length > 0 ? "page with-toc" : "page",
            HasCode = !page.IsAboutCode && page.Document.Cells.Any(cell => cell.Type == NotebookCellType.Code && cell.Source.Trim().Length > 0),
            Lesson = page,
        };
        var body = new StringBuilder();
        body.Append(contents).Append("<main id=\"content\" tabindex=\"-1\">\n");
        var terms = site.Glossary is null ? null : new TermMarks(site.Glossary);
        var markdown = new MarkdownWriter(page.Reader, (cell, url) => site.Links.Resolve(page, cell, url), terms, site.Api);
        foreach (var cell in page.Document.Cells) AppendCell(body, cell, markdown);
        if (terms is not null) body.Append(GlossaryRenderer.Words(terms, site));
        body.Append(Turn()).Append(Downloads.Lesson(page, frame, site)).Append("</main>");
        return PageShell.Wrap(frame with { Assets = _outputs.Assets }, site, body.ToString());
    }

    private void AppendCell(StringBuilder body, NotebookCell cell, MarkdownWriter markdown)
    {
        switch (cell.Type)
        {
            case NotebookCellType.Markdown:
                var prose = markdown.Write(page.Prose(cell.Number));
                body.Append($"<div class=\"prose\">\n{_outputs.Html(cell.Number, prose)}</div>\n");
                break;
            case NotebookCellType.Code:
                body.Append("<div class=\"cell\">\n").Append(Code(cell.Source));
                AppendOutputs(body, cell);
                body.Append("</div>\n");
                break;
            case NotebookCellType.Raw:
                body.Append($"<pre>{HtmlText.Escape(cell.Source)}</pre>\n");
                break;
        }
    }

    private string Code(string source)
    {
        if (source.Trim().Length == 0) return "";
        var html = $"<pre class=\"code\"><code>{CSharpColours.ToHtml(source.TrimEnd(), site.Api)}</code></pre>\n";
        var isSetup = source.TrimStart().StartsWith("#r ", StringComparison.Ordinal)
            || source.Contains("Notebook.Start()", StringComparison.Ordinal);
        return isSetup
            ? $"<details class=\"setup\"><summary>Setup: the library this notebook loads</summary>\n{html}</details>\n"
            : page.IsAboutCode ? html
            // Open, so that the code can be read where no script closes what its reader does not want to see.
            : $"<details class=\"source-code\" open><summary><span class=\"when-closed\">Show the code</span><span class=\"when-open\">Hide the code</span></summary>\n{html}</details>\n";
    }

    // Consecutive pieces of one stream are one text, however the kernel cut them.
    private void AppendOutputs(StringBuilder body, NotebookCell cell)
    {
        var outputs = cell.Outputs;
        for (var i = 0; i < outputs.Count; i++)
        {
            switch (outputs[i])
            {
                case StreamOutput stream:
                    var text = stream.Text;
                    for (; i + 1 < outputs.Count && outputs[i + 1] is StreamOutput more && more.Name == stream.Name; i++)
                        text += more.Text;
                    body.Append(OutputRenderer.Console(text, isError: stream.Name == "stderr"));
                    break;
                case DisplayOutput display:
                    body.Append(_outputs.Value(cell.Number, display));
                    break;
                case ErrorOutput error:
                    body.Append(OutputRenderer.Error(error));
                    break;
                case var other:
                    throw new SiteException(page.FileName, cell.Number,
                        $"an output of the type \"{other.OutputType}\" has no form on a page.");
            }
        }
    }

    private string Contents()
    {
        var headings = page.Reader.Headings.Where(heading => heading.Level is 2 or 3).ToList();
        if (headings.Count == 0) return "";
        var html = new StringBuilder("<nav class=\"toc\" aria-label=\"In this notebook\">\n");
        html.Append("<details><summary>In this notebook</summary>\n<ol>\n");
        for (var i = 0; i < headings.Count;)
        {
            html.Append("<li>");
            if (headings[i].Level == 2) AppendLink(headings[i++]);
            if (i < headings.Count && headings[i].Level == 3)
            {
                html.Append("\n<ol>\n");
                for (; i < headings.Count && headings[i].Level == 3; i++)
                {
                    html.Append("<li>");
                    AppendLink(headings[i]);
                    html.Append("</li>\n");
                }
                html.Append("</ol>\n");
            }
            html.Append("</li>\n");
        }
        return html.Append("<li><a href=\"#downloads\">To take along</a></li>\n</ol>\n</details>\n</nav>\n").ToString();

        void AppendLink(Heading heading) => html.Append($"<a href=\"#{Uri.EscapeDataString(heading.Id)}\">{heading.Html}</a>");
    }

    private string Turn()
    {
        var (previous, next) = site.Around(page);
        if (previous is null && next is null) return "";
        var links = Link(previous, "prev", "Previous") + Link(next, "next", "Next");
        return $"<nav class=\"turn\" aria-label=\"Other notebooks\">\n{links}</nav>\n";

        static string Link(ReadPage? other, string relation, string label) => other is null ? "" :
            $"<a class=\"{relation}\" rel=\"{relation}\" href=\"{Uri.EscapeDataString(other.HtmlName)}\">"
            + $"<small>{label}</small>{other.Title.Html}</a>\n";
    }
}
