using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A design that a heterogeneity explorer offers by a button.</summary>
/// <param name="Name">What the review is called, for example <c>A</c>.</param>
/// <param name="SampleSize">The people n in each of its studies, 10 to 2,000.</param>
/// <param name="Tau">The standard deviation of its true effects in Fisher's z, 0 to 0.5.</param>
/// <example><code>
/// var explorer = HeterogeneityExplorer.Create(new() { Designs = [new HeterogeneityDesign("small studies", 20, 0.2), new HeterogeneityDesign("large studies", 1000, 0.2)] });
/// </code></example>
public sealed record HeterogeneityDesign(string Name, int SampleSize, double Tau)
{
    /// <summary>I² = tau²/(tau² + v) with v = 1/(n - 3), a fraction.</summary>
    public double ISquared => Tau * Tau / (Tau * Tau + 1.0 / (SampleSize - 3));
}

/// <summary>What a heterogeneity explorer starts with; each value has a slider.</summary>
public sealed record HeterogeneityExplorerOptions : ExplorerOptions
{
    /// <summary>The standard deviation tau of true effects in Fisher's z, 0 to 0.5; 0 by default, where true effects are equal.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Tau
    {
        get;
        init => field = SliderRange.Check(value, 0, HeterogeneityExplorerModel.MostTau, nameof(Tau));
    }

    /// <summary>The people n in each study, 10 to 2,000; 100 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, HeterogeneityExplorerModel.MostPeople, nameof(SampleSize));
    } = 100;

    /// <summary>The number k of studies of a review, 2 to 60; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Studies
    {
        get;
        init => field = (int)SliderRange.Check(value, 2, HeterogeneityExplorerModel.MostStudies, nameof(Studies));
    } = 20;

    /// <summary>The true mean correlation, 0 to .60; .28 by default. It has no slider, since it moves neither Q nor I².</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.6, nameof(Correlation));
    } = 0.28;

    /// <summary>Designs with a button each; three whose I² is 80% by default, since τ is 0.49, 0.20 and 0.05 in studies of 20, 100 and 1,600 people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A design lies beyond the sliders.</exception>
    public ImmutableArray<HeterogeneityDesign> Designs
    {
        get;
        init
        {
            foreach (var design in value)
            {
                SliderRange.Check(design.SampleSize, 10, HeterogeneityExplorerModel.MostPeople, nameof(Designs));
                SliderRange.Check(design.Tau, 0, HeterogeneityExplorerModel.MostTau, nameof(Designs));
            }
            field = value;
        }
    } = [new("A", 20, 0.49), new("B", 100, 0.20), new("C", 1600, 0.05)];

    /// <summary>The seed of all reviews; 2002 by default. The same seed gives the same reviews.</summary>
    public ulong Seed { get; init; } = 2002;
}

/// <summary>What a heterogeneity explorer starts from: reviews of k studies, true effects θ ~ N(artanh r, tau²) and what studies find, y ~ N(θ, v) with v = 1/(n - 3).</summary>
public sealed record HeterogeneityExplorerModel : ExplorerModel
{
    internal const int MostStudies = 60;
    internal const int MostPeople = 2000;
    internal const double MostTau = 0.5;
    internal const int MostReviews = 5000;

    /// <summary>How many reviews are drawn at the start.</summary>
    internal const int Reviews = 100;

    /// <summary>The values at the start.</summary>
    public required HeterogeneityExplorerOptions Start { get; init; }

    /// <summary>The true I² at the start, a fraction.</summary>
    public double ISquared => new HeterogeneityDesign("", Start.SampleSize, Start.Tau).ISquared;

    /// <summary>The review of a number at the start, as the browser draws it, from 0 to 99.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public SimulatedReview Review(int number) =>
        SimulatedReview.Draw(Start.Seed, number, Math.Atanh(Start.Correlation), Start.Tau, [.. Enumerable.Repeat(Start.SampleSize, Start.Studies)]);

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, r = Start.Correlation, tau = Start.Tau, n = Start.SampleSize, k = Start.Studies, seed = FormattableString.Invariant($"{Start.Seed}"),
        mostStudies = MostStudies, mostPeople = MostPeople, mostTau = MostTau, mostReviews = MostReviews, reviews = Reviews,
        presets = Start.Designs.Select(d => new { name = PlotText.Clean(d.Name), n = d.SampleSize, tau = d.Tau }),
    };
}

/// <summary>
/// Heterogeneity built up by simulation: reviews are drawn, and Q and I² of each fill histograms. With equal true effects Q follows chi-square with k - 1 degrees of freedom; with tau it follows (1 + tau²/v) times that, studies being
/// alike, and I² = tau²/(tau² + v) (Higgins and Thompson 2002, Statistics in Medicine 21, 1539-1558). Beside them stands where true effects lie, mean ± 1.96·tau, which n does not move. It teaches that I² is a share of variance and no
/// measure of how far true effects differ (Borenstein et al. 2017, Research Synthesis Methods 8, 5-18): at the same tau it rises with n, and three reviews with I² = 80% can say very different things. When misleading: studies here are
/// alike and unbiased; in real reviews sizes differ, Q is only roughly chi-square for most measures, and I² goes with a typical variance. An illustration, never data.
/// </summary>
public sealed class HeterogeneityExplorer : Explorer<HeterogeneityExplorerModel>
{
    private HeterogeneityExplorer(HeterogeneityExplorerModel model)
        : base("heterogeneity", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = HeterogeneityExplorer.Create(new() { Tau = 0.2, SampleSize = 60 });
    /// Console.WriteLine(RandomEffects.Fit(explorer.Model.Review(99).Effects).Heterogeneity);
    /// </code></example>
    public static HeterogeneityExplorer Create(HeterogeneityExplorerOptions? options = null)
    {
        options ??= new HeterogeneityExplorerOptions();
        var model = new HeterogeneityExplorerModel { Title = options.Title, Finding = "", Origin = SimulatedReview.Origin, Start = options };
        return new HeterogeneityExplorer(model with
        {
            Finding = $"Heterogeneity to try out in simulated reviews. {StatisticText.Count(options.Studies)} studies of {StatisticText.Count(options.SampleSize)} people, whose true effects differ with τ = {StatisticText.Number(options.Tau)}: "
                + $"I² is {StatisticText.Percent(model.ISquared, 0)}, and Q is {StatisticText.Number((options.Studies - 1) / (1 - model.ISquared), 1)} on average."
                + (options.Designs.IsEmpty ? "" : $" Reviews to compare: {string.Join("; ", options.Designs.Select(d => $"{PlotText.Clean(d.Name)}, n = {StatisticText.Count(d.SampleSize)}, τ = {StatisticText.Number(d.Tau)}, I² = {StatisticText.Percent(d.ISquared, 0)}"))}."),
        });
    }
}
