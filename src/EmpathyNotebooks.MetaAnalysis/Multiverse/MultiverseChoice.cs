using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A choice of the analysis with the options there were.</summary>
/// <param name="Name">What is chosen: "estimator", "outlying studies".</param>
/// <param name="Reason">Why there is a choice, and why these options, in words a reader can judge.</param>
/// <param name="Equivalence">What the options are to each other.</param>
/// <param name="Options">The options, the one that was reported, or would be, first.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var multiverse = Multiverse.Of(effects).ChooseTest("Hartung-Knapp keeps its error rate; most reviews used z.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal);
/// foreach (MultiverseChoice choice in multiverse.Choices) Console.WriteLine($"{choice.Name}: {choice.Reason} ({choice.Options.Length} options)");
/// </code></example>
public sealed record MultiverseChoice(string Name, string Reason, Equivalence Equivalence, ImmutableArray<MultiverseOption> Options)
{
    /// <summary>What it decides.</summary>
    public MultiverseStage Stage => Options[0].Stage;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {string.Join(", ", Options)}";
}

/// <summary>What holds for all specifications of a multiverse.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var options = new MultiverseOptions { ConfidenceLevel = 0.9, Direction = Alternative.Greater };
/// Console.WriteLine(Multiverse.Of(effects, options).ChooseTest("Both are in use.", Equivalence.Equivalent, Inference.StudentT, Inference.Normal).Run());
/// </code></example>
public sealed record MultiverseOptions
{
    /// <summary>The level of intervals as a fraction in (0, 1); 0.95 by default. A specification is significant where p is below 1 less the level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1).</exception>
    public double ConfidenceLevel
    {
        get;
        init => field = Level.Check(value, nameof(ConfidenceLevel));
    } = 0.95;

    /// <summary>In which direction an effect was expected; two-sided, the default, for the direction in which the median specification lies.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such side.</exception>
    public Alternative Direction
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Direction), value, "There is no such side.");
    } = Alternative.TwoSided;
}
