using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in the plot of the distribution of a multiverse.</summary>
public sealed record MultiverseDistributionOptions : PlotOptions
{
    /// <summary>Up to so many parts are drawn, the first of them. 8 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above 20.</exception>
    public int MostParts
    {
        get;
        init => field = value is >= 1 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(MostParts), value, "From 1 to 20 parts are drawn.");
    } = 8;
}

/// <summary>A bar of the histogram of estimates.</summary>
/// <param name="From">Its left edge.</param>
/// <param name="To">Its right edge.</param>
/// <param name="Count">How many specifications it holds.</param>
/// <param name="Significant">How many of them are significant.</param>
public sealed record SpecificationBar(double From, double To, int Count, int Significant);

/// <summary>The estimates of one part.</summary>
/// <param name="Name">The part.</param>
/// <param name="Count">How many specifications it has.</param>
/// <param name="Median">Their median.</param>
/// <param name="Bars">Their histogram.</param>
public sealed record PartDistribution(string Name, int Count, double Median, ImmutableArray<SpecificationBar> Bars);

/// <summary>The distribution of a multiverse as plain numbers and texts.</summary>
public sealed record MultiverseDistributionModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>True where values stand on the scale shown, false where on the one that is pooled.</summary>
    public required bool IsOnShownScale { get; init; }

    /// <summary>Estimates.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The parts from top to bottom.</summary>
    public required ImmutableArray<PartDistribution> Parts { get; init; }

    /// <summary>The value of no effect; null where the measure has none, or it lies far from all estimates.</summary>
    public required double? NullValue { get; init; }
}

/// <summary>
/// The estimates of all specifications as histograms, one for each part of the multiverse, since parts answer different questions; what is significant has the stronger fill (Steegen et al. 2016). When not to use it: as a
/// distribution to infer from. Its width says how much the choices matter, not how uncertain the effect is.
/// </summary>
public sealed class MultiverseDistributionPlot : Plot<MultiverseDistributionModel>
{
    /// <summary>The most bars of the range of all estimates.</summary>
    private const int MostBars = 50;

    /// <summary>What a narrow page has room for, in pixels.</summary>
    private const double LongestName = 240;

    private MultiverseDistributionPlot(MultiverseDistributionModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the histograms.</summary>
    /// <param name="result">The multiverse.</param>
    /// <param name="options">Number of parts and title; the defaults if not said.</param>
    /// <exception cref="ArgumentException">Parts stand on different scales.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
    /// var plot = MultiverseDistributionPlot.Create(Multiverse.Of(effects)
    ///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null)
    ///     .Choose("bias", "Each has its story.", Equivalence.NonEquivalent, Specify.Unadjusted, Specify.TrimAndFill()).Run());
    /// </code></example>
    public static MultiverseDistributionPlot Create(MultiverseResult result, MultiverseDistributionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        options ??= new MultiverseDistributionOptions();
        if (result.Measure is not { } measure) throw new ArgumentException("Estimates stand on different scales, and have no common axis.", nameof(result));
        MultiversePart[] parts = [.. result.Parts.Take(options.MostParts)];
        double low = parts.Min(p => p.Quantile(0)), high = parts.Max(p => p.Quantile(1));
        var count = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(parts.Max(p => p.Specifications.Length))), 24, MostBars);
        // A distribution is seen beside no effect, unless that is so far away that it would be a line.
        double? none = measure.HasNullValue ? result.IsOnShownScale ? measure.DisplayNullValue : measure.NullValue : null;
        if (none is { } value && Math.Min(Math.Abs(value - low), Math.Abs(value - high)) > 4 * Math.Max(high - low, 1e-9) && (value < low || value > high)) none = null;
        var (from, to) = (Math.Min(low, none ?? low), Math.Max(high, none ?? high));
        var room = PlotAxis.Room(from, to, 0.04);
        var texts = new StudyTexts(result.Multiverse.Effects, result.Multiverse.Options.ConfidenceLevel, 3);
        string Shown(double v) => measure.Format(result.IsOnShownScale ? v : measure.ToDisplay(v), 3);
        return new(new MultiverseDistributionModel
        {
            Title = options.Title,
            Finding = texts.Finding($"{result}."),
            Origin = result.Multiverse.Effects.Origin,
            Measure = measure,
            IsOnShownScale = result.IsOnShownScale,
            XAxis = new PlotAxis(measure.Symbol, from - room, to + room, measure.HasLeadingZero),
            Parts = [.. parts.Select(p => new PartDistribution(p.Name, p.Specifications.Length, p.Median, Bars(p, low, high, count)))],
            NullValue = none,
            Summary =
            [
                parts.Length == 1 ? $"{StatisticText.Count(parts[0].Specifications.Length, "specification")}. Median {measure.Symbol} = {Shown(parts[0].Median)} (dotted), 95% of them from {Shown(parts[0].Quantile(0.025))} to {Shown(parts[0].Quantile(0.975))}."
                    : $"{StatisticText.Count(result.Parts.Length)} parts that answer different questions{(parts.Length < result.Parts.Length ? $", of which the first {StatisticText.Count(parts.Length)} are drawn" : "")}. Dotted: the median of each.",
                $"Stronger fill: significant at {StatisticText.Percent(1 - result.Multiverse.Options.ConfidenceLevel, 0)}.",
            ],
            Notes = result.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure() => PanelFigure.Create(new PanelChart
    {
        Plot = this,
        XAxis = Model.XAxis,
        XTicks = (pixels, font) => Model.IsOnShownScale ? Model.XAxis.TicksFor(pixels, font) : MeasureTicks.Create(Model.Measure, Model.XAxis, pixels, font, vertical: false),
        Panels = [.. Model.Parts.Select(PanelOf)],
        Summary = Model.Summary,
        Remarks = Model.Notes,
        PanelHeight = Model.Parts.Length == 1 ? 220 : 90,
    });

    private static ImmutableArray<SpecificationBar> Bars(MultiversePart part, double low, double high, int count)
    {
        if (!PlotAxis.HasLength(low, high))
        {
            var half = Math.Max(Math.Abs(low), 1e-3) / 100;
            return [new(low - half, low + half, part.Specifications.Length, part.Specifications.Count(s => IsSignificant(part, s)))];
        }
        var (all, significant) = (new int[count], new int[count]);
        foreach (var one in part.Specifications)
        {
            var place = Math.Clamp((int)((part.Result.ValueOf(one) - low) / (high - low) * count), 0, count - 1);
            all[place]++;
            if (IsSignificant(part, one)) significant[place]++;
        }
        return [.. Enumerable.Range(0, count).Select(i => new SpecificationBar(low + (high - low) * i / count, low + (high - low) * (i + 1) / count, all[i], significant[i]))];
    }

    private static bool IsSignificant(MultiversePart part, Specification one) => SpecificationCurveBuilder.IsSignificant(part.Result, one);

    private Panel PanelOf(PartDistribution part)
    {
        var most = part.Bars.Max(b => b.Count);
        return new($"{PlotText.Cut(part.Name, Theme.SmallSize, LongestName)} ({StatisticText.Count(part.Count)})", new PlotAxis("", 0, 1.06 * most, true),
        [
            Filled("all", part.Bars, b => b.Count, Theme.Fills[0]), Filled("significant", part.Bars, b => b.Significant, Theme.Faint),
            .. Model.NullValue is { } none ? [Vertical("no effect", none, most, "solid", Theme.Line)] : Array.Empty<Scatter>(),
            Vertical("median", part.Median, most, "dot", Theme.Ink),
            new Scatter
            {
                Name = "bars", Mode = "markers", MarkerSize = 8, MarkerOpacity = 0, MarkerColor = Theme.Study, MarkerSymbol = "circle",
                X = [.. part.Bars.Where(b => b.Count > 0).Select(b => (double?)((b.From + b.To) / 2))], Y = [.. part.Bars.Where(b => b.Count > 0).Select(b => (double?)b.Count)],
                Hover = [.. part.Bars.Where(b => b.Count > 0).Select(b => PlotText.Hover($"{Shown(b.From)} to {Shown(b.To)}", [new("", StatisticText.Count(b.Count, "specification")), new("significant", StatisticText.Count(b.Significant))]))],
            },
        ], []);
    }

    private string Shown(double value) => Model.Measure.Format(Model.IsOnShownScale ? value : Model.Measure.ToDisplay(value), 3);

    private static Scatter Vertical(string name, double x, double most, string dash, ThemeColor color) =>
        new() { Name = name, Mode = "lines", LineColor = color, LineWidth = 1.4, Dash = dash, X = [x, x], Y = [0, 1.06 * most], ClipOnAxis = true };

    private static Scatter Filled(string name, ImmutableArray<SpecificationBar> bars, Func<SpecificationBar, int> count, ThemeColor color) => new()
    {
        Name = name, Mode = "lines", Fill = "toself", FillColor = color, LineColor = Theme.Study, LineWidth = 1, ClipOnAxis = true,
        X = [bars[0].From, .. bars.SelectMany(b => new double?[] { b.From, b.To }), bars[^1].To, bars[0].From],
        Y = [0, .. bars.SelectMany(b => new double?[] { count(b), count(b) }), 0, 0],
    };
}
