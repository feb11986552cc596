namespace EmpathyNotebooks.Host.Teaching;

/// <summary>A piece of a lesson's prose: its Markdown, and where it stands.</summary>
/// <param name="Cell">The cell's number in the notebook, counted from 1 over all cells.</param>
/// <param name="Text">Its Markdown; of a box or a fold what stands in it.</param>
internal abstract record LessonBlock(int Cell, string Text)
{
    /// <summary>A heading, without its #.</summary>
    public sealed record Heading(int Cell, string Text, int Level) : LessonBlock(Cell, Text);

    /// <summary>A paragraph.</summary>
    public sealed record Paragraph(int Cell, string Text) : LessonBlock(Cell, Text);

    /// <summary>A block quote that begins with a title in bold: <c>Puzzle</c>, <c>Watch out</c>, <c>Exercise 2</c>.</summary>
    public sealed record Box(int Cell, string Text, string Title) : LessonBlock(Cell, Text);

    /// <summary><c>&lt;details&gt;</c> with its summary: a solution, an answer.</summary>
    public sealed record Fold(int Cell, string Text, string Summary) : LessonBlock(Cell, Text);

    /// <summary><c>&lt;!-- slide: words --&gt;</c>: what the slide of this section says in place of its first sentences.</summary>
    public sealed record SlideWords(int Cell, string Text) : LessonBlock(Cell, Text);

    /// <summary>A code cell, with what it gave; its text is the code.</summary>
    public sealed record Code(int Cell, string Text) : LessonBlock(Cell, Text);

    /// <summary>A list, table, formula or code within the prose.</summary>
    public sealed record Other(int Cell, string Text) : LessonBlock(Cell, Text);
}
