using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a power explorer starts with; each value has a slider.</summary>
public sealed record PowerExplorerOptions : ExplorerOptions
{
    /// <summary>The number k of studies, 2 to 60; 10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int Studies
    {
        get;
        init => field = (int)SliderRange.Check(value, 2, PowerExplorerModel.MostStudies, nameof(Studies));
    } = 10;

    /// <summary>The people n in each study, 10 to 400; 40 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public int SampleSize
    {
        get;
        init => field = (int)SliderRange.Check(value, 10, 400, nameof(SampleSize));
    } = 40;

    /// <summary>The true mean correlation r, .02 to .60; .20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0.02, 0.6, nameof(Correlation));
    } = 0.2;

    /// <summary>The standard deviation τ of true effects in Fisher's z, 0 to 0.5; 0.15 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Tau
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.5, nameof(Tau));
    } = 0.15;
}

/// <summary>What a power explorer starts from: k studies of n people, each with a correlation as Fisher's z of variance v = 1/(n - 3), around a mean with τ².</summary>
public sealed record PowerExplorerModel : ExplorerModel
{
    internal const int MostStudies = 60;
    internal const int MostTried = 2000;

    /// <summary>The power that is aimed at.</summary>
    internal const double Target = 0.8;

    /// <summary>The values at the start.</summary>
    public required PowerExplorerOptions Start { get; init; }

    /// <summary>The plan that the explorer starts with.</summary>
    public MeanPlan Plan => new(PlannedStudies.Alike(Start.Studies, VarianceBySize.FisherZ.At(Start.SampleSize)), Math.Atanh(Start.Correlation)) { TauSquared = Start.Tau * Start.Tau };

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, k = Start.Studies, n = Start.SampleSize, r = Start.Correlation, tau = Start.Tau, mostStudies = MostStudies, mostTried = MostTried, target = Target,
    };
}

/// <summary>
/// The power of a meta-analysis of correlations to try out: sliders for the number of studies, their size, the effect and how much true effects differ; the power of the mean by Hartung and Knapp, of Q, of a single study, and a curve by
/// the number of studies. Studies are alike, for which all of it is exact (<see cref="MeanPlan"/>). An illustration, of no data.
/// </summary>
public sealed class PowerExplorer : Explorer<PowerExplorerModel>
{
    private PowerExplorer(PowerExplorerModel model)
        : base("power", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = PowerExplorer.Create(new() { Studies = 10, SampleSize = 40, Correlation = 0.28 });
    /// </code></example>
    public static PowerExplorer Create(PowerExplorerOptions? options = null)
    {
        options ??= new PowerExplorerOptions();
        var model = new PowerExplorerModel { Title = options.Title, Finding = "", Origin = DataOrigin.Own, Start = options };
        var power = model.Plan.Power();
        var needed = model.Plan.StudiesNeeded(PowerExplorerModel.Target, PowerExplorerModel.MostTried);
        var finding = $"Power to try out. {StatisticText.Count(options.Studies)} studies of {StatisticText.Count(options.SampleSize)} people, whose true effects differ with a standard deviation of {StatisticText.Number(options.Tau)} in Fisher's z, "
            + $"find r = {EffectMeasure.Correlation.Format(options.Correlation)} with a power of {StatisticText.Number(power.Power, 2, leadingZero: false)}; "
            + (needed.Count is { } k ? $"{StatisticText.Count(k)} are needed for 80%." : $"more than {StatisticText.Count(needed.Most)} are needed for 80%.");
        return new PowerExplorer(model with { Finding = finding });
    }
}
