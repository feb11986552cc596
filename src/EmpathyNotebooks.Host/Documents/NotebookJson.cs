using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>
/// Writes JSON byte for byte as nbformat does (Python's json with indent 1, sorted keys and unescaped characters).
/// </summary>
internal static class NotebookJson
{
    public static string Write(JsonObject notebook)
    {
        var lines = (JsonObject)notebook.DeepClone();
        SplitLines(lines);
        var text = new StringBuilder();
        WriteNode(text, lines, depth: 0);
        return text.Append('\n').ToString();
    }

    public static bool IsText(JsonNode? node) => node switch
    {
        JsonArray lines => lines.All(line => line?.GetValueKind() == JsonValueKind.String),
        JsonValue value => value.GetValueKind() == JsonValueKind.String,
        _ => false,
    };

    public static string JoinLines(JsonNode? node) => node is JsonArray lines
        ? string.Concat(lines.Select(line => (string)line!))
        : (string)node!;

    /// <summary>Splits after each line end, as Python's splitlines(True).</summary>
    public static IReadOnlyList<string> LinesOf(string text)
    {
        var lines = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                continue;
            }

            if (c is (>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029')
            {
                lines.Add(text[start..(i + 1)]);
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines;
    }

    private static void SplitLines(JsonObject notebook)
    {
        foreach (var cell in ((JsonArray)notebook["cells"]!).Cast<JsonObject>())
        {
            Split(cell, "source");
            foreach (var (_, bundle) in cell["attachments"] as JsonObject ?? [])
            {
                SplitBundle((JsonObject)bundle!);
            }

            if ((string)cell["cell_type"]! != "code")
            {
                continue;
            }

            foreach (var output in ((JsonArray)cell["outputs"]!).Cast<JsonObject>())
            {
                switch ((string)output["output_type"]!)
                {
                    case "display_data" or "execute_result":
                        SplitBundle((JsonObject)output["data"]!);
                        break;
                    case "stream":
                        Split(output, "text");
                        break;
                }
            }
        }
    }

    private static void SplitBundle(JsonObject bundle)
    {
        foreach (var mediaType in bundle.Select(pair => pair.Key).ToArray())
        {
            if (mediaType.StartsWith("text/", StringComparison.Ordinal)
                || mediaType is "application/javascript" or "image/svg+xml")
            {
                Split(bundle, mediaType);
            }
            else if (!IsJson(mediaType) && bundle[mediaType] is JsonArray && IsText(bundle[mediaType]))
            {
                bundle[mediaType] = JoinLines(bundle[mediaType]);
            }
        }
    }

    /// <summary>Texts by media type as a notebook and Jupyter hold them: JSON as JSON, all else as text.</summary>
    public static JsonObject Bundle(IReadOnlyDictionary<string, string> data) =>
        new(data.Select(pair => KeyValuePair.Create(pair.Key, IsJson(pair.Key) ? Json(pair.Value) : pair.Value)));

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // A formatter that calls something JSON which is none: the reader still gets the text.
            return text;
        }
    }

    private static bool IsJson(string mediaType) => mediaType == "application/json"
        || (mediaType.StartsWith("application/", StringComparison.Ordinal)
            && mediaType.EndsWith("+json", StringComparison.Ordinal));

    private static void Split(JsonObject parent, string property)
    {
        if (IsText(parent[property]))
        {
            var lines = LinesOf(JoinLines(parent[property]));
            parent[property] = new JsonArray([.. lines.Select(line => (JsonNode)line)]);
        }
    }

    private static void WriteNode(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonObject pairs:
                var separator = "{";
                foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, ByCodePoint))
                {
                    text.Append(separator);
                    NewLine(text, depth + 1);
                    WriteString(text, key);
                    text.Append(": ");
                    WriteNode(text, value, depth + 1);
                    separator = ",";
                }

                NewLine(text, depth);
                text.Append('}');
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonArray items:
                separator = "[";
                foreach (var item in items)
                {
                    text.Append(separator);
                    NewLine(text, depth + 1);
                    WriteNode(text, item, depth + 1);
                    separator = ",";
                }

                NewLine(text, depth);
                text.Append(']');
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                {
                    WriteString(text, (string)node!);
                }
                else
                {
                    // A number keeps the digits it was read with.
                    text.Append(node.ToJsonString());
                }

                break;
        }
    }

    private static void NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', depth);

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                // Half of a pair, as a cell may print it, cannot be written as UTF-8.
                case >= '\uD800' and <= '\uDFFF' when !IsPaired(value, i): text.Append('\uFFFD'); break;
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\f': text.Append("\\f"); break;
                case '\b': text.Append("\\b"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }

    private static bool IsPaired(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
        : index > 0 && char.IsHighSurrogate(text[index - 1]);

    // UTF-16 order differs from Python's only where surrogates meet U+E000 and above.
    private static readonly IComparer<string> ByCodePoint = Comparer<string>.Create(
        (a, b) => string.CompareOrdinal(Sortable(a), Sortable(b)));

    private static string Sortable(string key) => key.Any(c => c >= '\uD800')
        ? string.Concat(key.Select(c => char.IsSurrogate(c) ? (char)(c + 0x2000) : c >= '\uE000' ? (char)(c - 0x800) : c))
        : key;
}
