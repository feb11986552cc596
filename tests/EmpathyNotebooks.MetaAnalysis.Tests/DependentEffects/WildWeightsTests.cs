namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>The random factors of a wild bootstrap: their values, and the moments for which they are chosen.</summary>
public sealed class WildWeightsTests
{
    private const int Draws = 200_000;

    private static double[] Of(WildWeights weights)
    {
        var random = new Philox(20261129, 0);
        return [.. Enumerable.Range(0, Draws).Select(_ => ClusterWildBootstrap.Draw(random, weights))];
    }

    [Theory]
    [InlineData(WildWeights.Rademacher)]
    [InlineData(WildWeights.Webb)]
    [InlineData(WildWeights.Mammen)]
    public void Factors_have_mean_zero_and_variance_one(WildWeights weights)
    {
        var draws = Of(weights);
        // Four standard errors of 200,000 draws, whose fourth moment is below 3.
        Assert.Equal(0, draws.Average(), 4 * Math.Sqrt(1.0 / Draws));
        Assert.Equal(1, draws.Average(w => w * w), 4 * Math.Sqrt(2.0 / Draws));
        // Mammen's keep the skewness of the residuals; the others are symmetric.
        Assert.Equal(weights == WildWeights.Mammen ? 1 : 0, draws.Average(w => w * w * w), 4 * Math.Sqrt(5.0 / Draws));
    }

    [Fact]
    public void Webb_has_six_values_equally_often_and_Mammen_two()
    {
        var webb = Of(WildWeights.Webb).GroupBy(w => w).OrderBy(g => g.Key).ToList();
        Assert.Equal([-Math.Sqrt(1.5), -1, -Math.Sqrt(0.5), Math.Sqrt(0.5), 1, Math.Sqrt(1.5)], webb.Select(g => g.Key), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.All(webb, g => Assert.Equal(1 / 6.0, g.Count() / (double)Draws, 0.004));
        var mammen = Of(WildWeights.Mammen).GroupBy(w => w).OrderBy(g => g.Key).ToList();
        Assert.Equal([(1 - Math.Sqrt(5)) / 2, (1 + Math.Sqrt(5)) / 2], mammen.Select(g => g.Key), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(0.7236, mammen[0].Count() / (double)Draws, 0.004);
    }

    [Fact]
    public void Few_clusters_have_more_replications_with_Webb_and_the_test_says_how_many()
    {
        var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
            columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
        BootstrapTest Test(WildWeights weights) => RandomEffects.Fit(effects).Robust("sample").WildBootstrap(options: new() { Replications = 499, Weights = weights }, cancellation: TestContext.Current.CancellationToken);
        var all = Test(WildWeights.Rademacher);
        Assert.Equal((64, true), (all.Replications, all.IsExhaustive));
        Assert.EndsWith("(64 patterns of signs, all there are)", all.ToString(), StringComparison.Ordinal);
        foreach (var weights in new[] { WildWeights.Webb, WildWeights.Mammen })
        {
            var some = Test(weights);
            Assert.Equal((499, false, all.Statistic), (some.Replications, some.IsExhaustive, some.Statistic));
            Assert.Contains("(499 replications)", some.ToString(), StringComparison.Ordinal);
            Assert.InRange(some.PValue, 1 / 500.0, 0.2);
        }
        Assert.Throws<ArgumentOutOfRangeException>("weights", () => Test((WildWeights)7));
    }

    [Fact]
    public void The_most_replications_that_can_be_asked_for_are_begun()
    {
        var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08], [0.004, 0.004, 0.006, 0.005], columns: [StudyColumn.OfTexts("sample", ["A", "B", "C", "D"])]);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => RandomEffects.Fit(effects).Robust("sample").WildBootstrap(
            options: new() { Replications = int.MaxValue, Weights = WildWeights.Webb, Reestimate = false }, progress: new Stopper(stop), cancellation: stop.Token));
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value) => stop.Cancel();
    }
}
