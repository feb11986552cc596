using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>What the questions of p-curve, p-uniform, z-curve and the Copas model have in common.</summary>
internal static class SignificantResults
{
    /// <summary>The effects of a pooled fit.</summary>
    public static StudyEffects Effects(IModelFit fit) => (fit as PooledFit ?? throw Inquiry.Undefined(BiasQuestion.All, "models with one mean, without moderators of it or of its scale")).Effects;

    /// <summary>The side that was said, of a method that has one.</summary>
    public static Alternative OneSide(Inquiry inquiry, string method) => TriangulationQuestion.SideOf(inquiry.Said) is var side && side != Alternative.TwoSided ? side
        : throw new QuestionException("--alternative", $"{method} is of results that are significant on one side: say --alternative greater or --alternative less.");

    /// <summary>What is to be known where the mean lies on the other side than the one meant; empty where it does not.</summary>
    public static string[] OtherSide(IModelFit fit, Alternative side) => side != Alternative.TwoSided && fit is { Measure.HasNullValue: true, Mean.Estimate: var mean } && (side == Alternative.Greater ? mean < 0 : mean > 0)
        ? [$"Results {Where(side)} are taken to be published more readily, and the mean lies on the other side: --alternative {(side == Alternative.Greater ? "less" : "greater")} means that one."]
        : [];

    public static string Where(Alternative side) => side == Alternative.Less ? "below 0" : "above 0";

    /// <summary>A mean with its interval in a sentence: <c>r = .21, 95% CI [.15, .27]</c>.</summary>
    public static string Said(EffectMeasure measure, double estimate, ConfidenceInterval? interval) => $"{measure.Symbol} = {measure.Format(measure.ToDisplay(estimate))}"
        + (interval is { } known ? $", {StatisticText.Level(known.Level)} CI {Numbers.Interval(known.Transform(measure.ToDisplay), measure, 2)}" : " (no standard error)");
}
