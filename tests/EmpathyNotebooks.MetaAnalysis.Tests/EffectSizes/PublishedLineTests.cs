using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>A line that is made from known samples gives back what they were made with.</summary>
public sealed class PublishedLineTests
{
    /// <summary>Equally large samples, pooled with a known variance of true effects: the reconstruction is exact.</summary>
    [Theory]
    [InlineData(10, 50, 0.20)]
    [InlineData(82, 75, 0.15)]
    [InlineData(400, 12, 0.60)]
    public void Equally_large_samples_give_back_what_REML_finds(int k, int n, double spread)
    {
        EffectSize[] effects = [.. Enumerable.Range(0, k).Select(i => Correlations.FisherZ(Math.Tanh(0.3 + spread * Math.Sin(i * 2.399963)), n))];
        var data = StudyEffects.Create(effects);
        var fit = RandomEffects.Fit(data, new() { Inference = Inference.Normal });
        Assert.True(fit.TauSquared > 0);
        var (shown, limits) = (fit.BackTransformed.Estimate, fit.BackTransformed.ConfidenceInterval);
        var line = PublishedLine.Read(shown, limits.Lower, limits.Upper, k, k * n);
        Assert.Equal(fit.TauSquared, line.TauSquared, 1e-7);
        Assert.Equal(fit.StandardError, line.StandardError, 1e-8);
        Assert.Equal(fit.TauSquared / (fit.TauSquared + 1.0 / (n - 3)), line.ISquared, 1e-6);
        Assert.Empty(line.Warnings);
        var equal = EqualEffects.Fit(data).StandardError;
        Assert.Equal(2 * 1.959963984540054 * equal, Math.Atanh(line.EqualEffectsInterval.Upper) - Math.Atanh(line.EqualEffectsInterval.Lower), 1e-9);
        Assert.Equal(fit.StandardError / equal, line.WidthRatio, 1e-6);
    }

    /// <summary>The published line of 2018, by hand: SE = (artanh .33 - artanh .23)/3.92.</summary>
    [Fact]
    public void The_line_of_2018()
    {
        var line = PublishedLine.Read(0.28, 0.23, 0.33, 82, 6138);
        Assert.Equal((Math.Atanh(.33) - Math.Atanh(.23)) / (2 * 1.959963984540054), line.StandardError, 1e-12);
        Assert.Equal(82 * line.StandardError * line.StandardError - 82.0 / (6138 - 246), line.TauSquared, 1e-12);
        Assert.Equal(-.15, line.PredictionInterval.Lower, 0.005);
        Assert.Equal(.62, line.PredictionInterval.Upper, 0.005);
        Assert.InRange(line.TauRange.Lower, .185, .195);
        Assert.InRange(line.TauRange.Upper, .245, .255);
        Assert.Contains("[.256, .303]", line.ToString(), StringComparison.Ordinal);
        Assert.Empty(line.Warnings);
    }

    [Fact]
    public void An_interval_that_sampling_error_explains_says_so()
    {
        var line = PublishedLine.Read(0.31, 0.28, 0.34, 59, 3599);
        Assert.Equal(0, line.TauSquared);
        Assert.Contains(line.Warnings, warning => warning.Contains("no wider than sampling error", StringComparison.Ordinal));
        Assert.Contains(PublishedLine.Read(0.30, 0.28, 0.40, 59, 3599).Warnings, warning => warning.Contains("in the middle", StringComparison.Ordinal));
    }

    [Fact]
    public void Impossible_lines_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PublishedLine.Read(0.5, 0.2, 0.4, 10, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublishedLine.Read(0.3, 0.2, 0.4, 1, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublishedLine.Read(0.3, 0.2, 0.4, 10, 30));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublishedLine.Read(1.3, 0.2, 0.4, 10, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => PublishedLine.Read(0.3, 0.2, 0.4, 10, 500, decimals: 0));
    }
}
