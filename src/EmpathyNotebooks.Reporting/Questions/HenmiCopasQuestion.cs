using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The interval of Henmi and Copas beside the model's, which small studies move less.</summary>
internal sealed class HenmiCopasQuestion : Question
{
    private const string ByName = "--henmi-copas";

    public override string Name => "Henmi-Copas";

    public override ImmutableArray<QuestionOption> Options => [new(ByName, OptionKind.Flag, "The interval of Henmi and Copas beside, which small studies move less.")];

    internal override string Schema =>
        """
        "henmiCopas": { "$ref": "#/$defs/coefficient" }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<HenmiCopas>(Words.Of)];

    public override bool NeedsIndependence => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        var copas = HenmiCopas.Fit(fit.Effects, inquiry.Level);
        return new Answer(Words.Of(copas))
        {
            Sentence = FurtherSentences.HenmiCopas(copas),
            Json = json => json.Object("henmiCopas", copas, _ =>
            {
                json.Number("estimate", copas.Estimate);
                json.Number("standardError", copas.StandardError);
                json.Number("lower", copas.ConfidenceInterval.Lower);
                json.Number("upper", copas.ConfidenceInterval.Upper);
                json.BackTransformed(inquiry.Measure, copas.Estimate, copas.ConfidenceInterval);
            }),
        };
    }
}
