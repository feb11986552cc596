using System.Collections.Immutable;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>A part of a document: paragraph, note, table, figure or formula. Writers turn it into HTML, plain text, Markdown; nothing in it is markup.</summary>
public abstract class Block
{
    private protected Block()
    {
    }
}

/// <summary>A sentence or several.</summary>
/// <param name="text">The text; whatever it holds stands as text.</param>
public sealed class Paragraph(string text) : Block
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;
}

/// <summary>What a careful reader should know.</summary>
/// <param name="text">The text, a full sentence.</param>
public sealed class Note(string text) : Block
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;
}

/// <summary>A chart.</summary>
/// <param name="plot">The chart; its finding is the text alternative.</param>
public sealed class FigureBlock(IPlot plot) : Block
{
    /// <summary>The chart.</summary>
    public IPlot Plot { get; } = plot;

    /// <summary>What a numbered document says below its number; the title of the chart if not said, or its finding where it has none.</summary>
    public string Caption { get; init => field = value ?? throw new ArgumentNullException(nameof(Caption)); } = plot?.Title is { Length: > 0 } title ? title : plot?.Finding ?? "";

    /// <summary>What the file of the chart is named after, beside its number: small letters, digits and hyphens; <c>chart</c> if not said.</summary>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public string Name
    {
        get;
        init => field = value is { Length: > 0 } && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') ? value
            : throw new ArgumentException($"\"{value}\" names no file of a chart: give small letters, digits and hyphens.", nameof(Name));
    } = "chart";
}

/// <summary>A formula in LaTeX.</summary>
/// <param name="code">The formula without signs that begin and end it.</param>
public sealed class Formula(string code) : Block
{
    /// <summary>The formula.</summary>
    public string Code { get; } = code;
}

/// <summary>Blocks one after the other.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var document = new Document([.. Answers.Say(fit), .. Answers.Say(fit.Heterogeneity), new FigureBlock(ForestPlot.Create(fit))]);
/// Console.WriteLine(PlainTextWriter.Write(document));
/// Console.WriteLine(MarkdownWriter.Write(document));
/// </code></example>
public sealed class Document
{
    /// <summary>A document of these blocks.</summary>
    /// <param name="blocks">The blocks in their order.</param>
    public Document(IEnumerable<Block> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        Blocks = [.. blocks];
    }

    /// <summary>The blocks.</summary>
    public ImmutableArray<Block> Blocks { get; }

    /// <summary>The title, for forms that are a file of their own; empty for none.</summary>
    public string Title { get; init => field = value ?? throw new ArgumentNullException(nameof(Title)); } = "";
}
