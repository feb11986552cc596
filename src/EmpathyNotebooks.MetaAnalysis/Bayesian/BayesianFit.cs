using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A fitted Bayesian random-effects model. All numbers are on the scale that is pooled; <see cref="Measure"/> leads to the scale a reader knows. It is no <see cref="IModelFit"/>: a posterior has neither a standard error nor
/// a p-value, and what is written against those would say of it what it does not mean; what both have bears the same name.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// BayesianFit fit = BayesianModel.Fit(effects);
/// Console.WriteLine($"μ {fit.Mean}; τ {fit.Tau.Median}; I² {fit.ISquared}; predicted {fit.Predictive.CredibleInterval}");
/// Console.WriteLine($"BF effect {fit.EffectBayesFactor}, heterogeneity {fit.HeterogeneityBayesFactor}");
/// Console.WriteLine(fit.Average());
/// </code></example>
public sealed class BayesianFit
{
    private readonly Lazy<BayesFactor?> _effectFactor;
    private readonly Lazy<ImmutableArray<BayesianStudy>> _studies;

    internal BayesianFit(StudyEffects effects, BayesianOptions options)
    {
        (Effects, Options) = (effects, options);
        var ones = new double[effects.Count];
        Array.Fill(ones, 1);
        Posterior = HierarchyPosterior.Of(new NormalHierarchy(Effects, ones, [EffectPrior], HeterogeneityPrior));
        var model = Posterior.Model;
        // A flat prior leaves μ the tail of τ, less one power; a normal prior bounds it.
        var (hasMean, hasDeviation) = (model.HasMoment(1), model.HasMoment(2));
        var isBounded = EffectPrior.IsProper;
        var level = options.CredibleLevel;
        Mean = new PosteriorDistribution(Posterior.Mixture(part => (part.Mean[0], part.Covariance[0]), isBounded || hasMean, isBounded || hasDeviation), level);
        Predictive = new PosteriorDistribution(Posterior.Mixture(part => (part.Mean[0], part.Covariance[0] + part.Tau * part.Tau), hasMean, hasDeviation), level);
        Tau = new PosteriorDistribution(Posterior.Tau, level);
        ISquared = TypicalVariance(effects.Variances.AsSpan()) is { } typical ? new PosteriorDistribution(Share(Posterior, typical), level) : null;
        _effectFactor = new(FindEffectFactor);
        _studies = new(() => [.. Enumerable.Range(0, Count).Select(i => BayesianStudy.Of(Posterior, Effects, i, part => (part.Mean[0], part.Covariance[0]), level))]);
        if (model.IsProper)
        {
            LogMarginalLikelihood = Posterior.LogMarginal;
            HeterogeneityBayesFactor = BayesFactor.Of(Posterior.LogMarginal - model.LogAt(0), HeterogeneityPrior.LogDensityAtZero, Tau, 0);
        }
        Warnings = [.. Warn()];
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>How many effects, k.</summary>
    public int Count => Effects.Count;

    /// <summary>What the effects measure.</summary>
    public EffectMeasure Measure => Effects.Measure;

    /// <summary>What was chosen, with the priors that were taken.</summary>
    public BayesianOptions Options { get; }

    /// <summary>The prior of μ.</summary>
    public EffectPrior EffectPrior => Options.EffectPrior!;

    /// <summary>The prior of τ.</summary>
    public HeterogeneityPrior HeterogeneityPrior => Options.HeterogeneityPrior!;

    /// <summary>The posterior of the mean effect μ.</summary>
    public PosteriorDistribution Mean { get; }

    /// <summary>The posterior of τ, the standard deviation of true effects.</summary>
    public PosteriorDistribution Tau { get; }

    /// <summary>The distribution of the true effect of a new study like these, N(μ, τ²) averaged over the posterior.</summary>
    public PosteriorDistribution Predictive { get; }

    /// <summary>
    /// The posterior of I² = τ²/(τ² + s²) as a fraction, with the typical variance s² = (k - 1)Σw/((Σw)² - Σw²), w = 1/v (Higgins &amp; Thompson 2002, Statistics in Medicine 21, 1539-1558); null for one study, which
    /// has no typical variance. Its density is infinite at 0 where that of τ is not 0 there; its mode is then the peak beyond, or 0 if there is none.
    /// </summary>
    /// <remarks>$$I^2 = \frac{\tau^2}{\tau^2 + s^2}, \qquad s^2 = \frac{(k - 1)\sum_iw_i}{(\sum_iw_i)^2 - \sum_iw_i^2}$$</remarks>
    public PosteriorDistribution? ISquared { get; }

    /// <summary>The posterior of each study's true effect.</summary>
    public ImmutableArray<BayesianStudy> Studies => _studies.Value;

    /// <summary>The natural logarithm of the marginal likelihood; null with a flat prior, whose density has no height.</summary>
    public double? LogMarginalLikelihood { get; }

    /// <summary>The evidence for an effect, μ as its prior has it against μ = 0, heterogeneity in both; null with a flat prior and where no value of the measure means no effect.</summary>
    public BayesFactor? EffectBayesFactor => _effectFactor.Value;

    /// <summary>
    /// The evidence for heterogeneity, τ as its prior has it against τ = 0, an effect in both; null with a flat prior of μ. (There the constant that is not known would be the same in both models, but not for
    /// the models that are averaged; give μ a proper prior.)
    /// </summary>
    public BayesFactor? HeterogeneityBayesFactor { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    internal HierarchyPosterior Posterior { get; }

    /// <summary>The joint posterior density of μ and τ.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="tau">τ, positive.</param>
    public double JointDensity(double mean, double tau) => Math.Exp(EffectPrior.LogDensity(Check.Finite(mean, nameof(mean))) + HeterogeneityPrior.LogDensity(tau)
        + Posterior.Model.LogLikelihood(tau, mean) - Posterior.LogMarginal);

    /// <summary>The posterior of μ if τ were known: normal, or with a t prior nearly so.</summary>
    /// <param name="tau">τ, 0 or more.</param>
    public (double Mean, double StandardDeviation) MeanGiven(double tau)
    {
        List<PosteriorPart> parts = [];
        _ = Posterior.Model.LogAt(Check.NotNegative(tau, nameof(tau)), parts);
        double mean = 0, variance = 0;
        foreach (var part in parts) mean += part.Weight * part.Mean[0];
        foreach (var part in parts) variance += part.Weight * (part.Covariance[0] + (part.Mean[0] - mean) * (part.Mean[0] - mean));
        return (mean, Math.Sqrt(variance));
    }

    /// <summary>The average over models with and without an effect and with and without heterogeneity.</summary>
    /// <exception cref="ImpossibleChoiceException">The prior of μ is flat, or no value of the measure means no effect.</exception>
    public BayesianModelAverage Average() => BayesianModelAverage.Of(this);

    /// <summary>The model after each study: what was known when.</summary>
    /// <param name="column">A column of numbers by which studies are added, such as the year; the order of the data if not said. Ties stay in the order of the data.</param>
    /// <exception cref="StudyDataException">There is no such column, or a study has no value there.</exception>
    public ImmutableArray<SequentialPosterior> Sequential(string? column = null) => SequentialPosterior.Of(this, column);

    /// <summary>The same model fitted to other effects.</summary>
    /// <param name="effects">The effects, at least one.</param>
    public BayesianFit Refit(StudyEffects effects) => BayesianModel.Fit(effects, Options);

    /// <summary>The same model fitted to some of its effects.</summary>
    /// <param name="rows">The effects to use, counted from 0, each once.</param>
    public BayesianFit Refit(IReadOnlyList<int> rows) => Refit(Effects.Select(rows));

    /// <summary>A small table in words.</summary>
    public override string ToString()
    {
        string Shown(double value) => Measure.Format(Measure.ToDisplay(value));
        var interval = Mean.CredibleInterval;
        var factor = EffectBayesFactor is { } found ? $", BF₁₀ = {found}" : "";
        var text = $"Bayesian random effects, k = {StatisticText.Count(Count)}: {Measure.Symbol} = {Shown(Mean.Median)}, {StatisticText.Level(Options.CredibleLevel)} CrI [{Shown(interval.Lower)}, {Shown(interval.Upper)}]{factor}\n"
            + $"τ = {StatisticText.Number(Tau.Median, 3)} {Tau.CredibleInterval}; new study [{Shown(Predictive.CredibleInterval.Lower)}, {Shown(Predictive.CredibleInterval.Upper)}]\n"
            + $"priors: μ {EffectPrior}, τ {HeterogeneityPrior}";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }

    /// <summary>The typical sampling variance of Higgins and Thompson; null for one study.</summary>
    internal static double? TypicalVariance(ReadOnlySpan<double> variances)
    {
        if (variances.Length < 2) return null;
        // In units of the largest weight, so that nothing overflows.
        double least = double.PositiveInfinity, w = 0, between = 0;
        foreach (var v in variances) least = Math.Min(least, v);
        foreach (var v in variances)
        {
            // (Σw)² - Σw² as twice the sum of products keeps its digits where one weight outweighs all.
            between += 2 * w * (least / v);
            w += least / v;
        }
        return (variances.Length - 1) * w / between * least;
    }

    internal static PosteriorShape Share(HierarchyPosterior posterior, double typical)
    {
        double mean = 0, square = 0;
        for (var i = 0; i < posterior.Taus.Length; i++)
        {
            if (posterior.Weights[i] > 0) mean += posterior.Weights[i] * Of(posterior.Taus[i]);
        }
        for (var i = 0; i < posterior.Taus.Length; i++)
        {
            if (posterior.Weights[i] > 0) square += posterior.Weights[i] * (Of(posterior.Taus[i]) - mean) * (Of(posterior.Taus[i]) - mean);
        }
        return new MappedShape(posterior.Tau, Of, share => Math.Sqrt(typical * share / (1 - share)), share => Math.Sqrt(typical / share) / (2 * Math.Pow(1 - share, 1.5)), mean, Math.Sqrt(square));

        double Of(double tau) => double.IsInfinity(tau) ? 1 : tau * tau / (tau * tau + typical);
    }

    private BayesFactor? FindEffectFactor()
    {
        if (!EffectPrior.IsProper || !Measure.HasNullValue) return null;
        var none = WithoutEffect();
        return BayesFactor.Of(Posterior.LogMarginal - none.LogMarginal, EffectPrior.LogDensity(Measure.NullValue), Mean, Measure.NullValue);
    }

    /// <summary>The model with μ at the null value.</summary>
    internal HierarchyPosterior WithoutEffect()
    {
        return HierarchyPosterior.Of(new NormalHierarchy(Effects, [], [], HeterogeneityPrior));
    }

    private IEnumerable<string> Warn()
    {
        if (Effects.SharingWarning is { } sharing) yield return sharing;
        foreach (var warning in BayesianWarnings.Of(Posterior, Tau, HeterogeneityPrior, EffectPrior.IsProper)) yield return warning;
        if (!EffectPrior.IsProper) yield break;
        var (centre, error) = Posterior.Model.EqualEffects;
        var scale = EffectPrior.Scale * EffectPrior.Scale;
        if (Math.Abs(centre - EffectPrior.Location) > 3 * Math.Sqrt(scale + error * error))
        {
            yield return $"The studies' mean lies more than 3 scales of the prior of the mean from its centre: data and prior ({EffectPrior}) disagree, and the posterior can be what neither says, with a τ that bridges the gap.";
        }
    }
}

/// <summary>What is warned of in fits with one mean and with moderators.</summary>
internal static class BayesianWarnings
{
    public static IEnumerable<string> Of(HierarchyPosterior posterior, PosteriorDistribution tau, HeterogeneityPrior prior, bool isProper)
    {
        var free = posterior.Model.Count - posterior.Model.Parameters;
        if (free <= 0) yield return "The studies say nothing of heterogeneity: the posterior of τ is hardly more than its prior.";
        else if (posterior.Model.Count < 10) yield return $"With {posterior.Model.Count} studies the prior of τ has much to say about how wide the intervals are: look at other scales of it.";
        if (!posterior.Model.HasMoment(2))
        {
            yield return $"Of a posterior with the heavy tail of this prior of τ ({prior}) and so few studies {(posterior.Model.HasMoment(1) ? "standard deviations" : "means and standard deviations")} are not finite, or hang on the farthest tail"
                + $"{(isProper ? " (those of τ and of a new study)" : "")}: medians and intervals are, and a half-normal prior has them all.";
        }
        if (!double.IsInfinity(prior.Largest) && tau.ProbabilityAbove(0.9 * prior.Largest) > 0.1)
        {
            yield return $"The posterior of τ presses against {StatisticText.Significant(prior.Largest, 3)}, the largest value that its uniform prior allows: take a larger one.";
        }
    }
}
