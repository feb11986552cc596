using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Computes what a GOSH plot shows.</summary>
internal sealed class GoshBuilder
{
    /// <summary>How many bars the histograms have.</summary>
    private const int Bars = 40;

    private readonly GoshResult _gosh;
    private readonly GoshPlotOptions _options;
    private readonly SubsetMembership _study;
    private readonly GoshMark[] _points;
    private readonly StudyTexts _texts;
    private readonly string _name;

    public GoshBuilder(GoshResult gosh, GoshPlotOptions options)
    {
        (_gosh, _options) = (gosh, options);
        var place = options.Study is { } label ? gosh.Studies.Select(s => s.Label).ToList().IndexOf(label) : Enumerable.Range(0, gosh.Studies.Length)
            .MaxBy(i => (gosh.Studies[i].IsOutlying, Math.Max(gosh.Studies[i].EstimateExplained, gosh.Studies[i].HeterogeneityExplained)));
        if (place < 0) throw new ArgumentException($"{options.Study} is none of the {Noun}: {string.Join(", ", gosh.Studies.Take(6).Select(s => s.Label))}{(gosh.Studies.Length > 6 ? ", ..." : "")}.", nameof(options));
        _study = gosh.Studies[place];
        _texts = new StudyTexts(gosh.Fit.Effects, gosh.Fit.ConfidenceLevel);
        _name = gosh.Fit.Mean is null ? gosh.Coefficient : gosh.Fit.Measure.Symbol;
        _points = [.. gosh.Points.Select((point, i) =>
        {
            var members = gosh.Members(i);
            return new GoshMark(point.Estimate, options.Heterogeneity == GoshHeterogeneity.ISquared ? 100 * point.ISquared : point.TauSquared, 1, members[place], members.Count(m => m));
        })];
    }

    private string Noun => FitWords.ClustersOf(_gosh.Fit) is null ? "studies" : new FitWords(_gosh.Fit).Clusters(2);

    public GoshPlotModel Build()
    {
        var fit = _gosh.Fit;
        var isI2 = _options.Heterogeneity == GoshHeterogeneity.ISquared;
        var whole = fit.Coefficients.First(c => c.Name == _gosh.Coefficient).Estimate;
        var wholeY = isI2 ? 100 * fit.ISquared : fit.TauSquared;
        double low = _points.Min(p => p.Estimate), high = _points.Max(p => p.Estimate), top = Math.Max(_points.Max(p => p.Heterogeneity), wholeY ?? 0);
        var room = PlotAxis.Room(low, high, 0.03);
        // Where no subset differs by more than sampling error the axis still needs a length.
        if (!(top > 0)) top = isI2 ? 100 : 1;
        var isBinned = _gosh.Subsets > _options.MostPoints || _points.Length > _options.MostPoints;
        var title = fit.Mean is null ? _gosh.Coefficient : _texts.MeasureTitle;
        return new GoshPlotModel
        {
            Title = _options.Title,
            Finding = _texts.Finding($"{_gosh}.{Means}"),
            Origin = fit.Effects.Origin,
            Measure = fit.Measure,
            IsMean = fit.Mean is not null,
            XAxis = new PlotAxis(title, Math.Min(low, whole) - room, Math.Max(high, whole) + room, fit.Mean is null || fit.Measure.HasLeadingZero),
            YAxis = new PlotAxis(isI2 ? "I² (%)" : "τ²", -0.02 * top, 1.03 * top, true),
            Heterogeneity = _options.Heterogeneity,
            Study = _study.Label,
            Units = _gosh.Studies.Length,
            Marks = isBinned ? [.. Binned(low, high, top)] : [.. _points],
            IsBinned = isBinned,
            EstimateBars = Histogram(p => p.Estimate, low, high),
            HeterogeneityBars = Histogram(p => p.Heterogeneity, _points.Min(p => p.Heterogeneity), _points.Max(p => p.Heterogeneity)),
            Estimate = whole,
            EstimateHeterogeneity = wholeY,
            Summary = [Counted(isBinned), $"Median {_name} = {Shown(_gosh.Estimate.Median)}; 95% of the subsets from {Shown(_gosh.Estimate.Quantile(0.025))} to {Shown(_gosh.Estimate.Quantile(0.975))}. Dotted: all together.", Divided],
            Notes = [.. fit.Warnings, .. _gosh.Undetermined > 0 ? [$"{StatisticText.Count(_gosh.Undetermined)} further subsets do not determine {Followed}."] : ImmutableArray<string>.Empty],
        };
    }

    private string Followed => _gosh.Fit.Mean is null ? _gosh.Coefficient : "the mean";

    private string Counted(bool isBinned)
    {
        var counted = $"{(_gosh.IsExhaustive ? "All " : "")}{StatisticText.Count(_gosh.Subsets)} {(_gosh.IsExhaustive ? "" : "random ")}subsets of {StatisticText.Count(_gosh.Studies.Length)} {Noun}{(_gosh.Undetermined > 0 ? $" that determine {Followed}" : "")}.";
        var total = _gosh.Subsets + _gosh.Undetermined;
        // The step is odd, and the last one may be short.
        var step = _points.Length >= _gosh.Subsets ? 1 : Math.Max(1, (total + 19_999) / 20_000) | 1;
        if (step > 1) counted += $" Drawn: every {StatisticText.Count(step)}{(step % 10 == 3 && step % 100 != 13 ? "rd" : step % 10 == 1 && step % 100 != 11 ? "st" : "th")} of them, {StatisticText.Count(_points.Length)}.";
        return isBinned ? counted + " Marks: bins of subsets near one another, their areas as their numbers." : counted;
    }

    private string Divided => (_gosh.Outlying.IsEmpty ? "No study divides the cloud." : $"Outlying: {string.Join(", ", _gosh.Outlying)}.") + Means;

    private string Means => double.IsFinite(_study.MeanWith) && double.IsFinite(_study.MeanWithout)
        ? $" Mean {_name} with {_study.Label}: {Shown(_study.MeanWith)}, without: {Shown(_study.MeanWithout)}." : "";

    private string Shown(double value) => _gosh.Fit.Mean is null ? StatisticText.Significant(value, 3) : _texts.Shown(value);

    /// <summary>Subsets near one another with the study, and those without it, as one mark each, at their mean.</summary>
    private IEnumerable<GoshMark> Binned(double low, double high, double top) => _points
        .GroupBy(p => (Place(p.Estimate, low, high, _options.Bins), Place(p.Heterogeneity, 0, top, _options.Bins * 5 / 8), p.HasStudy))
        .OrderBy(g => g.Key)
        .Select(g => new GoshMark(g.Average(p => p.Estimate), g.Average(p => p.Heterogeneity), g.Count(), g.Key.HasStudy, g.Average(p => p.Members)));

    private static int Place(double value, double low, double high, int count) => high > low ? Math.Clamp((int)((value - low) / (high - low) * count), 0, count - 1) : 0;

    private ImmutableArray<GoshBar> Histogram(Func<GoshMark, double> value, double low, double high)
    {
        // Where all are one value there is one bar around it.
        if (!PlotAxis.HasLength(low, high))
        {
            var half = Math.Max(Math.Abs(low), 1e-3) / 100;
            return [new GoshBar(low - half, low + half, _points.Count(p => p.HasStudy), _points.Count(p => !p.HasStudy))];
        }
        var count = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(_points.Length)), 5, Bars);
        var (with, without) = (new int[count], new int[count]);
        foreach (var point in _points) (point.HasStudy ? with : without)[Place(value(point), low, high, count)]++;
        return [.. Enumerable.Range(0, count).Select(i => new GoshBar(low + (high - low) * i / count, i == count - 1 ? high : low + (high - low) * (i + 1) / count, with[i], without[i]))];
    }
}
