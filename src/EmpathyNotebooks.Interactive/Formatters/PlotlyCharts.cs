using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace EmpathyNotebooks;

/// <summary>
/// A reader's own charts of Plotly.NET: their traces and their layout as they are, drawn by the plotly.js that <see cref="Notebook.Start"/> brought
/// into the page. Plotly.NET's own way to HTML is not taken: it loads plotly.js from the network and names elements at random.
/// </summary>
internal static class PlotlyCharts
{
    private const int DefaultHeight = 450;

    public static string Html(GenericChart chart)
    {
        var json = Json(chart);
        var id = "figure-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        var text = HtmlWriter.Escape(Text(chart));
        var height = Layout(chart)["height"] is { Type: JTokenType.Integer or JTokenType.Float } given ? given.Value<double>() : DefaultHeight;
        // Every element of this name that nothing has drawn: a page may show the same chart twice, and scripts may run late.
        return new StringBuilder("<figure class=\"empathy-figure\" style=\"margin:1em 0\">")
            .Append(CultureInfo.InvariantCulture, $"<div data-empathy-figure=\"{id}\" role=\"img\" aria-label=\"{text}\" style=\"width:100%;min-height:{height:F0}px\"><p>{text}</p></div>")
            .Append("<script>(function(f){(function draw(){if(!window.Plotly){setTimeout(draw,100);return;}")
            .Append("document.querySelectorAll('[data-empathy-figure=\"").Append(id).Append("\"]:not([data-drawn])').forEach(function(e){")
            .Append("e.setAttribute(\"data-drawn\",\"true\");e.textContent=\"\";Plotly.newPlot(e,f.data,f.layout,f.config);});})();})(").Append(json).Append(");</script></figure>")
            .ToString();
    }

    /// <summary>What the chart shows, as far as its traces say it: their kinds, their names and how many points they have.</summary>
    public static string Text(GenericChart chart)
    {
        var traces = JArray.Parse(Serialise(GenericChart.getTraces(chart)));
        var title = Layout(chart)["title"] is JObject { } named ? (string?)named["text"] : (string?)(Layout(chart)["title"] as JValue);
        var parts = traces.Select(trace =>
        {
            var name = (string?)(trace["name"] as JValue);
            // A trace that says nothing of its kind is one of points or lines.
            var kind = (string?)(trace["type"] as JValue) ?? "scatter";
            var count = new[] { "x", "y", "z", "values" }.Max(axis => (trace[axis] as JArray)?.Count ?? 0);
            return (string.IsNullOrEmpty(name) ? kind : $"{name} ({kind})") + (count > 0 ? $", {StatisticText.Count(count)} {(count == 1 ? "value" : "values")}" : "");
        }).ToList();
        var shown = parts.Count <= 10 ? parts : [.. parts.Take(10), $"and {StatisticText.Count(parts.Count - 10)} more"];
        return $"Chart{(string.IsNullOrEmpty(title) ? "" : $": {title}")}. {(parts.Count == 0 ? "It has no traces." : $"Traces: {string.Join("; ", shown)}.")}";
    }

    private static string Json(GenericChart chart)
    {
        var config = JObject.Parse(Serialise(GenericChart.getConfig(chart)));
        // As wide as the notebook, also where the chart does not ask for it.
        config["responsive"] ??= true;
        config["displaylogo"] ??= false;
        return Serialise(new Dictionary<string, object?>
        {
            ["data"] = GenericChart.getTraces(chart), ["layout"] = GenericChart.getLayout(chart), ["config"] = config,
        });
    }

    private static JObject Layout(GenericChart chart) => JObject.Parse(Serialise(GenericChart.getLayout(chart)));

    private static string Serialise(object value) => JsonConvert.SerializeObject(value, new JsonSerializerSettings
    {
        // Inside a script element no "<" may stand, whatever the data hold.
        StringEscapeHandling = StringEscapeHandling.EscapeHtml,
        Formatting = Formatting.None,
        Culture = CultureInfo.InvariantCulture,
        // Plotly.NET's objects refer to one another, as in a template; they are trees all the same.
        ReferenceLoopHandling = ReferenceLoopHandling.Serialize,
    });
}
