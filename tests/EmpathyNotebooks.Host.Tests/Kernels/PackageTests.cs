using System.IO.Compression;
using System.Runtime.InteropServices;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Host.Tests.Kernels;

/// <summary>`#r "nuget: ..."` from a feed that is a folder, without any network.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-packages-");
    private readonly CSharpKernel _kernel;
    private readonly string _tag = Guid.NewGuid().ToString("N")[..8];

    public PackageTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "feed"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "notebooks"));
        Configure("feed");
        _kernel = new CSharpKernel(new CSharpKernelOptions { Folder = Path.Combine(_folder.FullName, "notebooks") });
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // In the folder above the notebooks', where NuGet has to find it.
    private void Configure(params string[] feeds) => File.WriteAllText(Path.Combine(_folder.FullName, "nuget.config"),
        $"""
        <configuration>
          <config><add key="globalPackagesFolder" value="cache" /></config>
          <packageSources><clear />{string.Concat(feeds.Select(feed => $"<add key=\"{feed}\" value=\"{feed}\" />"))}</packageSources>
        </configuration>
        """);

    private Task<CellResult> Run(string code) => _kernel.ExecuteAsync(code, null, TestContext.Current.CancellationToken);

    private async Task<string?> Value(string code)
    {
        var result = await Run(code);
        Assert.True(result.Error is null, result.Error?.ToString());
        return Assert.IsType<DisplayOutput>(result.Outputs[^1]).Text("text/plain");
    }

    [Fact]
    public async Task A_package_brings_what_it_needs_its_native_library_and_its_extension()
    {
        var core = Compile($"Core{_tag}", "namespace Core; public record Thing(int Value);");
        Pack("feed", $"Core{_tag}", "1.2.0", core);
        var runtime = RuntimeInformation.RuntimeIdentifier;
        var native = OperatingSystem.IsWindows() ? "System.IO.Compression.Native.dll"
            : OperatingSystem.IsMacOS() ? "libSystem.Native.dylib" : "libSystem.Native.so";
        Pack("feed", $"Tool{_tag}", "1.0.0",
            Compile($"Tool{_tag}",
                $"namespace Tool; public static class Maker {{ public static Core.Thing Make() => new(42);"
                + $"[System.Runtime.InteropServices.DllImport(\"empathy{_tag}\")] public static extern int SystemNative_GetPid(); }}", core),
            dependency: $"Core{_tag}",
            more: [(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), native), $"runtimes/{runtime}/native/libempathy{_tag}{Path.GetExtension(native)}")],
            extension: "#!csharp\n\nvar registered = true;\n");

        Assert.Equal("42", await Value($"#r \"nuget: Tool{_tag}, 1.0.0\"\nTool.Maker.Make().Value"));
        Assert.Equal("True", await Value("registered"));
        Assert.Equal("Thing { Value = 1 }", await Value("new Core.Thing(1).ToString()"));
        if (OperatingSystem.IsLinux()) Assert.Equal(Environment.ProcessId.ToString(), await Value("Tool.Maker.SystemNative_GetPid()"));
        Assert.Equal("42", await Value($"#r \"nuget: tool{_tag}\"\nTool.Maker.Make().Value"));
        var other = await Run($"#r \"nuget: Tool{_tag}, 2.0.0\"");
        Assert.Equal($"#r \"nuget: Tool{_tag}, 2.0.0\": this kernel already uses Tool{_tag} 1.0.0. Restart the kernel to use another version.", other.Error!.Message);
    }

    [Fact]
    public async Task A_class_that_a_package_brings_for_NET_Interactive_is_run_and_one_that_cannot_be_is_named()
    {
        // Of the genuine assembly only what an extension is written against.
        var contract = Compile($"Interactive{_tag}", "namespace Microsoft.DotNet.Interactive { public class Kernel { } public class CompositeKernel : Kernel { }"
            + " public interface IKernelExtension { System.Threading.Tasks.Task OnLoadAsync(Kernel kernel); } }");
        var extension = Compile($"Extension{_tag}", "public static class Seen { public static string By = \"nobody\"; }"
            + " public class Extension : Microsoft.DotNet.Interactive.IKernelExtension { public System.Threading.Tasks.Task OnLoadAsync(Microsoft.DotNet.Interactive.Kernel kernel)"
            + " { System.AppContext.SetData(\"seen\", kernel.GetType().Name); return System.Threading.Tasks.Task.CompletedTask; } }", contract);
        Pack("feed", $"Interactive{_tag}", "1.0.0", contract);
        Pack("feed", $"Whole{_tag}", "1.0.0", Compile($"Whole{_tag}", "public class Whole;"), dependency: $"Interactive{_tag}",
            more: [(extension, $"interactive-extensions/dotnet/Extension{_tag}.dll")]);
        var lost = Compile($"Lost{_tag}", "public class Lost : Absent;", Compile($"Absent{_tag}", "public class Absent;"));
        Pack("feed", $"Part{_tag}", "1.0.0", Compile($"Part{_tag}", "public class Part;"), more: [(lost, $"interactive-extensions/dotnet/Lost{_tag}.dll")]);

        Assert.Empty((await Run($"#r \"nuget: Whole{_tag}, 1.0.0\"")).Outputs);
        Assert.Equal("CompositeKernel", await Value("AppContext.GetData(\"seen\")"));
        var part = await Run($"#r \"nuget: Part{_tag}, 1.0.0\"");
        Assert.Null(part.Error);
        Assert.Equal($"Part{_tag} 1.0.0 brings a notebook extension, Lost{_tag}.dll, that does not run here (it needs assemblies of .NET Interactive's own kernel); "
            + "its values are shown without it.\n", Assert.IsType<StreamOutput>(Assert.Single(part.Outputs)).Text);
    }

    [Fact]
    public async Task Without_a_version_it_is_the_newest_and_another_feed_can_be_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "notebooks", "more"));
        Pack("notebooks/more", $"New{_tag}", "1.0.0", Compile($"New{_tag}", "public class New { public const int Version = 1; }"));
        Pack("notebooks/more", $"New{_tag}", "1.1.0", Compile($"New{_tag}", "public class New { public const int Version = 2; }"));

        Assert.Equal("2", await Value($"#i \"nuget: more\"\n#r \"nuget: New{_tag}\"\nNew.Version"));
        Assert.Contains("there is no such folder", (await Run("#i \"nuget: nowhere\"")).Error!.Message);
        Assert.Contains("only NuGet feeds are known", (await Run("#i \"npm: more\"")).Error!.Message);
    }

    [Fact]
    public async Task Our_own_package_is_here_already_and_starts()
    {
        var result = await Run("#r \"nuget: EmpathyNotebooks.Interactive\"\nEmpathyNotebooks.MetaAnalysis.EffectMeasure.FisherZ is null");

        Assert.Equal(["EmpathyNotebooks 0.1.0", "False"], result.Outputs.Cast<DisplayOutput>().Select(output => output.Text("text/plain")!.Split(". ")[0]));
    }

    [Fact]
    public async Task What_NuGet_says_is_passed_on()
    {
        var error = (await Run($"var a = 1;\n#r \"nuget: Absent{_tag}, 3.0.0\"")).Error!;

        Assert.Equal(2, error.Line);
        Assert.StartsWith($"#r \"nuget: Absent{_tag}, 3.0.0\": NuGet cannot restore Absent{_tag} 3.0.0: NU1101: Unable to find package Absent{_tag}.", error.Message);
        Assert.DoesNotContain("packages.csproj", error.Message);
        Assert.StartsWith($"#r \"nuget: Absent{_tag}, three\": ", (await Run($"#r \"nuget: Absent{_tag}, three\"")).Error!.Message);

        // A package that failed is not held against the next one.
        Pack("feed", $"Later{_tag}", "1.0.0", Compile($"Later{_tag}", "public class Later { public const int Number = 7; }"));
        Assert.Equal("7", await Value($"#r \"nuget: Later{_tag}, 1.0.0\"\nLater.Number"));
    }

    private string Compile(string name, string code, params string[] references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var path = Path.Combine(_folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName, name + ".dll");
        var result = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)],
            platform.Concat(references).Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    private void Pack(string feed, string name, string version, string assembly, string? dependency = null,
        IReadOnlyList<(string File, string Path)>? more = null, string? extension = null)
    {
        using var archive = ZipFile.Open(Path.Combine(_folder.FullName, feed, $"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        var needs = dependency is null ? "" : $"<dependency id=\"{dependency}\" version=\"1.0.0\" />";
        Add($"{name}.nuspec",
            $"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
              <id>{name}</id><version>{version}</version><authors>test</authors><description>For a test.</description>
              <dependencies><group targetFramework="net10.0">{needs}</group></dependencies>
            </metadata></package>
            """);
        archive.CreateEntryFromFile(assembly, $"lib/net10.0/{name}.dll");
        foreach (var (file, path) in more ?? []) archive.CreateEntryFromFile(file, path);
        if (extension is not null) Add("interactive-extensions/dotnet/extension.dib", extension);

        void Add(string path, string text)
        {
            using var writer = new StreamWriter(archive.CreateEntry(path).Open());
            writer.Write(text);
        }
    }
}
