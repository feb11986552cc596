using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// What methods of publication bias say. Asymmetry of a funnel is named so, not bias, since small studies differ from large ones for other reasons too (Sterne et al. 2011); a test that finds nothing is not said to show
/// that there is nothing.
/// </summary>
internal static class BiasSentences
{
    public static string Egger(EggerTest test, double level)
    {
        var how = test.Model == EggerModel.WeightedLeastSquares ? "weighted least squares" : test.Regression.MethodCode;
        return $"Egger's regression test ({SmallStudyPredictors.Name(test.Predictor)} as predictor, {how}{(test.Robust is null ? "" : ", " + test.Robust.Correction)}) "
            + (ApaText.IsFound(test.PValue, level) ? "found the funnel to be asymmetric" : "detected no asymmetry of the funnel") + $", {ApaText.Test(test.Slope)}{Caution(test.PValue, level, test.Count)}.";
    }

    public static string Rank(RankTest test, double level) =>
        $"Begg and Mazumdar's rank test ({(test.AveragedWithin is { } column ? $"of averages within {column}, " : "")}{(test.IsExact ? "exact" : "normal approximation")}) {(ApaText.IsFound(test.PValue, level) ? "found the funnel to be asymmetric" : "detected no asymmetry of the funnel")}, "
        + $"Kendall's τ = {StatisticText.Number(test.Tau, 2, leadingZero: false)}, {ApaText.P(test.PValue)}{Caution(test.PValue, level, test.Count)}.";

    public static string GroupSize(GroupSizeTest test, double level) => $"{test.Name} {(ApaText.IsFound(test.Slope.PValue, level) ? "found the funnel to be asymmetric" : "detected no asymmetry of the funnel")}, {ApaText.Test(test.Slope)}{Caution(test.Slope.PValue, level, test.Count)}.";

    public static string TrimAndFill(TrimAndFillResult result)
    {
        var (measure, n) = (result.Fit.Effects.Measure, result.Missing);
        var side = result.Side == FunnelSide.Left ? "left" : "right";
        var means = result.AveragedWithin is { } column ? $" of averages within {column}" : "";
        return n == 0 ? $"Trim and fill{means} ({result.Estimator}) found no studies to be missing on the {side} of the funnel, and left the mean as it was, {ApaText.Result(measure, result.Fit.Mean)}."
            : $"Trim and fill{means} ({result.Estimator}) estimated {StatisticText.Count(n, "study", "studies")} to be missing on the {side} of the funnel; with {(n == 1 ? "it" : "them")} filled in the mean would be {ApaText.Result(measure, result.Fit.Mean)}{ApaText.ShortVerdict(measure, result.Fit.ConfidenceInterval)}.";
    }

    public static string PCurve(PCurve curve) => $"The p-curve of {StatisticText.Count(curve.Count)} significant {(curve.Count == 1 ? "result" : "results")} {Shape(curve)}, right skew z = {StatisticText.Number(curve.FullRightSkew.Z)}, {ApaText.P(curve.FullRightSkew.PValue)}; "
        + $"the power it suggests was {StatisticText.Percent(curve.Power, 0)}, 90% CI [{StatisticText.Percent(curve.PowerInterval.Lower, 0)}, {StatisticText.Percent(curve.PowerInterval.Upper, 0)}].";

    private static string Shape(PCurve curve) => curve switch
    {
        { HasEvidentialValue: true } => "has evidential value by the rule of its authors",
        { LacksEvidentialValue: true } => "lacks evidential value by the rule of its authors",
        _ => "is inconclusive by the rule of its authors",
    };

    public static string ZCurve(ZCurve curve)
    {
        return $"By z-curve, of {StatisticText.Count(curve.SignificantCount)} significant out of {StatisticText.Count(curve.Count)} results, the expected replication rate was {Share(curve.ExpectedReplicationRate, curve.ReplicationInterval)}, and the expected discovery rate "
            + $"{Share(curve.ExpectedDiscoveryRate, curve.DiscoveryInterval)}, where {StatisticText.Percent(curve.ObservedDiscoveryRate, 0)} were significant.";

        static string Share(double rate, ConfidenceInterval? interval) => StatisticText.Percent(rate, 0) + (interval is { } known ? $", {StatisticText.Level(known.Level)} CI [{StatisticText.Percent(known.Lower, 0)}, {StatisticText.Percent(known.Upper, 0)}]" : "");
    }

    public static string Excess(ExcessSignificance test, double level)
    {
        var how = test.Test switch { ExcessTest.Exact => "exact test", ExcessTest.Binomial => "binomial test", _ => $"χ²(1) = {StatisticText.Number(test.ChiSquared!.Value)}" };
        return $"Of {StatisticText.Count(test.Count, "result")} {StatisticText.Count(test.Observed)} {(test.Observed == 1 ? "was" : "were")} significant, where {StatisticText.Number(test.Expected)} were to be expected"
            + $"{(ApaText.IsFound(test.PValue, level) ? test.Observed > test.Expected ? ", an excess" : "" : "; an excess was not detected")}, {ApaText.P(test.PValue)} ({how}).";
    }

    public static string FailSafe(IEnumerable<FailSafeN> numbers) => $"To change the result it would take this many further studies without an effect: {ApaText.List([.. numbers.Select(n => $"{(n.Count is { } count ? StatisticText.Count(count) : "more than " + StatisticText.Count(FailSafeN.Largest))} ({Name(n.Kind)})")])}. "
        + "Fail-safe numbers take missing studies to average no effect, and are no evidence that there is no publication bias.";

    private static string Name(FailSafeKind kind) => kind == FailSafeKind.General ? "general method" : kind.ToString();

    /// <summary>The range of adjusted means, and how many intervals include no effect.</summary>
    public static string Adjustments(BiasAdjustments all)
    {
        var measure = all.Fit.Measure;
        string Shown(double value) => ApaText.Named(measure, measure.Format(measure.ToDisplay(value), 2));
        if (all.Estimates.IsEmpty) return $"As it stands the mean is {Shown(all.Unadjusted.Estimate)}; no method of adjusting for publication bias has an estimate here.";
        var (low, high) = (all.Estimates.MinBy(e => e.Estimate)!, all.Estimates.MaxBy(e => e.Estimate)!);
        ConfidenceInterval[] intervals = [.. all.Estimates.Select(e => e.ConfidenceInterval).OfType<ConfidenceInterval>()];
        var including = intervals.Count(i => !ApaText.Excludes(i, measure));
        var said = !measure.HasNullValue || intervals.Length == 0 ? ""
            : $", and {(including == 0 ? "none" : StatisticText.Count(including))} of {StatisticText.Count(intervals.Length, "interval")} {(including <= 1 ? "includes" : "include")} {ApaText.Null(measure)}";
        return $"As it stands the mean is {Shown(all.Unadjusted.Estimate)}; adjusted for publication bias in {StatisticText.Count(all.Estimates.Length, "way")} it lies between {Shown(low.Estimate)} ({low.Method}) and {Shown(high.Estimate)} ({high.Method}){said}.";
    }

    /// <summary>A mean adjusted for bias, and what its interval says.</summary>
    public static string Adjusted(EffectMeasure measure, in Coefficient mean) => mean.HasStandardError ? ApaText.Mean(measure, mean.Estimate, mean.ConfidenceInterval) + ApaText.ShortVerdict(measure, mean.ConfidenceInterval)
        : $"{measure.Symbol} = {measure.Format(measure.ToDisplay(mean.Estimate))} (no standard error)";

    public static string Adjusted(EffectMeasure measure, double estimate, ConfidenceInterval? interval) => interval is { } known ? ApaText.Mean(measure, estimate, known) + ApaText.ShortVerdict(measure, known)
        : $"{measure.Symbol} = {measure.Format(measure.ToDisplay(estimate))} (no interval)";

    /// <summary>
    /// What stands at the head of all methods together where studies are few: the Cochrane Handbook (chapter 13) and Sterne et al. (2011) take tests of asymmetry for ten studies or more. Null where there are that many.
    /// </summary>
    public static string? FewStudies(Inquiry inquiry, PassageWriter writer)
    {
        if (inquiry.Fit is not { } fit || (fit.Clusters?.Count ?? fit.Count) is var count && count >= 10) return null;
        return $"There {(count == 1 ? "is" : "are")} {StatisticText.Count(count, "study", "studies")}, and with fewer than 10 tests of funnel asymmetry can hardly tell bias from chance: the Cochrane Handbook (chapter 13) advises against them"
            + $"{writer.Cite("sterne2011")}, and other methods rest on as little. What they find describes these studies; that they find nothing does not show that there is no bias.";
    }

    /// <summary>Fewer than ten studies leave tests of asymmetry with little power (Sterne et al. 2011, BMJ 343, d4002).</summary>
    private static string Caution(double p, double level, int count) => ApaText.IsFound(p, level) ? "" : count < 10 ? "; with fewer than ten effects it has little power" : "; this does not show that the funnel is symmetric";
}
