namespace EmpathyNotebooks.MetaAnalysis.Tests.Bayesian;

/// <summary>Priors of the mean so narrow that it is known, to whatever power of ten: the posterior is the prior, and the effect is no other than that of the point.</summary>
public sealed class NarrowPriorTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.05, 0.38], [0.010, 0.022, 0.015, 0.012, 0.008, 0.011], EffectMeasure.FisherZ);

    public static TheoryData<double> Scales => [1e-6, 1e-10, 1e-20, 1e-50, 1e-99, 1e-100, 1e-101, 1e-120, 1e-150, 1e-153];

    [Theory]
    [MemberData(nameof(Scales))]
    public void A_mean_that_is_known_to_be_0_makes_no_effect(double scale)
    {
        var fit = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0, scale) });
        Assert.Equal(0, fit.EffectBayesFactor!.Value.Log, 1e-6);
        Assert.Equal(1, fit.Mean.StandardDeviation!.Value / scale, 1e-6);
        Assert.Equal(1.959964, fit.Mean.CredibleInterval.Upper / scale, 1e-3);
        // τ is that of effects around 0, whatever the scale.
        Assert.Equal(BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0, 1e-7) }).Tau.Median, fit.Tau.Median, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void A_mean_that_is_known_is_that(double scale)
    {
        var fit = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0.25, scale) });
        var near = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0.25, 1e-7) });
        Assert.Equal(0.25, fit.Mean.Median, 1e-9);
        Assert.Equal(near.EffectBayesFactor!.Value.Log, fit.EffectBayesFactor!.Value.Log, 1e-6);
        Assert.Equal(near.Tau.Mean!.Value, fit.Tau.Mean!.Value, 1e-8);
    }

    [Fact]
    public void A_prior_of_one_coefficient_among_others_may_be_as_narrow()
    {
        var effects = StudyEffects.Create(Effects.Effects, Effects.Variances, Effects.Measure, columns: [StudyColumn.OfNumbers("x", [1, 2, 3, 4, 5, 6])]);
        BayesianRegressionFit Fit(double scale) => BayesianModel.Fit(effects, Moderator.Number("x").Centered(), new() { CoefficientPriors = new Dictionary<string, EffectPrior> { ["x"] = EffectPrior.Normal(0.05, scale) } });
        var (known, near) = (Fit(1e-120), Fit(1e-8));
        Assert.Equal(0.05, known.Coefficients[1].Posterior.Median, 1e-9);
        Assert.Equal(near.Coefficients[0].Posterior.Median, known.Coefficients[0].Posterior.Median, 1e-7);
        Assert.Equal(near.Tau.Median, known.Tau.Median, 1e-7);
    }

    [Theory]
    [InlineData(1e-155)]
    [InlineData(1e-200)]
    [InlineData(1e-307)]
    public void A_prior_that_is_a_point_is_refused_in_words(double scale)
    {
        foreach (var prior in new[] { EffectPrior.Normal(0, scale), EffectPrior.Student(0, scale, 4) })
        {
            var fault = Assert.Throws<ConvergenceException>(() => BayesianModel.Fit(Effects, new() { EffectPrior = prior }));
            Assert.Equal(NonConvergence.Precision, fault.Kind);
            Assert.Contains($"the prior {prior} is a point for double precision: choose a wider one", fault.Message, StringComparison.Ordinal);
        }
    }
}
