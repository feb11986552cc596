using System.Collections.Immutable;
using System.Reflection;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// The sources of the methods that this library has and that reports cite, and of the reviews that the course is about: one BibTeX file, read once. A source is asked for by its key, family name of the
/// first author and year: <c>viechtbauer2005</c>. Names in text and letters after years (2014a, 2014b) are those of the whole list, so that texts can be put together without being rewritten.
/// </summary>
/// <example><code>
/// var source = Bibliography.Entry("viechtbauer2005");
/// Console.WriteLine(source.InText());                                 // Viechtbauer, 2005
/// Console.WriteLine(string.Concat(source.Apa.Select(run => run.Text)));
/// Console.WriteLine(Bibliography.BibTeX(["viechtbauer2005", "higgins2002"]));
/// </code></example>
public static class Bibliography
{
    private static readonly Lazy<ReferenceList> List = new(() => new ReferenceList(Read(), "references.bib"));

    /// <summary>All sources, in the order of a list of references of APA style.</summary>
    public static ImmutableArray<BibliographyEntry> All => List.Value.Entries;

    /// <summary>A source by its key.</summary>
    /// <param name="key">The key in references.bib.</param>
    /// <exception cref="ArgumentException">There is no source of this key.</exception>
    public static BibliographyEntry Entry(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return List.Value.Find(key) ?? throw new ArgumentException($"There is no source \"{key}\" in references.bib; keys are the family name of the first author and the year, as viechtbauer2005.", nameof(key));
    }

    /// <summary>The sources of these keys in the order of a list of references of APA style: by names, then years; each once.</summary>
    /// <param name="keys">Keys in references.bib.</param>
    /// <exception cref="ArgumentException">There is no source of a key.</exception>
    public static ImmutableArray<BibliographyEntry> References(IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return [.. keys.Distinct(StringComparer.Ordinal).Select(Entry).OrderBy(e => e.Order)];
    }

    /// <summary>The sources of these keys as a BibTeX file: the entries as they stand in references.bib, in the order of their keys. The same keys give the same bytes, in whatever order they come.</summary>
    /// <param name="keys">Keys in references.bib.</param>
    /// <exception cref="ArgumentException">There is no source of a key.</exception>
    public static string BibTeX(IEnumerable<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return string.Join("\n", keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => Entry(key).BibTeX + "\n"));
    }

    /// <summary>Sources in one pair of parentheses, in the order of the list of references: "DerSimonian &amp; Laird, 1986; Viechtbauer, 2005".</summary>
    /// <param name="keys">Keys in references.bib.</param>
    /// <exception cref="ArgumentException">There is no source of a key.</exception>
    public static string InText(params IEnumerable<string> keys) => string.Join("; ", References(keys)
        .GroupBy(e => e.Label(CitationForm.Parenthetical)).Select(same => $"{same.Key}, {string.Join(", ", same.Select(e => e.Year + e.Suffix))}"));

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("references.bib") ?? throw new InvalidOperationException("The resource references.bib is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
