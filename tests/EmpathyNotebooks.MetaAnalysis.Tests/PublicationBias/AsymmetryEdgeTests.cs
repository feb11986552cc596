using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Tests of asymmetry and trim and fill at their edges: few studies, no variation, ties, measures whose standard error is made of the effect.</summary>
public sealed class AsymmetryEdgeTests
{
    private static readonly StudyEffects Alike = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.04, 0.04, 0.04, 0.04]);

    [Fact]
    public void Standard_errors_that_do_not_vary_leave_no_answer()
    {
        var fit = RandomEffects.Fit(Alike);

        Assert.Contains("standard errors are alike", Assert.Throws<UndeterminedException>(() => fit.EggerTest()).Because, StringComparison.Ordinal);
        Assert.Throws<UndeterminedException>(() => fit.EggerTests());
        Assert.Throws<UndeterminedException>(() => fit.RankTest());
        Assert.Throws<UndeterminedException>(() => fit.TrimAndFill());
        Assert.Equal(FunnelSide.Right, fit.TrimAndFill(side: FunnelSide.Right).Side);
    }

    [Fact]
    public void Too_few_studies_are_counted()
    {
        var two = EqualEffects.Fit(StudyEffects.Create([0.1, 0.3], [0.04, 0.02]));

        Assert.Equal((3, 2), (Assert.Throws<InsufficientStudiesException>(() => two.EggerTest()).Required, 2));
        Assert.Throws<InsufficientStudiesException>(() => two.RankTest());
        Assert.Throws<InsufficientStudiesException>(() => two.TrimAndFill());
    }

    [Fact]
    public void Effects_on_a_line_leave_no_residual()
    {
        double[] v = [0.01, 0.04, 0.09, 0.16];
        var fit = EqualEffects.Fit(StudyEffects.Create([.. v.Select(x => 0.25 + 2 * Math.Sqrt(x))], v));

        Assert.Throws<UndeterminedException>(() => fit.EggerTest(model: EggerModel.WeightedLeastSquares));
        Assert.Equal(2, fit.EggerTest().Slope.Estimate, 1e-12);
        Assert.Equal(0.25, fit.EggerTest().Limit!.Value.Estimate, 1e-12);
        Assert.Equal(0.45, fit.EggerTest().MeanAt(0.1)!.Value, 1e-12);
    }

    [Fact]
    public void A_predictor_that_follows_from_the_moderators_leaves_no_answer()
    {
        double[] v = [0.01, 0.04, 0.09, 0.16, 0.02];
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.4], v, columns: [StudyColumn.OfNumbers("se", v.Select(x => (double?)Math.Sqrt(x)))]);

        Assert.Throws<UndeterminedException>(() => MetaRegression.Fit(effects, Moderator.Number("se")).EggerTest());
        Assert.Null(MetaRegression.Fit(effects, Moderator.Number("se")).EggerTest(SmallStudyPredictor.Variance).Limit);
    }

    [Fact]
    public void Sample_sizes_are_asked_for_or_taken_from_groups()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.04, 0.02, 0.03, 0.05]);
        var groups = effects.WithIngredients([StudyColumn.OfNumbers("n1i", [20, 40, 30, 15]), StudyColumn.OfNumbers("n2i", [22, 41, 28, 19])]);
        var sizes = StudyEffects.Create(effects.Effects, effects.Variances, sampleSizes: [42, 81, 58, 34]);

        Assert.Throws<StudyDataException>(() => RandomEffects.Fit(effects).EggerTest(SmallStudyPredictor.SampleSize));
        Assert.Equal(4, RandomEffects.Fit(effects).EggerTests().Length);
        Assert.Equal(12, RandomEffects.Fit(groups).EggerTests().Length);
        Assert.Equal(RandomEffects.Fit(sizes).EggerTest(SmallStudyPredictor.InverseSampleSize).Statistic, RandomEffects.Fit(groups).EggerTest(SmallStudyPredictor.InverseSampleSize).Statistic);
        Assert.Equal([20, 15], GroupCounts.Sizes(groups.Select([0, 3]))!.Value.First);
        Assert.Throws<StudyDataException>(() => effects.WithIngredients([StudyColumn.OfNumbers("n1i", [1, 2])]));
        Assert.Throws<StudyDataException>(() => effects.WithIngredients([StudyColumn.OfTexts("n1i", ["1", "2", "3", "4"])]));
    }

    [Fact]
    public void Measures_whose_standard_error_is_made_of_the_effect_are_warned_of()
    {
        double[] y = [0.1, 0.3, 0.2, 0.5], v = [0.04, 0.02, 0.03, 0.05];
        foreach (var (code, better) in new[] { ("SMD", "1/√n"), ("OR", "Harbord"), ("COR", "Fisher") })
        {
            var fit = RandomEffects.Fit(StudyEffects.Create(y, v, EffectMeasure.FromCode(code), sampleSizes: [50, 90, 70, 30]));
            Assert.Contains(fit.EggerTest().Warnings, w => w.Contains(better, StringComparison.Ordinal));
            Assert.DoesNotContain(fit.EggerTest(SmallStudyPredictor.InverseSquareRootSampleSize).Warnings, w => w.Contains("depends on the effect itself", StringComparison.Ordinal));
            Assert.Contains(fit.RankTest().Warnings, w => w.Contains(better, StringComparison.Ordinal));
            Assert.Contains(fit.TrimAndFill().Warnings, w => w.Contains(better, StringComparison.Ordinal));
        }
        Assert.DoesNotContain(RandomEffects.Fit(StudyEffects.Create(y, v, EffectMeasure.FisherZ)).EggerTest().Warnings, w => w.Contains("depends on the effect itself", StringComparison.Ordinal));
    }

    /// <summary>The exact p-value of τ against all orders of six studies.</summary>
    [Fact]
    public void The_exact_rank_test_counts_every_order()
    {
        double[] v = [0.010, 0.021, 0.033, 0.047, 0.059, 0.071], y = [0.1, 0.5, 0.2, 0.45, 0.7, 0.6];
        var test = EqualEffects.Fit(StudyEffects.Create(y, v)).RankTest();
        var s = (int)Math.Round(test.Tau * 15);
        int all = 0, above = 0, below = 0;
        foreach (var order in Orders([0, 1, 2, 3, 4, 5]))
        {
            var score = 0;
            for (var i = 0; i < 6; i++)
            {
                for (var j = 0; j < i; j++) score += Math.Sign(order[i] - order[j]);
            }
            all++;
            if (score >= s) above++;
            if (score <= s) below++;
        }
        Assert.Equal(720, all);
        Assert.True(test.IsExact);
        Assert.Equal(Math.Min(1, 2.0 * Math.Min(above, below) / all), test.PValue, 1e-14);

        static IEnumerable<int[]> Orders(int[] values) => values.Length == 1 ? [values] : values.SelectMany(first => Orders([.. values.Where(x => x != first)]), (first, rest) => (int[])[first, .. rest]);
    }

    [Fact]
    public void One_study_of_great_precision_costs_the_ranks_no_digits()
    {
        double[] y = [0.1, 0.5, 0.2, 0.45, 0.7], v = [1e-14, 1.1, 1.2, 1.3, 1.4];
        var test = EqualEffects.Fit(StudyEffects.Create(y, v)).RankTest();

        // y - μ of the precise study is Σw(y₁ - y) over all others, over its own standard error of nearly 0: negative and of the size of 1e-7.
        double w = v.Skip(1).Sum(x => 1 / x), difference = y.Skip(1).Zip(v.Skip(1), (a, b) => (y[0] - a) / b).Sum();
        var standardized = difference / (w + 1e14) / Math.Sqrt(1e-14 * w / (w + 1e14));
        double[] x = [standardized, .. y.Skip(1).Zip(v.Skip(1), (a, b) => (a - 0.1) / Math.Sqrt(b))];
        var s = Enumerable.Range(0, 5).Sum(i => Enumerable.Range(0, i).Sum(j => Math.Sign(x[i] - x[j]) * Math.Sign(v[i] - v[j])));
        Assert.Equal(s / 10.0, test.Tau, 1e-12);
    }

    [Fact]
    public void A_mirrored_funnel_is_filled_on_the_other_side()
    {
        var effects = Reference.Load("hackshaw1998");
        var mirrored = StudyEffects.Create([.. effects.Effects.Select(y => -y)], effects.Variances);
        foreach (var estimator in Enum.GetValues<TrimAndFillEstimator>())
        {
            var (one, other) = (RandomEffects.Fit(effects).TrimAndFill(estimator), RandomEffects.Fit(mirrored).TrimAndFill(estimator));
            Assert.Equal((one.Missing, FunnelSide.Left, FunnelSide.Right), (other.Missing, one.Side, other.Side));
            Assert.Equal(one.Fit.Estimate, -other.Fit.Estimate, 1e-10);
            // Each filled study mirrors its source around the centre.
            foreach (var study in one.Filled) Assert.Equal(2 * one.Centre - effects.Effects[study.Source], study.Effect, 1e-12);
            Assert.Equal(effects.Count + one.Missing, one.Fit.Count);
            Assert.Equal(effects.Count, one.Adjusted.Count);
        }
    }

    [Fact]
    public void Weights_and_inference_of_the_fit_stay()
    {
        var effects = Reference.Load("hackshaw1998");
        var fit = RandomEffects.Fit(effects, new() { Weights = [.. effects.Variances.Select((v, i) => 1 / v + i)], Inference = Inference.HartungKnapp, ConfidenceLevel = 0.9 });

        var result = fit.TrimAndFill();

        Assert.True(result.Missing > 0);
        Assert.Equal((Inference.HartungKnapp, 0.9), (result.Fit.Inference, result.Fit.ConfidenceLevel));
        Assert.NotNull(((RandomEffectsOptions)result.Fit.Options).Weights);
    }

    [Fact]
    public void The_same_bytes_twice()
    {
        var fit = RandomEffects.Fit(Reference.Load("mcdaniel1994"));

        Assert.Equal(fit.EggerTests().Select(t => t.ToString()), fit.EggerTests().Select(t => t.ToString()));
        Assert.Equal(fit.RankTest().PValue, fit.RankTest().PValue);
        Assert.Equal(fit.TrimAndFill().Fit.Estimate, fit.TrimAndFill().Fit.Estimate);
    }

    /// <summary>R0 counts a run beyond the near side, and where every effect is the mean there is none; L0 and Q0 have an answer.</summary>
    [Fact]
    public void Equal_effects_have_no_run_to_count()
    {
        var fit = EqualEffects.Fit(StudyEffects.Create([0.2, 0.2, 0.2], [0.01, 0.02, 0.03]));
        Assert.Contains("no effect is left on the near side", Assert.Throws<UndeterminedException>(() => fit.TrimAndFill(TrimAndFillEstimator.R0, FunnelSide.Left)).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (fit.TrimAndFill(TrimAndFillEstimator.L0, FunnelSide.Left).Missing, fit.TrimAndFill(TrimAndFillEstimator.Q0, FunnelSide.Left).Missing));
    }
}
