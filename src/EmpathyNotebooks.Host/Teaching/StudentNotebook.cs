using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Teaching;

/// <summary>The version of a lesson that is handed to students: without the solutions of its exercises, with cells to work in.</summary>
/// <remarks>
/// All other cells are as they were, so that it runs as the lesson does. Puzzles keep their answers, and so does the test, which is there to test oneself; they are
/// folded. A lecturer who grades the test takes its answers out, too.
/// </remarks>
public static partial class StudentNotebook
{
    /// <summary>Makes it.</summary>
    /// <param name="page">The lesson; its outputs are left out.</param>
    /// <param name="keepsAnswers">Whether the answers of "Test your knowledge" stay in.</param>
    /// <exception cref="SiteException">A question or exercise is not complete, so that it cannot be told what its answer is.</exception>
    public static NotebookDocument Of(SitePage page, bool keepsAnswers = true)
    {
        ArgumentNullException.ThrowIfNull(page);
        // Before anything is taken out it has to be clear that all of it was found.
        var lesson = Lesson.Read(page);
        var student = CanonicalForm.Of(page.Document);
        if (lesson is null) return student;
        var ids = student.Cells.Select(cell => cell.Id!).ToHashSet(StringComparer.Ordinal);
        var cells = new JsonArray();
        foreach (var cell in student.Cells.ToList())
        {
            var node = (JsonObject)cell.Node.DeepClone();
            cells.Add((JsonNode)node);
            if (cell.Type != NotebookCellType.Markdown) continue;
            var source = HtmlText.UnixLines(cell.Source);
            var exercises = lesson.Exercises.Where(exercise => exercise.Cell == cell.Number).ToList();
            if (exercises.Count > 1)
                throw new SiteException(page.FileName, cell.Number, "two exercises stand in one cell, so that there is no place for a cell to work in. Give each a cell of its own.");
            if (exercises.Count > 0) source = Solution().Replace(source, "");
            if (!keepsAnswers && lesson.Test.Any(question => question.Cell == cell.Number)) source = Answer().Replace(source, "");
            node["source"] = source.TrimEnd();
            foreach (var exercise in exercises) AddRoom(cells, exercise, ids);
        }
        var root = (JsonObject)student.Root.DeepClone();
        root["cells"] = cells;
        return CanonicalForm.Of(NotebookDocument.Parse(root.ToJsonString(), page.FileName));
    }

    // Words are asked of every exercise: a number without what it says is half an answer.
    private static void AddRoom(JsonArray cells, LessonExercise exercise, HashSet<string> ids)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"exercise-{exercise.Number}");
        if (exercise.HasCode)
            cells.Add((JsonNode)new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["id"] = Free(name + "-code"), ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = "" });
        cells.Add((JsonNode)new JsonObject
        {
            ["cell_type"] = "markdown", ["id"] = Free(name + "-words"), ["metadata"] = new JsonObject(),
            ["source"] = string.Create(CultureInfo.InvariantCulture, $"*Your answer to exercise {exercise.Number}:*"),
        });

        string Free(string id) => ids.Add(id) ? id : Free(id + "-x");
    }

    [GeneratedRegex(@"\n*<details>\n<summary>Solution</summary>\n.*?\n</details>", RegexOptions.Singleline)]
    private static partial Regex Solution();

    [GeneratedRegex(@"\n*<details>\n<summary>Answer</summary>\n.*?\n</details>", RegexOptions.Singleline)]
    private static partial Regex Answer();
}
