using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What corrections for bias put into a funnel: studies filled in, and curves.</summary>
internal sealed class FunnelOverlays
{
    /// <summary>More curves could not be told apart.</summary>
    public const int MostCurves = 4;

    private readonly FunnelPlotOptions _options;
    private readonly StudyTexts _texts;

    /// <exception cref="ArgumentException">The funnel has no place for them, or the filled studies belong to other effects.</exception>
    public FunnelOverlays(FunnelPlotOptions options, FitPoints points, bool isResidual)
    {
        (_options, _texts) = (options, points.Texts);
        if (options.Filled is null && options.Curves.Count == 0) return;
        if (isResidual) throw new ArgumentException("The funnel of a model with moderators shows residuals around 0, where neither filled studies nor curves of effects have a place: leave out Filled and Curves.");
        if (options.Scale == FunnelScale.SampleSize) throw new ArgumentException("Filled studies and curves have standard errors, no sample sizes: choose another scale.");
        if (options.Curves.Count > MostCurves) throw new ArgumentException($"A funnel shows at most {MostCurves} curves; these are {StatisticText.Count(options.Curves.Count)}.");
        if (options.Filled is not { } filled) return;
        var original = filled.Original.Effects;
        if (original.Count == points.Count && points.Points.All(p => Same(p.Effect, original.Effects[p.Index]) && Same(p.Variance, original.Variances[p.Index]))) return;
        throw new ArgumentException($"The filled studies are images of other effects than the funnel shows{(filled.AveragedWithin is { } column ? $", of averages within {column}" : "")}: draw the funnel of their own fit, FunnelPlot.Create(filled.Original, ...).");

        static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    public ImmutableArray<StudyPoint> Filled(Func<double, double> height, IReadOnlyList<string> labels) => _options.Filled is not { } filled ? [] :
        [.. filled.Filled.Select(f => new StudyPoint
        {
            Study = f.Source, Label = f.Label, X = f.Effect, Y = height(Math.Sqrt(f.Variance)),
            Details = [new("", "filled in: no study"), new("image of", labels[f.Source]), new(_texts.Measure.Symbol, _texts.Shown(f.Effect)), new("standard error", StatisticText.Significant(Math.Sqrt(f.Variance), 3))],
        })];

    /// <summary>The mean with the filled studies.</summary>
    public double? FilledEstimate => _options.Filled?.Fit.Estimate;

    public ImmutableArray<PlotLine> Curves(double[] errors, Func<double, double> height) =>
        [.. _options.Curves.Select(c => new PlotLine(c.Name, [.. errors.Select(se => new PlotPoint(c.MeanAt(se), height(se)))]))];

    /// <summary>What the horizontal axis should reach: the filled studies, and the ends of curves unless they lie far off.</summary>
    public IEnumerable<double> Reach(double low, double high, double largestError)
    {
        foreach (var study in _options.Filled?.Filled ?? []) yield return study.Effect;
        if (FilledEstimate is { } mean) yield return mean;
        foreach (var value in _options.Curves.SelectMany(c => new[] { c.MeanAt(0), c.MeanAt(largestError) }).Where(double.IsFinite)) yield return Math.Clamp(value, low - 0.4 * (high - low), high + 0.4 * (high - low));
    }

    public IEnumerable<string> Summary()
    {
        if (_options.Filled is { } filled)
        {
            yield return filled.Missing == 0 ? $"Trim and fill ({filled.Estimator}) finds no study missing on the {Side(filled)}."
                : $"Open: {FilledWords(filled)}; dash-dotted: the mean with {(filled.Missing == 1 ? "it" : "them")}, {_texts.Measure.Symbol} = {_texts.Shown(filled.Fit.Estimate)}{(filled.Fit.ConfidenceInterval is { } i ? $", {StatisticText.Level(i.Level)} CI {_texts.Shown(i)}" : "")}.";
        }
        var adjusted = _options.Curves.Where(c => c.Adjusted is not null).ToArray();
        if (adjusted.Length > 0) yield return $"Without sampling error, where lines meet the top: {string.Join("; ", adjusted.Select(c => $"{c.Name}, {_texts.Pooled(c.Adjusted!.Value)}"))}.";
    }

    public string Finding()
    {
        var text = _options.Filled is not { } filled ? ""
            : filled.Missing == 0 ? $" Trim and fill ({filled.Estimator}) finds no study missing on the {Side(filled)}."
            : $" Trim and fill puts in {FilledWords(filled)}: {_texts.Measure.Symbol} = {_texts.Shown(filled.Fit.Estimate)} with {(filled.Missing == 1 ? "it" : "them")}.";
        foreach (var curve in _options.Curves) text += curve.Adjusted is { } mean ? $" {char.ToUpperInvariant(curve.Name[0])}{curve.Name[1..]} leads to {_texts.Measure.Symbol} = {_texts.Shown(mean.Estimate)}." : $" A curve shows {curve.Name}.";
        return text;
    }

    public IEnumerable<string> Notes() => (_options.Filled?.Warnings ?? []).Concat(_options.Curves.SelectMany(c => c.Warnings.Select(w => $"{c.Name}: {w}")));

    private static string FilledWords(TrimAndFillResult filled) => $"{StudyTexts.Studies(filled.Missing)} on the {Side(filled)} ({filled.Estimator})";

    private static string Side(TrimAndFillResult filled) => filled.Side == FunnelSide.Left ? "left" : "right";
}
