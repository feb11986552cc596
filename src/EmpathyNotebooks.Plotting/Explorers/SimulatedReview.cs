using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>A review that an explorer draws, so that a notebook can analyse what its reader sees.</summary>
/// <param name="TrueEffects">The true effects θ of its studies, in Fisher's z.</param>
/// <param name="Effects">What the studies found, as Fisher's z with variance 1/(n - 3).</param>
/// <example><code>
/// SimulatedReview review = SamplingExplorer.Create().Model.Review(0);
/// Console.WriteLine(RandomEffects.Fit(review.Effects));
/// </code></example>
public sealed record SimulatedReview(ImmutableArray<double> TrueEffects, StudyEffects Effects)
{
    internal static DataOrigin Origin { get; } = new(DataKind.Simulated, "an illustration", "Studies are drawn at random around a mean that the slider sets, always with the same seed");

    /// <summary>
    /// The review of a number: θ ~ N(mean, tau²), y ~ N(θ, v). A standard normal number for each θ, then one for each y, study by study, from the
    /// stream of that number, as simulation.js draws them.
    /// </summary>
    internal static SimulatedReview Draw(ulong seed, int number, double mean, double tau, IReadOnlyList<int> sizes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var random = new Philox(seed, (ulong)number);
        var truths = ImmutableArray.CreateBuilder<double>(sizes.Count);
        double[] effects = new double[sizes.Count], variances = [.. sizes.Select(n => 1.0 / (n - 3))];
        for (var i = 0; i < sizes.Count; i++)
        {
            truths.Add(mean + tau * Normal.Sample(random, 0, 1));
            effects[i] = truths[i] + Math.Sqrt(variances[i]) * Normal.Sample(random, 0, 1);
        }
        return new SimulatedReview(truths.MoveToImmutable(), StudyEffects.Create(effects, variances, EffectMeasure.FisherZ, sampleSizes: sizes, origin: Origin));
    }
}
