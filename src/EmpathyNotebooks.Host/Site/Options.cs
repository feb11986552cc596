using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>The options of a puzzle or a question of a test: in Markdown a list of boxes to tick, <c>- [ ] A. 59 of 100</c>; on the page one of them can be chosen.</summary>
/// <remarks>The answer follows as a fold and begins with the right option's letter in bold. The page's script keeps the choice and shows it in the answer.</remarks>
internal static partial class Options
{
    private static readonly object NameKey = new();

    /// <summary>Whether each item of a list is a box with a letter.</summary>
    public static bool Are(ListBlock list) => list.Cast<ListItemBlock>().All(item => item is [ParagraphBlock { Inline.FirstChild: TaskList } text, ..] && Lettered().IsMatch(Text(text)));

    /// <summary>Takes the boxes away, and names the question.</summary>
    public static void Mark(ListBlock list, string notebook, int number)
    {
        foreach (var item in list.Cast<ListItemBlock>())
        {
            var words = ((ParagraphBlock)item[0]).Inline!;
            words.FirstChild!.Remove();
            if (words.FirstChild is LiteralInline letter) letter.Content.TrimStart();
        }
        list.SetData(NameKey, string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(notebook)}-question-{number}"));
    }

    /// <summary>The name of the question whose options these are; null for any other list.</summary>
    public static string? NameOf(Block block) => block is ListBlock list ? list.GetData(NameKey) as string : null;

    /// <summary>Writes them.</summary>
    public static void Write(HtmlRenderer html, ListBlock list, string name)
    {
        html.WriteLine("<div class=\"options\">");
        foreach (var item in list.Cast<ListItemBlock>())
        {
            var text = (ParagraphBlock)item[0];
            var letter = Lettered().Match(Text(text)).Groups[1].Value;
            html.Write($"<label><input type=\"radio\" name=\"{HtmlText.Escape(name)}\" value=\"{letter}\"> <span>");
            html.WriteLeafInline(text);
            html.WriteLine("</span></label>");
        }
        html.WriteLine("</div>");
    }

    private static string Text(ParagraphBlock text) => string.Concat(text.Inline!.Where(part => part is not TaskList).Select(MarkdownReader.Plain)).Trim();

    [GeneratedRegex(@"^([A-F])\. \S")]
    private static partial Regex Lettered();
}
