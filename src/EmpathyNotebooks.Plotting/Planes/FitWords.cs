using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Where true effects would lie, and of what.</summary>
/// <param name="Of">What is predicted: <c>a new study</c>, <c>the mean of a new sample</c>, <c>a new effect</c>.</param>
/// <param name="Interval">On the scale that is pooled.</param>
/// <param name="Spread">The standard deviation it comes from, √(SE² + σ²); null where the standard error is 0 and does not tell it.</param>
internal readonly record struct PredictedRange(string Of, ConfidenceInterval Interval, double? Spread)
{
    /// <summary>What lies there: <c>true effect of a new study</c>, <c>mean of a new sample</c>, <c>new true effect</c>.</summary>
    public string What => Of switch
    {
        "a new effect" => "new true effect",
        _ when Of.StartsWith("the ", StringComparison.Ordinal) => Of["the ".Length..],
        _ => $"true effect of {Of}",
    };
}

/// <summary>The words for what a fit is made of: studies, or effects in clusters.</summary>
internal sealed class FitWords(IModelFit fit)
{
    private static readonly Dictionary<string, string> Plurals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["study"] = "studies", ["sample"] = "samples", ["trial"] = "trials", ["paper"] = "papers", ["article"] = "articles", ["experiment"] = "experiments", ["cohort"] = "cohorts",
        ["publication"] = "publications", ["report"] = "reports", ["lab"] = "labs", ["laboratory"] = "laboratories", ["author"] = "authors", ["district"] = "districts", ["school"] = "schools",
        ["group"] = "groups", ["cluster"] = "clusters", ["species"] = "species", ["country"] = "countries", ["site"] = "sites", ["dataset"] = "datasets",
    };

    private readonly EffectClusters? _clusters = ClustersOf(fit);

    /// <summary>True where effects share samples.</summary>
    public bool IsClustered => _clusters is not null;

    /// <summary>What there is: <c>16 studies</c>, <c>113 effects in 17 studies</c>.</summary>
    public string Counted => _clusters is null ? StudyTexts.Studies(fit.Count)
        : $"{StatisticText.Count(fit.Count)} {Effects(fit.Count)} in {StatisticText.Count(_clusters.Count)} {Clusters(_clusters.Count)}";

    /// <summary>The means of clusters: <c>17 studies (means of 113 effects)</c>.</summary>
    public string CountedMeans => $"{StatisticText.Count(_clusters!.Count)} {Clusters(_clusters.Count)} (means of {StatisticText.Count(fit.Count, "effect")})";

    /// <summary>The same in short, for brackets: <c>k = 16</c>, <c>k = 113 in 17 studies</c>.</summary>
    public string Short => $"k = {StatisticText.Count(fit.Count)}" + (_clusters is null ? "" : $" in {StatisticText.Count(_clusters.Count)} {Clusters(_clusters.Count)}");

    /// <summary>How many some rows are: <c>5</c>, <c>12 in 5 studies</c>.</summary>
    public string CountedIn(IReadOnlyCollection<int> rows)
    {
        if (_clusters is null) return StatisticText.Count(rows.Count);
        var count = rows.Select(i => _clusters.Groups[i]).Distinct().Count();
        return $"{StatisticText.Count(rows.Count)} in {StatisticText.Count(count)} {Clusters(count)}";
    }

    /// <summary>The clusters of a fit; null where each effect is taken as a sample of its own.</summary>
    public static EffectClusters? ClustersOf(IModelFit fit) => fit.Clusters is { } clusters && clusters.Column != MultilevelModel.EachEffect ? clusters : null;

    /// <summary>What the rows of the fit are.</summary>
    public string Effects(int count) => _clusters is null ? (count == 1 ? "study" : "studies") : count == 1 ? "effect" : "effects";

    /// <summary>What its clusters are, after their column.</summary>
    public string Clusters(int count)
    {
        var column = _clusters!.Column;
        if (!Plurals.TryGetValue(column, out var plural)) return $"{(count == 1 ? "group" : "groups")} of {column}";
        return count == 1 ? column : char.IsUpper(column[0]) ? char.ToUpperInvariant(plural[0]) + plural[1..] : plural;
    }

    /// <summary>
    /// Where new true effects would lie: where effects differ within clusters both the mean of a new cluster, around which they do, and a new effect. Empty for a model without tau².
    /// </summary>
    public IReadOnlyList<PredictedRange> Predictions(ModeratorValues? values = null)
    {
        if (fit.PredictNew(NewTrueEffect.Effect, values) is not { PredictionInterval: { } interval } effect) return [];
        if (_clusters is null) return [Range("a new study", effect, interval)];
        var isWhole = fit is MultilevelFit { VarianceComponents.Length: 1 } or RobustVarianceFit { OmegaSquared: null };
        if (isWhole) return [Range($"a new {Clusters(1)}", effect, interval)];
        return fit.PredictNew(NewTrueEffect.StudyMean, values) is { PredictionInterval: { } ofMean } mean
            ? [Range($"the mean of a new {Clusters(1)}", mean, ofMean), Range("a new effect", effect, interval)] : [Range("a new effect", effect, interval)];
    }

    /// <summary>The interval with its standard deviation, which is as much wider than the standard error as it is than the confidence interval.</summary>
    private static PredictedRange Range(string of, Prediction prediction, ConfidenceInterval interval)
    {
        var certain = prediction.ConfidenceInterval.Upper - prediction.ConfidenceInterval.Lower;
        return new(of, interval, certain > 0 ? prediction.StandardError * (interval.Upper - interval.Lower) / certain : null);
    }
}
