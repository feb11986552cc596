using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Kernels.Directives;
using EmpathyNotebooks.Plotting;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>A kernel that Jupyter knows, installed by this program.</summary>
/// <param name="Name">By which notebooks ask for it.</param>
/// <param name="DisplayName">What a reader sees.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Version">The version of this program that it runs.</param>
public sealed partial record KernelSpec(string Name, string DisplayName, string Folder, string Version)
{
    /// <summary>The name that is taken when <see cref="CanonicalForm.KernelName"/> belongs to another kernel.</summary>
    public const string OtherName = "empathy-csharp";

    private const string FileName = "kernel.json";
    private const string HostFolder = "host";
    private const string LockName = ".empathy-install.lock";
    private const string Mark = "empathyNotebooks";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // The diamond of a pooled effect.
    private const string Logo =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#17597a" d="M0 8l8-5 8 5-8 5z"/></svg>

        """;

    /// <summary>
    /// Installs a kernel: copies the program into the folder of the kernel, so that it starts at once and outlives the build it came from.
    /// One that this program installed before is replaced.
    /// </summary>
    /// <remarks>
    /// The copy gets a folder of its own within that of the kernel, and the one file that tells Jupyter where it lies is replaced in one step, last.
    /// Ended at any moment, this leaves the old kernel or the new one. Two that install at once follow one another.
    /// </remarks>
    /// <param name="kernels">The folder of kernels; made when missing.</param>
    /// <param name="name">Its name. Unless given, the one the notebooks ask for if no other kernel has it, else <see cref="OtherName"/>.</param>
    /// <param name="displayName">What a reader sees; by the name unless given.</param>
    /// <param name="program">The folder of the program: of this one unless given.</param>
    /// <exception cref="KernelSpecException">The name is no name of a kernel, or another kernel has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static KernelSpec Install(string kernels, string? name = null, string? displayName = null, string? program = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kernels);
        if (name is not null) RequireName(name);
        using var _ = Lock(kernels);
        name ??= IsFree(CanonicalForm.KernelName, kernels) ? CanonicalForm.KernelName : OtherName;
        var folder = Path.Combine(kernels, name);
        if (IsAnother(folder))
        {
            throw new KernelSpecException($"{folder} is another kernel, which was not installed by this program; choose another name.");
        }

        displayName ??= name == CanonicalForm.KernelName ? ".NET (C#)" : "C# (EmpathyNotebooks)";
        var host = $"{HostFolder}-{Guid.NewGuid():N}";
        try
        {
            Copy(program ?? AppContext.BaseDirectory, Path.Combine(folder, host));
            WholeFile.Write(Path.Combine(folder, "logo-svg.svg"), Logo);
            // The Jupyter server hands out the files of this folder: notebooks ask it for what draws their charts.
            WholeFile.Write(Path.Combine(folder, ChartLibrary.FileName), ChartLibrary.Script);
            // From here on it is the new one.
            WholeFile.Write(Path.Combine(folder, FileName), Json(Path.Combine(folder, host), displayName).ToJsonString(Indented) + "\n");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            RemoveHosts(folder, host, wanted: true);
            throw;
        }

        RemoveHosts(folder, host, wanted: false);
        RemoveUnfinished(folder + ".new");
        return Read(folder)!;
    }

    private static void RequireName(string name)
    {
        if (!ValidName().IsMatch(name))
        {
            throw new KernelSpecException($"\"{name}\" is no name of a kernel; it must be letters, digits, dots, hyphens and underscores.");
        }
    }

    /// <summary>The kernels of a folder that this program installed, by name.</summary>
    /// <param name="kernels">The folder of kernels.</param>
    public static IReadOnlyList<KernelSpec> List(string kernels) => Directory.Exists(kernels)
        ? [.. Directory.EnumerateDirectories(kernels).Select(Read).OfType<KernelSpec>().OrderBy(spec => spec.Name, StringComparer.Ordinal)]
        : [];

    /// <summary>Removes kernels that this program installed.</summary>
    /// <param name="kernels">The folder of kernels.</param>
    /// <param name="name">Which one; all of them unless given.</param>
    /// <returns>What was removed.</returns>
    /// <exception cref="KernelSpecException">There is none of that name that this program installed.</exception>
    /// <exception cref="IOException">A file is in use.</exception>
    public static IReadOnlyList<KernelSpec> Uninstall(string kernels, string? name = null)
    {
        if (!Directory.Exists(kernels) && name is null) return [];
        using var _ = Directory.Exists(kernels) ? Lock(kernels) : null;
        var all = List(kernels);
        var some = name is null ? all : [.. all.Where(spec => spec.Name == name)];
        if (name is not null && some.Count == 0)
        {
            throw new KernelSpecException($"{kernels} has no kernel \"{name}\" that this program installed; it has: "
                + (all.Count > 0 ? string.Join(", ", all.Select(spec => spec.Name)) : "none") + ".");
        }

        foreach (var spec in some)
        {
            // First what makes it a kernel: one that is half gone must not be offered.
            File.Delete(Path.Combine(spec.Folder, FileName));
            Directory.Delete(spec.Folder, recursive: true);
        }

        return some;
    }

    private static bool IsFree(string name, string kernels) =>
        JupyterFolders.Shared().Append(kernels).Select(folder => Path.Combine(folder, name)).All(folder => !IsAnother(folder));

    // A folder without this file is no kernel to anybody: what an install that was ended has left.
    private static bool IsAnother(string folder) => File.Exists(Path.Combine(folder, FileName)) && Read(folder) is null;

    /// <summary>Waits until nobody else installs here. The file stays: one that is removed could be held by two.</summary>
    private static FileStream Lock(string kernels)
    {
        Directory.CreateDirectory(kernels);
        for (var start = Stopwatch.GetTimestamp(); ; Thread.Sleep(50))
        {
            try
            {
                return new FileStream(Path.Combine(kernels, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException fault) when (fault.GetType() == typeof(IOException) && Stopwatch.GetElapsedTime(start) < Patience)
            {
                // Another one installs.
            }
        }
    }

    /// <summary>Removes the copies of the program but one, or that one.</summary>
    private static void RemoveHosts(string folder, string host, bool wanted)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var one in Directory.EnumerateDirectories(folder, HostFolder + "*"))
        {
            var name = Path.GetFileName(one);
            if ((name == host) != wanted || (name != HostFolder && !name.StartsWith(HostFolder + "-", StringComparison.Ordinal))) continue;
            RemoveUnfinished(one);
        }

        if (wanted && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private static void RemoveUnfinished(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A kernel that runs from there holds it: the next install removes it.
        }
    }

    private static JsonObject Json(string host, string displayName) => new()
    {
        ["argv"] = new JsonArray(DotNetHost.Path, Path.Combine(host, "empathy.dll"), "kernel", "start", "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = KernelInfo.LanguageName,
        // By message works on every system; a signal is heeded all the same.
        ["interrupt_mode"] = "message",
        // In hexadecimal, 90. What a cell leaves running in a library ends there, and not this process or the machine.
        ["env"] = Environment(),
        ["metadata"] = new JsonObject { [Mark] = new JsonObject { ["version"] = AboutDirective.Version } },
    };

    private static JsonObject Environment()
    {
        var environment = new JsonObject { ["DOTNET_GCHeapHardLimitPercent"] = "5A" };
        // Where this program was started without the cultures of the system, a kernel started from a menu would not start with them.
        if (!Cultures.AreKnown) environment[Cultures.Variable] = "1";
        return environment;
    }

    private static KernelSpec? Read(string folder)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, FileName)), documentOptions: new() { AllowDuplicateProperties = false });
            return root?["metadata"]?[Mark]?["version"] is JsonValue version
                ? new KernelSpec(Path.GetFileName(folder), (string?)root["display_name"] ?? "", folder, version.ToString())
                : null;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Another program's kernel, in whatever state: not ours.
            return null;
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9._\-]+\z")]
    private static partial Regex ValidName();
}

/// <summary>A kernel that cannot be installed or removed; the message says why.</summary>
public sealed class KernelSpecException(string message) : Exception(message);
