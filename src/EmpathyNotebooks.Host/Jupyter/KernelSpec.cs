using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Host.Kernels;
using EmpathyNotebooks.Host.Kernels.Directives;
using EmpathyNotebooks.Plotting;

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
    private const string Mark = "empathyNotebooks";

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
    /// <param name="kernels">The folder of kernels; made when missing.</param>
    /// <param name="name">Its name. Unless given, the one the notebooks ask for if no other kernel has it, else <see cref="OtherName"/>.</param>
    /// <param name="displayName">What a reader sees; by the name unless given.</param>
    /// <param name="program">The folder of the program: of this one unless given.</param>
    /// <exception cref="KernelSpecException">The name is no name of a kernel, or another kernel has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static KernelSpec Install(string kernels, string? name = null, string? displayName = null, string? program = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kernels);
        name ??= IsFree(CanonicalForm.KernelName, kernels) ? CanonicalForm.KernelName : OtherName;
        if (!ValidName().IsMatch(name))
        {
            throw new KernelSpecException($"\"{name}\" is no name of a kernel; it must be letters, digits, dots, hyphens and underscores.");
        }

        var folder = Path.Combine(kernels, name);
        if (Directory.Exists(folder) && Read(folder) is null)
        {
            throw new KernelSpecException($"{folder} is another kernel, which was not installed by this program; choose another name.");
        }

        displayName ??= name == CanonicalForm.KernelName ? ".NET (C#)" : "C# (EmpathyNotebooks)";
        // Beside its place first: what is there stays whole until the new one is.
        var fresh = folder + ".new";
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        Copy(program ?? AppContext.BaseDirectory, Path.Combine(fresh, HostFolder));
        File.WriteAllText(Path.Combine(fresh, FileName), Json(folder, displayName).ToJsonString(Indented) + "\n");
        File.WriteAllText(Path.Combine(fresh, "logo-svg.svg"), Logo);
        // The Jupyter server hands out the files of this folder: notebooks ask it for what draws their charts.
        File.WriteAllText(Path.Combine(fresh, ChartLibrary.FileName), ChartLibrary.Script);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(fresh, folder);
        return Read(folder)!;
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
        var all = List(kernels);
        var some = name is null ? all : [.. all.Where(spec => spec.Name == name)];
        if (name is not null && some.Count == 0)
        {
            throw new KernelSpecException($"{kernels} has no kernel \"{name}\" that this program installed; it has: "
                + (all.Count > 0 ? string.Join(", ", all.Select(spec => spec.Name)) : "none") + ".");
        }

        foreach (var spec in some) Directory.Delete(spec.Folder, recursive: true);
        return some;
    }

    private static bool IsFree(string name, string kernels) =>
        JupyterFolders.Shared().Append(kernels).Select(folder => Path.Combine(folder, name)).All(folder => !Directory.Exists(folder) || Read(folder) is not null);

    private static JsonObject Json(string folder, string displayName) => new()
    {
        ["argv"] = new JsonArray(DotNetHost.Path, Path.Combine(folder, HostFolder, "empathy.dll"), "kernel", "start", "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = KernelInfo.LanguageName,
        // By message works on every system; a signal is heeded all the same.
        ["interrupt_mode"] = "message",
        // In hexadecimal, 90. What a cell leaves running in a library ends there, and not this process or the machine.
        ["env"] = new JsonObject { ["DOTNET_GCHeapHardLimitPercent"] = "5A" },
        ["metadata"] = new JsonObject { [Mark] = new JsonObject { ["version"] = AboutDirective.Version } },
    };

    private static KernelSpec? Read(string folder)
    {
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, FileName)));
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
