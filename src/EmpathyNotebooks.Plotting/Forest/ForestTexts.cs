using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The words and numbers of a forest plot.</summary>
internal sealed class ForestTexts
{
    private readonly IModelFit _fit;
    private readonly FitWords _words;
    private readonly EffectMeasure _measure;

    public ForestTexts(IModelFit fit, int digits)
    {
        _fit = fit;
        _words = new FitWords(fit);
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

    public string GroupNote(int count, IModelFit? fit, string? absence) => fit is null
        ? count == 1 && _fit is PooledFit ? "one study: not pooled" : $"not pooled: {absence}"
        : string.Join(", ", new[]
        {
            fit.ISquared is { } i2 ? $"I² = {StatisticText.Percent(i2)}" : null,
            fit is { IsRandomEffects: true, TauSquared: { } tau2 } ? $"τ² = {StatisticText.Significant(tau2, 3)}" : fit.IsRandomEffects ? null : fit.Q?.ToString(),
        }.OfType<string>());

    public ImmutableArray<string> Summary()
    {
        // One study has nothing to differ from.
        if (_fit.Count == 1) return [$"{Model()}: {Result()}."];
        List<string> heterogeneity = [];
        if (_fit.Q is { } q) heterogeneity.Add(q.ToString());
        heterogeneity.AddRange(_fit.VarianceComponents.Select(c => $"σ² of {c.Level} = {StatisticText.Significant(c.SigmaSquared, 3)}"));
        if (_fit.ISquared is { } i2) heterogeneity.Add($"I² = {StatisticText.Percent(i2)}");
        if (_fit is { IsRandomEffects: true, TauSquared: { } tau2, VarianceComponents.IsEmpty: true }) heterogeneity.Add($"τ² = {StatisticText.Significant(tau2, 3)}");
        heterogeneity.AddRange(Predictions.Select(PredictionText));
        return [$"{Model()}: {Result()}.", .. heterogeneity.Count > 0 ? [$"Heterogeneity: {string.Join("; ", heterogeneity)}."] : Array.Empty<string>(),
            .. _words.IsClustered ? [$"Rows: {_words.Counted}."] : Array.Empty<string>(),
            .. _fit.Mean is null ? [$"Diamonds: what the model with {_fit.Moderators} expects of each."] : Array.Empty<string>()];
    }

    public string Finding(IReadOnlyList<ForestGroup> groups)
    {
        var text = $"Forest plot of {_words.Counted}. {Model()}: {Result()}";
        text = Predictions.Aggregate(text, (all, range) => $"{all}; {PredictionText(range)}");
        text += _fit.ISquared is { } i2 ? $"; I² = {StatisticText.Percent(i2)}." : ".";
        foreach (var group in groups.Where(g => g.Name is not null))
        {
            text += group.Fit?.Mean is not null
                ? $" {group.Name} (k = {StatisticText.Count(group.Rows.Count)}): {Short(group.Fit)}."
                : group.Fit is not null ? "" : group.Rows.Count == 1 ? $" {group.Name}: one {_words.Effects(1)}, not pooled." : $" {group.Name}: not pooled.";
        }
        return _fit.Effects.Origin.IsSimulated ? $"{_fit.Effects.Origin.Label}. {text}" : text;
    }

    /// <summary>Where new true effects would lie; empty where they do not differ, or where it depends on moderators.</summary>
    public IReadOnlyList<PredictedRange> Predictions => field ??= _fit.Mean is null ? [] : _words.Predictions();

    private string PredictionText(PredictedRange range) =>
        $"{Numbers.Level} prediction interval{(range.Of == "a new study" ? "" : " of " + range.Of)} {Numbers.Plain(range.Interval.Transform(_measure.ToDisplay))}";

    public ImmutableArray<PlotDetail> StudyDetails(int study, double estimate, ConfidenceInterval interval, string? groupColumn)
    {
        var effects = _fit.Effects;
        var details = new List<PlotDetail>
        {
            new(Numbers.EstimateHeader, $"{Numbers.Text(estimate)} {Numbers.Plain(interval)}"),
        };
        if (effects.HasSampleSizes) details.Add(new PlotDetail("n", StatisticText.Count(effects.SampleSizes[study])));
        details.Add(new PlotDetail("weight", StatisticText.Percent(_fit.Weights[study])));
        if (_fit.Mean is null) details.Add(new PlotDetail("expected", Numbers.Text(_measure.ToDisplay(_fit.FittedValues[study]))));
        if (_fit is LocationScaleFit { Scale: not null }) details.Add(new PlotDetail("τ² at its moderators", StatisticText.Significant(_fit.TrueEffectVariances[study], 3)));
        if (_measure.IsTransformed) details.Add(new PlotDetail(_measure.AnalysisSymbol, StatisticText.Number(effects.Effects[study], 4)));
        details.Add(new PlotDetail("variance v", StatisticText.Significant(effects.Variances[study])));
        details.AddRange(effects.Columns
            .OrderBy(c => c.Name == groupColumn ? 0 : 1)
            .Select(c => new PlotDetail(c.Name, Value(c, study))));
        return [.. details];
    }

    public ImmutableArray<PlotDetail> PooledDetails(IModelFit fit)
    {
        var mean = fit.Mean!.Value;
        var details = new List<PlotDetail>
        {
            new(Numbers.EstimateHeader, Numbers.Text(fit.Measure.ToDisplay(mean.Estimate)) + (Interval(fit) is { } interval ? $" {Numbers.Plain(interval)}" : $" ({mean.WhyNoStandardError})")),
            new("k", new FitWords(fit).Short["k = ".Length..]),
        };
        if (_measure.HasNullValue && mean.HasStandardError) details.Add(new PlotDetail("p", StatisticText.PValue(mean.PValue)));
        if (!_words.IsClustered && fit.Effects.TotalSampleSize is { } n) details.Add(new PlotDetail("sum of n", StatisticText.Count(n)));
        if (fit is { IsRandomEffects: true, TauSquared: { } tau2 }) details.Add(new PlotDetail("τ²", StatisticText.Significant(tau2, 3)));
        if (fit.ISquared is { } i2) details.Add(new PlotDetail("I²", StatisticText.Percent(i2)));
        if (fit.Q is { } q) details.Add(new PlotDetail("", q.ToString()));
        details.AddRange(new FitWords(fit).Predictions().Select(r => new PlotDetail($"{Numbers.Level} prediction interval{(r.Of == "a new study" ? "" : " of " + r.Of)}", Numbers.Plain(r.Interval.Transform(fit.Measure.ToDisplay)))));
        return [.. details];
    }

    /// <summary>The interval of the mean as a reader knows it; null where there is none.</summary>
    public static ConfidenceInterval? Interval(IModelFit fit) => fit.Mean is { HasStandardError: true } mean ? mean.ConfidenceInterval.Transform(fit.Measure.ToDisplay) : null;

    /// <summary>A value of a further column; what is not known says so.</summary>
    public static string Value(StudyColumn column, int study)
    {
        if (column.Text(study) is not { } text) return "not known";
        return column.IsNumeric ? text.Replace('-', '−') : text;
    }

    private string ModelName => _fit switch
    {
        MetaRegressionFit => "Meta-regression",
        LocationScaleFit => "Location-scale model",
        SelectionFit => "Selection model",
        MultilevelFit => "Multilevel model",
        MultivariateFit => "Multivariate model",
        RobustVarianceFit => "Robust variance estimation",
        _ => _fit.IsRandomEffects ? "Random effects" : _fit.MethodCode == "FE" ? "Fixed effects" : "Equal effects",
    };

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
        if (_fit.Mean is not { } mean) return _fit.ModeratorTest is { } test ? $"{_fit.Moderators}: {test}" : $"{_fit.Moderators}";
        if (!_measure.HasNullValue || !mean.HasStandardError) return Short(_fit);
        // Kenward and Roger's degrees of freedom are no whole number.
        var name = mean.DegreesOfFreedom is { } df ? $"t({(df % 1 == 0 ? StatisticText.Count((long)df) : StatisticText.Number(df))})" : "z";
        return $"{Short(_fit)}, {name} = {StatisticText.Number(mean.Statistic)}, {StatisticText.PValueWithSymbol(mean.PValue)}";
    }

    private string Short(IModelFit fit)
    {
        var shown = fit.Measure.ToDisplay(fit.Mean!.Value.Estimate);
        return Interval(fit) is { } interval ? Numbers.Sentence(shown, interval) : $"{_measure.Symbol} = {Numbers.Text(shown)} (no standard error)";
    }

    private static IEnumerable<(double, double, double)> Shown(IModelFit fit)
    {
        var effects = fit.Effects;
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects.EffectOf(i);
            var interval = effect.Interval(fit.ConfidenceLevel).Transform(effect.Measure.ToDisplay);
            yield return (effect.DisplayValue, interval.Lower, interval.Upper);
        }
        if (Interval(fit) is not { } own) yield break;
        var mean = fit.Measure.ToDisplay(fit.Mean!.Value.Estimate);
        yield return (mean, own.Lower, own.Upper);
        foreach (var range in new FitWords(fit).Predictions())
        {
            var prediction = range.Interval.Transform(fit.Measure.ToDisplay);
            yield return (mean, prediction.Lower, prediction.Upper);
        }
    }
}
