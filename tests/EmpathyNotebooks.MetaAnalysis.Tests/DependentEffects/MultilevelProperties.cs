using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>What must hold for any data.</summary>
[Properties(Arbitrary = [typeof(DependentArbitraries)], MaxTest = 100)]
public sealed class MultilevelProperties
{
    [Property]
    public void The_order_of_the_rows_does_not_matter(Clustered data)
    {
        var fit = data.Fit();
        int[] order = [.. Enumerable.Range(0, data.Effects.Count).OrderBy(i => (i * 7919) % 31).ThenByDescending(i => i)];
        var shuffled = data.Fit(data.Effects.Select(order));
        Close(fit.Estimate!.Value, shuffled.Estimate!.Value);
        Close(fit.Coefficients[0].StandardError, shuffled.Coefficients[0].StandardError);
        Close(fit.LogLikelihood, shuffled.LogLikelihood);
        Close(fit.Robust().Coefficients[0].StandardError, shuffled.Robust().Coefficients[0].StandardError);
        foreach (var component in fit.VarianceComponents) CloseVariance(component.SigmaSquared, shuffled.Component(component.Level).SigmaSquared, fit);
    }

    [Property]
    public void Adding_a_constant_moves_the_mean_only(Clustered data)
    {
        var (fit, moved) = (data.Fit(), data.Fit(data.Map(y => y + 1000)));
        Close(fit.Estimate!.Value + 1000, moved.Estimate!.Value, 1e-9);
        Close(fit.Coefficients[0].StandardError, moved.Coefficients[0].StandardError, 1e-6);
        Close(fit.LogLikelihood, moved.LogLikelihood, 1e-6);
        Close(fit.Q.Statistic, moved.Q.Statistic, 1e-6);
    }

    [Property]
    public void Another_unit_scales_everything(Clustered data)
    {
        var (fit, scaled) = (data.Fit(), data.Fit(data.Map(y => 1000 * y, 1e6)));
        Close(1000 * fit.Estimate!.Value, scaled.Estimate!.Value);
        Close(1000 * fit.Coefficients[0].StandardError, scaled.Coefficients[0].StandardError);
        Close(fit.ISquared, scaled.ISquared);
        var robust = (fit.Robust().Coefficients[0], scaled.Robust().Coefficients[0]);
        Close(robust.Item1.DegreesOfFreedom!.Value, robust.Item2.DegreesOfFreedom!.Value);
        foreach (var component in fit.VarianceComponents) CloseVariance(component.SigmaSquared, scaled.Component(component.Level).SigmaSquared / 1e6, fit);
    }

    [Property]
    public void One_level_of_single_effects_is_the_univariate_model(Clustered data)
    {
        var fit = MultilevelModel.Fit(data.Effects, [MultilevelModel.EachEffect], options: data.Options);
        var plain = RandomEffects.Fit(data.Effects, new()
        {
            TauSquared = data.Method == LikelihoodMethod.Full ? TauSquaredEstimator.MaximumLikelihood : TauSquaredEstimator.RestrictedMaximumLikelihood,
            Inference = Inference.Normal,
        });
        Close(plain.Estimate, fit.Estimate!.Value);
        Close(plain.StandardError, fit.Coefficients[0].StandardError);
        CloseVariance(plain.TauSquared, fit.TotalVariance, fit);
        if (plain.TauSquared > 0) Close(plain.TauSquaredStandardError!.Value, fit.VarianceComponents[0].StandardError!.Value, 1e-6);
        Close(plain.FitStatistics.LogLikelihood, fit.LogLikelihood);
        Close(plain.FitStatistics.Bic, fit.FitStatistics.Bic);
        Close(plain.Heterogeneity.ISquared, fit.ISquared);
        Close(plain.Heterogeneity.Q.Statistic, fit.Q.Statistic);
        Close(plain.PredictionInterval!.Value.Lower, fit.PredictionInterval!.Value.Lower);
        var (left, right) = (plain.Robust("sample").Coefficients[0], fit.Robust(cluster: "sample").Coefficients[0]);
        Close(left.StandardError, right.StandardError);
        Close(left.DegreesOfFreedom!.Value, right.DegreesOfFreedom!.Value);
    }

    [Property]
    public void No_start_leads_to_a_higher_likelihood(Clustered data)
    {
        var fit = data.Fit();
        var scale = fit.TotalVariance + fit.TypicalVariance;
        foreach (var start in (double[][])[[0, 0], [scale, 0], [0, scale], [10 * scale, 10 * scale], [1e-4 * scale, 5 * scale], [5 * scale, 1e-4 * scale]])
        {
            var search = new VarianceSearch(fit.Model);
            search.Climb(start, fixedParameter: -1);
            Assert.True(search.Likelihood.LogLikelihood <= fit.LogLikelihood + 1e-8);
        }
    }

    /// <summary>Two peaks along the sum of both variances, none of which shows from the other when one variance is changed alone; the property above found them.</summary>
    [Theory]
    [InlineData(LikelihoodMethod.Full, -10.563942132949183, 0.24316765, 0.16678439, "1 1 2 3 3 4 4 4 4 4 5 5",
        "0.6393365637163764 -0.14745050368775853 1.3706692210423639 -0.518850748321549 -0.5548610726992462 0.241472913238903 -0.19405699531590065 0.2709097723326971 0.27034395513147275 -0.8001206748817824 -0.582473629310212 -0.4962002124582315",
        "0.03523665786266172 0.05289831470600251 0.053003595926800554 0.044471937874086175 0.019259493962982436 0.0317687475200597 0.0109120228075944 0.016703255102831525 0.03317493310578863 0.01994531338799061 0.024597927932440273 0.03756017103910454")]
    [InlineData(LikelihoodMethod.Restricted, 0.7097568492666002, 0.01367752, 0.01455823, "1 1 2 2 2 2 2 3 4 5 5 5 5",
        "0.2737020048125878 0.022705366507498798 0.22986383339428143 0.37176064107129864 0.35762191704616375 0.36648239961730933 0.0838996029198526 0.5070680194960839 0.7061397664842552 0.6625244753899777 0.1086517218119664 0.1764454192918088 0.49881555640068687",
        "0.028912382649216983 0.03585831810294572 0.030322357134577985 0.028821632994255813 0.049019467054875324 0.04193198703086562 0.038620541325593616 0.050328759632692094 0.01466296103301596 0.033454192019279204 0.025596017674820507 0.04505264292473562 0.03696889314892184")]
    public void The_higher_of_two_peaks_is_found(LikelihoodMethod method, double logLikelihood, double between, double within, string samples, string effects, string variances)
    {
        double[] Numbers(string text) => [.. text.Split(' ').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        var data = StudyEffects.Create(Numbers(effects), Numbers(variances)).WithColumn(StudyColumn.OfTexts("sample", samples.Split(' ')));
        var fit = MultilevelModel.Fit(data, ["sample", MultilevelModel.EachEffect], new() { Method = method });
        Assert.Equal(logLikelihood, fit.LogLikelihood, 1e-8);
        Assert.Equal(between, fit.VarianceComponents[0].SigmaSquared, 1e-6);
        Assert.Equal(within, fit.VarianceComponents[1].SigmaSquared, 1e-6);
    }

    [Property]
    public void Blocks_give_the_likelihood_of_the_whole_matrix(Clustered data)
    {
        foreach (var fit in Kinds(data))
        {
            Close(DenseModel.LogLikelihood(fit.Model, fit.Theta), fit.LogLikelihood);
            double[] elsewhere = [.. fit.Theta.Select((t, j) => 1.7 * t + 0.01 * (j + 1))];
            Close(DenseModel.LogLikelihood(fit.Model, elsewhere), new VarianceSearch(fit.Model).ValueAt(elsewhere));
        }
    }

    [Property(MaxTest = 50)]
    public void Score_and_information_are_the_derivatives(Clustered data)
    {
        foreach (var fit in Kinds(data))
        {
            double[] theta = [.. fit.Theta.Select((t, j) => 1.3 * t + 0.02 * (j + 1))];
            var search = new VarianceSearch(fit.Model);
            search.DerivativesAt(theta);
            double[] score = [.. Enumerable.Range(0, theta.Length).Select(search.Gradient)];
            double[] expected = [.. search.Likelihood.ExpectedInformation], average = [.. search.Likelihood.AverageInformation];
            for (var i = 0; i < theta.Length; i++)
            {
                var h = 1e-5 * theta[i];
                var (up, down) = (At(fit, theta, i, h), At(fit, theta, i, -h));
                Close((up.Value - down.Value) / (2 * h), score[i], 1e-4, 1);
                for (var j = 0; j < theta.Length; j++)
                {
                    // Observed information is twice the average less the expected.
                    Close(-(up.Score[j] - down.Score[j]) / (2 * h), 2 * average[i * theta.Length + j] - expected[i * theta.Length + j], 1e-4, 1);
                }
            }
        }
    }

    [Property]
    public void Random_effects_add_up_to_the_true_effects(Clustered data)
    {
        foreach (var fit in Kinds(data))
        {
            var fitted = fit.FittedValues;
            double[] sum = [.. fitted];
            foreach (var term in fit.Model.Terms)
            {
                var effects = fit.GroupEffects(term.Name);
                Assert.Equal(fit.Count, effects.Sum(e => e.EffectCount));
                for (var i = 0; i < fit.Count; i++) sum[i] += effects[term.Groups[i]].Estimate;
            }
            var shrunken = fit.TrueEffects();
            for (var i = 0; i < fit.Count; i++) Close(shrunken[i].Estimate, sum[i], 1e-7, 0.1);
        }
    }

    [Property(MaxTest = 30)]
    public void Profile_intervals_hold_the_estimate_and_end_where_the_likelihood_has_fallen(Clustered data)
    {
        var fit = data.Fit();
        for (var j = 0; j < 2; j++)
        {
            var interval = fit.VarianceComponents[j].SigmaSquaredInterval;
            Assert.True(interval.Contains(fit.Theta[j]));
            foreach (var limit in new[] { interval.Lower, interval.Upper })
            {
                if (limit == 0 || double.IsInfinity(limit)) continue;
                var search = new VarianceSearch(fit.Model);
                var highest = double.NegativeInfinity;
                foreach (var other in new[] { 1e-4, 0.05, 0.5 })
                {
                    double[] start = [other, other];
                    start[j] = limit;
                    search.Climb(start, j);
                    highest = Math.Max(highest, search.Likelihood.LogLikelihood);
                }
                Close(1.9207294103470620, fit.LogLikelihood - highest, 1e-6);
            }
        }
    }

    [Property]
    public void Shares_of_variance_are_fractions_and_sum(Clustered data)
    {
        var fit = data.Fit();
        Assert.All(fit.VarianceComponents, c => Assert.InRange(c.ISquared, 0, 1));
        Close(fit.ISquared, fit.VarianceComponents.Sum(c => c.ISquared));
    }

    /// <summary>Nested, crossed, and with moderators.</summary>
    private static IEnumerable<MultilevelFit> Kinds(Clustered data) =>
    [
        data.Fit(),
        MultilevelModel.Fit(data.Effects, ["sample", "effect"], data.Rho, data.Options with { CrossedFactors = ["rater"] }),
        MultilevelModel.Fit(data.Effects, ["sample"], Moderator.Category("rater"), data.Rho, data.Options),
    ];

    private static (double Value, double[] Score) At(MultilevelFit fit, double[] theta, int j, double change)
    {
        double[] moved = [.. theta];
        moved[j] += change;
        var search = new VarianceSearch(fit.Model);
        search.DerivativesAt(moved);
        return (search.Likelihood.LogLikelihood, [.. Enumerable.Range(0, theta.Length).Select(search.Gradient)]);
    }

    /// <summary>Equal in units of the whole variance: a variance near 0 has no digits of its own.</summary>
    private static void CloseVariance(double expected, double actual, MultilevelFit fit) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-7 * (fit.TotalVariance + fit.TypicalVariance), $"{expected:R} and {actual:R} differ");

    private static void Close(double expected, double actual, double tolerance = 1e-7, double floor = 1e-3) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), floor), $"{expected:R} and {actual:R} differ");
}
