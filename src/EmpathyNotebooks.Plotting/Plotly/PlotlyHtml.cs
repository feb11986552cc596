using System.Text;

namespace EmpathyNotebooks.Plotting;

/// <summary>Writes figures into pages: no network, no random names, safe whatever a label holds.</summary>
public static class PlotlyHtml
{
    private const string Mark = "<div data-empathy-chart=\"chart-";

    /// <summary>
    /// The scripts that a page needs once: plotly.js 2.28.0, as it comes with Plotly.NET, and our own that draws the figures. Where they come
    /// later than the figures, these wait; where they come twice, the second does nothing. In a notebook nobody need write them: see <see cref="ChartLibrary"/>.
    /// </summary>
    public static string Library() => ChartLibrary.Elements;

    /// <summary>Whether a piece of a page holds figures, so that the page needs <see cref="Library"/>.</summary>
    /// <param name="html">The piece.</param>
    public static bool HasFigures(string html)
    {
        ArgumentNullException.ThrowIfNull(html);
        return html.Contains(Mark, StringComparison.Ordinal);
    }

    /// <summary>
    /// A figure as a part of a notebook or page: an element that takes the width it gets, with the finding as its text alternative and a picture until
    /// it is drawn, the data's origin below it, and the script with its data. It is drawn where the page has <see cref="Library"/>, or a
    /// kernel or Jupyter server brings it; elsewhere, and where no script runs, the picture stays and says so.
    /// </summary>
    /// <param name="figure">The figure.</param>
    public static string Fragment(PlotlyFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Write(figure, Picture(figure) + PageParts.Hint("A picture of the chart. The chart answers to the pointer where scripts may run."), ChartLibrary.Loader);
    }

    /// <summary>A page of its own that holds the figures and all they need, to be saved or sent.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="figures">The figures, from top to bottom.</param>
    public static string Page(string title, params IEnumerable<PlotlyFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(figures);
        var html = new StringBuilder();
        foreach (var figure in figures) html.Append(Write(figure, Picture(figure), "")).Append('\n');
        return PageParts.Document(title, html.Append(Library()).ToString());
    }

    /// <summary>What stands in for a chart that is not drawn, and on paper: its picture, or its finding where that would be too heavy.</summary>
    private static string Picture(PlotlyFigure figure)
    {
        var finding = Encode(figure.Finding);
        return FigurePicture.Of(figure) is var (address, width, height)
            ? FormattableString.Invariant($"<img alt=\"{finding}\" width=\"{width:F0}\" height=\"{height:F0}\" style=\"width:100%;max-width:{width:F0}px;height:auto;background:#fff\" src=\"{address}\">")
            : $"<p>{finding}</p>";
    }

    private static string Write(PlotlyFigure figure, string content, string loader)
    {
        var html = new StringBuilder();
        html.Append("<figure class=\"empathy-chart\" style=\"margin:1em 0;max-width:1040px\">");
        html.Append("<div class=\"empathy-chart-menus\" style=\"padding:0 8px\"></div>");
        html.Append($"{Mark}{figure.Id["chart-".Length..]}\" role=\"img\" aria-label=\"{Encode(figure.Finding)}\" style=\"width:100%\">{content}</div>");
        html.Append(PageParts.Caption(figure.Origin, figure.Notes));
        html.Append("<script>(function(root){root&&root.querySelectorAll&&root.querySelectorAll(\".empathy-hint\").forEach(function(hint){hint.hidden=true});");
        html.Append($"(window.empathyCharts=window.empathyCharts||[]).push({{id:\"{figure.Id}\",root:root,figure:{FigurePacking.Pack(figure.PageJson)}}});");
        html.Append($"}})(document.currentScript&&document.currentScript.parentNode);\n{loader}</script>");
        return html.Append("</figure>").ToString();
    }

    private static string Encode(string text) => PageParts.Encode(text);
}
