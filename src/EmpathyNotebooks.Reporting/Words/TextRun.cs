namespace EmpathyNotebooks.Reporting;

/// <summary>A stretch of text that stands in italics or not. Writers set it; nothing in it is markup.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsItalic">True for titles of journals and books, and for volumes.</param>
public readonly record struct TextRun(string Text, bool IsItalic = false);

/// <summary>How a source is named in running text.</summary>
public enum CitationForm
{
    /// <summary>Within parentheses that the text has: Viechtbauer, 2005; DerSimonian &amp; Laird, 1986.</summary>
    Parenthetical,

    /// <summary>As a part of the sentence: Viechtbauer (2005); DerSimonian and Laird (1986).</summary>
    Narrative,
}
