using System.Text.RegularExpressions;
using Markdig.Extensions.Footnotes;
using Markdig.Extensions.Mathematics;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace EmpathyNotebooks.Host.Site;

/// <summary>A word of the glossary.</summary>
/// <param name="Id">Its name in addresses, such as <c>prediction-interval</c>.</param>
/// <param name="Title">The word as plain text.</param>
/// <param name="TitleHtml">The same with formulas and emphasis.</param>
/// <param name="Forms">The texts by which it is known in prose, its title among them.</param>
/// <param name="Formulas">The formulas by which it is known, as TeX.</param>
/// <param name="AlsoHtml">The line of other names and the symbol; empty when there is none.</param>
/// <param name="Definition">What it means.</param>
/// <param name="Lesson">The paragraph that names the lesson which explains it; null when none does.</param>
internal sealed record GlossaryTerm(
    string Id, string Title, string TitleHtml, IReadOnlyList<string> Forms, IReadOnlyList<string> Formulas, string AlsoHtml, ParagraphBlock Definition, ParagraphBlock? Lesson);

/// <summary>The glossary of a course, read from Markdown.</summary>
/// <remarks>
/// An entry is a heading of the third level, a paragraph that may begin with other names in italics (<c>*Also: PET, PEESE. Symbol: $d$.*</c>), and a paragraph
/// <c>Lesson: [title](file.ipynb)</c> where a lesson explains the word.
/// </remarks>
internal sealed partial class Glossary
{
    /// <summary>The file beside the notebooks.</summary>
    public const string FileName = "glossary.md";

    /// <summary>It is read as one cell.</summary>
    public const int Cell = 1;

    private Glossary(MarkdownReader reader, MarkdownDocument document, IReadOnlyList<GlossaryTerm> terms)
    {
        Reader = reader;
        Introduction = [.. document.TakeWhile(block => block is not HeadingBlock { Level: 3 }).Where(block => block is not HeadingBlock)];
        Terms = terms;
    }

    /// <summary>Sets its formulas.</summary>
    public MarkdownReader Reader { get; }

    /// <summary>What stands before the first entry, without the title.</summary>
    public IReadOnlyList<Block> Introduction { get; }

    /// <summary>Its entries in the order of the file.</summary>
    public IReadOnlyList<GlossaryTerm> Terms { get; }

    /// <summary>Reads it.</summary>
    /// <param name="markdown">Its text.</param>
    /// <param name="tex">Sets formulas.</param>
    /// <param name="folder">The folder it lies in; null where that is not known.</param>
    /// <exception cref="SiteException">It has no entry, an entry has no meaning, two have the same name, or something belongs to no entry and would be left out.</exception>
    public static Glossary Read(string markdown, TeX tex, string? folder = null)
    {
        var reader = new MarkdownReader(FileName, tex, new ProseSource(FileName, folder, 1));
        var document = reader.Read(Cell, markdown).Document;
        var terms = new List<GlossaryTerm>();
        var owners = new Dictionary<string, GlossaryTerm>(StringComparer.OrdinalIgnoreCase);
        SiteException Fault(Block at, string fault) => new(FileName, Cell, fault, line: reader.LineOf(Cell, at));
        var isShown = document.TakeWhile(block => block is not HeadingBlock { Level: 3 }).ToHashSet<Block>();
        foreach (var (i, block) in document.Index())
        {
            if (block is not HeadingBlock { Level: 3 } heading)
            {
                if (block is FootnoteGroup and [var note, ..]) throw Fault(note, "a footnote has no place in a glossary; say it in the entry.");
                if (!isShown.Contains(block) && block is not LinkReferenceDefinitionGroup)
                    throw Fault(block, block is HeadingBlock { Level: var level } ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a heading of level {level} is not shown behind the first entry; entries begin with ###.") : "this belongs to no entry and would be left out.");
                continue;
            }
            var found = reader.Headings.First(h => h.Id == Markdig.Renderers.Html.HtmlAttributesExtensions.GetAttributes(heading).Id);
            if (string.IsNullOrWhiteSpace(found.Text)) throw Fault(heading, "a heading of the third level (###) has no word behind it.");
            if (document.ElementAtOrDefault(i + 1) is not ParagraphBlock meaning || IsLesson(meaning))
                throw Fault(heading, $"the entry \"{found.Text}\" has no paragraph that says what it means.");
            var lesson = document.ElementAtOrDefault(i + 2) is ParagraphBlock next && IsLesson(next) ? next : null;
            if (document.ElementAtOrDefault(i + (lesson is null ? 2 : 3)) is { } more and not (HeadingBlock or LinkReferenceDefinitionGroup or FootnoteGroup))
                throw Fault(more, $"the entry \"{found.Text}\" has more than one paragraph before its lesson: {more.GetType().Name}.");
            isShown.UnionWith([meaning, .. lesson is null ? [] : new Block[] { lesson }]);
            var (forms, formulas, also) = Names(meaning, reader);
            var term = new GlossaryTerm(found.Id, found.Text, found.Html, [.. forms.Prepend(found.Text).Where(form => form.Length > 1)], formulas, also, meaning, lesson);
            foreach (var form in term.Forms.Concat(term.Formulas.Select(formula => $"${formula}$")))
            {
                if (owners.TryAdd(form, term)) continue;
                var other = owners[form];
                throw Fault(heading, other == term ? $"the entry \"{term.Title}\" has the name \"{form}\" twice, in whatever case: write it once."
                    : string.Equals(other.Title, term.Title, StringComparison.OrdinalIgnoreCase) ? $"there are two entries \"{term.Title}\": put what they mean into one."
                    : $"\"{form}\" stands for \"{other.Title}\" and for \"{term.Title}\".");
            }
            terms.Add(term);
        }
        return terms.Count > 0 ? new Glossary(reader, document, terms) : throw new SiteException(FileName, null, "there is no entry. An entry begins with ### and its word.");
    }

    private static bool IsLesson(ParagraphBlock paragraph) => paragraph.Inline?.FirstChild is LiteralInline first && first.Content.ToString().StartsWith("Lesson: ", StringComparison.Ordinal);

    // Takes the line of names out of the paragraph, which then is the meaning alone.
    private static (IReadOnlyList<string> Forms, IReadOnlyList<string> Formulas, string Html) Names(ParagraphBlock meaning, MarkdownReader reader)
    {
        if (meaning.Inline!.FirstChild is not EmphasisInline { DelimiterCount: 1 } names || !Beginning().IsMatch(MarkdownReader.Plain(names))) return ([], [], "");
        var html = reader.InlineHtml(names, Cell);
        var formulas = new List<string>();
        var text = "";
        foreach (var part in names)
        {
            // What stands behind "Symbol:" is how it is written in formulas, where it is no word to explain.
            if (part is MathInline math && !text.Contains("Symbol:", StringComparison.Ordinal)) formulas.Add(math.Content.ToString().Trim());
            else text += MarkdownReader.Plain(part);
        }
        var also = Beginning().Match(text) is { Groups: [_, { Value: "Also" }] } ? text["Also:".Length..].Split("Symbol:")[0].Trim().TrimEnd('.') : "";
        if (names.NextSibling is LiteralInline after) after.Content.TrimStart();
        names.Remove();
        return ([.. also.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)], formulas, html);
    }

    [GeneratedRegex("^(Also|Symbol):")]
    private static partial Regex Beginning();
}
