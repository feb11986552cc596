using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Kernels.Packages;

/// <summary>
/// Fetches packages by the SDK's own `dotnet restore` of a project made for them, so that feeds, settings, offline folders and versions
/// are exactly those of any other project of the user.
/// </summary>
internal static partial class PackageRestore
{
    private const string Framework = "net10.0";

    /// <summary>Where the projects are kept; one for each set of packages.</summary>
    public static string CacheFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } data ? data : Path.GetTempPath(),
        "EmpathyNotebooks", "packages");

    /// <summary>Restores the packages and lists them with all that they need.</summary>
    /// <exception cref="CellDirectiveException">NuGet cannot restore them.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<IReadOnlyList<RestoredPackage>> RunAsync(
        IReadOnlyList<PackageReference> packages, IReadOnlyList<string> sources, string folder, CancellationToken stop)
    {
        var text = Project(packages, sources, folder).ToString();
        var place = Directory.CreateDirectory(Path.Combine(CacheFolder, Hash(text))).FullName;
        using var lockFile = await LockAsync(Path.Combine(place, "lock"), stop).ConfigureAwait(false);
        var project = Path.Combine(place, "packages.csproj");
        var assets = Path.Combine(place, "obj", "project.assets.json");
        if (packages.All(package => package.IsExact) && File.Exists(assets) && TryRead(assets) is { } known) return known;

        WholeFile.Write(project, text);
        await RestoreAsync(project, packages[^1], stop).ConfigureAwait(false);
        return TryRead(assets) ?? throw new CellDirectiveException($"#r \"nuget: {packages[^1]}\": NuGet restored it, but its files are not there.");
    }

    private static XElement Project(IReadOnlyList<PackageReference> packages, IReadOnlyList<string> sources, string folder) =>
        new("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup",
                new XElement("TargetFramework", Framework),
                new XElement("RuntimeIdentifier", RuntimeInformation.RuntimeIdentifier),
                new XElement("SelfContained", false),
                new XElement("NuGetAudit", false),
                // NuGet's settings are those seen from the notebook, as if the project lay beside it.
                new XElement("RestoreRootConfigDirectory", folder),
                new XElement("RestoreAdditionalProjectSources", string.Join(';', sources))),
            new XElement("ItemGroup", packages.Select(package =>
                new XElement("PackageReference", new XAttribute("Include", package.Name), new XAttribute("Version", package.Version)))));

    private static async Task RestoreAsync(string project, PackageReference package, CancellationToken stop)
    {
        var start = new ProcessStartInfo(DotNetHost.Path)
        {
            WorkingDirectory = Path.GetDirectoryName(project)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // What lies above the folder of the cache is nobody's business here.
        foreach (var argument in new[]
        {
            "restore", project, "-nologo", "-v:quiet", "-tl:off", "-nodeReuse:false", "-p:ImportDirectoryBuildProps=false",
            "-p:ImportDirectoryBuildTargets=false", "-p:ImportDirectoryPackagesProps=false",
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // Build servers of a process that runs this one are not ours to talk to.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new CellDirectiveException($"#r \"nuget: {package}\": packages are fetched by the .NET SDK, and {DotNetHost.Path} cannot be started: "
                + fault.Message, fault);
        }

        using (process)
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            if (process.ExitCode == 0) return;
            var said = await output.ConfigureAwait(false) + "\n" + await error.ConfigureAwait(false);
            throw new CellDirectiveException($"#r \"nuget: {package.Name}{(package.Version == "*" ? "" : $", {package.Version}")}\": "
                + $"NuGet cannot restore {package}: {Reason(said)}");
        }
    }

    private static string Reason(string said)
    {
        var errors = ErrorLine().Matches(said).Select(match => match.Groups["text"].Value.Trim()).Distinct(StringComparer.Ordinal).ToList();
        return errors.Count > 0 ? string.Join('\n', errors) : said.Trim();
    }

    private static List<RestoredPackage>? TryRead(string assets)
    {
        try
        {
            return Read(assets);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A restore that was killed leaves half a file; the next one writes it anew.
            return null;
        }
    }

    private static List<RestoredPackage>? Read(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
        var root = document.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var target = root.GetProperty("targets").EnumerateObject().First(one => one.Name.StartsWith(Framework + "/", StringComparison.Ordinal));
        var found = new List<RestoredPackage>();
        foreach (var library in target.Value.EnumerateObject().Where(one => one.Value.GetProperty("type").GetString() == "package"))
        {
            var path = root.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString()!;
            if (folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(Directory.Exists) is not { } place) return null;
            var parts = library.Name.Split('/');
            found.Add(new RestoredPackage(parts[0], parts[1], place, Files(library.Value, "runtime", place), Files(library.Value, "native", place)));
        }

        return found;
    }

    private static List<string> Files(JsonElement library, string kind, string place) => library.TryGetProperty(kind, out var files)
        ? [.. files.EnumerateObject().Where(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal)).Select(file => Path.GetFullPath(file.Name, place))]
        : [];

    private static async Task<FileStream> LockAsync(string path, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(100, stop).ConfigureAwait(false);
            }
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20];

    [GeneratedRegex(@"error\s+(?<text>[A-Z]+\d+: [^\r\n]*?)\s*(\[[^\]\r\n]*\])?\s*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
