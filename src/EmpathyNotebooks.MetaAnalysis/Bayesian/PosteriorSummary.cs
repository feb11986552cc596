namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A posterior distribution in four numbers, on the scale that is pooled.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Median">Its median, the smallest value up to which at least half of the probability lies; exactly 0 where models without the parameter hold that place.</param>
/// <param name="StandardDeviation">Its standard deviation.</param>
/// <param name="CredibleInterval">The equal-tailed interval: as much probability lies below it as above. A limit is exactly 0 where models without the parameter hold that place.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// PosteriorSummary tau = fit.ModelAveragedAdjustment().Tau;
/// Console.WriteLine($"{tau.Median} {tau.CredibleInterval}");
/// </code></example>
public readonly record struct PosteriorSummary(double Mean, double Median, double StandardDeviation, ConfidenceInterval CredibleInterval)
{
    /// <inheritdoc/>
    public override string ToString() => $"{StatisticText.Number(Mean, 4)} {CredibleInterval}";

    internal static PosteriorSummary Of(PosteriorMixture posterior, double level, bool turned = false)
    {
        var tail = (1 - level) / 2;
        var (lower, median, upper) = (posterior.Quantile(tail), posterior.Quantile(0.5), posterior.Quantile(1 - tail));
        var deviation = Math.Sqrt(posterior.Variance);
        // Adding 0 makes a negative zero a zero.
        return turned
            ? new PosteriorSummary(-posterior.Mean + 0.0, -median + 0.0, deviation, new ConfidenceInterval(-upper + 0.0, -lower + 0.0, level))
            : new PosteriorSummary(posterior.Mean, median, deviation, new ConfidenceInterval(lower, upper, level));
    }
}
