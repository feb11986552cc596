using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The specifications that have an option.</summary>
/// <param name="Name">The option.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Mean">The mean of their estimates, on the scale of <see cref="MultiverseResult.ValueOf"/>.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects).ChooseEstimator("All are in use.", Equivalence.Uncertain, TauSquaredEstimator.DerSimonianLaird, null).Run();
/// foreach (OptionMean option in result.Influence!.Value[0].Options) Console.WriteLine($"{option.Name}: {option.Mean:F3}");
/// </code></example>
public sealed record OptionMean(string Name, int Count, double Mean);

/// <summary>
/// How much a choice has to do with how estimates differ between specifications: the shares of Sobol (1993, Mathematical Modelling and Computational Experiment 1, 407-414; Saltelli et al. 2008, Global
/// Sensitivity Analysis, chapter 4), with every specification counting the same. Over a complete grid they are the shares of an analysis of variance: main effects and interactions add up to 1, and the total share of a
/// choice is its main effect with all its interactions. Where combinations are missing choices are tied to each other, and the shares overlap: each by itself still is the share of variance that knowing
/// the choice explains, and that is left when all others are known, but they do not add up.
/// </summary>
/// <param name="Choice">The choice.</param>
/// <param name="Equivalence">What its options are to each other.</param>
/// <param name="Share">V(E[estimate | choice])/V(estimate), the main effect, as a fraction.</param>
/// <param name="TotalShare">E[V(estimate | all other choices)]/V(estimate), with its interactions.</param>
/// <param name="Options">The options with their means.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects)
///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, null)
///     .Choose("studies", "Small studies may be poor.", Equivalence.Uncertain, Specify.AllStudies, Specify.Studies("precise", used => [.. Enumerable.Range(0, used.Count).Where(i => used.Variances[i] &lt; 0.0105)]))
///     .Run();
/// foreach (ChoiceInfluence choice in result.Main.Influence) Console.WriteLine($"{choice.Choice}: {choice.Share:P0}, with interactions {choice.TotalShare:P0}");
/// </code></example>
public sealed record ChoiceInfluence(string Choice, Equivalence Equivalence, double Share, double TotalShare, ImmutableArray<OptionMean> Options) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() => $"{Choice} explains {StatisticText.Percent(Share, 0)} of the variance of the estimates, {StatisticText.Percent(TotalShare, 0)} with its interactions";
}

/// <summary>Computes the shares of variance.</summary>
internal static class VarianceExplained
{
    // Beside the square of the largest value, less than this is what rounding leaves of equal numbers.
    private const double Rounding = 1e-26;

    public static ImmutableArray<ChoiceInfluence> Of(MultiverseGrid grid, ImmutableArray<Specification> specifications, Func<Specification, double> valueOf, IReadOnlyList<int>? without = null)
    {
        double[] values = [.. specifications.Select(valueOf)];
        var mean = values.Average();
        double all = 0, largest = 0;
        foreach (var value in values)
        {
            all += (value - mean) * (value - mean);
            largest = Math.Max(largest, Math.Abs(value));
        }
        if (all <= Rounding * largest * largest * values.Length) all = 0;
        var influences = ImmutableArray.CreateBuilder<ChoiceInfluence>();
        for (var c = 0; c < grid.Sizes.Length; c++)
        {
            var choice = grid.Multiverse.Choices[c];
            if (without?.Contains(c) == true || choice.Options.Length == 1) continue;
            var (counts, sums) = (new int[grid.Sizes[c]], new double[grid.Sizes[c]]);
            for (var i = 0; i < values.Length; i++)
            {
                var digit = grid.Digit(specifications[i].Number, c);
                counts[digit]++;
                sums[digit] += values[i] - mean;
            }
            double between = 0;
            for (var d = 0; d < counts.Length; d++) if (counts[d] > 0) between += sums[d] * sums[d] / counts[d];
            influences.Add(new(choice.Name, choice.Equivalence, all > 0 ? Math.Clamp(between / all, 0, 1) : 0, all > 0 ? Math.Clamp(Within(grid, specifications, values, c) / all, 0, 1) : 0,
                [.. Enumerable.Range(0, counts.Length).Where(d => counts[d] > 0).Select(d => new OptionMean(choice.Options[d].Name, counts[d], mean + sums[d] / counts[d]))]) { Origin = grid.Multiverse.Effects.Origin });
        }
        return influences.ToImmutable();
    }

    /// <summary>The sum of squares around the means of those that differ in one choice alone.</summary>
    private static double Within(MultiverseGrid grid, ImmutableArray<Specification> specifications, double[] values, int choice)
    {
        var groups = new Dictionary<int, (int Count, double Mean, double Squares)>();
        for (var i = 0; i < values.Length; i++)
        {
            var key = grid.With(specifications[i].Number, choice, 0);
            var (count, mean, squares) = groups.GetValueOrDefault(key);
            // Welford's update, since squares less the square of a sum would lose what little values differ.
            var difference = values[i] - mean;
            mean += difference / ++count;
            groups[key] = (count, mean, squares + difference * (values[i] - mean));
        }
        double within = 0;
        foreach (var group in groups.Values) within += group.Squares;
        return within;
    }
}
