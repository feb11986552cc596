namespace EmpathyNotebooks.Host.Documents;

/// <summary>A file that is not an nbformat 4 notebook. The message names the file, the cell and the property at fault.</summary>
public sealed class NotebookFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="notebook">The name or path of the notebook.</param>
    /// <param name="fault">What is wrong and what would be right.</param>
    /// <param name="cell">The 1-based number of the cell at fault, or null when the fault is not in a cell.</param>
    /// <param name="innerException">The fault the JSON reader found, if any.</param>
    public NotebookFormatException(string notebook, string fault, int? cell = null, Exception? innerException = null)
        : base(cell is null ? $"{notebook}: {fault}" : string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{notebook}, cell {cell}: {fault}"), innerException)
    {
        Notebook = notebook;
        Cell = cell;
    }

    /// <summary>The name or path of the notebook.</summary>
    public string Notebook { get; }

    /// <summary>The 1-based number of the cell at fault, or null.</summary>
    public int? Cell { get; }
}
