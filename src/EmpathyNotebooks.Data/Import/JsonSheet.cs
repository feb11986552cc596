using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>A table in JSON: a list of records, a record of columns, a record that holds one of these, or a record a line.</summary>
internal static partial class JsonSheet
{
    [GeneratedRegex(@"[:,\[]\s*-?(NaN|Infinity)\b", RegexOptions.CultureInvariant)]
    private static partial Regex NoNumber();

    private const string Kind = "JSON";

    private const string Forms = "a list of records ([{\"study\": \"A\", \"r\": 0.3}, ...]) or a record of columns ({\"study\": [\"A\", ...], \"r\": [0.3, ...]})";

    public static ImportedSheet Read(string text, string file)
    {
        if (string.IsNullOrWhiteSpace(text)) throw Fault($"is empty; it must hold {Forms}", null, file);
        try
        {
            return OfText(text, file);
        }
        catch (InvalidOperationException)
        {
            // What JSON writes as \ud83d without its other half is JSON, but no text.
            throw Fault("holds half of a character: an escape from \\ud800 to \\udfff stands alone, where one character is written as two of them; write the character itself", null, file);
        }
    }

    private static ImportedSheet OfText(string text, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Of(document.RootElement, file) ?? throw Fault($"must hold {Forms}", null, file);
        }
        catch (JsonException whole)
        {
            if (Lines(text, file) is { } lines) return lines;
            var place = string.Create(CultureInfo.InvariantCulture, $"is no JSON from byte {whole.BytePositionInLine + 1} of the line on");
            var advice = NoNumber().IsMatch(text) ? "; NaN and Infinity, as Python writes them, are no values of JSON: write null where a value is not known" : "";
            throw Fault(place + advice, (int?)(whole.LineNumber + 1), file);
        }
    }

    private static ImportedSheet? Of(JsonElement root, string file)
    {
        if (root.ValueKind == JsonValueKind.Array) return Records([.. root.EnumerateArray()], file);
        if (root.ValueKind != JsonValueKind.Object) return null;
        JsonProperty[] members = [.. root.EnumerateObject()];
        RefuseRepeats(root, null, file);
        if (members.Length > 0 && Array.TrueForAll(members, m => m.Value.ValueKind == JsonValueKind.Object)) return Keyed(members, file);
        if (members.Length > 0 && Array.TrueForAll(members, m => m.Value.ValueKind == JsonValueKind.Array && !m.Value.EnumerateArray().Any(v => v.ValueKind is JsonValueKind.Object or JsonValueKind.Array)))
        {
            var count = members[0].Value.GetArrayLength();
            if (Array.FindIndex(members, m => m.Value.GetArrayLength() != count) is >= 0 and var place)
            {
                var uneven = members[place];
                throw new StudyDataException($"has {uneven.Value.GetArrayLength()} values where {members[0].Name} has {count}", column: uneven.Name, file: file, kind: StudyDataFault.Form);
            }
            return ImportedSheet.OfColumns(Kind, Array.ConvertAll(members, m => m.Name), Array.ConvertAll(members, m => (IReadOnlyList<object?>)[.. m.Value.EnumerateArray().Select((v, i) => Value(v, m.Name, i + 1, file))]));
        }
        // An envelope: one list of records beside what describes it.
        JsonProperty[] lists = [.. members.Where(m => m.Value.ValueKind == JsonValueKind.Array && m.Value.GetArrayLength() > 0 && m.Value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Object))];
        return lists is [var only] ? Records([.. only.Value.EnumerateArray()], file) : null;
    }

    /// <summary>As pandas writes a frame: for each column a record of its values by row. Rows are in the order in which they come.</summary>
    private static ImportedSheet? Keyed(JsonProperty[] columns, string file)
    {
        // A record of records may be anything else.
        if (columns.Any(c => c.Value.EnumerateObject().Any(v => v.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array))) return null;
        string[] rows = [.. columns[0].Value.EnumerateObject().Select(v => v.Name)];
        foreach (var column in columns)
        {
            RefuseRepeats(column.Value, null, file);
            if (!column.Value.EnumerateObject().Select(v => v.Name).ToHashSet(StringComparer.Ordinal).SetEquals(rows))
            {
                throw new StudyDataException($"has values for other rows than {columns[0].Name}; a record of columns has the same rows in each", column: column.Name, file: file, kind: StudyDataFault.Form);
            }
        }
        return ImportedSheet.OfColumns(Kind, Array.ConvertAll(columns, c => c.Name), Array.ConvertAll(columns, c => (IReadOnlyList<object?>)[.. rows.Select((row, i) => Value(c.Value.GetProperty(row), c.Name, i + 1, file))]));
    }

    /// <summary>Of two values of one name a reader would take one and lose the other.</summary>
    private static void RefuseRepeats(JsonElement record, int? row, string file)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var member in record.EnumerateObject())
        {
            if (!names.Add(member.Name)) throw new StudyDataException("is there twice in one record; give each value a name of its own", row: row, column: member.Name, file: file, kind: StudyDataFault.Form);
        }
    }

    private static ImportedSheet? Lines(string text, string file)
    {
        List<JsonElement> records = [];
        foreach (var line in text.Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                records.Add(document.RootElement.Clone());
            }
            catch (JsonException)
            {
                // Not a record a line either: the fault of the whole is what to say.
                return null;
            }
        }
        return Records(records, file);
    }

    private static ImportedSheet Records(IReadOnlyList<JsonElement> records, string file)
    {
        if (records.Count == 0) throw Fault("holds no record; each study needs one", null, file);
        List<string> names = [];
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i].ValueKind != JsonValueKind.Object) throw Fault($"must be a record like {{\"study\": \"A\", \"r\": 0.3}}, and is {(records[i].ValueKind == JsonValueKind.Array ? "a list" : "a single value")}", i + 1, file);
            RefuseRepeats(records[i], i + 1, file);
            foreach (var member in records[i].EnumerateObject())
            {
                if (!names.Contains(member.Name, StringComparer.Ordinal)) names.Add(member.Name);
            }
        }
        return ImportedSheet.OfColumns(Kind, names, [.. names.Select(name => (IReadOnlyList<object?>)[.. records.Select((record, i) => record.TryGetProperty(name, out var value) ? Value(value, name, i + 1, file) : null)])]);
    }

    private static object? Value(JsonElement value, string column, int row, string file) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        // As it is written: no digit more or less.
        JsonValueKind.Number => value.GetRawText(),
        _ => throw new StudyDataException("is a list or a record, where a table has one value a cell", row: row, column: column, file: file, kind: StudyDataFault.Form),
    };

    private static StudyDataException Fault(string expected, int? row, string file) => new(expected, row: row, file: file, kind: StudyDataFault.Form);
}
