using System.Text;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels.Directives;

namespace EmpathyNotebooks.Host.Conversion;

/// <summary>
/// A notebook as a file of C# that runs by `dotnet run file.cs`: it prints what the notebook shows and writes its charts beside it.
/// </summary>
public static class CSharpForm
{
    private static readonly string[] Usings =
        ["System", "System.Collections", "System.Collections.Generic", "System.Linq", "System.Text", "System.Threading.Tasks"];

    /// <summary>Writes a notebook.</summary>
    /// <param name="document">The notebook. It is not run; packages that it names are fetched, to know what its code means.</param>
    /// <param name="folder">The folder that relative paths in its cells start from.</param>
    /// <param name="library">What brings the library: a line `#:project path` or `#:package name@version`.</param>
    /// <param name="interrupt">Gives up.</param>
    /// <exception cref="ConversionException">A cell cannot be a part of a program; the message says why.</exception>
    public static async Task<string> WriteAsync(NotebookDocument document, string folder, string library, CancellationToken interrupt = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentException.ThrowIfNullOrWhiteSpace(library);
        var program = new ScriptProgram(document.Name, folder);
        foreach (var cell in document.Cells)
        {
            if (cell.Type == NotebookCellType.Code) await program.AddCodeAsync(cell, interrupt).ConfigureAwait(false);
            else program.AddWords(cell.Source);
        }

        var text = new StringBuilder();
        text.Append(library).Append('\n');
        foreach (var package in program.Packages) text.Append(package).Append('\n');
        // As in a notebook; and nothing of a project around it.
        foreach (var property in new[]
        {
            "PublishAot=false", "Nullable=disable", "ImplicitUsings=disable", "InvariantGlobalization=true", "RunAnalyzers=false", "WarningLevel=0",
        })
        {
            text.Append($"#:property {property}\n");
        }

        if (program.Packages.Count > 0 || library.StartsWith("#:package", StringComparison.Ordinal)) text.Append("#:property ManagePackageVersionsCentrally=false\n");
        text.Append($"\n// {document.Name} as a program: dotnet run {Path.GetFileNameWithoutExtension(document.Name)}.cs\n");
        foreach (var one in Usings.Select(name => $"using {name};").Concat(program.Usings).Append("using EmpathyNotebooks.FileApps;")
            .Append("using static EmpathyNotebooks.FileApps.NotebookApp;").Append("using static EmpathyNotebooks.NotebookContent;").Distinct(StringComparer.Ordinal))
        {
            text.Append(one).Append('\n');
        }

        text.Append($"\nNotebookApp.Start({Literal(Path.GetFileNameWithoutExtension(document.Name))});\n");
        text.Append(program.Statements);
        text.Append(program.Types);
        return text.ToString();
    }

    private static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
