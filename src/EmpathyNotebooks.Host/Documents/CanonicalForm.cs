using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>One way in which a notebook departs from the canonical form.</summary>
/// <param name="Notebook">The name of the notebook.</param>
/// <param name="Cell">The 1-based number of the cell, or null when it concerns the whole notebook.</param>
/// <param name="Fault">What is wrong and what would be right.</param>
public sealed record CanonicalViolation(string Notebook, int? Cell, string Fault)
{
    /// <inheritdoc/>
    public override string ToString() => Cell is null ? $"{Notebook}: {Fault}" : $"{Notebook}, cell {Cell}: {Fault}";
}

/// <summary>
/// The one form in which notebooks are kept under version control: nbformat 4.5 as Jupyter writes it, with the metadata by which
/// Jupyter, VS Code and .NET Interactive choose C#, unique cell ids, and neither outputs nor execution counts (an executed copy
/// holds those, so that a stored one can never be stale).
/// </summary>
public static partial class CanonicalForm
{
    /// <summary>The name of the Jupyter kernel that the notebooks ask for.</summary>
    public const string KernelName = ".net-csharp";

    internal static readonly (string[] Path, string Value)[] NotebookMetadata =
    [
        (["kernelspec", "display_name"], ".NET (C#)"),
        (["kernelspec", "language"], "C#"),
        (["kernelspec", "name"], KernelName),
        // By this VS Code colours the code before a kernel is chosen; .NET Interactive goes by the cells' own metadata.
        (["language_info", "name"], "C#"),
    ];

    internal static readonly (string[] Path, string Value)[] CodeCellMetadata =
    [
        (["dotnet_interactive", "language"], "csharp"),
        (["polyglot_notebook", "kernelName"], "csharp"),
    ];

    /// <summary>Lists every way in which the notebook departs from the canonical form; empty when it is canonical.</summary>
    /// <param name="document">The notebook.</param>
    public static IReadOnlyList<CanonicalViolation> Check(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var found = new List<CanonicalViolation>();
        void Add(int? cell, string fault) => found.Add(new CanonicalViolation(document.Name, cell, fault));

        if (document.FormatMinor != 5)
        {
            Add(null, $"the format is nbformat 4.{document.FormatMinor}; it must be 4.5.");
        }

        CheckMetadata(document.Metadata, NotebookMetadata, fault => Add(null, fault));
        var firstWithId = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var cell in document.Cells)
        {
            if (cell.Id is not { } id)
            {
                Add(cell.Number, "no id.");
            }
            else if (!ValidId().IsMatch(id))
            {
                Add(cell.Number, $"the id \"{id}\" must be 1 to 64 letters, digits, - or _.");
            }
            else if (!firstWithId.TryAdd(id, cell.Number))
            {
                Add(cell.Number, $"the id \"{id}\" is that of cell {firstWithId[id]}; ids must differ.");
            }

            if (cell.Type != NotebookCellType.Code)
            {
                continue;
            }

            CheckMetadata(cell.Metadata, CodeCellMetadata, fault => Add(cell.Number, fault));
            if (cell.ExecutionCount is { } count)
            {
                Add(cell.Number, $"execution_count is {count}; it must be null.");
            }

            if (cell.Outputs.Count > 0)
            {
                Add(cell.Number, $"has {cell.Outputs.Count} output(s); it must have none.");
            }
        }

        return found;
    }

    /// <summary>As <see cref="Check"/>, and the bytes of the file must be those that writing the notebook gives.</summary>
    /// <param name="path">The notebook file.</param>
    /// <exception cref="NotebookFormatException">The file is not a notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<CanonicalViolation> CheckFile(string path)
    {
        var document = NotebookDocument.Load(path);
        var violations = Check(document);
        var bytes = File.ReadAllBytes(path);
        var expected = System.Text.Encoding.UTF8.GetBytes(document.ToJson());
        if (bytes.AsSpan().SequenceEqual(expected))
        {
            return violations;
        }

        var same = bytes.AsSpan().CommonPrefixLength(expected);
        var line = bytes.AsSpan(0, same).Count((byte)'\n') + 1;
        return [.. violations, new CanonicalViolation(document.Name, null,
            $"line {line} of the file is not as Jupyter writes it (keys sorted, one space of indent, no escapes outside ASCII, "
            + "no byte order mark, one line end last).")];
    }

    /// <summary>A copy in the canonical form: outputs and counts taken out, metadata and missing or repeated ids set.</summary>
    /// <param name="document">The notebook; not changed.</param>
    public static NotebookDocument Of(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var copy = document.Clone();
        copy.Root["nbformat_minor"] = 5;
        SetMetadata(copy.Metadata, NotebookMetadata);
        var kept = copy.Cells.Select(cell => cell.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in copy.Cells)
        {
            if (cell.Id is not { } id || !ValidId().IsMatch(id) || !used.Add(id))
            {
                cell.Id = NewId(cell.Number, kept);
                used.Add(cell.Id);
            }

            if (cell.Type == NotebookCellType.Code)
            {
                SetMetadata(cell.Metadata, CodeCellMetadata);
                cell.ClearOutputs();
            }
        }

        return copy;
    }

    // From the place in the notebook, not at random, so that the same notebook always gets the same ids.
    private static string NewId(int number, HashSet<string> taken)
    {
        var id = $"cell-{number:00}";
        for (var n = 2; !taken.Add(id); n++)
        {
            id = $"cell-{number:00}-{n}";
        }

        return id;
    }

    private static void CheckMetadata(JsonObject metadata, (string[] Path, string Value)[] required, Action<string> add)
    {
        foreach (var (path, value) in required)
        {
            var node = metadata[path[0]] is JsonObject parent ? parent[path[1]] : null;
            if (node is not JsonValue found || !found.TryGetValue<string>(out var text) || text != value)
            {
                add($"metadata {string.Join('.', path)} is {node?.ToJsonString() ?? "missing"}; it must be \"{value}\".");
            }
        }
    }

    private static void SetMetadata(JsonObject metadata, (string[] Path, string Value)[] required)
    {
        foreach (var (path, value) in required)
        {
            if (metadata[path[0]] is not JsonObject parent)
            {
                metadata[path[0]] = parent = [];
            }

            parent[path[1]] = value;
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}\\z")]
    private static partial Regex ValidId();
}
