using System.Globalization;

namespace EmpathyNotebooks.Host.Site;

/// <summary>
/// A notebook holds something that cannot be shown on its page: a formula with an error, a picture outside the page, a link that
/// leads nowhere. The message names notebook, cell and what would be right.
/// </summary>
public sealed class SiteException : Exception
{
    private readonly string _fault;

    internal SiteException(string notebook, int? cell, string fault, string? formula = null, Exception? inner = null, int? line = null)
        : base(Describe(notebook, cell, line, fault), inner)
    {
        Notebook = notebook;
        Cell = cell;
        Line = line;
        Formula = formula;
        _fault = fault;
    }

    /// <summary>The same fault with its line in a Markdown file.</summary>
    internal SiteException At(int line) => new(Notebook, Cell, _fault, Formula, InnerException, line);

    /// <summary>File name of the notebook or Markdown file at fault.</summary>
    public string Notebook { get; }

    /// <summary>Number of the cell at fault, counted from 1 over all cells; null when it is the whole notebook.</summary>
    public int? Cell { get; }

    /// <summary>The line at fault in a Markdown file that is no notebook, from 1; null in a notebook, or when it is the whole file.</summary>
    public int? Line { get; }

    /// <summary>The formula at fault in TeX; null when the fault is not a formula.</summary>
    public string? Formula { get; }

    private static string Describe(string notebook, int? cell, int? line, string fault) => (cell, line) switch
    {
        (_, { } number) => string.Create(CultureInfo.InvariantCulture, $"{notebook}, line {number}: {fault}"),
        ({ } number, _) => string.Create(CultureInfo.InvariantCulture, $"{notebook}, cell {number}: {fault}"),
        _ => $"{notebook}: {fault}",
    };
}
