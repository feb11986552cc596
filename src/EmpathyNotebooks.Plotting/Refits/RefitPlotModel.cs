using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>One fit among several of the same model, on the scale shown.</summary>
public sealed record RefitRow
{
    /// <summary>The study or effect added or left out, by its row in the data counted from 0, or the place of the cluster; null for the fit of all.</summary>
    public required int? Study { get; init; }

    /// <summary>The label in full.</summary>
    public required string Label { get; init; }

    /// <summary>How many effects are in this fit.</summary>
    public required int Count { get; init; }

    /// <summary>The pooled effect, or the coefficient; null where these effects do not allow the model.</summary>
    public required double? Estimate { get; init; }

    /// <summary>The lower limit of its interval; null where there is none.</summary>
    public required double? Lower { get; init; }

    /// <summary>The upper limit of its interval; null where there is none.</summary>
    public required double? Upper { get; init; }

    /// <summary>Why there is no estimate; null where there is one.</summary>
    public string? Absence { get; init; }

    /// <summary>The variance of true effects in this fit, over all levels; null for a model without or with several, and for a single study.</summary>
    public required double? TauSquared { get; init; }

    /// <summary>I² of this fit as a fraction; null for a single study, and where the model defines none.</summary>
    public required double? ISquared { get; init; }

    /// <summary>The p-value of this fit; null where there is none.</summary>
    public required double? PValue { get; init; }

    /// <summary>Everything known of the fit and of the study, for its hover.</summary>
    public required ImmutableArray<PlotDetail> Details { get; init; }
}

/// <summary>Several fits of the same model as rows, as plain numbers and texts.</summary>
public sealed record RefitPlotModel : PlotModel
{
    /// <summary>What the effects measure.</summary>
    public required EffectMeasure Measure { get; init; }

    /// <summary>The coefficient whose refits are shown, on the scale that is pooled; null for the one mean effect, which is shown as a reader knows it.</summary>
    public string? Coefficient { get; init; }

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

/// <summary>What of a fit is followed over refits: its one mean effect, or one of its coefficients.</summary>
internal sealed class RefitTarget
{
    private RefitTarget(IModelFit fit, string? coefficient)
    {
        Coefficient = coefficient;
        Measure = coefficient is null ? fit.Measure : EffectMeasure.Generic;
        Texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel);
    }

    /// <summary>The name of the coefficient; null for the mean.</summary>
    public string? Coefficient { get; }

    public EffectMeasure Measure { get; }

    public StudyTexts Texts { get; }

    /// <summary>What it is, in a sentence.</summary>
    public string Noun => Coefficient is null ? "pooled effect" : $"coefficient of {Coefficient}";

    public string Symbol => Coefficient is null ? Measure.Symbol : "b";

    /// <summary>The mean where there is one, the coefficient named, or the only slope.</summary>
    /// <exception cref="ArgumentException">There are several, and it is not said which is meant; or there is none of that name.</exception>
    public static RefitTarget Of(IModelFit fit, string? coefficient)
    {
        if (coefficient is null && fit.Mean is not null) return new(fit, null);
        string[] names = [.. fit.Coefficients.Select(c => c.Name)];
        var slopes = names.Where(n => n != "Intercept").ToArray();
        var chosen = coefficient ?? (slopes is [var only] ? only : throw new ArgumentException($"The model has several coefficients: say with Coefficient which is meant, {string.Join(", ", names.Select(n => $"\"{n}\""))}.", nameof(fit)));
        return names.Contains(chosen) ? new(fit, fit.Mean is null ? chosen : null)
            : throw new ArgumentException($"There is no coefficient \"{chosen}\"; there are {string.Join(", ", names.Select(n => $"\"{n}\""))}.", nameof(coefficient));
    }

    public Coefficient Value(IModelFit fit) => Coefficient is null ? fit.Mean!.Value : fit.Coefficients.First(c => c.Name == Coefficient);

    public double Shown(IModelFit fit, double value) => Coefficient is null ? fit.Measure.ToDisplay(value) : value;

    public string Format(double shown) => Format(Measure, Coefficient, shown);

    /// <summary>Value and interval in a sentence: <c>r = .15, 95% CI [.08, .22]</c>.</summary>
    public string Sentence(IModelFit fit)
    {
        var value = Value(fit);
        return $"{Symbol} = {Format(Shown(fit, value.Estimate))}" + (value.HasStandardError ? $", {Texts.Level} CI {Interval(fit, value)}" : " (no standard error)");
    }

    public string Interval(IModelFit fit, Coefficient value) => $"[{Format(Shown(fit, value.ConfidenceInterval.Lower))}, {Format(Shown(fit, value.ConfidenceInterval.Upper))}]";

    public static string Format(EffectMeasure measure, string? coefficient, double shown) => coefficient is null ? measure.Format(shown) : StatisticText.Significant(shown, 3);
}

/// <summary>Lays out and draws fits as rows.</summary>
internal static class RefitRows
{
    /// <summary>What refits go by: the clusters of a fit that has some, unless single effects are asked for.</summary>
    public static FitPoints Points(IModelFit fit, PlotPoints? asked)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new FitPoints(fit, asked ?? (FitWords.ClustersOf(fit) is null ? PlotPoints.Effects : PlotPoints.Clusters));
    }

    public static RefitRow Row(RefitTarget target, IModelFit? fit, int count, int? study, string label, string what, string? absence, IEnumerable<PlotDetail> more)
    {
        var details = new List<PlotDetail>();
        var value = fit is null ? (Coefficient?)null : target.Value(fit);
        var known = value is { HasStandardError: true };
        if (fit is null) details.Add(new("", $"Not fitted: {absence}"));
        else
        {
            details.Add(new($"{what} {target.Symbol} [{target.Texts.Level} CI]", target.Format(target.Shown(fit, value!.Value.Estimate)) + (known ? " " + target.Interval(fit, value.Value) : " (no standard error)")));
            details.Add(new("k", new FitWords(fit).Short["k = ".Length..]));
            if (target.Measure.HasNullValue && known) details.Add(new("p", StatisticText.PValue(value.Value.PValue)));
            if (fit is { IsRandomEffects: true, TauSquared: { } tau2 }) details.Add(new("τ²", StatisticText.Significant(tau2, 3)));
            if (fit is { Count: > 1, ISquared: { } i2 }) details.Add(new("I²", StatisticText.Percent(i2)));
        }
        if (more.Any()) details.Add(new("", fit?.Clusters is null ? "The study itself:" : "What it is:"));
        return new RefitRow
        {
            Study = study,
            Label = label,
            Count = count,
            Estimate = value is { } v ? target.Shown(fit!, v.Estimate) : null,
            Lower = known ? target.Shown(fit!, value!.Value.ConfidenceInterval.Lower) : null,
            Upper = known ? target.Shown(fit!, value!.Value.ConfidenceInterval.Upper) : null,
            TauSquared = fit is { IsRandomEffects: true } ? fit.TauSquared : null,
            ISquared = fit is { Count: > 1 } ? fit.ISquared : null,
            PValue = known ? value!.Value.PValue : null,
            Absence = absence,
            Details = [.. details, .. more],
        };
    }

    public static PlotAxis Axis(RefitTarget target, IReadOnlyList<RefitRow> rows)
    {
        var (minimum, maximum) = ForestAxis.Choose([.. rows.Where(r => r.Estimate is not null).Select(r => (r.Lower ?? r.Estimate!.Value, r.Estimate!.Value, r.Upper ?? r.Estimate!.Value))], [], target.Measure);
        var title = target.Texts.MeasureTitle;
        return new PlotAxis(target.Coefficient is { } name ? $"Coefficient of {name}" : $"Pooled {char.ToLowerInvariant(title[0])}{title[1..]}", minimum, maximum, target.Measure.HasLeadingZero)
        {
            Spacing = target.Measure.AxisSpacing,
        };
    }

    /// <summary>Says how many fits there are not, and why the first of them.</summary>
    public static IEnumerable<string> AbsenceNotes(IEnumerable<RefitRow> rows)
    {
        RefitRow[] absent = [.. rows.Where(r => r.Absence is not null)];
        if (absent.Length == 0) return [];
        return [absent.Length == 1 ? $"{absent[0].Label} has no estimate: {absent[0].Absence}" : $"{StatisticText.Count(absent.Length, "row")} have no estimate, for instance {absent[0].Label}: {absent[0].Absence}"];
    }

    public static PlotlyFigure Draw(IPlot plot, RefitPlotModel model)
    {
        var studies = model.Rows.Length - 1;
        var (height, font) = studies switch { <= 30 => (24.0, 13.0), <= 60 => (20.0, 12.5), <= 110 => (18.0, 12.0), _ => (16.0, 11.5) };
        var measure = model.Measure;
        string Format(double? shown) => shown is { } value ? RefitTarget.Format(measure, model.Coefficient, value) : "";
        string[] estimates = PlotText.AlignDecimals([.. model.Rows.Select(r => Format(r.Estimate))]);
        string[] lowers = PlotText.AlignDecimals([.. model.Rows.Select(r => Format(r.Lower))]);
        string[] uppers = PlotText.AlignDecimals([.. model.Rows.Select(r => Format(r.Upper))]);
        var symbol = model.Coefficient is null ? measure.Symbol : "b";
        var all = model.Rows[^1];
        var last = studies + 0.4;
        var hasTau = model.Rows.Any(r => r.TauSquared is not null);
        var columns = new List<RowColumn>
        {
            new(model.LabelHeader, model.LabelHeader, ColumnSide.Left, ColumnAlignment.Left, ColumnStay.Always, [250, 210, 190, 138]),
            new("k", "k", ColumnSide.Left, ColumnAlignment.Right, ColumnStay.Wide, [80, 80, 80, 80]),
            new($"{symbol} [{StatisticText.Level(model.ConfidenceLevel)} CI]", symbol, ColumnSide.Right, ColumnAlignment.Right,
                ColumnStay.Always, [280, 280, 90, 90]),
        };
        var hasISquared = model.Rows.Any(r => r.ISquared is not null);
        if (hasISquared || model.Rows.Length < 3) columns.Add(new("I²", "I²", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [90, 90, 90, 90]));
        if (hasTau) columns.Add(new("τ²", "τ²", ColumnSide.Right, ColumnAlignment.Right, ColumnStay.Wide, [110, 110, 110, 110]));
        var lines = ImmutableArray.CreateBuilder<RowLine>();
        if (measure.HasNullValue && model.Axis.Contains(measure.DisplayNullValue)) lines.Add(new RowLine(measure.DisplayNullValue, -0.5, last + 0.5, Theme.Line, 1.2, null));
        if (all.Estimate is { } whole && model.Axis.Contains(whole)) lines.Add(new RowLine(whole, -0.5, last, Theme.Pooled, 1.2, "dash"));
        return RowFigure.Create(new RowChart
        {
            Plot = plot,
            Columns = [.. columns],
            Rows = [.. model.Rows.Select((row, i) =>
            {
                var isAll = row.Study is null;
                List<string> cells = [row.Label, StatisticText.Count(row.Count), row.Estimate is null ? "not fitted" : row.Lower is null ? estimates[i] : $"{estimates[i]} [{lowers[i]}, {uppers[i]}]"];
                if (columns.Any(c => c.Header == "I²")) cells.Add(row.ISquared is { } i2 ? StatisticText.Percent(i2) : "");
                if (hasTau) cells.Add(row.TauSquared is { } t2 ? StatisticText.Number(t2, 4) : "");
                var position = isAll ? last : i;
                return new RowItem
                {
                    Position = position,
                    Moves = !isAll,
                    Bold = isAll,
                    Cells = [.. cells],
                    ShortCells = [.. cells.Select((c, at) => at == 2 && row.Estimate is not null ? estimates[i] : c)],
                    Mark = isAll ? RowMark.Diamond : RowMark.Circle,
                    Color = isAll ? Theme.Pooled : Theme.Study,
                    Size = 1,
                    Estimate = row.Estimate,
                    Lower = row.Lower,
                    Upper = row.Upper,
                    Diamond = isAll && row.Estimate is { } at ? ForestAxis.Diamond(row.Lower ?? at, at, row.Upper ?? at, position, model.Axis) : [],
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
