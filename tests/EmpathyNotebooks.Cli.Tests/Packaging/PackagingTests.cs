using System.Diagnostics;
using System.IO.Compression;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests.Packaging;

/// <summary>The packages of the solution, in a folder that serves as a feed, and a place to use them that knows nothing of this repository.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("empathy-feed-");

    /// <summary>The folder of the packages.</summary>
    public string Feed => Path.Combine(_folder.FullName, "feed");

    /// <summary>The version they were given, which nobody else uses.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}";

    public async ValueTask InitializeAsync()
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        // Ours go into a cache of their own; what they need from others is there already, from building this.
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="cache" /></config>
              <fallbackPackageFolders><add key="other" value="{cache}" /></fallbackPackageFolders>
              <packageSources><add key="feed" value="feed" /></packageSources>
            </configuration>
            """);
        Directory.CreateDirectory(Feed);
        var sources = CopySources();
        // All is built but the assemblies, which lie there as they were compiled for these tests: to compile them again would take longer than all else.
        var (code, output) = await RunAsync(sources, "pack", "src.slnf", "-c", Configuration, "-o", Feed, $"-p:Version={Version}", "-p:SkipCompilerExecution=true", "-nologo", "-tl:off", "-nodeReuse:false");
        Assert.True(code == 0 && !output.Contains(": warning ", StringComparison.Ordinal), output);
    }

    /// <summary>How these tests were built, <c>Debug</c> or <c>Release</c>: the last folder but one of where they are.</summary>
    private static string Configuration { get; } = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2];

    // Built elsewhere: other tests use the builds of this repository at the same time.
    private string CopySources()
    {
        var target = NewFolder("sources");
        var compiled = Path.Combine("obj", Configuration, "net10.0");
        var files = Directory.EnumerateFiles(Repository.Root)
            .Concat(new[] { "src", "data" }.SelectMany(folder => Directory.EnumerateFiles(Repository.PathTo(folder), "*", SearchOption.AllDirectories)));
        foreach (var file in files)
        {
            var path = Path.GetRelativePath(Repository.Root, file);
            var isCompiled = path.Contains(compiled, StringComparison.Ordinal) && Path.GetExtension(path) is ".dll" or ".pdb" or ".xml";
            if (!isCompiled && path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, path))!);
            File.Copy(file, Path.Combine(target, path));
        }

        var projects = Directory.EnumerateFiles(Path.Combine(target, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => $"\"{Path.GetRelativePath(target, file).Replace('\\', '/')}\"");
        File.WriteAllText(Path.Combine(target, "src.slnf"), $"{{\"solution\":{{\"path\":\"EmpathyNotebooks.sln\",\"projects\":[{string.Join(",", projects)}]}}}}");
        return target;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A new folder that finds the feed.</summary>
    public string NewFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>Runs the SDK.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments) => RunProgramAsync(DotNetHost.Path, folder, arguments);

    /// <summary>Runs a program.</summary>
    public static async Task<(int ExitCode, string Output)> RunProgramAsync(string file, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(DotNetHost.Path);
        var (code, output, error) = await ChildProcess.RunAsync(start);
        return (code, output + error);
    }
}

/// <summary>What `dotnet pack` makes is what a stranger can use.</summary>
public sealed class PackagingTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private static readonly string[] Libraries = ["Data", "Interactive", "MetaAnalysis", "Plotting", "Reporting"];

    [Fact]
    public void Every_library_has_a_package_with_documentation_readme_licence_and_symbols()
    {
        foreach (var name in Libraries.Select(name => $"EmpathyNotebooks.{name}"))
        {
            using var package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{name}.{feed.Version}.nupkg"));
            var files = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Superset(new HashSet<string> { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md" }, files.ToHashSet());
            using var reader = new StreamReader(package.GetEntry($"{name}.nuspec")!.Open());
            var nuspec = reader.ReadToEnd();
            Assert.Contains("<license type=\"expression\">MIT</license>", nuspec);
            Assert.Contains("<readme>README.md</readme>", nuspec);
            Assert.DoesNotContain("Package Description", nuspec);
            using var symbols = ZipFile.OpenRead(Path.Combine(feed.Feed, $"{name}.{feed.Version}.snupkg"));
            Assert.Contains($"lib/net10.0/{name}.pdb", symbols.Entries.Select(entry => entry.FullName));
        }

        using var interactive = ZipFile.OpenRead(Path.Combine(feed.Feed, $"EmpathyNotebooks.Interactive.{feed.Version}.nupkg"));
        Assert.NotNull(interactive.GetEntry("interactive-extensions/dotnet/extension.dib"));
    }

    [Fact]
    public void The_tool_draws_on_every_common_system_and_carries_no_symbols_of_others()
    {
        using var package = ZipFile.OpenRead(Path.Combine(feed.Feed, $"EmpathyNotebooks.Cli.{feed.Version}.nupkg"));
        var natives = package.Entries.Select(entry => entry.FullName).Where(name => name.Contains("/native/", StringComparison.Ordinal)).ToList();
        Assert.All((string[])["linux-x64", "linux-arm64", "linux-musl-x64", "osx", "win-x64", "win-arm64"],
            system => Assert.Contains(natives, name => name.Contains($"/runtimes/{system}/native/libSkiaSharp.", StringComparison.Ordinal)));
        Assert.DoesNotContain(natives, name => name.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fresh_project_restores_them_without_a_warning_and_fits_a_model()
    {
        var folder = feed.NewFolder("fresh");
        await File.WriteAllTextAsync(Path.Combine(folder, "fresh.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="EmpathyNotebooks.Interactive" Version="{feed.Version}" /></ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"),
            """
            using EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;
            var fit = RandomEffects.Fit(Datasets.Molloy2014().Correlations());
            Console.WriteLine(fit);
            Console.WriteLine(PlotlyHtml.Page("chart", ForestPlot.Create(fit).ToFigure()).Length > 1_000_000);
            Console.WriteLine(ForestPlot.Create(fit).ToPdf().Length > 10_000);
            """, TestContext.Current.CancellationToken);

        var (built, log) = await PackageFeed.RunAsync(folder, "build", "-nologo", "-tl:off", "-warnaserror", "-nodeReuse:false");
        Assert.True(built == 0 && log.Contains("0 Warning(s)", StringComparison.Ordinal), log);

        var (code, output) = await PackageFeed.RunAsync(folder, Path.Combine("bin", "Debug", "net10.0", "fresh.dll"));
        Assert.True(code == 0, output);
        Assert.Equal(["r = .15, 95% CI [.08, .22], p < .001 (REML, Hartung-Knapp, k = 16)", "True", "True"], output.Trim().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task A_notebook_takes_it_as_a_package_and_its_extension_starts_it()
    {
        var kernel = new CSharpKernel(new CSharpKernelOptions { Folder = feed.NewFolder("notebook") });

        var result = await kernel.ExecuteAsync(
            $"#r \"nuget: EmpathyNotebooks.Interactive, {feed.Version}\"\nusing EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis; using EmpathyNotebooks.Plotting;\n"
            + "Console.Write(CorrelationScatter.Create(0.28).ToPng().Length > 1000);\nRandomEffects.Fit(Datasets.Molloy2014().Correlations())",
            interrupt: TestContext.Current.CancellationToken);

        Assert.True(result.Error is null, result.Error?.ToString());
        var shown = result.Outputs.OfType<DisplayOutput>().ToList();
        Assert.StartsWith("EmpathyNotebooks 0.1.0", shown[0].Text("text/plain"));
        Assert.Equal("True", Assert.Single(result.Outputs.OfType<StreamOutput>()).Text);
        Assert.Contains("<table", shown[^1].Text("text/html"));
    }

    [Fact]
    public async Task A_notebook_outside_the_repository_becomes_a_program_that_names_the_package()
    {
        var folder = feed.NewFolder("program");
        var notebook = Path.Combine(folder, "fit.ipynb");
        NotebookDocument.Create([(NotebookCellType.Code, "#r \"nuget: EmpathyNotebooks.Interactive\"\nusing EmpathyNotebooks.Data; using EmpathyNotebooks.MetaAnalysis;\nRandomEffects.Fit(Datasets.Molloy2014().Correlations()).ToString()")]).Save(notebook);
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.True(await EmpathyCommand.InvokeAsync(["convert", notebook, "--to", "cs"], output, error) == EmpathyCommand.Success, error.ToString());
        var program = Path.ChangeExtension(notebook, "cs");
        var code = await File.ReadAllTextAsync(program, TestContext.Current.CancellationToken);
        Assert.StartsWith("#:package EmpathyNotebooks.Interactive@0.1.0\n", code);
        await File.WriteAllTextAsync(program, code.Replace("@0.1.0", $"@{feed.Version}", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (exitCode, printed) = await PackageFeed.RunAsync(folder, "run", program);

        Assert.Equal((0, "r = .15, 95% CI [.08, .22], p < .001 (REML, Hartung-Knapp, k = 16)"), (exitCode, printed.Trim()));
    }

    [Fact]
    public async Task The_command_line_installs_as_a_tool_which_brings_the_kernel()
    {
        var folder = feed.NewFolder("tool");
        var (installed, log) = await PackageFeed.RunAsync(folder, "tool", "install", "EmpathyNotebooks.Cli", "--version", feed.Version, "--tool-path", "tools");
        Assert.True(installed == 0, log);

        var empathy = Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "empathy.exe" : "empathy");
        var (code, output) = await PackageFeed.RunProgramAsync(empathy, folder, "kernel", "install", "--prefix", folder);
        Assert.True(code == 0, output);
        // The kernel is a copy: it stays when the tool goes.
        Assert.Equal(0, (await PackageFeed.RunAsync(folder, "tool", "uninstall", "EmpathyNotebooks.Cli", "--tool-path", "tools")).ExitCode);
        var host = Directory.EnumerateFiles(folder, "empathy.dll", SearchOption.AllDirectories).Single();
        Assert.Contains("Brings the C# kernel", (await PackageFeed.RunAsync(folder, host, "kernel", "--help")).Output);
    }
}
