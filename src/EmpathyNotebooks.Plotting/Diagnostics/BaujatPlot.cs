using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a Baujat plot.</summary>
public sealed record BaujatPlotOptions : PlotOptions
{
    /// <summary>What is left out: each effect, or all effects of each cluster. If not said, the clusters of a fit that has some, since the other effects of a sample stand in for one that is gone.</summary>
    public PlotPoints? Points { get; init; }

    /// <summary>How many points are named at most, those furthest out first; 6 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int Named
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Named), value, "At least no study is named.");
    } = 6;
}

/// <summary>A Baujat plot as plain numbers and texts.</summary>
public sealed record BaujatPlotModel : PlotModel
{
    /// <summary>The contribution to heterogeneity.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The influence on the result.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or clusters, those named first; one whose influence is not determined is named in the notes instead.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }
}

/// <summary>
/// Which studies make the heterogeneity (to the right) and which move the result (upwards); Baujat et al. (2002), Statistics in Medicine 21, 2641-2652.
/// Studies at the upper right deserve a look.
/// </summary>
public sealed class BaujatPlot : Plot<BaujatPlotModel>
{
    private BaujatPlot(BaujatPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a fit.</summary>
    /// <param name="fit">A fit of any kind but robust variance estimation.</param>
    /// <param name="options">What is left out, how many are named; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The fit is by robust variance estimation, whose weights are working ones, so that none contributes to heterogeneity; or clusters are to be left out of
    /// a fit that has none.</exception>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model, whichever is left out.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = BaujatPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static BaujatPlot Create(IModelFit fit, BaujatPlotOptions? options = null)
    {
        options ??= new BaujatPlotOptions();
        var all = RefitRows.Points(fit, options.Points);
        if (fit is RobustVarianceFit) throw new ArgumentException("A Baujat plot needs a model of how effects vary; the weights of robust variance estimation are working ones. InfluencePlot shows what each cluster does.", nameof(fit));
        var texts = all.Texts;
        var result = fit.Mean is null ? "fitted value" : "pooled effect";
        var points = fit.Baujat(all.IsClusters ? EffectClusters.OfFit : null);
        if (points.Length < 2) throw new InsufficientStudiesException($"Leaving one {all.Noun(1)} out", 2, points.Length);
        (FitBaujatPoint Point, int Index, double X, double Y)[] known = [.. points.Index().Where(p => p.Item is { Influence: not null, HeterogeneityContribution: not null })
            .Select(p => (p.Item, p.Index, p.Item.HeterogeneityContribution!.Value, p.Item.Influence!.Value))];
        var right = known.Select(p => p.X).DefaultIfEmpty(0).Max();
        var top = known.Select(p => p.Y).DefaultIfEmpty(0).Max();
        // How far out a point lies, each axis in units of its largest value.
        int[] furthest = [.. known.OrderByDescending(p => Math.Max(Share(p.X, right), Share(p.Y, top))).Take(options.Named).Select(p => p.Index)];
        var studies = known.Select(p => new StudyPoint
        {
            Study = p.Index,
            Label = p.Point.Name,
            X = p.X,
            Y = p.Y,
            IsNamed = furthest.Contains(p.Index),
            Details = all.Details(all.Points[p.Index], new PlotDetail("contribution to heterogeneity", StatisticText.Number(p.X)),
                new PlotDetail($"influence on the {result}", StatisticText.Number(p.Y, 3))),
        }).ToArray();
        // Names go to the points furthest out first.
        studies = [.. studies.OrderBy(s => Array.IndexOf(furthest, s.Study) is var at && at < 0 ? int.MaxValue : at)];
        var most = known.Length == 0 ? default : known.MaxBy(p => p.X);
        var mover = known.Length == 0 ? default : known.MaxBy(p => p.Y);
        var finding = known.Length == 0 ? $"Baujat plot: the influence of no {all.Noun(1)} is determined."
            : $"Baujat plot of {(known.Length == all.Count ? all.Counted.Replace(" (means of", " (with", StringComparison.Ordinal) : all.Of(known.Length))}. {most.Point.Name} contributes most to heterogeneity ({StatisticText.Number(most.X)}); "
                + (mover.Index == most.Index ? "it also moves" : $"{mover.Point.Name} moves") + $" the {result} most ({StatisticText.Number(mover.Y, 3)}).";
        return new BaujatPlot(new BaujatPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = fit.Effects.Origin,
            XAxis = new PlotAxis("Contribution to heterogeneity", -0.03 * Positive(right), 1.06 * Positive(right), true),
            YAxis = new PlotAxis($"Influence on the {result}", -0.04 * Positive(top), 1.08 * Positive(top), true),
            Studies = [.. studies],
            Summary = all.IsClusters ? [$"Points: {all.Of(all.Count)} with {StatisticText.Count(fit.Count, "effect")}; under the model a contribution is about the number of effects."]
                : all.IsDependent ? [$"Points: {all.Counted}."] : [],
            Notes = [.. fit.Warnings, .. points.Where(p => p.Influence is null || p.HeterogeneityContribution is null)
                .Select(p => $"{p.Name} is not drawn: {p.Absence ?? "its contribution is not determined."}")],
        });

        static double Share(double value, double largest) => largest > 0 ? value / largest : 0;
        static double Positive(double value) => value > 0 ? value : 1;
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.7;
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Traces = [StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85)],
            Labels = StudyMarks.Labels(Model.Studies, largest),
            Summary = Model.Summary,
            Remarks = Model.Notes,
        });
    }
}
