namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much more likely the data are where there is something than where there is nothing, averaged over the prior: by the marginal likelihoods of both models.</summary>
/// <remarks>
/// $$\mathrm{BF}_{10} = \frac{p(y \mid H_1)}{p(y \mid H_0)}, \qquad p(y \mid H) = \int p(y \mid \theta)\,p(\theta \mid H)\,d\theta$$
/// $$\mathrm{BF}_{10} = \frac{p(\theta_0 \mid H_1)}{p(\theta_0 \mid y, H_1)}$$
/// the second form by Savage and Dickey.
/// </remarks>
/// <param name="Log">The natural logarithm of the Bayes factor for the alternative.</param>
/// <param name="SavageDickeyLog">
/// The same by the ratio of prior to posterior density at the null value (Dickey 1971, Annals of Mathematical Statistics 42, 204-223; Wagenmakers, Lodewyckx, Kuriyal &amp; Grasman 2010, Cognitive
/// Psychology 60, 158-189); null where one of them is 0 or infinite, as the density of an inverse-gamma distribution at 0, or where the posterior density is too far down a tail to have digits.
/// </param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// BayesFactor effect = BayesianModel.Fit(effects).EffectBayesFactor!.Value;
/// Console.WriteLine($"for an effect {effect.Value}, against {effect.ForNull}, by Savage and Dickey {Math.Exp(effect.SavageDickeyLog!.Value)}");
/// </code></example>
public readonly record struct BayesFactor(double Log, double? SavageDickeyLog)
{
    /// <summary>The Bayes factor for the alternative; infinite beyond double precision.</summary>
    public double Value => Math.Exp(Log);

    /// <summary>The Bayes factor for the null, its inverse.</summary>
    public double ForNull => Math.Exp(-Log);

    /// <inheritdoc/>
    public override string ToString() => StatisticText.Significant(Value, 3);

    internal static BayesFactor Of(double log, double logPrior, PosteriorDistribution posterior, double at)
    {
        var density = posterior.Density(at);
        return new(log, double.IsFinite(logPrior) && density < double.PositiveInfinity && density > 1e-9 * posterior.Density(posterior.Median) ? logPrior - Math.Log(density) : null);
    }
}
