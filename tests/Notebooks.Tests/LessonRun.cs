using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>A lesson that ran: its prose and what each cell printed, to hold the one against the other.</summary>
internal sealed partial class LessonRun
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<LessonRun>>> Runs = new();

    private readonly Dictionary<string, string> _outputs;

    private LessonRun(NotebookDocument document)
    {
        Document = document;
        Prose = Blanks().Replace(string.Join('\n', document.Cells.Where(c => c.Type == NotebookCellType.Markdown).Select(c => c.Source)).Replace("\n> ", "\n", StringComparison.Ordinal), " ");
        _outputs = document.Cells.Where(c => c.Type == NotebookCellType.Code)
            .ToDictionary(c => c.Id!, c => string.Concat(c.Outputs.Select(Plain)));
    }

    /// <summary>The lesson with its outputs.</summary>
    public NotebookDocument Document { get; }

    /// <summary>All prose in one line, so that a sentence is found wherever it is broken.</summary>
    public string Prose { get; }

    /// <summary>The lesson of a file without its ending, run once for all tests.</summary>
    public static Task<LessonRun> Of(string name) => Runs.GetOrAdd(name, n => new Lazy<Task<LessonRun>>(() => RunAsync(n))).Value;

    private static async Task<LessonRun> RunAsync(string name)
    {
        var folder = Repository.PathTo("notebooks");
        var run = await new NotebookRunner().RunAsync(NotebookDocument.Load(Path.Combine(folder, name + ".ipynb")), folder);
        Assert.Empty(run.Failures);
        return new LessonRun(run.Document);
    }

    /// <summary>What a cell printed.</summary>
    public string Output(string cell) => _outputs[cell];

    /// <summary>The line of a cell's output that begins with a text.</summary>
    public string Line(string cell, string start) => Lines(cell).First(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>All lines of a cell's output.</summary>
    public string[] Lines(string cell) => Output(cell).Split('\n');

    /// <summary>The numbers in a line behind the text it begins with, in order, percentages as they stand.</summary>
    public double[] Numbers(string cell, string start) => Numbers(Line(cell, start)[start.Length..]);

    /// <summary>The numbers in a text.</summary>
    public static double[] Numbers(string text) =>
        [.. Number().Matches(text).Select(m => double.Parse(m.Value.Replace('−', '-').Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))];

    private static string Plain(NotebookOutput output) => output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => display.Text("text/plain") ?? "",
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[-−]?(\d[\d,]*)?\.?\d+")]
    private static partial Regex Number();
}
