using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>
/// The text form of notebooks of .NET Interactive (.dib): cells one below the other, each after a line that names its language. Outputs
/// have no place in it. Cell ids, attachments and metadata go into the `#!meta` part, which other tools keep or
/// leave out, so that a notebook comes back from it as it was. A line within a cell that would begin a new one is indented in prose; in code,
/// where it changes the language, it begins a new one indeed, and `#!meta` tells which belong together.
/// </summary>
public static class DibFormat
{
    private const string Meta = "#!meta";
    private const string Own = "empathyNotebooks";
    private const string Parts = "parts";
    private const string Indented = "indented";

    // By these lines, and no others, a .dib begins a new cell.
    private static readonly Dictionary<string, string> Languages = new(StringComparer.Ordinal)
    {
        ["#!csharp"] = "csharp", ["#!c#"] = "csharp", ["#!C#"] = "csharp", ["#!cs"] = "csharp",
        ["#!markdown"] = "markdown", ["#!md"] = "markdown", ["#!raw"] = "raw",
        ["#!html"] = "html", ["#!javascript"] = "javascript", ["#!js"] = "javascript",
        ["#!fsharp"] = "fsharp", ["#!f#"] = "fsharp", ["#!F#"] = "fsharp", ["#!pwsh"] = "pwsh", ["#!powershell"] = "pwsh",
        ["#!sql"] = "sql", ["#!kql"] = "kql", ["#!mermaid"] = "mermaid", ["#!http"] = "http", ["#!value"] = "value",
        [Meta] = "meta",
    };

    /// <summary>Writes the cells of a notebook.</summary>
    /// <param name="document">The notebook. Its outputs are left out.</param>
    /// <exception cref="NotebookFormatException">A code cell holds the line `#!meta`, which the form keeps for itself.</exception>
    public static string Write(NotebookDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var text = new StringBuilder($"{Meta}\n\n{MetaOf(document).ToJsonString()}\n");
        foreach (var cell in document.Cells)
        {
            var (selector, source) = cell.Type switch
            {
                NotebookCellType.Markdown => ("#!markdown", Indent(cell.Source)),
                NotebookCellType.Raw => ("#!raw", Indent(cell.Source)),
                _ => CodeOf(cell.Source),
            };
            Require(document, cell, source);
            text.Append($"\n{selector}\n\n{source}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads a notebook.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="name">The name used in messages.</param>
    /// <exception cref="NotebookFormatException">A cell is in a language that this kernel does not run, or `#!meta` is not JSON.</exception>
    public static NotebookDocument Parse(string text, string name = "notebook")
    {
        ArgumentNullException.ThrowIfNull(text);
        text = UnixLinesIfAll(text.TrimStart('\uFEFF'));
        JsonObject? meta = null;
        var cells = new List<DibCell>();
        var current = new DibCell("", "csharp", []);
        var hasSelector = false;
        foreach (var line in text.Split('\n'))
        {
            if (Languages.TryGetValue(line.TrimEnd(), out var language))
            {
                End();
                current = new DibCell(line, language, []);
                hasSelector = true;
            }
            else
            {
                current.Lines.Add(line);
            }
        }

        End();
        return Build(cells, meta, name);

        void End()
        {
            if (current.Language == "meta") meta = MetaFrom(string.Join('\n', current.Lines), name);
            // What stands before the first line that names a language is C#, if it is anything.
            else if (hasSelector || current.Lines.Any(line => line.Trim().Length > 0)) cells.Add(current);
        }
    }

    private static (string Selector, string Source) CodeOf(string source)
    {
        var end = source.IndexOf('\n');
        var first = (end < 0 ? source : source[..end]).TrimEnd();
        return first is "#!html" or "#!javascript" ? (first, end < 0 ? "" : source[(end + 1)..]) : ("#!csharp", source);
    }

    private static bool IsSelector(string line) => Languages.ContainsKey(line.TrimEnd());

    private static string Indent(string source) =>
        string.Join('\n', source.Split('\n').Select(line => IsSelector(line) ? " " + line : line));

    private static void Require(NotebookDocument document, NotebookCell cell, string source)
    {
        if (source.Split('\n').Any(line => line.TrimEnd() == Meta))
        {
            throw new NotebookFormatException(document.Name, $"the line \"{Meta}\" within code has a meaning of its own in a .dib file; indent it by a space.", cell.Number);
        }
    }

    private static JsonObject MetaOf(NotebookDocument document)
    {
        var language = new JsonObject { ["aliases"] = new JsonArray(), ["languageName"] = "csharp", ["name"] = "csharp" };
        var own = new JsonObject { ["cells"] = new JsonArray([.. document.Cells.Select(MetaOf)]) };
        if (Rest(document.Metadata, CanonicalForm.NotebookMetadata) is { Count: > 0 } metadata) own["metadata"] = metadata;
        return new JsonObject
        {
            ["kernelInfo"] = new JsonObject { ["defaultKernelName"] = "csharp", ["items"] = new JsonArray(language) },
            [Own] = own,
        };
    }

    private static JsonNode MetaOf(NotebookCell cell)
    {
        var meta = new JsonObject();
        if (cell.Id is { } id) meta["id"] = id;
        if (cell.Attachments is { } attachments) meta["attachments"] = attachments.DeepClone();
        var source = cell.Type == NotebookCellType.Code ? CodeOf(cell.Source).Source : cell.Source;
        int[] selectors = [.. source.Split('\n').Index().Where(line => IsSelector(line.Item)).Select(line => line.Index)];
        if (selectors.Length > 0 && cell.Type == NotebookCellType.Code) meta[Parts] = selectors.Length + 1;
        else if (selectors.Length > 0) meta[Indented] = new JsonArray([.. selectors.Select(index => (JsonNode)index)]);
        if (Rest(cell.Metadata, CanonicalForm.CodeCellMetadata) is { Count: > 0 } metadata) meta["metadata"] = metadata;
        return meta;
    }

    // What the canonical form sets by itself need not be written down.
    private static JsonObject Rest(JsonObject metadata, (string[] Path, string Value)[] canonical)
    {
        var rest = (JsonObject)metadata.DeepClone();
        foreach (var (path, value) in canonical)
        {
            if (rest[path[0]] is not JsonObject parent || parent[path[1]] is not JsonValue found || !found.TryGetValue<string>(out var text) || text != value) continue;
            parent.Remove(path[1]);
            if (parent.Count == 0) rest.Remove(path[0]);
        }

        return rest;
    }

    private static JsonObject? MetaFrom(string text, string name)
    {
        if (text.Trim().Length == 0) return null;
        try
        {
            return DocumentShape.Parse(text, name) as JsonObject ?? throw new NotebookFormatException(name, $"{Meta} must hold a JSON object.");
        }
        catch (JsonException fault)
        {
            throw new NotebookFormatException(name, $"{Meta} is not valid JSON: {fault.Message}", innerException: fault);
        }
    }

    private static NotebookDocument Build(List<DibCell> cells, JsonObject? meta, string name)
    {
        var own = meta?[Own] as JsonObject;
        // Cells that were added or taken out by another tool leave no way to tell which is which.
        JsonObject[]? known = own?["cells"] is JsonArray list && list.All(one => one is JsonObject) ? [.. list.Cast<JsonObject>()] : null;
        if (known?.Sum(CountOfParts) == cells.Count) cells = Join(cells, known);
        else known = null;
        var sources = cells.Select((cell, i) => Source(cell.Language, cell.Lines, known is not null, name, i + 1)).ToList();
        for (var i = 0; known is not null && i < known.Length; i++) sources[i] = sources[i] with { Source = Unindent(sources[i].Source, known[i]) };
        var document = NotebookDocument.Create(sources, name);
        for (var i = 0; known is not null && i < known.Length; i++) Restore(document.Cells[i], known[i]);
        if (own?["metadata"] is JsonObject metadata) Merge(document.Metadata, metadata);
        return CanonicalForm.Of(document);
    }

    private static long CountOfParts(JsonObject meta) => meta[Parts] is JsonValue value && value.TryGetValue<int>(out var count) && count > 0 ? count : 1;

    private static List<DibCell> Join(List<DibCell> cells, JsonObject[] known)
    {
        var joined = new List<DibCell>();
        var next = 0;
        foreach (var meta in known)
        {
            var first = cells[next++];
            for (var more = CountOfParts(meta); more > 1; more--, next++) first = first with { Lines = [.. first.Lines, cells[next].Selector, .. cells[next].Lines] };
            joined.Add(first);
        }

        return joined;
    }

    private static string Unindent(string source, JsonObject meta)
    {
        if (meta[Indented] is not JsonArray indented) return source;
        var lines = source.Split('\n');
        foreach (var place in indented)
        {
            if (place is JsonValue value && value.TryGetValue<int>(out var i) && i >= 0 && i < lines.Length && lines[i].StartsWith(' ') && IsSelector(lines[i][1..])) lines[i] = lines[i][1..];
        }

        return string.Join('\n', lines);
    }

    private static (NotebookCellType Type, string Source) Source(string language, List<string> lines, bool isOurs, string name, int number)
    {
        // Ours have one blank line before and after the text; the other blank lines at its ends belong to it.
        var isExact = isOurs && lines.Count >= 3 && lines[0].Length == 0 && lines[^1].Length == 0;
        var start = isExact ? 1 : lines.TakeWhile(line => line.Trim().Length == 0).Count();
        var end = isExact ? lines.Count - 1 : lines.FindLastIndex(line => line.Trim().Length > 0) + 1;
        var source = string.Join('\n', lines[Math.Min(start, end)..end]);
        return language switch
        {
            "csharp" => (NotebookCellType.Code, source),
            "markdown" => (NotebookCellType.Markdown, source),
            "raw" => (NotebookCellType.Raw, source),
            "html" or "javascript" => (NotebookCellType.Code, $"#!{language}\n{source}"),
            _ => throw new NotebookFormatException(name, $"the cell is in the language {language}; this kernel runs csharp, markdown, html and javascript.", number),
        };
    }

    private static void Restore(NotebookCell cell, JsonObject meta)
    {
        if (meta["id"] is JsonValue id && id.TryGetValue<string>(out var text)) cell.Id = text;
        if (meta["attachments"] is JsonObject attachments) cell.Node["attachments"] = attachments.DeepClone();
        if (meta["metadata"] is JsonObject metadata) Merge(cell.Metadata, metadata);
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (key, value) in from)
        {
            if (into[key] is JsonObject inner && value is JsonObject more) Merge(inner, more);
            else into[key] = value?.DeepClone();
        }
    }

    private static string UnixLinesIfAll(string text)
    {
        var ends = text.Count(c => c == '\n');
        return ends > 0 && ends == text.Split("\r\n").Length - 1 ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : text;
    }

    /// <summary>What stands between two lines that name languages.</summary>
    private sealed record DibCell(string Selector, string Language, List<string> Lines);
}
