using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Kernels.Packages;

/// <summary>A NuGet package that a cell asks for.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">A version, a range or a floating version; `*`, the newest, unless given.</param>
internal sealed partial record PackageReference(string Name, string Version)
{
    /// <summary>True when the version is one version, so that a restore need not ask the feed again.</summary>
    public bool IsExact => ExactVersion().IsMatch(Version);

    /// <summary>Reads `nuget: Name, Version`.</summary>
    /// <exception cref="CellDirectiveException">It is written otherwise.</exception>
    public static PackageReference Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new PackageReference(match.Groups["name"].Value, match.Groups["version"] is { Success: true } version ? version.Value.Trim() : "*")
            : throw new CellDirectiveException($"#r \"{text}\": a package is written as in #r \"nuget: Name, Version\", the version may be left out.");
    }

    public override string ToString() => Version == "*" ? Name : $"{Name} {Version}";

    [GeneratedRegex(@"^nuget:\s*(?<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*)\s*(,\s*(?<version>[0-9A-Za-z.*+\-\[\](), ]+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex(@"^\d+(\.\d+)*(-[0-9A-Za-z.\-]+)?(\+[0-9A-Za-z.\-]+)?$")]
    private static partial Regex ExactVersion();
}

/// <summary>A package that is there, with its files.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">The version that NuGet chose.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Assemblies">Its assemblies for this .NET and system.</param>
/// <param name="NativeFiles">Its native libraries for this system.</param>
internal sealed record RestoredPackage(
    string Name, string Version, string Folder, IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFiles);
