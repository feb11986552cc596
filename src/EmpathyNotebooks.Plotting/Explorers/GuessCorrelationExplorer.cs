using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a guess-the-correlation game starts with.</summary>
public sealed record GuessCorrelationExplorerOptions : ExplorerOptions
{
    /// <summary>The number n of points of a round, 10 to 500; 100 by default. It has a slider.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Count
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, 500, nameof(Count));
    } = 100;

    /// <summary>The seed of all rounds; 2001 by default. The same seed gives the same rounds.</summary>
    public ulong Seed { get; init; } = 2001;
}

/// <summary>A round of the game.</summary>
/// <param name="Population">The correlation ρ of the bivariate normal distribution that the points are drawn from, in (-0.95, 0.95).</param>
/// <param name="X">The values across.</param>
/// <param name="Y">The values upwards, in the same order.</param>
/// <param name="Correlation">The correlation r of the points: what is to be guessed.</param>
/// <example><code>
/// GuessRound round = GuessCorrelationExplorer.Create().Model.Round(0);
/// Console.WriteLine($"{round.X.Length} points, of a population with {round.Population:F2}, correlate {round.Correlation:F2}.");
/// </code></example>
public sealed record GuessRound(double Population, ImmutableArray<double> X, ImmutableArray<double> Y, double Correlation);

/// <summary>What the game starts from: a seed, which gives every round.</summary>
public sealed record GuessCorrelationExplorerModel : ExplorerModel
{
    /// <summary>Points and seed at the start.</summary>
    public required GuessCorrelationExplorerOptions Start { get; init; }

    /// <summary>
    /// The round of a number, as the browser draws it from the stream of that number: ρ = 0.95·u·|u| with u uniform on (-1, 1), so that weak correlations,
    /// which are the common ones, come more often; then x and y = ρx + √(1 - ρ²)·e, both standard normal.
    /// </summary>
    /// <param name="number">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public GuessRound Round(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var random = new Philox(Start.Seed, (ulong)number);
        var u = 2 * random.NextDouble() - 1;
        var rho = 0.95 * u * Math.Abs(u);
        double[] x = new double[Start.Count], y = new double[Start.Count];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = Normal.Sample(random, 0, 1);
            y[i] = rho * x[i] + Math.Sqrt(1 - rho * rho) * Normal.Sample(random, 0, 1);
        }
        return new GuessRound(rho, [.. x], [.. y], CorrelatedPoints.Correlation(x, y));
    }

    /// <inheritdoc/>
    internal override object Payload() => new { title = Title, n = Start.Count, seed = FormattableString.Invariant($"{Start.Seed}") };
}

/// <summary>
/// Guess the correlation: points of a bivariate normal distribution, a guess by slider, then the truth r, the miss, a running score and the guesses against the truth. Beside r stand the shared variance r² and what it means for
/// people, the share 1/2 + arcsin(r)/π of the upper half in x that is in the upper half of y (Sheppard 1899; .28 gives 59 of 100). It teaches how weak the correlations look that studies find, and that a sample's r is not the
/// population's ρ. When misleading: the points are always linear and normal, which data need not be; a picture of points hides curves, groups and outliers from no one, but r does (Anscombe 1973, The American Statistician 27, 17-21).
/// An illustration, never data.
/// </summary>
public sealed class GuessCorrelationExplorer : Explorer<GuessCorrelationExplorerModel>
{
    private GuessCorrelationExplorer(GuessCorrelationExplorerModel model)
        : base("guess", model)
    {
    }

    /// <summary>Sets up the game.</summary>
    /// <param name="options">Points a round and seed; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = GuessCorrelationExplorer.Create(new() { Count = 50, Seed = 7 });
    /// </code></example>
    public static GuessCorrelationExplorer Create(GuessCorrelationExplorerOptions? options = null)
    {
        options ??= new GuessCorrelationExplorerOptions();
        return new GuessCorrelationExplorer(new GuessCorrelationExplorerModel
        {
            Title = options.Title,
            // The answer stays hidden, so the finding says none.
            Finding = $"Guess the correlation: {StatisticText.Count(options.Count, "point")} a round, drawn at random; guess r by a slider, then see r, r² and how many of 100 people in the upper half of x are in the upper half of y. "
                + $"For r = .28 that is {StatisticText.Percent(0.28 * 0.28)} shared variance and {StatisticText.Number(100 * EffectSizeConversion.MedianSplit(0.28).UpperHalf, 0)} of 100.",
            Origin = new DataOrigin(DataKind.Simulated, "an illustration", "The points are drawn at random, always with the same seed"),
            Start = options,
        });
    }
}
