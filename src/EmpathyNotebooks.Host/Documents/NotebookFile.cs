namespace EmpathyNotebooks.Host.Documents;

/// <summary>Reads a notebook in whichever form its file has.</summary>
public static class NotebookFile
{
    /// <summary>Reads a notebook file, .ipynb or .dib.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotebookFormatException">The file is not a notebook of its form.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Load(string path) => IsDib(path) ? DibFormat.Parse(File.ReadAllText(path), Path.GetFileName(path)) : NotebookDocument.Load(path);

    /// <summary>Reads the text of a notebook file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file, whose ending says which form it is.</param>
    /// <exception cref="NotebookFormatException">The text is not a notebook of its form.</exception>
    public static NotebookDocument Parse(string text, string path) =>
        IsDib(path) ? DibFormat.Parse(text, Path.GetFileName(path)) : NotebookDocument.Parse(text, Path.GetFileName(path));

    private static bool IsDib(string path) => path.EndsWith(".dib", StringComparison.OrdinalIgnoreCase);
}
