using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Lays out a triangulation plot.</summary>
internal sealed class TriangulationBuilder
{
    private readonly IModelFit _fit;
    private readonly IReadOnlyList<AdjustedEstimate> _estimates;
    private readonly TriangulationPlotOptions _options;
    private readonly EffectMeasure _measure;
    private readonly StudyTexts _texts;
    private readonly Coefficient _mean;

    public TriangulationBuilder(IModelFit fit, IReadOnlyList<AdjustedEstimate> estimates, TriangulationPlotOptions options)
    {
        (_fit, _estimates, _options, _measure) = (fit, estimates, options, fit.Measure);
        _texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel, options.Digits);
        _mean = fit.Mean ?? throw new ArgumentException($"Adjusted means stand beside the one mean of a model without moderators; this one has {fit.Moderators}.", nameof(fit));
        if (estimates.Count == 0) throw new ArgumentException("A triangulation shows at least one adjusted estimate beside the mean.", nameof(estimates));
        foreach (var estimate in estimates)
        {
            if (double.IsFinite(estimate.Estimate) && (estimate.ConfidenceInterval is not { } interval || !(double.IsNaN(interval.Lower) || double.IsNaN(interval.Upper)))) continue;
            throw new ArgumentException(FormattableString.Invariant($"The estimate of {estimate.Method} is {estimate.Estimate} {estimate.ConfidenceInterval}; it must be a finite number, and its limits numbers. Leave out a method that has no answer."), nameof(estimates));
        }
    }

    public TriangulationPlotModel Build()
    {
        ImmutableArray<TriangulationRow> rows = [Unadjusted(), .. _estimates.Select(Row)];
        var (minimum, maximum) = ForestAxis.Choose([.. rows.Select(r => (Finite(r.Lower, r.Estimate), r.Estimate, Finite(r.Upper, r.Estimate)))], [], _measure);
        var byEstimate = new double[_estimates.Count];
        foreach (var (place, row) in Enumerable.Range(0, _estimates.Count).OrderByDescending(i => rows[i + 1].Estimate).Index()) byEstimate[row] = place + 1;
        var title = _texts.MeasureTitle;
        return new TriangulationPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding(Finding(rows)),
            Origin = _fit.Effects.Origin,
            Measure = _measure,
            ConfidenceLevel = _fit.ConfidenceLevel,
            Rows = rows,
            ByEstimate = [.. byEstimate],
            Axis = new PlotAxis($"Mean {char.ToLowerInvariant(title[0])}{title[1..]}", minimum, maximum, _measure.HasLeadingZero) { Spacing = _measure.AxisSpacing },
            Digits = _options.Digits,
            Summary = Summary(rows),
            Notes = Notes(),
        };

        static double Finite(double? limit, double estimate) => limit is { } value && double.IsFinite(value) ? value : estimate;
    }

    /// <summary>A shown value; limits may be endless.</summary>
    public static string Format(EffectMeasure measure, double shown, int digits) => double.IsInfinity(shown) ? shown > 0 ? "∞" : "−∞" : measure.Format(shown, digits);

    private TriangulationRow Unadjusted()
    {
        var interval = _mean.HasStandardError ? _mean.ConfidenceInterval : (ConfidenceInterval?)null;
        var details = new List<PlotDetail>
        {
            new(interval is null ? _measure.Symbol : $"{_measure.Symbol} [{_texts.Level} CI]", Shown(_mean.Estimate, interval)),
            new("k", new FitWords(_fit).Short["k = ".Length..]),
        };
        if (_measure.HasNullValue && _mean.HasStandardError) details.Add(new("p", StatisticText.PValue(_mean.PValue)));
        details.Add(new("holds if", "whether a result was published did not depend on it."));
        return new TriangulationRow
        {
            Method = "Unadjusted mean", IsUnadjusted = true, Estimate = _measure.ToDisplay(_mean.Estimate), Count = _fit.Count, Assumption = "", Warnings = [],
            Lower = Display(interval?.Lower), Upper = Display(interval?.Upper), Details = [.. details],
        };
    }

    private TriangulationRow Row(AdjustedEstimate estimate)
    {
        var interval = estimate.ConfidenceInterval;
        List<PlotDetail> details =
        [
            new(interval is { } i ? $"{_measure.Symbol} [{StatisticText.Level(i.Level)} CI]" : _measure.Symbol, Shown(estimate.Estimate, interval) + (interval is null ? " (the method defines no interval)" : "")),
            new("k", StatisticText.Count(estimate.Count)),
            new("against unadjusted", $"{_measure.AnalysisSymbol} {(estimate.Estimate < _mean.Estimate ? "less" : "more")} by {StatisticText.Significant(Math.Abs(estimate.Estimate - _mean.Estimate), 2)}"),
        ];
        if (estimate.Assumption.Length > 0) details.Add(new("assumes", estimate.Assumption));
        details.AddRange(estimate.Warnings.Select(w => new PlotDetail("but", w)));
        return new TriangulationRow
        {
            Method = estimate.Method, IsUnadjusted = false, Estimate = _measure.ToDisplay(estimate.Estimate), Count = estimate.Count, Assumption = estimate.Assumption, Warnings = estimate.Warnings,
            Lower = Display(interval?.Lower), Upper = Display(interval?.Upper), Details = [.. details],
        };
    }

    private string Finding(ImmutableArray<TriangulationRow> rows)
    {
        var adjusted = rows.Skip(1).ToArray();
        var smallest = adjusted.MinBy(r => r.Estimate)!;
        var largest = adjusted.MaxBy(r => r.Estimate)!;
        var text = $"Without adjustment {_texts.Pooled(_mean)}, {new FitWords(_fit).Short}. ";
        text += adjusted.Length == 1
            ? $"Adjusted by {smallest.Method}: {_measure.Symbol} = {Text(smallest)}{Brackets(smallest)}."
            : $"Adjusted for publication bias by {StatisticText.Count(adjusted.Length)} methods: {_measure.Symbol} from {Text(smallest)} ({smallest.Method}) to {Text(largest)} ({largest.Method}).";
        var withInterval = adjusted.Where(r => r.Lower is not null).ToArray();
        if (!_measure.HasNullValue || withInterval.Length == 0) return text;
        var zero = _measure.DisplayNullValue;
        var excluding = withInterval.Count(r => r.Lower > zero || r.Upper < zero);
        return text + (withInterval.Length == 1
            ? $" Its interval {(excluding == 1 ? "excludes" : "includes")} {Null()}."
            : $" {StatisticText.Count(excluding)} of {StatisticText.Count(withInterval.Length)} intervals exclude {Null()}.");

        string Null() => Format(_measure, zero, 0);
        string Brackets(TriangulationRow row) => row is { Lower: { } lower, Upper: { } upper } ? $" [{Format(_measure, lower, _options.Digits)}, {Format(_measure, upper, _options.Digits)}]" : "";
        string Text(TriangulationRow row) => Format(_measure, row.Estimate, _options.Digits);
    }

    private ImmutableArray<string> Summary(ImmutableArray<TriangulationRow> rows)
    {
        var key = "Diamond and dashed line: the mean without adjustment. Each row below: what the mean would be if one story of publication bias were true.";
        if (rows.Any(r => !r.Warnings.IsEmpty)) key += " Open circle: a method with a warning.";
        if (rows.Any(r => r is { IsUnadjusted: false, Lower: null })) key += " No bar: the method defines no interval.";
        return [key];
    }

    private ImmutableArray<string> Notes()
    {
        var notes = new List<string>(_fit.Warnings);
        // Methods that share a warning share its line.
        notes.AddRange(_estimates.SelectMany(e => e.Warnings.Select(w => (e.Method, Warning: w))).GroupBy(w => w.Warning).Select(g => $"{string.Join(", ", g.Select(w => w.Method).Distinct())}: {g.Key}"));
        var others = _estimates.Where(e => e.ConfidenceInterval is { } i && Math.Abs(i.Level - _fit.ConfidenceLevel) > 1e-9).ToArray();
        notes.AddRange(others.GroupBy(e => e.ConfidenceInterval!.Value.Level).Select(g => $"The {(g.Count() == 1 ? "interval" : "intervals")} of {string.Join(", ", g.Select(e => e.Method))} {(g.Count() == 1 ? "is" : "are")} at {StatisticText.Level(g.Key)}."));
        return [.. notes];
    }

    private string Shown(double estimate, ConfidenceInterval? interval)
    {
        string Text(double value) => Format(_measure, _measure.ToDisplay(value), _options.Digits);
        return Text(estimate) + (interval is { } i ? $" [{Text(i.Lower)}, {Text(i.Upper)}]" : "");
    }

    private double? Display(double? value) => value is { } v ? _measure.ToDisplay(v) : null;
}
