using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a Baujat plot.</summary>
public sealed record BaujatPlotOptions : PlotOptions
{
    /// <summary>How many studies are named at most, those furthest out first; 6 by default.</summary>
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

    /// <summary>The studies in the order of the data; one whose influence is not determined is named in the notes instead.</summary>
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
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many studies are named; the defaults if not said.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model without one.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = BaujatPlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static BaujatPlot Create(PooledFit fit, BaujatPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Weights, fit.Baujat(), fit.Warnings, "pooled effect", options);
    }

    /// <inheritdoc cref="Create(PooledFit, BaujatPlotOptions?)"/>
    public static BaujatPlot Create(MetaRegressionFit fit, BaujatPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Effects, fit.ConfidenceLevel, fit.Weights, fit.Baujat(), fit.Warnings, "fitted value", options);
    }

    private static BaujatPlot Create(StudyEffects effects, double level, ImmutableArray<double> weights, ImmutableArray<BaujatPoint> points,
        ImmutableArray<string> warnings, string result, BaujatPlotOptions? options)
    {
        options ??= new BaujatPlotOptions();
        var texts = new StudyTexts(effects, level);
        BaujatPoint[] known = [.. points.Where(p => p.Influence is not null)];
        var right = known.Select(p => p.HeterogeneityContribution).DefaultIfEmpty(0).Max();
        var top = known.Select(p => p.Influence!.Value).DefaultIfEmpty(0).Max();
        // How far out a study lies, each axis in units of its largest value.
        double Out(BaujatPoint p) => Math.Max(Share(p.HeterogeneityContribution, right), Share(p.Influence!.Value, top));
        int[] furthest = [.. known.OrderByDescending(Out).Take(options.Named).Select(p => p.Index)];
        var studies = known.Select(p => new StudyPoint
        {
            Study = p.Index,
            Label = p.Label,
            X = p.HeterogeneityContribution,
            Y = p.Influence!.Value,
            IsNamed = furthest.Contains(p.Index),
            Details = texts.Details(p.Index, weights[p.Index],
                new PlotDetail("contribution to heterogeneity", StatisticText.Number(p.HeterogeneityContribution)),
                new PlotDetail($"influence on the {result}", StatisticText.Number(p.Influence.Value, 3))),
        }).ToArray();
        // Names go to the studies furthest out first.
        studies = [.. studies.OrderBy(s => Array.IndexOf(furthest, s.Study) is var at && at < 0 ? int.MaxValue : at)];
        var most = known.Length == 0 ? default : known.MaxBy(p => p.HeterogeneityContribution);
        var mover = known.Length == 0 ? default : known.MaxBy(p => p.Influence);
        var finding = known.Length == 0 ? "Baujat plot: the influence of no study is determined."
            : $"Baujat plot of {StudyTexts.Studies(known.Length)}. {most.Label} contributes most to heterogeneity ({StatisticText.Number(most.HeterogeneityContribution)}); "
                + (mover.Index == most.Index ? "it also moves" : $"{mover.Label} moves") + $" the {result} most ({StatisticText.Number(mover.Influence!.Value, 3)}).";
        return new BaujatPlot(new BaujatPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            XAxis = new PlotAxis("Contribution to heterogeneity", -0.03 * Positive(right), 1.06 * Positive(right), true),
            YAxis = new PlotAxis($"Influence on the {result}", -0.04 * Positive(top), 1.08 * Positive(top), true),
            Studies = [.. studies],
            Notes = [.. warnings, .. points.Where(p => p.Influence is null)
                .Select(p => $"{p.Label} is not drawn: without it the coefficients are not determined, so that its influence is not known.")],
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
