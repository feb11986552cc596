using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One of the models that <see cref="ModelAveragedBiasAdjustment"/> averages.</summary>
/// <param name="HasEffect">Whether μ may differ from 0.</param>
/// <param name="HasHeterogeneity">Whether true effects may differ.</param>
/// <param name="Bias">How publication bias came about.</param>
/// <param name="PriorProbability">Its probability before the data.</param>
/// <param name="PosteriorProbability">Its probability after the data.</param>
/// <param name="LogMarginalLikelihood">The natural logarithm of its marginal likelihood, on the scale that is pooled.</param>
/// <param name="LogBayesFactor">The natural logarithm of its inclusion Bayes factor, against all others; null where it is the only one.</param>
/// <param name="Mean">The posterior of μ under it; 0 without an effect.</param>
/// <param name="Tau">The posterior mean of τ under it; 0 without heterogeneity.</param>
/// <param name="MeanWeights">The posterior means of the weights of all intervals of p but the first, whose weight is 1; empty without a weight function.</param>
/// <param name="Slope">The posterior mean of the coefficient of PET or PEESE in the direction of selection; 0 for other models.</param>
public sealed record BiasAdjustmentModel(bool HasEffect, bool HasHeterogeneity, BiasAssumption Bias, double PriorProbability, double PosteriorProbability, double LogMarginalLikelihood, double? LogBayesFactor,
    PosteriorSummary Mean, double Tau, ImmutableArray<double> MeanWeights, double Slope)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(HasEffect ? "effect" : "no effect")}, {(HasHeterogeneity ? "heterogeneity" : "no heterogeneity")}, {Bias}: P = {StatisticText.Number(PosteriorProbability, 3, leadingZero: false)}";
}

/// <summary>The averaged weight of one interval of one-sided p-values, in the direction of selection.</summary>
/// <param name="From">The lower end of the interval.</param>
/// <param name="To">The upper end.</param>
/// <param name="MeanWeight">The posterior mean of the probability of publication, relative to that of the smallest p-values.</param>
public readonly record struct WeightStep(double From, double To, double MeanWeight)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p {From:0.###} to {To:0.###}: {MeanWeight:0.000}");

    /// <summary>The intervals between all cut-points; a two-sided one cuts at both ends of one-sided p.</summary>
    internal static WeightStep[] Grid(IEnumerable<BiasAssumption> assumptions)
    {
        var cuts = new SortedSet<double> { 0, 1 };
        foreach (var assumption in assumptions.Where(a => a.Mechanism == BiasMechanism.Selection))
        {
            foreach (var step in assumption.Steps)
            {
                cuts.Add(assumption.IsTwoSided ? Round(step / 2) : Round(step));
                if (assumption.IsTwoSided) cuts.Add(Round(1 - step / 2));
            }
        }
        var ends = cuts.ToArray();
        return [.. Enumerable.Range(0, ends.Length - 1).Select(i => new WeightStep(ends[i], ends[i + 1], 1))];
        // So that 1 - .05/2 and .975 are one cut-point.
        static double Round(double p) => Math.Round(p, 12);
    }

    /// <summary>The weight that a model gives to this interval.</summary>
    internal double WeightIn(BiasAssumption assumption, double[] weights)
    {
        if (assumption.Mechanism != BiasMechanism.Selection) return 1;
        var p = (From + To) / 2;
        if (assumption.IsTwoSided) p = 2 * Math.Min(p, 1 - p);
        var j = 0;
        while (j < assumption.Steps.Length && p > assumption.Steps[j]) j++;
        return j == 0 ? 1 : weights[j - 1];
    }
}

/// <summary>Model-averaged bias adjustment of a fit.</summary>
public static class ModelAveraging
{
    /// <summary>
    /// The mean effect of a fit's studies averaged over models of publication bias, as <see cref="ModelAveragedBiasAdjustment.Fit"/> has it. Of the fit it takes the effects and the level of intervals;
    /// its own estimate of τ² plays no part.
    /// </summary>
    /// <remarks>Formula: <see cref="ModelAveragedBiasAdjustment"/>.</remarks>
    /// <param name="fit">A pooled fit.</param>
    /// <param name="options">What to choose; RoBMA-PSMA if not said, with credible intervals of the fit's level.</param>
    /// <inheritdoc cref="ModelAveragedBiasAdjustment.Fit"/>
    public static ModelAveragedBiasAdjustment ModelAveragedAdjustment(this PooledFit fit, ModelAveragingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return ModelAveragedBiasAdjustment.Fit(fit.Effects, options ?? new ModelAveragingOptions { CredibleLevel = fit.ConfidenceLevel });
    }
}
