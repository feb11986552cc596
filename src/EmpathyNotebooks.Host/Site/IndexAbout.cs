using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Host.Site;

/// <summary>The end of the first page: data, licence, citation.</summary>
internal static class IndexAbout
{
    private const string Title = "EmpathyNotebooks: meta-analysis in C# with notebooks on therapist empathy and client outcome";

    // The year of the version, as in the copyright: not that of the day a page is built, or two builds would differ.
    private const int Year = 2026;

    /// <summary>The citation as BibTeX.</summary>
    public static string BibTeX { get; } = $$$"""
        @software{empathynotebooks,
          author  = {{EmpathyNotebooks contributors}},
          title   = {{{{{Title}}}}},
          year    = {{{{Year}}}},
          version = {{{{Version}}}},
          license = {MIT}
        }
        """.ReplaceLineEndings("\n");

    /// <summary>The section.</summary>
    public static string Render(PageFrame page, SiteMap site)
    {
        var data = new StringBuilder();
        foreach (var (file, table) in Downloads.DataSets)
        {
            var what = table is null ? "Published summary results of five reviews, each with its reference."
                : $"{HtmlText.Escape(table.Origin.Label)}. {Linked(table.Origin.Citation)}";
            data.Append($"<li>{Downloads.Data(file, page, site)}: {what}</li>\n");
        }
        return $"""
            <section class="about">
            <h2 id="data">Data</h2>
            <ul>
            {data}</ul>
            <h2 id="licence">Licence</h2>
            <p>Notebooks, library and simulated data: MIT licence. Published numbers are facts out of the publications named.</p>
            <h2 id="cite">To cite</h2>
            <p>EmpathyNotebooks contributors ({Year}). <i>{Title}</i> (version {Version}) [Computer software]. For the published results cite the publications themselves.</p>
            <pre class="code"><code>{HtmlText.Escape(BibTeX)}</code></pre>
            </section>

            """;
    }

    private static string Version => typeof(RandomEffects).Assembly.GetName().Version!.ToString(3);

    private static string Linked(string source)
    {
        var start = source.IndexOf("https://", StringComparison.Ordinal);
        if (start < 0) return HtmlText.Escape(source);
        var end = source.IndexOf(' ', start);
        var address = HtmlText.Escape(source[start..(end < 0 ? source.Length : end)].TrimEnd('.'));
        return $"{HtmlText.Escape(source[..start])}<a href=\"{address}\">{address}</a>{(end < 0 ? "" : HtmlText.Escape(source[end..]))}";
    }
}
