namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The posterior of one study's true effect θ: between what the study found and what all expect of it.</summary>
/// <param name="Label">The study.</param>
/// <param name="Effect">What it found, y.</param>
/// <param name="Posterior">The posterior of its true effect.</param>
/// <param name="Shrinkage">The share, as a fraction, by which it is drawn from its own finding to the mean: the posterior mean of v/(v + τ²).</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// foreach (BayesianStudy study in BayesianModel.Fit(effects).Studies) Console.WriteLine($"{study}: {study.Effect} becomes {study.Posterior.Mean}");
/// </code></example>
public sealed record BayesianStudy(string Label, double Effect, PosteriorDistribution Posterior, double Shrinkage)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Label}: {Posterior}";

    internal static BayesianStudy Of(HierarchyPosterior posterior, StudyEffects effects, int study, Func<PosteriorPart, (double Mean, double Variance)> expected, double level)
    {
        var (y, v) = (effects.Effects[study], effects.Variances[study]);
        double shrinkage = 0;
        foreach (var part in posterior.Parts) shrinkage += part.Weight * (v / (v + part.Tau * part.Tau));
        return new BayesianStudy(effects.Labels[study], y, new PosteriorDistribution(posterior.Mixture(part =>
        {
            var (mean, variance) = expected(part);
            var tau2 = part.Tau * part.Tau;
            var share = v / (v + tau2);
            return (y + share * (mean - y), share * tau2 + share * share * variance);
        }), level), shrinkage);
    }
}
