using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site;
using Markdig;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Writes questions in Moodle's GIFT format: HTML with formulas as <c>\( \)</c>, which Moodle's MathJax filter sets, and for each option why it is right or wrong.</summary>
/// <remarks>Source of the format: Moodle documentation, "GIFT format".</remarks>
internal static class GiftWriter
{
    private const string Special = "\\~=#{}:";

    /// <summary>The whole file.</summary>
    public static string Write(IReadOnlyList<Lesson> lessons)
    {
        var gift = new StringBuilder("// Questions of the course EmpathyNotebooks with their answers. Moodle: question bank, import, GIFT format.\n");
        foreach (var lesson in lessons.Where(lesson => lesson.Test.Count > 0))
        {
            // A name of a category, not a text: / divides its levels.
            gift.Append(CultureInfo.InvariantCulture, $"\n$CATEGORY: $course$/EmpathyNotebooks/{lesson.Name}\n");
            for (var i = 0; i < lesson.Test.Count; i++)
            {
                var question = lesson.Test[i];
                gift.Append(CultureInfo.InvariantCulture, $"\n::{Escaped(lesson.Name)}, question {i + 1}::[html]{Html(question.Stem)}{{\n");
                foreach (var option in question.Options)
                    gift.Append(CultureInfo.InvariantCulture, $"\t{(option.IsRight ? '=' : '~')}{Html(option.Text)}#{Html(option.Why)}\n");
                gift.Append("}\n");
            }
        }
        return gift.ToString();
    }

    private static string Html(string markdown)
    {
        var html = Markdown.ToHtml(HtmlText.UnixLines(markdown), MarkdownReader.Dialect).Trim();
        // One paragraph alone needs no element of its own, but where its beginning would be read as a weight (%50%) or the name of a format ([markdown]), which no sign escapes.
        if (!html.StartsWith("<p>%", StringComparison.Ordinal) && !html.StartsWith("<p>[", StringComparison.Ordinal) && html.StartsWith("<p>", StringComparison.Ordinal) && html.LastIndexOf("<p>", StringComparison.Ordinal) == 0 && html.EndsWith("</p>", StringComparison.Ordinal)) html = html[3..^4];
        return Escaped(html, html.Contains("<pre", StringComparison.Ordinal) ? "\\n" : " ");
    }

    private static string Escaped(string text, string lineEnd = " ")
    {
        var gift = new StringBuilder(text.Length + 32);
        foreach (var letter in text)
        {
            if (Special.Contains(letter)) gift.Append('\\').Append(letter);
            // An empty line would end the question.
            else if (letter == '\n') gift.Append(lineEnd);
            else gift.Append(letter);
        }
        return gift.ToString();
    }
}
