namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Whose true effect is predicted, where a study has several.</summary>
public enum NewTrueEffect
{
    /// <summary>One effect of a new study: the variances of all levels together.</summary>
    Effect,

    /// <summary>
    /// The mean of the true effects of a new study (of a new group of the outermost level): the variance of that level alone. Narrower than for one of its effects. In models of independent
    /// effects, which know one effect a study, it is the same.
    /// </summary>
    StudyMean,
}

/// <summary>What predictions of new true effects need of a fit.</summary>
internal interface IFitPredictions
{
    /// <summary>The mean effect at some values with its standard error and degrees of freedom; null where it depends on values that are not given.</summary>
    Coefficient? MeanAt(ModeratorValues? values);

    /// <summary>The variance of a new true effect around that mean; null where true effects do not differ, or where the values do not say whose it is.</summary>
    double? VarianceOfNew(NewTrueEffect of, ModeratorValues? values);

    /// <summary>The standard error of that variance; null where the model does not give one.</summary>
    double? StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values);
}

/// <summary>Intervals and probabilities of a new true effect, from the mean and the variance around it.</summary>
internal static class NewTrueEffects
{
    /// <summary>What a careful reader should know where the variance of true effects is estimated as 0.</summary>
    public const string ZeroWarning =
        "The variance of true effects is estimated as 0, so the prediction interval is the confidence interval. That does not show that true effects are equal: with few studies 0 is often the estimate where they differ.";

    public static Prediction Predict(Coefficient mean, double? variance, double level) => new(mean.Estimate, mean.StandardError, mean.ConfidenceInterval,
        variance is { } tau2 ? Distributions.Interval(mean.Estimate, Math.Sqrt(mean.StandardError * mean.StandardError + tau2), mean.DegreesOfFreedom, level) : null);

    public static TrueEffectProbability Beyond(Coefficient mean, double tau2, double? tau2StandardError, double cutoff, int direction)
    {
        var distance = direction * (mean.Estimate - cutoff);
        var se = mean.StandardError;
        var share = tau2 > 0 ? Distributions.NormalCumulative(distance / Math.Sqrt(tau2)) : distance == 0 ? 0.5 : distance > 0 ? 1 : 0;
        double? standardError = null;
        if (tau2 > 0 && tau2StandardError is { } ofTau2)
        {
            var density = Math.Exp(-0.5 * distance * distance / tau2) / Math.Sqrt(2 * Math.PI);
            standardError = density * Math.Sqrt(se * se / tau2 + ofTau2 * ofTau2 * distance * distance / (4 * tau2 * tau2 * tau2));
        }
        var spread = Math.Sqrt(se * se + tau2);
        var outside = spread == 0 ? (distance == 0 ? 1 : 0) : Distributions.TwoSided(distance / spread, mean.DegreesOfFreedom);
        return new TrueEffectProbability(cutoff, share, standardError, distance >= 0 ? 1 - outside / 2 : outside / 2) { Origin = mean.Origin };
    }

    public static void Check(double cutoff)
    {
        if (!double.IsFinite(cutoff)) throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "The cut-off must be finite, on the scale that is pooled.");
    }
}
