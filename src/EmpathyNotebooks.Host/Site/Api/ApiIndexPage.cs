using System.Text;
using System.Xml.Linq;

namespace EmpathyNotebooks.Host.Site.Api;

/// <summary>Renders the list of all public types, by library and room, with a box that narrows it.</summary>
internal static class ApiIndexPage
{
    // What the pages of the site say of each library.
    private static readonly Dictionary<string, string> About = new(StringComparer.Ordinal)
    {
        ["Data"] = "Tables of studies: reading, checking, the data sets of the course.",
        ["MetaAnalysis"] = "The statistics. They know no file and no chart: effects go in, fits come out.",
        ["Plotting"] = "Charts for the page and for print, and explorers.",
        ["Reporting"] = "Results as sentences, tables, JSON and reports.",
        ["Interactive"] = "What a notebook loads: formatters, charts, apps.",
    };

    /// <summary>Where the room of a type stands on the page.</summary>
    public static string Anchor(ApiType type) => type.Room.Length == 0 ? type.Library : $"{type.Library}-{type.Room}";

    /// <summary>The room of a type in words.</summary>
    public static string Title(ApiType type) => type.Room.Length == 0 ? type.Library : $"{type.Library}, {Words(type.Room)}";

    private static bool HasExample(ApiType type) => type.Documentation.Element("example") is not null || type.Members.Any(member => member.Documentation.Element("example") is not null);

    /// <summary>The content of the page: one <c>main</c> element.</summary>
    public static string Render(ApiLibrary library, ApiLinks links, DocumentationHtml text)
    {
        var html = new StringBuilder($"""
            <main id="content" tabindex="-1" class="prose api-page api-index">
            <h1>API</h1>
            <p class="lead">Every public type of the library, {library.Types.Count} of them: what it is, what it can be asked, and of statistics the formula. {library.Types.Count(HasExample)} have an example that the tests run.</p>
            {Filter.Render("Narrow the list", ".types > li", "type", "types", ".api-index section", ".rooms")}
            <ul class="rooms">

            """);
        var assemblies = library.Types.GroupBy(type => type.Library, StringComparer.Ordinal).ToList();
        foreach (var assembly in assemblies)
            html.Append($"<li><a href=\"#{assembly.Key}\">{assembly.Key}</a>: {HtmlText.Escape(About.GetValueOrDefault(assembly.Key))}</li>\n");
        html.Append("</ul>\n");
        foreach (var assembly in assemblies)
        {
            html.Append($"<section>\n<h2 id=\"{assembly.Key}\">{assembly.Key}</h2>\n");
            foreach (var room in assembly.GroupBy(type => type.Room, StringComparer.Ordinal))
            {
                html.Append("<section>\n");
                if (room.Key.Length > 0) html.Append($"<h3 id=\"{Anchor(room.First())}\">{Words(room.Key)}</h3>\n");
                html.Append("<ul class=\"types\">\n");
                foreach (var type in room)
                {
                    text.Enter(type.DocumentationFile, type.Id);
                    html.Append($"<li><a href=\"{links.Address(type, null)}\"><code>{ApiTypePage.Breakable(type.Name)}</code></a> <span>{text.Inline(FirstSentence(type.Documentation.Element("summary")))}</span></li>\n");
                }

                html.Append("</ul>\n</section>\n");
            }

            html.Append("</section>\n");
        }

        return html.Append("</main>").ToString();
    }

    /// <summary>The first sentence of a text, with the references in it.</summary>
    internal static XElement? FirstSentence(XElement? summary)
    {
        if (summary is null) return null;
        var sentence = new XElement(summary.Name);
        foreach (var node in summary.Nodes())
        {
            if (node is not XText text)
            {
                if (node is XElement { Name.LocalName: "br" or "para" }) break;
                sentence.Add(node);
                continue;
            }

            var words = text.Value.ReplaceLineEndings(" ");
            var end = End(words);
            sentence.Add(new XText(end < 0 ? words : words[..end]));
            if (end >= 0) break;
        }

        return sentence;
    }

    // "et al. 2009" and "e.g. this" go on: a sentence ends before a capital, and not within brackets.
    private static int End(string words)
    {
        var depth = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == '(') depth++;
            if (words[i] == ')') depth--;
            if (words[i] is '.' && depth <= 0 && i + 2 < words.Length && words[i + 1] == ' ' && words[(i + 2)..].TrimStart() is [var next, ..] && char.IsUpper(next)) return i + 1;
        }

        return -1;
    }

    private static string Words(string folder) =>
        System.Text.RegularExpressions.Regex.Replace(folder, "(?<=[a-z])(?=[A-Z])", " ") is var words ? words[0] + words[1..].ToLowerInvariant() : "";
}
