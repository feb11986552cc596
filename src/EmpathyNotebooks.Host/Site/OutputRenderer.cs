using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Documents;
using EmpathyNotebooks.Plotting;
using Markdig;

namespace EmpathyNotebooks.Host.Site;

/// <summary>Turns the outputs of one page's code cells into HTML.</summary>
/// <param name="notebook">The notebook's name, for messages.</param>
/// <param name="formulas">Sets formulas.</param>
/// <param name="form">Whether pages share libraries.</param>
internal sealed partial class OutputRenderer(string notebook, MarkdownReader formulas, SiteForm form)
{
    /// <summary>A script at least this long, in characters, is a library: the page carries the same one only once.</summary>
    internal const int LibraryLength = 16_384;

    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif"];
    private static readonly string[] Texts = ["text/plain", "text/markdown", "text/latex", "application/json"];

    private readonly HashSet<string> _libraries = new(StringComparer.Ordinal);
    private readonly List<SiteAsset> _assets = [];

    /// <summary>The libraries that the outputs written so far need and do not hold, where pages share them.</summary>
    public IReadOnlyList<SiteAsset> Assets => _assets;

    /// <summary>A value that was displayed, in its richest form that a page can show.</summary>
    /// <exception cref="SiteException">No form can be shown, or the form would load something from outside the page.</exception>
    public string Value(int cell, DisplayOutput output)
    {
        if (output.Text("text/html") is { } html) return Wrap("html", Html(cell, html));
        if (output.Text("image/svg+xml") is { } svg)
        {
            var bytes = Encoding.UTF8.GetBytes(HtmlText.UnixLines(svg));
            return Picture(cell, "image/svg+xml", Convert.ToBase64String(bytes), output);
        }
        foreach (var type in Pictures)
            if (output.Text(type) is { } picture) return Picture(cell, type, picture, output);
        // As the kernel shows a part of a cell that is Markdown.
        if (output.Text("text/markdown") is { } markdown) return Wrap("html", Html(cell, Markdown.ToHtml(markdown)));
        if (output.Text("text/latex") is { } latex && Formula(cell, latex) is { } formula) return Wrap("html", formula);
        foreach (var type in Texts)
            if (output.Text(type) is { } text) return Wrap("text", Preformatted(text));
        var found = output.MediaTypes.Count == 0
            ? "no form at all"
            : string.Join(", ", output.MediaTypes.Order(StringComparer.Ordinal));
        var shown = string.Join(", ", ["text/html", "image/svg+xml", .. Pictures, .. Texts]);
        throw new SiteException(notebook, cell, $"an output has {found}; a page shows {shown}.");
    }

    /// <summary>What the cell wrote to the console.</summary>
    public static string Console(string text, bool isError) => isError
        ? Wrap("stderr", $"<p class=\"visually-hidden\">Written to the error stream:</p>{Preformatted(text)}")
        : Wrap("stdout", Preformatted(text));

    /// <summary>The exception that ended the cell.</summary>
    public static string Error(ErrorOutput error)
    {
        var trace = error.Traceback.Count > 0 ? Preformatted(string.Join('\n', error.Traceback)) : "";
        return Wrap("error", $"<p class=\"name\">{HtmlText.Escape(Plain($"{error.Name}: {error.Value}"))}</p>{trace}");
    }

    /// <summary>HTML as the notebook holds it, checked, and without the libraries the page has already.</summary>
    public string Html(int cell, string html)
    {
        html = HtmlText.UnixLines(html);
        try
        {
            if (SelfContained.FindFault(html) is { } fault) throw new SiteException(notebook, cell, fault);
            // A notebook does not hold what draws its charts; a page that stands alone does, once.
            return WithoutRepeatedLibraries(HasCharts(html) ? PlotlyHtml.Library() + html : html);
        }
        catch (FormatException error)
        {
            throw new SiteException(notebook, cell, $"HTML that would damage the page after it: {error.Message}", inner: error);
        }
    }

    // Ours, and a reader's own of Plotly.NET.
    private static bool HasCharts(string html) => PlotlyHtml.HasFigures(html) || html.Contains("<div data-empathy-figure=\"", StringComparison.Ordinal);

    // A formula that cannot be set stands as it was written.
    private string? Formula(int cell, string latex)
    {
        try
        {
            return formulas.Formula(Delimiters().Replace(latex, "$1$2$3"), display: true, cell);
        }
        catch (SiteException)
        {
            return null;
        }
    }

    private string WithoutRepeatedLibraries(string html)
    {
        var kept = new StringBuilder(html.Length);
        var position = 0;
        foreach (var tag in HtmlTags.Read(html))
        {
            if (tag is not { Name: "script", Text.Length: > 0 } || !IsElsewhere(tag.Text)) continue;
            kept.Append(html, position, tag.Start - position);
            position = tag.End;
        }
        return kept.Append(html, position, html.Length - position).ToString();
    }

    // Ours draw what waits for them whenever they come; of others nothing is known, so that they stay where they are.
    private bool IsElsewhere(string script)
    {
        if (form == SiteForm.Shared && PageLibraries.NameOf(script) is { } name)
        {
            if (_assets.All(asset => asset.Name != name)) _assets.Add(new SiteAsset(name, "js", name == PageLibraries.Charts ? ChartLibrary.Script : script));
            return true;
        }
        return script.Length >= LibraryLength && !_libraries.Add(script);
    }

    private string Picture(int cell, string type, string base64, DisplayOutput output)
    {
        base64 = WhiteSpace().Replace(base64, "");
        if (base64.Length == 0 || !Convert.TryFromBase64String(base64, new byte[base64.Length], out _))
            throw new SiteException(notebook, cell, $"the {type} output is not valid base64.");
        var words = output.Text("text/plain") is { } text ? Plain(text)
            : string.Create(CultureInfo.InvariantCulture, $"Picture from cell {cell}");
        return Wrap("picture", $"<img src=\"data:{type};base64,{base64}\" alt=\"{HtmlText.Escape(words)}\">");
    }

    private static string Wrap(string kind, string html) => $"<div class=\"output output-{kind}\">{html}</div>\n";

    // Lines wrap, but for those that stand in columns.
    private static string Preformatted(string text)
    {
        var plain = Plain(text).TrimEnd('\n');
        return $"<pre{(Columns().IsMatch(plain) ? " class=\"columns\"" : "")}>{HtmlText.Escape(plain)}</pre>";
    }

    // The colours of a terminal mean nothing on a page with themes of its own.
    private static string Plain(string text) => TerminalColour().Replace(HtmlText.UnixLines(text), "");

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\))")]
    private static partial Regex TerminalColour();

    [GeneratedRegex(@"\S {2,}\S|\t|[\u2500-\u257F]")]
    private static partial Regex Columns();

    [GeneratedRegex(@"^\s*(?:\$\$?([^$]*)\$?\$|\\\[(.*)\\\]|\\\((.*)\\\))\s*$", RegexOptions.Singleline)]
    private static partial Regex Delimiters();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
