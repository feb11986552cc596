using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a plot of the next study.</summary>
public sealed record NextStudyPlotOptions : PlotOptions
{
    /// <summary>How many people the smallest study has; 10 if not said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 4.</exception>
    public int Fewest
    {
        get;
        init => field = value >= 4 ? value : throw new ArgumentOutOfRangeException(nameof(Fewest), value, "A study has at least 4 people here.");
    } = 10;

    /// <summary>How many the largest has; 400 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 5.</exception>
    public int Most
    {
        get;
        init => field = value >= 5 ? value : throw new ArgumentOutOfRangeException(nameof(Most), value, "The largest study has at least 5 people here.");
    } = 400;

    /// <summary>True effect, variance by size and threshold; the defaults if not said.</summary>
    public NextStudyOptions Next { get; init; } = new();
}

/// <summary>
/// What one more study would add, by its size: the expected width of the interval as a share of the width now, how likely the mean is then significant, and how likely the conclusion changes
/// (<see cref="NextStudyResult"/>). Where true effects differ, the lines level off: beyond some size another study is worth more than more people. When not to use it: to stop or go on by the p-value.
/// </summary>
public static class NextStudyPlot
{
    private const int Sizes = 14;

    /// <summary>Lays out the plot.</summary>
    /// <param name="fit">A pooled fit.</param>
    /// <param name="options">Range and assumptions; the defaults if not said.</param>
    /// <exception cref="ArgumentException">The largest study is not larger than the smallest, or nothing says the variance of a study by its size.</exception>
    /// <example><code>
    /// var effects = Datasets.Molloy2014().Correlations();
    /// NextStudyPlot.Create(RandomEffects.Fit(effects))
    /// </code></example>
    public static CurvePlot Create(PooledFit fit, NextStudyPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new NextStudyPlotOptions();
        if (options.Most <= options.Fewest) throw new ArgumentException($"The largest study must have more people than the smallest; these are {options.Most} and {options.Fewest}.", nameof(options));
        // Small sizes matter most: steps grow with the size.
        NextStudyResult[] results = [.. Enumerable.Range(0, Sizes).Select(i => (int)Math.Round(options.Fewest * Math.Pow((double)options.Most / options.Fewest, i / (Sizes - 1.0)))).Distinct()
            .Select(n => fit.NextStudy(n, options.Next with { Studies = 1 }))];
        double[] people = [.. results.Select(r => r.People!.Value)];
        var hasWidth = results[0].Width > 0;
        CurveSeries Line(string name, Func<NextStudyResult, double> value) => new(name, people, [.. results.Select(value)]);
        var last = results[^1];
        string Share(Func<NextStudyResult, double> of)
        {
            var (small, large) = (StatisticText.Percent(of(results[0]), 0), StatisticText.Percent(of(last), 0));
            return small == large ? small : $"{small} to {large}";
        }
        List<CurveSeries> lines = [Line("significant then, probability", r => r.ProbabilitySignificant!.Value), Line("conclusion changes, probability", r => r.ProbabilityOfChange!.Value)];
        if (hasWidth) lines.Insert(0, Line("expected width / width now", r => r.ExpectedWidth!.Value / r.Width));
        return CurvePlot.Create(lines, new CurvePlotOptions
        {
            Title = options.Title,
            XTitle = "people in the next study",
            YTitle = "share or probability",
            XMinimum = 0,
            YMinimum = 0,
            YMaximum = Math.Max(1.02, 1.02 * lines.Max(l => l.Y.Max())),
            Origin = fit.Effects.Origin,
            References = [new CurveReference(1)],
            Finding = $"One more study of {StatisticText.Count(options.Fewest)} to {StatisticText.Count(options.Most)} people (v = {last.VarianceFormula}): "
                + (hasWidth ? $"the interval is expected to be {Share(r => r.ExpectedWidth!.Value / r.Width)} as wide as now; " : "")
                + $"the mean, now {(last.IsSignificant ? "" : "not ")}significant, is significant then with probability {Share(r => r.ProbabilitySignificant!.Value)}, "
                + $"and the conclusion changes with probability {Share(r => r.ProbabilityOfChange!.Value)}.",
        });
    }
}
