using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>A heading.</summary>
/// <example><code>
/// var document = new Document([new Heading(1, "Results"), new Paragraph("The mean was r = .28."), new Listing("fit &lt;- rma(yi, vi, data = dat)", "r"), SourceList.Of(["viechtbauer2005"])]) { Title = "A report" };
/// Console.WriteLine(LatexWriter.Write(document));
/// </code></example>
public sealed class Heading : Block
{
    /// <summary>A heading.</summary>
    /// <param name="level">1 for a part of the document, 2 and 3 for parts within.</param>
    /// <param name="text">Its words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is not 1, 2 or 3.</exception>
    public Heading(int level, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (level is < 1 or > 3) throw new ArgumentOutOfRangeException(nameof(level), level, "Headings have level 1, 2 or 3.");
        (Level, Text) = (level, text);
    }

    /// <summary>1 for a part of the document, 2 and 3 for parts within.</summary>
    public int Level { get; }

    /// <summary>Its words.</summary>
    public string Text { get; }
}

/// <summary>Lines of code, as they are.</summary>
/// <param name="code">The lines.</param>
/// <param name="language">The language in small letters, as <c>r</c>.</param>
public sealed class Listing(string code, string language) : Block
{
    /// <summary>The lines.</summary>
    public string Code { get; } = code;

    /// <summary>The language in small letters.</summary>
    public string Language { get; } = language is { Length: > 0 } && language.All(char.IsAsciiLetterLower) ? language
        : throw new ArgumentException($"\"{language}\" names no language: give small letters, as r.", nameof(language));
}

/// <summary>A list of references in APA style.</summary>
public sealed class SourceList : Block
{
    private SourceList(ImmutableArray<BibliographyEntry> entries) => Entries = entries;

    /// <summary>The sources in the order of APA style, each once.</summary>
    public ImmutableArray<BibliographyEntry> Entries { get; }

    /// <summary>A list of sources.</summary>
    /// <param name="keys">Keys of <see cref="Bibliography"/>.</param>
    /// <exception cref="ArgumentException">There is no source of a key.</exception>
    public static SourceList Of(IEnumerable<string> keys) => new(Bibliography.References(keys));
}
