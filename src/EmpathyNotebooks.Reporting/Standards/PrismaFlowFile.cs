using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Reads the counts of a flow diagram. As JSON an object whose members are called as those of <see cref="PrismaFlow"/> begin in lower case: <c>{ "databases": { "PsycINFO": 812 }, "duplicates": 257, "reportsExcluded": { "no correlation": 22 },
/// "studiesIncluded": 55 }</c>; a list may be one number, too. As CSV a line a count: <c>box,name,count</c>, the name empty for boxes of one count.
/// </summary>
/// <example><code>
/// PrismaFlow flow = PrismaFlowFile.Parse("""{ "databases": { "PsycINFO": 120 }, "duplicates": 20, "recordsExcluded": 60, "reportsExcluded": { "no control group": 25 }, "studiesIncluded": 15 }""", isJson: true);
/// Console.WriteLine(flow);
/// </code></example>
public static class PrismaFlowFile
{
    private static readonly string[] Lists = ["databases", "registers", "reportsExcluded", "otherMethods", "otherExcluded"];

    private static readonly string[] Counts =
    [
        "duplicates", "markedByAutomation", "removedOtherwise", "screened", "recordsExcluded", "reportsSought", "reportsNotRetrieved", "reportsAssessed", "otherSought", "otherNotRetrieved", "otherAssessed", "studiesIncluded", "reportsIncluded",
        "previousStudies", "previousReports", "totalStudies", "totalReports",
    ];

    /// <summary>Reads counts and checks that they add up.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="isJson">True for JSON, false for CSV.</param>
    /// <exception cref="FormatException">A box or count cannot be read; the message says which, and what would be right.</exception>
    /// <exception cref="PrismaCountException">Counts do not add up.</exception>
    /// <exception cref="ArgumentException">A count is below 0, or nothing was identified.</exception>
    public static PrismaFlow Parse(string text, bool isJson)
    {
        ArgumentNullException.ThrowIfNull(text);
        var boxes = new Dictionary<string, List<PrismaCount>>(StringComparer.Ordinal);
        foreach (var (box, name, count) in isJson ? OfJson(text) : OfCsv(text))
        {
            if (!boxes.TryGetValue(box, out var counts)) boxes[box] = counts = [];
            else if (Counts.Contains(box)) throw new FormatException($"{box} stands twice; it is one count.");
            counts.Add(new PrismaCount(name, count));
        }
        ImmutableArray<PrismaCount> List(string box) => [.. boxes.GetValueOrDefault(box) ?? []];
        int? Count(string box) => boxes.GetValueOrDefault(box) is [var one] ? one.Count : null;
        return new PrismaFlow
        {
            Databases = List("databases"), Registers = List("registers"), Duplicates = Count("duplicates") ?? 0, MarkedByAutomation = Count("markedByAutomation"), RemovedOtherwise = Count("removedOtherwise"),
            Screened = Count("screened"), RecordsExcluded = Count("recordsExcluded") ?? 0, ReportsSought = Count("reportsSought"), ReportsNotRetrieved = Count("reportsNotRetrieved") ?? 0, ReportsAssessed = Count("reportsAssessed"),
            ReportsExcluded = List("reportsExcluded"), OtherMethods = List("otherMethods"), OtherSought = Count("otherSought"), OtherNotRetrieved = Count("otherNotRetrieved") ?? 0, OtherAssessed = Count("otherAssessed"),
            OtherExcluded = List("otherExcluded"), StudiesIncluded = Count("studiesIncluded") ?? throw new FormatException("studiesIncluded is missing: how many studies the review includes."), ReportsIncluded = Count("reportsIncluded"),
            PreviousStudies = Count("previousStudies"), PreviousReports = Count("previousReports"), TotalStudies = Count("totalStudies"), TotalReports = Count("totalReports"),
        }.Check();
    }

    /// <summary>What one number in the place of a list is called: beside other sources "all" would not say of what.</summary>
    private static string Whole(string box) => box is "databases" or "registers" ? box : "all";

    private static IEnumerable<(string Box, string Name, int Count)> OfJson(string text)
    {
        using var document = Read(text);
        try
        {
            return OfObject(document);
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException("A name holds half of a character: an escape from \\ud800 to \\udfff stands alone, where one character is written as two of them. Write the character itself.", fault);
        }
    }

    private static List<(string Box, string Name, int Count)> OfObject(JsonDocument document)
    {
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("The counts are one JSON object, such as { \"databases\": { \"PsycINFO\": 812 }, \"studiesIncluded\": 55 }.");
        var found = new List<(string, string, int)>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var box = BoxOf(member.Name);
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                found.Add((box, Lists.Contains(box) ? Whole(box) : "", Number(box, member.Value.GetRawText())));
                continue;
            }
            if (!Lists.Contains(box)) throw new FormatException($"{box} is one number, and an object is given.");
            found.AddRange(member.Value.EnumerateObject().Select(part => (box, part.Name, Number($"{box}, {part.Name}", part.Value.GetRawText()))));
        }
        return found;
    }

    private static JsonDocument Read(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException fault)
        {
            throw new FormatException(FormattableString.Invariant($"Line {fault.LineNumber + 1} is no JSON: {fault.Message}"), fault);
        }
    }

    private static IEnumerable<(string Box, string Name, int Count)> OfCsv(string text)
    {
        foreach (var (index, line) in text.TrimStart('\ufeff').Split('\n').Select(l => l.TrimEnd('\r')).Index())
        {
            if (line.Trim().Length == 0 || index == 0 && line.StartsWith("box", StringComparison.OrdinalIgnoreCase)) continue;
            var first = line.IndexOf(',', StringComparison.Ordinal);
            var last = line.LastIndexOf(',');
            if (first < 0 || first == last) throw new FormatException(FormattableString.Invariant($"Line {index + 1}, \"{StudyDataException.Visible(line)}\": a line is box,name,count, as in databases,PsycINFO,812 or duplicates,,257."));
            var box = BoxOf(line[..first].Trim());
            var name = line[(first + 1)..last].Trim().Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal);
            if (name.Length > 0 && !Lists.Contains(box)) throw new FormatException(FormattableString.Invariant($"Line {index + 1}: {box} is one count without a name."));
            yield return (box, Lists.Contains(box) && name.Length == 0 ? Whole(box) : name, Number($"Line {(index + 1).ToString(CultureInfo.InvariantCulture)}, {box}", line[(last + 1)..].Trim()));
        }
    }

    private static string BoxOf(string name) => Lists.Concat(Counts).FirstOrDefault(b => b.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"\"{StudyDataException.Visible(name)}\" is no box of the flow: {NearestName.Hint(name, Lists.Concat(Counts))}.");

    private static int Number(string box, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
        : throw new FormatException($"{box}: \"{StudyDataException.Visible(text)}\" is no count; give a whole number of 0 or more.");
}
