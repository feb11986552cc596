using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>edges.json: the fewest studies a method takes, and other levels than 95%.</summary>
public sealed class EdgeReferenceTests
{
    private static readonly JsonElement Edges = Reference.Root("edges.json");

    [Fact]
    public void Henmi_and_Copas_agree_with_metafor_for_two_studies_and_at_other_levels()
    {
        var cases = Edges.GetProperty("henmiCopas").EnumerateArray().ToArray();
        Assert.Equal([2, 5, 5, 5], cases.Select(c => c.GetProperty("yi").GetArrayLength()));
        foreach (var expected in cases)
        {
            var level = expected.GetProperty("level").GetDouble();
            var result = HenmiCopas.Fit(Effects(expected), level);
            Reference.Agree(result.Estimate, expected.GetProperty("beta"), 1e-12, "estimate");
            Reference.Agree(result.StandardError, expected.GetProperty("se"), 1e-12, "se");
            Reference.Agree(result.TauSquared, expected.GetProperty("tau2"), 1e-12, "tau2");
            Reference.Agree(result.ConfidenceInterval.Lower, expected.GetProperty("ci_lb"), 1e-7, $"ci.lb at {level}");
            Reference.Agree(result.ConfidenceInterval.Upper, expected.GetProperty("ci_ub"), 1e-7, $"ci.ub at {level}");
            Assert.Equal(level, result.ConfidenceInterval.Level);
        }
    }

    [Fact]
    public void What_Henmi_and_Copas_cannot_take_is_said()
    {
        var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015]);
        Assert.Throws<ArgumentNullException>(() => HenmiCopas.Fit(null!));
        Assert.All(new[] { 0, 1, 1.5, -0.1, double.NaN }, level => Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => HenmiCopas.Fit(effects, level)).ParamName));
        // The standard error is finite, the weighted squares are not.
        Assert.Throws<ConvergenceException>(() => HenmiCopas.Fit(StudyEffects.Create([1e155, -1e155, 0], [1, 1, 1])));
    }

    [Fact]
    public void Three_studies_are_enough_for_Higgins_Thompson_and_Spiegelhalter()
    {
        var expected = Assert.Single(Edges.GetProperty("higgins").EnumerateArray());
        var fit = RandomEffects.Fit(Effects(expected));
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), 1e-8, "tau2");
        var interval = fit.PredictionIntervalBy(PredictionIntervalMethod.HigginsThompsonSpiegelhalter);
        Reference.Agree(interval.Lower, expected.GetProperty("pi_lb"), 1e-7, "pi.lb");
        Reference.Agree(interval.Upper, expected.GetProperty("pi_ub"), 1e-7, "pi.ub");
        var two = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12], [0.010, 0.022]));
        var refused = Assert.Throws<InsufficientStudiesException>(() => two.PredictionIntervalBy(PredictionIntervalMethod.HigginsThompsonSpiegelhalter));
        Assert.Equal((3, 2), (refused.Required, refused.Actual));
        Assert.Throws<ArgumentNullException>(() => default(PooledFit)!.PredictionIntervalBy(PredictionIntervalMethod.HartungKnapp));
    }

    /// <summary>Where Q is next to 0, H(0) = exp(-Q/2) of three studies is 1: tau² is 0 in every draw, and what is left is Student's t with two degrees of freedom.</summary>
    [Fact]
    public void Three_equal_studies_leave_Nagashimas_bootstrap_the_t_of_their_mean()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.2, 0.20001, 0.20002], [0.01, 0.02, 0.015]));
        Assert.True(Math.Exp(-fit.Heterogeneity.Q.Statistic / 2) > 1 - 1e-7);
        var interval = fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 50_000 });
        var half = 4.302652729911275 * fit.StandardError;
        // The quantile of 50,000 draws scatters by 1.5% of half the width.
        Assert.Equal(fit.Estimate - half, interval.Lower, 0.06 * half);
        Assert.Equal(fit.Estimate + half, interval.Upper, 0.06 * half);
    }

    [Fact]
    public void A_bootstrap_of_less_than_a_thousand_draws_is_refused()
    {
        Assert.Equal("Draws", Assert.Throws<ArgumentOutOfRangeException>(() => new BootstrapOptions { Draws = 999 }).ParamName);
        Assert.Equal(1000, new BootstrapOptions { Draws = 1000 }.Draws);
    }

    [Fact]
    public void An_interval_of_the_generalised_Q_asks_for_one_effect_more_than_coefficients()
    {
        var one = EqualEffects.Fit(StudyEffects.Create([0.31], [0.010])).Heterogeneity;
        var refused = Assert.Throws<InsufficientStudiesException>(() => one.GeneralizedQIntervals());
        Assert.Equal((2, 1), (refused.Required, refused.Actual));
        Assert.Equal((new QTest(0, 0, 1), 0, 1, 0), (one.Q, one.ISquared, one.HSquared, one.TypicalVariance));
        Assert.Null(one.TauSquaredInterval);
    }

    [Fact]
    public void Ratios_without_the_correction_of_their_bias_agree_with_metafor()
    {
        var cases = Edges.GetProperty("ratios").EnumerateArray().ToArray();
        Assert.Equal(["ROM", "CVR", "ROMC", "CVRC"], cases.Select(c => c.GetProperty("measure").GetString()));
        foreach (var expected in cases)
        {
            double Of(string name) => expected.GetProperty(name).GetDouble();
            double m1 = Of("m1i"), sd1 = Of("sd1i"), m2 = Of("m2i"), sd2 = Of("sd2i");
            var measure = expected.GetProperty("measure").GetString()!;
            var effect = measure switch
            {
                "ROM" => MeanRatios.RatioOfMeans(m1, sd1, Of("n1i"), m2, sd2, Of("n2i"), corrected: false),
                "CVR" => MeanRatios.CoefficientOfVariationRatio(m1, sd1, Of("n1i"), m2, sd2, Of("n2i"), corrected: false),
                "ROMC" => PairedMeans.RatioOfMeans(m1, sd1, m2, sd2, Of("ni"), Of("ri"), corrected: false),
                _ => PairedMeans.CoefficientOfVariationRatio(m1, sd1, m2, sd2, Of("ni"), Of("ri"), corrected: false),
            };
            Reference.Agree(effect.Value, expected.GetProperty("yi"), 1e-12, measure + " yi");
            Reference.Agree(effect.Variance, expected.GetProperty("vi"), 1e-12, measure + " vi");
        }
    }

    /// <summary>An effect at the centre has no side; a variance below 0 has no standard error.</summary>
    [Fact]
    public void Trim_and_fill_counts_rounds_and_knows_when_there_is_no_standard_error()
    {
        var cases = Edges.GetProperty("trimfill").EnumerateArray().ToArray();
        Assert.Equal([4, 3, 1, 1], cases.Select(c => c.GetProperty("rounds").GetInt32()));
        foreach (var expected in cases)
        {
            var result = EqualEffects.Fit(Effects(expected)).TrimAndFill(Enum.Parse<TrimAndFillEstimator>(expected.GetProperty("estimator").GetString()!), FunnelSide.Left);
            Assert.Equal(expected.GetProperty("k0").GetInt32(), result.Filled.Length);
            Assert.Equal(expected.GetProperty("rounds").GetInt32(), result.Iterations);
            Reference.Agree(result.Centre, expected.GetProperty("centre"), 1e-12, "centre");
            if (expected.GetProperty("se").ValueKind == JsonValueKind.Null) Assert.Null(result.MissingStandardError);
            else Reference.Agree(result.MissingStandardError!.Value, expected.GetProperty("se"), 1e-12, "se");
        }
    }

    private static StudyEffects Effects(JsonElement expected) => StudyEffects.Create(Numbers(expected, "yi"), Numbers(expected, "vi"));

    private static double[] Numbers(JsonElement expected, string name) => [.. expected.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
