using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>The public types of the library, read from its assemblies and the documentation beside them.</summary>
internal sealed class ApiLibrary
{
    private const string Product = "EmpathyNotebooks.";

    // In the order a reader meets them: data, statistics, plots, words, notebooks.
    private static readonly Type[] Markers =
        [typeof(Data.StudyTable), typeof(MetaAnalysis.RandomEffects), typeof(Plotting.ForestPlot), typeof(Reporting.Document), typeof(Notebook)];

    private static readonly Lazy<ApiLibrary> TheOne = new(() => Read([.. Markers.Select(marker => marker.Assembly.Location)]));

    private readonly Dictionary<string, (ApiType Type, ApiMember? Member)> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApiType> _byName = new(StringComparer.Ordinal);
    private readonly ILookup<string, (ApiType Type, ApiMember Member)> _extensions;
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);

    private ApiLibrary(IReadOnlyList<ApiType> types)
    {
        Types = types;
        foreach (var type in types)
        {
            _byId.Add(type.Id, (type, null));
            if (!_byName.TryAdd(type.Name, type)) throw new InvalidOperationException($"Two public types are named {type.Name}: their pages would be one file.");
            foreach (var member in type.Members) _byId.Add(member.Id, (type, member));
            _namespaces.Add("N:" + type.Symbol.ContainingNamespace.ToDisplayString());
        }
        _extensions = types.SelectMany(type => type.Members.Where(member => member.Symbol is IMethodSymbol { IsExtensionMethod: true }).Select(member => (type, member))).ToLookup(pair => pair.member.Symbol.Name, StringComparer.Ordinal);
    }

    /// <summary>The library that runs in this process. It is read once.</summary>
    /// <exception cref="SiteException">The documentation of an assembly is missing beside it.</exception>
    public static ApiLibrary Current => TheOne.Value;

    /// <summary>All types, by library, room and name.</summary>
    public IReadOnlyList<ApiType> Types { get; }

    /// <summary>The type of a name as code has it; null when it is none of the library's.</summary>
    public ApiType? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>What an identifier of documentation stands for; null when it is none of the library's public ones.</summary>
    public (ApiType Type, ApiMember? Member)? Find(string id) => _byId.TryGetValue(id, out var found) ? found : null;

    /// <summary>A member by its name, as code asks a value for it: of its type, of what that inherits from, or an extension method; null when there is none of the library's, or several could be meant.</summary>
    public (ApiType Type, ApiMember Member)? Member(ITypeSymbol of, string name)
    {
        ITypeSymbol[] all = [of, .. Bases(of), .. of.AllInterfaces];
        foreach (var type in all)
        {
            if (Find(type.OriginalDefinition.GetDocumentationCommentId() ?? "") is (var found, _) && found.Members.FirstOrDefault(member => member.Symbol.Name == name && member.Symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor }) is { } there) return (found, there);
        }
        var extensions = _extensions[name].Where(one => all.Any(type => SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, ((IMethodSymbol)one.Member.Symbol).Parameters[0].Type.OriginalDefinition))).ToList();
        return extensions.Select(one => one.Type).Distinct().Count() == 1 ? extensions[0] : null;
    }

    private static IEnumerable<ITypeSymbol> Bases(ITypeSymbol type)
    {
        for (var from = type.BaseType; from is not null; from = from.BaseType) yield return from;
    }

    /// <summary>Whether an identifier is that of a namespace with public types.</summary>
    public bool IsNamespace(string id) => _namespaces.Contains(id);

    /// <summary>Reads assemblies.</summary>
    /// <exception cref="SiteException">The documentation of one is missing beside it.</exception>
    internal static ApiLibrary Read(IReadOnlyList<string> assemblies)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var own = assemblies.Select(path => MetadataReference.CreateFromFile(path)).ToList();
        var names = assemblies.Select(Path.GetFileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var compilation = CSharpCompilation.Create("api", references: own.Concat(platform.Where(path => !names.Contains(Path.GetFileName(path))).Select(path => MetadataReference.CreateFromFile(path))));
        return new ApiLibrary([.. assemblies.Select((path, i) => (path, (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(own[i])!)).SelectMany(pair => Read(pair.Item2, pair.path, compilation))]);
    }

    private static IEnumerable<ApiType> Read(IAssemblySymbol assembly, string path, Compilation compilation)
    {
        var documentation = DocumentationFile.Beside(path, compilation);
        var sources = SourceFiles.Of(path);
        var library = assembly.Name.StartsWith(Product, StringComparison.Ordinal) ? assembly.Name[Product.Length..] : assembly.Name;
        return PublicTypes(assembly.GlobalNamespace).Select(symbol =>
        {
            var id = symbol.GetDocumentationCommentId()!;
            var source = Source(symbol, sources);
            return new ApiType
            {
                Symbol = symbol, Name = ApiNames.Of(symbol), Id = id, Library = library, Source = source, Room = Room(source), DocumentationFile = documentation.Name,
                Documentation = documentation.Of(symbol) ?? new XElement("member"), Members = Members(symbol, documentation),
            };
        }).OrderBy(type => type.Room, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<INamedTypeSymbol> PublicTypes(INamespaceOrTypeSymbol container) => container.GetMembers().SelectMany(member => member switch
    {
        INamespaceSymbol inner => PublicTypes(inner),
        INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true } type => PublicTypes(type).Prepend(type),
        _ => [],
    });

    // A build warns of public members without documentation, so those without are the compiler's own, the comparisons of records; what inherits its
    // documentation from .NET itself, such as ToString, has nothing of its own to say.
    private static IReadOnlyList<ApiMember> Members(INamedTypeSymbol type, DocumentationFile documentation)
    {
        var members = from member in type.GetMembers()
                      where member is not INamedTypeSymbol && member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
                      where member is not IMethodSymbol { AssociatedSymbol: not null }
                      let text = documentation.Of(member)
                      where text is not null && text.HasElements
                      select new ApiMember(member, member.GetDocumentationCommentId()!, text);
        return [.. members.GroupBy(member => member.Anchor, StringComparer.Ordinal).SelectMany(overloads => overloads)];
    }

    // Of a type in several files the one that bears its name.
    private static string? Source(INamedTypeSymbol type, IReadOnlyDictionary<int, IReadOnlySet<string>> sources)
    {
        var row = type.MetadataToken & 0xFFFFFF;
        if (!sources.TryGetValue(row, out var files) || files.Count == 0) return type.ContainingType is { } outer ? Source(outer, sources) : null;
        return files.OrderBy(file => Path.GetFileName(file) == type.Name + ".cs" ? 0 : Path.GetFileName(file).StartsWith(type.Name + ".", StringComparison.Ordinal) ? 1 : 2)
            .ThenBy(file => file, StringComparer.Ordinal).First();
    }

    // src/EmpathyNotebooks.MetaAnalysis/Models/RandomEffects.cs lies in Models.
    private static string Room(string? source) => source?.Split('/') is [_, _, var folder, _, ..] ? folder : "";
}
