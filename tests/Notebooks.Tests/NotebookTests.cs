using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>Every notebook of the repository: in canonical form, runs to its end, gives the same bytes twice.</summary>
public sealed class NotebookTests
{
    private static readonly string Folder = Repository.PathTo("notebooks");

    public static TheoryData<string> Notebooks() => new(Course.Written.Select(name => name + ".ipynb"));

    [Fact]
    public void The_notebooks_are_the_lessons_of_the_course() => Assert.Equal(Course.Names, Course.Written);

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Is_in_canonical_form(string name) => Assert.Empty(CanonicalForm.CheckFile(Path.Combine(Folder, name)));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Runs_to_its_end_and_gives_the_same_bytes_twice(string name)
    {
        // The first run is the one that other tests look at, too.
        var first = await LessonRun.Of(Path.GetFileNameWithoutExtension(name));
        Assert.All(first.Document.Cells.Where(c => c.Type == NotebookCellType.Code), cell => Assert.NotEmpty(cell.Outputs));
        var document = NotebookDocument.Load(Path.Combine(Folder, name));
        var second = await new NotebookRunner().RunAsync(document, Folder, interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(second.Failures);
        Assert.Equal(first.Document.ToJson(), second.Document.ToJson());
    }

    /// <summary>An executed notebook is kept under version control and sent by mail: it holds pictures and data of its charts, not what draws them.</summary>
    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task An_executed_lesson_stays_under_500_kilobytes(string name)
    {
        var json = (await LessonRun.Of(Path.GetFileNameWithoutExtension(name))).Document.ToJson();
        Assert.DoesNotContain("plotly.js v", json, StringComparison.Ordinal);
        var bytes = System.Text.Encoding.UTF8.GetByteCount(json);
        Assert.True(bytes < 500_000, $"{bytes} bytes");
    }

    /// <summary>A reader copies solutions into a cell; they have to work after the cells above them.</summary>
    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Its_solutions_run(string name)
    {
        var run = await LessonRun.Of(Path.GetFileNameWithoutExtension(name));
        Assert.NotEmpty(LessonRun.Solutions(run.Document));
        Faults.None(run.SolutionFaults);
    }
}
