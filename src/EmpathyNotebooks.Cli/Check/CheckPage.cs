using System.Text;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Reporting;

namespace EmpathyNotebooks.Cli.Check;

/// <summary>A check as a page of its own: the findings, and a plot of every column with what is doubtful in it marked. It needs no network and no script.</summary>
internal static class CheckPage
{
    // The same colours as the site's, light and dark; drawings are made for white paper and keep it.
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;color:#1a1a1a;background:#fff}h1{font-size:1.5rem}h2{font-size:1.1rem;margin:1.5rem 0 .25rem;overflow-wrap:anywhere}"
        + ".wide{overflow-x:auto}.wide table{min-width:48rem}.columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:0 1.5rem}figure{margin:0;background:#fff;color:#1a1a1a}figure svg{width:100%;height:auto}"
        + "@media(prefers-color-scheme:dark){body{color:#e8e8e8;background:#181818}figure{border-radius:6px;padding:4px}}@media print{.columns section{break-inside:avoid}}";

    private static readonly PrintOptions Drawing = PrintOptions.OneColumn;

    // Within a page the drawing's own declaration has no place.
    private static string Element(string svg) => svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];

    public static string Of(TableCheck check, string file)
    {
        var table = check.Table;
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
            .Append(HtmlWriter.Escape($"Check of {file}")).Append("</title><style>").Append(Style).Append("</style></head><body><main><h1>").Append(HtmlWriter.Escape($"Check of {file}")).Append("</h1><p>")
            .Append(HtmlWriter.Escape(check.Summary)).Append(".</p>");
        if (check.Reading is { } reading)
        {
            page.Append("<p>").Append(HtmlWriter.Escape($"Read as {reading.Measure.Code} ({reading.Measure.Name}) of {reading.Meaning}: {string.Join(", ", reading.Columns.Select(c => $"{c.Key} = {c.Value}"))}.")).Append("</p>");
        }
        page.Append("<div class=\"wide\">").Append(HtmlWriter.Write(Answers.Say(check))).Append("</div><h2>The columns</h2><div class=\"columns\">");
        var rows = Enumerable.Range(0, table.Count).ToDictionary(table.LineOf);
        foreach (var column in table.Columns)
        {
            int[] marked = [.. check.Findings.Where(f => f.Column == column.Name && f.Severity != CheckSeverity.Note && f.Row is not null).Select(f => rows.GetValueOrDefault(f.Row!.Value, -1)).Where(row => row >= 0).Distinct()];
            var plot = ColumnValuesPlot.Create(column, table.Origin, new ColumnValuesPlotOptions { MarkedRows = marked });
            page.Append("<section><h2>").Append(HtmlWriter.Escape(column.Name)).Append("</h2><figure>").Append(Element(plot.ToSvg(Drawing))).Append("</figure></section>");
        }
        return page.Append("</div></main></body></html>\n").ToString();
    }
}
