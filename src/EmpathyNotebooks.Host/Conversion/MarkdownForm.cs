using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Conversion;

/// <summary>A notebook as Markdown: prose as it stands, code and what it printed in fences.</summary>
public static partial class MarkdownForm
{
    /// <summary>Whether a cell shows something that plain Markdown cannot: a chart that a script draws.</summary>
    /// <param name="document">The notebook, with its outputs.</param>
    public static bool HasCharts(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.Cells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>().Any(IsChart);
    }

    /// <summary>Writes a notebook. Of a chart it writes the text alternative, and a link to the page that has the chart.</summary>
    /// <param name="document">The notebook, with its outputs.</param>
    /// <param name="page">The name of the HTML page of the same notebook; null when there is none.</param>
    public static string Write(NotebookDocument document, string? page)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder();
        foreach (var cell in document.Cells)
        {
            switch (cell.Type)
            {
                case NotebookCellType.Markdown:
                    Block(text, WithPictures(cell));
                    break;
                case NotebookCellType.Raw:
                    Fence(text, "text", cell.Source);
                    break;
                default:
                    if (cell.Source.Trim().Length > 0) Fence(text, "csharp", cell.Source);
                    foreach (var output in cell.Outputs) Append(text, output, page);
                    break;
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, NotebookOutput output, string? page)
    {
        switch (output)
        {
            case StreamOutput stream:
                Fence(text, "text", stream.Text);
                break;
            case ErrorOutput error:
                Fence(text, "text", error.Traceback.Count > 0 ? string.Join('\n', error.Traceback) : $"{error.Name}: {error.Value}");
                break;
            case DisplayOutput display when IsChart(display):
                var words = display.Text("text/plain") ?? "";
                Block(text, $"> **Chart.** {words.Trim().Replace("\n", "  \n> ", StringComparison.Ordinal)}"
                    + (page is null ? "" : $"  \n> [The interactive chart]({Uri.EscapeDataString(page)})"));
                break;
            case DisplayOutput display when display.Text("text/markdown") is { } markdown:
                Block(text, markdown);
                break;
            case DisplayOutput display when Picture(display) is { } picture:
                Block(text, picture);
                break;
            case DisplayOutput display when display.Text("text/plain") is { } plain:
                Fence(text, "text", plain);
                break;
        }
    }

    private static bool IsChart(DisplayOutput display) =>
        display.Text("text/html") is { } html
        && (html.Contains("<figure class=\"empathy-chart\"", StringComparison.Ordinal) || html.Contains("<div class=\"empathy-explorer\"", StringComparison.Ordinal));

    private static string? Picture(DisplayOutput display)
    {
        foreach (var type in new[] { "image/png", "image/jpeg", "image/gif" })
        {
            if (display.Text(type) is { } data) return $"![{display.Text("text/plain")?.Replace("\n", " ") ?? "Picture"}](data:{type};base64,{WhiteSpace().Replace(data, "")})";
        }

        return display.Text("image/svg+xml") is { } svg
            ? $"![{display.Text("text/plain")?.Replace("\n", " ") ?? "Picture"}](data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))})"
            : null;
    }

    // A picture that lies within the cell goes with it.
    private static string WithPictures(NotebookCell cell)
    {
        var source = cell.Source;
        foreach (var (name, bundle) in cell.Attachments ?? [])
        {
            if (bundle is System.Text.Json.Nodes.JsonObject forms && forms.FirstOrDefault() is { Key: { } type, Value: { } data })
            {
                source = source.Replace($"attachment:{name}", $"data:{type};base64,{WhiteSpace().Replace(data.ToString(), "")}", StringComparison.Ordinal);
            }
        }

        return source;
    }

    private static void Fence(StringBuilder text, string language, string content)
    {
        // Longer than any in the text, so that it cannot end there.
        var most = Backticks().Matches(content).Select(match => match.Length).DefaultIfEmpty(0).Max();
        var fence = new string('`', Math.Max(3, most + 1));
        Block(text, $"{fence}{language}\n{content.TrimEnd('\n')}\n{fence}");
    }

    private static void Block(StringBuilder text, string block)
    {
        if (block.Trim().Length == 0) return;
        if (text.Length > 0) text.Append('\n');
        text.Append(block.TrimEnd('\n')).Append('\n');
    }

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
