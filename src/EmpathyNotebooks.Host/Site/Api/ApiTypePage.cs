using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Renders the page of one public type.</summary>
/// <param name="library">All types.</param>
/// <param name="links">Where names lead, seen from a page of a type.</param>
/// <param name="text">Writes documentation.</param>
internal sealed class ApiTypePage(ApiLibrary library, ApiLinks links, DocumentationHtml text)
{
    private readonly Declaration _declaration = new(links);
    private readonly ILookup<string, (ApiType Type, ApiMember Member)> _extensions = (
        from type in library.Types
        from member in type.Members
        where member.Symbol is IMethodSymbol { IsExtensionMethod: true }
        select (member.Symbol is IMethodSymbol { Parameters: [var first, ..] } ? first.Type.OriginalDefinition.GetDocumentationCommentId() ?? "" : "", (type, member)))
        .ToLookup(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    // Of a type without an example of its own the first of a member is seen at once.
    private bool _isExampleOpen;

    /// <summary>The content of the page: one <c>main</c> element.</summary>
    public string Render(ApiType type)
    {
        text.Enter(type.DocumentationFile, type.Id);
        var documentation = type.Documentation;
        var html = new StringBuilder("<main id=\"content\" tabindex=\"-1\" class=\"prose api-page\">\n");
        html.Append($"<nav class=\"crumbs\" aria-label=\"Where this page is\"><a href=\"index.html\">API</a> › <a href=\"index.html#{ApiIndexPage.Anchor(type)}\">{HtmlText.Escape(ApiIndexPage.Title(type))}</a></nav>\n");
        html.Append($"<h1>{HtmlText.Escape(type.Name)} <small>{type.Kind}</small></h1>\n");
        html.Append($"<p class=\"lead\">{text.Inline(documentation.Element("summary"))}</p>\n");
        html.Append($"<pre class=\"declaration\"><code>{_declaration.Of(type)}</code></pre>\n");
        html.Append($"<p class=\"facts\">Namespace <code>{HtmlText.Escape(type.Symbol.ContainingNamespace.ToDisplayString())}</code>");
        if (type.Source is { } source) html.Append($", written in <code>{HtmlText.Escape(source)}</code>");
        html.Append(".</p>\n");
        AppendRemarks(html, documentation, "h2");
        AppendExamples(html, documentation);
        _isExampleOpen = !documentation.Elements("example").Any();
        foreach (var (title, members) in Groups(type)) AppendGroup(html, type, title, members);
        AppendExtensions(html, type);
        AppendInherited(html, type);
        return html.Append("</main>").ToString();
    }

    private void AppendRemarks(StringBuilder html, XElement documentation, string heading)
    {
        foreach (var remarks in documentation.Elements("remarks"))
            html.Append($"<{heading}>{(remarks.Value.Contains("$$", StringComparison.Ordinal) ? "Formula" : "Remarks")}</{heading}>\n").Append(text.Blocks(remarks));
    }

    private void AppendExamples(StringBuilder html, XElement documentation)
    {
        var examples = documentation.Elements("example").ToList();
        if (examples.Count == 0) return;
        html.Append("<h2>Example</h2>\n");
        foreach (var example in examples) html.Append(text.Blocks(example));
    }

    private static IEnumerable<(string Title, List<ApiMember> Members)> Groups(ApiType type)
    {
        var isEnum = type.Symbol.TypeKind == TypeKind.Enum;
        string Title(ISymbol symbol) => symbol switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => "Constructors",
            IFieldSymbol => isEnum ? "Values" : "Fields",
            IPropertySymbol => "Properties",
            IEventSymbol => "Events",
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => "Operators",
            _ => "Methods",
        };
        string[] order = ["Values", "Fields", "Constructors", "Properties", "Methods", "Operators", "Events"];
        return type.Members.GroupBy(member => Title(member.Symbol), StringComparer.Ordinal).OrderBy(group => Array.IndexOf(order, group.Key)).Select(group => (group.Key, group.ToList()));
    }

    private void AppendGroup(StringBuilder html, ApiType type, string title, List<ApiMember> members)
    {
        html.Append($"<h2>{title}</h2>\n<table class=\"members\">\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Declaration and meaning</th></tr></thead>\n<tbody>\n");
        foreach (var overloads in members.GroupBy(member => member.Anchor, StringComparer.Ordinal))
        {
            html.Append($"<tr id=\"{HtmlText.Escape(overloads.Key)}\"><th scope=\"row\"><code>{Breakable(overloads.First().Name)}</code></th><td>\n");
            foreach (var member in overloads) AppendMember(html, type, member);
            html.Append("</td></tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
    }

    private void AppendMember(StringBuilder html, ApiType type, ApiMember member)
    {
        text.Enter(type.DocumentationFile, member.Id);
        var documentation = member.Documentation;
        html.Append($"<div class=\"member\">\n<pre class=\"declaration\"><code>{_declaration.Of(member)}</code></pre>\n");
        // The compiler gives what makes a record the text of the record, which stands above.
        var repeats = member.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && documentation.Element("summary")?.Value == type.Documentation.Element("summary")?.Value;
        if (!repeats) html.Append(text.Blocks(documentation.Element("summary")));
        AppendParameters(html, documentation);
        if ((documentation.Element("returns") ?? documentation.Element("value")) is { } returns && returns.Value.Trim().Length > 0) html.Append($"<p><b>Returns</b> {text.Inline(returns)}</p>\n");
        foreach (var exception in documentation.Elements("exception"))
            html.Append($"<p><b>Throws</b> {text.Reference((string?)exception.Attribute("cref") ?? "")}: {text.Inline(exception)}</p>\n");
        if (!repeats)
        {
            foreach (var remarks in documentation.Elements("remarks")) html.Append(text.Blocks(remarks));
            foreach (var example in documentation.Elements("example"))
            {
                html.Append($"<details class=\"example\"{(_isExampleOpen ? " open" : "")}><summary>Example</summary>\n").Append(text.Blocks(example)).Append("</details>\n");
                _isExampleOpen = false;
            }
        }

        html.Append("</div>\n");
    }

    private void AppendParameters(StringBuilder html, XElement documentation)
    {
        var parameters = documentation.Elements("typeparam").Concat(documentation.Elements("param")).Where(one => one.Value.Trim().Length > 0 || one.HasElements).ToList();
        if (parameters.Count == 0) return;
        html.Append("<dl>\n");
        foreach (var one in parameters) html.Append($"<dt><code>{HtmlText.Escape((string?)one.Attribute("name"))}</code></dt><dd>{text.Inline(one)}</dd>\n");
        html.Append("</dl>\n");
    }

    private void AppendExtensions(StringBuilder html, ApiType type)
    {
        var all = type.Symbol.AllInterfaces.Select(one => one.OriginalDefinition.GetDocumentationCommentId()!).Prepend(type.Id).Concat(Bases(type.Symbol).Select(one => one.GetDocumentationCommentId()!))
            .Distinct().SelectMany(id => _extensions[id]).ToList();
        if (all.Count == 0) return;
        var names = all.Select(pair => (Text: $"{pair.Type.Name}.{pair.Member.Name}", Address: links.Address(pair.Type, pair.Member.Anchor))).Distinct().OrderBy(pair => pair.Text, StringComparer.Ordinal);
        html.Append("<h2>What else it can be asked</h2>\n<p>Extension methods, called as if they were its own:</p>\n").Append(List(names));
    }

    private void AppendInherited(StringBuilder html, ApiType type)
    {
        foreach (var from in Bases(type.Symbol))
        {
            if (library.Find(from.OriginalDefinition.GetDocumentationCommentId()!) is not (var found, _) || found.Members.Count == 0) continue;
            var own = type.Members.Select(member => member.Symbol.Name).ToHashSet(StringComparer.Ordinal);
            var names = found.Members.Where(member => !own.Contains(member.Symbol.Name) && member.Symbol is not IMethodSymbol { MethodKind: MethodKind.Constructor })
                .Select(member => (member.Name, links.Address(found, member.Anchor))).Distinct().ToList();
            if (names.Count > 0) html.Append($"<h2>From <a href=\"{links.Address(found, null)}\">{HtmlText.Escape(found.Name)}</a></h2>\n").Append(List(names));
        }
    }

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var from = type.BaseType; from is { SpecialType: SpecialType.None }; from = from.BaseType) yield return from;
    }

    private static string List(IEnumerable<(string Text, string Address)> names) =>
        $"<ul class=\"names\">\n{string.Concat(names.Select(one => $"<li><a href=\"{one.Address}\"><code>{Breakable(one.Text)}</code></a></li>\n"))}</ul>\n";

    // A long name may break before a capital, so that a narrow column need not cut it anywhere.
    internal static string Breakable(string name) => HtmlText.Escape(System.Text.RegularExpressions.Regex.Replace(name, "(?<=[a-z0-9.])(?=[A-Z])", "\u200B")).Replace("\u200B", "<wbr>", StringComparison.Ordinal);
}
