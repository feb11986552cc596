using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What a permutation test compares.</summary>
public enum PermutationStatistic
{
    /// <summary>The estimate over its standard error, with variances estimated anew in every permutation: the default, which keeps its error rate where studies differ in precision.</summary>
    Studentised,

    /// <summary>The estimate itself.</summary>
    Estimate,
}

/// <summary>What to choose in a permutation test.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// var options = new PermutationOptions { Permutations = 100_000, Statistic = PermutationStatistic.Estimate };
/// Console.WriteLine(fit.PermutationTest(options));
/// </code></example>
public sealed record PermutationOptions
{
    /// <summary>How many permutations at most, at least 99; 10,000 by default. Where there are no more than that, all are gone through and p is exact.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 99.</exception>
    public int Permutations
    {
        get;
        init => field = value >= 99 ? value : throw new ArgumentOutOfRangeException(nameof(Permutations), value, "A permutation test needs at least 99 permutations.");
    } = 10_000;

    /// <summary>What is compared.</summary>
    public PermutationStatistic Statistic { get; init; }

    /// <summary>The seed of random permutations: the same seed gives the same p-value, on one processor or many.</summary>
    public ulong Seed { get; init; } = 20190601;
}

/// <summary>A coefficient with its p-value by permutation.</summary>
/// <param name="Name">The coefficient, named as in the fit; "Intercept" for a mean.</param>
/// <param name="Observed">What was compared: t or z, or the estimate.</param>
/// <param name="PValue">Two-sided: the share of permutations that are at least as far from 0.</param>
/// <param name="StandardError">The Monte Carlo standard error of p, √(p(1 - p)/N); 0 where all permutations were gone through.</param>
public sealed record PermutedCoefficient(string Name, double Observed, double PValue, double StandardError);

/// <summary>
/// A permutation test of the mean or of moderators: p without a distribution of the test statistic (Follmann &amp; Proschan 1999, Biometrics 55, 732-737; Higgins &amp; Thompson 2004, Statistics in Medicine 23,
/// 1663-1682). Of a mean the signs of effects are changed, which takes their errors and true effects to be symmetric around the null value; in multilevel models the signs of whole clusters. Of
/// moderators, their rows are dealt to the studies anew, which takes studies to be exchangeable. With few studies the smallest p there can be is large: 2/2ᵏ for a mean.
/// </summary>
public sealed record PermutationTest : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin => Fit.Effects.Origin;

    /// <summary>The coefficients; of a regression without the intercept, about which a permutation of moderators says nothing.</summary>
    public required ImmutableArray<PermutedCoefficient> Coefficients { get; init; }

    /// <summary>The test that no moderator matters, by its F or QM; null without moderators.</summary>
    public required PermutedCoefficient? ModeratorTest { get; init; }

    /// <summary>How many permutations there were, that of the data included.</summary>
    public required int Permutations { get; init; }

    /// <summary>True where all permutations were gone through.</summary>
    public required bool IsExact { get; init; }

    /// <summary>What was compared.</summary>
    public required PermutationStatistic Statistic { get; init; }

    /// <summary>What was permuted: "signs of effects", "signs of clusters", "rows of moderators".</summary>
    public required string Permuted { get; init; }

    /// <summary>The fit that was tested.</summary>
    public required IModelFit Fit { get; init; }

    /// <summary>
    /// Up to 20,000 permuted statistics of each of the <see cref="Coefficients"/>, and of the <see cref="ModeratorTest"/> last, for a plot, ascending: all where there are no more, else every n-th of those gone through or
    /// drawn. Where patterns come in pairs with the same statistic there is one of each.
    /// </summary>
    public required ImmutableArray<ImmutableArray<double>> Distributions { get; init; }

    /// <summary>What a careful reader should know.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var how = $"{StatisticText.Count(Permutations)} permutations of {Permuted}{(IsExact ? ", all there are" : "")}";
        IEnumerable<PermutedCoefficient> tests = ModeratorTest is { } test && Coefficients.Length > 1 ? [.. Coefficients, test] : Coefficients;
        return string.Join(", ", tests.Select(c => Coefficients.Length == 1 ? StatisticText.PValueWithSymbol(c.PValue) : $"{c.Name}: {StatisticText.PValueWithSymbol(c.PValue)}")) + $" ({how})";
    }
}

/// <summary>Permutation tests.</summary>
public static class Permutations
{
    /// <summary>
    /// Tests the mean, or moderators, by permutation. Variances are estimated anew for each permutation unless estimates are compared with weights of one's own. When not to use it: with fewer than six
    /// studies no p below .05 can come out for a mean.
    /// </summary>
    /// <remarks>
    /// $$p = \frac{\#\{b : |T_b| \ge |T|\}}{B}$$
    /// over all $B$ permutations, that of the data included.
    /// </remarks>
    /// <param name="fit">A pooled, regression, multilevel or multivariate fit; of the last two without moderators.</param>
    /// <param name="options">Number, statistic and seed; the defaults if not said.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends the test early, without a result.</param>
    /// <exception cref="ImpossibleChoiceException">The test is not defined for this kind of fit, or the measure has no value that means no effect.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <example><code>
    /// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ,
    ///     columns: [StudyColumn.OfNumbers("year", [2001, 2005, 2009, 2010, 2014, 2016])]);
    /// PermutationTest test = MetaRegression.Fit(effects, Moderator.Number("year")).PermutationTest();
    /// foreach (PermutedCoefficient year in test.Coefficients) Console.WriteLine($"{year.Name}: p = {year.PValue}, of {test.Permutations}");
    /// </code></example>
    public static PermutationTest PermutationTest(this IModelFit fit, PermutationOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new PermutationOptions();
        PermutedModel model = fit switch
        {
            PooledFit or DependentFit when !fit.Measure.HasNullValue =>
                throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that there is nothing to test the mean against", ChoiceFault.UndefinedEstimate),
            PooledFit pooled => new SignedEffects(pooled),
            MetaRegressionFit regression => new DealtModerators(regression),
            DependentFit { Moderators: null, Coefficients.Length: 1 } dependent => new SignedClusters(dependent),
            _ => throw new ImpossibleChoiceException("A permutation test is defined for pooled means, for moderators of independent effects, and for the mean of a multilevel model", ChoiceFault.UndefinedForFit),
        };
        return new PermutationRun(fit, model, options).Run(progress, cancellation);
    }
}
