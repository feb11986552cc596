using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the further questions of a model say.</summary>
internal static class FurtherSentences
{
    private const string Simulated = " [simulated data]";

    public static string? Data(Inquiry inquiry) => inquiry.Fit is not { Omitted: { IsEmpty: false } omitted } ? null
        : $"{StatisticText.Count(omitted.Length, "effect")} {(omitted.Length == 1 ? "was" : "were")} left out since {ApaText.List([.. omitted.SelectMany(o => o.MissingColumns).Distinct()])} {(omitted.Length == 1 ? "was" : "were")} not known: {string.Join(", ", omitted.Select(o => o.Label))}.";

    public static string? Statistics(IModelFit? fit) => fit?.FitStatistics is not { } s ? null
        : $"The {(s.IsRestricted ? "restricted " : "")}log-likelihood was {StatisticText.Number(s.LogLikelihood)}, AIC = {StatisticText.Number(s.Aic)}, BIC = {StatisticText.Number(s.Bic)}.";

    public static string? Weights(Inquiry inquiry)
    {
        var weights = inquiry.Counts?.Weights ?? inquiry.Fit!.Weights;
        if (weights.Length < 2) return null;
        return $"Single {(inquiry.Fit?.Clusters is null ? "studies" : "effects")} had from {StatisticText.Share(weights.Min())} to {StatisticText.Share(weights.Max())} of the weight.";
    }

    public static string Clusters(EffectClusters clusters)
    {
        var counts = Enumerable.Range(0, clusters.Count).Select(c => clusters.Rows(c).Length).ToList();
        var (least, most) = (counts.Min(), counts.Max());
        var each = least == most ? $"{StatisticText.Count(least, "effect")} each" : $"from {StatisticText.Count(least)} to {StatisticText.Count(most)} effects each";
        return $"The {StatisticText.Count(clusters.Groups.Length, "effect")} came from {ApaText.Groups(clusters.Column, clusters.Count)} with {each}.";
    }

    public static string HenmiCopas(HenmiCopas copas) => $"By the interval of Henmi and Copas, around the mean by precision alone, {ApaText.Mean(copas.Effects.Measure, copas.Estimate, copas.ConfidenceInterval)}{ApaText.ShortVerdict(copas.Effects.Measure, copas.ConfidenceInterval)}.";

    public static string Beyond(IModelFit fit, TrueEffectProbability beyond, TrueEffectProbability? means)
    {
        var measure = fit.Measure;
        var text = $"If true effects are normal with mean and variance as estimated, {StatisticText.Share(beyond.Share)} of them lie above {measure.Symbol} = {measure.Format(measure.ToDisplay(beyond.Cutoff), 3)}, and a new one does with probability {Probability(beyond.PredictiveProbability)}";
        return means is not { } known ? text + "." : $"{text}; of the means of groups ({fit.Clusters!.Column}) {StatisticText.Share(known.Share)} do, and a new one with probability {Probability(known.PredictiveProbability)}.";
    }

    public static string? Predicted(FitBlups blups, EffectMeasure measure, bool isMean)
    {
        if (blups.Rows.IsEmpty) return null;
        var (low, high) = (blups.Rows.MinBy(r => r.Estimate)!, blups.Rows.MaxBy(r => r.Estimate)!);
        string Shown(double value) => isMean ? $"{measure.Symbol} = {measure.Format(measure.ToDisplay(value))}" : StatisticText.Number(value);
        return $"The true effects that the model predicts for the studies, drawn towards the mean, range from {Shown(low.Estimate)} for {low.Name} to {Shown(high.Estimate)} for {high.Name}.";
    }

    public static string? Cumulative(IReadOnlyList<(string Name, int Count, IModelFit? Fit)> steps)
    {
        var means = steps.Where(s => s.Fit is { Mean: not null }).ToList();
        if (means.Count < 2) return null;
        var (first, last) = (means[0], means[^1]);
        var widest = means.Skip(means.Count / 2).Select(s => s.Fit!.Measure.ToDisplay(s.Fit.Mean!.Value.Estimate)).ToList();
        var measure = last.Fit!.Measure;
        return $"Added one after the other, effects gave a mean of {Result(first.Fit!)} with the first {(first.Count == 1 ? "one" : StatisticText.Count(first.Count))}, and of {Result(last.Fit)} with all {StatisticText.Count(last.Count)}; over the last half of the steps it lay between "
            + $"{measure.Format(widest.Min())} and {measure.Format(widest.Max())}.";

        static string Result(IModelFit fit) => fit.Mean!.Value is { HasStandardError: true } mean ? ApaText.Mean(fit.Measure, mean.Estimate, mean.ConfidenceInterval) : $"{fit.Measure.Symbol} = {fit.Measure.Format(fit.Measure.ToDisplay(fit.Mean!.Value.Estimate))}";
    }

    public static string? Scale(LocationScaleFit fit)
    {
        if (fit.ScaleTest is not { } test) return null;
        var slopes = $"; coefficients of ln τ²: {string.Join("; ", fit.ScaleCoefficients.Select(c => $"{ModeratorsSentence.Name(c)}, {ApaText.Slope(c)}"))}.";
        return !test.Exists ? $"For moderators of the variance of true effects there is no test ({test.WhyNone!.TrimEnd('.')}){slopes}"
            : (ApaText.IsFound(test.PValue, fit.Options.ConfidenceLevel) ? $"{ApaText.Capital(fit.Scale!.ToString()!)} was associated with the variance of true effects, {ApaText.Test(test)}" : $"An association of the variance of true effects with {fit.Scale} was not detected, {ApaText.Test(test)}, which does not show that there is none") + slopes;
    }

    public static string Meaning(EffectMeaning meaning)
    {
        MeaningKind[] kinds = [MeaningKind.CommonLanguage, MeaningKind.FirstRate, MeaningKind.SecondRate, MeaningKind.RateDifference, MeaningKind.NumberNeeded, MeaningKind.ShareBeyond];
        var level = meaning.Interval is { } interval ? StatisticText.Level(interval.Level) + " CI " : "";
        var groups = kinds.Select(k => meaning[k]).OfType<MeaningStatement>().GroupBy(s => s.Assumption).Select(g => $"if {g.Key}: " + string.Join("; ", g.Select(s => $"{s.Name}{(s is { Kind: MeaningKind.NumberNeeded, Model: not MeaningModel.TwoRates, Value: < 0 } ? " (below 0: to harm)" : "")}, {s.Shown}{(s.ShownInterval.Length == 0 ? "" : $", {level}{s.ShownInterval}")}")));
        return $"{meaning.Measure.Symbol} = {meaning.Measure.Format(meaning.Estimate)} would mean, {string.Join("; and ", groups)}.";
    }

    public static string Psychometric(PsychometricFit fit)
    {
        var (measure, corrected) = (fit.Measure, fit.Method != ArtifactMethod.BareBones);
        var symbol = measure == EffectMeasure.Correlation ? "ρ" : "δ";
        var text = $"In a psychometric meta-analysis of k = {StatisticText.Count(fit.Count, "sample")} (N = {StatisticText.Count((long)fit.TotalSampleSize)}), weighted by sample size, the mean was {measure.Symbol} = {measure.Format(fit.Observed.Mean)}"
            + (corrected ? $", and corrected for artifacts {symbol} = {measure.Format(fit.Corrected.Mean)}" : "")
            + $", {ApaText.Interval(measure, fit.Corrected.ConfidenceInterval)}; the standard deviation of true effects was {measure.Format(fit.Corrected.StandardDeviation)}, {ApaText.Interval(measure, fit.Corrected.CredibilityInterval, "credibility interval")}";
        return fit.PercentExplained is { } share ? $"{text}. Of the observed variance {StatisticText.Number(Math.Min(share, 100), 0)}% was what {fit.ExplainedBy} would produce." : text + ".";
    }

    /// <summary>Says of what is simulated that it is, once a sentence.</summary>
    public static string Labelled(string sentence, DataOrigin? origin) => origin is not { IsSimulated: true } || sentence.Contains(Simulated, StringComparison.Ordinal) ? sentence : sentence.TrimEnd('.') + Simulated + ".";

    /// <summary>The sentence without that, for a text that says it once for all.</summary>
    public static string Unlabelled(string sentence) => sentence.Replace(Simulated, "", StringComparison.Ordinal);

    public static string Probability(double p) => p > 0.995 ? "> .99" : p < 0.005 ? "< .01" : StatisticText.Number(p, 2, leadingZero: false);
}
