using System.Globalization;
using System.Text.RegularExpressions;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>The line under the title of a lesson, in italics: <c>*30 minutes · core · before this: [Effect sizes](02-effect-sizes.ipynb)*</c>.</summary>
/// <param name="Minutes">How long it takes a reader.</param>
/// <param name="Level">How much it asks for: first steps, core, advanced.</param>
internal sealed partial record LessonFacts(int Minutes, string Level)
{
    /// <summary>What the paragraph says, and the class of the line on the page; null when it is any other paragraph.</summary>
    public static LessonFacts? Read(ParagraphBlock paragraph)
    {
        if (paragraph.Inline is not { FirstChild: EmphasisInline { DelimiterCount: 1, NextSibling: null } emphasis }) return null;
        if (Line().Match(MarkdownReader.Plain(emphasis)) is not { Success: true } line) return null;
        paragraph.GetAttributes().AddClass("facts");
        return new LessonFacts(int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture), line.Groups[2].Value);
    }

    [GeneratedRegex("^([0-9]+) minutes · (first steps|core|advanced) · (?:before this: .+|nothing needed before)$")]
    private static partial Regex Line();
}
