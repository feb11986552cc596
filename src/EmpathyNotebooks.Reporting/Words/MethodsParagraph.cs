using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// What was done, for the methods section of a paper: how effects were measured, the model, the estimator, tests and intervals, dependence, moderators, and every further question that was answered, each with its source. Only
/// what was done; nothing about whether it was planned.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ));
/// var inquiry = Inquiry.Of(fit);
/// var methods = MethodsParagraph.Of(inquiry, Questions.Ask(inquiry));
/// Console.WriteLine(methods.Text);
/// Console.WriteLine(Bibliography.BibTeX(methods.References));
/// </code></example>
public static class MethodsParagraph
{
    /// <summary>The choices of a fit and of what was asked of it.</summary>
    /// <param name="inquiry">What was asked about.</param>
    /// <param name="answers">What <see cref="Questions.Ask"/> answered.</param>
    public static Passage Of(Inquiry inquiry, IEnumerable<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(inquiry);
        ArgumentNullException.ThrowIfNull(answers);
        var writer = new PassageWriter();
        if (inquiry.Fit?.Effects.Origin.IsSimulated == true) writer.Say("The data are simulated.");
        if (inquiry.Counts is { } counts) OfCounts(counts, writer);
        else
        {
            writer.Say(MethodsOfEffects.Of(inquiry.Measure, writer));
            MethodsOfModels.Of(inquiry, inquiry.Fit!, writer);
        }
        writer.Say($"All intervals have a level of {StatisticText.Level(inquiry.Level)}.");
        writer.End();
        var named = answers.Where(a => a.Unanswered is null && a.Question is not null).DistinctBy(a => a.Question).ToList();
        foreach (var answer in named) writer.Say(MethodsOfQuestions.Of(answer.Question!, inquiry, writer));
        writer.Say($"Analyses were carried out with EmpathyNotebooks (Version {JsonReport.Version}).");
        return writer.ToPassage();
    }

    private static void OfCounts(TwoByTwoFit counts, PassageWriter writer)
    {
        var source = counts.Method.Contains("Peto", StringComparison.Ordinal) ? writer.Cite("yusuf1985")
            : counts.Measure.Code is "OR" ? writer.Cite("mantel1959") : writer.Cite("mantel1959", "greenland1985");
        writer.Say($"Counts were pooled as tables by the method of {counts.Method}{source}, which takes the true {ApaText.Noun(counts.Measure)} as the same in all studies, with tests and intervals of the normal distribution.");
        if (counts.Count > 1) writer.Say($"Heterogeneity was described by Cochran's Q{writer.Cite("cochran1954")} and I²{writer.Cite("higgins2002")}.");
    }
}
