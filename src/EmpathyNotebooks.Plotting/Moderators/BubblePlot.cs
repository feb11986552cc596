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

    /// <summary>Lays out the plot of a meta-regression.</summary>
    /// <param name="fit">A fit with a moderator of numbers; polynomials and splines give curves.</param>
    /// <param name="options">Which column, and the values of the others; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The column must be named because the model has several terms.</exception>
    /// <exception cref="StudyDataException">The column does not exist or holds texts, or another column of the model has no value in
    /// <see cref="BubblePlotOptions.At"/>.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012],
    ///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012])]);
    /// var plot = BubblePlot.Create(MetaRegression.Fit(effects, Moderator.Number("year")));
    /// </code></example>
    public static BubblePlot Create(MetaRegressionFit fit, BubblePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BubblePlotOptions();
        var effects = fit.Effects;
        var texts = new StudyTexts(effects, fit.ConfidenceLevel);
        var name = options.Column ?? (fit.Moderators as NumberModerator)?.Column
            ?? throw new ArgumentException($"The moderators are {fit.Moderators}; say with BubblePlotOptions.Column which numbers stand on the horizontal axis, "
                + "and with At where the other columns are held. The means of a category are EstimatedMeansPlot's.", nameof(options));
        var column = effects.Column(name);
        if (!column.IsNumeric) throw new StudyDataException("holds texts, which have no place on an axis; EstimatedMeansPlot shows the means of a category", column: name);

        double[] x = [.. Enumerable.Range(0, fit.Count).Select(i => column.Number(i)
            ?? throw new StudyDataException("must be known of every study drawn", "", i + 1, effects.Labels[i], name))];
        var room = 0.05 * (x.Max() - x.Min());
        double[] at = [.. Enumerable.Range(0, 101).Select(i => x.Min() + (x.Max() - x.Min()) * i / 100)];
        Prediction[] line = [.. at.Select(value => fit.Predict(Values(options.At, name, value)))];
        var hasBand = options.ShowPredictionInterval && fit.IsRandomEffects;
        double[] y = [.. effects.Effects, .. line.SelectMany(p => new[] { p.ConfidenceInterval.Lower, p.ConfidenceInterval.Upper }),
            .. hasBand ? line.SelectMany(p => new[] { p.PredictionInterval!.Value.Lower, p.PredictionInterval.Value.Upper }) : []];
        // A band of few studies may reach far beyond them all; it is then cut.
        var span = effects.Effects.Max() - effects.Effects.Min();
        span = span > 0 ? span : Math.Max(0.1, Math.Abs(effects.Effects[0]));
        var (low, high) = (Math.Max(y.Min(), effects.Effects.Min() - span), Math.Min(y.Max(), effects.Effects.Max() + span));
        var free = PlotAxis.Room(low, high, 0.06);
        var weights = fit.Weights;
        var heaviest = weights.Max();
        var slope = fit.CoefficientCount == 2 && fit.HasIntercept ? $" Slope of {fit.Coefficients[1].Name}: b = {StatisticText.Significant(fit.Coefficients[1].Estimate, 3)} "
            + $"[{StatisticText.Significant(fit.Coefficients[1].ConfidenceInterval.Lower, 3)}, {StatisticText.Significant(fit.Coefficients[1].ConfidenceInterval.Upper, 3)}]"
            + (texts.Measure.IsTransformed ? $" on the scale of {texts.Measure.AnalysisSymbol}" : "") + $", {StatisticText.PValueWithSymbol(fit.Coefficients[1].PValue)}." : $" {fit.ModeratorTest}.";
        var explained = fit.RSquared is { } r2 ? $" R² = {StatisticText.Percent(r2)}." : "";
        var others = options.At is { } held && held.Any(v => v.Key != name) ? $" The line is drawn at {string.Join(", ", held.Where(v => v.Key != name).Select(v => $"{v.Key} = {v.Value}"))}." : "";
        var finding = $"{texts.MeasureTitle} of {StudyTexts.Studies(fit.Count)} against {options.NameOf(name)}: the model expects {texts.Shown(line[0].Estimate)} at "
            + $"{StatisticText.Significant(at[0])} and {texts.Shown(line[^1].Estimate)} at {StatisticText.Significant(at[^1])}.{slope}{explained}{others}";
        return new BubblePlot(new BubblePlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = texts.Measure,
            XAxis = new PlotAxis(PlotText.Clean(options.NameOf(name)), x.Min() - room, x.Max() + room, true),
            YAxis = new PlotAxis(texts.MeasureTitle, low - free, high + free, texts.Measure.HasLeadingZero),
            Studies = [.. Enumerable.Range(0, fit.Count).OrderByDescending(i => weights[i]).Select(i => new StudyPoint
            {
                Study = i,
                Label = effects.Labels[i],
                X = x[i],
                Y = effects.Effects[i],
                Size = Math.Sqrt(weights[i] / heaviest),
                Details = texts.Details(i, weights[i], new PlotDetail(options.NameOf(name), column.Text(i)!.Replace('-', '−')), new PlotDetail("expected", texts.Shown(fit.FittedValues[i]))),
            })],
            At = [.. at],
            Line = [.. line],
            ShowsPredictionInterval = hasBand,
            Summary = [$"Line and band: what the model expects, with its {texts.Level} confidence interval" + (hasBand ? "; dotted: where true effects of new studies would lie." : ".")
                + slope + explained + others],
            Notes = fit.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        double?[] x = [.. Model.At.Select(v => (double?)v)];
        double?[] around = [.. x, .. x.Reverse()];
        var largest = Model.Studies.Length switch { <= 30 => 34.0, <= 90 => 26, _ => 18 };
        Scatter Edge(Func<Prediction, double> value) => new()
        {
            Name = "prediction interval", Mode = "lines", LineColor = Theme.Prediction, LineWidth = 1.4, Dash = "dot", ClipOnAxis = true,
            X = x, Y = [.. Model.Line.Select(p => (double?)value(p))],
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
                .. Model.ShowsPredictionInterval ? [Edge(p => p.PredictionInterval!.Value.Lower), Edge(p => p.PredictionInterval!.Value.Upper)] : Array.Empty<Scatter>(),
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

    private static ModeratorValues Values(ModeratorValues? others, string column, double value)
    {
        var values = new ModeratorValues();
        foreach (var (name, other) in others ?? []) values[name] = other;
        values[column] = value;
        return values;
    }
}
