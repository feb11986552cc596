using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A psychometric meta-analysis: the mean of effects with and without the correction for artifacts, and how much true effects differ. It is no <see cref="IModelFit"/>, since its means and variances follow
/// rules of their own; <see cref="ToPooled"/> gives the corrected effects to a random-effects model, which is one.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.009, 0.021, 0.011, 0.009, 0.016], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110, 52],
///     columns: [StudyColumn.OfNumbers("rxx", [0.80, 0.75, 0.90, 0.85, 0.78]), StudyColumn.OfNumbers("ryy", [0.70, 0.80, 0.80, 0.75, 0.85])]);
/// PsychometricFit fit = Psychometric.Fit(effects, new() { PredictorReliability = "rxx", OutcomeReliability = "ryy" });
/// Console.WriteLine(fit);
/// </code></example>
public sealed class PsychometricFit
{
    private readonly Artifacts _data;

    internal PsychometricFit(Artifacts data, ArtifactMethod method, PsychometricEstimate observed, Corrected corrected, double[] errors, double? explained)
    {
        (_data, Method, Observed, Corrected, PercentExplained) = (data, method, observed, corrected.Estimate, explained);
        var total = corrected.Weights.Sum();
        Studies = [.. Enumerable.Range(0, data.Count).Select(i => new PsychometricStudy(data.Effects.Labels[i], data.Sizes[i], data.Observed[i], errors[i], corrected.Effects[i], corrected.Variances[i], corrected.Weights[i] / total))];
        Measure = data.IsDifference ? data.Effects.Measure : EffectMeasure.Correlation;
        Warnings = [.. Warn(corrected.IsTruncated)];
    }

    /// <summary>The effects as they were given.</summary>
    public StudyEffects Effects => _data.Effects;

    /// <summary>What was chosen.</summary>
    public PsychometricOptions Options => _data.Options;

    /// <summary>How artifacts were taken account of.</summary>
    public ArtifactMethod Method { get; }

    /// <summary>What means and studies are in: correlations, or the measure of the differences.</summary>
    public EffectMeasure Measure { get; }

    /// <summary>How many studies there are, k.</summary>
    public int Count => Studies.Length;

    /// <summary>The people in all studies, N.</summary>
    public double TotalSampleSize => Studies.Sum(s => s.SampleSize);

    /// <summary>For sampling error alone: bare bones.</summary>
    public PsychometricEstimate Observed { get; }

    /// <summary>Corrected for artifacts too: the mean true effect ρ; the same as <see cref="Observed"/> where none are corrected for.</summary>
    public PsychometricEstimate Corrected { get; }

    /// <summary>
    /// How much of the variance of the effects sampling error and artifacts explain, in percent; above 100 where they explain more than there is, null where the effects do not vary. By the 75% rule of Hunter and
    /// Schmidt three quarters are enough to take all of it as artifacts. When not to use that: as a test. With few studies the share is far from its true value in both directions, and it falls with
    /// larger samples whatever the true effects do; the credibility interval says how much they differ.
    /// </summary>
    public double? PercentExplained { get; }

    /// <summary>What explains that part, in words: sampling error, by distributions also artifacts. Where each effect is corrected by its own artifacts they no longer add to the variance.</summary>
    public string ExplainedBy => Method is ArtifactMethod.TaylorSeries or ArtifactMethod.Interactive ? "sampling error and artifacts" : "sampling error";

    /// <summary>The studies, as observed and corrected.</summary>
    public ImmutableArray<PsychometricStudy> Studies { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The corrected effects with their corrected variances, and the columns of the studies, for any model, plot or diagnostic.</summary>
    public StudyEffects CorrectedEffects() => StudyEffects.Create([.. Studies.Select(s => s.Corrected)], [.. Studies.Select(s => s.CorrectedVariance)], Measure, Effects.Labels,
        Effects.HasSampleSizes ? Effects.SampleSizes : null, Effects.Columns, Effects.Origin);

    /// <summary>
    /// A random-effects model of the corrected effects with the weights of this fit and tau² by the Hunter-Schmidt estimator: forest, funnel, meta-regression, influence and all other things a model can be asked.
    /// Its mean is that of <see cref="Corrected"/> but where distributions correct for range, which is not linear; its standard error comes from the model, not from √k.
    /// </summary>
    public PooledFit ToPooled() => RandomEffects.Fit(CorrectedEffects(),
        new RandomEffectsOptions { TauSquared = TauSquaredEstimator.HunterSchmidt, Weights = [.. Studies.Select(s => s.Weight)], Inference = Inference.Normal, ConfidenceLevel = Options.ConfidenceLevel });

    /// <summary>The same meta-analysis without each study in turn.</summary>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies.</exception>
    /// <exception cref="StudyDataException">Without a study no value of an artifact is known.</exception>
    public ImmutableArray<PsychometricLeftOut> LeaveOneOut()
    {
        if (Count < 3) throw new InsufficientStudiesException("Leaving studies out one by one", 3, Count);
        return [.. Enumerable.Range(0, Count).Select(left => new PsychometricLeftOut(Effects.Labels[left], Refit([.. Enumerable.Range(0, Count).Where(i => i != left)])))];
    }

    /// <summary>The same meta-analysis of some of the studies, with their own artifacts.</summary>
    /// <param name="rows">The studies to use, counted from 0, each once.</param>
    /// <exception cref="InsufficientStudiesException">There are fewer than two.</exception>
    /// <exception cref="StudyDataException">No value of an artifact is known of them.</exception>
    public PsychometricFit Refit(IReadOnlyList<int> rows) => Psychometric.Fit(Effects.Select(rows), Options with { Method = Method });

    /// <summary>The meta-analysis of each group of studies, and the test between them.</summary>
    /// <param name="column">The column whose values make the groups.</param>
    /// <exception cref="StudyDataException">There is no such column, a study has no value in it, or no value of an artifact is known in a group.</exception>
    /// <exception cref="InsufficientStudiesException">Fewer than two groups have two studies.</exception>
    public PsychometricSubgroups Subgroups(string column) => PsychometricSubgroups.Of(this, column);

    /// <summary>A line as a paper says it, and a table of two rows.</summary>
    public override string ToString()
    {
        var lines = new List<string> { Sentence() };
        if (Method != ArtifactMethod.BareBones) lines.Add(Row("observed", Observed));
        lines.Add(Row(Method == ArtifactMethod.BareBones ? "observed" : "corrected", Corrected));
        return string.Join('\n', lines);
    }

    /// <summary>The result as a paper says it.</summary>
    public string Sentence()
    {
        string Of(double value) => Measure.Format(value);
        string In(ConfidenceInterval interval) => $"[{Of(interval.Lower)}, {Of(interval.Upper)}]";
        var symbol = Measure.Symbol;
        return $"k = {StatisticText.Count(Count)}, N = {StatisticText.Count((long)TotalSampleSize)}, mean {symbol} = {Of(Observed.Mean)}"
            + (Method == ArtifactMethod.BareBones ? "" : $", corrected {(Measure == EffectMeasure.Correlation ? "ρ" : "δ")} = {Of(Corrected.Mean)}")
            + $", {StatisticText.Level(Options.ConfidenceLevel)} CI {In(Corrected.ConfidenceInterval)}, SD of true effects {Of(Corrected.StandardDeviation)}, {StatisticText.Level(Options.CredibilityLevel)} credibility interval "
            + In(Corrected.CredibilityInterval)
            + (PercentExplained is { } share ? $"; {StatisticText.Number(Math.Min(share, 100), 0)}% of the variance is explained by {ExplainedBy}" : "")
            + (Effects.Origin.IsSimulated ? " [simulated data]" : "");
    }

    private string Row(string name, PsychometricEstimate estimate) =>
        $"{name,-10} {Measure.Format(estimate.Mean, 4),8}  SE {Measure.Format(estimate.StandardError, 4)}  CI {estimate.ConfidenceInterval}  SD {Measure.Format(estimate.StandardDeviation, 4)}  credibility {estimate.CredibilityInterval}";

    private IEnumerable<string> Warn(bool isTruncated)
    {
        var what = Method is ArtifactMethod.TaylorSeries or ArtifactMethod.Interactive ? "Sampling error and artifacts explain" : "Sampling error explains";
        if (PercentExplained is null) yield return "The effects do not vary at all: the spread of true effects is reported as 0.";
        else if (isTruncated) yield return $"{what} more than all of the variance ({StatisticText.Number(PercentExplained.Value, 0)}%): that of true effects is reported as 0, which with few studies chance alone can do.";
        if (Count < 10) yield return $"{StatisticText.Count(Count)} studies are few: the standard deviation of true effects, the credibility interval and the percentage explained are hardly known.";
        if (Measure == EffectMeasure.Correlation)
        {
            string[] beyond = [.. Studies.Where(s => Math.Abs(s.Corrected) > 1).Select(s => s.Label)];
            if (beyond.Length > 0) yield return $"Corrected correlations beyond 1: {string.Join(", ", beyond)}. "
                + (Method == ArtifactMethod.BareBones ? "The correction for small samples does that to correlations near 1; it can be left out." : "Chance does that in small samples, and so do reliabilities that are too low.");
            if (Math.Abs(Corrected.Mean) > 1) yield return Method == ArtifactMethod.BareBones ? "The mean lies beyond 1: the correction for small samples does that to correlations near 1; it can be left out."
                : "The corrected mean lies beyond 1: the reliabilities are too low for these correlations, or the range ratios wrong.";
            if (Options.RangeRestriction == RangeRestrictionKind.Indirect && (Options.RangeRatio is not null || Options.RangeRatios is not null) && Options.PredictorReliability is null && Options.PredictorReliabilities is null)
            {
                yield return "No reliability of the predictor was given: 1 is assumed, with which the correction for indirect restriction of the range is that for direct restriction.";
            }
        }
        if (Method is ArtifactMethod.TaylorSeries or ArtifactMethod.Interactive) yield return "Distributions of artifacts are taken to go neither with true effects nor with one another, and studies without artifacts to be like those with them.";
        if (Effects.SharingWarning is { } sharing) yield return sharing;
    }
}

/// <summary>A psychometric meta-analysis without one study.</summary>
/// <param name="Label">The study left out.</param>
/// <param name="Fit">The meta-analysis of the others.</param>
/// <example><code>
/// var fit = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110]));
/// foreach (PsychometricLeftOut without in fit.LeaveOneOut()) Console.WriteLine($"without {without.Label}: {without.Fit.Corrected.Mean:F3}");
/// </code></example>
public sealed record PsychometricLeftOut(string Label, PsychometricFit Fit);
