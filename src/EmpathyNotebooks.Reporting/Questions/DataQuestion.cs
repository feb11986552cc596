using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the numbers come from: studies left out, tables as they were read, single values. Left-out studies are always said.</summary>
internal sealed class DataQuestion : Question
{
    public override string Name => "data";

    internal override string Schema =>
        """
        "omitted": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": { "label": { "type": "string" }, "missing": { "type": "array", "items": { "type": "string" } } },
            "required": ["label", "missing"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings =>
    [
        Saying.Of<StudyTable>(DataTables.StudyTable), Saying.Of<TableCheck>(DataTables.Check), Saying.Of<IEnumerable<PublishedFinding>>(DataTables.Findings), Saying.Of<EffectSize>(Words.Of), Saying.Of<ConfidenceInterval>(Words.Of),
        Saying.Of<QTest>(Words.Of), Saying.Of<ChiSquaredTest>(Words.Of), Saying.Of<BinomialEffectSizeDisplay>(Words.Of), Saying.Of<MedianSplit>(Words.Of), Saying.Of<EffectMeasure>(Words.Of),
        Saying.Of<DataOrigin>(Words.Of), Saying.Of<PublishedFinding>(Words.Of), Saying.Of<Coefficient>(Words.Of),
    ];

    private protected override Answer AnswerTo(Inquiry inquiry) => new()
    {
        Sentence = FurtherSentences.Data(inquiry),
        Json = json =>
        {
            if (inquiry.Fit is not { Omitted.IsEmpty: false } fit) return;
            json.Array("omitted", fit.Omitted, (_, study) =>
            {
                json.WriteString("label", study.Label);
                json.Texts("missing", study.MissingColumns);
            });
        },
    };
}
