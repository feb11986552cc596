namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Log-likelihood and information criteria: of the restricted likelihood for REML, else of the likelihood. Compare models only within one
/// kind, and restricted ones only with the same moderators.
/// </summary>
public readonly record struct FitStatistics
{
    internal FitStatistics(PooledFit fit, in WeightedSums sums)
    {
        double k = fit.Count;
        IsRestricted = fit.Estimator == TauSquaredEstimator.RestrictedMaximumLikelihood;
        var observations = IsRestricted ? k - 1 : k;
        var logDeterminant = WeightedSums.LogDeterminant(fit.TauSquared, fit.Effects.Variances.AsSpan());
        // metafor's constant: ½ ln|X'X| = ½ ln k is part of its restricted likelihood.
        LogLikelihood = -0.5 * (observations * Math.Log(2 * Math.PI) + logDeterminant + sums.We2);
        if (IsRestricted) LogLikelihood -= 0.5 * (Math.Log(sums.W1) - Math.Log(k));
        ParameterCount = fit.IsRandomEffects ? 2 : 1;
        Aic = -2 * LogLikelihood + 2 * ParameterCount;
        Bic = -2 * LogLikelihood + ParameterCount * Math.Log(observations);
        var size = Math.Max(observations, ParameterCount + 2);
        Aicc = -2 * LogLikelihood + 2 * ParameterCount * size / (size - ParameterCount - 1);
    }

    /// <summary>True when the restricted likelihood was used.</summary>
    public bool IsRestricted { get; }

    /// <summary>The log-likelihood at the estimates.</summary>
    public double LogLikelihood { get; }

    /// <summary>How many parameters were estimated: μ, and tau² where there is one.</summary>
    public int ParameterCount { get; }

    /// <summary>Akaike's criterion, -2 ln L + 2p.</summary>
    public double Aic { get; }

    /// <summary>The Bayesian criterion, -2 ln L + p ln n, with n = k, for REML k - 1. With one study and REML's n = 1 the penalty vanishes.</summary>
    public double Bic { get; }

    /// <summary>Akaike's criterion corrected for small samples (Hurvich &amp; Tsai 1989), n at least p + 2 as in metafor.</summary>
    public double Aicc { get; }
}
