using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// A curve through a funnel: the effect that a regression expects of a study with some standard error. A result becomes one by itself:
/// <c>new FunnelPlotOptions { Curves = [fit.Pet(), fit.Peese(), fit.LimitMetaAnalysis()] }</c>.
/// </summary>
/// <param name="Name">What it is, for the legend.</param>
/// <param name="MeanAt">The effect expected at a standard error of 0 or more, on the scale that is pooled.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006], EffectMeasure.FisherZ));
/// FunnelCurve peese = fit.Peese();
/// var plot = FunnelPlot.Create(fit, new() { Curves = [peese, new("no bias", _ =&gt; fit.Estimate)] });
/// </code></example>
public sealed record FunnelCurve(string Name, Func<double, double> MeanAt)
{
    /// <summary>The mean of a study without sampling error by this curve, where the method takes it as its adjusted mean; null where it takes none.</summary>
    public Coefficient? Adjusted { get; init; }

    /// <summary>What a careful reader should know about it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The curve of PET or PEESE.</summary>
    /// <param name="regression">The regression, on standard errors or variances.</param>
    /// <exception cref="ArgumentException">It is a regression on another column, which has no place in the funnel.</exception>
    public static FunnelCurve Of(FunnelRegression regression)
    {
        ArgumentNullException.ThrowIfNull(regression);
        if (regression.Column is { } column) throw new ArgumentException($"This {regression.Method} is a regression on {column}, not on the standard error of the funnel: draw it with BubblePlot.", nameof(regression));
        return new(regression.Method, se => regression.At(se).Estimate) { Adjusted = regression.Intercept, Warnings = regression.Warnings };
    }

    /// <summary>The line of Egger's test.</summary>
    /// <param name="test">The test, with the standard error or the variance as its predictor.</param>
    /// <exception cref="ArgumentException">Its predictor is a sample size, or its model has moderators, so that there is no one line.</exception>
    public static FunnelCurve Of(EggerTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (test.Predictor is not (SmallStudyPredictor.StandardError or SmallStudyPredictor.Variance)) throw new ArgumentException("Egger's test with a sample size as its predictor has no line in a funnel of standard errors: draw it with BubblePlot.", nameof(test));
        if (test.MeanAt(0) is null) throw new ArgumentException("With moderators Egger's test has no one line.", nameof(test));
        var isError = test.Predictor == SmallStudyPredictor.StandardError;
        return new(isError ? "Egger's test" : "Egger's test, variance", se => test.MeanAt(isError ? se : se * se)!.Value) { Adjusted = test.Limit, Warnings = test.Warnings };
    }

    /// <summary>The curve of a limit meta-analysis.</summary>
    /// <param name="limit">The limit meta-analysis.</param>
    public static FunnelCurve Of(LimitMetaAnalysis limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return new("limit meta-analysis", limit.At) { Adjusted = limit.Estimate, Warnings = limit.Warnings };
    }

    /// <summary>See <see cref="Of(FunnelRegression)"/>.</summary>
    /// <param name="regression">The regression.</param>
    public static implicit operator FunnelCurve(FunnelRegression regression) => Of(regression);

    /// <summary>See <see cref="Of(EggerTest)"/>.</summary>
    /// <param name="test">The test.</param>
    public static implicit operator FunnelCurve(EggerTest test) => Of(test);

    /// <summary>See <see cref="Of(LimitMetaAnalysis)"/>.</summary>
    /// <param name="limit">The limit meta-analysis.</param>
    public static implicit operator FunnelCurve(LimitMetaAnalysis limit) => Of(limit);
}
