using System.Text;
using Newtonsoft.Json;
using Plotly.NET;

namespace EmpathyNotebooks.Plotting;

/// <summary>Writes figures into pages: no network, no random names, safe whatever a label holds.</summary>
public static class PlotlyHtml
{
    private const string PlotlyResource = "Plotly.NET.plotly-2.28.0.min.js";
    private static readonly Lazy<string> LibraryText = new(ReadLibrary);

    /// <summary>
    /// The scripts that a page needs once: plotly.js 2.28.0, as it comes with Plotly.NET, and our own that draws the figures. Where they come
    /// later than the figures, these wait; where they come twice, the second does nothing.
    /// </summary>
    public static string Library() => LibraryText.Value;

    /// <summary>
    /// A figure as a part of a page: an element that takes the width it gets, with the finding as its text alternative (and as its text until
    /// it is drawn), the data's origin below it, and the script with its data. The page needs <see cref="Library"/> once.
    /// </summary>
    /// <param name="figure">The figure.</param>
    public static string Fragment(PlotlyFigure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var html = new StringBuilder();
        html.Append("<figure class=\"empathy-chart\" style=\"margin:1em 0;max-width:1040px\">");
        html.Append("<div class=\"empathy-chart-menus\" style=\"padding:0 8px\"></div>");
        html.Append($"<div data-empathy-chart=\"{figure.Id}\" role=\"img\" aria-label=\"{Encode(figure.Finding)}\" ");
        html.Append(FormattableString.Invariant($"style=\"width:100%;min-height:{figure.Height:F0}px\">"));
        html.Append($"<p>{Encode(figure.Finding)}</p></div>");
        html.Append(PageParts.Caption(figure.Origin, figure.Notes));
        html.Append("<script>(window.empathyCharts=window.empathyCharts||[]).push({");
        html.Append($"id:\"{figure.Id}\",root:document.currentScript&&document.currentScript.parentNode,figure:{figure.PageJson}}});</script>");
        return html.Append("</figure>").ToString();
    }

    /// <summary>A page of its own that holds the figures and all they need, to be saved or sent.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="figures">The figures, from top to bottom.</param>
    public static string Page(string title, params IEnumerable<PlotlyFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(figures);
        var html = new StringBuilder();
        foreach (var figure in figures) html.Append(Fragment(figure)).Append('\n');
        return PageParts.Document(title, html.Append(Library()).ToString());
    }

    private static string ReadLibrary()
    {
        var plotly = PageParts.Resource(typeof(Trace).Assembly, PlotlyResource).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        var dark = JsonConvert.SerializeObject(Theme.All.ToDictionary(c => c.Light, c => c.Dark));
        var charts = PageParts.Resource(typeof(PlotlyHtml).Assembly, "EmpathyNotebooks.Plotting.charts.js")
            .Replace("__DARK__", dark, StringComparison.Ordinal).Replace("__PAGE_THEME__", PageParts.ThemeScript(), StringComparison.Ordinal);
        // An AMD or CommonJS loader on the page would take plotly.js for one of its modules.
        return $"<script>if(!window.Plotly){{(function(define,exports,module){{{plotly}\n}}).call(window);}}</script>\n<script>{charts}</script>\n";
    }

    private static string Encode(string text) => PageParts.Encode(text);
}
