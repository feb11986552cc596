using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The words and numbers of a forest plot.</summary>
internal sealed class ForestTexts
{
    private readonly PooledFit _fit;
    private readonly EffectMeasure _measure;

    public ForestTexts(PooledFit fit, int digits)
    {
        _fit = fit;
        _measure = fit.Effects.Measure;
        Numbers = new ForestNumbers(_measure, fit.ConfidenceLevel, digits, Shown(fit));
    }

    public ForestNumbers Numbers { get; }

    public string PooledLabel()
    {
        var test = _fit.Inference switch
        {
            Inference.HartungKnapp => ", HK",
            Inference.HartungKnappAdHoc => ", ad hoc HK",
            Inference.KenwardRoger => ", KR",
            Inference.StudentT => ", t",
            _ => "",
        };
        return _fit.IsRandomEffects ? $"{ModelName} ({_fit.MethodCode}{test})" : ModelName + test;
    }

    public string GroupNote(int count, PooledFit? fit) => fit is null
        ? "one study: not pooled"
        : fit.IsRandomEffects
            ? $"I² = {StatisticText.Percent(fit.Heterogeneity.ISquared)}, τ² = {StatisticText.Significant(fit.TauSquared, 3)}"
            : $"I² = {StatisticText.Percent(fit.Heterogeneity.ISquared)}, {fit.Heterogeneity.Q}";

    public ImmutableArray<string> Summary()
    {
        // One study has nothing to differ from.
        if (_fit.Count == 1) return [$"{Model()}: {Result()}."];
        var heterogeneity = $"Heterogeneity: {_fit.Heterogeneity.Q}; I² = {StatisticText.Percent(_fit.Heterogeneity.ISquared)}";
        if (_fit.IsRandomEffects) heterogeneity += $"; τ² = {StatisticText.Significant(_fit.TauSquared, 3)}";
        if (_fit.BackTransformed.PredictionInterval is { } prediction)
        {
            heterogeneity += $"; {Numbers.Level} prediction interval {Numbers.Plain(prediction)}";
        }
        return [$"{Model()}: {Result()}.", heterogeneity + "."];
    }

    public string Finding(IReadOnlyList<ForestGroup> groups)
    {
        var text = $"Forest plot of {StatisticText.Count(_fit.Count)} {(_fit.Count == 1 ? "study" : "studies")}. {Model()}: {Result()}";
        if (_fit.BackTransformed.PredictionInterval is { } prediction) text += $"; {Numbers.Level} prediction interval {Numbers.Plain(prediction)}";
        text += $"; I² = {StatisticText.Percent(_fit.Heterogeneity.ISquared)}.";
        foreach (var group in groups.Where(g => g.Name is not null))
        {
            text += group.Fit is { } fit
                ? $" {group.Name} (k = {StatisticText.Count(group.Rows.Count)}): {Short(fit)}."
                : $" {group.Name}: one study, not pooled.";
        }
        return _fit.Effects.Origin.IsSimulated ? $"{_fit.Effects.Origin.Label}. {text}" : text;
    }

    public ImmutableArray<PlotDetail> StudyDetails(int study, double estimate, ConfidenceInterval interval, string? groupColumn)
    {
        var effects = _fit.Effects;
        var details = new List<PlotDetail>
        {
            new(Numbers.EstimateHeader, $"{Numbers.Text(estimate)} {Numbers.Plain(interval)}"),
        };
        if (effects.HasSampleSizes) details.Add(new PlotDetail("n", StatisticText.Count(effects.SampleSizes[study])));
        details.Add(new PlotDetail("weight", StatisticText.Percent(_fit.Weights[study])));
        if (_measure.IsTransformed) details.Add(new PlotDetail(_measure.AnalysisSymbol, StatisticText.Number(effects.Effects[study], 4)));
        details.Add(new PlotDetail("variance v", StatisticText.Significant(effects.Variances[study])));
        details.AddRange(effects.Columns
            .OrderBy(c => c.Name == groupColumn ? 0 : 1)
            .Select(c => new PlotDetail(c.Name, Value(c, study))));
        return [.. details];
    }

    public ImmutableArray<PlotDetail> PooledDetails(PooledFit fit)
    {
        var shown = fit.BackTransformed;
        var details = new List<PlotDetail>
        {
            new(Numbers.EstimateHeader, $"{Numbers.Text(shown.Estimate)} {Numbers.Plain(shown.ConfidenceInterval)}"),
            new("k", StatisticText.Count(fit.Count)),
        };
        if (_measure.HasNullValue) details.Add(new PlotDetail("p", StatisticText.PValue(fit.PValue)));
        if (fit.Effects.TotalSampleSize is { } n) details.Add(new PlotDetail("sum of n", StatisticText.Count(n)));
        if (fit.IsRandomEffects) details.Add(new PlotDetail("τ²", StatisticText.Significant(fit.TauSquared, 3)));
        details.Add(new PlotDetail("I²", StatisticText.Percent(fit.Heterogeneity.ISquared)));
        details.Add(new PlotDetail("", fit.Heterogeneity.Q.ToString()));
        if (shown.PredictionInterval is { } prediction) details.Add(new PlotDetail($"{Numbers.Level} prediction interval", Numbers.Plain(prediction)));
        return [.. details];
    }

    /// <summary>A value of a further column; what is not known says so.</summary>
    public static string Value(StudyColumn column, int study)
    {
        if (column.Text(study) is not { } text) return "not known";
        return column.IsNumeric ? text.Replace('-', '−') : text;
    }

    private string ModelName => _fit.IsRandomEffects ? "Random effects" : _fit.MethodCode == "FE" ? "Fixed effects" : "Equal effects";

    private string Model()
    {
        var test = _fit.Inference switch
        {
            Inference.HartungKnapp => ", Hartung-Knapp",
            Inference.HartungKnappAdHoc => ", Hartung-Knapp ad hoc",
            Inference.KenwardRoger => ", Kenward-Roger",
            Inference.StudentT => ", t",
            _ => "",
        };
        return ModelName + (_fit.IsRandomEffects ? $", {_fit.MethodCode}" : "") + test;
    }

    private string Result()
    {
        if (!_measure.HasNullValue) return Short(_fit);
        // Kenward and Roger's degrees of freedom are no whole number.
        var test = _fit.DegreesOfFreedom is { } df ? $"t({(df % 1 == 0 ? StatisticText.Count((long)df) : StatisticText.Number(df))})" : "z";
        return $"{Short(_fit)}, {test} = {StatisticText.Number(_fit.Statistic)}, {StatisticText.PValueWithSymbol(_fit.PValue)}";
    }

    private string Short(PooledFit fit) => Numbers.Sentence(fit.BackTransformed.Estimate, fit.BackTransformed.ConfidenceInterval);

    private static IEnumerable<(double, double, double)> Shown(PooledFit fit)
    {
        var effects = fit.Effects;
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects.EffectOf(i);
            var interval = effect.Interval(fit.ConfidenceLevel).Transform(effect.Measure.ToDisplay);
            yield return (effect.DisplayValue, interval.Lower, interval.Upper);
        }
        var shown = fit.BackTransformed;
        yield return (shown.Estimate, shown.ConfidenceInterval.Lower, shown.ConfidenceInterval.Upper);
        if (shown.PredictionInterval is { } prediction) yield return (shown.Estimate, prediction.Lower, prediction.Upper);
    }
}
