using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>How likely a true effect lies above a cut-off.</summary>
internal sealed class BeyondQuestion : Question
{
    private const string ByName = "--beyond";

    public override string Name => "share beyond a cut-off";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Number, "How likely a true effect lies above a cut-off, on the scale a reader knows (0.1 for r = .10).") { HelpName = "CUTOFF", Example = "0.1" },
    ];

    internal override string Schema =>
        """
        "beyond": {
          "type": "object",
          "properties": {
            "cutoff": { "$ref": "#/$defs/number" }, "shareAbove": { "$ref": "#/$defs/probability" }, "shareStandardError": { "$ref": "#/$defs/number" },
            "predictiveProbabilityAbove": { "$ref": "#/$defs/probability" }
          },
          "required": ["cutoff", "shareAbove", "shareStandardError", "predictiveProbabilityAbove"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<TrueEffectProbability>(Words.Of)];

    public override bool NeedsIndependence => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var measure = inquiry.Measure;
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        if (!fit.IsRandomEffects) throw Inquiry.Undefined(ByName, "random-effects models");
        var asked = inquiry.Said.Number(ByName)!.Value;
        var cutoff = measure.FromDisplay(asked);
        if (!double.IsFinite(cutoff))
        {
            throw new QuestionException(ByName, FormattableString.Invariant(
                $"{ByName} {asked}: give a value that {measure.Symbol} can have, between {measure.DisplayMinimum} and {measure.DisplayMaximum}."));
        }
        var beyond = fit.ProbabilityAbove(cutoff);
        var line = $"Above {measure.Symbol} = {measure.Format(measure.ToDisplay(beyond.Cutoff), 3)}: {StatisticText.Percent(beyond.Share)} of true effects; "
            + $"a new one with probability {StatisticText.Number(beyond.PredictiveProbability, 2, leadingZero: false)}";
        return new Answer(new Paragraph(line))
        {
            Sentence = line + ".",
            Json = json =>
            {
                json.WriteStartObject("beyond");
                json.Number("cutoff", beyond.Cutoff);
                json.Number("shareAbove", beyond.Share);
                json.Number("shareStandardError", beyond.ShareStandardError);
                json.Number("predictiveProbabilityAbove", beyond.PredictiveProbability);
                json.WriteEndObject();
            },
        };
    }
}
