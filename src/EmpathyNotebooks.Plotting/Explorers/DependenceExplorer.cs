using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a dependence explorer starts with; each value has a slider.</summary>
public sealed record DependenceExplorerOptions : ExplorerOptions
{
    /// <summary>The correlation rho of the sampling errors of one sample, 0 to 1; 0.6 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0, 1, nameof(Correlation));
    } = 0.6;

    /// <summary>The number m of effects each sample gives, 1 to 10; 4 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int EffectsPerSample
    {
        get;
        init => field = (int)SliderRange.Check(value, 1, DependenceExplorerModel.MostEffects, nameof(EffectsPerSample));
    } = 4;

    /// <summary>The number S of samples, 2 to 40; 12 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Samples
    {
        get;
        init => field = (int)SliderRange.Check(value, 2, DependenceExplorerModel.MostSamples, nameof(Samples));
    } = 12;

    /// <summary>The people n in each sample, 10 to 400; 60 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, 400, nameof(SampleSize));
    } = 60;

    /// <summary>The standard deviation tau of true effects between samples, in Fisher's z, 0 to 0.5; 0.15 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Tau
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.5, nameof(Tau));
    } = 0.15;
}

/// <summary>
/// What a dependence explorer starts from. S samples of n people give m correlations each, as Fisher's z with variance v = 1/(n - 3); their errors
/// correlate rho within a sample, and the true effects of samples have variance tau².
/// </summary>
public sealed record DependenceExplorerModel : ExplorerModel
{
    internal const int MostEffects = 10;
    internal const int MostSamples = 40;

    /// <summary>The values at the start.</summary>
    public required DependenceExplorerOptions Start { get; init; }

    /// <summary>The sampling variance v = 1/(n - 3) of one effect.</summary>
    public double SamplingVariance => 1.0 / (Start.SampleSize - 3);

    /// <summary>The standard error of the mean when all effects are taken as independent: √((tau² + v)/(S·m)).</summary>
    public double NaiveStandardError => Math.Sqrt((Start.Tau * Start.Tau + SamplingVariance) / (Start.Samples * Start.EffectsPerSample));

    /// <summary>The standard error it has: √((tau² + v(1 + (m - 1)rho)/m)/S).</summary>
    public double StandardError => Math.Sqrt((Start.Tau * Start.Tau
        + SamplingVariance * (1 + (Start.EffectsPerSample - 1) * Start.Correlation) / Start.EffectsPerSample) / Start.Samples);

    /// <summary>
    /// How many times the naive standard error is too small, √(1 + (m - 1)·ICC) with the intraclass correlation ICC = (tau² + rho·v)/(tau² + v); its square
    /// is the design effect (Kish 1965, Survey Sampling).
    /// </summary>
    public double Ratio => StandardError / NaiveStandardError;

    /// <summary>How many independent effects are worth as much: S·m over the design effect.</summary>
    public double EffectiveNumber => Start.Samples * Start.EffectsPerSample / (Ratio * Ratio);

    /// <summary>How often the naive 95% interval holds the true mean.</summary>
    public double NaiveCoverage => 2 * Normal.CDF(0, 1, Normal.InvCDF(0, 1, 0.975) / Ratio) - 1;

    /// <summary>
    /// Standard normal numbers, one row a sample: first that of its true effect, then that which its errors share, then one an effect. The picture is made
    /// of the same ones wherever the sliders stand.
    /// </summary>
    public required ImmutableArray<ImmutableArray<double>> Draws { get; init; }

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, rho = Start.Correlation, m = Start.EffectsPerSample, samples = Start.Samples, n = Start.SampleSize, tau = Start.Tau, mean = DependenceExplorer.TrueMean,
        mostEffects = MostEffects, mostSamples = MostSamples, draws = Draws,
    };
}

/// <summary>
/// Why several effects of one sample must not be treated as if each came from a sample of its own: sliders for how strongly they go together and how
/// many there are, the naive and the correct standard error of their mean, and a picture of what moves together. An illustration, never data.
/// </summary>
public sealed class DependenceExplorer : Explorer<DependenceExplorerModel>
{
    internal const double TrueMean = 0.3;
    private const int Seed = 20100101;

    private DependenceExplorer(DependenceExplorerModel model)
        : base("dependence", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = DependenceExplorer.Create(new() { Correlation = 0.5, EffectsPerSample = 3 });
    /// </code></example>
    public static DependenceExplorer Create(DependenceExplorerOptions? options = null)
    {
        options ??= new DependenceExplorerOptions();
        var random = new Philox(Seed);
        var model = new DependenceExplorerModel
        {
            Title = options.Title,
            Finding = "",
            Origin = new DataOrigin(DataKind.Simulated, "an illustration", "The effects are drawn at random around a mean of 0.3 in Fisher's z, always with the same seed"),
            Start = options,
            Draws = [.. Enumerable.Range(0, DependenceExplorerModel.MostSamples).Select(_ => ImmutableArray.CreateRange(
                Enumerable.Range(0, 2 + DependenceExplorerModel.MostEffects).Select(_ => Math.Round(Normal.Sample(random, 0, 1), 4))))],
        };
        var finding = $"Dependent effects to try out. {StatisticText.Count(options.Samples, "sample")} with {StatisticText.Count(options.EffectsPerSample, "effect")} each "
            + $"whose errors correlate {EffectMeasure.Correlation.Format(options.Correlation)} within a sample and which share its true effect (τ = {StatisticText.Number(options.Tau)}): "
            + $"the standard error of the mean is {StatisticText.Significant(model.StandardError, 3)}; "
            + $"taking all effects as independent gives {StatisticText.Significant(model.NaiveStandardError, 3)}, {StatisticText.Number(model.Ratio)} times too small.";
        return new DependenceExplorer(model with { Finding = finding });
    }
}
