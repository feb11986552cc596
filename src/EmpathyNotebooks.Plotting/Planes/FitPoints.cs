using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a point of a plot is, for fits that know which effects share a sample.</summary>
public enum PlotPoints
{
    /// <summary>Each effect, the default. Effects of one sample are then several points that are not independent of each other.</summary>
    Effects,

    /// <summary>
    /// The mean of each cluster's effects, weighted by the inverse of the covariance that the fit takes them to have (<see cref="ClusterAverages.ClusterMeans"/>), with the sampling variance of
    /// that mean: independent points, one a sample.
    /// </summary>
    Clusters,
}

/// <summary>One point: a study, an effect or the mean of a cluster, on the scale that is pooled.</summary>
internal sealed record FitPoint
{
    /// <summary>The row of the effect, or the place of the cluster.</summary>
    public required int Index { get; init; }
    public required string Label { get; init; }
    public required double Effect { get; init; }

    /// <summary>The sampling variance.</summary>
    public required double Variance { get; init; }

    /// <summary>The variance in the model, with that of true effects.</summary>
    public required double Total { get; init; }

    /// <summary>What the model expects.</summary>
    public required double Expected { get; init; }
    public required double Weight { get; init; }

    /// <summary>The sample size, of a cluster the largest of its effects; null where not known.</summary>
    public int? SampleSize { get; init; }
    public double StandardError => Math.Sqrt(Variance);
    public double Residual => Effect - Expected;
}

/// <summary>The points of a fit with the words for what they are, whatever the kind of fit.</summary>
internal sealed class FitPoints
{
    private readonly EffectClusters? _clusters;

    /// <exception cref="ArgumentException">Means of clusters are asked of a fit that takes effects as independent.</exception>
    public FitPoints(IModelFit fit, PlotPoints kind = PlotPoints.Effects)
    {
        ArgumentNullException.ThrowIfNull(fit);
        Fit = fit;
        Effects = fit.Effects;
        Texts = new StudyTexts(Effects, fit.ConfidenceLevel);
        Words = new FitWords(fit);
        _clusters = FitWords.ClustersOf(fit);
        if (kind == PlotPoints.Clusters && _clusters is null)
        {
            throw new ArgumentException("PlotPoints.Clusters needs a fit that knows which effects share a sample; this one takes each as a sample of its own.", nameof(fit));
        }
        IsClusters = kind == PlotPoints.Clusters;
        var (weights, fitted, variances) = (fit.Weights, fit.FittedValues, fit.TrueEffectVariances);
        Points = IsClusters
            ? [.. fit.ClusterMeans().Select((m, i) => new FitPoint
            {
                Index = i, Label = m.Cluster, Effect = m.Estimate, Variance = m.SamplingVariance, Total = m.Variance, Expected = m.Expected, Weight = m.Weight,
                SampleSize = Effects.HasSampleSizes ? m.Rows.Max(r => Effects.SampleSizes[r]) : null,
            })]
            : [.. Enumerable.Range(0, fit.Count).Select(i => new FitPoint
            {
                Index = i, Label = Effects.Labels[i], Effect = Effects.Effects[i], Variance = Effects.Variances[i], Total = Effects.Variances[i] + variances[i], Expected = fitted[i], Weight = weights[i],
                SampleSize = Effects.HasSampleSizes ? Effects.SampleSizes[i] : null,
            })];
    }

    public IModelFit Fit { get; }

    public StudyEffects Effects { get; }

    public StudyTexts Texts { get; }

    public FitWords Words { get; }

    public ImmutableArray<FitPoint> Points { get; }

    public int Count => Points.Length;

    /// <summary>True where points are means of clusters.</summary>
    public bool IsClusters { get; }

    /// <summary>True where points are effects of which some share a sample.</summary>
    public bool IsDependent => _clusters is not null && !IsClusters;

    /// <summary>What there is, in full: <c>16 studies</c>, <c>113 effects in 17 studies</c>, <c>17 studies (means of 113 effects)</c>.</summary>
    public string Counted => IsClusters ? Words.CountedMeans : Words.Counted;

    /// <summary>So many of the points: <c>16 studies</c>, <c>113 effects</c>.</summary>
    public string Of(int count) => $"{StatisticText.Count(count)} {Noun(count)}";

    /// <summary>What the points are.</summary>
    public string Noun(int count) => IsClusters ? Words.Clusters(count) : Words.Effects(count);

    /// <summary>The mean effect with its interval: <c>r = .15, 95% CI [.08, .22]</c>; null with moderators.</summary>
    public string? Pooled => Fit.Mean is { } mean ? Texts.Pooled(mean) : null;

    /// <summary>The interval of the mean effect; null with moderators, and where the data say nothing of its uncertainty.</summary>
    public ConfidenceInterval? Interval => Fit.Mean is { HasStandardError: true } mean ? mean.ConfidenceInterval : null;

    /// <summary>What a careful reader should know about points that share samples.</summary>
    public IEnumerable<string> DependenceNotes(string consequence, bool offersMeans = true) => IsDependent && _clusters!.Count < Fit.Count
        ? [$"Effects of one {Words.Clusters(1)} are not independent points: {consequence}" + (offersMeans ? $" With PlotPoints.Clusters each {Words.Clusters(1)} is one point." : "")] : [];

    /// <summary>The interval of a point by its sampling error.</summary>
    public ConfidenceInterval IntervalOf(FitPoint point) => new EffectSize(point.Effect, point.Variance, Effects.Measure).Interval(Fit.ConfidenceLevel);

    /// <summary>The effect of a point as the reader knows it.</summary>
    public string ShownOf(FitPoint point) => IsClusters ? Texts.Shown(point.Effect) : Texts.ShownOf(point.Index);

    /// <summary>Everything known of a point, what the plot is about first, and what the point is.</summary>
    public ImmutableArray<PlotDetail> Details(FitPoint point, params IEnumerable<PlotDetail> first)
    {
        if (!IsClusters)
        {
            var details = Texts.Details(point.Index, point.Weight, first);
            if (Fit is LocationScaleFit { Scale: not null }) details = details.Insert(first.Count(), new PlotDetail("τ² at its moderators", StatisticText.Significant(Fit.TrueEffectVariances[point.Index], 3)));
            if (_clusters is null) return details;
            var rows = _clusters.Rows(_clusters.Groups[point.Index]);
            return [new PlotDetail("", $"Effect {StatisticText.Count(rows.IndexOf(point.Index) + 1)} of {StatisticText.Count(rows.Length)} of {_clusters.Names[_clusters.Groups[point.Index]]}"), .. details];
        }
        var members = _clusters!.Rows(point.Index);
        var interval = IntervalOf(point);
        List<PlotDetail> all =
        [
            new("", members.Length == 1 ? $"{_clusters.Column}: one effect" : $"{_clusters.Column}: mean of {StatisticText.Count(members.Length, "effect")}"), .. first,
            new($"{Texts.Measure.Symbol} [{Texts.Level} CI]", $"{Texts.Shown(point.Effect)} {Texts.Shown(interval)}"),
        ];
        if (Effects.HasSampleSizes) all.Add(new(members.Length == 1 ? "n" : "largest n", StatisticText.Count(members.Max(i => Effects.SampleSizes[i]))));
        all.Add(new("weight", StatisticText.Percent(point.Weight)));
        if (Texts.Measure.IsTransformed) all.Add(new(Texts.Measure.AnalysisSymbol, StatisticText.Number(point.Effect, 4)));
        all.Add(new("variance v", StatisticText.Significant(point.Variance)));
        all.AddRange(Effects.Columns.Where(c => c.Name != _clusters.Column).Select(c => new PlotDetail(c.Name, Values(c, members))));
        return [.. all.DistinctBy(d => (d.Name, d.Name.Length == 0 ? d.Value : ""))];
    }

    private static string Values(StudyColumn column, ImmutableArray<int> rows)
    {
        string[] values = [.. rows.Select(i => ForestTexts.Value(column, i)).Distinct()];
        return string.Join(", ", values.Take(4)) + (values.Length > 4 ? FormattableString.Invariant($" and {values.Length - 4} more") : "");
    }
}
