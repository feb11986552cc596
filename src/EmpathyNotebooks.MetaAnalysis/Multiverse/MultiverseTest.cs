using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to choose in the test of a multiverse.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// var result = Multiverse.Of(effects).ChooseEstimator("All are in use.", Equivalence.Uncertain, TauSquaredEstimator.DerSimonianLaird, null).Run();
/// Console.WriteLine(result.Main.Test(new MultiverseTestOptions { Permutations = 999, Seed = 4 }));
/// </code></example>
public sealed record MultiverseTestOptions
{
    /// <summary>How many patterns of signs at most, at least 99; 500 by default, as in Simonsohn et al. Where there are no more than that, all are gone through and p is exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 99, or more than ten million.</exception>
    public int Permutations
    {
        get;
        init => field = value is >= 99 and <= 10_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(Permutations), value, "A test by permutation needs from 99 to 10,000,000 permutations.");
    } = 500;

    /// <summary>The seed of random signs: the same seed gives the same p-values, on one processor or many.</summary>
    public ulong Seed { get; init; } = 20190601;
}

/// <summary>One of the statistics by which a multiverse is tested.</summary>
/// <param name="Observed">Its value in the data.</param>
/// <param name="PValue">The share of patterns of signs with a value at least as large.</param>
/// <param name="StandardError">The Monte Carlo standard error of p, √(p(1 - p)/N); 0 where all patterns were gone through.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// MultiverseStatistic stouffer = Multiverse.Of(effects).ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run().Main.Test().Stouffer;
/// Console.WriteLine($"Z = {stouffer.Observed:F2}, p = {stouffer.PValue:F3}");
/// </code></example>
public sealed record MultiverseStatistic(double Observed, double PValue, double StandardError);

/// <summary>
/// The test of a part of a multiverse: whether all specifications together say more than they would if the sign of each study's effect were chance. Three statistics are compared, as in Simonsohn, Simmons &amp; Nelson
/// (2020, Nature Human Behaviour 4, 1208-1214): the median, the share that are significant, and all p-values together. It takes errors and true effects to be symmetric around the null value. With n studies no p
/// below 2/2ⁿ can come out of a two-sided test. When not to use it: to choose a specification, or where the mean has no null value.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// MultiverseTest test = Multiverse.Of(effects).ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run().Main.Test();
/// Console.WriteLine(test);
/// </code></example>
public sealed record MultiverseTest : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get; internal init; } = DataOrigin.Own;

    /// <summary>The median of the estimates, on the scale that specifications are compared by, less the null value; its size, where the direction is two-sided.</summary>
    public required MultiverseStatistic Median { get; init; }

    /// <summary>The share of specifications that are significant in the direction expected, or that of the median.</summary>
    public required MultiverseStatistic ShareSignificant { get; init; }

    /// <summary>Stouffer's Z of all p-values: the sum of their z over √N, in the direction expected; its size, where that is two-sided. Specifications are not independent, so that it has no normal distribution.</summary>
    public required MultiverseStatistic Stouffer { get; init; }

    /// <summary>How many patterns of signs there were, that of the data included.</summary>
    public required int Permutations { get; init; }

    /// <summary>True where all patterns were gone through.</summary>
    public required bool IsExact { get; init; }

    /// <summary>In which direction an effect was expected.</summary>
    public required Alternative Direction { get; init; }

    /// <summary>What changes its sign together: "studies", or "samples of …".</summary>
    public required string Units { get; init; }

    /// <summary>How many specifications had no estimate, over all patterns together; the statistics are those of the others.</summary>
    public required long Undetermined { get; init; }

    /// <summary>
    /// Where 95% of curves lie if there is no effect: for each place of the specification curve, from the smallest estimate to the largest, the 2.5% and 97.5% quantiles over the patterns. Empty where a pattern leaves a
    /// specification without an estimate, or there are too many to keep.
    /// </summary>
    public required ImmutableArray<ConfidenceInterval> Band { get; init; }

    /// <summary>What a careful reader should know.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"median {StatisticText.PValueWithSymbol(Median.PValue)}, share significant {StatisticText.PValueWithSymbol(ShareSignificant.PValue)}, Stouffer's Z = {StatisticText.Number(Stouffer.Observed)}, "
        + $"{StatisticText.PValueWithSymbol(Stouffer.PValue)} ({StatisticText.Count(Permutations)} patterns of signs of {Units}{(IsExact ? ", all there are" : "")})";
}
