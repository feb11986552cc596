using System.Collections.Immutable;

namespace EmpathyNotebooks.Reporting;

/// <summary>A text for a paper, and the sources it names.</summary>
/// <param name="Blocks">The text.</param>
/// <param name="References">Keys of <see cref="Bibliography"/>, each once, in the order in which the text names them.</param>
public sealed record Passage(ImmutableArray<Block> Blocks, ImmutableArray<string> References)
{
    /// <summary>The paragraphs as plain text, with an empty line between them.</summary>
    public string Text => string.Join("\n\n", Blocks.OfType<Paragraph>().Select(p => p.Text));
}

/// <summary>What a results section says of one topic.</summary>
/// <param name="Topic">The topic, as the heading of a section: "Heterogeneity".</param>
/// <param name="Text">Its paragraphs.</param>
public sealed record TopicText(string Topic, Passage Text);
