using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.Host.Site.Api;

namespace EmpathyNotebooks.Host.Site.Search;

/// <summary>Documentation as plain words.</summary>
internal static partial class DocumentationWords
{
    /// <summary>The words of an element, with the names of what it refers to.</summary>
    public static string Of(XElement? element, ApiLinks links) => element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(node => Words(node, links))), " ").Trim();

    private static string Words(XNode node, ApiLinks links) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso", Value: "" } see when (string?)see.Attribute("cref") is { } id => links.NameOf(id),
        XElement { Name.LocalName: "paramref" or "typeparamref" } one => (string?)one.Attribute("name") ?? "",
        XElement { Name.LocalName: "see", Value: "" } word => (string?)word.Attribute("langword") ?? "",
        XElement inner => string.Concat(inner.Nodes().Select(one => Words(one, links))),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
