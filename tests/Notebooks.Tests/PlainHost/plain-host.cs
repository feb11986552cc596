// A notebook host that knows nothing of EmpathyNotebooks, run by `dotnet run plain-host.cs notebook.ipynb`: the C# of Roslyn and the formatting
// package of .NET Interactive, put together as its kernel does it. What a lesson needs beyond that is what its first cell loads.
#:package Microsoft.CodeAnalysis.CSharp.Scripting@5.12.0
#:package Microsoft.DotNet.Interactive.Formatting@1.0.0-beta.26120.1
#:package Microsoft.AspNetCore.Html.Abstractions@2.3.13
#:property PublishAot=false
#:property InvariantGlobalization=true
#:property RunAnalyzers=false
#:property NuGetAudit=false
#:property ManagePackageVersionsCentrally=false
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;
using Microsoft.DotNet.Interactive.Formatting;

var notebook = Path.GetFullPath(args[0]);
using var document = JsonDocument.Parse(File.ReadAllText(notebook));
var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => (MetadataReference)MetadataReference.CreateFromFile(file)).ToList();
var known = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(Path.GetFileName).ToHashSet();
var loader = new InteractiveAssemblyLoader();
var console = Console.Out;
var cells = new List<object>();
ScriptState<object>? state = null;
foreach (var cell in document.RootElement.GetProperty("cells").EnumerateArray().Where(one => one.GetProperty("cell_type").GetString() == "code"))
{
    var lines = string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())).Split('\n');
    foreach (var line in lines.Where(line => line.StartsWith("#r ")))
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(line[3..].Trim().Trim('"'), Path.GetDirectoryName(notebook)!))!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            File.Exists(Path.Combine(folder, name.Name + ".dll")) ? context.LoadFromAssemblyPath(Path.Combine(folder, name.Name + ".dll")) : null;
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Where(file => !known.Contains(Path.GetFileName(file))))
        {
            references.Add(MetadataReference.CreateFromFile(file));
            loader.RegisterDependency(AssemblyLoadContext.Default.LoadFromAssemblyPath(file));
        }
    }

    var code = string.Join('\n', lines.Select(line => line.StartsWith("#r ") ? "" : line));
    var options = ScriptOptions.Default.WithReferences(references).WithImports(
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "Kernel");
    using var printed = new StringWriter { NewLine = "\n" };
    Console.SetOut(printed);
    state = state is null ? await CSharpScript.Create<object>(code, options, assemblyLoader: loader).RunAsync() : await state.ContinueWithAsync<object>(code, options);
    Console.SetOut(console);
    var value = state.ReturnValue;
    cells.Add(new
    {
        Printed = printed.ToString(),
        Forms = value is null ? [] : Formatter.GetPreferredMimeTypesFor(value.GetType()).ToDictionary(type => type, type => value.ToDisplayString(type)),
    });
}

Console.WriteLine(JsonSerializer.Serialize(cells));

/// <summary>What cells call without a prefix in .NET Interactive, too.</summary>
public static class Kernel
{
    public static void display(object? value, params string[] mimeTypes) => Console.WriteLine(value.ToDisplayString("text/plain"));

    public static IHtmlContent HTML(string content) => new HtmlString(content);

}
