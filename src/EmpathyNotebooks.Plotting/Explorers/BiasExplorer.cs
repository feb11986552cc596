using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a bias explorer starts with; each value but the seed has a slider.</summary>
public sealed record BiasExplorerOptions : ExplorerOptions
{
    /// <summary>How many studies are done, published or not, 10 to 200; 60 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Studies
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, 200, nameof(Studies));
    } = 60;

    /// <summary>The true mean correlation r, 0 to .60; .15 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.6, nameof(Correlation));
    } = 0.15;

    /// <summary>The standard deviation τ of true effects in Fisher's z, 0 to 0.4; 0.1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Tau
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.4, nameof(Tau));
    } = 0.1;

    /// <summary>The median number of people in a study, 20 to 300; 60 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 20, 300, nameof(SampleSize));
    } = 60;

    /// <summary>The standard deviation of the logarithm of n, 0 to 1.2; 0.6 by default, with which three quarters of studies have between half and twice the median number of people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double SampleSizeSpread
    {
        get;
        init => field = SliderRange.Check(value, 0, 1.2, nameof(SampleSizeSpread));
    } = 0.6;

    /// <summary>The probability that a positive result is published that is not significant (two-sided .05), in [0, 1]; .20 by default. Significant positive results always are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double PublishedIfNotSignificant
    {
        get;
        init => field = SliderRange.Check(value, 0, 1, nameof(PublishedIfNotSignificant));
    } = 0.2;

    /// <summary>The probability that a result of the wrong sign is published, significant or not, in [0, 1]; .10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double PublishedIfWrongSign
    {
        get;
        init => field = SliderRange.Check(value, 0, 1, nameof(PublishedIfWrongSign));
    } = 0.1;

    /// <summary>The seed of the first literature, not negative; 1 by default. The same seed draws the same studies, whatever is selected among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The seed is negative.</exception>
    public int Seed
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Seed), value, "A seed is not negative.");
    } = 1;
}

/// <summary>What a bias explorer starts from: k studies, n log-normal, each with Fisher's z ~ N(artanh(r), τ² + 1/(n - 3)), published with a probability that depends on its one-sided p alone.</summary>
public sealed record BiasExplorerModel : ExplorerModel
{
    /// <summary>How many literatures a run draws.</summary>
    internal const int RunLength = 200;

    /// <summary>The values at the start.</summary>
    public required BiasExplorerOptions Start { get; init; }

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, runs = RunLength, seed = Start.Seed,
        start = new
        {
            k = Start.Studies, r = Start.Correlation, tau = Start.Tau, n = Start.SampleSize, spread = Start.SampleSizeSpread, positive = Start.PublishedIfNotSignificant, negative = Start.PublishedIfWrongSign,
        },
    };
}

/// <summary>
/// The publication-bias machine: a literature of correlations is drawn in the reader's browser, and the reader decides how likely results are published that are not significant, or of the wrong sign. Published studies stand
/// filled in the funnel, lost ones hollow; beside the truth stand the mean as published and the corrections: trim and fill (<see cref="TrimAndFillMethod"/>), PET, PEESE and PET-PEESE, limit meta-analysis, UWLS and WAAP,
/// selection models with one step (.025) and two (.025, .5), and p-uniform*, each as the library has it. A run of 200 literatures shows bias and root mean squared error of each (on the scale of r).
/// </summary>
/// <remarks>
/// It teaches that a funnel can look whole and the mean be far off; that with selection by p no correction is right everywhere, in the manner of the simulations of Carter, Schönbrodt, Gervais &amp; Hilgard (2019, Advances in Methods and
/// Practices in Psychological Science 2, 115-144); and what corrections cost where nothing was selected. Published with probability 1 if z√(n - 3) &gt; 1.96, with the first probability if z &gt; 0, else with the second: that is a step
/// function of one-sided p with steps at .025 and .5, so that the selection model with two steps is right by construction. When it misleads: taken as a ranking of methods. What is best hangs on how the literature came
/// about; results that were changed until significant, or selection by size, are not drawn here.
/// </remarks>
public sealed class BiasExplorer : Explorer<BiasExplorerModel>
{
    private BiasExplorer(BiasExplorerModel model)
        : base("bias", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = BiasExplorer.Create(new() { Correlation = 0, PublishedIfNotSignificant = 0.1, PublishedIfWrongSign = 0 });
    /// </code></example>
    public static BiasExplorer Create(BiasExplorerOptions? options = null)
    {
        options ??= new BiasExplorerOptions();
        return new BiasExplorer(new BiasExplorerModel
        {
            Title = options.Title,
            Finding = $"Simulated: a literature with publication bias to try out. {StatisticText.Count(options.Studies)} studies of a true mean r = {EffectMeasure.Correlation.Format(options.Correlation)} are done (τ = {StatisticText.Number(options.Tau)} "
                + $"in Fisher's z, median n = {StatisticText.Count(options.SampleSize)}). Significant positive results are published, positive ones that are not significant with a probability of {StatisticText.Percent(options.PublishedIfNotSignificant, 0)}, "
                + $"those of the wrong sign with {StatisticText.Percent(options.PublishedIfWrongSign, 0)}. Corrections stand beside the truth.",
            Origin = new DataOrigin(DataKind.Simulated, "an illustration", $"Every study is drawn in your browser, with the seed {StatisticText.Count(options.Seed)} at first"),
            Notes =
            [
                "Here results are selected by p alone, which is what the selection model with two steps assumes. Where results are changed until they are significant, or studies differ for other reasons by their size, another method is nearer to the truth: this is no ranking.",
            ],
            Start = options,
        });
    }
}
