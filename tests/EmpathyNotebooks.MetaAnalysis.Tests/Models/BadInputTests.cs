namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>A right answer or a clear exception, never NaN.</summary>
public sealed class BadInputTests
{
    /// <summary>Those that do not solve for the mean of the generalised Q.</summary>
    private static readonly TauSquaredEstimator[] Biased = [TauSquaredEstimator.MaximumLikelihood, TauSquaredEstimator.HunterSchmidt,
        TauSquaredEstimator.HunterSchmidtSmallSample, TauSquaredEstimator.SidikJonkman, TauSquaredEstimator.PauleMandelMedian];

    public static TheoryData<TauSquaredEstimator> Estimators() => new(Enum.GetValues<TauSquaredEstimator>());

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.04, "-0.04")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_variance_must_be_positive_and_finite(double variance, string shown)
    {
        var error = Assert.Throws<StudyDataException>(
            () => StudyEffects.Create([0.1, 0.2], [0.01, variance], labels: ["Sample 01", "Sample 02"]));
        Assert.Equal($"Row 2 (\"Sample 02\"), column vi: \"{shown}\" must be a positive, finite variance.", error.Message);
        Assert.Equal((2, "Sample 02", "vi", shown), (error.Row, error.Study, error.Column, error.Value));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void An_effect_must_be_finite(double effect)
    {
        var error = Assert.Throws<StudyDataException>(() => StudyEffects.Create([effect, 0.2], [0.01, 0.02]));
        Assert.Contains("column yi", error.Message, StringComparison.Ordinal);
        Assert.Contains("must be a finite effect", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_must_agree()
    {
        var error = Assert.Throws<StudyDataException>(() => StudyEffects.Create([0.1, 0.2], [0.01]));
        Assert.Equal("\"vi\" has 1 values where there are 2 effects; each effect needs one.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Random_effects_need_two_studies(int k)
    {
        var error = Assert.Throws<InsufficientStudiesException>(() => RandomEffects.Fit(Some(k)));
        Assert.Equal((2, k), (error.Required, error.Actual));
    }

    [Fact]
    public void Equal_effects_need_one_study_and_return_it()
    {
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(Some(0)));
        Assert.Throws<InsufficientStudiesException>(() => EqualEffects.Fit(Some(1), new() { Inference = Inference.StudentT }));
        var fit = EqualEffects.Fit(Some(1));
        Assert.Equal(0.1, fit.Estimate, 1e-15);
        Assert.Equal(0.1, fit.StandardError, 1e-15);
        Assert.Equal([1.0], fit.Weights);
        Assert.Equal((0, 1, 1), (fit.Heterogeneity.ISquared, fit.Heterogeneity.HSquared, fit.Heterogeneity.Q.PValue));
        Assert.Null(fit.Heterogeneity.TauSquaredInterval);
        Assert.Null(fit.PredictionInterval);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Two_studies_are_enough(TauSquaredEstimator estimator)
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.1, 0.9], [0.01, 0.02]), new() { TauSquared = estimator });
        Assert.True(fit.TauSquared > 0);
        Assert.Equal(1, fit.DegreesOfFreedom);
        // With two effects the unbiased estimate has a closed form: half the squared difference less the mean variance.
        if (!Biased.Contains(estimator)) Assert.Equal(0.32 - 0.015, fit.TauSquared, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Equal_variances_have_a_closed_form(TauSquaredEstimator estimator)
    {
        double[] y = [0.1, 0.3, 0.8, -0.2, 0.5];
        var fit = RandomEffects.Fit(StudyEffects.Create(y, [0.02, 0.02, 0.02, 0.02, 0.02]), new() { TauSquared = estimator });
        var sumOfSquares = y.Sum(v => (v - y.Average()) * (v - y.Average()));
        var expected = estimator switch
        {
            TauSquaredEstimator.MaximumLikelihood or TauSquaredEstimator.HunterSchmidt => sumOfSquares / 5 - 0.02,
            // The crude start is s = SS/5; then s(SS/(v + s))/4.
            TauSquaredEstimator.SidikJonkman => sumOfSquares / 5 * (sumOfSquares / (0.02 + sumOfSquares / 5)) / 4,
            // The median of chi squared with 4 degrees of freedom.
            TauSquaredEstimator.PauleMandelMedian => sumOfSquares / 3.3566939800333224 - 0.02,
            _ => sumOfSquares / 4 - 0.02,
        };
        Assert.Equal(expected, fit.TauSquared, 1e-12);
        Assert.Equal(y.Average(), fit.Estimate, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Identical_effects_have_no_heterogeneity(TauSquaredEstimator estimator)
    {
        var effects = StudyEffects.Create([0.3, 0.3, 0.3], [0.01, 0.02, 0.03]);
        var fit = RandomEffects.Fit(effects, new() { TauSquared = estimator });
        Assert.Equal(0, fit.TauSquared);
        Assert.Equal(0.3, fit.Estimate, 1e-15);
        Assert.Equal(new ConfidenceInterval(0, 0, 0.95), fit.Heterogeneity.TauSquaredInterval);
        Assert.False(double.IsNaN(fit.Statistic));
        Assert.InRange(fit.PValue, 0, 1e-9);
        Assert.NotEmpty(fit.Warnings);
        var normal = RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = Inference.Normal });
        // The generalised Q keeps its weights 1/(v + mean v) also where tau squared is 0.
        double[] a = estimator == TauSquaredEstimator.GeneralizedQ ? [1 / 0.03, 1 / 0.04, 1 / 0.05] : [100, 50, 100 / 3.0];
        Assert.Equal(Math.Sqrt(a[0] * a[0] * 0.01 + a[1] * a[1] * 0.02 + a[2] * a[2] * 0.03) / a.Sum(), normal.StandardError, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Huge_heterogeneity_is_found(TauSquaredEstimator estimator)
    {
        // 160 effects from -1000 to 1000 with standard errors of 0.001: the variance of the effects is tau squared.
        var y = Enumerable.Range(0, 160).Select(i => -1000 + 2000.0 * i / 159).ToArray();
        var fit = RandomEffects.Fit(StudyEffects.Create(y, [.. y.Select((_, i) => 1e-6 * (1 + i % 7))]), new() { TauSquared = estimator });
        var variance = y.Sum(v => v * v) / (estimator == TauSquaredEstimator.MaximumLikelihood ? 160 : 159);
        // Some weight by precision alone, and the median of chi squared is below its mean: these differ a little.
        var rough = estimator is TauSquaredEstimator.DerSimonianLaird or TauSquaredEstimator.HunterSchmidt
            or TauSquaredEstimator.HunterSchmidtSmallSample or TauSquaredEstimator.PauleMandelMedian or TauSquaredEstimator.GeneralizedQ;
        Assert.Equal(1, fit.TauSquared / variance, rough ? 0.1 : 1e-6);
        Assert.InRange(fit.Heterogeneity.ISquared, 0.999999, 1);
        Assert.True(fit.Heterogeneity.TauSquaredInterval!.Value.Contains(variance));
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void What_does_not_fit_a_double_is_an_exception(TauSquaredEstimator estimator)
    {
        var effects = StudyEffects.Create([1e200, -1e200, 3e200], [1, 1, 1]);
        Assert.Throws<ConvergenceException>(() => RandomEffects.Fit(effects, new() { TauSquared = estimator }));
        Assert.Throws<ConvergenceException>(() => EqualEffects.Fit(StudyEffects.Create([0.1, 0.2], [1e-320, 0.1])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void A_level_is_a_fraction(double level)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomEffectsOptions { ConfidenceLevel = level });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EqualEffectsOptions { ConfidenceLevel = level });
    }

    [Fact]
    public void Kenward_Roger_is_for_REML_without_own_weights()
    {
        var error = Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(Some(4),
            new() { TauSquared = TauSquaredEstimator.DerSimonianLaird, Inference = Inference.KenwardRoger }));
        Assert.Equal("Kenward-Roger inference is defined for REML, not for DL: choose Hartung-Knapp inference, or REML.", error.Message);
        Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(Some(4), new() { Inference = Inference.KenwardRoger, Weights = [1, 1, 1, 1] }));
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(Some(4), new() { Inference = Inference.KenwardRoger }));
    }

    [Theory]
    // R: qt(0.975, 0.3) and so on; 0.001 gives a number that no double holds.
    [InlineData(0.3, 6582.035699)]
    [InlineData(0.05, 1.195833759e+25)]
    [InlineData(0.005, 5.693035233e+258)]
    [InlineData(0.001, double.PositiveInfinity)]
    public void Hardly_any_degrees_of_freedom_give_a_huge_quantile(double df, double expected)
    {
        var actual = Distributions.StudentQuantile(0.975, df);
        if (double.IsInfinity(expected)) Assert.Equal(expected, actual);
        else Assert.Equal(1, actual / expected, 1e-5);
        Assert.Equal(-actual, Distributions.StudentQuantile(0.025, df));
    }

    [Theory]
    [InlineData(-1.0, "-1")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void A_weight_is_finite_and_not_negative(double weight, string shown)
    {
        var error = Assert.Throws<StudyDataException>(() => RandomEffects.Fit(Some(3), new() { Weights = [1, weight, 1] }));
        Assert.Equal($"Row 2 (\"Study 2\"), column weights: \"{shown}\" must be a weight: finite and not negative.", error.Message);
        Assert.Throws<StudyDataException>(() => RandomEffects.Fit(Some(3), new() { Weights = [1, 1] }));
        Assert.Throws<StudyDataException>(() => EqualEffects.Fit(Some(3), new() { Weights = [0, 0, 0] }));
    }

    [Theory]
    [InlineData(0.975, 15, 2.131449545559323)]
    [InlineData(0.975, 1, 12.706204736432095)]
    [InlineData(0.9999999995, 148, 6.5278293756414)]
    [InlineData(0.6, 4.5, 0.26875183554218)]
    public void Quantiles_of_t_hold_far_out(double probability, double degreesOfFreedom, double expected)
    {
        // Values by R's qt().
        Assert.Equal(expected, Distributions.StudentQuantile(probability, degreesOfFreedom), 1e-10 * expected);
        Assert.Equal(-Distributions.StudentQuantile(probability, degreesOfFreedom), Distributions.StudentQuantile(1 - probability, degreesOfFreedom), 1e-6 * expected);
    }

    /// <summary>What the search knows beforehand saves it tails, and changes no bit of the root that halving the whole line finds.</summary>
    [Fact]
    public void Quantiles_of_t_are_those_of_plain_halving()
    {
        foreach (var df in new[] { 0.1, 0.7, 1, 1.5, 2, 3.3, 5, 12, 40, 333.25, 1e4, 1e8, 1e12 })
        {
            foreach (var p in new[] { 0.5 + 1e-9, 0.501, 0.6, 0.8, 0.95, 0.975, 0.995, 1 - 1e-6, 1 - 1e-12 })
            {
                double low = -40, high = Math.Log(double.MaxValue);
                while (high - low > 1e-14 * Math.Max(1, Math.Abs(high)))
                {
                    var middle = (low + high) / 2;
                    // Beyond e^300 the tail is less than any of these.
                    if (middle < 300 && Distributions.StudentTwoSided(Math.Exp(middle), df) > 2 * (1 - p)) low = middle;
                    else high = middle;
                }
                Assert.Equal(Math.Exp(high), Distributions.SearchStudentQuantile(p, df));
            }
        }
    }

    [Theory]
    [InlineData(0.999999)]
    [InlineData(0.000001)]
    public void An_extreme_level_gives_numbers(double level)
    {
        var effects = StudyEffects.Create([.. Enumerable.Range(0, 149).Select(i => i % 7 / 10.0)], [.. Enumerable.Range(0, 149).Select(i => 0.01 + i % 5 / 100.0)]);
        var fit = RandomEffects.Fit(effects, new() { ConfidenceLevel = level });
        Assert.True(double.IsFinite(fit.ConfidenceInterval.Lower) && double.IsFinite(fit.PredictionInterval!.Value.Upper));
        Assert.True(fit.ConfidenceInterval.Contains(fit.Estimate));
    }

    [Fact]
    public void An_interval_narrower_than_the_normal_one_gets_a_warning()
    {
        // Effects far closer together than their standard errors of .3.
        var close = StudyEffects.Create([0.30, 0.31, 0.29, 0.30, 0.32], [0.09, 0.09, 0.09, 0.09, 0.09]);
        // The other warning is that of a tau squared of 0, which all three have.
        Assert.Contains("narrower", Assert.Single(RandomEffects.Fit(close).Warnings, w => w != NewTrueEffects.ZeroWarning), StringComparison.Ordinal);
        Assert.Equal([NewTrueEffects.ZeroWarning], RandomEffects.Fit(close, new() { Inference = Inference.HartungKnappAdHoc }).Warnings);
        Assert.Equal([NewTrueEffects.ZeroWarning], RandomEffects.Fit(close, new() { Inference = Inference.Normal }).Warnings);
        var fit = RandomEffects.Fit(close);
        Assert.True(fit.ConfidenceInterval.Width < RandomEffects.Fit(close, new() { Inference = Inference.Normal }).ConfidenceInterval.Width);
    }

    [Fact]
    public void A_mistyped_column_gets_a_suggestion()
    {
        var effects = StudyEffects.Create([0.1, 0.2], [0.01, 0.02], columns: [StudyColumn.OfTexts("rater", ["client", "observer"])]);
        Assert.Equal("\"ratr\" is not a column: did you mean \"rater\"? There are: rater.",
            Assert.Throws<StudyDataException>(() => effects.Column("ratr")).Message);
        Assert.Equal("Column rater: \"clients\" is the value of no row: did you mean \"client\"? There are: client, observer.",
            Assert.Throws<StudyDataException>(() => effects.Where("rater", "clients")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => effects.AverageWithin("rater", 1));
    }

    [Fact]
    public void Leaving_one_out_of_two_is_too_few() =>
        Assert.Throws<InsufficientStudiesException>(() => RandomEffects.Fit(Some(2)).LeaveOneOut());

    private static StudyEffects Some(int k) =>
        StudyEffects.Create([.. Enumerable.Range(1, k).Select(i => i / 10.0)], [.. Enumerable.Range(1, k).Select(i => i / 100.0)]);
}
