using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One of the four models that are averaged.</summary>
/// <param name="HasEffect">Whether μ has its prior; else μ = 0.</param>
/// <param name="HasHeterogeneity">Whether τ has its prior; else τ = 0.</param>
/// <param name="PriorProbability">Its probability before the data.</param>
/// <param name="PosteriorProbability">Its probability after the data.</param>
/// <param name="LogMarginalLikelihood">The natural logarithm of its marginal likelihood.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// foreach (BayesianSubmodel model in BayesianModel.Fit(effects).Average().Models) Console.WriteLine($"{model.HasEffect} {model.HasHeterogeneity}: {model.PosteriorProbability}");
/// </code></example>
public readonly record struct BayesianSubmodel(bool HasEffect, bool HasHeterogeneity, double PriorProbability, double PosteriorProbability, double LogMarginalLikelihood);

/// <summary>
/// Bayesian model-averaged meta-analysis: fixed and random effects with and without an effect, each weighed by how well it predicted the data (Gronau et al. 2017, Comprehensive Results in Social Psychology 2, 123-138;
/// Gronau et al. 2021, Advances in Methods and Practices in Psychological Science 4(3)). When it misleads: as every Bayes factor it hangs on the scale of the priors.
/// </summary>
/// <remarks>$$P(M_m \mid y) = \frac{p(y \mid M_m)P(M_m)}{\sum_lp(y \mid M_l)P(M_l)}$$</remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// BayesianModelAverage average = BayesianModel.Fit(effects).Average();
/// Console.WriteLine($"effect {average.Effect}, heterogeneity {average.Heterogeneity}, μ {average.Mean}, P(μ = 0) = {average.ProbabilityOfZero}");
/// </code></example>
public sealed class BayesianModelAverage
{
    private BayesianModelAverage(ImmutableArray<BayesianSubmodel> models, InclusionEvidence effect, InclusionEvidence heterogeneity, PosteriorSummary mean, PosteriorSummary meanWithEffect, PosteriorSummary tau, double zero, DataOrigin origin)
    {
        (Models, Effect, Heterogeneity, Mean, MeanWithEffect, Tau, ProbabilityOfZero, Origin) = (models, effect, heterogeneity, mean, meanWithEffect, tau, zero, origin);
    }

    /// <summary>Where the effects come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>The models: without and with an effect, within these without and with heterogeneity.</summary>
    public ImmutableArray<BayesianSubmodel> Models { get; }

    /// <summary>Models with an effect against those without.</summary>
    public InclusionEvidence Effect { get; }

    /// <summary>Models with heterogeneity against those without.</summary>
    public InclusionEvidence Heterogeneity { get; }

    /// <summary>The posterior of μ over all models; those without an effect put their probability on 0.</summary>
    public PosteriorSummary Mean { get; }

    /// <summary>The posterior of μ over the two models with an effect.</summary>
    public PosteriorSummary MeanWithEffect { get; }

    /// <summary>The posterior of τ over all models; those without heterogeneity put their probability on 0.</summary>
    public PosteriorSummary Tau { get; }

    /// <summary>The probability that μ is exactly 0.</summary>
    public double ProbabilityOfZero { get; }

    /// <inheritdoc/>
    public override string ToString() => $"effect {Effect}; heterogeneity {Heterogeneity}; μ {Mean} over {Models.Length} models";

    internal static BayesianModelAverage Of(BayesianFit fit)
    {
        if (!fit.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that models without an effect cannot be averaged in", ChoiceFault.UndefinedEstimate);
        if (!fit.EffectPrior.IsProper) throw new ImpossibleChoiceException("Models with and without an effect are weighed by their marginal likelihoods, which a flat prior of μ has not", ChoiceFault.Incomplete) { Choices = ["EffectPrior = EffectPrior.Normal or EffectPrior.Student"] };
        var ones = new double[fit.Count];
        Array.Fill(ones, 1);
        HierarchyPosterior[] posteriors =
        [
            HierarchyPosterior.Of(new NormalHierarchy(fit.Effects, [], [], null)), fit.WithoutEffect(),
            HierarchyPosterior.Of(new NormalHierarchy(fit.Effects, ones, [fit.EffectPrior], null)), fit.Posterior,
        ];
        var options = fit.Options;
        var joint = new double[4];
        var priors = new double[4];
        var all = double.NegativeInfinity;
        for (var m = 0; m < 4; m++)
        {
            priors[m] = (m >= 2 ? options.EffectProbability : 1 - options.EffectProbability) * (m % 2 == 1 ? options.HeterogeneityProbability : 1 - options.HeterogeneityProbability);
            joint[m] = Math.Log(priors[m]) + posteriors[m].LogMarginal;
            all = StepIntervals.LogAdd(all, joint[m]);
        }
        var (mean, withEffect, tau) = (new PosteriorMixture(), new PosteriorMixture(), posteriors[3].TauMixture());
        var models = ImmutableArray.CreateBuilder<BayesianSubmodel>(4);
        for (var m = 0; m < 4; m++)
        {
            var share = Math.Exp(joint[m] - all);
            models.Add(new BayesianSubmodel(m >= 2, m % 2 == 1, priors[m], share, posteriors[m].LogMarginal));
            if (m % 2 == 0) tau.AddPoint(share);
            else posteriors[m].AddTau(tau, share);
            if (m < 2) mean.AddPoint(share);
            else
            {
                // Of the two models with an effect, so that they have digits also where the other two outweigh them.
                var within = Math.Exp(joint[m] - StepIntervals.LogAdd(joint[2], joint[3]));
                foreach (var part in posteriors[m].Parts)
                {
                    mean.AddNormal(share * part.Weight, part.Mean[0], Math.Sqrt(part.Covariance[0]));
                    withEffect.AddNormal(within * part.Weight, part.Mean[0], Math.Sqrt(part.Covariance[0]));
                }
            }
        }
        InclusionEvidence Evidence(Func<int, bool> has) => InclusionEvidence.Of(Enumerable.Range(0, 4).Select(m => (has(m), priors[m], joint[m])));
        var level = options.CredibleLevel;
        return new BayesianModelAverage(models.ToImmutable(), Evidence(m => m >= 2), Evidence(m => m % 2 == 1),
            PosteriorSummary.Of(mean, level), PosteriorSummary.Of(withEffect, level), PosteriorSummary.Of(tau, level), mean.PointProbability, fit.Effects.Origin);
    }
}
