namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Holds results back at random as a story of publication bias has it, to see what bias does and what corrections make of it where the truth is known.</summary>
public static class SimulatedSelection
{
    /// <summary>
    /// The effects that a selection by p leaves: each is kept with the weight of the interval that its p-value, by z = y/√v, falls in. What is left is labelled as simulated, also of published effects, since a random generator has
    /// decided what is there. When not to use it: to make a data set that anybody could take for evidence; or as a model of results that were changed until they were significant, which no selection by p describes.
    /// </summary>
    /// <remarks>
    /// Which effects are kept depends on the seed and their place alone, so that a smaller weight keeps a part of what a larger one keeps. The random numbers are those of <see cref="Philox"/>, the stream of an effect being its row.
    /// </remarks>
    /// <param name="effects">All effects, of a measure with a value that means no effect.</param>
    /// <param name="function">A step function with given weights in (0, 1], those of the intervals after the first; the first has the weight 1: <c>SelectionFunction.Step(0.025).WithWeights(0.2)</c>.</param>
    /// <param name="seed">The seed; the same seed leaves the same effects.</param>
    /// <param name="alternative">The side that is favoured: greater by default.</param>
    /// <exception cref="ImpossibleChoiceException">The function is no step function, its weights are not all given, or no value of the measure means no effect.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is above 1 and so no probability, or there is no such side.</exception>
    /// <exception cref="InsufficientStudiesException">Fewer than two effects are left.</exception>
    /// <example><code>
    /// var all = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, -0.05], [0.010, 0.022, 0.015, 0.012, 0.020, 0.018], EffectMeasure.FisherZ);
    /// var published = all.HoldBack(SelectionFunction.Step(0.025).WithWeights(0.3), seed: 1);
    /// Console.WriteLine($"{published.Count} of {all.Count} are published ({published.Origin})");
    /// </code></example>
    public static StudyEffects HoldBack(this StudyEffects effects, SelectionFunction function, ulong seed = 1, Alternative alternative = Alternative.Greater)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentNullException.ThrowIfNull(function);
        if (!Enum.IsDefined(alternative)) throw new ArgumentOutOfRangeException(nameof(alternative), alternative, "There is no such side.");
        if (!effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {effects.Measure.Name} means no effect, so that there is no p-value that results could be selected by", ChoiceFault.UndefinedEstimate);
        if (function.Shape != SelectionShape.Step || function.GivenWeights is not { } weights || weights.Any(w => w is null))
        {
            throw new ImpossibleChoiceException("Results are held back by a step function with given weights, for example SelectionFunction.Step(0.025).WithWeights(0.2)", ChoiceFault.Incomplete, nameof(function));
        }
        foreach (var weight in weights)
        {
            if (weight > 1) throw new ArgumentOutOfRangeException(nameof(function), weight, "A weight here is the probability that a result is published, 1 for the smallest p-values; it is at most 1.");
        }
        var random = new Philox(seed);
        List<int> kept = [];
        for (var i = 0; i < effects.Count; i++)
        {
            var z = effects.Effects[i] / Math.Sqrt(effects.Variances[i]);
            var p = alternative switch
            {
                Alternative.Greater => Distributions.NormalCumulative(-z),
                Alternative.Less => Distributions.NormalCumulative(z),
                _ => Distributions.NormalTwoSided(z),
            };
            var interval = function.Steps.Count(cut => p > cut);
            random.MoveTo((ulong)i);
            if (random.NextDouble() < (interval == 0 ? 1 : weights[interval - 1])) kept.Add(i);
        }
        if (kept.Count < 2) throw new InsufficientStudiesException("What is left of a selection", 2, kept.Count);
        var origin = effects.Origin;
        return effects.Select(kept).WithOrigin(new DataOrigin(DataKind.Simulated, origin.Name.Length > 0 ? $"a selection by p among {origin.Name}" : "a selection by p",
            $"{StatisticText.Count(kept.Count)} of {StatisticText.Count(effects.Count)} results were left by a random generator (seed {seed}, {function})." + (origin.Citation.Length > 0 ? $" All of them: {origin.Citation}" : "")));
    }
}
