namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the data say for the models that have something (an effect, heterogeneity, bias) against those that have not.</summary>
/// <remarks>
/// $$\mathrm{BF}_{\mathrm{incl}} = \frac{\sum_{m \in M_1}P(m \mid y)}{\sum_{m \notin M_1}P(m \mid y)} \bigg/ \frac{\sum_{m \in M_1}P(m)}{\sum_{m \notin M_1}P(m)}$$
/// </remarks>
/// <param name="PriorProbability">The probability of those models before the data.</param>
/// <param name="PosteriorProbability">Their probability after the data.</param>
/// <param name="LogBayesFactor">The natural logarithm of the inclusion Bayes factor; null where all models have it, or none.</param>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// InclusionEvidence effect = fit.ModelAveragedAdjustment().Effect;
/// Console.WriteLine($"{effect.PosteriorProbability}, BF = {effect.BayesFactor}");
/// </code></example>
public readonly record struct InclusionEvidence(double PriorProbability, double PosteriorProbability, double? LogBayesFactor)
{
    /// <summary>The inclusion Bayes factor: posterior over prior odds; infinite beyond double precision, null where all models have it, or none.</summary>
    public double? BayesFactor => LogBayesFactor is { } log ? Math.Exp(log) : null;

    /// <inheritdoc/>
    public override string ToString() =>
        $"P = {StatisticText.Number(PosteriorProbability, 3, leadingZero: false)}{(BayesFactor is { } factor ? $", BF = {StatisticText.Significant(factor, 3)}" : "")}";

    /// <summary>From the logarithms of prior times marginal likelihood.</summary>
    internal static InclusionEvidence Of(IEnumerable<(bool Has, double Prior, double LogJoint)> models)
    {
        double with = double.NegativeInfinity, without = double.NegativeInfinity, prior = 0, total = 0;
        foreach (var (has, probability, joint) in models)
        {
            if (has) with = StepIntervals.LogAdd(with, joint);
            else without = StepIntervals.LogAdd(without, joint);
            if (has) prior += probability;
            total += probability;
        }
        prior /= total;
        var log = with - without;
        return new InclusionEvidence(prior, 1 / (1 + Math.Exp(-log)), prior is > 0 and < 1 ? log - Math.Log(prior / (1 - prior)) : null);
    }
}
