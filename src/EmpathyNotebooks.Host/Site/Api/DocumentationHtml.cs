using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Turns XML documentation into HTML: all text escaped, <c>$...$</c> and <c>$$...$$</c> set as formulas, references as links.</summary>
/// <param name="links">Where references lead.</param>
/// <param name="tex">Sets formulas.</param>
internal sealed partial class DocumentationHtml(ApiLinks links, TeX tex)
{
    private const string DotNet = "https://learn.microsoft.com/dotnet/api/";

    private string _where = "";
    private string _file = "";

    /// <summary>Says whose documentation is written from here on, for messages.</summary>
    public void Enter(string file, string id) => (_file, _where) = (file, id);

    /// <summary>In a line: paragraphs become line breaks.</summary>
    public string Inline(XElement? element)
    {
        var html = new StringBuilder();
        if (element is not null) AppendInline(html, element.Nodes());
        return Breaks().Replace(html.ToString().Trim(), "");
    }

    /// <summary>In paragraphs.</summary>
    public string Blocks(XElement? element)
    {
        var html = new StringBuilder();
        var line = new StringBuilder();
        if (element is not null) AppendBlocks(element.Nodes());
        Close();
        return html.ToString();

        void AppendBlocks(IEnumerable<XNode> nodes)
        {
            foreach (var node in nodes)
            {
                switch (node)
                {
                    case XElement { Name.LocalName: "para" } para:
                        Close();
                        AppendBlocks(para.Nodes());
                        Close();
                        break;
                    case XElement { Name.LocalName: "code" } code:
                        Close();
                        html.Append(Code(code.Value));
                        break;
                    default:
                        AppendInline(line, [node]);
                        break;
                }
            }
        }

        void Close()
        {
            var text = line.ToString().Trim();
            if (text.Length > 0) html.Append($"<p>{text}</p>\n");
            line.Clear();
        }
    }

    /// <summary>A block of code, without the margin that it has in the source.</summary>
    public string Code(string code)
    {
        var lines = HtmlText.UnixLines(code).Trim('\n').Split('\n');
        var margin = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty().Min();
        var text = string.Join('\n', lines.Select(line => line.Length >= margin ? line[margin..] : line.TrimStart())).Trim();
        return $"<pre class=\"code\"><code>{CSharpColours.ToHtml(text, links, isWhole: true)}</code></pre>\n";
    }

    private void AppendInline(StringBuilder html, IEnumerable<XNode> nodes)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case XText text: AppendText(html, Spaces().Replace(text.Value, " ")); break;
                case XElement element: AppendElement(html, element); break;
            }
        }
    }

    private void AppendElement(StringBuilder html, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "c" or "code": html.Append($"<code>{links.Inline(Spaces().Replace(element.Value, " ").Trim())}</code>"); break;
            case "br": html.Append("<br>"); break;
            case "para":
                html.Append("<br>");
                AppendInline(html, element.Nodes());
                break;
            case "paramref" or "typeparamref": html.Append($"<code>{HtmlText.Escape((string?)element.Attribute("name"))}</code>"); break;
            case "see" or "seealso": AppendReference(html, element); break;
            case "i" or "em" or "b" or "strong" or "sub" or "sup":
                html.Append($"<{element.Name.LocalName}>");
                AppendInline(html, element.Nodes());
                html.Append($"</{element.Name.LocalName}>");
                break;
            default: throw Fault($"<{element.Name.LocalName}> has no form on a page.");
        }
    }

    private void AppendReference(StringBuilder html, XElement element)
    {
        if ((string?)element.Attribute("langword") is { } word)
        {
            html.Append($"<code>{HtmlText.Escape(word)}</code>");
            return;
        }

        if ((string?)element.Attribute("href") is { } address)
        {
            html.Append($"<a href=\"{HtmlText.Escape(address)}\">{HtmlText.Escape(element.Value.Length > 0 ? element.Value : address)}</a>");
            return;
        }

        html.Append(Reference((string?)element.Attribute("cref") ?? throw Fault("a <see> refers to nothing."), element.Value));
    }

    /// <summary>A reference as a link: to a page of the library, or to the documentation of .NET.</summary>
    public string Reference(string id, string text = "")
    {
        var name = HtmlText.Escape(text.Length > 0 ? text : links.NameOf(id));
        var target = links.OfId(id) ?? (id.StartsWith("T:System.", StringComparison.Ordinal) ? DotNet + id[2..].Replace('`', '-').ToLowerInvariant() : null);
        return target is null ? $"<code>{name}</code>" : $"<a href=\"{target}\"><code>{name}</code></a>";
    }

    private void AppendText(StringBuilder html, string text)
    {
        var at = 0;
        foreach (Match match in Formula().Matches(text))
        {
            html.Append(Words(text[at..match.Index]));
            var display = match.Groups["display"].Success;
            var formula = (display ? match.Groups["display"] : match.Groups["inline"]).Value.Trim();
            var math = display ? string.Concat(Parts(formula).Select(part => Set(part, display: true))) : Set(formula, display: false);
            var after = text[(match.Index + match.Length)..];
            // A browser may end a line behind a formula, but its comma stays with it.
            var mark = display ? "" : string.Concat(after.TakeWhile(c => ",.;:!?)".Contains(c, StringComparison.Ordinal)));
            html.Append(display ? $"<span class=\"formula\">{math}</span>" : mark.Length > 0 ? $"<span class=\"together\">{math}{mark}</span>" : math);
            at = match.Index + match.Length + mark.Length;
        }

        html.Append(Words(text[at..]));
    }

    // What \qquad parts stands side by side where there is room, and one below the other on a narrow page.
    internal static IEnumerable<string> Parts(string formula)
    {
        const string Gap = @"\qquad";
        int depth = 0, from = 0;
        for (var i = 0; i < formula.Length; i++)
        {
            if (formula[i] == '{') depth++;
            if (formula[i] == '}') depth--;
            if (depth != 0 || formula[i] != '\\' || !formula.AsSpan(i).StartsWith(Gap, StringComparison.Ordinal)) continue;
            if (formula[from..i].Trim() is { Length: > 0 } part) yield return part;
            from = i + Gap.Length;
        }

        if (formula[from..].Trim() is { Length: > 0 } last) yield return last;
    }

    private string Words(string text) => !text.Contains('$') ? HtmlText.Escape(text)
        : throw Fault($"\"{text.Trim()}\" has a $ that neither begins nor ends a formula. Write $...$ or $$...$$ within one text, and an amount of money as USD.");

    private string Set(string formula, bool display)
    {
        try
        {
            return tex.ToMathMl(formula, display);
        }
        catch (FormatException fault)
        {
            throw new SiteException(_file, null, $"{_where}: the formula {formula} cannot be read: {fault.Message}", formula, fault);
        }
    }

    private SiteException Fault(string fault) => new(_file, null, $"{_where}: {fault}");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^(?:<br>\s*)+|(?:\s*<br>)+$")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"\$\$(?<display>[^$]+)\$\$|\$(?<inline>[^$]+)\$")]
    private static partial Regex Formula();
}
