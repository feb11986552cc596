using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Running;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>
/// A lesson that ran: its prose, what each cell printed, and its session, in which expressions can be evaluated. The code of the solutions
/// ran after the cells in the same session, so that their variables are there, too.
/// </summary>
internal sealed partial class LessonRun
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<LessonRun>>> Runs = new();

    private readonly CSharpKernel _kernel;
    private readonly List<(string Id, string Code, string Output)> _cells = [];

    private LessonRun(NotebookRun run)
    {
        (Document, _kernel) = (run.Document, run.Kernel);
        Text = new LessonText(Document);
        _cells.AddRange(Document.Cells.Where(cell => cell.Type == NotebookCellType.Code).Select(cell => (cell.Id!, cell.Source, Printed(cell.Outputs))));
    }

    /// <summary>The lesson with its outputs.</summary>
    public NotebookDocument Document { get; }

    /// <summary>Its prose.</summary>
    public LessonText Text { get; }

    /// <summary>What went wrong in its solutions.</summary>
    public List<string> SolutionFaults { get; } = [];

    /// <summary>The lesson of a file without its ending, run once for all tests.</summary>
    public static Task<LessonRun> Of(string name) => Runs.GetOrAdd(name, n => new Lazy<Task<LessonRun>>(() => RunAsync(n))).Value;

    /// <summary>The code of the solutions.</summary>
    public static IReadOnlyList<string> Solutions(NotebookDocument document) =>
        [.. document.Cells.Where(cell => cell.Type == NotebookCellType.Markdown).SelectMany(cell => cell.Source.Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]))];

    /// <summary>What a cell printed.</summary>
    /// <param name="cell">Its id, or how its code begins: <c>fit.Heterogeneity</c>. <c>solution 2</c> is the second piece of code in the solutions.</param>
    public string Output(string cell)
    {
        var found = _cells.Where(one => one.Id == cell).Concat(_cells.Where(one => one.Code.StartsWith(cell, StringComparison.Ordinal))).ToList();
        return found.Count > 0 ? found[0].Output : throw new InvalidOperationException($"No cell has the id \"{cell}\" or begins so.");
    }

    /// <summary>All lines of a cell's output.</summary>
    public string[] Lines(string cell) => Output(cell).Split('\n');

    /// <summary>The line of a cell's output that begins with a text.</summary>
    public string Line(string cell, string start) => Lines(cell).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"No line of {cell} begins with \"{start}\".");

    /// <summary>The numbers in a line behind the text it begins with, in order, percentages as they stand.</summary>
    public double[] Numbers(string cell, string start) => Numbers(Line(cell, start)[start.Length..]);

    /// <summary>The numbers in a text.</summary>
    public static double[] Numbers(string text) =>
        [.. Number().Matches(text).Select(m => double.Parse(m.Value.Replace('−', '-').Replace("{,}", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))];

    /// <summary>One number of each line of a table: its label, which ends with two blanks, is left out.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="number">Which number of a line, from 0.</param>
    /// <param name="skip">How many lines stand above the first row.</param>
    public double[] Column(string cell, int number, int skip = 3) => [.. Lines(cell).Skip(skip).Where(line => line.Length > 0)
        .Select(line => Numbers(line[(line.IndexOf("  ", StringComparison.Ordinal) is var i && i < 0 ? 0 : i)..])[number])];

    /// <summary>The values of expressions in the lesson's session after its run, compiled at once.</summary>
    public async Task<IReadOnlyList<object?>> ValuesAsync(IReadOnlyList<string> expressions)
    {
        if (expressions.Count == 0) return [];
        try
        {
            return (object?[])(await _kernel.ValueAsync($"new object[] {{ {string.Join(", ", expressions.Select(one => $"(object)({one})"))} }}"))!;
        }
        catch (InvalidOperationException)
        {
            // One by one, to name the one that is wrong.
            var values = new List<object?>();
            foreach (var expression in expressions)
            {
                try
                {
                    values.Add(await _kernel.ValueAsync($"(object)({expression})"));
                }
                catch (InvalidOperationException fault)
                {
                    values.Add(fault);
                }
            }
            return values;
        }
    }

    /// <summary>The value of one expression in the lesson's session.</summary>
    public T Value<T>(string expression) => (T)_kernel.ValueAsync($"(object)({expression})").GetAwaiter().GetResult()!;

    /// <summary>The places in a piece of code that read the Value of a number or interval that may be missing.</summary>
    public IEnumerable<string> NullableValues(string code)
    {
        if (!code.Contains(".Value", StringComparison.Ordinal)) return [];
        var compilation = _kernel.ScriptOf(code, "form").GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        var meaning = compilation.GetSemanticModel(tree);
        return [.. tree.GetRoot().DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => access.Name.Identifier.Text == "Value" && meaning.GetTypeInfo(access.Expression).Type is { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }).Select(access => access.ToString())];
    }

    /// <summary>The message, in one line, that an expression ends with in the lesson's session, where it does not run.</summary>
    public string Fault(string expression)
    {
        try
        {
            return $"no fault: {_kernel.ValueAsync($"(object)({expression})").GetAwaiter().GetResult()}";
        }
        catch (InvalidOperationException fault)
        {
            return string.Join(' ', fault.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static async Task<LessonRun> RunAsync(string name)
    {
        var run = await new NotebookRunner().RunAsync(Course.Load(name), Course.Folder);
        Assert.Empty(run.Failures);
        var lesson = new LessonRun(run);
        var number = 0;
        foreach (var code in Solutions(run.Document))
        {
            var result = await run.Kernel.ExecuteAsync(code, $"solution {++number}");
            if (result.Error is { } error) lesson.SolutionFaults.Add($"{name}, solution {number}, line {error.Line}: {error.LineText}: {error.ExceptionType}: {error.Message}");
            lesson._cells.Add(($"solution {number}", code, Printed(result.Outputs)));
        }
        return lesson;
    }

    private static string Printed(IEnumerable<NotebookOutput> outputs) => string.Concat(outputs.Select(output => output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => display.Text("text/plain") ?? "",
        _ => "",
    }));

    [GeneratedRegex(@"[-−]?((\d+((,|\{,\})\d{3})*)(\.\d+)?|\.\d+)")]
    private static partial Regex Number();
}
