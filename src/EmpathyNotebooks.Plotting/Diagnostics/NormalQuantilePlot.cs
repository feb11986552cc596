using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a normal Q-Q plot.</summary>
public sealed record NormalQuantilePlotOptions : PlotOptions
{
    /// <summary>What a point is where effects share samples: each effect, or the mean of each cluster.</summary>
    public PlotPoints Points { get; init; }

    /// <summary>The share of samples of a normal distribution whose point of each rank lies in the envelope; 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double EnvelopeLevel
    {
        get;
        init => field = value is > 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(EnvelopeLevel), value, "A level lies between 0 and 1, both excluded; 0.95 is usual.");
    } = 0.95;
}

/// <summary>A normal Q-Q plot as plain numbers and texts.</summary>
public sealed record NormalQuantilePlotModel : PlotModel
{
    /// <summary>Quantiles of the standard normal distribution.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Residuals.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies, effects or means of clusters from the smallest to the largest residual.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The lower border of the envelope at each point.</summary>
    public required ImmutableArray<PlotPoint> Lower { get; init; }

    /// <summary>The upper border.</summary>
    public required ImmutableArray<PlotPoint> Upper { get; init; }

    /// <summary>How many points lie outside the envelope.</summary>
    public required int Outside { get; init; }
}

/// <summary>
/// The studentized or standardized residuals of a fit against normal quantiles, with a pointwise envelope: the i-th smallest of k independent standard
/// normal values lies between the quantiles of Beta(i, k + 1 - i), so that no random numbers are needed (Viechtbauer &amp; Cheung 2010 use the plot;
/// David &amp; Nagaraja 2003, Order Statistics, ch. 2). When not to use it: as a test; the envelope takes residuals as independent, and with many studies some
/// points lie outside by chance.
/// </summary>
public sealed class NormalQuantilePlot : Plot<NormalQuantilePlotModel>
{
    private NormalQuantilePlot(NormalQuantilePlotModel model)
        : base(model)
    {
    }

    /// <summary>
    /// Lays out the plot of a fit. Residuals of pooled models and meta-regressions are externally studentized; those of models with dependent effects and of location-scale models
    /// internally standardized (<see cref="IModelFit.EffectResiduals"/>), since leaving out one effect of a sample leaves its others in.
    /// </summary>
    /// <param name="fit">A fit of any kind that defines standard errors of residuals.</param>
    /// <param name="options">Points and level of the envelope; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The fit defines no standard errors of residuals: robust variance estimation, weights of one's own in a model of dependent effects; or means of
    /// clusters are asked of a fit that takes effects as independent.</exception>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model without one, or no residual is determined.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var plot = NormalQuantilePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static NormalQuantilePlot Create(IModelFit fit, NormalQuantilePlotOptions? options = null)
    {
        options ??= new NormalQuantilePlotOptions();
        var points = new FitPoints(fit, options.Points);
        var (effects, texts) = (fit.Effects, points.Texts);
        var (kind, residuals) = Residuals(points);
        (FitPoint Point, double Residual)[] rows = [.. points.Points.Zip(residuals).Where(r => r.Second is not null).Select(r => (r.First, r.Second!.Value)).OrderBy(r => r.Value)];
        var k = rows.Length;
        if (k == 0) throw new InsufficientStudiesException("A Q-Q plot of residuals that are determined", 1, 0);
        // R's ppoints().
        var shift = k <= 10 ? 3.0 / 8 : 0.5;
        double[] expected = [.. Enumerable.Range(1, k).Select(i => Normal.InvCDF(0, 1, (i - shift) / (k + 1 - 2 * shift)))];
        var tail = (1 - options.EnvelopeLevel) / 2;
        PlotPoint[] lower = [.. expected.Select((x, i) => new PlotPoint(x, OrderQuantile(i + 1, k, tail)))];
        PlotPoint[] upper = [.. lower.Reverse().Select(p => new PlotPoint(-p.X, -p.Y))];
        StudyPoint[] studies = [.. rows.Select((row, i) => new StudyPoint
        {
            Study = row.Point.Index,
            Label = row.Point.Label,
            X = expected[i],
            Y = row.Residual,
            IsNamed = row.Residual < lower[i].Y || row.Residual > upper[i].Y,
            Details = points.Details(row.Point, new PlotDetail($"{kind} residual", StatisticText.Number(row.Residual)), new PlotDetail("expected", StatisticText.Number(expected[i]))),
        })];
        var outside = studies.Count(s => s.IsNamed);
        var far = expected[^1] == 0 ? 1 : 1.12 * expected[^1];
        double[] heights = [.. studies.Select(s => s.Y), lower[0].Y, upper[^1].Y];
        var room = 0.04 * (heights.Max() - heights.Min());
        var envelope = StatisticText.Level(options.EnvelopeLevel);
        var extreme = rows.MaxBy(r => Math.Abs(r.Residual));
        var all = k == points.Count ? points.Counted : points.Of(k);
        return new NormalQuantilePlot(new NormalQuantilePlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Normal Q-Q plot of the {kind} residuals of {all}; {StatisticText.Count(outside)} "
                + $"{(outside == 1 ? "lies" : "lie")} outside the pointwise {envelope} envelope. The largest is that of {extreme.Point.Label}, "
                + $"{StatisticText.Number(extreme.Residual)}."),
            Origin = effects.Origin,
            XAxis = new PlotAxis("Normal quantile", -far, far, true),
            YAxis = new PlotAxis(char.ToUpperInvariant(kind[0]) + kind[1..] + " residual", heights.Min() - room, heights.Max() + room, true),
            Studies = [.. studies],
            Lower = [.. lower],
            Upper = [.. upper],
            Outside = outside,
            Summary = [$"Line: what a normal distribution would give. Band: where {envelope} of draws from it have their point of that rank; "
                + $"{StatisticText.Count(outside)} of {StatisticText.Count(k)} {(outside == 1 ? "lies" : "lie")} outside.",
                .. points.IsClusters || points.IsDependent ? [$"Points: {points.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. points.DependenceNotes("the envelope, which takes points as independent, is too narrow for them."),
                .. points.Points.Zip(residuals).Where(r => r.Second is null).Select(r => $"{r.First.Label} is not drawn: its {kind} residual is not determined.")],
        });
    }

    /// <summary>What kind of residuals a fit has, and one for each point; null where not determined.</summary>
    private static (string Kind, IEnumerable<double?> Residuals) Residuals(FitPoints points)
    {
        const string Standardized = "standardized";
        return points.Fit switch
        {
            PooledFit pooled => ("studentized", pooled.Influence().Rows.Select(r => r.StudentizedResidual)),
            MetaRegressionFit regression => ("studentized", regression.Influence().Rows.Select(r => r.StudentizedResidual)),
            { } fit when fit.EffectResiduals() is { } known => (Standardized, points.IsClusters ? fit.ClusterMeans().Select(m => m.Standardized) : known.Select(r => r.Standardized)),
            { } fit => throw new ArgumentException($"A Q-Q plot needs standard errors of residuals, which this {fit.MethodCode} model does not define: it has "
                + (fit is RobustVarianceFit ? "robust inference alone" : "weights of its own") + ".", nameof(points)),
        };
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var largest = StudyMarks.Largest(Model.Studies.Length) * 0.6;
        PlotPoint[] border = [.. Model.Lower, .. Model.Upper.Reverse()];
        var (from, to) = (Math.Max(Model.XAxis.Minimum, Model.YAxis.Minimum), Math.Min(Model.XAxis.Maximum, Model.YAxis.Maximum));
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Traces =
            [
                new Scatter
                {
                    Name = "envelope", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[2], LineColor = Theme.Fills[2], LineWidth = 1, ClipOnAxis = true,
                    X = [.. border.Select(p => (double?)p.X)], Y = [.. border.Select(p => (double?)p.Y)],
                },
                StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.85),
            ],
            Lines = from < to ? [new FigureLine("x", from, to, "y", from, to, Theme.Muted, 1.4)] : [],
            Labels = StudyMarks.Labels(Model.Studies.Where(s => s.IsNamed).OrderByDescending(s => Math.Abs(s.Y)).Take(8), largest),
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 420,
        });
    }

    /// <summary>The quantile of the i-th smallest of k independent standard normal values.</summary>
    private static double OrderQuantile(int i, int k, double probability) => Normal.InvCDF(0, 1, Beta.InvCDF(i, k + 1 - i, probability));
}
