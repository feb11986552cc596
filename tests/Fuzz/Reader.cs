using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Fuzz;

/// <summary>A reader that AFL++ puts to the test.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Seeds">Where AFL++ begins.</param>
/// <param name="Read">Reads what became of a seed.</param>
/// <param name="IsDocumented">True for an exception that says what is wrong with the input; every other is a finding.</param>
internal sealed record Reader(string Name, IReadOnlyList<(string Name, byte[] Bytes)> Seeds, Action<byte[]> Read, Func<Exception, bool> IsDocumented)
{
    /// <summary>All readers.</summary>
    /// <param name="folder">Where notebooks are put before they are read.</param>
    public static IReadOnlyList<Reader> All(string folder) =>
    [
        new("csv", FuzzedTables.Csv, bytes => FuzzedTables.Read("x.csv", bytes), FuzzedTables.IsDocumented),
        new("ipynb", Notebooks(".ipynb"), bytes => FuzzedDocuments.ReadNotebook(folder, "x.ipynb", bytes), FuzzedDocuments.IsDocumentedOfNotebook),
        new("dib", Notebooks(".dib"), bytes => FuzzedDocuments.ReadNotebook(folder, "x.dib", bytes), FuzzedDocuments.IsDocumentedOfNotebook),
        new("wire", FuzzedDocuments.Messages, FuzzedDocuments.ReadMessage, FuzzedDocuments.IsDocumentedOfMessage),
    ];

    /// <summary>Reads, and lets through what is no documented exception.</summary>
    /// <param name="bytes">The input.</param>
    /// <returns>The exception that refused it; null where it was read.</returns>
    public Exception? Try(byte[] bytes)
    {
        try
        {
            Read(bytes);
            return null;
        }
        catch (Exception fault) when (IsDocumented(fault))
        {
            return fault;
        }
    }

    private static (string Name, byte[] Bytes)[] Notebooks(string ending) => [.. FuzzedDocuments.Notebooks.Where(n => n.Name.EndsWith(ending, StringComparison.Ordinal))];
}
