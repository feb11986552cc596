using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The specifications that share the options of all choices that are not equivalent: what may be averaged over. Quantiles describe the specifications; they are no confidence interval, since all rest on the
/// same studies.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011], EffectMeasure.FisherZ);
/// MultiversePart part = Multiverse.Of(effects)
///     .ChooseEstimator("No estimator is best everywhere.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, null)
///     .ChooseTest("Both are in use.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run().Main;
/// Console.WriteLine($"{part.Median} [{part.Quantile(0.025)}, {part.Quantile(0.975)}], significant: {part.ShareSignificant:P0}");
/// foreach (ChoiceInfluence choice in part.Influence) Console.WriteLine(choice);
/// </code></example>
public sealed class MultiversePart
{
    private readonly Lazy<ImmutableArray<ChoiceInfluence>> _influence;
    private readonly double[] _values;
    private readonly int[] _order;

    internal MultiversePart(MultiverseResult result, int place, ImmutableArray<Specification> specifications, int[] splitting)
    {
        (Result, Place, Specifications) = (result, place, specifications);
        var number = specifications[0].Number;
        Choices = splitting.ToImmutableDictionary(c => result.Multiverse.Choices[c].Name, c => result.Grid.OptionOf(number, c)!.Name, StringComparer.Ordinal);
        Name = splitting.Length == 0 ? "all specifications" : string.Join(", ", splitting.Select(c => $"{result.Multiverse.Choices[c].Name}: {result.Grid.OptionOf(number, c)}"));
        _values = [.. specifications.Select(result.ValueOf)];
        _order = [.. Enumerable.Range(0, _values.Length)];
        Array.Sort([.. _values], _order);
        // Those alike keep the order of their numbers, so that a curve is the same twice.
        Array.Sort(_order, (a, b) => _values[a].CompareTo(_values[b]) is not 0 and var apart ? apart : a.CompareTo(b));
        _influence = new(() => VarianceExplained.Of(result.Grid, specifications, result.ValueOf, splitting));
    }

    /// <summary>The multiverse.</summary>
    public MultiverseResult Result { get; }

    /// <summary>The options that all its specifications have, by the names of the choices; empty where no choice splits the multiverse.</summary>
    public ImmutableDictionary<string, string> Choices { get; }

    /// <summary>The same in words, for example <c>bias: trim and fill (L0)</c>.</summary>
    public string Name { get; }

    /// <summary>Its specifications, in the order of their numbers.</summary>
    public ImmutableArray<Specification> Specifications { get; }

    /// <summary>Its specifications from the smallest estimate to the largest: the specification curve.</summary>
    public ImmutableArray<Specification> Curve => [.. _order.Select(i => Specifications[i])];

    /// <summary>The median of the estimates, on the scale of <see cref="MultiverseResult.ValueOf"/>.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The mean of the estimates.</summary>
    public double Mean => _values.Average();

    /// <summary>Their standard deviation, over all of them.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            return Math.Sqrt(_values.Average(v => (v - mean) * (v - mean)));
        }
    }

    /// <summary>The share of specifications whose estimate is above the null value, as a fraction.</summary>
    public double SharePositive => Specifications.Average(s => s.Value.Estimate > 0 ? 1.0 : 0);

    /// <summary>
    /// The share of specifications that are significant in the direction of <see cref="Direction"/>, as a fraction: p (or, of a method without p, the interval) at the level of the intervals. Of a method with
    /// neither, none is.
    /// </summary>
    public double ShareSignificant => Specifications.Average(s => IsSignificant(s) && Sign(s) == Direction ? 1.0 : 0);

    /// <summary>The share that are significant in the other direction.</summary>
    public double ShareSignificantOtherwise => Specifications.Average(s => IsSignificant(s) && Sign(s) == -Direction ? 1.0 : 0);

    /// <summary>1 where positive effects were expected or, if nothing was said, the median is above the null value; else -1.</summary>
    public int Direction => Result.Multiverse.Options.Direction switch
    {
        Alternative.Greater => 1,
        Alternative.Less => -1,
        _ => MultiverseStatistics.DirectionOf([.. Specifications.Select(s => s.Value.Estimate)]),
    };

    /// <summary>True where every combination of options within the part is a specification: shares of variance then add up.</summary>
    public bool IsComplete => Specifications.Length == Result.Multiverse.Choices.Where(c => c.Equivalence != Equivalence.NonEquivalent).Aggregate(1L, (product, c) => product * c.Options.Length);

    /// <summary>How much of the variance of the estimates each of the choices within the part explains.</summary>
    public ImmutableArray<ChoiceInfluence> Influence => _influence.Value;

    /// <summary>A quantile of the estimates, as R's type 7 has it, on the scale of <see cref="MultiverseResult.ValueOf"/>.</summary>
    /// <param name="probability">In [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double Quantile(double probability)
    {
        if (probability is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in [0, 1].");
        var place = probability * (_values.Length - 1);
        var low = (int)place;
        var value = _values[_order[low]];
        return place == low ? value : value + (place - low) * (_values[_order[low + 1]] - value);
    }

    /// <summary>
    /// Would so consistent a multiverse be found if there were no effect? The signs of the studies' effects are changed, all or at random, and every specification is computed again (Simonsohn, Simmons &amp; Nelson 2020; with
    /// signs in place of their shuffled treatments, as Follmann &amp; Proschan 1999 have it for meta-analyses). Specifications need not be independent for that.
    /// </summary>
    /// <param name="options">How many times, and the seed; the defaults if not said.</param>
    /// <param name="progress">Takes the share that is done, from 0 to 1; null for nobody.</param>
    /// <param name="cancellation">Ends it early, without a result.</param>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public MultiverseTest Test(MultiverseTestOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
        new MultiverseTestRun(this, options ?? new MultiverseTestOptions()).Run(progress, cancellation);

    /// <summary>One line: how many, median and range, share positive and significant.</summary>
    public override string ToString() => $"{Name}: {StatisticText.Count(Specifications.Length, "specification")}, median {Measure.Symbol} = {Text(Median)}, from {Text(Quantile(0))} to {Text(Quantile(1))}, "
        + $"{StatisticText.Percent(SharePositive, 0)} positive, {StatisticText.Percent(ShareSignificant, 0)} significant {(Direction > 0 ? "and positive" : "and negative")}";

    internal int Place { get; }

    /// <summary>What the effects measure; of several measures that are shown alike the first.</summary>
    public EffectMeasure Measure => Result.Measure ?? Result.MeasureOf(Specifications[0]);

    /// <summary>A value that specifications are compared by as a reader knows it.</summary>
    /// <param name="value">The value.</param>
    public double Shown(double value) => Result.IsOnShownScale ? value : Measure.ToDisplay(value);

    internal string Text(double value) => Measure.Format(Shown(value), 3);

    internal bool IsSignificant(Specification specification) => specification.Value.IsSignificant(Result.Multiverse.Options.ConfidenceLevel);

    internal static int Sign(Specification specification) => Math.Sign(specification.Value.Estimate);
}
