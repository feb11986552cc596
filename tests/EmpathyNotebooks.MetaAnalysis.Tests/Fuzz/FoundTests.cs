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

    [Fact]
    public void A_predicted_effect_has_a_standard_error_where_weights_are_many_decades_apart()
    {
        var effects = FuzzData.Draw(seed: 1232, fewest: 2, most: 60).WithColumns();
        foreach (var moderators in (Moderator[])[Moderator.Number("x"), Moderator.Number("x").Centered(), Moderator.Category("group")])
        {
            foreach (var estimator in Enum.GetValues<TauSquaredEstimator>().Where(e => e != TauSquaredEstimator.GeneralizedQ))
            {
                var fit = MetaRegression.Fit(effects, moderators, new() { TauSquared = estimator, Inference = Inference.Normal });
                Assert.All(fit.Blups(), b => Assert.True(b.StandardError >= 0, $"{moderators} {estimator}: {b.StandardError}"));
            }
        }
    }

    [Fact]
    public void P_uniform_does_not_depend_on_the_order_where_many_means_solve_it()
    {
        var effects = FuzzData.Draw(3414, fewest: 2, most: 60).Effects;
        int[] order = [.. Enumerable.Range(0, effects.Count)];
        new Philox(3414, 1).Shuffle(order);
        Assert.Equal(PUniform.Fit(effects).Estimate, PUniform.Fit(effects.Select(order)).Estimate, 1e-9);
    }

    [Theory]
    [InlineData(1e8)]
    [InlineData(1e7)]
    [InlineData(1e6)]
    [InlineData(1e5)]
    [InlineData(1e4)]
    public void I_squared_that_is_1_to_the_last_digit_has_a_mode(double scale)
    {
        var effects = StudyEffects.Create([-0.17494748 * scale, 0.16922889 * scale, -1.02919091 * scale], [2.6e-7, 0.0026, 2.6e-7]);
        var share = BayesianModel.Fit(effects, new() { EffectPrior = EffectPrior.Normal(0, 1), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5) }).ISquared!;
        Assert.Equal(1, share.Mode, 1e-9);
        Assert.Equal(1, share.Median, 1e-9);
        Assert.InRange(share.ShortestInterval.Lower, 1 - 1e-9, share.ShortestInterval.Upper);
    }

    [Fact]
    public void An_integral_over_weights_comes_to_an_end()
    {
        double[] y = [-1.6, -16, -1, -3, -0.8, -12, -11, 6], errors = [0.028, 0.056, 0.03, 0.054, 0.03, 0.052, 0.056, 0.07];
        StepIntervals Intervals() => new(y, errors, [0.025, 0.05, 0.5], twoSided: false);
        var whole = new WeightIntegral(Intervals()).LogMean(-4, errors, double.NegativeInfinity);
        Assert.True(double.IsFinite(whole));
        var fault = Assert.Throws<ConvergenceException>(() => new WeightIntegral(Intervals(), most: 500).LogMean(-4, errors, double.NegativeInfinity));
        Assert.Equal((500, NonConvergence.Search), (fault.Iterations, fault.Kind));
        Assert.Contains("give priors of their scale", fault.Message, StringComparison.Ordinal);
    }
}
