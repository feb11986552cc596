using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The coefficients with cluster-robust standard errors.</summary>
internal static class RobustSentence
{
    /// <summary>With fewer degrees of freedom the approximation of Satterthwaite is not to be relied on (Tipton 2015, p. 389).</summary>
    private const double FewestDegreesOfFreedom = 4;

    public static string Of(Inquiry inquiry, RobustFit robust)
    {
        var (fit, measure) = (inquiry.Fit!, inquiry.Measure);
        var how = $"With cluster-robust standard errors ({robust.Correction}{(robust.Correction == SmallSampleCorrection.CR2 ? ", Satterthwaite degrees of freedom" : "")}; {ApaText.Groups(robust.Cluster, robust.ClusterCount)})";
        string text;
        if (fit.Mean is not null && robust.Coefficients is [var mean])
        {
            text = $"{how} the {(ApaText.Noun(measure).Contains("mean", StringComparison.Ordinal) ? "pooled" : "mean")} {ApaText.Noun(measure)} was {ApaText.Result(measure, mean)}{ApaText.Verdict(measure, mean)}.";
        }
        else
        {
            var test = robust.ModeratorTest;
            var all = test.Exists && fit.Moderators is { GivesMeans: false }
                ? (ApaText.IsFound(test.PValue, robust.ConfidenceLevel) ? $", {ModeratorsSentence.Named(fit)} {(ModeratorsSentence.Count(fit) == 1 ? "was" : "were")} associated with the size of effects, {ApaText.Test(test)}" : $", an association of effects with {ModeratorsSentence.Named(fit)} was not detected, {ApaText.Test(test)}") + "; coefficients:"
                : " the coefficients were:";
            text = FitQuestion.MeansOf(inquiry) is { } means
                ? $"{how} the means were: {string.Join("; ", robust.Coefficients.Select(c => $"{c.Name}, {ApaText.Result(means, c)}"))}."
                : $"{how}{all} {string.Join("; ", robust.Coefficients.Select(c => $"{ModeratorsSentence.Name(c)}, {ApaText.Slope(c)}"))}{ApaText.Scale(measure)}.";
        }
        var few = robust.Coefficients.Where(c => c is { HasStandardError: true, DegreesOfFreedom: < FewestDegreesOfFreedom }).Select(ModeratorsSentence.Name).ToList();
        return few.Count == 0 || robust.Correction != SmallSampleCorrection.CR2 ? text : $"{text} With fewer than four degrees of freedom ({ApaText.List(few)}) p values are not to be relied on.";
    }
}
