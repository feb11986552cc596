using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What was known after one more study. Posteriors may be looked at after each study without a correction for the looks, as long as what one does with them does not hang on the prior alone (Berger &amp; Wolpert 1988,
/// The Likelihood Principle, 2nd ed.); a cumulative meta-analysis by p-values may not.
/// </summary>
/// <param name="Label">The study that was added.</param>
/// <param name="Fit">The model of all studies up to it.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2011, 2004, 2010, 2012, 2018])]);
/// foreach (SequentialPosterior step in BayesianModel.Fit(effects).Sequential("year")) Console.WriteLine($"{step.Label}: {step.Fit.Mean.Median}, BF {step.Fit.EffectBayesFactor}");
/// </code></example>
public sealed record SequentialPosterior(string Label, BayesianFit Fit)
{
    internal static ImmutableArray<SequentialPosterior> Of(BayesianFit fit, string? column)
    {
        int[] order = [.. Enumerable.Range(0, fit.Count)];
        if (column is not null)
        {
            var values = fit.Effects.Column(column);
            var keys = order.Select(i => (values.IsNumeric ? values.Number(i) : null) ?? throw new StudyDataException("needs a number, by which studies are added one after the other", null, i + 1, fit.Effects.Labels[i], column)).ToArray();
            order = [.. order.OrderBy(i => keys[i])];
        }
        var steps = ImmutableArray.CreateBuilder<SequentialPosterior>(order.Length);
        for (var n = 1; n <= order.Length; n++)
        {
            steps.Add(new SequentialPosterior(fit.Effects.Labels[order[n - 1]], n == order.Length && column is null ? fit : fit.Refit(order[..n])));
        }
        return steps.ToImmutable();
    }
}
