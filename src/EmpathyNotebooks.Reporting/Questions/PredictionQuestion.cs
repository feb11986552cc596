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
        new(ByName, OptionKind.Choice, "The prediction interval: knha (Hartung-Knapp), hts (Higgins-Thompson-Spiegelhalter), nagashima (bootstrap); with --cluster effect (a new effect) or study (the mean of a new cluster). "
            + "Default: that of the test, with --cluster of a new effect.")
        {
            HelpName = "PREDICTION", Choices = ["knha", "hts", "nagashima", "effect", "study"],
        },
        new("--seed", OptionKind.WholeNumber, "The seed of what is drawn at random: nagashima's bootstrap, subsets, permutations, replicates, and with --bias the intervals of z-curve and of selection models; the same seed gives the same result.")
        {
            HelpName = "NUMBER", Needs = $"--prediction nagashima, {string.Join(", ", SensitivityQuestion.Drawing)}, {BiasQuestion.All} or {SelectionQuestion.ByName}",
            IsUsable = said => said.Text(ByName) == "nagashima" || SensitivityQuestion.Drawing.Any(said.Has) || said.Has(BiasQuestion.All) || said.Has(SelectionQuestion.ByName),
        },
    ];

    internal override string Schema =>
        """
        "predictionInterval": { "$ref": "#/$defs/interval" },
        "predictionIntervalMethod": { "enum": ["knha", "hts", "nagashima", "effect", "study"] },
        "predictionIntervalOfClusterMean": { "$ref": "#/$defs/interval" },
        "backTransformed": { "$ref": "#/$defs/backTransformed" }
        """;

    private protected override bool IsAlwaysAsked => true;

    private protected override Answer AnswerTo(Inquiry inquiry)
    {
        var method = inquiry.Said.Text(ByName);
        var interval = method is null ? inquiry.Fit?.Predict()?.PredictionInterval : By(inquiry, method);
        var ofMeans = inquiry.Fit is { Clusters: not null } fit ? fit.PredictNew(NewTrueEffect.StudyMean)?.PredictionInterval : null;
        List<string> lines = [];
        if (method is not null && interval is { } asked) lines.Add(Line(inquiry.Measure, asked, inquiry.Fit is { Clusters: not null } ? "" : $" ({method})", Whose(inquiry, method)));
        else if (interval is { } known && inquiry.Fit is { Clusters: not null }) lines.Add(Line(inquiry.Measure, known, "", Whose(inquiry, "effect")));
        if (ofMeans is { } means && method is not "study") lines.Add(Line(inquiry.Measure, means, "", Whose(inquiry, "study")));
        return new Answer([.. lines.Select(line => new Paragraph(line))])
        {
            Sentence = PredictionSentence.Of(inquiry, interval, ofMeans, method),
            Json = json =>
            {
                json.Interval("predictionInterval", interval);
                if (method is not null) json.WriteString("predictionIntervalMethod", method);
                if (ofMeans is not null) json.Interval("predictionIntervalOfClusterMean", ofMeans);
                WriteBackTransformed(json, inquiry, interval?.Transform(inquiry.Measure.ToDisplay));
            },
        };
    }

    private static string Line(EffectMeasure measure, ConfidenceInterval interval, string how, string whose) =>
        $"{StatisticText.Level(interval.Level)} prediction interval{whose}{how}: {measure.Symbol} {Numbers.Interval(interval.Transform(measure.ToDisplay), measure)}";

    private static string Whose(Inquiry inquiry, string method) => inquiry.Fit?.Clusters is not { } clusters ? ""
        : method == "study" ? $" of the mean of a new group of {clusters.Column}" : " of a new effect";

    private static ConfidenceInterval By(Inquiry inquiry, string method)
    {
        if (inquiry.Fit is not { Moderators: null }) throw Inquiry.Undefined(ByName, "models without moderators");
        if (method is "effect" or "study")
        {
            return inquiry.Fit.PredictNew(method == "study" ? NewTrueEffect.StudyMean : NewTrueEffect.Effect)?.PredictionInterval
                ?? throw Inquiry.Undefined($"{ByName} {method}", "random-effects models with one variance of true effects");
        }
        var fit = inquiry.Fit as PooledFit ?? throw Inquiry.Undefined($"{ByName} {method}", "models without moderators and without --cluster, except after --model aggregate; with --cluster there are effect and study");
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
