using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// What was found, for readers who know no statistics: how many studies, the mean in so many of 100 where the measure allows, how sure it is, how much studies differ, what was done about studies that were never
/// published, and what the numbers do not say.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var inquiry = Inquiry.Of(fit);
/// Console.WriteLine(PlainLanguageSummary.Of(inquiry, Questions.Ask(inquiry)).Text);
/// </code></example>
public static class PlainLanguageSummary
{
    /// <summary>The summary, five to eight sentences.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        var writer = new PassageWriter();
        var said = answers.Where(a => a.Unanswered is null).ToList();
        if (inquiry.Fit?.Effects.Origin.IsSimulated == true) writer.Say("The numbers here are simulated: a computer drew them to practise with, and they are no evidence of anything real.");
        writer.Say(Opening(inquiry));
        if (Mean(inquiry) is { } mean)
        {
            SayMean(inquiry, mean, writer);
            SaySpread(inquiry, writer);
        }
        else SayModerators(inquiry, writer);
        SayMissing(inquiry, said, writer);
        writer.Say(Cause(inquiry.Measure));
        return writer.ToPassage();
    }

    private static string Opening(Inquiry inquiry)
    {
        var count = inquiry.Fit?.Clusters?.Count ?? inquiry.Fit?.Count ?? inquiry.Counts!.Count;
        var what = inquiry.Fit?.Clusters is { } clusters ? $"{StatisticText.Count(inquiry.Fit.Count, "result")} from {ApaText.Groups(clusters.Column, clusters.Count)}" : $"the {(count == 1 ? "result" : "results")} of {(inquiry.IsAveraged ? StatisticText.Count(count, "sample") : StatisticText.Count(count, "study", "studies"))}";
        var people = inquiry.Fit is { Clusters: null, Effects: { TotalSampleSize: { } n, SharedBy: null } } ? $" with {StatisticText.Count(n)} participants in all" : "";
        return count == 1 ? $"This analysis rests on {what}{people}, which cannot show how much results differ from study to study." : $"This analysis puts together {what}{people}.";
    }

    /// <summary>The mean with the interval that a report takes: the cluster-robust one where it was asked for.</summary>
    private static Coefficient? Mean(Inquiry inquiry) => inquiry.Counts is not null ? inquiry.Coefficients[0]
        : inquiry.Fit!.Mean is not { } own ? null : inquiry.Robust?.Coefficients is [{ HasStandardError: true } robust] ? robust : own;

    private static void SayMean(Inquiry inquiry, Coefficient mean, PassageWriter writer)
    {
        var measure = inquiry.Measure;
        var per100 = Per100.For(measure, inquiry.Said.Number("--base-rate"));
        var shown = measure.ToDisplay(mean.Estimate);
        var known = mean.HasStandardError ? mean.ConfidenceInterval.Transform(measure.ToDisplay) : (ConfidenceInterval?)null;
        var digits = known is { } limits ? ApaText.Digits(measure, limits) : 2;
        string Value(double value) => per100 is null ? ApaText.Named(measure, measure.Format(value, digits)) : per100.Text(value);
        var noun = ApaText.Noun(measure);
        var chance = measure.HasNullValue && per100 is not null ? $" ({Per100.Whole(per100.Chance)} would mean {Nothing(measure)})" : "";
        writer.Say(per100 is null ? $"The average {noun} was {Value(shown)}{(measure.HasNullValue ? $", where {ApaText.Null(measure)} would mean {Nothing(measure)}" : "")}." : $"On average, {per100.Picture(Value(shown))}{chance}.");
        if (known is not { } interval) return;
        writer.Say($"The average is not known exactly: the data agree with anything from {Value(interval.Lower)} to {Value(interval.Upper)} ({StatisticText.Level(interval.Level)} confidence interval).");
        if (!measure.HasNullValue) return;
        writer.Say(ApaText.Excludes(mean.ConfidenceInterval, measure)
            ? $"These data would be surprising if there were {Nothing(measure)} on average."
            : $"That range includes {Nothing(measure)}, so the data cannot tell whether there is {Something(measure)} on average; they do not show that there is none.");
    }

    private static void SaySpread(Inquiry inquiry, PassageWriter writer)
    {
        if (inquiry.Counts is not null || inquiry.Fit is not { IsRandomEffects: true } fit)
        {
            var q = inquiry.Counts is { Count: > 1 } counts ? counts.Q : inquiry.Fit is { Count: > 1 } same ? same.Q : null;
            writer.Say(q is { } test && ApaText.IsFound(test.PValue, inquiry.Level)
                ? "The calculation takes the true result to be the same in all studies, and here results differ by more than chance would let expect, which speaks against that: read the average with caution."
                : "The calculation takes the true result to be the same in all studies, which seldom holds exactly.");
            return;
        }
        if (fit.Count < 2 || fit.Predict()?.PredictionInterval is not { } prediction) return;
        if (fit.TauSquared is 0)
        {
            writer.Say($"Results did not differ by more than chance would let expect{(fit.Count < 10 ? ", but so few studies could hardly show it" : "")}.");
            return;
        }
        var measure = fit.Measure;
        var per100 = Per100.For(measure, inquiry.Said.Number("--base-rate"));
        var shown = prediction.Transform(measure.ToDisplay);
        var digits = ApaText.Digits(measure, shown);
        string Value(double value) => per100 is null ? ApaText.Named(measure, measure.Format(value, digits)) : per100.Text(value);
        var range = $"in a new study of the same kind {(per100 is null ? "it" : "that number")} might lie anywhere from {Value(shown.Lower)} to {Value(shown.Upper)} ({StatisticText.Level(prediction.Level)} prediction interval)";
        writer.Say($"Studies differ in what is true for them: {range}{(fit.Count < ApaText.FewStudies ? ", and with so few studies even that is rough" : "")}.");
    }

    private static void SayModerators(Inquiry inquiry, PassageWriter writer)
    {
        var fit = inquiry.Fit!;
        if (fit.Moderators is null)
        {
            writer.Say($"The outcomes were analysed together, and each has an average of its own: {string.Join("; ", fit.Coefficients.Select(c => $"{c.Name}, {ApaText.Result(fit.Measure, c)}"))}.");
            return;
        }
        var test = inquiry.Robust is { } robust ? robust.ModeratorTest : fit.ModeratorTest;
        var named = ModeratorsSentence.Named(fit).Replace(" (centred)", "", StringComparison.Ordinal);
        var isOfOutcomes = MethodsOfModels.IsOfOutcomes(fit);
        writer.Say(isOfOutcomes ? "Several outcomes were analysed together, and each has an average of its own." : $"It asks whether results differ with {named}.");
        if (FitQuestion.MeansOf(inquiry) is { } measure)
        {
            var per100 = Per100.For(measure, inquiry.Said.Number("--base-rate"));
            string Value(double estimate) => per100 is null ? ApaText.Named(measure, measure.Format(measure.ToDisplay(estimate))) : per100.Text(measure.ToDisplay(estimate));
            writer.Say($"{(per100 is null ? $"The average {ApaText.Noun(measure)} was" : $"As a picture: {per100.Picture("so many")}, where so many is")} {string.Join("; ", (inquiry.Robust?.Coefficients ?? fit.Coefficients).Select(c => $"for {c.Name}, {Value(c.Estimate)}{(c.HasStandardError ? $" (anything from {Value(c.ConfidenceInterval.Lower)} to {Value(c.ConfidenceInterval.Upper)} agrees with the data)" : "")}"))}.");
        }
        else if (test is { Exists: true } known)
        {
            writer.Say(ApaText.IsFound(known.PValue, fit.ConfidenceLevel) ? $"They do, by more than chance alone would let expect ({ApaText.P(known.PValue)})."
                : $"The data cannot tell whether they do ({ApaText.P(known.PValue)}), which is not the same as showing that they do not.");
        }
        if (!isOfOutcomes) writer.Say($"Studies that differ in {named} differ in other ways too, any of which could be behind it.");
        if (fit.Q is { } q && fit.Count > 2) writer.Say(ApaText.IsFound(q.PValue, fit.ConfidenceLevel) ? "Beyond that, results still differed by more than chance would let expect." : "Beyond that, the data do not show that results differ by more than chance.");
    }

    private static void SayMissing(Inquiry inquiry, IReadOnlyList<Answer> answers, PassageWriter writer)
    {
        if (answers.Any(a => a.Question == "estimates adjusted for publication bias") && inquiry.Adjustments.Estimates is { IsEmpty: false } estimates)
        {
            var measure = inquiry.Measure;
            var per100 = Per100.For(measure, inquiry.Said.Number("--base-rate"));
            string Value(double value) => per100 is null ? ApaText.Named(measure, measure.Format(measure.ToDisplay(value))) : per100.Text(measure.ToDisplay(value));
            writer.Say($"Studies with weak results may never have been published; ways to allow for that give averages from {Value(estimates.Min(e => e.Estimate))} to {Value(estimates.Max(e => e.Estimate))}, and none of them is sure.");
        }
        else writer.Say(answers.Any(a => a.Section == "publicationBias") ? "Studies with weak results may never have been published; it was examined whether that shows, which no test can settle." : "Studies with weak results may never have been published; this summary does not allow for that.");
    }

    private static string Nothing(EffectMeasure measure) => IsAssociation(measure) ? "no link" : "no difference";

    private static string Something(EffectMeasure measure) => IsAssociation(measure) ? "a link" : "a difference";

    private static bool IsAssociation(EffectMeasure measure) => measure.Code is "ZCOR" or "COR" or "UCOR" or "PCOR" or "ZPCOR" or "SPCOR" or "ZSPCOR" or "RPB" or "RBIS" or "RTET" or "PHI" or "YUQ" or "YUY" or "R2" or "ZR2";

    private static string Cause(EffectMeasure measure) => IsAssociation(measure)
        ? "A link does not say that one of the two brings about the other: something else may be behind both."
        : measure.HasNullValue ? "The numbers alone do not say why groups differ; that hangs on how the studies were made." : "The numbers describe the people who were studied, and need not hold for others.";
}
