using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of estimated means.</summary>
public sealed record EstimatedMeansPlotOptions : CategoryPlotOptions
{
    /// <summary>The category; the model's only one if not said.</summary>
    public string? Column { get; init; }
}

/// <summary>The mean effect of one category, on the scale shown.</summary>
/// <param name="Name">The category.</param>
/// <param name="Count">How many studies or effects it has.</param>
/// <param name="Estimate">The mean effect.</param>
/// <param name="Lower">The lower limit of its interval; null where the data say nothing of its uncertainty.</param>
/// <param name="Upper">The upper limit of its interval.</param>
/// <param name="PValue">Of the hypothesis that the mean is the null value.</param>
/// <param name="Details">What its hover shows: its numbers, and its studies.</param>
public sealed record EstimatedMeanRow(string Name, int Count, double Estimate, double? Lower, double? Upper, double? PValue, ImmutableArray<PlotDetail> Details);

/// <summary>Estimated means as plain numbers and texts.</summary>
public sealed record EstimatedMeansPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The category.</summary>
    public required string Column { get; init; }

    /// <summary>The level of the intervals.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>One row a category.</summary>
    public required ImmutableArray<EstimatedMeanRow> Rows { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }
}

/// <summary>
/// The mean effect of each value of a category as a model with moderators estimates it, others held alike
/// (<see cref="EstimatedMeans.MarginalMeans"/>). Whether two means differ is a question to their contrast, not to the overlap of their intervals.
/// </summary>
public sealed class EstimatedMeansPlot : Plot<EstimatedMeansPlotModel>
{
    private EstimatedMeansPlot(EstimatedMeansPlotModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the means of a category.</summary>
    /// <param name="fit">A fit of any kind with a category among its moderators.</param>
    /// <param name="options">Which column; the model's only one if not said.</param>
    /// <exception cref="ArgumentException">The column must be named because the model has several terms, or the model has no moderators.</exception>
    /// <exception cref="StudyDataException">The column is not a category of the model, or some combination has no study.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
    ///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"])]);
    /// var plot = EstimatedMeansPlot.Create(MetaRegression.Fit(effects, Moderator.Category("rater")));
    /// </code></example>
    public static EstimatedMeansPlot Create(IModelFit fit, EstimatedMeansPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new EstimatedMeansPlotOptions();
        if (fit.Moderators is null) throw new ArgumentException("The model has no moderators, and so one mean: fit.Options with { Moderators = Moderator.Category(...) } has one for each category.", nameof(fit));
        var name = options.Column ?? (fit.Moderators as CategoryModerator)?.Column
            ?? throw new ArgumentException($"The moderators are {fit.Moderators}; say with EstimatedMeansPlotOptions.Column which category is meant.", nameof(options));
        var means = fit.MarginalMeans(name);
        var effects = fit.Effects;
        var texts = new StudyTexts(effects, fit.ConfidenceLevel);
        var words = new FitWords(fit);
        var measure = effects.Measure;
        var column = effects.Column(name);
        means = [.. options.InOrder(means, m => m.Name, name)];
        var rows = means.Select(mean =>
        {
            int[] studies = [.. Enumerable.Range(0, fit.Count).Where(i => column.Text(i) == mean.Name)];
            var details = new List<PlotDetail>
            {
                new($"mean {measure.Symbol} [{texts.Level} CI]", mean.HasStandardError ? $"{texts.Shown(mean.Estimate)} {texts.Shown(mean.ConfidenceInterval)}" : $"{texts.Shown(mean.Estimate)} ({mean.WhyNoStandardError})"),
                new("k", words.CountedIn(studies)),
            };
            if (measure.HasNullValue && mean.HasStandardError) details.Add(new("p", StatisticText.PValue(mean.PValue)));
            details.AddRange(studies.Take(6).Select(i => new PlotDetail(effects.Labels[i], texts.ShownOf(i))));
            if (studies.Length > 6) details.Add(new("", FormattableString.Invariant($"and {studies.Length - 6} more")));
            ConfidenceInterval? shown = mean.HasStandardError ? mean.ConfidenceInterval.Transform(measure.ToDisplay) : null;
            return new EstimatedMeanRow(mean.Name, studies.Length, measure.ToDisplay(mean.Estimate), shown?.Lower, shown?.Upper, mean.HasStandardError ? mean.PValue : null, [.. details]);
        }).ToImmutableArray();
        var (minimum, maximum) = ForestAxis.Choose([.. rows.Select(r => (r.Lower ?? r.Estimate, r.Estimate, r.Upper ?? r.Estimate))], [], measure);
        var term = fit.TermTests.FirstOrDefault(t => t.Term == name);
        var test = term.Term is null ? "" : $" Test of {options.NameOf(name)}: {term.Test}.";
        var finding = $"Mean {measure.Symbol} by {options.NameOf(name)}: " + string.Join("; ", means.Select((m, i) =>
            $"{m.Name} (k = {words.CountedIn([.. Enumerable.Range(0, fit.Count).Where(row => column.Text(row) == m.Name)])}) {texts.Shown(m.Estimate)}"
            + (m.HasStandardError ? $", {texts.Level} CI {texts.Shown(m.ConfidenceInterval)}" : " (no standard error)"))) + "." + test;
        return new EstimatedMeansPlot(new EstimatedMeansPlotModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Measure = measure,
            Column = options.NameOf(name),
            ConfidenceLevel = fit.ConfidenceLevel,
            Rows = rows,
            Axis = new PlotAxis($"Mean {char.ToLowerInvariant(texts.MeasureTitle[0])}{texts.MeasureTitle[1..]}", minimum, maximum, measure.HasLeadingZero) { Spacing = measure.AxisSpacing },
            Summary = [$"{fit.MethodCode} {(words.IsClustered ? "model" : "meta-regression")} of {words.Counted}.{test}"],
            Notes = fit.Warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var measure = Model.Measure;
        var rows = Model.Rows;
        string[] estimates = PlotText.AlignDecimals([.. rows.Select(r => measure.Format(r.Estimate))]);
        string[] lowers = PlotText.AlignDecimals([.. rows.Select(r => r.Lower is { } l ? measure.Format(l) : "")]);
        string[] uppers = PlotText.AlignDecimals([.. rows.Select(r => r.Upper is { } u ? measure.Format(u) : "")]);
        var zero = measure.DisplayNullValue;
        string[] header = [Model.Column, "k", $"{measure.Symbol} [{StatisticText.Level(Model.ConfidenceLevel)} CI]", "p"];
        var columns = new List<RowColumn>
        {
            new(header[0], header[0], ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [250, 210, 190, 138]),
            new(header[1], header[1], ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Medium, [80, 80, 80, 80]),
            new(header[2], measure.Symbol, ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Always, [280, 280, 90, 90]),
        };
        if (measure.HasNullValue) columns.Add(new(header[3], header[3], ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [90, 90, 90, 90]));
        var most = rows.Max(r => r.Count);
        return RowFigure.Create(new RowChart
        {
            Plot = this,
            Columns = [.. columns],
            Rows = [.. rows.Select((row, i) =>
            {
                string[] cells = [row.Name, StatisticText.Count(row.Count), row.Lower is null ? estimates[i] : $"{estimates[i]} [{lowers[i]}, {uppers[i]}]", row.PValue is { } p ? StatisticText.PValue(p) : ""];
                return new RowItem
                {
                    Position = i,
                    Moves = true,
                    Cells = [.. cells.Take(columns.Count)],
                    ShortCells = [.. cells.Select((c, at) => at == 2 ? estimates[i] : c).Take(columns.Count)],
                    Mark = RowMark.Circle,
                    Color = Theme.Pooled,
                    Size = Math.Sqrt((double)row.Count / most),
                    Estimate = row.Estimate,
                    Lower = row.Lower,
                    Upper = row.Upper,
                    Hover = PlotText.Hover(row.Name, row.Details),
                };
            })],
            Axis = Model.Axis,
            Lines = measure.HasNullValue && Model.Axis.Contains(zero) ? [new RowLine(zero, -0.5, rows.Length - 0.3, Theme.Line, 1.2, null)] : [],
            Summary = Model.Summary,
            Notes = Model.Notes,
            RowHeight = 30,
            LabelLines = 3,
            FontSize = 13,
            LargestMark = 14,
        });
    }
}
