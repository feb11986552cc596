using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Host.Tests.Conversion;

public sealed class CSharpFormTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-convert-");

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // Windows keeps a loaded assembly; the system clears its temporary folder.
        }
    }

    public static TheoryData<string> Notebooks() =>
        new(Directory.EnumerateFiles(Repository.PathTo("notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task A_lesson_prints_as_a_program_what_it_shows_as_a_notebook(string name)
    {
        var document = NotebookDocument.Load(Repository.PathTo("notebooks", name));

        var (program, printed) = await RunProgram(document, Repository.PathTo("notebooks"));

        var run = await new NotebookRunner().RunAsync(document, Repository.PathTo("notebooks"), interrupt: TestContext.Current.CancellationToken);
        Assert.Equal(Shown(run), WithoutCharts(printed));
        // The very figures of the notebook, each on a page of its own.
        var charts = run.Document.Cells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>().Select(display => display.Text("text/html"))
            .Where(html => html is not null && (html.StartsWith("<figure class=\"empathy-chart\"", StringComparison.Ordinal) || html.Contains("<div class=\"empathy-explorer\"", StringComparison.Ordinal)))
            .ToList();
        var pages = Directory.GetFiles(_folder.FullName, "*-chart-*.html").OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal).ToList();
        Assert.Equal(charts.Count, pages.Count);
        Assert.All(charts.Zip(pages), pair => Assert.All(Pieces(pair.First!), piece => Assert.Contains(piece, File.ReadAllText(pair.Second), StringComparison.Ordinal)));
        Assert.DoesNotContain("#r ", program);
        Assert.StartsWith("#:project there\n", program);
    }

    /// <summary>All of a chart but its picture and the lines that ask for the library, which a page of its own has in it; an explorer whole.</summary>
    private static IEnumerable<string> Pieces(string html)
    {
        var picture = html.IndexOf("<img alt=", StringComparison.Ordinal);
        if (picture < 0) return [html];
        var (after, loader) = (html.IndexOf("</p></div>", picture, StringComparison.Ordinal) + "</p>".Length, html.IndexOf("\n(function () {", picture, StringComparison.Ordinal));
        return [html[..picture], html[after..loader]];
    }

    [Fact]
    public async Task What_is_legal_between_cells_only_becomes_legal_in_a_program()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "helper.csx"), "int Helped(int x) => x + 1000;\nHelped(1)", TestContext.Current.CancellationToken);
        string[] cells =
        [
            // Declared again, with another type, and used in functions and lambdas of its time.
            "var x = 1; int AddX(int y) => x + y;\nAddX(1)",
            "var x = \"text\"; string Twice() => x + x;\nTwice() + x + AddX(2)",
            "foreach (var i in new[] { 1, 2 }) { var x2 = i * 10; Console.WriteLine(x2 + x.Length); }",
            "var i = 5; var x2 = 6;\ni + x2",
            "for (var i = 0; i < 2; i++) Console.Write(i);\nforeach (var n in Enumerable.Range(0, 3).Select(x => x * i)) Console.Write(n);\nConsole.WriteLine();",
            // Types, extension methods, overloads, and a type of the same name again.
            "record Point(int X, int Y) { public int Sum => X + Y; }\npublic static int Half(this int n) => n / 2;\nenum Kind { A, B }\nnew Point(3, 4).Sum.Half()",
            "record Point(string Name);\nint Size(int a) => a; int Size(string a) => a.Length;\n$\"{new Point(\"p\").Name} {Size(7)} {Size(\"abc\")} {Kind.B}\"",
            // Without a value at first, deconstructed, out, patterns, queries, await.
            "double total; int count; string none;\ntotal += 2.5; count++;\n$\"{total} {count} {none is null}\"",
            "var (a, b) = (1, 2); int.TryParse(\"42\", out var parsed); object o = 3;\nif (o is int number) Console.WriteLine(number);\na + b + parsed",
            "var a = from i in new[] { 1, 2, 3 } where i > 1 select i * 2;\nawait Task.Delay(1);\nstring.Join(\",\", a)",
            "#load \"helper.csx\"\nHelped(1)",
            "#!time\nvar quiet = 3;",
            "private static async Task<int> Later() { await Task.Yield(); return 9; }\npublic const int Nine = 9;\nawait Later() == Nine",
            "var shown = display(\"first\"); \"second\".Display(); Console.Error.Write(\"\");\nstring nothing = null;\nnothing",
            "// only a comment",
            "return x2 + 1;",
            "#!markdown\n*words*\n#!csharp\n1 + 1",
        ];
        var document = NotebookDocument.Create(cells.Select(cell => (NotebookCellType.Code, cell)), "tricky.ipynb");

        var (_, printed) = await RunProgram(document, _folder.FullName);

        var expected = (await RunNotebook(document, _folder.FullName)).Replace("*words*\n", "", StringComparison.Ordinal);
        Assert.Equal(WithoutTime(expected), printed);
    }

    [Theory]
    [InlineData("if (DateTime.Now.Year > 2000) { return 3; }\n1", "cell 2: a return within the cell would end the whole program.")]
    [InlineData("int Later { get; set; }\n1", "cell 2: a PropertyDeclaration can stand in a cell, but not among the statements of a program.")]
    [InlineData("#r \"other.dll\"\n1", "cell 2: #r \"other.dll\": a file of C# can name projects and packages, but no assembly file.")]
    [InlineData("#!nonsense", "cell 2: #!nonsense is not understood here")]
    [InlineData("nope + 1", "cell 2: the code does not compile: cell 2(1,1): error CS0103")]
    public async Task What_a_program_cannot_hold_is_refused_with_the_reason(string code, string reason)
    {
        var document = NotebookDocument.Create([(NotebookCellType.Markdown, "# Title"), (NotebookCellType.Code, code)], "bad.ipynb");

        var fault = await Assert.ThrowsAsync<ConversionException>(() =>
            CSharpForm.WriteAsync(document, _folder.FullName, "#:project there", TestContext.Current.CancellationToken));

        Assert.StartsWith($"bad.ipynb, {reason}", fault.Message);
    }

    private async Task<(string Program, string Printed)> RunProgram(NotebookDocument document, string folder)
    {
        var program = await CSharpForm.WriteAsync(document, folder, "#:project there", TestContext.Current.CancellationToken);
        var code = string.Join('\n', program.Split('\n').Select(line => line.StartsWith("#:", StringComparison.Ordinal) ? "" : line));
        var path = Path.Combine(_folder.FullName, $"program{Guid.NewGuid():N}.dll");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var result = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(path), [CSharpSyntaxTree.ParseText(code)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)).Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)) + "\n" + program);

        // As `dotnet run` says it; and within a cell, which takes what it prints.
        AppContext.SetData("EntryPointFileDirectoryPath", _folder.FullName);
        var kernel = new CSharpKernel();
        var run = await kernel.ExecuteAsync(
            $"System.Reflection.Assembly.LoadFrom(@\"{path}\").EntryPoint.Invoke(null, System.Reflection.Assembly.LoadFrom(@\"{path}\").EntryPoint.GetParameters().Length == 0 ? null : [new string[0]]);",
            interrupt: TestContext.Current.CancellationToken);
        Assert.True(run.Error is null, run.Error?.ToString() + "\n" + program);
        return (program, string.Concat(run.Outputs.OfType<StreamOutput>().Where(stream => stream.Name == "stdout").Select(stream => stream.Text)));
    }

    private static async Task<string> RunNotebook(NotebookDocument document, string folder)
    {
        var run = await new NotebookRunner().RunAsync(document, folder, interrupt: TestContext.Current.CancellationToken);
        return Shown(run);
    }

    private static string Shown(NotebookRun run)
    {
        Assert.Empty(run.Failures);
        return string.Concat(run.Document.Cells.SelectMany(cell => cell.Outputs).Select(output => output switch
        {
            StreamOutput { Name: "stdout" } stream => stream.Text,
            DisplayOutput display => display.Text("text/plain")!.TrimEnd('\n') + "\n",
            _ => "",
        }));
    }

    private static string WithoutCharts(string printed) =>
        string.Concat(printed.Split('\n').Where(line => !line.StartsWith("Chart: ", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1];

    private static string WithoutTime(string printed) =>
        string.Concat(printed.Split('\n').Where(line => !line.StartsWith("Wall time: ", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1];
}
