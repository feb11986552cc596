using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What was fitted and the mean effect, as a results section says it.</summary>
internal static class ModelSentence
{
    public static string Of(Inquiry inquiry) => inquiry.Fit is { } fit ? Of(inquiry, fit) : Of(inquiry.Counts!);

    /// <summary>How many effects there are, in how many groups: "k = 16 studies (N = 3,509)", "k = 263 effects in 82 samples".</summary>
    public static string HowMany(Inquiry inquiry)
    {
        if (inquiry.Fit is not { } fit) return $"k = {StatisticText.Count(inquiry.Counts!.Count)} {(inquiry.Counts.Count == 1 ? "study" : "studies")}";
        var k = StatisticText.Count(fit.Count);
        var people = People(fit) is { } n ? $" (N = {StatisticText.Count(n)})" : "";
        if (fit.Clusters is { } clusters) return $"k = {k} {(fit.Count == 1 ? "effect" : "effects")} in {ApaText.Groups(clusters.Column, clusters.Count)}{people}";
        return $"k = {k} {(inquiry.IsAveraged ? fit.Count == 1 ? "sample" : "samples" : fit.Count == 1 ? "study" : "studies")}{people}";
    }

    /// <summary>The model as a report names it.</summary>
    public static string Model(IModelFit fit) => fit switch
    {
        PooledFit { IsRandomEffects: true } => "random-effects model",
        PooledFit { MethodCode: "FE" } => "fixed-effects model",
        PooledFit => "equal-effects model",
        MetaRegressionFit { IsRandomEffects: true } => "mixed-effects meta-regression",
        MetaRegressionFit => "equal-effects meta-regression",
        LocationScaleFit => "location-scale model",
        MultilevelFit { VarianceComponents.IsEmpty: true } => "model of generalised least squares",
        MultilevelFit => "multilevel model",
        MultivariateFit => "multivariate model",
        RobustVarianceFit { WorkingModel: WorkingModel.Hierarchical } => "meta-regression with robust variance estimation and weights of hierarchical effects",
        RobustVarianceFit => "meta-regression with robust variance estimation and weights of correlated effects",
        SelectionFit => "selection model",
        _ => "model",
    };

    /// <summary>How it was estimated, in few words: "REML, Hartung-Knapp".</summary>
    public static string How(IModelFit fit)
    {
        var inference = fit switch
        {
            RobustVarianceFit robust => $"{robust.Robust.Correction} standard errors",
            _ => fit.Inference switch
            {
                Inference.Normal => "normal distribution",
                Inference.StudentT => "t distribution",
                Inference.HartungKnapp => "Hartung-Knapp inference",
                Inference.HartungKnappAdHoc => "Hartung-Knapp inference, never narrower than the t distribution's",
                _ => "Kenward-Roger inference",
            },
        };
        return fit.IsRandomEffects && fit is not RobustVarianceFit ? $"{Method(fit)}, {inference}" : inference;
    }

    private static string Method(IModelFit fit) => fit is SelectionFit ? "maximum likelihood" : fit.MethodCode;

    private static string Of(Inquiry inquiry, IModelFit fit)
    {
        var (measure, noun, model) = (fit.Measure, ApaText.Noun(fit.Measure), Model(fit));
        var average = noun.Contains("mean", StringComparison.Ordinal) ? "pooled" : "mean";
        if (fit.Mean is { } mean)
        {
            var result = ApaText.Result(measure, mean);
            var verdict = ApaText.Verdict(measure, mean);
            if (fit.Count == 1) return $"One study has nothing to be pooled with; its {noun} was {result}{verdict}. It says nothing of how much effects differ between studies.";
            var text = fit switch
            {
                PooledFit { MethodCode: "FE" } => $"The weighted {average} {noun} of {HowMany(inquiry)}, taken as they are, was {result}, in a {model} ({How(fit)}){verdict}.",
                PooledFit { IsRandomEffects: false } => $"Taken as one and the same in {HowMany(inquiry)}, the true {noun} was {result}, in an {model} ({How(fit)}){verdict}.",
                SelectionFit selection => $"Adjusted for selective publication by a {selection.Function}, the {average} {noun} of {HowMany(inquiry)} was {result}{verdict}.",
                _ => $"The {average} {noun} of {HowMany(inquiry)} was {result}, in {Article(model)} ({How(fit)}){verdict}.",
            };
            return text + Few(fit);
        }
        if (fit.Moderators is not { } moderators)
        {
            return $"Of {HowMany(inquiry)}, the {average} {noun} was, by outcome: {string.Join("; ", fit.Coefficients.Select(c => $"{c.Name}, {ApaText.Result(measure, c)}"))}, in a {model} ({How(fit)}).";
        }
        if (MethodsOfModels.IsOfOutcomes(fit)) return $"In a {model} ({How(fit)}) of {HowMany(inquiry)} the {average} {noun} was, by outcome: {string.Join("; ", fit.Coefficients.Select(c => $"{c.Name}, {ApaText.Result(measure, c)}"))}.";
        var means = moderators.GivesMeans && fit is not RobustVarianceFit
            ? $" The {average} {noun} was, by group: {string.Join("; ", fit.Coefficients.Select(c => $"{c.Name}, {ApaText.Result(measure, c)}"))}." : "";
        return $"{ApaText.Capital(Article(model))} ({How(fit)}) with {ModeratorsSentence.Named(fit)} as {(ModeratorsSentence.Count(fit) == 1 ? "moderator" : "moderators")} was fitted to {HowMany(inquiry)}.{means}";
    }

    private static string Of(TwoByTwoFit counts)
    {
        var (measure, level) = (counts.Measure, counts.Options.ConfidenceLevel);
        var interval = counts.ConfidenceInterval;
        var test = $"z = {StatisticText.Number(counts.Statistic)}, {ApaText.P(counts.PValue)}";
        var text = $"Pooled by the method of {counts.Method}, the {ApaText.Noun(measure)} of k = {StatisticText.Count(counts.Count)} {(counts.Count == 1 ? "study" : "studies")} was "
            + $"{ApaText.Mean(measure, counts.Estimate, interval)}, {test}{ApaText.Verdict(measure, interval)}. The method takes the true {ApaText.Noun(measure)} as the same in all studies";
        if (counts.Count < 2) return text + ".";
        return text + (ApaText.IsFound(counts.Q.PValue, level) ? $"; the studies speak against that, {ApaText.Test(counts.Q)}, I² = {StatisticText.Percent(counts.ISquared)}."
            : $"; no heterogeneity was detected, {ApaText.Test(counts.Q)}, I² = {StatisticText.Percent(counts.ISquared)}, which does not show that there is none.");
    }

    private static string Few(IModelFit fit) => fit.IsRandomEffects && fit is PooledFit && fit.Count < ApaText.FewStudies
        ? $" With {(fit.Count == 2 ? "two" : fit.Count == 3 ? "three" : "four")} studies the variance of true effects is hardly known, and with it the interval." : "";

    private static string Article(string model) => (model[0] is 'a' or 'e' ? "an " : "a ") + model;

    /// <summary>The people in all studies; where effects share samples only if all effects of a sample have the same.</summary>
    private static long? People(IModelFit fit)
    {
        if (!fit.Effects.HasSampleSizes) return null;
        if (fit.Clusters is not { } clusters) return fit.Effects.SharedBy is null ? fit.Effects.TotalSampleSize : null;
        var sizes = new int?[clusters.Count];
        for (var i = 0; i < fit.Count; i++)
        {
            ref var size = ref sizes[clusters.Groups[i]];
            size ??= fit.Effects.SampleSizes[i];
            if (size != fit.Effects.SampleSizes[i]) return null;
        }
        return sizes.Sum(s => (long)s!.Value);
    }
}
