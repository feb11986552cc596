using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>One fit among several of the same model, on the scale shown.</summary>
public sealed record RefitRow
{
    /// <summary>The study added or left out, by its row in the data counted from 0; null for the fit of all studies.</summary>
    public required int? Study { get; init; }

    /// <summary>The label in full.</summary>
    public required string Label { get; init; }

    /// <summary>How many studies are in this fit.</summary>
    public required int Count { get; init; }

    /// <summary>The pooled effect.</summary>
    public required double Estimate { get; init; }

    /// <summary>The lower limit of its interval.</summary>
    public required double Lower { get; init; }

    /// <summary>The upper limit of its interval.</summary>
    public required double Upper { get; init; }

    /// <summary>tau² of this fit; null for a model without and for a single study.</summary>
    public required double? TauSquared { get; init; }

    /// <summary>I² of this fit as a fraction; null for a single study.</summary>
    public required double? ISquared { get; init; }

    /// <summary>The p-value of this fit.</summary>
    public required double PValue { get; init; }

    /// <summary>Everything known of the fit and of the study, for its hover.</summary>
    public required ImmutableArray<PlotDetail> Details { get; init; }
}

/// <summary>Several fits of the same model as rows, as plain numbers and texts.</summary>
public sealed record RefitPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The level of the intervals.</summary>
    public required double ConfidenceLevel { get; init; }

    /// <summary>The heading of the labels.</summary>
    public required string LabelHeader { get; init; }

    /// <summary>The fits from top to bottom; the fit of all studies stands last.</summary>
    public required ImmutableArray<RefitRow> Rows { get; init; }

    /// <summary>Orders a reader can choose: a name and the place of each row but the last.</summary>
    public required ImmutableArray<(string Name, ImmutableArray<double> Positions)> Orders { get; init; }

    /// <summary>The axis, on the scale shown.</summary>
    public required PlotAxis Axis { get; init; }
}

/// <summary>Lays out and draws fits as rows.</summary>
internal static class RefitRows
{
    public static RefitRow Row(StudyTexts texts, PooledFit fit, int? study, string label, string what, IEnumerable<PlotDetail> more)
    {
        var shown = fit.BackTransformed;
        var details = new List<PlotDetail>
        {
            new($"{what} {texts.Measure.Symbol} [{texts.Level} CI]", $"{texts.Shown(fit.Estimate)} {texts.Shown(fit.ConfidenceInterval)}"),
            new("k", StatisticText.Count(fit.Count)),
        };
        if (fit.Effects.Measure.HasNullValue) details.Add(new("p", StatisticText.PValue(fit.PValue)));
        if (fit.IsRandomEffects) details.Add(new("τ²", StatisticText.Significant(fit.TauSquared, 3)));
        if (fit.Count > 1) details.Add(new("I²", StatisticText.Percent(fit.Heterogeneity.ISquared)));
        if (more.Any()) details.Add(new("", "The study itself:"));
        return new RefitRow
        {
            Study = study,
            Label = label,
            Count = fit.Count,
            Estimate = shown.Estimate,
            Lower = shown.ConfidenceInterval.Lower,
            Upper = shown.ConfidenceInterval.Upper,
            TauSquared = fit.IsRandomEffects ? fit.TauSquared : null,
            ISquared = fit.Count > 1 ? fit.Heterogeneity.ISquared : null,
            PValue = fit.PValue,
            Details = [.. details, .. more],
        };
    }

    public static PlotAxis Axis(StudyTexts texts, IReadOnlyList<RefitRow> rows)
    {
        var (minimum, maximum) = ForestAxis.Choose([.. rows.Select(r => (r.Lower, r.Estimate, r.Upper))], [], texts.Measure);
        return new PlotAxis($"Pooled {char.ToLowerInvariant(texts.MeasureTitle[0])}{texts.MeasureTitle[1..]}", minimum, maximum, texts.Measure.HasLeadingZero) { Spacing = texts.Measure.AxisSpacing };
    }

    public static PlotlyFigure Draw(IPlot plot, RefitPlotModel model)
    {
        var studies = model.Rows.Length - 1;
        var (height, font) = studies switch { <= 30 => (24.0, 13.0), <= 60 => (20.0, 12.5), <= 110 => (18.0, 12.0), _ => (16.0, 11.5) };
        var measure = model.Measure;
        string[] estimates = PlotText.AlignDecimals([.. model.Rows.Select(r => measure.Format(r.Estimate))]);
        string[] lowers = PlotText.AlignDecimals([.. model.Rows.Select(r => measure.Format(r.Lower))]);
        string[] uppers = PlotText.AlignDecimals([.. model.Rows.Select(r => measure.Format(r.Upper))]);
        var all = model.Rows[^1];
        var last = studies + 0.4;
        var hasTau = model.Rows.Any(r => r.TauSquared is not null);
        var columns = new List<RowColumn>
        {
            new(model.LabelHeader, model.LabelHeader, ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [250, 210, 190, 138]),
            new("k", "k", ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Wide, [80, 80, 80, 80]),
            new($"{measure.Symbol} [{StatisticText.Level(model.ConfidenceLevel)} CI]", measure.Symbol, ColumnSide.Right, ColumnAlignment.Right,
                ColumnStay.Always, [280, 280, 90, 90]),
            new("I²", "I²", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [90, 90, 90, 90]),
        };
        if (hasTau) columns.Add(new("τ²", "τ²", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [110, 110, 110, 110]));
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (measure.HasNullValue && model.Axis.Contains(measure.DisplayNullValue)) lines.Add(new RowLine(measure.DisplayNullValue, -0.5, last + 0.5, Theme.Line, 1.2, null));
        if (model.Axis.Contains(all.Estimate)) lines.Add(new RowLine(all.Estimate, -0.5, last, Theme.Pooled, 1.2, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = plot,
            Columns = [.. columns],
            Rows = [.. model.Rows.Select((row, i) =>
            {
                var isAll = row.Study is null;
                string[] cells = [row.Label, StatisticText.Count(row.Count), $"{estimates[i]} [{lowers[i]}, {uppers[i]}]",
                    row.ISquared is { } i2 ? StatisticText.Percent(i2) : "", row.TauSquared is { } t2 ? StatisticText.Number(t2, 4) : ""];
                var position = isAll ? last : i;
                return new RowItem
                {
                    Position = position,
                    Moves = !isAll,
                    Bold = isAll,
                    Cells = [.. cells.Take(columns.Count)],
                    ShortCells = [.. cells.Select((c, at) => at == 2 ? estimates[i] : c).Take(columns.Count)],
                    Mark = isAll ? RowMark.Diamond : RowMark.Circle,
                    Color = isAll ? Theme.Pooled : Theme.Study,
                    Size = 1,
                    Estimate = row.Estimate,
                    Lower = row.Lower,
                    Upper = row.Upper,
                    Diamond = isAll ? ForestAxis.Diamond(row.Lower, row.Estimate, row.Upper, position, model.Axis) : [],
                    Hover = PlotText.Hover(row.Label, row.Details),
                };
            })],
            Axis = model.Axis,
            Lines = lines.ToImmutable(),
            Orders = studies < 3 || model.Orders.Length < 2 ? [] : model.Orders,
            Summary = model.Summary,
            Notes = model.Notes,
            RowHeight = height,
            LabelLines = 3,
            FontSize = font,
            LargestMark = 9,
        });
    }
}
