using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a Bayesian explorer.</summary>
public sealed record BayesExplorerOptions : ExplorerOptions
{
    /// <summary>Decimals of effects; 2 by default.</summary>
    public int Digits
    {
        get;
        init => field = value is >= 0 and <= 6 ? value : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Numbers have 0 to 6 decimals.");
    } = 2;
}

/// <summary>What a Bayesian explorer starts from.</summary>
public sealed record BayesExplorerModel : ExplorerModel
{
    /// <summary>The model at the start.</summary>
    public required BayesianFit Fit { get; init; }

    /// <summary>Decimals of effects.</summary>
    public required int Digits { get; init; }

    /// <summary>The axis of μ, on the scale that is pooled.</summary>
    public required PlotAxis MeanAxis { get; init; }

    /// <summary>The axis of τ.</summary>
    public required PlotAxis TauAxis { get; init; }

    /// <summary>The axis of the forest, on the scale that is pooled.</summary>
    public required PlotAxis ForestAxis { get; init; }

    /// <summary>How far the centre of the prior of μ moves to each side.</summary>
    public required double LargestCentre { get; init; }

    /// <summary>The largest standard deviation of the prior of μ.</summary>
    public required double LargestDeviation { get; init; }

    /// <summary>The largest scale of the prior of τ.</summary>
    public required double LargestScale { get; init; }

    /// <summary>The name that the script has for the family of the prior of τ.</summary>
    internal static string? NameOf(HeterogeneityPrior prior) => prior.Family switch
    {
        HeterogeneityPriorFamily.HalfNormal => "halfNormal",
        HeterogeneityPriorFamily.HalfStudent when prior.DegreesOfFreedom == 1 => "halfCauchy",
        HeterogeneityPriorFamily.Exponential => "exponential",
        HeterogeneityPriorFamily.Uniform => "uniform",
        HeterogeneityPriorFamily.InverseGamma when prior.Shape == 1 => "inverseGamma",
        _ => null,
    };

    /// <inheritdoc/>
    internal override object Payload()
    {
        var (effects, measure, texts) = (Fit.Effects, Fit.Measure, new StudyTexts(Fit.Effects, Fit.Options.CredibleLevel, Digits));
        object Axis(PlotAxis axis) => new { minimum = axis.Minimum, maximum = axis.Maximum, title = axis.Title, ticks = MetaAnalysisExplorerModel.Ticks(axis, measure) };
        var isFlat = !Fit.EffectPrior.IsProper;
        return new
        {
            title = Title,
            measure = DisplayScale.Describe(measure, Digits),
            level = Fit.Options.CredibleLevel,
            levelText = texts.Level,
            hasNull = measure.HasNullValue,
            mu = new { family = isFlat ? "flat" : "normal", mean = isFlat ? 0 : Fit.EffectPrior.Location, sd = isFlat ? LargestDeviation / 4 : Fit.EffectPrior.Scale },
            tau = new { family = NameOf(Fit.HeterogeneityPrior), scale = Fit.HeterogeneityPrior.Scale },
            step = LargestScale / 200,
            mostCentre = LargestCentre,
            mostDeviation = LargestDeviation,
            mostScale = LargestScale,
            meanAxis = Axis(MeanAxis),
            tauAxis = new { maximum = TauAxis.Maximum, title = TauAxis.Title },
            forestAxis = Axis(ForestAxis),
            studies = Enumerable.Range(0, effects.Count).Select(i => new { label = PlotText.Clean(effects.Labels[i]), y = effects.Effects[i], v = effects.Variances[i], lower = texts.Interval(i).Lower, upper = texts.Interval(i).Upper }),
        };
    }
}

/// <summary>
/// A Bayesian meta-analysis to try out: move the priors, by their handles or by sliders, and see posteriors, Bayes factors and the forest follow. It shows what the data decide and what the prior does. When not to use it: to look
/// for the prior that gives the result one likes; a prior is chosen before the data.
/// </summary>
public sealed class BayesExplorer : Explorer<BayesExplorerModel>
{
    private BayesExplorer(BayesExplorerModel model)
        : base("bayes", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="fit">The model it starts with: μ flat or normal, τ half-normal, half-Cauchy, exponential, uniform or inverse-gamma with shape 1.</param>
    /// <param name="options">Title and decimals; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The model has another prior.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.008], EffectMeasure.FisherZ);
    /// var explorer = BayesExplorer.Create(BayesianModel.Fit(effects, new() { HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.25) }));
    /// </code></example>
    public static BayesExplorer Create(BayesianFit fit, BayesExplorerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new BayesExplorerOptions();
        if (fit.EffectPrior.Family == EffectPriorFamily.Student || BayesExplorerModel.NameOf(fit.HeterogeneityPrior) is null)
        {
            throw new ImpossibleChoiceException($"The explorer moves normal and flat priors of μ, and half-normal, half-Cauchy, exponential, uniform and inverse-gamma(1, b) priors of τ, not μ ~ {fit.EffectPrior} with τ ~ {fit.HeterogeneityPrior}", ChoiceFault.UndefinedForFit);
        }
        var (effects, measure) = (fit.Effects, fit.Measure);
        var texts = new StudyTexts(effects, fit.Options.CredibleLevel, options.Digits);
        double low = fit.Mean.Quantile(0.0005), high = fit.Mean.Quantile(0.9995);
        if (measure.HasNullValue) (low, high) = (Math.Min(low, measure.NullValue), Math.Max(high, measure.NullValue));
        var room = 0.35 * (high - low);
        // The sliders go to about three times of what data and prior span.
        var span = Math.Max(high - low, Math.Max(Math.Abs(low), Math.Abs(high)));
        var scale = PlotAxis.Step(Math.Max(2.5 * fit.HeterogeneityPrior.Scale, 1.5 * fit.Tau.Quantile(0.975))).Step;
        var deviation = PlotAxis.Step(Math.Max(fit.EffectPrior.IsProper ? 2.5 * fit.EffectPrior.Scale : 0, 2 * span)).Step;
        var (from, to) = ForestAxis.Choose([.. Enumerable.Range(0, effects.Count).Select(i => (texts.Interval(i).Lower, effects.Effects[i], texts.Interval(i).Upper))],
            [(fit.Predictive.CredibleInterval.Lower, fit.Predictive.CredibleInterval.Upper)], EffectMeasure.Generic);
        return new BayesExplorer(new BayesExplorerModel
        {
            Title = options.Title,
            Finding = texts.Finding($"Bayesian meta-analysis of {StudyTexts.Studies(fit.Count)} to try out. With the priors μ ~ {fit.EffectPrior} and τ ~ {fit.HeterogeneityPrior}: {measure.Symbol} = {texts.Shown(fit.Mean.Median)}, "
                + $"{texts.Level} credible interval {texts.Shown(fit.Mean.CredibleInterval)}, a new study {texts.Shown(fit.Predictive.CredibleInterval)}."),
            Origin = effects.Origin,
            Notes = fit.Warnings,
            Fit = fit,
            Digits = options.Digits,
            MeanAxis = new PlotAxis($"Mean {char.ToLowerInvariant(texts.MeasureTitle[0])}{texts.MeasureTitle[1..]}", low - room, high + room, measure.HasLeadingZero),
            TauAxis = new PlotAxis($"τ ({measure.AnalysisSymbol})", 0, PlotAxis.Step(Math.Max(1.2 * fit.Tau.Quantile(0.995), Math.Min(scale, 3 * fit.Tau.Quantile(0.5)))).Step, true),
            ForestAxis = new PlotAxis(texts.MeasureTitle, from, to, measure.HasLeadingZero),
            LargestCentre = PlotAxis.Step(Math.Max(span, Math.Abs(fit.EffectPrior.Location))).Step,
            LargestDeviation = deviation,
            LargestScale = scale,
        });
    }
}
