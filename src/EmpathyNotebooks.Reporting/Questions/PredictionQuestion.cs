using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Where the true effect of a new study would lie, and the mean on the scale a reader knows. Always said; another method by name.</summary>
internal sealed class PredictionQuestion : Question
{
    private const string ByName = "--prediction";

    public override string Name => "prediction";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.Choice, "The prediction interval: knha (Hartung-Knapp), hts (Higgins-Thompson-Spiegelhalter), nagashima (bootstrap). Default: that of the test.")
        {
            HelpName = "PREDICTION", Choices = ["knha", "hts", "nagashima"],
        },
        new("--seed", OptionKind.WholeNumber, "The seed of nagashima's random draws; the same seed gives the same result.")
        {
            HelpName = "NUMBER", Needs = "--prediction nagashima", IsUsable = said => said.Text(ByName) == "nagashima",
        },
    ];

    public override bool NeedsIndependence => true;

    internal override string Schema =>
        """
        "predictionInterval": { "$ref": "#/$defs/interval" },
        "predictionIntervalMethod": { "enum": ["knha", "hts", "nagashima"] },
        "backTransformed": { "$ref": "#/$defs/backTransformed" }
        """;

    private protected override bool IsAlwaysAsked => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var method = inquiry.Said.Text(ByName);
        var interval = method is null ? inquiry.Fit?.Predict()?.PredictionInterval : By(inquiry, method);
        var measure = inquiry.Measure;
        var shown = interval?.Transform(measure.ToDisplay);
        var line = shown is { } known
            ? $"{StatisticText.Level(known.Level)} prediction interval{(method is null ? "" : $" ({method})")}: {measure.Symbol} {Numbers.Interval(known, measure)}" : null;
        return new Answer(method is null || line is null ? [] : [new Paragraph(line)])
        {
            Sentence = line is null ? null : line + ".",
            Json = json =>
            {
                json.Interval("predictionInterval", interval);
                if (method is not null) json.WriteString("predictionIntervalMethod", method);
                WriteBackTransformed(json, inquiry, shown);
            },
        };
    }

    private static ConfidenceInterval By(Inquiry inquiry, string method)
    {
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined(ByName, "models without moderators and without --cluster, except after --model aggregate");
        if (!fit.IsRandomEffects) throw Inquiry.Undefined(ByName, "random-effects models");
        return fit.PredictionIntervalBy(method switch
        {
            "hts" => PredictionIntervalMethod.HigginsThompsonSpiegelhalter,
            "nagashima" => PredictionIntervalMethod.Nagashima,
            _ => PredictionIntervalMethod.HartungKnapp,
        }, inquiry.Said.WholeNumber("--seed") is { } seed ? new BootstrapOptions { Seed = seed } : null);
    }

    /// <summary>The mean on the scale a reader knows, for example r; null where there are several coefficients and so no one mean.</summary>
    private static void WriteBackTransformed(Utf8JsonWriter json, Inquiry inquiry, ConfidenceInterval? shownPrediction)
    {
        if (inquiry.Coefficients is not [{ Name: "Intercept" } mean])
        {
            json.WriteNull("backTransformed");
            return;
        }
        var measure = inquiry.Measure;
        var shown = mean.HasStandardError ? mean.ConfidenceInterval.Transform(measure.ToDisplay) : (ConfidenceInterval?)null;
        json.WriteStartObject("backTransformed");
        json.WriteString("symbol", measure.Symbol);
        json.Number("estimate", measure.ToDisplay(mean.Estimate));
        json.Number("lower", shown?.Lower);
        json.Number("upper", shown?.Upper);
        json.Interval("predictionInterval", shownPrediction);
        json.WriteEndObject();
    }
}
