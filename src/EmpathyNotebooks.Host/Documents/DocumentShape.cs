using System.Text.Json;
using System.Text.Json.Nodes;

namespace EmpathyNotebooks.Host.Documents;

/// <summary>
/// Holds a JSON tree against what nbformat 4 requires, so that the typed view never meets a wrong kind of value.
/// </summary>
internal static class DocumentShape
{
    public static void Require(JsonObject root, string name)
    {
        if (!IsWholeNumber(root["nbformat"], out var major) || major != 4)
        {
            throw new NotebookFormatException(name, $"nbformat is {Show(root["nbformat"])}; only 4 is understood.");
        }

        if (!IsWholeNumber(root["nbformat_minor"], out var minor) || minor < 0)
        {
            throw new NotebookFormatException(
                name, $"nbformat_minor is {Show(root["nbformat_minor"])}; it must be a whole number from 0.");
        }

        RequireObject(root, "metadata", name, cell: null);
        if (root["cells"] is not JsonArray cells)
        {
            throw new NotebookFormatException(name, $"cells is {Show(root["cells"])}; it must be a list.");
        }

        for (var index = 0; index < cells.Count; index++)
        {
            RequireCell(cells[index], name, index + 1);
        }
    }

    /// <summary>JSON whose names differ. It can escape half of a surrogate pair, which is no text; to find it late would be to find it anywhere.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(string text, string name)
    {
        try
        {
            var node = JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false });
            if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase)) RequireUnicode(node, name);
            return node;
        }
        catch (InvalidOperationException fault)
        {
            throw new NotebookFormatException(name, "the name of a property holds half of a surrogate pair, which is no Unicode text.", innerException: fault);
        }
    }

    private static void RequireUnicode(JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonObject pairs:
                foreach (var (_, value) in pairs) RequireUnicode(value, name);
                break;
            case JsonArray items:
                foreach (var item in items) RequireUnicode(item, name);
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                try
                {
                    _ = value.GetValue<string>();
                }
                catch (InvalidOperationException fault)
                {
                    throw new NotebookFormatException(name, $"{value.GetPath()} holds half of a surrogate pair, which is no Unicode text.", innerException: fault);
                }

                break;
        }
    }

    private static void RequireCell(JsonNode? node, string name, int number)
    {
        if (node is not JsonObject cell)
        {
            throw new NotebookFormatException(name, $"a cell is a JSON object, not {Show(node)}.", number);
        }

        var type = IsString(cell["cell_type"]) ? (string)cell["cell_type"]! : null;
        if (type is not ("code" or "markdown" or "raw"))
        {
            throw new NotebookFormatException(
                name, $"cell_type is {Show(cell["cell_type"])}; it must be code, markdown or raw.", number);
        }

        RequireObject(cell, "metadata", name, number);
        RequireText(cell, "source", name, number);
        if (cell["id"] is { } id && !IsString(id))
        {
            throw new NotebookFormatException(name, $"id is {Show(id)}; it must be a text.", number);
        }

        if (cell["attachments"] is { } attachments
            && (attachments is not JsonObject files || files.Any(file => file.Value is not JsonObject)))
        {
            throw new NotebookFormatException(name, "attachments must be an object of objects by media type.", number);
        }

        if (type == "code")
        {
            RequireCode(cell, name, number);
        }
    }

    private static void RequireCode(JsonObject cell, string name, int number)
    {
        if (cell["execution_count"] is { } count && !IsWholeNumber(count, out _))
        {
            throw new NotebookFormatException(
                name, $"execution_count is {Show(count)}; it must be null or a whole number.", number);
        }

        if (cell["outputs"] is not JsonArray outputs)
        {
            throw new NotebookFormatException(name, $"outputs is {Show(cell["outputs"])}; it must be a list.", number);
        }

        foreach (var node in outputs)
        {
            if (node is not JsonObject output || !IsString(output["output_type"]))
            {
                throw new NotebookFormatException(name, "an output must be an object with an output_type.", number);
            }

            switch ((string)output["output_type"]!)
            {
                case "stream":
                    RequireString(output, "name", name, number);
                    RequireText(output, "text", name, number);
                    break;
                case "display_data" or "execute_result":
                    RequireObject(output, "data", name, number);
                    break;
                case "error":
                    RequireString(output, "ename", name, number);
                    RequireString(output, "evalue", name, number);
                    if (output["traceback"] is not JsonArray lines || !lines.All(IsString))
                    {
                        throw new NotebookFormatException(name, "traceback of an error must be a list of texts.", number);
                    }

                    break;
            }
        }
    }

    private static void RequireObject(JsonObject parent, string property, string name, int? cell)
    {
        if (parent[property] is not JsonObject)
        {
            throw new NotebookFormatException(name, $"{property} is {Show(parent[property])}; it must be an object.", cell);
        }
    }

    private static void RequireString(JsonObject parent, string property, string name, int cell)
    {
        if (!IsString(parent[property]))
        {
            throw new NotebookFormatException(name, $"{property} is {Show(parent[property])}; it must be a text.", cell);
        }
    }

    private static void RequireText(JsonObject parent, string property, string name, int cell)
    {
        if (!NotebookJson.IsText(parent[property]))
        {
            throw new NotebookFormatException(
                name, $"{property} is {Show(parent[property])}; it must be a text or a list of texts.", cell);
        }
    }

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsWholeNumber(JsonNode? node, out int value)
    {
        value = 0;
        return node is JsonValue number && number.GetValueKind() == JsonValueKind.Number && number.TryGetValue(out value);
    }

    private static string Show(JsonNode? node)
    {
        var text = node is null ? "missing" : node.ToJsonString();
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
