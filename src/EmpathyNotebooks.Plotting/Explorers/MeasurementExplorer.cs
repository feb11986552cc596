using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What a measurement explorer starts with; each value has a slider.</summary>
public sealed record MeasurementExplorerOptions : ExplorerOptions
{
    /// <summary>The correlation ρ of what was meant to be measured, 0 to .60; .20 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Correlation
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.6, nameof(Correlation));
    } = 0.2;

    /// <summary>The reliability of the predictor's rating, .40 to 1; .80 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double PredictorReliability
    {
        get;
        init => field = SliderRange.Check(value, 0.4, 1, nameof(PredictorReliability));
    } = 0.8;

    /// <summary>The reliability of the outcome's rating, .40 to 1; .80 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double OutcomeReliability
    {
        get;
        init => field = SliderRange.Check(value, 0.4, 1, nameof(OutcomeReliability));
    } = 0.8;

    /// <summary>The share of each rating's variance that is the method's, 0 to .50; .10 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double SharedMethod
    {
        get;
        init => field = SliderRange.Check(value, 0, 0.5, nameof(SharedMethod));
    } = 0.1;

    /// <summary>The correlation that was published, from above 0 to .60; .28 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside its range.</exception>
    public double Observed
    {
        get;
        init => field = SliderRange.Check(value, 0.01, 0.6, nameof(Observed));
    } = 0.28;

    /// <summary>What the observed correlation is called, for example <c>therapist empathy, Elliott et al. (2018)</c>; nothing is said if empty.</summary>
    public string ObservedName { get; init; } = "";
}

/// <summary>What a measurement explorer starts from: two ratings of which a method has the share m, and error a part of the rest.</summary>
public sealed record MeasurementExplorerModel : ExplorerModel
{
    /// <summary>The values at the start.</summary>
    public required MeasurementExplorerOptions Start { get; init; }

    /// <summary>The correlation seen at the start: m + (1 - m)·ρ·√(rxx·ryy).</summary>
    public double Seen => MeasurementArtifacts.WithSharedMethod(MeasurementArtifacts.Attenuated(Start.Correlation, Start.PredictorReliability, Start.OutcomeReliability), Start.SharedMethod);

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, rho = Start.Correlation, rxx = Start.PredictorReliability, ryy = Start.OutcomeReliability, share = Start.SharedMethod, observed = Start.Observed, name = Start.ObservedName,
    };
}

/// <summary>
/// What measurement does to a correlation, to try out: sliders for the correlation of what was meant, the reliabilities of both ratings, and the share of their variance that the method has in common; the correlation that is
/// seen, m + (1 - m)·ρ·√(rxx·ryy), and the ρ behind a published one. An illustration with values that the reader sets (<see cref="MeasurementArtifacts"/>): it does not say which of them are true.
/// </summary>
public sealed class MeasurementExplorer : Explorer<MeasurementExplorerModel>
{
    private MeasurementExplorer(MeasurementExplorerModel model)
        : base("measurement", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="options">Where the sliders start; the defaults if not said.</param>
    /// <example><code>
    /// var explorer = MeasurementExplorer.Create(new() { Observed = 0.28, ObservedName = "therapist empathy, Elliott et al. (2018)" });
    /// </code></example>
    public static MeasurementExplorer Create(MeasurementExplorerOptions? options = null)
    {
        options ??= new MeasurementExplorerOptions();
        var model = new MeasurementExplorerModel { Title = options.Title, Finding = "", Origin = DataOrigin.Own, Start = options };
        string Text(double value) => EffectMeasure.Correlation.Format(value);
        return new MeasurementExplorer(model with
        {
            Finding = $"Measurement to try out. Where the two things correlate {Text(options.Correlation)}, ratings with reliabilities of {Text(options.PredictorReliability)} and {Text(options.OutcomeReliability)} "
                + $"that share {StatisticText.Percent(options.SharedMethod, 0)} of their variance by method correlate {Text(model.Seen)}.",
        });
    }
}
