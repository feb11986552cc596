using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Kernels.Language;

/// <summary>Help on one symbol.</summary>
/// <param name="Title">Its declaration.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Sections">What else is known, by heading.</param>
internal sealed record HelpEntry(string Title, string Summary, IReadOnlyList<(string Heading, string Text)> Sections);

/// <summary>Help as it is shown.</summary>
/// <param name="Plain">In plain text.</param>
/// <param name="Html">As HTML.</param>
internal sealed record HelpText(string Plain, string Html)
{
    public static HelpText Of(IReadOnlyList<HelpEntry> entries)
    {
        var plain = new StringBuilder();
        var html = new StringBuilder();
        foreach (var entry in entries)
        {
            if (plain.Length > 0) plain.Append('\n');
            plain.Append(entry.Title).Append('\n');
            html.Append($"<p><code>{WebUtility.HtmlEncode(entry.Title)}</code></p>");
            if (entry.Summary.Length > 0)
            {
                plain.Append($"  {Indent(entry.Summary)}\n");
                html.Append($"<p>{Lines(entry.Summary)}</p>");
            }

            if (entry.Sections.Count == 0) continue;
            html.Append("<dl>");
            foreach (var (heading, text) in entry.Sections)
            {
                plain.Append($"  {heading}: {Indent(text)}\n");
                html.Append($"<dt><code>{WebUtility.HtmlEncode(heading)}</code></dt><dd>{Lines(text)}</dd>");
            }

            html.Append("</dl>");
        }

        return new HelpText(plain.ToString().TrimEnd('\n'), html.ToString());
    }

    private static string Indent(string text) => text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private static string Lines(string text) => WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal);
}

/// <summary>Turns the XML documentation of a symbol into text.</summary>
internal static partial class DocumentationText
{
    public static (string Summary, IReadOnlyList<(string Heading, string Text)> Sections) Of(ISymbol symbol, bool withDetails)
    {
        if (Xml(symbol, depth: 0) is not { } xml) return ("", []);
        var sections = new List<(string, string)>();
        foreach (var element in xml.Elements())
        {
            var text = Text(element);
            switch (element.Name.LocalName)
            {
                case "param" or "typeparam":
                    sections.Add(((string?)element.Attribute("name") ?? "", text));
                    break;
                case "returns" or "value":
                    sections.Add(("returns", text));
                    break;
                case "exception":
                    sections.Add(("throws " + ShortName((string?)element.Attribute("cref") ?? ""), text));
                    break;
                case "remarks" or "example" when withDetails:
                    sections.Add((element.Name.LocalName, text));
                    break;
            }
        }

        return (xml.Element("summary") is { } summary ? Text(summary) : "", [.. sections.Where(section => section.Item2.Length > 0)]);
    }

    private static XElement? Xml(ISymbol symbol, int depth)
    {
        var text = symbol.OriginalDefinition.GetDocumentationCommentXml();
        if (string.IsNullOrWhiteSpace(text)) return null;
        XElement xml;
        try
        {
            xml = XElement.Parse($"<doc>{text}</doc>");
        }
        catch (XmlException)
        {
            // Documentation that its author wrote as no XML: there is nothing to show.
            return null;
        }

        var member = xml.Element("member") ?? xml;
        const int MostBases = 5;
        return member.Element("inheritdoc") is not null && depth < MostBases && Base(symbol) is { } from ? Xml(from, depth + 1) ?? member : member;
    }

    private static ISymbol? Base(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        INamedTypeSymbol { BaseType: { } type } => type,
        _ => symbol.ContainingType?.AllInterfaces.SelectMany(one => one.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes()) Append(text, node);
        return BlankLines().Replace(Spaces().Replace(text.ToString(), " "), "\n").Trim();
    }

    private static void Append(StringBuilder text, XNode node)
    {
        if (node is XText words)
        {
            text.Append(words.Value.ReplaceLineEndings(" "));
            return;
        }

        if (node is not XElement element) return;
        var name = (string?)element.Attribute("cref") ?? (string?)element.Attribute("name") ?? (string?)element.Attribute("langword")
            ?? (string?)element.Attribute("href");
        switch (element.Name.LocalName)
        {
            case "para" or "item" or "list" or "br":
                text.Append('\n');
                foreach (var child in element.Nodes()) Append(text, child);
                text.Append('\n');
                break;
            case "code":
                text.Append('\n').Append(element.Value.Trim()).Append('\n');
                break;
            case "see" or "seealso" or "paramref" or "typeparamref" when element.Value.Length == 0:
                text.Append(ShortName(name ?? ""));
                break;
            default:
                foreach (var child in element.Nodes()) Append(text, child);
                break;
        }
    }

    // "M:System.String.Join(System.String,System.Object[])" is Join to a reader, "T:System.String" is String.
    private static string ShortName(string reference)
    {
        if (reference.Length < 2 || reference[1] != ':') return reference;
        var path = reference[2..].Split('(')[0];
        return path.Split('.')[^1].Split('`')[0];
    }

    [GeneratedRegex(@"[ \t]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" *\n\s*")]
    private static partial Regex BlankLines();
}
