using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Knows the libraries that charts and explorers write into pages, so that many pages can share one file of each.</summary>
internal static partial class PageLibraries
{
    /// <summary>The name of the library that draws charts; its text as a file is <see cref="ChartLibrary.Script"/>.</summary>
    public const string Charts = "empathy-charts";

    private static readonly Lazy<FrozenDictionary<string, string>> Known = new(() =>
        ScriptElement().Matches(ChartLibrary.Elements).Select(script => (Name: Charts, script.Groups[1].Value))
            .Concat(ExplorerHtml.All.Select(library => (Name: $"explorer-{FileName(library.Kind)}", library.Text)))
            .ToFrozenDictionary(library => library.Item2, library => library.Name, StringComparer.Ordinal));

    /// <summary>The name of the library that this text of a script element is, for a file's name; null for any other script, such as the data of a chart.</summary>
    public static string? NameOf(string script) => Known.Value.GetValueOrDefault(script);

    // metaAnalysis becomes meta-analysis.
    private static string FileName(string kind) => Capital().Replace(kind, letter => "-" + letter.Value.ToLowerInvariant());

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptElement();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
