namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The log-likelihood over tau², for plots of how well the data tell it.</summary>
public static class LikelihoodProfile
{
    /// <summary>
    /// The log-likelihood at some tau² with the coefficients at their best for it: the full one for a fit by maximum likelihood, the restricted one for all others. It is
    /// highest at the estimate of these methods. metafor: <c>profile()</c>.
    /// </summary>
    /// <param name="heterogeneity">The heterogeneity of a fit.</param>
    /// <param name="tauSquared">tau², finite and not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">tau² is negative or not finite.</exception>
    /// <exception cref="InsufficientStudiesException">There are no degrees of freedom.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20], [0.006, 0.010, 0.009, 0.005], EffectMeasure.FisherZ));
    /// Console.WriteLine(fit.Heterogeneity.LogLikelihoodAt(fit.TauSquared) - fit.Heterogeneity.LogLikelihoodAt(0));
    /// </code></example>
    public static double LogLikelihoodAt(this HeterogeneityMeasures heterogeneity, double tauSquared)
    {
        ArgumentNullException.ThrowIfNull(heterogeneity);
        if (!(tauSquared >= 0) || !double.IsFinite(tauSquared))
        {
            throw new ArgumentOutOfRangeException(nameof(tauSquared), tauSquared, "tau squared must be finite and not negative.");
        }
        var data = heterogeneity.Data;
        if (heterogeneity.Q.DegreesOfFreedom == 0) throw new InsufficientStudiesException("A likelihood of tau squared", data.Parameters + 1, data.Count);
        return data.Run<At, double>(new(heterogeneity.Estimator == TauSquaredEstimator.MaximumLikelihood, tauSquared));
    }

    private readonly struct At(bool isFull, double tau2) : IModelOperation<double>
    {
        public double Run<TModel>(ref TModel model) where TModel : struct, IModelSums, allows ref struct
        {
            model.MoveTo(tau2);
            return isFull ? MaximumLikelihood.Value(model) : RestrictedMaximumLikelihood.Value(model);
        }
    }
}
