using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

public sealed class ArtifactCorrectionTests
{
    [Fact]
    public void Attenuation()
    {
        // .30 with two reliabilities of .80 is .30/.80; the variance grows by the square of it.
        var observed = Correlations.Raw(0.30, 100);
        var corrected = ArtifactCorrection.ForAttenuation(observed, 0.8, 0.8);
        Assert.Equal(0.375, corrected.Value, 1e-12);
        Assert.Equal(observed.Variance / 0.64, corrected.Variance, 1e-12);
        Assert.Equal(0.30 / Math.Sqrt(0.8), ArtifactCorrection.ForAttenuation(observed, 0.8, 1).Value, 1e-12);
        Assert.Same(EffectMeasure.Correlation, corrected.Measure);
        Assert.Contains("exceeds 1", ArtifactCorrection.ForAttenuation(Correlations.Raw(0.8, 100), 0.5, 0.6).Note,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Range_restriction()
    {
        // r = .25 with a spread 1.4 times as large in the population: .3399501 (help of the R package personnelSelectionUtility).
        Assert.Equal(0.3399501, ArtifactCorrection.ForRangeRestriction(Correlations.Raw(0.25, 100), 1 / 1.4).Value, 5e-8);
        Assert.Equal(0.25, ArtifactCorrection.ForRangeRestriction(Correlations.Raw(0.25, 100), 1).Value, 1e-15);
        Assert.True(ArtifactCorrection.ForRangeRestriction(Correlations.Raw(0.25, 100), 1.2).Value < 0.25);
    }

    [Property(MaxTest = 300)]
    public void Selection_and_error_are_undone(int seed, int other)
    {
        double rho = 0.9 * Math.Sin(seed), u = 0.4 + 0.9 * Math.Abs(Math.Sin(other)), rxx = 0.5 + 0.5 * Math.Abs(Math.Cos(seed)),
            ryy = 0.5 + 0.5 * Math.Abs(Math.Cos(other));
        // The correlation of true scores, seen through an unreliable predictor, after selection on it, with an unreliable outcome.
        var population = rho * Math.Sqrt(rxx);
        var restricted = u * population / Math.Sqrt(1 - population * population + u * u * population * population);
        var observed = Correlations.Raw(restricted * Math.Sqrt(ryy), 80);
        var corrected = ArtifactCorrection.ForAll(observed, rxx, ryy, u);
        Assert.Equal(rho, corrected.Value, 1e-10);
        // The compound variance is that of the delta method.
        double Correct(double r) => ArtifactCorrection.ForAll(new EffectSize(r, 0.01, EffectMeasure.Correlation), rxx, ryy,
            u).Value;
        var slope = (Correct(observed.Value + 1e-6) - Correct(observed.Value - 1e-6)) / 2e-6;
        Assert.Equal(observed.Variance * slope * slope, corrected.Variance, 1e-6 * corrected.Variance + 1e-12);
        // In steps it is the same.
        var steps = ArtifactCorrection.ForAttenuation(ArtifactCorrection.ForRangeRestriction(ArtifactCorrection.ForAttenuation(observed, 1, ryy), u), rxx, 1);
        Assert.Equal(corrected.Value, steps.Value, 1e-12);
        Assert.Equal(corrected.Variance, steps.Variance, 1e-12);
    }

    [Fact]
    public void Fisher_z_is_corrected_as_r()
    {
        var z = ArtifactCorrection.ForAttenuation(Correlations.FisherZ(0.3, 100), 0.8, 0.7);
        Assert.Equal(0.3 / Math.Sqrt(0.56), z.Value, 1e-12);
        Assert.Equal(0.91 * 0.91 / 97 / 0.56, z.Variance, 1e-12);
    }

    [Fact]
    public void Reliability_falls_with_the_range()
    {
        // The error variance stays: with rxx = .75 in a sample with half the spread, .25·.25 of the variance is error.
        Assert.Equal(1 - 0.25 * 0.25, ArtifactCorrection.UnrestrictedReliability(0.75, 0.5), 1e-15);
        Assert.Throws<ArgumentOutOfRangeException>(() => ArtifactCorrection.UnrestrictedReliability(0.5, 2));
    }

    [Fact]
    public void Bad_input()
    {
        var r = Correlations.Raw(0.3, 100);
        Assert.Equal("predictorReliability",
            Assert.Throws<ArgumentOutOfRangeException>(() => ArtifactCorrection.ForAttenuation(r, 0, 1)).ParamName);
        Assert.Equal("outcomeReliability",
            Assert.Throws<ArgumentOutOfRangeException>(() => ArtifactCorrection.ForAttenuation(r, 1, 1.1)).ParamName);
        Assert.Equal("u",
            Assert.Throws<ArgumentOutOfRangeException>(() => ArtifactCorrection.ForRangeRestriction(r, 0)).ParamName);
        Assert.Throws<ArgumentException>(() => ArtifactCorrection.ForAttenuation(MeanDifferences.FromD(0.5, 20, 20), 0.8, 0.8));
        Assert.Throws<ArgumentException>(() => ArtifactCorrection.ForAttenuation(default, 0.8, 0.8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ArtifactCorrection.ForAll(Correlations.Raw(0.9, 100), 0.8, 0.5, 0.7));
    }
}
