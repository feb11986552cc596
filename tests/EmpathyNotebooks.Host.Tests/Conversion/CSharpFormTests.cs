using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Running;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Host.Tests.Conversion;

public sealed class CSharpFormTests : IDisposable
{
    private readonly ProgramRun _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_is_legal_between_cells_only_becomes_legal_in_a_program()
    {
        await File.WriteAllTextAsync(Path.Combine(_program.Folder, "helper.csx"), "int Helped(int x) => x + 1000;\nHelped(1)", TestContext.Current.CancellationToken);
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

        var (_, printed) = await _program.RunAsync(document, _program.Folder);

        var run = await new NotebookRunner().RunAsync(document, _program.Folder, interrupt: TestContext.Current.CancellationToken);
        Assert.Empty(run.Failures);
        var expected = ProgramRun.Shown(run.Document).Replace("*words*\n", "", StringComparison.Ordinal);
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
            CSharpForm.WriteAsync(document, _program.Folder, "#:project there", TestContext.Current.CancellationToken));

        Assert.StartsWith($"bad.ipynb, {reason}", fault.Message);
    }

    private static string WithoutTime(string printed) =>
        string.Concat(printed.Split('\n').Where(line => !line.StartsWith("Wall time: ", StringComparison.Ordinal)).Select(line => line + "\n"))[..^1];
}
