using System.Globalization;
using System.Text;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>Every exercise with its solution and every question of the tests with its answer, by lesson: what a lecturer keeps when the student notebooks go out.</summary>
public static class ExerciseKey
{
    private const string Title = "Key to the exercises and tests";

    /// <summary>The key as Markdown.</summary>
    /// <param name="lessons">The lessons in their order.</param>
    public static string ToMarkdown(IReadOnlyList<Lesson> lessons)
    {
        ArgumentNullException.ThrowIfNull(lessons);
        var text = new StringBuilder($"# {Title}\n\nThe code of a solution runs after the cells of its lesson, in the same session. Simulated data are called so in the lesson.\n");
        foreach (var lesson in lessons)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {(lesson.Number.Length > 0 ? lesson.Number + " " : "")}{lesson.Title}\n");
            foreach (var exercise in lesson.Exercises)
                text.Append(CultureInfo.InvariantCulture, $"\n### Exercise {exercise.Number}\n\n{exercise.Text}\n\n**Solution**\n\n{exercise.Solution}\n");
            if (lesson.Test.Count == 0) continue;
            text.Append("\n### Answers of the test\n\n");
            for (var i = 0; i < lesson.Test.Count; i++)
                text.Append(CultureInfo.InvariantCulture, $"{i + 1}. **{lesson.Test[i].Right.Letter}.** {lesson.Test[i].Right.Text}\n");
        }
        return text.ToString();
    }

    /// <summary>The key as a page.</summary>
    /// <param name="lessons">The lessons in their order.</param>
    /// <exception cref="SiteException">A formula cannot be shown.</exception>
    public static string ToHtml(IReadOnlyList<Lesson> lessons)
    {
        using var tex = new TeX();
        return GuidePage.Render(Read(lessons, tex), [], new SiteMap([], SiteForm.SingleFile, []));
    }

    /// <summary>The key as a page of a site.</summary>
    internal static ReadPage Read(IReadOnlyList<Lesson> lessons, TeX tex) => GuidePage.Read("exercise-key.md", tex, source: null, ToMarkdown(lessons));
}
