using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a profile plot of tau².</summary>
public sealed record TauSquaredProfileOptions : PlotOptions;

/// <summary>A profile plot of tau² as plain numbers and texts.</summary>
public sealed record TauSquaredProfileModel : PlotModel
{
    /// <summary>tau².</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The log-likelihood less its maximum.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>The log-likelihood less its maximum over tau².</summary>
    public required ImmutableArray<PlotPoint> Profile { get; init; }

    /// <summary>The estimate, where the profile is highest.</summary>
    public required double Estimate { get; init; }

    /// <summary>Every tau² whose log-likelihood lies above <see cref="Threshold"/>.</summary>
    public required ConfidenceInterval Interval { get; init; }

    /// <summary>Minus half the chi² quantile of the level.</summary>
    public required double Threshold { get; init; }
}

/// <summary>
/// The profile likelihood of tau²: how well each amount of heterogeneity explains the data, the mean effect being at its best for it (Hardy &amp; Thompson 1996, Statistics in
/// Medicine 15, 619-629). A peak says that the data tell tau²; a flat or one-sided curve that they hardly do. metafor: <c>profile()</c>.
/// </summary>
public sealed class TauSquaredProfilePlot : Plot<TauSquaredProfileModel>
{
    private const int Steps = 120;

    private TauSquaredProfilePlot(TauSquaredProfileModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the profile of a fit without moderators.</summary>
    /// <param name="fit">A fit by maximum or restricted maximum likelihood.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The fit is by another method.</exception>
    /// <exception cref="NonConvergenceException">The interval cannot be found.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ);
    /// var plot = TauSquaredProfilePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static TauSquaredProfilePlot Create(PooledFit fit, TauSquaredProfileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Heterogeneity, fit.Effects, fit.MethodCode, fit.Warnings, options);
    }

    /// <inheritdoc cref="Create(PooledFit, TauSquaredProfileOptions?)"/>
    public static TauSquaredProfilePlot Create(MetaRegressionFit fit, TauSquaredProfileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Create(fit.Heterogeneity, fit.Effects, fit.MethodCode, fit.Warnings, options);
    }

    private static TauSquaredProfilePlot Create(HeterogeneityMeasures heterogeneity, StudyEffects effects, string method, ImmutableArray<string> warnings,
        TauSquaredProfileOptions? options)
    {
        var interval = heterogeneity.ProfileLikelihoodIntervals().TauSquared;
        var estimate = heterogeneity.TauSquared;
        var top = heterogeneity.LogLikelihoodAt(estimate);
        // Half the chi² quantile of one degree of freedom is half the square of the normal one.
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + heterogeneity.ConfidenceLevel / 2);
        var threshold = -z * z / 2;
        var end = 1.25 * interval.Upper;
        // Closer together towards 0, where the profile may rise steeply.
        double[] at = [.. Enumerable.Range(0, Steps + 1).Select(i => end * i * i / (Steps * (double)Steps)).Append(estimate).Order()];
        PlotPoint[] profile = [.. at.Select(t => new PlotPoint(t, heterogeneity.LogLikelihoodAt(t) - top))];
        var texts = new StudyTexts(effects, heterogeneity.ConfidenceLevel);
        var shown = $"[{StatisticText.Significant(interval.Lower, 3)}, {StatisticText.Significant(interval.Upper, 3)}]";
        var sentence = $"τ² = {StatisticText.Significant(estimate, 3)} ({method}), {texts.Level} profile likelihood CI {shown}"
            + (estimate == 0 ? ": the likelihood is highest without heterogeneity." : interval.Lower == 0 ? ", which includes 0." : ", which excludes 0.");
        // Only so far down as a reader needs to see where the curve goes.
        var bottom = Math.Max(profile.Min(p => p.Y), 2.2 * threshold);
        return new TauSquaredProfilePlot(new TauSquaredProfileModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Profile likelihood of {StudyTexts.Studies(effects.Count)}: {sentence}"),
            Origin = effects.Origin,
            XAxis = new PlotAxis("τ², variance of true effects", -0.02 * end, end, true),
            YAxis = new PlotAxis("Log-likelihood, less its maximum", 1.06 * Math.Min(bottom, 1.15 * threshold), -0.12 * threshold, true),
            Profile = [.. profile],
            Estimate = estimate,
            Interval = interval,
            Threshold = threshold,
            Summary = [sentence + $" Dotted: {StatisticText.Number(-threshold)} below the maximum, where the interval ends."],
            Notes = warnings,
        });
    }

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var y = Model.YAxis;
        PlotPoint[] inside = [.. Model.Profile.Where(p => p.Y >= Model.Threshold)];
        PlotPoint[] corners = [new(Model.Interval.Lower, Model.Threshold), .. inside.Where(p => p.X > Model.Interval.Lower && p.X < Model.Interval.Upper), new(Model.Interval.Upper, Model.Threshold)];
        if (Model.Interval.Lower == 0) corners = [corners[0], Model.Profile[0], .. corners[1..]];
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = y,
            Traces =
            [
                new Scatter
                {
                    Name = "confidence interval", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
                    X = [.. corners.Select(p => (double?)p.X)], Y = [.. corners.Select(p => (double?)p.Y)],
                },
                new Scatter
                {
                    Name = "profile", Mode = "lines", LineColor = Theme.Study, LineWidth = 2.4, ClipOnAxis = true,
                    X = [.. Model.Profile.Select(p => (double?)p.X)], Y = [.. Model.Profile.Select(p => (double?)p.Y)],
                    Hover = [.. Model.Profile.Select(p => PlotText.Hover("", [new("τ²", StatisticText.Significant(p.X, 3)), new("τ", StatisticText.Significant(Math.Sqrt(p.X), 3)),
                        new("below the maximum", StatisticText.Number(-p.Y, 3))]))],
                },
                new Scatter
                {
                    Name = "estimate", Mode = "markers", MarkerSize = 11, MarkerColor = Theme.Pooled, MarkerSymbol = "diamond", MarkerLineWidth = 0, X = [Model.Estimate], Y = [0],
                    Hover = [PlotText.Hover("Estimate", [new("τ²", StatisticText.Significant(Model.Estimate)), new("τ", StatisticText.Significant(Math.Sqrt(Model.Estimate)))])],
                },
            ],
            Lines =
            [
                new FigureLine("paper", 0, 1, "y", Model.Threshold, Model.Threshold, Theme.Muted, 1.4, "dot"),
                .. new[] { Model.Interval.Lower, Model.Interval.Upper }.Select(limit => new FigureLine("x", limit, limit, "y", y.Minimum, Model.Threshold, Theme.Muted, 1.2, "dash")),
            ],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 340,
        });
    }
}
