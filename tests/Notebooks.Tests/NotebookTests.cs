using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>Every notebook of the repository: in canonical form, runs to its end, gives the same bytes twice.</summary>
public sealed class NotebookTests
{
    private static readonly string Folder = Repository.PathTo("notebooks");

    public static TheoryData<string> Notebooks() => new(Directory.EnumerateFiles(Folder, "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_lessons_are_there() =>
        Assert.Equal(["01-the-question.ipynb", "02-effect-sizes.ipynb", "03-pooling.ipynb"], Notebooks().Select(row => row.Data).Take(3));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Is_in_canonical_form(string name) => Assert.Empty(CanonicalForm.CheckFile(Path.Combine(Folder, name)));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Has_the_parts_of_a_lesson(string name)
    {
        var document = NotebookDocument.Load(Path.Combine(Folder, name));
        var text = string.Join('\n', document.Cells.Where(c => c.Type == NotebookCellType.Markdown).Select(c => c.Source));
        Assert.StartsWith("# ", text, StringComparison.Ordinal);
        Assert.Contains("> **Learning goals**", text, StringComparison.Ordinal);
        Assert.Contains("> **Report it**", text, StringComparison.Ordinal);
        Assert.InRange(text.Split("<summary>Solution</summary>").Length - 1, 2, 5);
        foreach (var cell in document.Cells.Where(c => c.Type == NotebookCellType.Code))
        {
            Assert.True(cell.Source.Split('\n').Length <= 12, $"cell {cell.Number} is long");
        }
    }

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
        var document = NotebookDocument.Load(Path.Combine(Folder, name));
        var cells = new List<(NotebookCellType, string)>();
        foreach (var cell in document.Cells)
        {
            cells.Add((cell.Type, cell.Source));
            if (cell.Type == NotebookCellType.Markdown) cells.AddRange(Code(cell.Source).Select(code => (NotebookCellType.Code, code)));
        }
        Assert.True(cells.Count > document.Cells.Count, "no solution has code");
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Create(cells, name), Folder, interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
    }

    private static IEnumerable<string> Code(string markdown) =>
        markdown.Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]);
}
