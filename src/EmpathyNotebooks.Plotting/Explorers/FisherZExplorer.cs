using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What an explorer of Fisher's z starts with; each value has a slider.</summary>
public sealed record FisherZExplorerOptions : ExplorerOptions
{
    /// <summary>The true correlation, -.95 to .95; .50 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, -0.95, 0.95, nameof(Correlation));
    } = 0.5;

    /// <summary>The number of people in each study, 5 to 200; 20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 5, 200, nameof(SampleSize));
    } = 20;
}

/// <summary>What an explorer of Fisher's z starts from.</summary>
public sealed record FisherZExplorerModel : ExplorerModel
{
    /// <summary>The values at the start.</summary>
    public required FisherZExplorerOptions Start { get; init; }

    /// <summary>How the results of such studies scatter, exactly.</summary>
    public CorrelationDistribution Distribution => CorrelationDistribution.Of(Start.Correlation, Start.SampleSize);

    /// <summary>The range of about 95 of 100 studies in r: z ± 1.96/√(n - 3), taken back. It is also the interval of a study that finds the correlation.</summary>
    public ConfidenceInterval Range => Correlations.FisherZ(Start.Correlation, Start.SampleSize).DisplayInterval();

    /// <inheritdoc/>
    internal override object Payload() => new { title = Title, r = Start.Correlation, n = Start.SampleSize };
}

/// <summary>
/// Why correlations are pooled as Fisher's z, to try out: drag a true correlation along its scale, and see its z, how studies of so many people scatter around it on both scales (<see cref="CorrelationDistribution"/>), and the range of
/// 95 of 100 of them, as long to both sides in z and not in r. An illustration, of no data.
/// </summary>
public sealed class FisherZExplorer : Explorer<FisherZExplorerModel>
{
    private FisherZExplorer(FisherZExplorerModel model)
        : base("fisher", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = FisherZExplorer.Create(new() { Correlation = 0.80, SampleSize = 20 });
    /// Console.WriteLine(explorer.Model.Distribution.R.Skewness);
    /// </code></example>
    public static FisherZExplorer Create(FisherZExplorerOptions? options = null)
    {
        options ??= new FisherZExplorerOptions();
        var model = new FisherZExplorerModel { Title = options.Title, Finding = "", Origin = DataOrigin.Own, Start = options };
        var (measure, range, found) = (EffectMeasure.FisherZ, model.Range, model.Distribution);
        return new FisherZExplorer(model with
        {
            Finding = $"Fisher's z to try out. r = {measure.Format(options.Correlation)} is z = {StatisticText.Number(Correlations.ToFisherZ(options.Correlation), 3)}. Around it, about 95 of 100 studies of {StatisticText.Count(options.SampleSize)} "
                + $"people find between {measure.Format(range.Lower)} and {measure.Format(range.Upper)}; their correlations have a skewness of {StatisticText.Number(found.R.Skewness)}, their z of {StatisticText.Number(found.Z.Skewness)}.",
        });
    }
}
