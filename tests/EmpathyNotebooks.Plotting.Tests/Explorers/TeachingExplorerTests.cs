using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the explorers of correlation and dependence start from.</summary>
public class TeachingExplorerTests
{
    [Theory]
    [InlineData(0.28, 200)]
    [InlineData(-0.9, 50)]
    [InlineData(0, 10)]
    public void The_two_parts_of_the_points_give_any_correlation_exactly(double start, int count)
    {
        var model = CorrelationExplorer.Create(start, options: new() { Count = count }).Model;
        foreach (var r in (double[])[-0.99, -0.3, 0, 0.28, 0.75, 0.99])
        {
            double[] y = [.. model.X.Zip(model.Rest, (x, rest) => r * x + Math.Sqrt(1 - r * r) * rest)];
            Assert.Equal(r, CorrelatedPoints.Correlation([.. model.X], y), 1e-12);
            Assert.All(y, value => Assert.True(Math.Abs(value) < model.Edge * 1.3));
        }
        // At the start they are the points of the static picture.
        var points = CorrelationScatter.Create(start, count).Model.Points;
        Assert.All(points.Zip(model.Rest), p => Assert.Equal(p.First.Y, start * p.First.X + Math.Sqrt(1 - start * start) * p.Second, 1e-12));
    }

    [Fact]
    public void Published_values_keep_their_digits_and_their_source()
    {
        var empathy = Datasets.PublishedFinding("Elliott et al. (2018)");
        var treatments = Datasets.PublishedFinding("Luborsky et al. (2002)");
        var explorer = CorrelationExplorer.Create(empathy.Estimate,
        [
            CorrelationMark.Of(empathy.Predictor, empathy.Estimate, empathy.Citation), CorrelationMark.Of("alliance", 0.278, "source"),
            CorrelationMark.OfDifference(treatments.Predictor, treatments.Estimate, treatments.Citation, treatments.Statistic),
        ]);
        Assert.Equal(["r = .28", "r = .278", "mean |d| = 0.20, as a correlation .10"], explorer.Model.Marks.Select(m => m.Text));
        Assert.Equal(0.2 / Math.Sqrt(0.04 + 4), explorer.Model.Marks[2].Correlation, 1e-15);
        Assert.Equal("A correlation to try out. r = .28: 7.8% shared variance, d = 0.58, common-language effect size 59.0%, 59% and 41% above the median of outcome in the upper and lower half of predictor, "
            + "binomial effect size display 64% and 36%. "
            + "Marked: therapist empathy, r = .28; alliance, r = .278; treatment differences, mean |d| = 0.20, as a correlation .10.", explorer.Finding);
        Assert.StartsWith("Luborsky, L.", (string)MetaAnalysisExplorerTests.Payload(explorer)["marks"]![2]!["citation"]!, StringComparison.Ordinal);
        Assert.True(explorer.Origin.IsSimulated);
    }

    [Fact]
    public void A_correlation_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationExplorer.Create(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationMark.Of("x", -1, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrelationMark.OfDifference("x", double.NaN, ""));
        Assert.Contains("even", Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelationExplorerOptions { Count = 11 }).Message, StringComparison.Ordinal);
    }

    /// <summary>The formulas against the sum of the whole covariance matrix of the effects.</summary>
    [Theory]
    [InlineData(0.6, 4, 12, 60, 0.15)]
    [InlineData(0, 5, 3, 40, 0)]
    [InlineData(1, 10, 2, 25, 0.3)]
    [InlineData(0.3, 1, 7, 100, 0.1)]
    public void Standard_errors_are_those_of_the_mean_of_all_effects(double rho, int m, int samples, int n, double tau)
    {
        var model = DependenceExplorer.Create(new() { Correlation = rho, EffectsPerSample = m, Samples = samples, SampleSize = n, Tau = tau }).Model;
        double v = 1.0 / (n - 3), sum = 0, diagonal = 0;
        for (var i = 0; i < samples * m; i++)
        {
            for (var j = 0; j < samples * m; j++)
            {
                if (i / m == j / m) sum += tau * tau + (i == j ? v : rho * v);
            }
            diagonal += tau * tau + v;
        }
        var count = (double)(samples * m);
        Assert.Equal(Math.Sqrt(sum) / count, model.StandardError, 1e-14);
        Assert.Equal(Math.Sqrt(diagonal) / count, model.NaiveStandardError, 1e-14);
        var icc = (tau * tau + rho * v) / (tau * tau + v);
        Assert.Equal(Math.Sqrt(1 + (m - 1) * icc), model.Ratio, 1e-12);
        Assert.Equal(count / (1 + (m - 1) * icc), model.EffectiveNumber, 1e-10);
        Assert.InRange(model.NaiveCoverage, 0.3, 0.9500001);
    }

    /// <summary>The naive and the correct model of the library, with all effects equal, where only the standard errors differ.</summary>
    [Fact]
    public void They_are_those_of_a_fit_whose_variances_are_known()
    {
        var model = DependenceExplorer.Create(new() { Tau = 0 }).Model;
        var effects = StudyEffects.Create([.. Enumerable.Repeat(0.3, 48)], [.. Enumerable.Repeat(model.SamplingVariance, 48)],
            columns: [StudyColumn.OfTexts("sample", Enumerable.Range(0, 48).Select(i => $"{i / 4}"))]);
        Assert.Equal(EqualEffects.Fit(effects).StandardError, model.NaiveStandardError, 1e-14);
        Assert.Equal(EqualEffects.Fit(effects.AverageWithin("sample", correlation: 0.6)).StandardError, model.StandardError, 1e-14);
    }

    [Fact]
    public void Draws_are_the_same_each_time_and_normal()
    {
        var draws = DependenceExplorer.Create().Model.Draws;
        Assert.Equal(draws.SelectMany(d => d), DependenceExplorer.Create(new() { Tau = 0.3 }).Model.Draws.SelectMany(d => d));
        double[] all = [.. draws.SelectMany(d => d)];
        Assert.Equal(480, all.Length);
        Assert.InRange(all.Average(), -0.15, 0.15);
        Assert.InRange(all.Average(x => x * x), 0.8, 1.2);
    }

    [Fact]
    public void A_slider_cannot_start_beyond_its_end()
    {
        Assert.Contains("from 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => new DependenceExplorerOptions { Correlation = 1.1 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DependenceExplorerOptions { EffectsPerSample = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DependenceExplorerOptions { Samples = 41 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DependenceExplorerOptions { SampleSize = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DependenceExplorerOptions { Tau = double.NaN });
    }
}
