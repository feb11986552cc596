using Markdig.Syntax;

namespace EmpathyNotebooks.Host.Site;

/// <summary>A heading of a page.</summary>
/// <param name="Level">1 to 6.</param>
/// <param name="Id">Unique on its page.</param>
/// <param name="Text">Plain text, for the window's title.</param>
/// <param name="Html">The same with formulas and emphasis, without links.</param>
internal sealed record Heading(int Level, string Id, string Text, string Html);

/// <summary>A Markdown cell that has been read and checked.</summary>
/// <param name="Number">Its number in the notebook, counted from 1 over all cells.</param>
/// <param name="Document">Its blocks.</param>
internal sealed record ProseCell(int Number, MarkdownDocument Document);

/// <summary>A box such as "Report it": a block quote that begins with one of these titles in bold.</summary>
/// <remarks>
/// The plain renderings of VS Code and Jupyter show the same source as a quotation with a bold first line;
/// the marks of other conventions (<c>[!NOTE]</c>, <c>:::</c>) would stand in the text.
/// </remarks>
internal static class Box
{
    private static readonly (string Title, string Class)[] Known =
    [
        ("Puzzle", "puzzle"),
        ("Learning goals", "goals"),
        ("Important", "important"),
        ("Watch out", "important"),
        ("Note", "note"),
        ("Report it", "report"),
        ("Test your knowledge", "test"),
        ("Exercise", "exercise"),
        ("Simulated data", "simulated"),
    ];

    private static readonly object TitleKey = new();
    private static readonly object ClassKey = new();

    /// <summary>The class of a box with this title, alone or with more words after a colon; null when it is no box.</summary>
    public static string? ClassOf(string title)
    {
        var head = title.Split(':')[0].Trim().TrimEnd('.');
        // "Exercise 2" is an exercise.
        head = head.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd();
        return Known.FirstOrDefault(box => box.Title.Equals(head, StringComparison.OrdinalIgnoreCase)).Class;
    }

    /// <summary>Whether a box of this class offers options to choose from, where it has a list of them.</summary>
    public static bool Asks(string boxClass) => boxClass is "puzzle" or "test";

    public static void Mark(QuoteBlock quote, string titleHtml, string boxClass)
    {
        quote.SetData(TitleKey, titleHtml);
        quote.SetData(ClassKey, boxClass);
    }

    public static (string TitleHtml, string Class)? Of(QuoteBlock quote) =>
        quote.GetData(TitleKey) is string title && quote.GetData(ClassKey) is string boxClass ? (title, boxClass) : null;
}
