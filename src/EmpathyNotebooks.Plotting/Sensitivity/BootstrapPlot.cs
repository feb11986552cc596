using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a bootstrap plot.</summary>
public sealed record BootstrapPlotOptions : PlotOptions
{
    /// <summary>The name of the number shown, for example <c>τ²</c>; null, the default, for the first.</summary>
    public string? Statistic { get; init; }
}

/// <summary>A bootstrap plot as plain numbers and texts.</summary>
public sealed record BootstrapPlotModel : PlotModel
{
    /// <summary>The number shown.</summary>
    public required string Statistic { get; init; }

    /// <summary>Its values: a mean on the scale that is pooled, I² in percent.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The density of the replicates.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The measure of a mean, whose ticks a reader knows; null for other numbers.</summary>
    public required EffectMeasure? Measure { get; init; }

    /// <summary>The bars from left to right; marked are those in the bootstrap interval.</summary>
    public required ImmutableArray<ReplicateBar> Bars { get; init; }

    /// <summary>How many replicates are drawn or lie beyond the axis.</summary>
    public required int Replicates { get; init; }

    /// <summary>How many lie beyond the axis.</summary>
    public required int Beyond { get; init; }

    /// <summary>In the fit to the data.</summary>
    public required double Estimate { get; init; }

    /// <summary>The mean of the replicates, which differs from it by the bias.</summary>
    public required double MeanOfReplicates { get; init; }

    /// <summary>The bootstrap interval.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>What kind it is: "BCa".</summary>
    public required string IntervalName { get; init; }

    /// <summary>The interval of the model; null where it has none of this number.</summary>
    public required ConfidenceInterval? ModelInterval { get; init; }
}

/// <summary>
/// The replicates of a bootstrap as a histogram, with the interval that follows from them and, above it, the interval of the model. Where the two differ, a skewed histogram or one with a lump at 0 tells why. When not to use it:
/// as the distribution of what other studies would find; replicates vary around this estimate, not around the truth.
/// </summary>
public sealed class BootstrapPlot : Plot<BootstrapPlotModel>
{
    private BootstrapPlot(BootstrapPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the histogram.</summary>
    /// <param name="bootstrap">The bootstrap.</param>
    /// <param name="options">Which number; the first if not said.</param>
    /// <exception cref="StudyDataException">There is no such number; the message suggests the nearest.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
    /// var plot = BootstrapPlot.Create(fit.Bootstrap(new FitBootstrapOptions { Replicates = 1_000 }), new BootstrapPlotOptions { Statistic = "τ²" });
    /// </code></example>
    public static BootstrapPlot Create(FitBootstrap bootstrap, BootstrapPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bootstrap);
        options ??= new BootstrapPlotOptions();
        return new BootstrapPlot(Build(bootstrap, options.Statistic is { } name ? bootstrap[name] : bootstrap.Statistics[0], options));
    }

    private static BootstrapPlotModel Build(FitBootstrap bootstrap, BootstrappedStatistic statistic, BootstrapPlotOptions options)
    {
        var fit = bootstrap.Fit;
        var texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel);
        var isMean = fit.Mean?.Name == statistic.Name;
        var factor = statistic.Name == "I²" ? 100 : 1;
        double[] sorted = [.. statistic.Replicates.Select(t => factor * t)];
        ConfidenceInterval interval = Scaled(statistic.Interval), normal = ModelInterval(fit, statistic.Name) is { } own ? Scaled(own) : interval;
        // A few replicates far out would leave no room for the others.
        double Quantile(double p) => sorted[(int)Math.Round(p * (sorted.Length - 1))];
        var (low, high) = (Math.Min(Quantile(0.002), Math.Min(interval.Lower, normal.Lower)), Math.Max(Quantile(0.998), Math.Max(interval.Upper, normal.Upper)));
        if (sorted[0] > low - 0.1 * (high - low)) low = Math.Min(low, sorted[0]);
        if (sorted[^1] < high + 0.1 * (high - low)) high = Math.Max(high, sorted[^1]);
        var (first, end) = (ReplicateBars.Before(sorted, low), ReplicateBars.Before(sorted, Math.BitIncrement(high)));
        var bars = ReplicateBars.Of(sorted.AsSpan(first, end - first), low, high, [interval.Lower, interval.Upper], x => interval.Contains(x));
        var room = PlotAxis.Room(low, high, 0.03);
        var top = bars.Max(b => b.Count / (b.To - b.From)) / sorted.Length;
        var title = isMean ? texts.MeasureTitle : statistic.Name == "I²" ? "I² (%)" : statistic.Name;
        string Shown(double value) => ShownOf(isMean ? fit.Measure : null, statistic.Name, value);
        string Both(ConfidenceInterval of) => $"[{Shown(of.Lower)}, {Shown(of.Upper)}]";
        var name = isMean ? fit.Measure.Symbol : statistic.Name;
        var kind = FitBootstrap.NameOf(statistic.IntervalKind);
        var estimate = factor * statistic.Estimate;
        var byModel = ModelInterval(fit, statistic.Name) is null ? "" : $" By the model: {Both(normal)}.";
        var beyond = sorted.Length - (end - first);
        return new BootstrapPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Bootstrap of {name}: {Shown(estimate)}, {texts.Level} {kind} interval {Both(interval)} from {StatisticText.Count(sorted.Length)} replicates of {bootstrap.Drawn}.{byModel}"),
            Origin = fit.Effects.Origin,
            Summary =
            [
                $"{StatisticText.Count(sorted.Length)} replicates of {bootstrap.Drawn}{(beyond == 0 ? "" : $"; {StatisticText.Count(beyond)} lie beyond the axis")}. Line: {name} = {Shown(estimate)} in the data; dashed: mean of the replicates.",
                $"{texts.Level} {kind} interval {Both(interval)}.{byModel}",
            ],
            Notes = [.. fit.Warnings, .. bootstrap.Warnings],
            Statistic = statistic.Name,
            XAxis = new PlotAxis(title, low - room, high + room, !isMean || fit.Measure.HasLeadingZero),
            YAxis = new PlotAxis("Density", 0, 1.28 * top, true),
            Measure = isMean ? fit.Measure : null,
            Bars = bars,
            Replicates = sorted.Length,
            Beyond = beyond,
            Estimate = estimate,
            Interval = interval,
            IntervalName = kind,
            ModelInterval = ModelInterval(fit, statistic.Name) is null ? null : normal,
            MeanOfReplicates = estimate + factor * statistic.Bias,
        };

        ConfidenceInterval Scaled(ConfidenceInterval of) => of.Transform(v => factor * v);
    }

    private static ConfidenceInterval? ModelInterval(IModelFit fit, string name) => name switch
    {
        "τ²" => fit.Heterogeneity?.TauSquaredInterval,
        "I²" => fit.Heterogeneity?.ISquaredInterval,
        _ => fit.Coefficients.Where(c => c.Name == name && c.HasStandardError).Select(c => (ConfidenceInterval?)c.ConfidenceInterval).FirstOrDefault(),
    };

    private static string ShownOf(EffectMeasure? measure, string name, double value) => measure is not null ? measure.Format(measure.ToDisplay(value), 2)
        : name == "I²" ? StatisticText.Number(value, 1) + "%" : StatisticText.Significant(value, 3);

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var top = Model.YAxis.Maximum;
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            Traces =
            [
                .. ReplicateBars.Traces(Model.Bars, b => b.Count / (b.To - b.From) / Model.Replicates, "replicates in the interval", "outside", v => ShownOf(Model.Measure, Model.Statistic, v), Model.Replicates),
                Bracket($"{Model.IntervalName} interval", Model.Interval, 0.86 * top, Theme.Study, "circle", "solid"),
                .. Model.ModelInterval is { } own ? [Bracket("interval of the model", own, 0.94 * top, Theme.Pooled, "diamond", "dash")] : ImmutableArray<Scatter>.Empty,
            ],
            Lines =
            [
                new FigureLine("x", Model.Estimate, Model.Estimate, "paper", 0, 1, Theme.Ink, 1.4, "solid"),
                new FigureLine("x", Model.MeanOfReplicates, Model.MeanOfReplicates, "paper", 0, 0.8, Theme.Ink, 1.2, "dash"),
            ],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            XTicks = Model.Measure is { } measure ? (pixels, font) => MeasureTicks.Create(measure, Model.XAxis, pixels, font, vertical: false) : null,
            Height = 340,
        });

        Scatter Bracket(string name, ConfidenceInterval interval, double y, ThemeColor color, string symbol, string dash) => new()
        {
            Name = name, Mode = "lines+markers", ShowLegend = true, LineColor = color, LineWidth = 2.4, Dash = dash, MarkerColor = color, MarkerSize = 8, MarkerSymbol = symbol,
            X = [interval.Lower, interval.Upper], Y = [y, y],
            Hover = [.. new[] { interval.Lower, interval.Upper }.Select(_ => PlotText.Hover(name, [new("from", ShownOf(Model.Measure, Model.Statistic, interval.Lower)), new("to", ShownOf(Model.Measure, Model.Statistic, interval.Upper))]))],
        };
    }
}
