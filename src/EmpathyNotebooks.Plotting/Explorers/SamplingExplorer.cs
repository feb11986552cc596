using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a sampling explorer starts with; each value has a slider or a switch.</summary>
public sealed record SamplingExplorerOptions : ExplorerOptions
{
    /// <summary>The true mean correlation, 0 to .60; .28 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.6, nameof(Correlation));
    } = 0.28;

    /// <summary>The standard deviation tau of true effects in Fisher's z, 0 to 0.5; 0.15 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Tau
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.5, nameof(Tau));
    } = 0.15;

    /// <summary>The number k of studies of a review, 2 to 40; 12 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Studies
    {
        get;
        init => field = (int)SliderRange.Check(value, 2, SamplingExplorerModel.MostStudies, nameof(Studies));
    } = 12;

    /// <summary>The people n in each study, 10 to 400; 60 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, 400, nameof(SampleSize));
    } = 60;

    /// <summary>True where the first study has 10,000 people instead of n; false by default.</summary>
    public bool HasLargeStudy { get; init; }

    /// <summary>The seed of all reviews; 2011 by default. The same seed gives the same reviews.</summary>
    public ulong Seed { get; init; } = 2011;

    /// <summary>The puzzle of lesson 04: one study of 10,000 people and nineteen of 50.</summary>
    public static SamplingExplorerOptions Puzzle { get; } = new() { Studies = 20, SampleSize = 50, HasLargeStudy = true };
}

/// <summary>What a sampling explorer starts from: reviews of k studies, true effects θ ~ N(artanh r, tau²) and what studies find, y ~ N(θ, 1/(n - 3)).</summary>
public sealed record SamplingExplorerModel : ExplorerModel
{
    internal const int MostStudies = 40;
    internal const int MostReviews = 5000;

    /// <summary>How many reviews the coverage is counted in at the start.</summary>
    internal const int Reviews = 200;

    /// <summary>The people of a large study.</summary>
    public const int LargestSampleSize = 10_000;

    /// <summary>The values at the start.</summary>
    public required SamplingExplorerOptions Start { get; init; }

    /// <summary>The people in each study of a review at the start.</summary>
    public ImmutableArray<int> SampleSizes => [.. Enumerable.Range(0, Start.Studies).Select(i => Start.HasLargeStudy && i == 0 ? LargestSampleSize : Start.SampleSize)];

    /// <summary>The review of a number at the start, as the browser draws it; 0 is the one shown first.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SimulatedReview Review(int number) => SimulatedReview.Draw(Start.Seed, number, Math.Atanh(Start.Correlation), Start.Tau, SampleSizes);

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, r = Start.Correlation, tau = Start.Tau, k = Start.Studies, n = Start.SampleSize, large = Start.HasLargeStudy, seed = FormattableString.Invariant($"{Start.Seed}"),
        largest = LargestSampleSize, mostStudies = MostStudies, mostReviews = MostReviews, reviews = Reviews,
    };
}

/// <summary>
/// Sampling and shrinkage: studies drawn around a true mean, one at a time or all; their true effects beside what they find; the pooled mean under equal effects and under random effects (REML, Hartung-Knapp); each study's true
/// effect as the model estimates it, ŷᵢ = μ̂ + tau²/(tau² + vᵢ)·(yᵢ - μ̂) (Raudenbush and Bryk 1985, Journal of Educational Statistics 10, 75-98); and, over many such reviews, how often each 95% interval holds the true mean. It
/// teaches that equal effects count people and random effects count studies, that an interval without tau² is too narrow where true effects differ, and that few studies need the t of Hartung and Knapp. When misleading: studies
/// here are unbiased, independent and truly normal; with one huge study among small ones no method's interval is exact. An illustration, never data.
/// </summary>
public sealed class SamplingExplorer : Explorer<SamplingExplorerModel>
{
    private SamplingExplorer(SamplingExplorerModel model)
        : base("sampling", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = SamplingExplorer.Create(SamplingExplorerOptions.Puzzle with { Tau = 0.2 });
    /// Console.WriteLine(RandomEffects.Fit(explorer.Model.Review(0).Effects));
    /// </code></example>
    public static SamplingExplorer Create(SamplingExplorerOptions? options = null)
    {
        options ??= new SamplingExplorerOptions();
        var model = new SamplingExplorerModel { Title = options.Title, Finding = "", Origin = SimulatedReview.Origin, Start = options };
        var effects = model.Review(0).Effects;
        var texts = new StudyTexts(effects, 0.95);
        var sizes = options.HasLargeStudy
            ? $"{StatisticText.Count(options.Studies)} studies, one of {StatisticText.Count(SamplingExplorerModel.LargestSampleSize)} people and the others of {StatisticText.Count(options.SampleSize)}"
            : $"{StatisticText.Count(options.Studies)} studies of {StatisticText.Count(options.SampleSize)} people";
        return new SamplingExplorer(model with
        {
            Finding = $"Simulated reviews to try out. {sizes} around r = {EffectMeasure.Correlation.Format(options.Correlation)}, whose true effects differ with τ = {StatisticText.Number(options.Tau)}: "
                + $"random effects find {texts.Pooled(RandomEffects.Fit(effects).Mean)}, equal effects {texts.Pooled(EqualEffects.Fit(effects).Mean)}.",
        });
    }
}
