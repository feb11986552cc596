using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>The kinds of cell of nbformat 4.</summary>
public enum NotebookCellType
{
    /// <summary>Code that a kernel runs.</summary>
    Code,

    /// <summary>Markdown text.</summary>
    Markdown,

    /// <summary>Text that neither a kernel nor Markdown reads.</summary>
    Raw,
}

/// <summary>One cell of a <see cref="NotebookDocument"/>.</summary>
public sealed class NotebookCell
{
    internal NotebookCell(JsonObject node, int number)
    {
        Node = node;
        Number = number;
    }

    /// <summary>The place in the notebook, from 1, counting all cells.</summary>
    public int Number { get; }

    /// <summary>The JSON object behind this cell.</summary>
    public JsonObject Node { get; }

    /// <summary>The kind of cell.</summary>
    public NotebookCellType Type => (string)Node["cell_type"]! switch
    {
        "code" => NotebookCellType.Code,
        "markdown" => NotebookCellType.Markdown,
        _ => NotebookCellType.Raw,
    };

    /// <summary>The id, or null in a notebook older than 4.5.</summary>
    public string? Id
    {
        get => (string?)Node["id"];
        set => Node["id"] = value;
    }

    /// <summary>The text of the cell, its lines joined.</summary>
    public string Source
    {
        get => NotebookJson.JoinLines(Node["source"]);
        set => Node["source"] = value;
    }

    /// <summary>The metadata of the cell.</summary>
    public JsonObject Metadata => (JsonObject)Node["metadata"]!;

    /// <summary>The tags in the metadata (JupyterLab's `tags`), empty when there are none.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags
        ? [.. tags.OfType<JsonValue>().Select(tag => tag.TryGetValue<string>(out var text) ? text : tag.ToJsonString())]
        : [];

    /// <summary>
    /// The files attached to a Markdown or raw cell, by name; each a bundle by media type. Null when there are none.
    /// </summary>
    public JsonObject? Attachments => Node["attachments"] as JsonObject;

    /// <summary>How many-th execution the outputs are from; null when the cell was not run or is not code.</summary>
    public int? ExecutionCount
    {
        get => (int?)Node["execution_count"];
        set => Node["execution_count"] = value;
    }

    /// <summary>The outputs of a code cell in their order; empty for other cells.</summary>
    public IReadOnlyList<NotebookOutput> Outputs => Node["outputs"] is JsonArray outputs
        ? [.. outputs.Select(output => NotebookOutput.Of((JsonObject)output!))]
        : [];

    /// <summary>Puts these outputs in place of the present ones.</summary>
    /// <param name="outputs">The outputs; copied.</param>
    /// <exception cref="InvalidOperationException">The cell is not a code cell.</exception>
    public void SetOutputs(IEnumerable<NotebookOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (Type != NotebookCellType.Code)
        {
            throw new InvalidOperationException($"Cell {Number} is a {NameOf(Type)} cell; only code cells have outputs.");
        }

        Node["outputs"] = new JsonArray([.. outputs.Select(output => output.Node.DeepClone())]);
    }

    /// <summary>Takes the outputs and the execution count out of a code cell; does nothing to other cells.</summary>
    public void ClearOutputs()
    {
        if (Type == NotebookCellType.Code)
        {
            Node["outputs"] = new JsonArray();
            Node["execution_count"] = null;
        }
    }

    internal static string NameOf(NotebookCellType type) => type switch
    {
        NotebookCellType.Code => "code",
        NotebookCellType.Markdown => "markdown",
        NotebookCellType.Raw => "raw",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a kind of cell."),
    };
}
