using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching.Slides;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>The sections of <c>teaching.html</c> that follow from the lessons: slides, handouts, question bank.</summary>
internal static class TeachingPage
{
    /// <summary>The sections: id, title, HTML.</summary>
    public static IReadOnlyList<(string Id, string Title, string Html)> Sections(
        IReadOnlyList<(Lesson Lesson, string Path, IReadOnlyList<Slide> Slides)> decks, IReadOnlyList<ReadPage> guides, IReadOnlyList<ReadPage> lessons)
    {
        var sections = new List<(string, string, string)>();
        if (guides.Count > 0) sections.Add(("syllabi", "Syllabi", List(guides.Select(guide => $"<a href=\"{Uri.EscapeDataString(guide.HtmlName)}\">{guide.Title.Html}</a>"))));
        sections.Add(("decks", "Slides of the lessons", "<p>Arrow keys turn, O lists all slides, T changes between light and dark. Printed or saved as PDF, each slide is a page.</p>\n" + Slides(decks, lessons)));
        sections.Add(("handouts", "Student notebooks and key", List([
            "<a href=\"teaching/student-notebooks.zip\" download>Student notebooks</a> (zip): the lessons without the solutions of their exercises, with empty cells to work in. Unpack it in the folder of the repository, beside <code>notebooks</code>.",
            "<a href=\"exercise-key.html\">Key</a>: every exercise with its solution, by lesson; the same <a href=\"teaching/exercise-key.md\" download>as Markdown</a>.",
        ])));
        var questions = decks.Sum(deck => deck.Lesson.Test.Count).ToString(CultureInfo.InvariantCulture);
        sections.Add(("question-bank", "Question bank", $"<p>{questions} questions with their answers, and for each option why it is right or wrong. They are those of the lessons' tests.</p>\n" + List([
            "<a href=\"teaching/questions.gift\" download>Moodle GIFT</a>: question bank, import, GIFT format. Formulas are TeX, which Moodle's MathJax filter sets.",
            "<a href=\"teaching/questions-qti.zip\" download>IMS QTI 2.1</a> (zip): for platforms that read this standard. Formulas are MathML.",
        ])));
        return sections;
    }

    private static string Slides(IReadOnlyList<(Lesson Lesson, string Path, IReadOnlyList<Slide> Slides)> decks, IReadOnlyList<ReadPage> lessons)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Lesson</th><th scope=\"col\">Time to read it</th><th scope=\"col\">Slides</th></tr></thead>\n<tbody>\n");
        foreach (var (lesson, path, slides) in decks)
        {
            var page = lessons.First(one => one.FileName == lesson.FileName);
            var minutes = page.Facts is { } facts ? string.Create(CultureInfo.InvariantCulture, $"{facts.Minutes} minutes") : "";
            table.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{lesson.Number} <a href=\"{Uri.EscapeDataString(page.HtmlName)}\">{page.Title.Html}</a></th><td>{minutes}</td><td><a href=\"{HtmlText.Escape(path)}\" aria-label=\"{slides.Count} slides of {HtmlText.Escape(page.Title.Text)}\">{slides.Count} slides</a></td></tr>\n");
        }
        return table.Append("</tbody>\n</table></div>").ToString();
    }

    private static string List(IEnumerable<string> items) => $"<ul>\n{string.Concat(items.Select(item => $"<li>{item}</li>\n"))}</ul>";
}
