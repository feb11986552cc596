using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmpathyNotebooks.Plotting.Files;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>
/// A Jupyter notebook in the format nbformat 4 (written as 4.5). It is a view of the JSON tree, so that whatever it does not know
/// (metadata of other tools, attachments, further output types) is kept and written again.
/// </summary>
/// <remarks>
/// <see cref="ToJson"/> writes as Jupyter does: keys sorted, one space of indent, text split into lines, characters outside
/// ASCII unescaped, a line end last. Source: nbformat 5.10, nbformat/v4/nbjson.py and rwbase.py.
/// Not for nbformat 3 and older, which Jupyter itself converts on opening.
/// </remarks>
public sealed class NotebookDocument
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);


    private readonly List<NotebookCell> _cells;

    private NotebookDocument(JsonObject root, string name)
    {
        Root = root;
        Name = name;
        DocumentShape.Require(root, name);
        _cells = [.. ((JsonArray)root["cells"]!).Select((cell, index) => new NotebookCell((JsonObject)cell!, index + 1))];
    }

    /// <summary>The name used in messages: the file name, or what was given to <see cref="Parse"/>.</summary>
    public string Name { get; }

    /// <summary>The JSON tree behind this document. Change cells through <see cref="Cells"/>, the rest here.</summary>
    public JsonObject Root { get; }

    /// <summary>The metadata of the notebook.</summary>
    public JsonObject Metadata => (JsonObject)Root["metadata"]!;

    /// <summary>The minor version of the format; cell ids exist from 5 on.</summary>
    public int FormatMinor => (int)Root["nbformat_minor"]!;

    /// <summary>The cells in their order.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>Reads a notebook file (UTF-8).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotebookFormatException">The file is not UTF-8, not JSON, or not an nbformat 4 notebook.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NotebookDocument Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path, Utf8);
        }
        catch (DecoderFallbackException fault)
        {
            throw new NotebookFormatException(Path.GetFileName(path), "not a UTF-8 text file.", innerException: fault);
        }

        return Parse(text, Path.GetFileName(path));
    }

    /// <summary>Reads a notebook from its JSON text.</summary>
    /// <param name="text">The JSON text.</param>
    /// <param name="name">The name used in messages.</param>
    /// <exception cref="NotebookFormatException">The text is not JSON or not an nbformat 4 notebook.</exception>
    public static NotebookDocument Parse(string text, string name = "notebook")
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var node = DocumentShape.Parse(text, name);
            return new NotebookDocument(
                node as JsonObject ?? throw new NotebookFormatException(name, "a notebook is a JSON object."), name);
        }
        catch (JsonException fault)
        {
            // Where .NET knows the place, its text counts lines and bytes from 0 and would contradict this one.
            var where = fault.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {fault.BytePositionInLine + 1}).")
                : $": {fault.Message}";
            throw new NotebookFormatException(name, $"not valid JSON, as notebooks are{where}", innerException: fault);
        }
    }

    /// <summary>Makes a notebook of cells in the canonical form (see <see cref="CanonicalForm"/>), without outputs.</summary>
    /// <param name="cells">Type and source of each cell.</param>
    /// <param name="name">The name used in messages.</param>
    public static NotebookDocument Create(IEnumerable<(NotebookCellType Type, string Source)> cells, string name = "notebook")
    {
        ArgumentNullException.ThrowIfNull(cells);
        var nodes = new JsonArray();
        foreach (var (type, source) in cells)
        {
            var cell = new JsonObject
            {
                ["cell_type"] = NotebookCell.NameOf(type),
                ["metadata"] = new JsonObject(),
                ["source"] = source,
            };
            if (type == NotebookCellType.Code)
            {
                cell["execution_count"] = null;
                cell["outputs"] = new JsonArray();
            }

            nodes.Add((JsonNode)cell);
        }

        var root = new JsonObject
        {
            ["cells"] = nodes,
            ["metadata"] = new JsonObject(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        return CanonicalForm.Of(new NotebookDocument(root, name));
    }

    /// <summary>A copy that shares nothing with this one.</summary>
    public NotebookDocument Clone() => new((JsonObject)Root.DeepClone(), Name);

    /// <summary>The JSON text as Jupyter writes it, with a line end last.</summary>
    public string ToJson() => NotebookJson.Write(Root);

    /// <summary>Writes the file, whole or not at all, as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="FileWriteException">The file cannot be written; one that was there is unchanged.</exception>
    public void Save(string path) => WholeFile.Write(path, Utf8.GetBytes(ToJson()));
}
