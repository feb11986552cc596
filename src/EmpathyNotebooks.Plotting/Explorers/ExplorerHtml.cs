using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Writes explorers into pages: no network, no random names, safe whatever a label holds.</summary>
public static partial class ExplorerHtml
{
    /// <summary>The files of the script that every explorer needs, in the order in which they need one another.</summary>
    private static readonly string[] Common = ["statistics.js", "texts.js", "drawing.js", "controls.js", "page.js"];

    /// <summary>Those of each kind; a notebook that is saved holds no more than what it shows.</summary>
    private static readonly FrozenDictionary<string, string[]> OfKind = new Dictionary<string, string[]>
    {
        ["metaAnalysis"] = ["meta-analysis.js", "meta-analysis-forest.js", "meta-analysis-planes.js", "meta-analysis-table.js"],
        ["bias"] = ["selection-statistics.js", "bias-statistics.js", "bias.js"],
        ["selectionWeights"] = ["selection-statistics.js", "selection-weights.js"],
        ["multiverse"] = ["multiverse.js"],
        ["correlation"] = ["correlation.js"],
        ["fisher"] = ["slider-explorer.js", "fisher-kernel.js", "fisher.js"],
        ["dependence"] = ["slider-explorer.js", "dependence.js"],
        ["bayes"] = ["bayes-statistics.js", "bayes.js"],
        ["lineup"] = ["lineup.js"],
        ["power"] = ["slider-explorer.js", "power-kernel.js", "power.js"],
        ["measurement"] = ["slider-explorer.js", "measurement-kernel.js", "measurement.js"],
        ["guess"] = ["slider-explorer.js", "simulation.js", "guess.js"],
        ["sampling"] = ["slider-explorer.js", "simulation.js", "sampling-kernel.js", "sampling.js"],
        ["heterogeneity"] = ["slider-explorer.js", "simulation.js", "heterogeneity-kernel.js", "heterogeneity.js"],
        ["moderator"] = ["slider-explorer.js", "regression-statistics.js", "moderator.js"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How the styles begin.</summary>
    private const string Root = ".empathy-explorer.empathy-explorer.empathy-explorer";

    private static readonly ConcurrentDictionary<string, (string Text, string Version)> Libraries = new(StringComparer.Ordinal);

    /// <summary>A page of its own that holds the explorers and all they need, to be saved or sent.</summary>
    /// <param name="title">The page's title.</param>
    /// <param name="explorers">The explorers, from top to bottom.</param>
    public static string Page(string title, params IEnumerable<IExplorer> explorers)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(explorers);
        return PageParts.Document(title, string.Concat(explorers.Select(e => e.ToHtml() + "\n")));
    }

    /// <summary>
    /// The element with the finding as its text until the script draws it, the data's origin below it, the script, and the data. The script
    /// comes with each explorer, since a notebook may show any of them alone; where it comes twice, the second does nothing.
    /// </summary>
    internal static string Fragment(string kind, ExplorerModel model)
    {
        var json = PlotlyFigure.Json(model.Payload());
        var id = "explorer-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(kind + json)))[..12];
        var finding = PageParts.Encode(model.Finding);
        var (library, version) = Libraries.GetOrAdd(kind, ReadLibrary);
        return "<figure style=\"margin:1em 0;max-width:1040px\">"
            + $"<div class=\"empathy-explorer\" data-explorer-kind=\"{kind}\" data-empathy-explorer=\"{id}\" role=\"group\" aria-label=\"{finding}\">"
            + $"<p>{finding}</p>{PageParts.Hint("It can be tried out where scripts may run.")}</div>{PageParts.Caption(model.Origin, model.Notes)}<script>{library}</script>"
            + $"<script>(window.empathyExplorers=window.empathyExplorers||[]).push({{id:\"{id}\",kind:\"{kind}\",library:\"{version}\","
            + $"root:document.currentScript&&document.currentScript.parentNode,model:{json}}});</script></figure>";
    }

    /// <summary>The libraries of all kinds, by kind, as they stand in pages.</summary>
    internal static IEnumerable<(string Kind, string Text)> All => OfKind.Keys.Order(StringComparer.Ordinal).Select(kind => (kind, Libraries.GetOrAdd(kind, ReadLibrary).Text));

    /// <summary>One file of the script.</summary>
    internal static string Script(string file) =>
        PageParts.Resource(typeof(ExplorerHtml).Assembly, "EmpathyNotebooks.Plotting.Explorers." + file);

    private static (string Text, string Version) ReadLibrary(string kind)
    {
        var scripts = string.Concat(Common.Concat(OfKind[kind]).Append("start.js").Select(Script));
        var parts = $"const STYLES = {PlotlyFigure.Json(PageParts.Compact(Styles(kind, scripts)))};\n" + PageParts.Compact(PageParts.ThemeScript() + scripts);
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..12];
        // Another kind or version on the page keeps what it has drawn; each explorer is drawn by its own.
        return ($"(() => {{\n\"use strict\";\nconst VERSION = \"{version}\";\n"
            + $"if (window.empathyExplorers && window.empathyExplorers.libraries && window.empathyExplorers.libraries[VERSION]) return;\n{parts}}})();", version);
    }

    /// <summary>The styles of a kind, without rules of classes that its scripts never name: a notebook that is saved holds them with every explorer. They hold for that kind alone, so that two kinds on a page leave each other as they are.</summary>
    private static string Styles(string kind, string scripts) => Rule().Replace(Comment().Replace(Script("explorers.css"), ""), rule => rule.Groups[1].Value is var selectors && (selectors.Contains(';', StringComparison.Ordinal) || selectors.Split(',').Any(selector => IsUsed(selector, scripts))) ? rule.Value : "")
        .Replace(Root, $"{Root}[data-explorer-kind={kind}]", StringComparison.Ordinal)
        .Replace("__LIGHT__", Properties(c => c.Light), StringComparison.Ordinal)
        .Replace("__DARK__", Properties(c => c.Dark), StringComparison.Ordinal)
        .Replace("__FONT__", Theme.FontFamily, StringComparison.Ordinal);

    private static bool IsUsed(string selector, string scripts) => Class().Matches(selector).All(match => match.Groups[1].Value is var name && (name == "empathy-explorer"
        // Sliders put the classes of their keys together.
        || name.StartsWith("key-", StringComparison.Ordinal) && scripts.Contains("\"key-\" +", StringComparison.Ordinal)
        || Regex.IsMatch(scripts, $@"(?<![\w-]){Regex.Escape(name)}(?![\w-])")));

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"([^{}]+)\{[^{}]*\}")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\.([a-zA-Z][\w-]*)")]
    private static partial Regex Class();

    /// <summary>The theme as CSS custom properties.</summary>
    private static string Properties(Func<ThemeColor, string> shade)
    {
        (string Name, ThemeColor Color)[] colors =
        [
            ("ink", Theme.Ink), ("muted", Theme.Muted), ("line", Theme.Line), ("grid", Theme.Grid), ("surface", Theme.Surface),
            ("simulated", Theme.Simulated), ("study", Theme.Study), ("pooled", Theme.Pooled), ("prediction", Theme.Prediction),
            ("fourth", Theme.Fourth), ("fifth", Theme.Fifth), ("study-fill", Theme.Fills[0]), ("pooled-fill", Theme.Fills[1]),
            ("prediction-fill", Theme.Fills[2]), ("fourth-fill", Theme.Fills[3]), ("region", Theme.Regions[0]),
        ];
        return string.Concat(colors.Select(c => $"--{c.Name}:{shade(c.Color)};"));
    }
}
