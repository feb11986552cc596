using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What lets the lessons run in .NET Interactive and in any host like it: they ask for nothing that only our host has.</summary>
public sealed partial class OtherHostTests
{
    private static readonly string Folder = Repository.PathTo("notebooks");

    public static TheoryData<string> Notebooks() => NotebookTests.Notebooks();

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void The_first_cell_loads_the_library_and_starts_it_and_no_other_line_is_a_magic(string name)
    {
        var code = NotebookDocument.Load(Path.Combine(Folder, name)).Cells.Where(cell => cell.Type == NotebookCellType.Code).Select(cell => cell.Source).ToList();

        var lines = code[0].Split('\n');
        Assert.Equal("#r \"../artifacts/lib/EmpathyNotebooks.Interactive.dll\"", lines[0]);
        Assert.All(lines[1..^1], line => Assert.Matches(@"^(using [\w.]+; ?)+$", line));
        Assert.Equal("Notebook.Start()", lines[^1]);
        Assert.All(code.Skip(1).SelectMany(cell => cell.Split('\n')), line => Assert.DoesNotMatch("^ *#", line));
    }

    [Fact]
    public async Task A_lesson_runs_in_a_host_that_knows_only_Roslyn_and_the_formatting_package()
    {
        const string Name = "04-pooling.ipynb";
        // Elsewhere, where nothing of this repository is around it.
        var folder = Directory.CreateTempSubdirectory("empathy-plain-host-");
        var program = Path.Combine(folder.FullName, "plain-host.cs");
        File.Copy(Repository.PathTo("tests", "Notebooks.Tests", "PlainHost", "plain-host.cs"), program);
        var (code, output, error) = await ChildProcess.RunAsync(new ProcessStartInfo(DotNetHost.Path, ["run", program, Path.Combine(Folder, Name)]));
        Assert.True(code == 0, output + error);
        folder.Delete(recursive: true);

        var theirs = JsonDocument.Parse(output.Trim().Split('\n')[^1]).RootElement.EnumerateArray().ToList();
        var run = await LessonRun.Of(Path.GetFileNameWithoutExtension(Name));
        var ours = run.Document.Cells.Where(cell => cell.Type == NotebookCellType.Code).ToList();
        Assert.Equal(ours.Count, theirs.Count);
        foreach (var (cell, other) in ours.Zip(theirs))
        {
            Assert.Equal(string.Concat(cell.Outputs.OfType<StreamOutput>().Select(stream => stream.Text)), other.GetProperty("Printed").GetString());
            var value = cell.Outputs.OfType<DisplayOutput>().SingleOrDefault();
            Assert.Equal(value?.MediaTypes.Order() ?? Enumerable.Empty<string>(), other.GetProperty("Forms").EnumerateObject().Select(form => form.Name).Order());
            Assert.All(value?.MediaTypes ?? [], type => Assert.Equal(value!.Text(type), other.GetProperty("Forms").GetProperty(type).GetString()));
        }
    }

    [Fact]
    public void The_library_touches_of_NET_Interactive_only_the_formatting_and_of_Plotly_nothing_that_leads_to_Giraffe()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathTo("artifacts", "lib"), "EmpathyNotebooks.*.dll"))
        {
            using var reader = new PEReader(File.OpenRead(file));
            var metadata = reader.GetMetadataReader();
            var assemblies = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
            Assert.DoesNotContain(assemblies, name => name.StartsWith("Giraffe", StringComparison.Ordinal));
            Assert.DoesNotContain(assemblies, name => name.StartsWith("Microsoft.DotNet.Interactive", StringComparison.Ordinal) && name != "Microsoft.DotNet.Interactive.Formatting");
            var members = metadata.MemberReferences.Select(metadata.GetMemberReference)
                .Where(member => member.Parent.Kind == HandleKind.TypeReference)
                .Select(member => (Type: metadata.GetTypeReference((TypeReferenceHandle)member.Parent), Name: metadata.GetString(member.Name)))
                .Where(member => metadata.GetString(member.Type.Namespace).StartsWith("Plotly.NET", StringComparison.Ordinal))
                .Select(member => $"{metadata.GetString(member.Type.Name)}.{member.Name}").ToList();
            // These bind another FSharp.Core through Giraffe there, and throw.
            Assert.DoesNotContain(members, member => Forbidden().IsMatch(member));
        }
    }

    [GeneratedRegex(@"^(Chart|Defaults|Globals|DisplayOptions|HTML\w*)\.|\.(toChartHTML|toEmbeddedHTML|toFigureJson|Show|toJson)$", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();
}
