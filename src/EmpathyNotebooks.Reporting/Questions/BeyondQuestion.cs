using System.Collections.Immutable;
using System.Text.Json;
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
        },
        "beyondOfClusterMeans": { "$ref": "#/properties/beyond" }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<TrueEffectProbability>(Words.Of)];

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var measure = inquiry.Measure;
        if (inquiry.Fit is not { Moderators: null } fit) throw Inquiry.Undefined(ByName, "models without moderators");
        if (!fit.IsRandomEffects) throw Inquiry.Undefined(ByName, "random-effects models");
        var asked = inquiry.Said.Number(ByName)!.Value;
        var cutoff = measure.FromDisplay(asked);
        if (!double.IsFinite(cutoff))
        {
            throw new QuestionException(ByName, FormattableString.Invariant(
                $"{ByName} {asked}: give a value that {measure.Symbol} can have, between {measure.DisplayMinimum} and {measure.DisplayMaximum}."));
        }
        var beyond = fit.ProbabilityAbove(cutoff) ?? throw Inquiry.Undefined(ByName, "models with one variance of true effects");
        // Where studies have several effects, the mean of a study varies less than its effects.
        var means = fit.Clusters is null ? null : fit.ProbabilityAbove(cutoff, NewTrueEffect.StudyMean);
        var line = $"Above {measure.Symbol} = {measure.Format(measure.ToDisplay(beyond.Cutoff), 3)}: {StatisticText.Share(beyond.Share)} of true effects; "
            + $"a new one with probability {StatisticText.Number(beyond.PredictiveProbability, 2, leadingZero: false)}"
            + (means is { } ofMeans ? $"; of the means of groups of {fit.Clusters!.Column} {StatisticText.Share(ofMeans.Share)}, a new one with probability "
                + StatisticText.Number(ofMeans.PredictiveProbability, 2, leadingZero: false) : "");
        return new Answer(new Paragraph(line))
        {
            Sentence = FurtherSentences.Beyond(fit, beyond, means),
            Json = json =>
            {
                Write(json, "beyond", beyond);
                if (means is { } known) Write(json, "beyondOfClusterMeans", known);
            },
        };
    }

    private static void Write(Utf8JsonWriter json, string name, TrueEffectProbability beyond)
    {
        json.WriteStartObject(name);
        json.Number("cutoff", beyond.Cutoff);
        json.Number("shareAbove", beyond.Share);
        json.Number("shareStandardError", beyond.ShareStandardError);
        json.Number("predictiveProbabilityAbove", beyond.PredictiveProbability);
        json.WriteEndObject();
    }
}
