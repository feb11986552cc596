using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a bubble plot.</summary>
public sealed record BubblePlotOptions : ColumnPlotOptions
{
    /// <summary>The column of numbers on the horizontal axis; the model's only one if not said.</summary>
    public string? Column { get; init; }

    /// <summary>The values of the model's other columns at which the line is drawn; needed when there are any.</summary>
    public ModeratorValues? At { get; init; }

    /// <summary>True draws where the true effects of new studies would lie.</summary>
    public bool ShowPredictionInterval { get; init; } = true;
}

/// <summary>A bubble plot as plain numbers and texts. The vertical axis is divided as effects are pooled, and labelled as readers know them.</summary>
public sealed record BubblePlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The moderator.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>Effects, on the scale that is pooled.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The studies used, the largest first so that no bubble hides a smaller one.</summary>
    public required ImmutableArray<StudyPoint> Studies { get; init; }

    /// <summary>The values of the moderator at which the model's expectation was computed.</summary>
    public required ImmutableArray<double> At { get; init; }

    /// <summary>What the model expects at each of them.</summary>
    public required ImmutableArray<Prediction> Line { get; init; }

    /// <summary>True when prediction intervals are drawn.</summary>
    public required bool ShowsPredictionInterval { get; init; }

    /// <summary>Where effects also differ within clusters: where the mean of a new cluster would lie at each value; empty otherwise.</summary>
    public ImmutableArray<ConfidenceInterval> NewClusterIntervals { get; init; } = [];
}

/// <summary>
/// Effects against a number that may explain them, with the regression line, its confidence band and bubbles whose areas are as the weights (Thompson
/// &amp; Higgins 2002, Statistics in Medicine 21, 1559-1573). When not to use it: to claim causes; studies were not assigned to their moderators.
/// </summary>
public sealed class BubblePlot : Plot<BubblePlotModel>
{
    private BubblePlot(BubblePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot of a model with moderators.</summary>
    /// <param name="fit">A fit of any kind with a moderator of numbers; polynomials and splines give curves.</param>
    /// <param name="options">Which column, and the values of the others; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The column must be named because the model has several terms, or the model has no moderators.</exception>
    /// <exception cref="StudyDataException">The column does not exist or holds texts, or another column of the model has no value in
    /// <see cref="BubblePlotOptions.At"/>.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012],
    ///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012])]);
    /// var plot = BubblePlot.Create(MetaRegression.Fit(effects, Moderator.Number("year")));
    /// </code></example>
    public static BubblePlot Create(IModelFit fit, BubblePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BubblePlotOptions();
        var effects = fit.Effects;
        var points = new FitPoints(fit);
        var texts = points.Texts;
        if (fit is { Moderators: null } and not LocationScaleFit { Scale: not null })
        {
            throw new ArgumentException("The model has no moderators, so that its mean is the same everywhere: fit.Options with { Moderators = Moderator.Number(...) } has a line.", nameof(fit));
        }
        var name = options.Column ?? (fit.Moderators as NumberModerator)?.Column
            ?? throw new ArgumentException($"The moderators are {fit.Moderators}; say with BubblePlotOptions.Column which numbers stand on the horizontal axis, "
                + "and with At where the other columns are held. The means of a category are EstimatedMeansPlot's.", nameof(options));
        var column = effects.Column(name);
        if (!column.IsNumeric) throw new StudyDataException("holds texts, which have no place on an axis; EstimatedMeansPlot shows the means of a category", column: name);

        double[] x = [.. Enumerable.Range(0, fit.Count).Select(i => column.Number(i)
            ?? throw new StudyDataException("must be known of every study drawn", "", i + 1, effects.Labels[i], name))];
        var room = 0.05 * (x.Max() - x.Min());
        double[] at = [.. Enumerable.Range(0, 101).Select(i => x.Min() + (x.Max() - x.Min()) * i / 100)];
        Prediction[] line = [.. at.Select(value => fit.Predict(Values(options.At, name, value))!.Value)];
        var words = points.Words;
        var ranges = at.Select(value => words.Predictions(Values(options.At, name, value))).ToArray();
        var hasBand = options.ShowPredictionInterval && ranges[0].Count > 0;
        ImmutableArray<ConfidenceInterval> clusterBand = hasBand && ranges[0].Count == 2 ? [.. ranges.Select(r => r[0].Interval)] : [];
        double[] y = [.. effects.Effects, .. line.SelectMany(p => new[] { p.ConfidenceInterval.Lower, p.ConfidenceInterval.Upper }),
            .. hasBand ? line.SelectMany(p => new[] { p.PredictionInterval!.Value.Lower, p.PredictionInterval.Value.Upper }) : []];
        // A band of few studies may reach far beyond them all; it is then cut.
        var span = effects.Effects.Max() - effects.Effects.Min();
        span = span > 0 ? span : Math.Max(0.1, Math.Abs(effects.Effects[0]));
        var (low, high) = (Math.Max(y.Min(), effects.Effects.Min() - span), Math.Min(y.Max(), effects.Effects.Max() + span));
        var free = PlotAxis.Room(low, high, 0.06);
        var weights = fit.Weights;
        var heaviest = weights.Max();
        var slope = SlopeText(fit, texts);
        var explained = fit is MetaRegressionFit { RSquared: { } r2 } ? $" R² = {StatisticText.Percent(r2)}." : "";
        var others = options.At is { } held && held.Any(v => v.Key != name) ? $" The line is drawn at {string.Join(", ", held.Where(v => v.Key != name).Select(v => $"{v.Key} = {v.Value}"))}." : "";
        var finding = $"{texts.MeasureTitle} of {words.Counted} against {options.NameOf(name)}: the model expects {texts.Shown(line[0].Estimate)} at "
            + $"{StatisticText.Significant(at[0])} and {texts.Shown(line[^1].Estimate)} at {StatisticText.Significant(at[^1])}.{slope}{explained}{others}";
        var dotted = (hasBand, clusterBand.IsEmpty) switch
        {
            (false, _) => ".",
            (_, true) => words.IsClustered ? $"; dotted: where the {ranges[0][0].What} would lie." : "; dotted: where true effects of new studies would lie.",
            _ => $"; dashed: where the {ranges[0][0].What} would lie; dotted: a {ranges[0][1].What}.",
        };
        return new BubblePlot(new BubblePlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = texts.Measure,
            XAxis = new PlotAxis(PlotText.Clean(options.NameOf(name)), x.Min() - room, x.Max() + room, true),
            YAxis = new PlotAxis(texts.MeasureTitle, low - free, high + free, texts.Measure.HasLeadingZero),
            Studies = [.. points.Points.OrderByDescending(p => p.Weight).Select(p => new StudyPoint
            {
                Study = p.Index,
                Label = p.Label,
                X = x[p.Index],
                Y = p.Effect,
                // With effects that go closely together a weight can be negative.
                Size = Math.Sqrt(Math.Max(0, p.Weight) / heaviest),
                Details = points.Details(p, new PlotDetail(options.NameOf(name), column.Text(p.Index)!.Replace('-', '−')), new PlotDetail("expected", texts.Shown(p.Expected))),
            })],
            At = [.. at],
            Line = [.. line],
            ShowsPredictionInterval = hasBand,
            NewClusterIntervals = clusterBand,
            Summary = [$"Line and band: what the model expects, with its {texts.Level} confidence interval" + dotted
                + slope + explained + others, .. words.IsClustered ? [$"Bubbles: {words.Counted}."] : Array.Empty<string>()],
            Notes = [.. fit.Warnings, .. points.DependenceNotes("the band allows for that.", offersMeans: false)],
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        double?[] x = [.. Model.At.Select(v => (double?)v)];
        double?[] around = [.. x, .. x.Reverse()];
        var largest = Model.Studies.Length switch { <= 30 => 34.0, <= 90 => 26, <= 300 => 18, _ => 12 };
        Scatter Edge(string name, string dash, IEnumerable<double> value) => new()
        {
            Name = name, Mode = "lines", LineColor = Theme.Prediction, LineWidth = 1.4, Dash = dash, ClipOnAxis = true,
            X = x, Y = [.. value.Select(v => (double?)v)],
        };
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = Model.YAxis,
            YTicks = (pixels, font) => MeasureTicks.Create(Model.Measure, Model.YAxis, pixels, font, vertical: true),
            Traces =
            [
                new Scatter
                {
                    Name = "confidence band", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[1], LineColor = Theme.Fills[1], LineWidth = 1, ClipOnAxis = true,
                    X = around, Y = [.. Model.Line.Select(p => (double?)p.ConfidenceInterval.Lower), .. Model.Line.Reverse().Select(p => (double?)p.ConfidenceInterval.Upper)],
                },
                .. Model.ShowsPredictionInterval ? 
                [
                    Edge("prediction interval", "dot", Model.Line.Select(p => p.PredictionInterval!.Value.Lower)), Edge("prediction interval", "dot", Model.Line.Select(p => p.PredictionInterval!.Value.Upper)),
                ] : Array.Empty<Scatter>(),
                .. Model.NewClusterIntervals.IsEmpty ? Array.Empty<Scatter>() :
                [
                    Edge("prediction interval of a cluster", "dash", Model.NewClusterIntervals.Select(i => i.Lower)), Edge("prediction interval of a cluster", "dash", Model.NewClusterIntervals.Select(i => i.Upper)),
                ],
                StudyMarks.Trace(Model.Studies, "studies", largest, Theme.Study, opacity: 0.6),
                new Scatter
                {
                    Name = "regression line", Mode = "lines", LineColor = Theme.Pooled, LineWidth = 2.5, ClipOnAxis = true,
                    X = x, Y = [.. Model.Line.Select(p => (double?)p.Estimate)],
                },
            ],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 400,
        });
    }

    private static string SlopeText(IModelFit fit, StudyTexts texts)
    {
        if (fit.Coefficients is not [{ Name: "Intercept" }, var slope] || fit.ModeratorTest is null) return fit.ModeratorTest is { } test ? $" {test}." : "";
        var scale = texts.Measure.IsTransformed ? $" on the scale of {texts.Measure.AnalysisSymbol}" : "";
        return $" Slope of {slope.Name}: b = {StatisticText.Significant(slope.Estimate, 3)} " + (slope.HasStandardError
            ? $"[{StatisticText.Significant(slope.ConfidenceInterval.Lower, 3)}, {StatisticText.Significant(slope.ConfidenceInterval.Upper, 3)}]{scale}, {StatisticText.PValueWithSymbol(slope.PValue)}."
            : $"(no standard error){scale}.");
    }

    private static ModeratorValues Values(ModeratorValues? others, string column, double value)
    {
        var values = new ModeratorValues();
        foreach (var (name, other) in others ?? []) values[name] = other;
        values[column] = value;
        return values;
    }
}
