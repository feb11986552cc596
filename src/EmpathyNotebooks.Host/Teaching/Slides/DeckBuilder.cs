using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site;
using Markdig.Helpers;

namespace EmpathyNotebooks.Host.Teaching.Slides;

/// <summary>Makes the slides of a lesson from its own words and outputs.</summary>
/// <param name="lesson">The lesson, executed.</param>
/// <param name="prose">Writes its Markdown.</param>
/// <param name="page">The address of the lesson's page, from the slides.</param>
internal sealed class DeckBuilder(Lesson lesson, ProseWriter prose, string page)
{
    private const int Words = 60;
    private const int CaptionWords = 35;

    // A longer question stands on the slide before its answer only.
    private const int StemWords = 60;

    private static readonly HashSet<string> NoSection = new(["Exercises", "Further reading"], StringComparer.Ordinal);

    private readonly List<Slide> _slides = [];

    /// <summary>The slides in their order. That of a section that begins with no whole sentence and has no words for its slide holds its heading alone.</summary>
    public IReadOnlyList<Slide> Build()
    {
        AddTitle();
        if (lesson.Puzzle is { } puzzle) AddQuestion(puzzle, "Puzzle", "puzzle");
        AddBoxes("Learning goals", "goals");
        AddSections();
        AddBoxes("Watch out", "watch");
        AddBoxes("Report it", "report");
        for (var i = 0; i < lesson.Test.Count; i++) AddQuestion(lesson.Test[i], Invariant($"Question {i + 1}"), "question");
        foreach (var exercise in lesson.Exercises) Add(Invariant($"Exercise {exercise.Number}"), "exercise", prose.Html(exercise.Cell, exercise.Text), exercise.Cell);
        return _slides;
    }

    private void AddTitle()
    {
        var paragraphs = lesson.Blocks.TakeWhile(block => block is not LessonBlock.Box).OfType<LessonBlock.Paragraph>().ToList();
        var heading = lesson.Blocks.OfType<LessonBlock.Heading>().First(block => block.Level == 1);
        var body = new StringBuilder();
        if (lesson.Number.Length > 0) body.Append($"<p class=\"lesson\">Lesson {lesson.Number}</p>\n");
        foreach (var paragraph in paragraphs.Take(2)) body.Append(prose.Html(paragraph.Cell, paragraph.Text)).Append('\n');
        Add(prose.Inline(heading.Cell, heading.Text), Plain(heading), "title", body.ToString(), heading.Cell);
    }

    private void AddQuestion(LessonQuestion question, string name, string kind)
    {
        var stem = prose.Html(question.Cell, question.Stem);
        string Options(bool shown)
        {
            var list = new StringBuilder("<ul class=\"options\">\n");
            foreach (var option in question.Options)
            {
                var mark = shown && option.IsRight ? " class=\"right\"" : "";
                list.Append($"<li{mark}><b>{option.Letter}</b><div><p>{prose.Inline(question.Cell, option.Text)}</p>");
                if (shown) list.Append($"<div class=\"why\">{prose.Html(question.Cell, option.Why)}</div>");
                list.Append("</div></li>\n");
            }
            return list.Append("</ul>").ToString();
        }
        Add(name, kind, $"{stem}\n{Options(shown: false)}", question.Cell);
        var again = question.Stem.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length <= StemWords ? $"<div class=\"stem\">{stem}</div>\n" : "";
        Add($"{name}: the answer is {question.Right.Letter}", kind + " answer", again + Options(shown: true), question.Cell);
    }

    private void AddBoxes(string title, string kind)
    {
        foreach (var box in lesson.Blocks.OfType<LessonBlock.Box>().Where(box => box.Title == title || box.Title.StartsWith(title + ":", StringComparison.Ordinal)))
            Add(box.Title, kind, prose.Html(box.Cell, box.Text), box.Cell);
    }

    private void AddSections()
    {
        var blocks = lesson.Blocks;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i] is not LessonBlock.Heading { Level: 2 } heading || NoSection.Contains(heading.Text)) continue;
            var section = blocks.Skip(i + 1).TakeWhile(block => block is not LessonBlock.Heading { Level: 2 }).ToList();
            AddSection(heading, section);
        }
    }

    private void AddSection(LessonBlock.Heading heading, List<LessonBlock> section)
    {
        var before = section.TakeWhile(block => block is not LessonBlock.Code).ToList();
        var own = before.OfType<LessonBlock.SlideWords>().ToList();
        var statement = own.Count > 0 ? string.Join("\n\n", own.Select(words => words.Text))
            : before.OfType<LessonBlock.Paragraph>().Select(paragraph => Sentences.First(paragraph.Text, Words)).FirstOrDefault(text => text.Length > 0);
        var title = prose.Inline(heading.Cell, heading.Text);
        // What is simulated is called so wherever it shows.
        var simulated = section.OfType<LessonBlock.Box>().Where(box => box.Title == "Simulated data").Select(box => $"\n<div class=\"simulated\"><b>Simulated data</b>{prose.Html(box.Cell, box.Text)}</div>");
        Add(title, Plain(heading), "section", prose.Html(heading.Cell, statement ?? "") + string.Concat(simulated), heading.Cell);

        var outputs = section.Select((block, i) => (block, i)).Where(one => one.block is LessonBlock.Code)
            .SelectMany(one => SlideOutput.Of(lesson.Document.Cells[one.block.Cell - 1], lesson.FileName).Select(output => (Output: output, one.block.Cell, After: After(section, one.i, output.Kind)))).ToList();
        var shown = outputs.Where(one => one.Output.Kind is SlideOutputKind.Picture or SlideOutputKind.Explorer).ToList();
        // Charts say more from the wall; a table, also one of the prose, or printed lines only where a section has none.
        if (shown.Count == 0 && own.Count == 0)
            outputs.AddRange(section.OfType<LessonBlock.Other>().Where(block => block.Text.StartsWith('|')).Select(table => (new SlideOutput(SlideOutputKind.Table, prose.Html(table.Cell, table.Text)), table.Cell, "")));
        if (shown.Count == 0) shown = [.. outputs.OrderBy(one => one.Output.Kind).Take(1)];
        foreach (var (output, cell, after) in shown)
        {
            var words = after.Length > 0 ? $"<div class=\"says\">{prose.Html(cell, after)}</div>\n" : "";
            var open = output.Kind == SlideOutputKind.Explorer
                ? $"<p class=\"open\"><a target=\"_blank\" rel=\"noopener\" href=\"{HtmlText.Escape(page)}#{Uri.EscapeDataString(Id(heading))}\">Open the explorer in the lesson (new tab)</a></p>" : "";
            Add(title, Plain(heading), output.Kind.ToString().ToLowerInvariant(), $"{words}{output.Html}{open}", cell);
        }
    }

    // What the lesson says of an output follows it; of an explorer also the list of what to try.
    private static string After(List<LessonBlock> section, int code, SlideOutputKind kind)
    {
        var next = section.ElementAtOrDefault(code + 1);
        if (next is LessonBlock.SlideWords own) return own.Text;
        if (next is not LessonBlock.Paragraph paragraph) return "";
        var words = Sentences.First(paragraph.Text, CaptionWords);
        return kind == SlideOutputKind.Explorer && section.ElementAtOrDefault(code + 2) is LessonBlock.Other list && IsList(list.Text) ? $"{words}\n\n{list.Text}".Trim() : words;
    }

    private static bool IsList(string text) => text.StartsWith("- ", StringComparison.Ordinal) || text.StartsWith("1. ", StringComparison.Ordinal);

    // As the lesson's page names its headings.
    private static string Id(LessonBlock.Heading heading) => LinkHelper.UrilizeAsGfm(Plain(heading));

    private static string Plain(LessonBlock.Heading heading) =>
        Markdig.Markdown.Parse("# " + heading.Text, MarkdownReader.Dialect)[0] is Markdig.Syntax.HeadingBlock { Inline: { } words } ? MarkdownReader.Plain(words) : heading.Text;

    private void Add(string name, string kind, string body, int cell) => Add(HtmlText.Escape(name), name, kind, body, cell);

    private void Add(string title, string name, string kind, string body, int cell) => _slides.Add(new Slide(title, name, kind, body, cell));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
