using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The words and numbers that the plots of studies share.</summary>
internal sealed class StudyTexts(StudyEffects effects, double level, int digits = 2)
{
    public EffectMeasure Measure => effects.Measure;

    public string Level { get; } = StatisticText.Level(level);

    /// <summary>The measure's name without the remark on pooling, with its symbol: <c>Correlation r</c>.</summary>
    public string MeasureTitle
    {
        get
        {
            var name = Measure.Name.Split(',')[0];
            return name.Equals(Measure.Symbol, StringComparison.OrdinalIgnoreCase) ? name : $"{name} {Measure.Symbol}";
        }
    }

    /// <summary>A value of the pooled scale as the reader knows it.</summary>
    public string Shown(double value) => Measure.Format(Measure.ToDisplay(value), digits);

    /// <summary>An interval of the pooled scale as the reader knows it.</summary>
    public string Shown(ConfidenceInterval interval) => $"[{Shown(interval.Lower)}, {Shown(interval.Upper)}]";

    /// <summary>A study's effect as the reader knows it, with the study's own way back.</summary>
    public string ShownOf(int study) => Measure.Format(effects.EffectOf(study).DisplayValue, digits);

    /// <summary>A study's interval as the reader knows it, with the study's own way back.</summary>
    public string ShownIntervalOf(int study)
    {
        var shown = Interval(study).Transform(effects.MeasureOf(study).ToDisplay);
        return $"[{Measure.Format(shown.Lower, digits)}, {Measure.Format(shown.Upper, digits)}]";
    }

    public ConfidenceInterval Interval(int study) => new EffectSize(effects.Effects[study], effects.Variances[study], Measure).Interval(level);

    /// <summary>Everything known of a study, what the plot is about first.</summary>
    public ImmutableArray<PlotDetail> Details(int study, double? weight, params IEnumerable<PlotDetail> first)
    {
        List<PlotDetail> details = [.. first, new($"{Measure.Symbol} [{Level} CI]", $"{ShownOf(study)} {ShownIntervalOf(study)}")];
        if (effects.HasSampleSizes) details.Add(new("n", StatisticText.Count(effects.SampleSizes[study])));
        if (weight is { } w) details.Add(new("weight", StatisticText.Percent(w)));
        if (Measure.IsTransformed) details.Add(new(Measure.AnalysisSymbol, StatisticText.Number(effects.Effects[study], 4)));
        details.Add(new("variance v", StatisticText.Significant(effects.Variances[study])));
        details.AddRange(effects.Columns.Select(c => new PlotDetail(c.Name, ForestTexts.Value(c, study))));
        // A column that the plot is about stands first and only once.
        return [.. details.DistinctBy(d => (d.Name, d.Name.Length == 0 ? d.Value : ""))];
    }

    /// <summary>The finding with the kind of data before it where that must be said.</summary>
    public string Finding(string text) => effects.Origin.IsSimulated ? $"{effects.Origin.Label}. {text}" : text;

    /// <summary>The pooled effect with its interval where it has one: <c>r = .15, 95% CI [.08, .22]</c>.</summary>
    public string Pooled(Coefficient mean) => $"{Measure.Symbol} = {Shown(mean.Estimate)}" + (mean.HasStandardError ? $", {Level} CI {Shown(mean.ConfidenceInterval)}" : " (no standard error)");

    /// <summary>Where true effects of new studies would lie: <c>95% prediction interval of a new effect [−.12, .40]</c>.</summary>
    public string Predicted(PredictedRange range) => $"{Level} prediction interval{(range.Of == "a new study" ? "" : " of " + range.Of)} {Shown(range.Interval)}";

    /// <summary>The same of all that can be predicted.</summary>
    public string Predicted(IEnumerable<PredictedRange> ranges) => string.Join("; ", ranges.Select(Predicted));

    public static string Studies(int count) => $"{StatisticText.Count(count)} {(count == 1 ? "study" : "studies")}";
}
