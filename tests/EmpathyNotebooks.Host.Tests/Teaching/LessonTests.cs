using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Host.Site;
using EmpathyNotebooks.Host.Teaching;
using static EmpathyNotebooks.Host.Tests.Teaching.SampleLesson;

namespace EmpathyNotebooks.Host.Tests.Teaching;

/// <summary>A lesson is taken apart into puzzle, questions and exercises, and what is not complete is named.</summary>
public sealed class LessonTests
{
    [Fact]
    public void A_lesson_has_its_parts()
    {
        var lesson = Lesson.Read(Page())!;
        Assert.Equal(("07-sums", "07", "Sums: what they say"), (lesson.Name, lesson.Number, lesson.Title));
        Assert.Equal(("Puzzle", "What is $1 + 1$?", 'B'), (lesson.Puzzle!.Title, lesson.Puzzle.Stem, lesson.Puzzle.Right.Letter));
        var question = Assert.Single(lesson.Test);
        Assert.Equal("Which holds: a = b, {c} ~ d, or e#f: $\\frac{1}{2} = .5$?", question.Stem);
        Assert.Equal(["the first, `a = b`", "none; 5 < 7 & \"so on\"", "$x_{1}$"], question.Options.Select(option => option.Text));
        Assert.Equal(["it is ~not~ so.", "It is so.\n\nAnd a second paragraph.", "no, since $\\tau^2$ is larger."], question.Options.Select(option => option.Why));
        Assert.Equal([(1, "Change a number.", true), (2, "Open. What did you learn?", false)], lesson.Exercises.Select(exercise => (exercise.Number, exercise.Text, exercise.HasCode)));
        Assert.Equal("```csharp\nvar solved = 40 + 2;\nsolved\n```\n\nThe secret is 42.", lesson.Exercises[0].Solution);
    }

    [Fact]
    public void A_notebook_without_questions_and_exercises_is_none() =>
        Assert.Null(Lesson.Read(new SitePage("01-notes.ipynb", NotebookDocument.Create([(NotebookCellType.Markdown, "# Notes\n\n> **Note**\n>\n> Words.")]))));

    [Theory]
    [InlineData("<summary>Answer</summary>\n\n**B.**", "<summary>Answer</summary>\n\nB.", "cell 7: Test your knowledge 1: the answer has to begin with the letter of the right option in bold and a full stop: **B.**")]
    [InlineData("- *A*: it is ~not~ so.\n", "", "cell 7: Test your knowledge 1: say why A is wrong, in a line - *A*: words.")]
    [InlineData("> - [ ] A. the first, `a = b`\n> - [ ] B. none; 5 < 7 & \"so on\"\n> - [ ] C. $x_{1}$", "> - [ ] B. one", "cell 7: Test your knowledge 1: give at least two options to choose from.")]
    [InlineData("**B.** It", "**D.** It", "cell 7: Test your knowledge 1: say why B is wrong")]
    [InlineData("<details>\n<summary>Answer</summary>", "Some words.", "cell 7: Test your knowledge 1: the fold with the answer has to follow the box.")]
    [InlineData("\n\n</details>", "", "cell 7: <details> has no </details> in this cell.")]
    public void A_question_that_is_not_complete_is_named(string words, string instead, string fault)
    {
        var broken = Test.Replace(words, instead, StringComparison.Ordinal);
        if (instead == "Some words.") broken = broken.Replace("\n\n</details>", "", StringComparison.Ordinal);
        var error = Assert.Throws<SiteException>(() => Lesson.Read(Page(Document(test: broken))));
        Assert.StartsWith("07-sums.ipynb, " + fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exercise_without_solution_is_named()
    {
        var error = Assert.Throws<SiteException>(() => Lesson.Read(Page(Document(exercise: Exercise.Split("<details>")[0].TrimEnd()))));
        Assert.Equal("07-sums.ipynb, cell 8: Exercise 1: a fold with <summary>Solution</summary> has to follow the box.", error.Message);
    }

    [Fact]
    public async Task The_student_notebook_has_room_in_place_of_solutions_and_runs()
    {
        var student = StudentNotebook.Of(Page());
        Assert.Empty(CanonicalForm.Check(student));
        var json = student.ToJson();
        Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
        Assert.DoesNotContain("no single answer", json, StringComparison.Ordinal);
        Assert.DoesNotContain("Solution", json, StringComparison.Ordinal);
        Assert.Contains("**B.** It is so.", json, StringComparison.Ordinal);
        Assert.Contains("One and one.", json, StringComparison.Ordinal);
        Assert.Equal(["exercise-1-code", "exercise-1-words", "exercise-2-words"], student.Cells.Select(cell => cell.Id!).Where(id => id.StartsWith("exercise", StringComparison.Ordinal)));
        Assert.Equal("## Exercises\n\n> **Exercise 1**\n>\n> Change a number.", student.Cells.Single(cell => cell.Source.Contains("Exercises", StringComparison.Ordinal)).Source);
        Assert.Equal("", student.Cells.Single(cell => cell.Id == "exercise-1-code").Source);
        var run = await new NotebookRunner().RunAsync(student, Path.GetTempPath(), interrupt: TestContext.Current.CancellationToken);
        Assert.True(run.Succeeded);
    }

    [Fact]
    public void Answers_of_the_test_stay_out_where_asked_and_the_puzzle_keeps_its_own()
    {
        var json = StudentNotebook.Of(Page(), keepsAnswers: false).ToJson();
        Assert.DoesNotContain("It is so.", json, StringComparison.Ordinal);
        Assert.Contains("One and one.", json, StringComparison.Ordinal);
        Assert.Contains("- [ ] C. $x_{1}$", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_exercises_in_one_cell_are_refused()
    {
        var error = Assert.Throws<SiteException>(() => StudentNotebook.Of(Page(Document(exercise: Exercise + "\n\n" + Open.Replace("Exercise 2", "Exercise 3", StringComparison.Ordinal)))));
        Assert.Contains("cell 8: two exercises stand in one cell", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_has_every_solution_and_answer()
    {
        var key = ExerciseKey.ToMarkdown([Lesson.Read(Page())!]);
        Assert.Contains("## 07 Sums: what they say\n\n### Exercise 1\n\nChange a number.\n\n**Solution**\n\n```csharp\nvar solved", key, StringComparison.Ordinal);
        Assert.Contains("1. **B.** none; 5 < 7 & \"so on\"\n", key, StringComparison.Ordinal);
    }
}
