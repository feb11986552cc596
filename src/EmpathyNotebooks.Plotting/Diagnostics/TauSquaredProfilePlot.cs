using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a profile plot of tau².</summary>
public sealed record TauSquaredProfileOptions : PlotOptions;

/// <summary>The profile of one variance.</summary>
/// <param name="Name">What it is: <c>τ²</c>, or <c>σ² of sample</c>.</param>
/// <param name="Profile">The log-likelihood less its maximum over the variance.</param>
/// <param name="Estimate">The estimate, where the profile is highest.</param>
/// <param name="Interval">Every value whose log-likelihood lies above the threshold; its upper limit can be infinite.</param>
public sealed record VarianceProfile(string Name, ImmutableArray<PlotPoint> Profile, double Estimate, ConfidenceInterval Interval);

/// <summary>A profile plot of tau² as plain numbers and texts.</summary>
public sealed record TauSquaredProfileModel : PlotModel
{
    /// <summary>tau², or the variances of levels.</summary>
    public required PlotAxis XAxis { get; init; }

    /// <summary>The log-likelihood less its maximum.</summary>
    public required PlotAxis YAxis { get; init; }

    /// <summary>One curve for each variance: τ² of models with one, σ² of each level of the others.</summary>
    public required ImmutableArray<VarianceProfile> Variances { get; init; }

    /// <summary>The log-likelihood less its maximum over the first variance.</summary>
    public ImmutableArray<PlotPoint> Profile => Variances[0].Profile;

    /// <summary>The estimate of the first variance, where its profile is highest.</summary>
    public double Estimate => Variances[0].Estimate;

    /// <summary>Every value of the first variance whose log-likelihood lies above <see cref="Threshold"/>.</summary>
    public ConfidenceInterval Interval => Variances[0].Interval;

    /// <summary>Minus half the chi² quantile of the level.</summary>
    public required double Threshold { get; init; }
}

/// <summary>
/// The profile likelihood of tau², or of the variance of each level: how well each amount of heterogeneity explains the data, the mean effect being at its best for it (Hardy &amp; Thompson 1996, Statistics in
/// Medicine 15, 619-629). A peak says that the data tell tau²; a flat or one-sided curve that they hardly do. metafor: <c>profile()</c>.
/// </summary>
public sealed class TauSquaredProfilePlot : Plot<TauSquaredProfileModel>
{
    private const int Steps = 120;

    /// <summary>Each point is a search over the other variances.</summary>
    private const int StepsOfLevel = 48;

    /// <summary>Told apart by dash, too.</summary>
    private static readonly string?[] Dashes = [null, "dash", "dot", "dashdot"];

    private TauSquaredProfilePlot(TauSquaredProfileModel model)
        : base(model)
    {
    }

    /// <summary>Lays out the profile of tau², or of the variance of each level.</summary>
    /// <param name="fit">A fit by maximum or restricted maximum likelihood.</param>
    /// <param name="options">The title; none if not said.</param>
    /// <exception cref="ArgumentException">The fit is by another method, or has no variance of which there is a profile: those of outcomes, of moderators, and those that were given.</exception>
    /// <exception cref="ConvergenceException">The interval cannot be found.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ);
    /// var plot = TauSquaredProfilePlot.Create(RandomEffects.Fit(effects));
    /// </code></example>
    public static TauSquaredProfilePlot Create(IModelFit fit, TauSquaredProfileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        // Half the chi² quantile of one degree of freedom is half the square of the normal one.
        var z = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, 0.5 + fit.ConfidenceLevel / 2);
        var threshold = -z * z / 2;
        ImmutableArray<VarianceProfile> profiles = fit.Heterogeneity is { } heterogeneity ? [OfTauSquared(heterogeneity)] : OfLevels(fit);
        var texts = new StudyTexts(fit.Effects, fit.ConfidenceLevel);
        var end = profiles.Max(p => p.Profile[^1].X);
        var sentences = string.Join(" ", profiles.Select(Sentence));
        // Only so far down as a reader needs to see where the curve goes.
        var bottom = Math.Max(profiles.Min(p => p.Profile.Min(at => at.Y)), 2.2 * threshold);
        return new TauSquaredProfilePlot(new TauSquaredProfileModel
        {
            Title = options?.Title ?? "",
            Finding = texts.Finding($"Profile likelihood of {new FitWords(fit).Counted}: {sentences}"),
            Origin = fit.Effects.Origin,
            XAxis = new PlotAxis(fit.Heterogeneity is not null ? "τ², variance of true effects" : "σ², variance of true effects at a level", -0.02 * end, end, true),
            YAxis = new PlotAxis("Log-likelihood, less its maximum", 1.06 * Math.Min(bottom, 1.15 * threshold), -0.12 * threshold, true),
            Variances = profiles,
            Threshold = threshold,
            Summary = [sentences + $" Dotted: {StatisticText.Number(-threshold)} below the maximum, where the interval{(profiles.Length == 1 ? " ends" : "s end")}."],
            Notes = fit.Warnings,
        });

        string Sentence(VarianceProfile p)
        {
            var upper = double.IsFinite(p.Interval.Upper) ? StatisticText.Significant(p.Interval.Upper, 3) : "∞";
            return $"{p.Name} = {StatisticText.Significant(p.Estimate, 3)} ({fit.MethodCode}), {texts.Level} profile likelihood CI [{StatisticText.Significant(p.Interval.Lower, 3)}, {upper}]"
                + (p.Estimate == 0 ? $": the likelihood is highest without {(fit.Heterogeneity is not null ? "heterogeneity" : "it")}." : p.Interval.Lower == 0 ? ", which includes 0." : ", which excludes 0.");
        }
    }

    private static VarianceProfile OfTauSquared(HeterogeneityMeasures heterogeneity)
    {
        var interval = heterogeneity.ProfileLikelihoodIntervals().TauSquared;
        var top = heterogeneity.LogLikelihoodAt(heterogeneity.TauSquared);
        return new("τ²", [.. Values(1.25 * interval.Upper, heterogeneity.TauSquared, Steps).Select(t => new PlotPoint(t, heterogeneity.LogLikelihoodAt(t) - top))], heterogeneity.TauSquared, interval);
    }

    private static ImmutableArray<VarianceProfile> OfLevels(IModelFit fit)
    {
        VarianceComponent[] levels = [.. fit.VarianceComponents.Where(c => !c.IsFixed)];
        if (levels.Length == 0)
        {
            throw new ArgumentException(fit switch
            {
                RobustVarianceFit => "Robust variance estimation finds its variances by moments, not by a likelihood, so that they have no profile.",
                LocationScaleFit { Scale: { } scale } => $"The variance depends on {scale}, so that there is no one tau² whose profile could be drawn; each study's own stands in the hovers of CaterpillarPlot.",
                LocationScaleFit => "A location-scale model without moderators of the variance has the tau² of a random-effects model: draw the profile of RandomEffects.Fit.",
                MultivariateFit => "The profile is drawn of the variances of levels; this model has those of outcomes, with correlations between them.",
                _ => "The model has no variance that was estimated.",
            }, nameof(fit));
        }
        return [.. levels.Select(level =>
        {
            var interval = level.SigmaSquaredInterval;
            var end = double.IsFinite(interval.Upper) ? 1.25 * interval.Upper : 10 * Math.Max(level.SigmaSquared, fit.Effects.Variances.Average());
            double[] at = Values(end, level.SigmaSquared, StepsOfLevel);
            var values = level.LogLikelihoodsAt(at);
            var top = values[Array.IndexOf(at, level.SigmaSquared)];
            return new VarianceProfile($"σ² of {(level.Level == MultilevelModel.EachEffect ? "single effects" : level.Level)}", [.. at.Zip(values, (x, y) => new PlotPoint(x, y - top))], level.SigmaSquared, interval);
        })];
    }

    /// <summary>Closer together towards 0, where the profile may rise steeply.</summary>
    private static double[] Values(double end, double estimate, int steps) => [.. Enumerable.Range(0, steps + 1).Select(i => end * i * i / (steps * (double)steps)).Append(estimate).Distinct().Order()];

    /// <inheritdoc/>
    public override PlotlyFigure ToFigure()
    {
        var y = Model.YAxis;
        var isOne = Model.Variances.Length == 1;
        var traces = new List<Scatter>();
        var lines = new List<FigureLine> { new("paper", 0, 1, "y", Model.Threshold, Model.Threshold, Theme.Muted, 1.4, "dot") };
        foreach (var (index, variance) in Model.Variances.Index())
        {
            var color = isOne ? Theme.Study : Theme.Series[index % Theme.Series.Length];
            var name = variance.Name;
            if (isOne) traces.Add(Inside(variance));
            traces.Add(new Scatter
            {
                Name = isOne ? "profile" : PlotText.Escape(name), Mode = "lines", LineColor = color, LineWidth = 2.4, ClipOnAxis = true, ShowLegend = !isOne, Dash = Dashes[index % Dashes.Length],
                X = [.. variance.Profile.Select(p => (double?)p.X)], Y = [.. variance.Profile.Select(p => (double?)p.Y)],
                Hover = [.. variance.Profile.Select(p => PlotText.Hover("", [new(name, StatisticText.Significant(p.X, 3)), new(Root(name), StatisticText.Significant(Math.Sqrt(p.X), 3)),
                    new("below the maximum", StatisticText.Number(-p.Y, 3))]))],
            });
            traces.Add(new Scatter
            {
                Name = "estimate", Mode = "markers", MarkerSize = 11, MarkerColor = isOne ? Theme.Pooled : color, MarkerSymbol = "diamond", MarkerLineWidth = 0, X = [variance.Estimate], Y = [0],
                Hover = [PlotText.Hover("Estimate", [new(name, StatisticText.Significant(variance.Estimate)), new(Root(name), StatisticText.Significant(Math.Sqrt(variance.Estimate)))])],
            });
            lines.AddRange(new[] { variance.Interval.Lower, variance.Interval.Upper }.Where(double.IsFinite)
                .Select(limit => new FigureLine("x", limit, limit, "y", y.Minimum, Model.Threshold, isOne ? Theme.Muted : color, 1.2, "dash")));
        }
        return PlaneFigure.Create(new PlaneChart
        {
            Plot = this,
            XAxis = Model.XAxis,
            YAxis = y,
            Traces = [.. traces],
            Lines = [.. lines],
            Summary = Model.Summary,
            Remarks = Model.Notes,
            Height = 340,
        });

        static string Root(string name) => name.Replace("²", "", StringComparison.Ordinal);
    }

    private Scatter Inside(VarianceProfile variance)
    {
        var interval = variance.Interval;
        PlotPoint[] inside = [.. variance.Profile.Where(p => p.Y >= Model.Threshold)];
        var upper = Math.Min(interval.Upper, variance.Profile[^1].X);
        PlotPoint[] corners = [new(interval.Lower, Model.Threshold), .. inside.Where(p => p.X > interval.Lower && p.X < upper), new(upper, Model.Threshold)];
        if (interval.Lower == 0) corners = [corners[0], variance.Profile[0], .. corners[1..]];
        return new Scatter
        {
            Name = "confidence interval", Mode = "lines", Fill = "toself", FillColor = Theme.Fills[0], LineColor = Theme.Fills[0], LineWidth = 0, ClipOnAxis = true,
            X = [.. corners.Select(p => (double?)p.X)], Y = [.. corners.Select(p => (double?)p.Y)],
        };
    }
}
