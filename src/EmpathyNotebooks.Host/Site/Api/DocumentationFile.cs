using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>The XML documentation that a build writes beside an assembly, by the identifiers of its members (<c>T:Namespace.Type</c>).</summary>
internal sealed class DocumentationFile
{
    private const int MostBases = 5;

    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    private readonly Compilation _compilation;

    private DocumentationFile(string name, Compilation compilation) => (Name, _compilation) = (name, compilation);

    /// <summary>The name of the file, for messages.</summary>
    public string Name { get; }

    /// <summary>What is said of a symbol, with what it inherits; null when nothing is.</summary>
    public XElement? Of(ISymbol symbol) => Of(symbol, MostBases);

    private XElement? Of(ISymbol symbol, int depth)
    {
        if (_members.GetValueOrDefault(symbol.GetDocumentationCommentId() ?? "") is not { } own) return null;
        if (depth == 0 || own.Element("inheritdoc") is not { } inherit) return own;
        var from = (string?)inherit.Attribute("cref") is { } reference ? DocumentationCommentId.GetFirstSymbolForDeclarationId(reference, _compilation) : Base(symbol);
        var path = ((string?)inherit.Attribute("path"))?.TrimStart('/');
        var whole = new XElement(own);
        whole.Elements("inheritdoc").Remove();
        if (from is not null && Of(from.OriginalDefinition, depth - 1) is { } inherited) whole.Add(inherited.Elements().Where(element => (path is null || element.Name.LocalName == path) && Fits(element)));
        return whole;

        // What a member says itself stands. One with a summary of its own has another formula and example; and an overload need not have all parameters.
        bool Fits(XElement element) => element.Name.LocalName switch
        {
            "summary" or "returns" or "value" => own.Element(element.Name) is null,
            "remarks" or "example" => own.Element("summary") is null && own.Element(element.Name) is null,
            "param" => symbol is IMethodSymbol method && method.Parameters.Any(parameter => parameter.Name == (string?)element.Attribute("name")) && IsNew(element, "name"),
            "exception" => IsNew(element, "cref"),
            _ => false,
        };

        bool IsNew(XElement element, string key) => own.Elements(element.Name).All(one => (string?)one.Attribute(key) != (string?)element.Attribute(key));
    }

    private static ISymbol? Base(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        INamedTypeSymbol { BaseType: { } type } => type,
        _ => symbol.ContainingType?.AllInterfaces.SelectMany(one => one.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };

    /// <summary>Reads the file beside an assembly.</summary>
    /// <param name="assembly">The path of the assembly.</param>
    /// <param name="compilation">Knows what the identifiers stand for.</param>
    /// <exception cref="SiteException">There is no such file, or it is not what the compiler writes.</exception>
    public static DocumentationFile Beside(string assembly, Compilation compilation)
    {
        var path = Path.ChangeExtension(assembly, ".xml");
        var file = new DocumentationFile(Path.GetFileName(path), compilation);
        if (!File.Exists(path))
            throw new SiteException(file.Name, null, $"this file with the documentation of the library is missing beside {Path.GetFileName(assembly)}. A build of the solution writes it there.");
        try
        {
            foreach (var member in XDocument.Load(path, LoadOptions.PreserveWhitespace).Descendants("member"))
                if ((string?)member.Attribute("name") is { } name) file._members[name] = member;
        }
        catch (XmlException fault)
        {
            throw new SiteException(file.Name, null, $"this file is no XML: {fault.Message} Build the solution again.", inner: fault);
        }

        return file;
    }
}
