namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Log-likelihood and information criteria: of the restricted likelihood for REML, else of the likelihood. Compare models only within one
/// kind, and restricted ones only with the same moderators.
/// </summary>
public readonly record struct FitStatistics
{
    /// <param name="logLikelihood">At the estimates.</param>
    /// <param name="isRestricted">True for the restricted likelihood.</param>
    /// <param name="observations">k, for the restricted likelihood k - p.</param>
    /// <param name="parameterCount">Coefficients, and variances estimated.</param>
    internal FitStatistics(double logLikelihood, bool isRestricted, int observations, int parameterCount)
    {
        LogLikelihood = logLikelihood;
        IsRestricted = isRestricted;
        ParameterCount = parameterCount;
        Aic = -2 * LogLikelihood + 2 * ParameterCount;
        Bic = -2 * LogLikelihood + ParameterCount * Math.Log(observations);
        double size = Math.Max(observations, ParameterCount + 2);
        Aicc = -2 * LogLikelihood + 2 * ParameterCount * size / (size - ParameterCount - 1);
    }

    /// <summary>The log-likelihood of a model at some tau², with any residual sum of squares Σw e².</summary>
    internal static double LogLikelihoodOf(bool isRestricted, int count, int parameters, double logVariances, double logInformation, double q) =>
        // metafor's constant: ½ ln|X'X| is part of its restricted likelihood, here inside logInformation.
        -0.5 * ((isRestricted ? count - parameters : count) * Math.Log(2 * Math.PI) + logVariances + q + (isRestricted ? logInformation : 0));

    /// <summary>True when the restricted likelihood was used.</summary>
    public bool IsRestricted { get; }

    /// <summary>The log-likelihood at the estimates.</summary>
    public double LogLikelihood { get; }

    /// <summary>How many parameters were estimated: the coefficients, and tau² where there is one.</summary>
    public int ParameterCount { get; }

    /// <summary>Akaike's criterion, -2 ln L + 2p.</summary>
    /// <remarks>$$\mathrm{AIC} = -2\ln L + 2p$$</remarks>
    public double Aic { get; }

    /// <summary>The Bayesian criterion, -2 ln L + p ln n, with n = k, for REML k less the number of coefficients. With n = 1 the penalty vanishes.</summary>
    /// <remarks>$$\mathrm{BIC} = -2\ln L + p\ln n$$</remarks>
    public double Bic { get; }

    /// <summary>Akaike's criterion corrected for small samples (Hurvich &amp; Tsai 1989), n at least p + 2 as in metafor.</summary>
    /// <remarks>$$\mathrm{AICc} = -2\ln L + 2p\,\frac{n}{n - p - 1}, \qquad n \ge p + 2$$</remarks>
    public double Aicc { get; }
}
