using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>A document as files have it: tables and figures numbered in their order, each with title, label of its data and notes, as every form says them.</summary>
internal sealed class NumberedDocument
{
    public NumberedDocument(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        Title = document.Title;
        var (tables, figures) = (0, 0);
        Parts = [.. document.Blocks.Select(block => new NumberedPart(block, block switch { Table => ++tables, FigureBlock => ++figures, _ => 0 }))];
    }

    public string Title { get; }

    public ImmutableArray<NumberedPart> Parts { get; }

    public IEnumerable<(FigureBlock Figure, string Name)> Figures => Parts.Where(p => p.Block is FigureBlock).Select(p => ((FigureBlock)p.Block, p.FileName));
}

/// <summary>A block with its number; 0 for what has none.</summary>
internal readonly record struct NumberedPart(Block Block, int Number)
{
    private const string NoteWord = "Note: ";

    /// <summary>"Table 1", "Figure 2".</summary>
    public string Label => string.Create(CultureInfo.InvariantCulture, $"{(Block is Table ? "Table" : "Figure")} {Number}");

    /// <summary>The name of a figure's files without the ending.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"figure-{Number}-{((FigureBlock)Block).Name}");

    /// <summary>What stands below: first what kind of numbers these are, so that simulated data are never taken for others, then the notes. One's own data are named once, at the head.</summary>
    public IEnumerable<string> Notes => Block switch
    {
        Table table => [.. Kind(table.Origin), .. table.Notes.SelectMany(note => Stop(Bare(note)))],
        // What a figure shows is written in it, and is its text alternative.
        FigureBlock figure => Kind(figure.Plot.Origin),
        _ => [],
    };

    private static string[] Kind(DataOrigin? origin) => origin is { Kind: not DataKind.Own } ? Stop(origin.Label) : [];

    /// <summary>A note in a row of notes needs no word that says so.</summary>
    private static string Bare(string note) => note.StartsWith(NoteWord, StringComparison.Ordinal) ? note[NoteWord.Length..] : note;

    private static string[] Stop(string text) => text.Length == 0 ? [] : [text[^1] is '.' or '!' or '?' ? text : text + "."];
}

/// <summary>How a figure stands in a report.</summary>
internal static class ReportPrint
{
    /// <summary>The width of the text on a page of A4 with margins of an inch.</summary>
    public const double Width = 159;

    /// <summary>The most a figure may be high, so that its caption fits the page beside it.</summary>
    public const double Height = 205;

    public static PrintOptions Options { get; } = new() { WidthMillimetres = Width, MaximumHeightMillimetres = Height };
}
