using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Means adjusted for publication bias in tables, sentences and JSON, each said alike.</summary>
internal static class AdjustedMeans
{
    /// <summary>A table of adjusted means on the scale that a reader knows.</summary>
    public static Table Table(string title, EffectMeasure measure, double level) => new(title, ("", Align.Left), (measure.Symbol, Align.Right), ($"{StatisticText.Level(level)} CI", Align.Right), ("p", Align.Right), ("k", Align.Right));

    /// <summary>A row of it.</summary>
    public static Table Row(this Table table, string method, EffectMeasure measure, in Coefficient mean, int count) => table.Row(method, measure.Format(measure.ToDisplay(mean.Estimate), 3),
        mean.HasStandardError ? Numbers.Interval(mean.ConfidenceInterval.Transform(measure.ToDisplay), measure) : Numbers.None,
        mean.HasStandardError && measure.HasNullValue ? StatisticText.PValue(mean.PValue) : Numbers.None, StatisticText.Count(count));

    /// <summary>A mean in a sentence: <c>r = .21, 95% CI [.15, .27]</c>.</summary>
    public static string Said(EffectMeasure measure, in Coefficient mean)
    {
        var estimate = $"{measure.Symbol} = {measure.Format(measure.ToDisplay(mean.Estimate))}";
        if (!mean.HasStandardError) return estimate + " (no standard error)";
        var interval = mean.ConfidenceInterval;
        return $"{estimate}, {StatisticText.Level(interval.Level)} CI {Numbers.Interval(interval.Transform(measure.ToDisplay), measure, 2)}";
    }

    /// <summary>Estimate and interval as JSON has them, null where there is no standard error.</summary>
    public static void EstimateAndInterval(this Utf8JsonWriter json, in Coefficient mean)
    {
        json.Number("estimate", mean.Estimate);
        json.Number("lower", mean.HasStandardError ? mean.ConfidenceInterval.Lower : null);
        json.Number("upper", mean.HasStandardError ? mean.ConfidenceInterval.Upper : null);
    }

    /// <summary>The fit as a pooled one.</summary>
    public static PooledFit Pooled(IModelFit fit) => fit as PooledFit ?? throw Inquiry.Undefined(BiasQuestion.All, "models with one mean, without moderators");

    /// <summary>The fit as a multilevel or multivariate one.</summary>
    public static DependentFit Dependent(IModelFit fit) => fit as DependentFit ?? throw Inquiry.Undefined(BiasQuestion.All, "independent effects and multilevel models (--model multilevel), whose sampling covariance it needs");
}
