using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a shrinkage plot.</summary>
public sealed record ShrinkagePlotOptions : PlotOptions
{
    /// <summary>Decimals of the numbers; 2 by default.</summary>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>A study before and after, on the scale that readers know.</summary>
public sealed record ShrinkageRow
{
    /// <summary>The study.</summary>
    public required string Label { get; init; }

    /// <summary>What it found.</summary>
    public required double Effect { get; init; }

    /// <summary>The confidence interval of what it found.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>The median of the posterior of its true effect.</summary>
    public required double Median { get; init; }

    /// <summary>The credible interval of its true effect.</summary>
    public required ConfidenceInterval CredibleInterval { get; init; }

    /// <summary>Everything known of it, for its hover.</summary>
    public required ImmutableArray<PlotDetail> Details { get; init; }
}

/// <summary>A shrinkage plot as plain numbers and texts.</summary>
public sealed record ShrinkagePlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The level of all intervals.</summary>
    public required double Level { get; init; }

    /// <summary>The studies, in the order of the data.</summary>
    public required ImmutableArray<ShrinkageRow> Rows { get; init; }

    /// <summary>The median of the mean μ, on the scale shown.</summary>
    public required double Mean { get; init; }

    /// <summary>The credible interval of the mean, on the scale shown.</summary>
    public required ConfidenceInterval MeanInterval { get; init; }

    /// <summary>Where the true effect of a new study lies, on the scale shown.</summary>
    public required ConfidenceInterval Predictive { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>Decimals of the numbers.</summary>
    public required int Digits { get; init; }
}

/// <summary>
/// A forest plot of a Bayesian model: of each study what it found, and below it what its true effect is thought to be, drawn towards the mean, the more so the less precise the study is (Röver 2020, Journal of Statistical Software
/// 93(6)). When not to use it: to single out the study with the largest drawn effect; the order of drawn effects is uncertain too.
/// </summary>
public sealed class ShrinkagePlot : Plot<ShrinkagePlotModel>
{
    /// <summary>How far below its finding a study's true effect is drawn, in rows.</summary>
    private const double Below = 0.36;

    private ShrinkagePlot(ShrinkagePlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the plot.</summary>
    /// <param name="fit">The model.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// var plot = ShrinkagePlot.Create(BayesianModel.Fit(effects));
    /// </code></example>
    public static ShrinkagePlot Create(BayesianFit fit, ShrinkagePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new ShrinkagePlotOptions();
        var (effects, measure) = (fit.Effects, fit.Measure);
        var texts = new StudyTexts(effects, fit.Options.CredibleLevel, options.Digits);
        var level = texts.Level;
        ImmutableArray<ShrinkageRow> rows = [.. fit.Studies.Select((study, i) =>
        {
            var own = effects.MeasureOf(i);
            var interval = study.Posterior.CredibleInterval;
            return new ShrinkageRow
            {
                Label = study.Label,
                Effect = effects.EffectOf(i).DisplayValue,
                Interval = texts.Interval(i).Transform(own.ToDisplay),
                Median = measure.ToDisplay(study.Posterior.Median),
                CredibleInterval = interval.Transform(measure.ToDisplay),
                Details = texts.Details(i, null, new PlotDetail($"true effect [{level} CrI]", $"{texts.Shown(study.Posterior.Median)} {texts.Shown(interval)}"), new PlotDetail("drawn to the mean by", StatisticText.Percent(study.Shrinkage, 0))),
            };
        })];
        var (mean, predictive) = (fit.Mean.CredibleInterval.Transform(measure.ToDisplay), fit.Predictive.CredibleInterval.Transform(measure.ToDisplay));
        var (minimum, maximum) = ForestAxis.Choose([.. rows.Select(r => (r.Interval.Lower, r.Effect, r.Interval.Upper))], [(mean.Lower, mean.Upper), (predictive.Lower, predictive.Upper)], measure);
        var average = fit.Studies.Average(study => study.Shrinkage);
        return new ShrinkagePlot(new ShrinkagePlotModel
        {
            Title = options.Title,
            Finding = texts.Finding($"{StudyTexts.Studies(fit.Count)} with their true effects as a Bayesian model has them: the mean {measure.Symbol} = {texts.Shown(fit.Mean.Median)}, {level} credible interval {texts.Shown(fit.Mean.CredibleInterval)}. "
                + $"Studies are drawn to the mean by {StatisticText.Percent(average, 0)} on average."),
            Origin = effects.Origin,
            Summary = [$"Open circles: what studies found, with {level} confidence intervals. Filled, below: their true effects, medians with {level} credible intervals. Diamond: the mean; bar: a new study.", $"Priors: μ {fit.EffectPrior}, τ {fit.HeterogeneityPrior}."],
            Notes = fit.Warnings,
            Measure = measure,
            Level = fit.Options.CredibleLevel,
            Rows = rows,
            Mean = measure.ToDisplay(fit.Mean.Median),
            MeanInterval = mean,
            Predictive = predictive,
            Axis = new PlotAxis(texts.MeasureTitle, minimum, maximum, measure.HasLeadingZero) { Spacing = measure.AxisSpacing },
            Digits = options.Digits,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var (rows, measure, k) = (Model.Rows, Model.Measure, Model.Rows.Length);
        string Shown(double value) => measure.Format(value, Model.Digits);
        string Text(double value, ConfidenceInterval interval) => $"{Shown(value)} [{Shown(interval.Lower)}, {Shown(interval.Upper)}]";
        var items = new List<RowItem>();
        foreach (var (i, row) in rows.Index())
        {
            var hover = PlotText.Hover(row.Label, row.Details);
            items.Add(new RowItem
            {
                Position = i, Cells = [row.Label, Text(row.Effect, row.Interval), Text(row.Median, row.CredibleInterval)], ShortCells = [row.Label, "", Shown(row.Median)], Mark = RowMark.OpenCircle, Color = Theme.Muted,
                Estimate = row.Effect, Lower = row.Interval.Lower, Upper = row.Interval.Upper, Hover = hover,
            });
            items.Add(new RowItem
            {
                Position = i + Below, Cells = ["", "", ""], ShortCells = ["", "", ""], Mark = RowMark.Circle, Color = Theme.Study,
                Estimate = row.Median, Lower = row.CredibleInterval.Lower, Upper = row.CredibleInterval.Upper, Hover = hover,
            });
        }
        var level = StatisticText.Level(Model.Level);
        items.Add(new RowItem
        {
            Position = k + 0.3, Bold = true, Cells = ["Mean", "", Text(Model.Mean, Model.MeanInterval)], ShortCells = ["Mean", "", Shown(Model.Mean)], Mark = RowMark.Diamond, Color = Theme.Pooled,
            Estimate = Model.Mean, Lower = Model.MeanInterval.Lower, Upper = Model.MeanInterval.Upper, Diamond = ForestAxis.Diamond(Model.MeanInterval.Lower, Model.Mean, Model.MeanInterval.Upper, k + 0.3, Model.Axis),
            Hover = PlotText.Hover("Mean", [new($"{measure.Symbol} [{level} CrI]", Text(Model.Mean, Model.MeanInterval))]),
        });
        var range = $"[{Shown(Model.Predictive.Lower)}, {Shown(Model.Predictive.Upper)}]";
        items.Add(new RowItem
        {
            Position = k + 1.3, Cells = ["New study", "", range], ShortCells = ["New study", "", ""], Mark = RowMark.Bar, Color = Theme.Prediction,
            Lower = Model.Predictive.Lower, Upper = Model.Predictive.Upper, Hover = PlotText.Hover("New study", [new($"true effect, {level} CrI", range)]),
        });
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (measure.HasNullValue && Model.Axis.Contains(measure.DisplayNullValue)) lines.Add(new RowLine(measure.DisplayNullValue, -0.5, k + 1.7, Theme.Line, 1.2, null));
        if (Model.Axis.Contains(Model.Mean)) lines.Add(new RowLine(Model.Mean, -0.5, k + 1.7, Theme.Pooled, 1.4, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns =
            [
                new("Study", "Study", ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [300, 230, 190, 140]),
                new("found [CI]", "found", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [220, 220, 90, 90]),
                new("true effect [CrI]", measure.Symbol, ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Always, [220, 220, 90, 90]),
            ],
            Rows = [.. items],
            Axis = Model.Axis,
            Lines = lines.ToImmutable(),
            Summary = Model.Summary,
            Notes = Model.Notes,
            RowHeight = 30,
            FontSize = 13,
            LargestMark = 9,
        });
    }
}
