using System.Globalization;

namespace EmpathyNotebooks.Host.Site;

/// <summary>
/// A notebook holds something that cannot be shown on its page: a formula with an error, a picture outside the page, a link that
/// leads nowhere. The message names notebook, cell and what would be right.
/// </summary>
public sealed class SiteException : Exception
{
    internal SiteException(string notebook, int? cell, string fault, string? formula = null, Exception? inner = null)
        : base(Describe(notebook, cell, fault), inner)
    {
        Notebook = notebook;
        Cell = cell;
        Formula = formula;
    }

    /// <summary>File name of the notebook at fault.</summary>
    public string Notebook { get; }

    /// <summary>Number of the cell at fault, counted from 1 over all cells; null when it is the whole notebook.</summary>
    public int? Cell { get; }

    /// <summary>The formula at fault in TeX; null when the fault is not a formula.</summary>
    public string? Formula { get; }

    private static string Describe(string notebook, int? cell, string fault) => cell is null
        ? $"{notebook}: {fault}"
        : string.Create(CultureInfo.InvariantCulture, $"{notebook}, cell {cell}: {fault}");
}
