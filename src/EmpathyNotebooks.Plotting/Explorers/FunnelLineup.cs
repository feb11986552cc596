using System.Collections.Immutable;
using System.Globalization;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a funnel line-up.</summary>
public sealed record FunnelLineupOptions : ExplorerOptions;

/// <summary>One funnel of a line-up.</summary>
/// <param name="Effects">The effects, in the order of the studies; their variances are those of the studies in every funnel.</param>
/// <param name="Estimate">The effects pooled by the model of the fit.</param>
public sealed record LineupFunnel(ImmutableArray<double> Effects, double Estimate);

/// <summary>A funnel line-up as plain numbers.</summary>
public sealed record FunnelLineupModel : ExplorerModel
{
    /// <summary>The fit that the null funnels are drawn under.</summary>
    public required PooledFit Fit { get; init; }

    /// <summary>The seed of position and draws.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The twenty funnels as they stand, row by row.</summary>
    public required ImmutableArray<LineupFunnel> Funnels { get; init; }

    /// <summary>Where the real one stands, counted from 0.</summary>
    public required int RealPosition { get; init; }

    /// <summary>The horizontal axis of all funnels, on the scale that is pooled.</summary>
    public required PlotAxis Axis { get; init; }

    /// <summary>The lower end of the vertical axis of all funnels.</summary>
    public required double LargestStandardError { get; init; }

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title,
        measure = DisplayScale.Describe(Fit.Effects.Measure, 2),
        seed = Seed.ToString(CultureInfo.InvariantCulture),
        // Not the position itself, which a glance at the source would give away: the script tries all twenty when the reader asks.
        answer = FunnelLineup.Seal(Seed, RealPosition),
        se = Fit.Effects.Variances.Select(v => Math.Round(Math.Sqrt(v), 6)),
        largestSe = LargestStandardError,
        minimum = Axis.Minimum,
        maximum = Axis.Maximum,
        tau2 = Fit.TauSquared,
        estimate = Fit.Estimate,
        level = Fit.ConfidenceLevel,
        funnels = Funnels.Select(f => new { effects = f.Effects.Select(e => Math.Round(e, 6)), estimate = Math.Round(f.Estimate, 6) }),
    };
}

/// <summary>
/// A test by eye of whether a funnel plot looks biased: the real funnel hides among nineteen drawn without any bias, and who has not seen it before picks
/// the one that looks different. The null hypothesis: effects are drawn from N(μ, tau² + v), with μ and tau² of the fit and the variances v of the studies;
/// effects and their standard errors then have nothing to do with one another. Under it the real funnel is picked with probability 1/20, so a right pick
/// has p = .05 (Buja et al. 2009, Philosophical Transactions of the Royal Society A 367, 4361-4383; for funnel plots: Kossmeier, Tran &amp; Voracek 2019,
/// Zeitschrift für Psychologie 227, 83-89). Each funnel is drawn around its own pooled effect. When not to use it: by someone who knows the real funnel.
/// </summary>
public sealed class FunnelLineup : Explorer<FunnelLineupModel>
{
    /// <summary>How many funnels stand in a line-up.</summary>
    public const int Count = 20;

    private FunnelLineup(FunnelLineupModel model)
        : base("lineup", model)
    {
    }

    /// <summary>Draws the line-up.</summary>
    /// <param name="fit">A fit with the model's own weights, of at least three studies.</param>
    /// <param name="seed">The seed; the same seed gives the same line-up.</param>
    /// <param name="options">The title.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies.</exception>
    /// <exception cref="ArgumentException">The fit has weights of its own.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ);
    /// var lineup = FunnelLineup.Create(RandomEffects.Fit(effects), seed: 7);
    /// </code></example>
    public static FunnelLineup Create(PooledFit fit, ulong seed, FunnelLineupOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new FunnelLineupOptions();
        if (fit.Count < 3) throw new InsufficientStudiesException("A funnel line-up", 3, fit.Count);
        var effects = fit.Effects;
        var total = effects.Variances.Sum(v => 1 / (v + fit.TauSquared));
        if (fit.Weights.Zip(effects.Variances).Any(p => Math.Abs(p.First - 1 / (p.Second + fit.TauSquared) / total) > 1e-9))
        {
            throw new ArgumentException("A funnel line-up pools each funnel with the model's own weights 1/(v + tau²); this fit has others.", nameof(fit));
        }

        var random = new Philox(seed);
        var position = random.NextBelow(Count);
        var funnels = ImmutableArray.CreateBuilder<LineupFunnel>(Count);
        for (var i = 0; i < Count; i++)
        {
            // Each funnel has a stream of its own; that of the position is 0.
            random.MoveTo((ulong)i + 1);
            ImmutableArray<double> drawn = i == position ? effects.Effects
                : [.. effects.Variances.Select(v => Normal.Sample(random, fit.Estimate, Math.Sqrt(fit.TauSquared + v)))];
            funnels.Add(new LineupFunnel(drawn, i == position ? fit.Estimate : Pooled(fit, drawn)));
        }

        var largest = 1.06 * Math.Sqrt(effects.Variances.Max());
        double[] all = [.. funnels.SelectMany(f => f.Effects)];
        var room = 0.04 * (all.Max() - all.Min());
        var texts = new StudyTexts(effects, fit.ConfidenceLevel);
        var finding = $"Line-up of {Count} funnel plots of {StudyTexts.Studies(fit.Count)}: one is real, the others are drawn without any bias around "
            + $"{texts.Measure.Symbol} = {texts.Shown(fit.Estimate)} with τ² = {StatisticText.Significant(fit.TauSquared, 3)}.";
        return new FunnelLineup(new FunnelLineupModel
        {
            Title = options.Title,
            Finding = texts.Finding(finding),
            Origin = effects.Origin,
            Notes = fit.Count < 10
                ? ["With fewer than ten studies a funnel plot can hardly tell bias from chance (Sterne et al. 2011, BMJ 343, d4002)."] : [],
            Fit = fit,
            Seed = seed,
            Funnels = funnels.MoveToImmutable(),
            RealPosition = position,
            Axis = new PlotAxis(texts.MeasureTitle, all.Min() - room, all.Max() + room, texts.Measure.HasLeadingZero),
            LargestStandardError = largest,
        });
    }

    /// <summary>FNV-1a of seed and position, as the script computes it.</summary>
    internal static string Seal(ulong seed, int position)
    {
        var hash = 2166136261u;
        foreach (var character in string.Create(CultureInfo.InvariantCulture, $"{seed}/{position}")) hash = unchecked((hash ^ character) * 16777619);
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }

    private static double Pooled(PooledFit fit, ImmutableArray<double> drawn)
    {
        var effects = StudyEffects.Create(drawn, fit.Effects.Variances, fit.Effects.Measure);
        return fit.Estimator is { } estimator
            ? RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = Inference.Normal }).Estimate
            : EqualEffects.Fit(effects).Estimate;
    }
}
