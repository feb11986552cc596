using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Host.Tests.Kernels;

public sealed class CellDirectiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly CSharpKernel _kernel;

    public CellDirectiveTests() => _kernel = new CSharpKernel(new CSharpKernelOptions
    {
        Folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "notebooks")).FullName,
        TimeLimit = TimeSpan.FromMinutes(3),
    });

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

    private Task<CellResult> Run(string code) => _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

    private async Task<string> Fault(string code)
    {
        var result = await Run(code);
        Assert.Equal("EmpathyNotebooks.Host.Kernels.CellDirectiveException", result.Error?.ExceptionType);
        Assert.IsType<ErrorOutput>(Assert.Single(result.Outputs));
        return $"{result.Error!.Line}: {result.Error.Message}";
    }

    private static async Task<string?> Value(Task<CellResult> run)
    {
        var result = await run;
        Assert.True(result.Error is null, result.Error?.ToString());
        return Assert.IsType<DisplayOutput>(result.Outputs[^1]).Text("text/plain");
    }

    [Fact]
    public async Task A_loaded_assembly_answers_by_its_name_wherever_the_file_would_be()
    {
        Assert.Equal("True", await Value(Run(
            "#r \"../artifacts/lib/EmpathyNotebooks.Host.dll\"\nusing EmpathyNotebooks.Host.Documents;\ntypeof(NotebookCell) is not null")));
        Assert.Equal("1", await Value(Run("#r \"System.Xml.Linq\"\nnew System.Xml.Linq.XElement(\"a\").DescendantsAndSelf().Count()")));

        // The very type of the host, not a copy of it.
        var shown = await Run("throw new EmpathyNotebooks.Host.Documents.NotebookFormatException(\"n\", \"f\");");
        Assert.IsType<NotebookFormatException>(shown.Error!.Exception);
    }

    [Fact]
    public async Task A_file_is_found_from_the_folder_of_the_notebook_with_what_it_needs_beside_it()
    {
        var tag = Guid.NewGuid().ToString("N")[..8];
        var lib = Directory.CreateDirectory(Path.Combine(_folder.FullName, "lib")).FullName;
        var inner = Compile(lib, $"Inner{tag}", "namespace Inner { public record Thing(int Value); }");
        Compile(lib, $"Outer{tag}", "namespace Outer { public static class Maker { public static Inner.Thing Make() => new(42); } }", inner);

        Assert.Equal("42", await Value(Run($"#r \"../lib/Outer{tag}.dll\"\nusing Outer;\nMaker.Make().Value")));
        Assert.Equal("Thing { Value = 42 }", await Value(Run("Inner.Thing thing = Maker.Make(); thing.ToString()")));

        // Another kernel of the process gets the assembly that is loaded already, but only when it asks.
        var other = new CSharpKernel(new CSharpKernelOptions { Folder = _folder.FullName });
        var unasked = await other.ExecuteAsync("Outer.Maker.Make()", null, TestContext.Current.CancellationToken);
        Assert.Contains("CS0103", unasked.Error!.Message);
        Assert.Equal("42", await Value(other.ExecuteAsync(
            $"#r \"elsewhere/Outer{tag}.dll\"\nOuter.Maker.Make().Value", null, TestContext.Current.CancellationToken)));
    }

    private static string Compile(string folder, string name, string code, params string[] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var path = Path.Combine(folder, name + ".dll");
        var result = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)],
            platform.Concat(references).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    [Fact]
    public async Task Bad_references_say_what_is_wrong_and_on_which_line()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "notebooks", "text.dll"), "not an assembly", TestContext.Current.CancellationToken);

        Assert.Equal("2: #r \"nowhere/x.dll\": there is no such file, seen from the folder of the notebook.",
            await Fault("// first\n#r \"nowhere/x.dll\"\n1"));
        Assert.Equal("1: #r \"text.dll\": the file is not a .NET assembly.", await Fault("#r \"text.dll\""));
        Assert.Equal("1: #r \"No.Such\": no assembly of that name is loaded; give the path of its .dll file.", await Fault("#r \"No.Such\""));
        Assert.StartsWith("1: #r takes one text in quotation marks", await Fault("#r x.dll"));
        Assert.StartsWith("1: #r takes one text in quotation marks", await Fault("#r \"x.dll\" \"y.dll\""));
        Assert.StartsWith("1: #r \"nuget: , 8.1.0\": a package is written as in", await Fault("#r \"nuget: , 8.1.0\""));
    }

    [Theory]
    [InlineData("#!tme\n1", 1, "#!tme")]
    [InlineData("var x = 1;\n  #!shar --from fsharp y\nx", 2, "#!shar")]
    [InlineData("#:package X@1.0.0", 1, "#:package")]
    public async Task A_magic_that_is_not_known_is_an_error_that_names_those_that_are(string code, int line, string name) =>
        Assert.Equal($"{line}: {name} is not understood here; known are: #r \"path/to/assembly.dll\", #r \"nuget: Name, Version\", "
            + "#i \"nuget: folder or address of a feed\", #load \"path/to/file.csx\", #!import path/to/notebook.ipynb, #!time, #!who, #!whos, "
            + "#!lsmagic, #!about, #!csharp, #!markdown, #!html, #!javascript", await Fault(code));

    [Theory]
    [InlineData("var x = 1;\n#!share --from fsharp y\nx", "2: #!share ", "a variable of one is there in every later one by its name")]
    [InlineData("#!set --name y --value 1", "1: #!set ", "a variable of one is there in every later one by its name")]
    [InlineData("#!value --name text\nsome text", "1: #!value ", "here a text is a variable")]
    [InlineData("#!connect mssql", "1: #!connect ", "by their packages")]
    [InlineData("#!fsharp\nlet x = 1", "1: #!fsharp ", "this kernel runs C# and shows Markdown, HTML and JavaScript")]
    [InlineData("#!pwsh\nGet-Date", "1: #!pwsh ", "this kernel runs C# and shows Markdown, HTML and JavaScript")]
    [InlineData("#!http\nGET https://example.org", "1: #!http ", "HttpClient")]
    [InlineData("#!mermaid\ngraph TD", "1: #!mermaid ", "SVG(\"...\")")]
    public async Task A_magic_of_NET_Interactive_is_refused_with_what_to_do_instead(string code, string begin, string instead)
    {
        var fault = await Fault(code);

        Assert.StartsWith(begin + "is known to .NET Interactive's own kernel, and not to this one; ", fault);
        Assert.Contains(instead, fault);
    }

    [Fact]
    public async Task What_stands_in_a_string_or_belongs_to_the_compiler_is_left_alone()
    {
        Assert.Equal("\n#!time\n#r \"x.dll\"\n", await Value(Run("var s = @\"\n#!time\n#r \"\"x.dll\"\"\n\"; s")));
        Assert.Equal("1", await Value(Run("#nullable enable\n#region r\n#if NOT\n#r \"x.dll\"\n#endif\n#pragma warning disable CS0168\n1\n#endregion")));
    }

    [Fact]
    public async Task Lines_keep_their_numbers_after_a_directive()
    {
        var result = await Run("#r \"System.Xml.Linq\"\r\n\r\nthrow new Exception(\"x\");");

        Assert.Equal((3, "throw new Exception(\"x\");"), (result.Error!.Line, result.Error.LineText));
    }

    [Fact]
    public async Task A_reference_can_follow_code() =>
        Assert.Equal("2", await Value(Run("var y = 2;\n#r \"EmpathyNotebooks.Host.dll\"\ny")));
}
