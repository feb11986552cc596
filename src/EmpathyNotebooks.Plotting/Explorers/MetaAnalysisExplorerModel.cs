using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a meta-analysis explorer starts with. Everything can be changed in it, and comes back with its button Reset.</summary>
public sealed record MetaAnalysisExplorerOptions : ExplorerOptions
{
    /// <summary>The estimator of tau²: DerSimonian-Laird, Paule-Mandel or, by default, REML; null for the equal-effects model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another estimator.</exception>
    public TauSquaredEstimator? TauSquared
    {
        get;
        init => field = value is null || MetaAnalysisExplorerModel.Methods.ContainsKey(value.Value) ? value
            : throw new ArgumentOutOfRangeException(nameof(TauSquared), value,
                "The explorer estimates tau squared by DerSimonianLaird, PauleMandel or RestrictedMaximumLikelihood.");
    } = TauSquaredEstimator.RestrictedMaximumLikelihood;

    /// <summary>Test and intervals: normal, t or, by default, Hartung-Knapp.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another kind of inference.</exception>
    public Inference Inference
    {
        get;
        init => field = MetaAnalysisExplorerModel.Tests.ContainsKey(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Inference), value, "The explorer tests by Normal, StudentT or HartungKnapp.");
    } = Inference.HartungKnapp;

    /// <summary>The level of all intervals as a fraction in (0, 1); 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = value is > 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(ConfidenceLevel), value, "A confidence level lies between 0 and 1, both excluded; 0.95 is usual.");
    } = 0.95;

    /// <summary>Decimal places of effects, 0 to 6; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not in 0 to 6.</exception>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Effects have 0 to 6 decimal places.");
    } = 2;
}

/// <summary>What a meta-analysis explorer starts from.</summary>
public sealed record MetaAnalysisExplorerModel : ExplorerModel
{
    internal static readonly ImmutableDictionary<TauSquaredEstimator, string> Methods = new Dictionary<TauSquaredEstimator, string>
    {
        [TauSquaredEstimator.DerSimonianLaird] = "DL",
        [TauSquaredEstimator.PauleMandel] = "PM",
        [TauSquaredEstimator.RestrictedMaximumLikelihood] = "REML",
    }.ToImmutableDictionary();

    internal static readonly ImmutableDictionary<Inference, string> Tests = new Dictionary<Inference, string>
    {
        [Inference.Normal] = "z", [Inference.StudentT] = "t", [Inference.HartungKnapp] = "hk",
    }.ToImmutableDictionary();

    /// <summary>The studies.</summary>
    public required StudyEffects Effects { get; init; }

    /// <summary>The model at the start, fitted to all studies: what changes are measured against.</summary>
    public required PooledFit Fit { get; init; }

    /// <summary>Decimal places of effects.</summary>
    public required int Digits { get; init; }

    /// <summary>The axis of the forest plot: on the scale shown, or, for ratios, on that of their logarithms.</summary>
    public required PlotAxis ForestAxis { get; init; }

    /// <summary>The horizontal axis of the funnel plot, on the scale that is pooled.</summary>
    public required PlotAxis FunnelAxis { get; init; }

    /// <summary>The lower end of the funnel plot's vertical axis.</summary>
    public required double LargestStandardError { get; init; }

    /// <summary>How far the slider of tau² goes.</summary>
    public required double LargestTauSquared { get; init; }

    /// <inheritdoc/>
    internal override object Payload()
    {
        var (effects, measure) = (Effects, Effects.Measure);
        var texts = new StudyTexts(effects, Fit.ConfidenceLevel, Digits);
        return new
        {
            title = Title,
            measure = DisplayScale.Describe(measure, Digits),
            settings = new
            {
                method = Fit.Estimator is { } estimator ? Methods[estimator] : "EE", test = Tests[Fit.Inference], level = Fit.ConfidenceLevel,
                tau2 = (double?)null,
            },
            level = texts.Level,
            axis = new
            {
                minimum = ForestAxis.Minimum, maximum = ForestAxis.Maximum, title = ForestAxis.Title, nullValue = NullValue(measure),
                ticks = Ticks(ForestAxis, DisplayScale.IsRatio(measure) ? measure : null),
            },
            funnel = new
            {
                minimum = FunnelAxis.Minimum, maximum = FunnelAxis.Maximum, title = FunnelAxis.Title, largestSe = LargestStandardError,
                ticks = Ticks(FunnelAxis, measure),
            },
            largestTau2 = LargestTauSquared,
            tau2Digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(LargestTauSquared)), 0, 12),
            hasSampleSizes = effects.HasSampleSizes,
            columns = effects.Columns.Select(c => new { name = c.Name, isNumeric = c.IsNumeric }),
            studies = Enumerable.Range(0, effects.Count).Select(i => new
            {
                label = PlotText.Clean(effects.Labels[i]), y = effects.Effects[i], v = effects.Variances[i],
                n = effects.HasSampleSizes ? effects.SampleSizes[i] : (int?)null,
                size = effects.MeasureOf(i).Size,
                interval = new[] { texts.Interval(i).Lower, texts.Interval(i).Upper },
                values = effects.Columns.Select(c => c.IsNumeric ? (object?)c.Number(i) : c.Text(i)),
                texts = effects.Columns.Select(c => c.Text(i) is null ? null : ForestTexts.Value(c, i)),
            }),
        };
    }

    private static double? NullValue(EffectMeasure measure) =>
        !measure.HasNullValue ? null : DisplayScale.IsRatio(measure) ? measure.NullValue : measure.DisplayNullValue;

    /// <summary>Ticks for axes of several lengths, the shortest first; of a measure where the axis is not divided as it is labelled.</summary>
    internal static IEnumerable<object> Ticks(PlotAxis axis, EffectMeasure? measure, bool vertical = false) => new[] { 60, 90, 130, 180, 240, 320, 420, 560, 720 }.Select(pixels => new
    {
        pixels,
        ticks = (measure is null ? axis.TicksFor(pixels, 12) : MeasureTicks.Create(measure, axis, pixels, 12, vertical))
            .Select(t => new { value = t.Value, text = t.Text }),
    });
}
