using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Whether effects go with moderators, never why.</summary>
internal static class ModeratorsSentence
{
    public static int Count(IModelFit fit) => Terms(fit).Length;

    /// <summary>The moderators as a list: "rater and year (centred)".</summary>
    public static string Named(IModelFit fit) => ApaText.List(Terms(fit));

    private static string[] Terms(IModelFit fit) => fit.Moderators!.ToString()!.Replace(" (no intercept)", "", StringComparison.Ordinal).Split(" + ");

    public static string? Of(Inquiry inquiry, ModeratorTest? test)
    {
        if (inquiry.Fit is not { Moderators: { } moderators } fit || test is not { } asked) return null;
        var subject = Count(fit) == 1 ? Named(fit) : $"the moderators {Named(fit)} together";
        if (!asked.Exists) return $"For {subject} there is no test: {asked.WhyNone!.TrimEnd('.')}.{Slopes(inquiry, fit)}";
        var explained = fit is MetaRegressionFit { RSquared: { } r } ? $", R² = {StatisticText.Percent(r)} of the variance of true effects" : "";
        var text = moderators.GivesMeans ? $"A test that all means are {ApaText.Null(fit.Measure)} gave {ApaText.Test(asked)}"
            : ApaText.IsFound(asked.PValue, fit.ConfidenceLevel) ? $"{ApaText.Capital(subject)} {(Count(fit) == 1 ? "was" : "were")} associated with the size of effects, {ApaText.Test(asked)}{explained}"
            : $"An association of effects with {subject} was not detected, {ApaText.Test(asked)}{explained}; this does not show that there is none";
        return $"{text}.{Slopes(inquiry, fit)}";
    }

    private static string Slopes(Inquiry inquiry, IModelFit fit) => FitQuestion.MeansOf(inquiry) is not null ? ""
        : $" Coefficients{ApaText.Scale(fit.Measure)}: {string.Join("; ", fit.Coefficients.Select(c => $"{Name(c)}, {ApaText.Slope(c)}"))}.";

    public static string Name(Coefficient c) => c.Name == "Intercept" ? "intercept" : c.Name;
}
