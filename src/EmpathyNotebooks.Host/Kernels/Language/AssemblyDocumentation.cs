using System.Globalization;
using System.Xml;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>
/// The documentation of an assembly, read when it is first asked for: the XML file beside it; for the parts of .NET itself, which
/// have none, those of the SDK's reference assemblies.
/// </summary>
internal sealed class AssemblyDocumentation : DocumentationProvider
{
    // The core library holds what these reference assemblies declare; most is in the first ones.
    private static readonly string[] CoreFiles =
        ["System.Runtime", "System.Collections", "System.Threading", "System.Memory", "System.Runtime.InteropServices", "System.Text.Encoding.Extensions"];

    private readonly string _assembly;
    private readonly Lazy<IReadOnlyList<Lazy<Dictionary<string, string>>>> _files;

    private AssemblyDocumentation(string assembly)
    {
        _assembly = assembly;
        _files = new(() => [.. Files(assembly).Where(File.Exists).Select(file => new Lazy<Dictionary<string, string>>(() => Read(file)))]);
    }

    /// <summary>The documentation of the assembly at this path.</summary>
    public static AssemblyDocumentation For(string assembly) => new(assembly);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AssemblyDocumentation other && other._assembly == _assembly;

    /// <inheritdoc/>
    public override int GetHashCode() => _assembly.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string? GetDocumentationForSymbol(string documentationMemberID, CultureInfo preferredCulture, CancellationToken cancellationToken) =>
        _files.Value.Select(file => file.Value.GetValueOrDefault(documentationMemberID)).FirstOrDefault(text => text is not null);

    private static IEnumerable<string> Files(string assembly)
    {
        yield return Path.ChangeExtension(assembly, ".xml");
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        if (Path.GetDirectoryName(assembly) != runtime) yield break;
        var packs = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        if (!Directory.Exists(packs)) yield break;
        var major = $"{Environment.Version.Major}.";
        var pack = Directory.EnumerateDirectories(packs, major + "*").Order(StringComparer.Ordinal).LastOrDefault();
        if (pack is null) yield break;
        var folder = Path.Combine(pack, "ref", $"net{Environment.Version.Major}.{Environment.Version.Minor}");
        foreach (var name in CoreFiles.Prepend(Path.GetFileNameWithoutExtension(assembly)).Distinct(StringComparer.Ordinal))
        {
            yield return Path.Combine(folder, name + ".xml");
        }
    }

    private static Dictionary<string, string> Read(string file)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                while (reader is { NodeType: XmlNodeType.Element, Name: "member" } && reader.GetAttribute("name") is { } name)
                {
                    // Reading it moves on to what follows, which may be the next one.
                    members[name] = reader.ReadOuterXml();
                }
            }
        }
        catch (XmlException)
        {
            // What a broken file holds up to its fault is still right, and help is no reason to stop anybody.
        }

        return members;
    }
}
