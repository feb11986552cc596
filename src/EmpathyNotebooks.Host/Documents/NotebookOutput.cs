using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>
/// One output of a code cell. A kind that nbformat 4 does not name is an <see cref="OtherOutput"/> and is kept as it is.
/// </summary>
public abstract class NotebookOutput
{
    private protected NotebookOutput(JsonObject node) => Node = node;

    /// <summary>The JSON object behind this output.</summary>
    public JsonObject Node { get; }

    /// <summary>The `output_type`: `stream`, `display_data`, `execute_result`, `error`, or another.</summary>
    public string OutputType => (string)Node["output_type"]!;

    internal static NotebookOutput Of(JsonObject node) => (string)node["output_type"]! switch
    {
        "stream" => new StreamOutput(node),
        "display_data" or "execute_result" => new DisplayOutput(node),
        "error" => new ErrorOutput(node),
        _ => new OtherOutput(node),
    };
}

/// <summary>Text written to the console.</summary>
public sealed class StreamOutput : NotebookOutput
{
    internal StreamOutput(JsonObject node)
        : base(node)
    {
    }

    /// <summary>Creates a stream output.</summary>
    /// <param name="name">`stdout` or `stderr`.</param>
    /// <param name="text">The text.</param>
    public StreamOutput(string name, string text)
        : this(new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = text })
    {
    }

    /// <summary>`stdout` or `stderr`.</summary>
    public string Name => (string)Node["name"]!;

    /// <summary>The text, its lines joined.</summary>
    public string Text => NotebookJson.JoinLines(Node["text"]);
}

/// <summary>A value shown: a bundle of the same thing in several media types.</summary>
public sealed class DisplayOutput : NotebookOutput
{
    internal DisplayOutput(JsonObject node)
        : base(node)
    {
    }

    /// <summary>Creates the output of `display(x)`, or, with an execution count, of the last expression of a cell.</summary>
    /// <param name="data">The text by media type.</param>
    /// <param name="executionCount">The execution count, for the value of the cell itself.</param>
    public DisplayOutput(IReadOnlyDictionary<string, string> data, int? executionCount = null)
        : this(new JsonObject
        {
            ["data"] = NotebookJson.Bundle(data),
            ["metadata"] = new JsonObject(),
            ["output_type"] = executionCount is null ? "display_data" : "execute_result",
        })
    {
        if (executionCount is not null)
        {
            Node["execution_count"] = executionCount;
        }
    }

    /// <summary>Puts other forms in place of the present ones.</summary>
    internal void Replace(IReadOnlyDictionary<string, string> data)
    {
        Node["data"] = NotebookJson.Bundle(data);
    }

    /// <summary>What names the place in the session that made it; not kept in the file.</summary>
    internal string? DisplayId { get; init; }

    /// <summary>True for the value of the cell itself, false for what it displayed on its way.</summary>
    public bool IsResult => OutputType == "execute_result";

    /// <summary>The bundle as it stands in the file: by media type a text, lines of text, or JSON.</summary>
    public JsonObject Data => (JsonObject)Node["data"]!;

    /// <summary>The metadata of the output, by media type.</summary>
    public JsonObject? Metadata => Node["metadata"] as JsonObject;

    /// <summary>The media types there are.</summary>
    public IReadOnlyList<string> MediaTypes => [.. Data.Select(pair => pair.Key)];

    /// <summary>The text of a media type, its lines joined (JSON as JSON text); null when there is none.</summary>
    /// <param name="mediaType">For instance `text/html`.</param>
    public string? Text(string mediaType) => Data[mediaType] switch
    {
        null => null,
        var node when NotebookJson.IsText(node) => NotebookJson.JoinLines(node),
        var node => node.ToJsonString(),
    };
}

/// <summary>An exception that ended a cell.</summary>
public sealed class ErrorOutput : NotebookOutput
{
    internal ErrorOutput(JsonObject node)
        : base(node)
    {
    }

    /// <summary>Creates an error output.</summary>
    /// <param name="name">The type of the exception.</param>
    /// <param name="value">Its message.</param>
    /// <param name="traceback">The lines a reader sees.</param>
    public ErrorOutput(string name, string value, IEnumerable<string> traceback)
        : this(new JsonObject
        {
            ["ename"] = name,
            ["evalue"] = value,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. traceback.Select(line => (JsonNode)line)]),
        })
    {
    }

    /// <summary>The type of the exception.</summary>
    public string Name => (string)Node["ename"]!;

    /// <summary>The message of the exception.</summary>
    public string Value => (string)Node["evalue"]!;

    /// <summary>The lines a reader sees.</summary>
    public IReadOnlyList<string> Traceback => [.. ((JsonArray)Node["traceback"]!).Select(line => (string)line!)];
}

/// <summary>An output of a kind that nbformat 4 does not name.</summary>
public sealed class OtherOutput : NotebookOutput
{
    internal OtherOutput(JsonObject node)
        : base(node)
    {
    }
}
