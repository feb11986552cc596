using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>The data of a Cochrane review in RevMan 5 (.rm5): a row for each study in each analysis. Events, means, and given effects have their own columns.</summary>
internal static class RevManSheet
{
    private static readonly (string Column, string Attribute)[] Events = [("events_1", "EVENTS_1"), ("n_1", "TOTAL_1"), ("events_2", "EVENTS_2"), ("n_2", "TOTAL_2")];

    private static readonly (string Column, string Attribute)[] Means = [("mean_1", "MEAN_1"), ("sd_1", "SD_1"), ("n_1", "TOTAL_1"), ("mean_2", "MEAN_2"), ("sd_2", "SD_2"), ("n_2", "TOTAL_2")];

    private static readonly (string Column, string Attribute)[] Given = [("estimate", "ESTIMATE"), ("se", "SE"), ("n_1", "TOTAL_1"), ("n_2", "TOTAL_2")];

    private static readonly (string Column, string Attribute)[] Logrank = [("o_minus_e", "O_E"), ("variance_of_o_minus_e", "VAR"), ("events_1", "EVENTS_1"), ("n_1", "TOTAL_1"), ("events_2", "EVENTS_2"), ("n_2", "TOTAL_2")];

    private static readonly Dictionary<string, (string Column, string Attribute)[]> Kinds = new(StringComparer.Ordinal)
    {
        ["DICH_DATA"] = Events, ["CONT_DATA"] = Means, ["IV_DATA"] = Given, ["IPD_DATA"] = Logrank,
    };

    public static ImportedSheet Read(string text, string file)
    {
        var review = Parse(text, file);
        var studies = review.Descendants("STUDY").Where(s => s.Attribute("ID") is not null).GroupBy(s => s.Attribute("ID")!.Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        List<Dictionary<string, object?>> rows = [];
        List<string> left = [];
        foreach (var data in review.Descendants().Where(e => e.Name.LocalName.EndsWith("_DATA", StringComparison.Ordinal) && e.Attribute("STUDY_ID") is not null))
        {
            if (!Kinds.TryGetValue(data.Name.LocalName, out var columns))
            {
                left.Add(data.Name.LocalName);
                continue;
            }
            var id = data.Attribute("STUDY_ID")!.Value;
            var study = studies.GetValueOrDefault(id);
            var outcome = data.Ancestors().FirstOrDefault(e => e.Name.LocalName.EndsWith("_OUTCOME", StringComparison.Ordinal));
            var row = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["study"] = study?.Attribute("NAME")?.Value ?? id,
                ["year"] = Blank(study?.Attribute("YEAR")?.Value),
                ["comparison"] = NameOf(data.Ancestors("COMPARISON").FirstOrDefault()),
                ["outcome"] = NameOf(outcome),
                ["subgroup"] = NameOf(data.Ancestors().FirstOrDefault(e => e.Name.LocalName.EndsWith("_SUBGROUP", StringComparison.Ordinal))),
                ["effect_measure"] = outcome?.Attribute("EFFECT_MEASURE")?.Value,
            };
            // RevMan writes 0 of 0 for what was not filled in.
            var isEmpty = columns.Where(c => c.Column.StartsWith('n')).All(c => data.Attribute(c.Attribute)?.Value is null or "0") && columns != Given;
            foreach (var (column, attribute) in columns) row[column] = isEmpty ? null : Blank(data.Attribute(attribute)?.Value);
            rows.Add(row);
        }
        if (rows.Count == 0) throw new StudyDataException("is a review without data of studies that can be pooled", file: file, kind: StudyDataFault.Form);
        string[] names = [.. rows.SelectMany(row => row.Keys).Distinct()];
        List<TableNote> notes = [];
        var outcomes = rows.Select(row => row["outcome"]).Distinct().Count();
        if (outcomes > 1)
        {
            notes.Add(new TableNote(TableNoteKind.SeveralAnalyses, $"The review has {StatisticText.Count(outcomes)} outcomes in one table; pool one at a time: keep the rows of one value of outcome."));
        }
        if (left.Count > 0)
        {
            notes.Add(new TableNote(TableNoteKind.SeveralAnalyses, $"{StatisticText.Count(left.Count, "row")} of {string.Join(" and ", left.Distinct())} {(left.Count == 1 ? "is" : "are")} passed over: no effects of two groups."));
        }
        return ImportedSheet.OfColumns("a RevMan review", names, [.. names.Select(name => (IReadOnlyList<object?>)[.. rows.Select(row => row.GetValueOrDefault(name))])], notes);
    }

    private static XElement Parse(string text, string file)
    {
        try
        {
            // No entity is expanded and nothing is fetched.
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return XDocument.Load(reader).Root!;
        }
        catch (XmlException fault)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture, $"is no RevMan review that can be read: it is no XML from character {fault.LinePosition} of the line on"), row: fault.LineNumber, file: file, kind: StudyDataFault.Form);
        }
    }

    private static string? NameOf(XElement? element) => element is null ? null : Blank(element.Element("NAME")?.Value ?? element.Attribute("NAME")?.Value)
        ?? element.Attribute("NO")?.Value.ToString(CultureInfo.InvariantCulture);

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
