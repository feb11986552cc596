using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site.Search;

/// <summary>The prose of a lesson, section by section, as a reader may look for it.</summary>
internal static partial class LessonSections
{
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["alpha"] = "α", ["beta"] = "β", ["gamma"] = "γ", ["delta"] = "δ", ["Delta"] = "Δ", ["eta"] = "η", ["theta"] = "θ", ["lambda"] = "λ", ["mu"] = "μ", ["rho"] = "ρ", ["sigma"] = "σ",
        ["tau"] = "τ", ["phi"] = "φ", ["Phi"] = "Φ", ["chi"] = "χ", ["omega"] = "ω", ["le"] = "≤", ["ge"] = "≥", ["ne"] = "≠", ["approx"] = "≈", ["pm"] = "±", ["times"] = "×", ["cdot"] = "·",
        ["infty"] = "∞", ["sqrt"] = "√", ["sum"] = "Σ", ["sim"] = "~",
    };

    /// <summary>A part for each heading, with the text up to the next.</summary>
    public static IEnumerable<SearchEntry> Of(ReadPage page)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{page.Number:00} {Plain(page.Title.Text)}");
        Heading? heading = null;
        var title = "";
        var text = new StringBuilder();
        var headings = page.Reader.Headings.ToDictionary(one => one.Id, StringComparer.Ordinal);
        foreach (var cell in page.Document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown))
        {
            foreach (var block in page.Prose(cell.Number).Document)
            {
                if (block is HeadingBlock found && headings.TryGetValue(found.GetAttributes().Id ?? "", out var next))
                {
                    if (heading is not null) yield return Entry();
                    (heading, title, text) = (next, Words(found.Inline!), new StringBuilder());
                }
                else
                {
                    Append(text, block);
                }
            }
        }

        if (heading is not null) yield return Entry();

        SearchEntry Entry() => new(SearchEntry.Lessons, name, title,
            Uri.EscapeDataString(page.HtmlName) + (heading.Level == 1 ? "" : "#" + Uri.EscapeDataString(heading.Id)), Spaces().Replace(text.ToString(), " ").Trim());
    }

    private static void Append(StringBuilder text, MarkdownObject block)
    {
        switch (block)
        {
            // Code is found by the names of the API; a formula that stands alone says nothing in a line of text.
            case CodeBlock or HtmlBlock: break;
            case LeafBlock { Inline: { } inline }:
                text.Append(Words(inline)).Append(' ');
                break;
            case QuoteBlock quote:
                if (Box.Of(quote) is (var title, _)) text.Append(Tags().Replace(title, "")).Append(": ");
                foreach (var inner in quote) Append(text, inner);
                break;
            case ContainerBlock container:
                foreach (var inner in container) Append(text, inner);
                break;
        }
    }

    /// <summary>The words of a text, formulas as they would be typed.</summary>
    public static string Words(Inline inline) => inline switch
    {
        MathInline { DelimiterCount: 2 } => "",
        MathInline math => Plain(math.Content.ToString()),
        HtmlInline => "",
        ContainerInline container => string.Concat(container.Select(Words)),
        _ => MarkdownReader.Plain(inline),
    };

    /// <summary>A formula as it would be typed: τ² for <c>\hat\tau^2</c>.</summary>
    internal static string Plain(string tex)
    {
        var signs = Command().Replace(tex, match => Signs.GetValueOrDefault(match.Groups[1].Value, ""));
        return Rest().Replace(signs.Replace("^2", "²", StringComparison.Ordinal), "").Replace('~', ' ');
    }

    [GeneratedRegex(@"\\([A-Za-z]+)\s*")]
    private static partial Regex Command();

    [GeneratedRegex(@"[\\{}_^&,;!]")]
    private static partial Regex Rest();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
