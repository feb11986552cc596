using EmpathyNotebooks.Host.Conversion;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Tests;

/// <summary>A notebook compiled as a program, and what it printed; the charts it wrote lie in a folder that goes with it.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-convert-");

    /// <summary>Where the program lies and writes its charts.</summary>
    public string Folder => _folder.FullName;

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

    /// <summary>Writes the program of a notebook whose files lie in <paramref name="folder"/>, compiles and runs it.</summary>
    public async Task<(string Program, string Printed)> RunAsync(NotebookDocument document, string folder)
    {
        var program = await CSharpForm.WriteAsync(document, folder, "#:project there", TestContext.Current.CancellationToken);
        var code = string.Join('\n', program.Split('\n').Select(line => line.StartsWith("#:", StringComparison.Ordinal) ? "" : line));
        var path = Path.Combine(Folder, $"program{Guid.NewGuid():N}.dll");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var result = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(path), [CSharpSyntaxTree.ParseText(code)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)).Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)) + "\n" + program);

        // As `dotnet run` says it; and within a cell, which takes what it prints.
        AppContext.SetData("EntryPointFileDirectoryPath", Folder);
        var kernel = new CSharpKernel();
        var run = await kernel.ExecuteAsync(
            $"System.Reflection.Assembly.LoadFrom(@\"{path}\").EntryPoint.Invoke(null, System.Reflection.Assembly.LoadFrom(@\"{path}\").EntryPoint.GetParameters().Length == 0 ? null : [new string[0]]);",
            interrupt: TestContext.Current.CancellationToken);
        Assert.True(run.Error is null, run.Error?.ToString() + "\n" + program);
        return (program, string.Concat(run.Outputs.OfType<StreamOutput>().Where(stream => stream.Name == "stdout").Select(stream => stream.Text)));
    }

    /// <summary>What a notebook that ran shows, as its program would print it.</summary>
    public static string Shown(NotebookDocument executed) => string.Concat(executed.Cells.SelectMany(cell => cell.Outputs).Select(output => output switch
    {
        StreamOutput { Name: "stdout" } stream => stream.Text,
        DisplayOutput display => display.Text("text/plain")!.TrimEnd('\n') + "\n",
        _ => "",
    }));
}
