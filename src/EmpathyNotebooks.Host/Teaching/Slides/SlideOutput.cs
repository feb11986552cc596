using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching.Slides;

/// <summary>What a slide shows of a cell's outputs.</summary>
internal enum SlideOutputKind
{
    /// <summary>The picture of a chart.</summary>
    Picture,

    /// <summary>An explorer, which is opened in the lesson.</summary>
    Explorer,

    /// <summary>A table.</summary>
    Table,

    /// <summary>A few lines that were printed.</summary>
    Lines,
}

/// <summary>An output in the form it has on a slide.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Html">Its HTML.</param>
internal sealed partial record SlideOutput(SlideOutputKind Kind, string Html)
{
    // More than these cannot be read from the last row of a room.
    private const int MostRows = 14;
    private const int MostLines = 10;

    // Longer lines break: to make all of them small would leave none to read.
    private const int LongestLine = 80;

    /// <summary>The outputs of a cell that a slide can show, in their order. Single values are said by the prose.</summary>
    public static IEnumerable<SlideOutput> Of(NotebookCell cell, string notebook)
    {
        foreach (var output in cell.Outputs)
        {
            if (output is StreamOutput { Name: "stdout" } stream && Lines(stream.Text) is { } lines) yield return lines;
            if (output is DisplayOutput display && display.Text("text/html") is { } html && Display(HtmlText.UnixLines(html), cell.Number, notebook) is { } shown) yield return shown;
        }
    }

    private static SlideOutput? Lines(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        return lines.Length is >= 2 and <= MostLines ? new SlideOutput(SlideOutputKind.Lines, $"<pre{(lines.Any(line => line.Length > LongestLine) ? " class=\"wraps\"" : "")}>{HtmlText.Escape(string.Join('\n', lines))}</pre>") : null;
    }

    private static SlideOutput? Display(string html, int cell, string notebook)
    {
        try
        {
            var tags = HtmlTags.Read(html).ToList();
            if (tags.FirstOrDefault(tag => tag.Attributes.ContainsKey("data-empathy-explorer")) is { } explorer)
                return new SlideOutput(SlideOutputKind.Explorer, $"<p>{HtmlText.Escape(explorer.Attributes["aria-label"])}</p>{Caption(html)}");
            if (tags.FirstOrDefault(tag => tag.Name == "img" && tag.Attributes.GetValueOrDefault("src", "").StartsWith("data:image/", StringComparison.Ordinal)) is { } picture)
            {
                var alt = HtmlText.Escape(picture.Attributes.GetValueOrDefault("alt", ""));
                return new SlideOutput(SlideOutputKind.Picture, $"<figure><img alt=\"{alt}\" src=\"{HtmlText.Escape(picture.Attributes["src"])}\">{Caption(html)}</figure>");
            }
            if (tags.Count(tag => tag.Name == "table") == 1 && tags.Count(tag => tag.Name == "tr") is > 1 and <= MostRows && SelfContained.FindFault(html) is null)
                return new SlideOutput(SlideOutputKind.Table, $"<div class=\"result\">{html}</div>");
            return null;
        }
        catch (FormatException fault)
        {
            throw new SiteException(notebook, cell, $"HTML that would damage the slide after it: {fault.Message}", inner: fault);
        }
    }

    // The label of the data stands first: whether they are simulated has to be seen on the slide, too. The notes behind it can be longer than a slide.
    private static string Caption(string html)
    {
        if (Figcaption().Match(html) is not { Success: true } caption) return "";
        var lines = caption.Groups[1].Value.Split("<br>");
        var origin = lines.Where(line => !line.StartsWith("Note: ", StringComparison.Ordinal));
        return $"<figcaption>{string.Join("<br>", lines.Any(line => line.StartsWith("Note: ", StringComparison.Ordinal)) ? origin.Append("Notes stand under it in the lesson.") : origin)}</figcaption>";
    }

    [GeneratedRegex("<figcaption[^>]*>(.*?)</figcaption>", RegexOptions.Singleline)]
    private static partial Regex Figcaption();
}
