namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>What the fuzz has found, each as a case of its own.</summary>
public sealed class FoundTests
{
    [Fact]
    public void Slopes_of_equal_effects_are_no_certainty_in_any_order()
    {
        double[] v = [0.135, 0.0516, 0.0523, 0.2];
        StudyEffects Of(params int[] order) => StudyEffects.Create([.. order.Select(_ => 0.3)], [.. order.Select(i => v[i])], columns: [StudyColumn.OfNumbers("x", order.Select(i => (double?)(2003.1 + 7 * i % 5)))]);
        foreach (var order in (int[][])[[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]])
        {
            var fit = MetaRegression.Fit(Of(order), Moderator.Number("x"));
            Assert.Equal((0.0, 1.0), (fit.ModeratorTest.Statistic, fit.ModeratorTest.PValue));
            Assert.Equal((0.0, 1.0), (fit["x"].Statistic, fit["x"].PValue));
        }
    }

    [Fact]
    public void A_weighted_mean_of_equal_effects_is_their_value()
    {
        double[] y = [.. Enumerable.Repeat(0.7499718777863636, 80)], v = [.. y.Select((_, i) => 0.01 + 0.003 * i)];
        var given = RandomEffects.Fit(StudyEffects.Create(y, v), new() { Weights = [.. v.Select(Math.Sqrt)] });
        Assert.Equal(y[0], given.Estimate);
        var generalised = RandomEffects.Fit(StudyEffects.Create(y, v), new() { TauSquared = TauSquaredEstimator.GeneralizedQ });
        Assert.Equal(y[0], generalised.Estimate);
        // Rounding of the mean would put all effects on one side of it.
        foreach (var side in Enum.GetValues<FunnelSide>()) Assert.Equal(0, generalised.TrimAndFill(TrimAndFillEstimator.L0, side).Missing);
    }

    [Fact]
    public void A_weighted_mean_of_large_effects_keeps_the_digits_of_their_differences()
    {
        double[] y = [1e8 + 0.25, 1e8 + 0.5, 1e8 + 1], v = [0.1, 0.2, 0.4], weights = [3, 2, 1];
        var fit = EqualEffects.Fit(StudyEffects.Create(y, v), new() { Weights = weights, Inference = Inference.Normal });
        Assert.Equal(1e8 + (3 * 0.25 + 2 * 0.5 + 1) / 6, fit.Estimate, 1e-8);
    }

    [Fact]
    public void The_ends_of_an_interval_near_1_are_in_order()
    {
        var interval = RandomEffects.Fit(FuzzData.Draw(seed: 491853).Effects).Heterogeneity.ISquaredInterval!.Value;
        Assert.True(interval.Lower <= interval.Upper && interval.Upper <= 1, $"[{interval.Lower:R}, {interval.Upper:R}]");
    }
}
