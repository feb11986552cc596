using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a z-curve plot.</summary>
public sealed record ZCurvePlotOptions : PlotOptions
{
    /// <summary>Where z values come from; nothing is claimed if not said. Effects, and a curve of them, say it themselves.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;
}

/// <summary>A bar of the histogram of |z|.</summary>
/// <param name="From">Its left edge.</param>
/// <param name="To">Its right edge.</param>
/// <param name="Count">How many results it holds.</param>
/// <param name="Density">Its height: the count over its width and the number of results that the curve is fitted to.</param>
/// <param name="IsSignificant">True where its results are significant.</param>
public sealed record ZCurveBar(double From, double To, int Count, double Density, bool IsSignificant);

/// <summary>A z-curve plot as plain numbers and texts.</summary>
public sealed record ZCurvePlotModel : PlotModel
{
    /// <summary>The curve.</summary>
    public required ZCurve Curve { get; init; }

    /// <summary>|z| from 0 to 6.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Densities; the significant results below 6 have an area of 1.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The |z| from which results are significant.</summary>
    public required double Critical { get; init; }

    /// <summary>The bars from left to right.</summary>
    public required ImmutableArray<ZCurveBar> Bars { get; init; }

    /// <summary>The fitted density of the significant results below 6.</summary>
    public required ImmutableArray<PlotPoint> Fitted { get; init; }

    /// <summary>The same mixture where results are not significant: as many as would have been found if all studies done had been published.</summary>
    public required ImmutableArray<PlotPoint> Expected { get; init; }

    /// <summary>How many results lie at 6 or beyond and are not drawn.</summary>
    public required int Beyond { get; init; }
}

/// <summary>
/// The z-curve: a histogram of |z| with the density fitted to the significant results, and where it would go on among those that are not (Bartoš &amp; Schimmack 2022, Meta-Psychology 6, MP.2021.2720). Where the bars
/// left of the line of significance fall short of the dashed curve, results are missing there. When not to use it: with fewer than a hundred or so significant results, or dependent ones; the curve left of
/// significance is an extrapolation.
/// </summary>
public sealed class ZCurvePlot : Plot<ZCurvePlotModel>
{
    private const double End = 6;
    private const int Steps = 120;

    private ZCurvePlot(ZCurvePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the z-curve of effects.</summary>
    /// <param name="effects">The effects that the curve was fitted to.</param>
    /// <param name="curve">The curve, <c>ZCurve.Fit(effects)</c>.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The curve is of other results.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([.. Enumerable.Range(0, 30).Select(i =&gt; 0.2 + 0.01 * i)], [.. Enumerable.Repeat(0.01, 30)], EffectMeasure.FisherZ);
    /// var plot = ZCurvePlot.Create(effects, ZCurve.Fit(effects));
    /// </code></example>
    public static ZCurvePlot Create(StudyEffects effects, ZCurve curve, ZCurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        return Create([.. effects.Effects.Zip(effects.Variances, (y, v) => y / Math.Sqrt(v))], curve, (options ?? new ZCurvePlotOptions()) with { Origin = effects.Origin });
    }

    /// <summary>Lays out the z-curve of z values.</summary>
    /// <param name="z">The z values that the curve was fitted to; signs are dropped.</param>
    /// <param name="curve">The curve, <c>ZCurve.Fit(z)</c>.</param>
    /// <param name="options">Title and origin; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The curve is of other results.</exception>
    public static ZCurvePlot Create(IReadOnlyList<double> z, ZCurve curve, ZCurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(z);
        ArgumentNullException.ThrowIfNull(curve);
        double[] absolute = [.. z.Select(Math.Abs)];
        var critical = -Normal.InvCDF(0, 1, curve.Options.Alpha / 2);
        var significant = absolute.Where(value => value > critical).ToArray();
        if (absolute.Length != curve.Count || significant.Count(value => value < End) != curve.FittedCount)
        {
            throw new ArgumentException($"The curve is of {StatisticText.Count(curve.Count)} results, {StatisticText.Count(curve.FittedCount)} of them significant with |z| below 6; these are {StatisticText.Count(absolute.Length)} with {StatisticText.Count(significant.Count(value => value < End))}: give the results it was fitted to.", nameof(z));
        }
        return new ZCurvePlot(Build(absolute, critical, curve, options ?? new ZCurvePlotOptions()));
    }

    private static ZCurvePlotModel Build(double[] z, double critical, ZCurve curve, ZCurvePlotOptions options)
    {
        var bars = Bars(z, critical, curve.FittedCount);
        ImmutableArray<PlotPoint> fitted = [.. Places(critical, End).Select(x => new PlotPoint(x, Mixture(curve, critical, x)))];
        ImmutableArray<PlotPoint> expected = [.. Places(0, critical).Select(x => new PlotPoint(x, Mixture(curve, critical, x)))];
        var highest = bars.Select(b => b.Density).Concat(fitted.Select(p => p.Y)).Max();
        // The extrapolated curve may rise far above all that was seen.
        var top = 1.06 * Math.Max(highest, Math.Min(expected.Max(p => p.Y), 2 * highest));
        var beyond = curve.SignificantCount - curve.FittedCount;
        var (err, edr) = (Rate("ERR", curve.ExpectedReplicationRate, curve.ReplicationInterval), Rate("EDR", curve.ExpectedDiscoveryRate, curve.DiscoveryInterval));
        var odr = $"observed discovery rate {StatisticText.Percent(curve.ObservedDiscoveryRate, 0)}";
        var counts = $"{StatisticText.Count(curve.SignificantCount)} significant of {StatisticText.Count(curve.Count)} results";
        var selection = curve.DiscoveryInterval is not { } interval ? "" : curve.ObservedDiscoveryRate > interval.Upper ? " More were discovered than the interval of EDR allows: a sign of selection."
            : " The observed rate lies within the interval of EDR: no clear sign of selection.";
        if (curve.DiscoveryInterval is { } low && curve.ObservedDiscoveryRate < low.Lower) selection = " Fewer were discovered than the interval of EDR allows: the results that are not significant are not those the curve expects.";
        var finding = $"z-curve of {counts}: {err}; {edr}; {odr}.{selection}";
        var origin = options.Origin == DataOrigin.Own ? curve.Origin : options.Origin;
        return new ZCurvePlotModel
        {
            Title = options.Title,
            Finding = origin.IsSimulated ? $"{origin.Label}. {finding}" : finding,
            Origin = origin,
            Summary =
            [
                $"{char.ToUpperInvariant(counts[0])}{counts[1..]}{(beyond == 0 ? "" : $"; {StatisticText.Count(beyond)} with |z| of 6 or more {(beyond == 1 ? "is" : "are")} not drawn")}. Dotted: p = {SelectionWeightPlot.PText(curve.Options.Alpha)}.",
                $"Expected replication rate {err[4..]}.", $"Expected discovery rate {edr[4..]}; {odr}.{selection}",
            ],
            Notes = [.. curve.Warnings, .. expected.Max(p => p.Y) > top ? [$"Left of significance the fitted curve rises beyond the axis, to {StatisticText.Significant(expected.Max(p => p.Y), 2)}."] : ImmutableArray<string>.Empty],
            Curve = curve,
            XAxis = new PlotAxis("|z|", 0, End, true),
            YAxis = new PlotAxis("Density", 0, top, true),
            Critical = critical,
            Bars = bars,
            Fitted = fitted,
            Expected = expected,
            Beyond = beyond,
        };

        static IEnumerable<double> Places(double from, double to) => Enumerable.Range(0, Steps + 1).Select(i => from + (to - from) * i / Steps);

        static string Rate(string name, double rate, ConfidenceInterval? interval) =>
            $"{name} {StatisticText.Percent(rate, 0)}" + (interval is { } i ? $", {StatisticText.Level(i.Level)} CI [{StatisticText.Percent(i.Lower, 0)}, {StatisticText.Percent(i.Upper, 0)}]" : "");
    }

    /// <summary>Bars of one width, of which an edge is significance; only that at 0 is narrower.</summary>
    private static ImmutableArray<ZCurveBar> Bars(double[] z, double critical, int fitted)
    {
        var right = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(fitted)), 6, 24);
        var width = (End - critical) / right;
        var left = (int)Math.Ceiling(critical / width - 1e-9);
        var bars = ImmutableArray.CreateBuilder<ZCurveBar>();
        for (var i = -left; i < right; i++)
        {
            var (from, to) = (Math.Max(0, critical + i * width), i == right - 1 ? End : i == -1 ? critical : critical + (i + 1) * width);
            // As the method has it, a result at significance is not beyond it.
            var count = i < 0 ? z.Count(value => (value > from || from == 0) && value <= to) : z.Count(value => value > (i == 0 ? critical : from) && (value <= to && value < End));
            bars.Add(new ZCurveBar(from, to, count, count / ((to - from) * fitted), i >= 0));
        }
        return bars.ToImmutable();
    }

    /// <summary>The mixture of folded normal components around 0, 1, ... 6, each with an area of 1 between significance and 6.</summary>
    internal static double Mixture(ZCurve curve, double critical, double z)
    {
        double sum = 0;
        for (var mean = 0; mean < curve.Weights.Length; mean++)
        {
            var area = Normal.CDF(0, 1, End - mean) - Normal.CDF(0, 1, critical - mean) + Normal.CDF(0, 1, -critical - mean) - Normal.CDF(0, 1, -End - mean);
            sum += curve.Weights[mean] * (Normal.PDF(0, 1, z - mean) + Normal.PDF(0, 1, z + mean)) / area;
        }
        return sum;
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        ImmutableArray<Scatter> traces =
        [
            .. Bars("significant", true, Theme.Fills[0], Theme.Study), .. Bars("not significant", false, Theme.Regions[0], Theme.Line),
            Line("fitted", Model.Fitted, Theme.Pooled, 2.6, "solid"), Line("expected if all were published", Model.Expected, Theme.Pooled, 2, "dash"),
            new Scatter
            {
                Name = "counts", Mode = "markers", MarkerSize = 10, MarkerOpacity = 0, MarkerColor = Theme.Study,
                X = [.. Model.Bars.Select(b => (double?)((b.From + b.To) / 2))], Y = [.. Model.Bars.Select(b => (double?)b.Density)],
                Hover = [.. Model.Bars.Select(b => PlotText.Hover($"|z| from {StatisticText.Number(b.From)} to {StatisticText.Number(b.To)}",
                    [new("results", StatisticText.Count(b.Count)), new("expected by the curve", StatisticText.Number(Between(b), 1)), new("", b.IsSignificant ? "significant" : "not significant")]))],
            },
        ];
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Traces = traces,
            Lines = [new FigureLine("x", Model.Critical, Model.Critical, "paper", 0, 1, Theme.Ink, 1.2, "dot")],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 340,
        });

        static Scatter Line(string name, ImmutableArray<PlotPoint> points, ThemeColor color, double width, string dash) => new()
        {
            Name = name, Mode = "lines", ShowLegend = true, LineColor = color, LineWidth = width, Dash = dash, ClipOnAxis = true,
            X = [.. points.Select(p => (double?)p.X)], Y = [.. points.Select(p => (double?)p.Y)],
        };
    }

    /// <summary>How many results the curve expects in a bar, by Simpson's rule.</summary>
    private double Between(ZCurveBar bar)
    {
        double At(double z) => Mixture(Model.Curve, Model.Critical, z);
        var middle = (bar.From + bar.To) / 2;
        return Model.Curve.FittedCount * (bar.To - bar.From) / 6 * (At(bar.From) + 4 * At(middle) + At(bar.To));
    }

    private IEnumerable<Scatter> Bars(string name, bool significant, ThemeColor fill, ThemeColor edge)
    {
        ZCurveBar[] bars = [.. Model.Bars.Where(b => b.IsSignificant == significant && b.Count > 0)];
        if (bars.Length == 0) return [];
        return
        [
            new Scatter
            {
                Name = name, Mode = "lines", Fill = "toself", FillColor = fill, LineColor = edge, LineWidth = 1, ClipOnAxis = true,
                X = [.. bars.SelectMany(b => new double?[] { b.From, b.From, b.To, b.To, b.From, null })],
                Y = [.. bars.SelectMany(b => new double?[] { 0, b.Density, b.Density, 0, 0, null })],
            },
            AreaKey.Of(name, fill, edge),
        ];
    }
}
