using System.Net;
using System.Reflection;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
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
        html.Append(Caption(figure));
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
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Append($"<title>{Encode(title)}</title><style>");
        html.Append($"body{{margin:1rem auto;padding:0 1rem;max-width:1040px;font-family:{Theme.FontFamily};");
        html.Append($"color:{Theme.Ink.Light};background:{Theme.Surface.Light}}}");
        html.Append($"@media(prefers-color-scheme:dark){{body{{color:{Theme.Ink.Dark};background:{Theme.Surface.Dark}}}}}");
        html.Append("</style></head><body>\n");
        foreach (var figure in figures) html.Append(Fragment(figure)).Append('\n');
        return html.Append(Library()).Append("</body></html>\n").ToString();
    }

    private static string Caption(PlotlyFigure figure)
    {
        var origin = figure.Origin;
        var parts = new List<string>();
        if (origin.Label.Length > 0)
        {
            var citation = origin.Citation.Length > 0 ? $". {origin.Citation}" : "";
            parts.Add(origin.IsSimulated ? $"<strong>{Encode(origin.Label)}</strong>{Encode(citation)}" : Encode(origin.Label + citation));
        }
        parts.AddRange(figure.Notes.Select(note => "Note: " + Encode(note)));
        return parts.Count == 0
            ? ""
            : $"<figcaption style=\"font-size:.85em;opacity:.85;margin-top:.25em\">{string.Join("<br>", parts)}</figcaption>";
    }

    private static string ReadLibrary()
    {
        var plotly = Resource(typeof(Trace).Assembly, PlotlyResource).Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
        var dark = JsonConvert.SerializeObject(Theme.All.ToDictionary(c => c.Light, c => c.Dark));
        var charts = Resource(typeof(PlotlyHtml).Assembly, "EmpathyNotebooks.Plotting.charts.js").Replace("__DARK__", dark, StringComparison.Ordinal);
        // An AMD or CommonJS loader on the page would take plotly.js for one of its modules.
        return $"<script>if(!window.Plotly){{(function(define,exports,module){{{plotly}\n}}).call(window);}}</script>\n<script>{charts}</script>\n";
    }

    private static string Resource(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} holds no resource {name}; it holds "
                + string.Join(", ", assembly.GetManifestResourceNames()) + ".");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
