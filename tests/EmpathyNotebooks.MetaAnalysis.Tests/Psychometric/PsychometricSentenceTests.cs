namespace EmpathyNotebooks.MetaAnalysis.Tests.PsychometricTests;

/// <summary>What a psychometric meta-analysis says of itself: only what was computed, by its own numbers.</summary>
public sealed class PsychometricSentenceTests
{
    private static StudyEffects Correlations(DataOrigin? origin = null) => StudyEffects.Create([0.20, 0.35, 0.28, 0.41, 0.15], [0.010, 0.008, 0.012, 0.009, 0.011], EffectMeasure.Correlation, sampleSizes: [93, 98, 72, 77, 88],
        columns: [StudyColumn.OfNumbers("rxx", [0.8, 0.75, 0.9, 0.85, 0.8]), StudyColumn.OfNumbers("ryy", [0.9, 0.8, 0.85, 0.7, 0.95]), StudyColumn.OfNumbers("u", [0.7, 0.9, 0.8, 0.75, 0.85])], origin: origin);

    [Fact]
    public void A_bare_bones_analysis_speaks_of_no_correction()
    {
        var fit = Psychometric.Fit(Correlations());
        var lines = fit.ToString().Split('\n');
        Assert.Equal(ArtifactMethod.BareBones, fit.Method);
        Assert.StartsWith($"k = 5, N = 428, mean r = {fit.Measure.Format(fit.Observed.Mean)}, 95% CI [", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain("corrected", fit.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("% of the variance is explained by sampling error", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("observed ", Assert.Single(lines.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_corrected_analysis_says_both_means_and_what_explains_the_variance()
    {
        var fit = Psychometric.Fit(Correlations(), new() { PredictorReliability = "rxx", OutcomeReliability = "ryy", Method = ArtifactMethod.Interactive });
        var lines = fit.ToString().Split('\n');
        Assert.True(fit.Corrected.Mean > fit.Observed.Mean);
        Assert.Contains($"mean r = {fit.Measure.Format(fit.Observed.Mean)}, corrected ρ = {fit.Measure.Format(fit.Corrected.Mean)}, 95% CI [", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("is explained by sampling error and artifacts", lines[0], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"observed   {fit.Measure.Format(fit.Observed.Mean, 4),8}", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"corrected  {fit.Measure.Format(fit.Corrected.Mean, 4),8}", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("simulated", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Simulated_data_are_called_so() => Assert.EndsWith(" [simulated data]", Psychometric.Fit(Correlations(new DataOrigin(DataKind.Simulated, "A test"))).Sentence(), StringComparison.Ordinal);

    [Fact]
    public void Indirect_restriction_without_a_reliability_is_said_to_be_as_direct()
    {
        PsychometricFit Fit(RangeRestrictionKind kind, string? reliability = null) => Psychometric.Fit(Correlations(), new() { RangeRatio = "u", RangeRestriction = kind, PredictorReliability = reliability });
        var note = Assert.Single(Fit(RangeRestrictionKind.Indirect).Warnings, w => w.Contains("No reliability of the predictor was given", StringComparison.Ordinal));
        Assert.EndsWith("is that for direct restriction.", note, StringComparison.Ordinal);
        Assert.Equal(Fit(RangeRestrictionKind.Direct).Corrected.Mean, Fit(RangeRestrictionKind.Indirect).Corrected.Mean, 1e-12);
        Assert.DoesNotContain(Fit(RangeRestrictionKind.Indirect, "rxx").Warnings, w => w.Contains("No reliability", StringComparison.Ordinal));
    }
}
