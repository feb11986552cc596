using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>The Bayesian model as it is asked for and said.</summary>
public sealed class BayesQuestionTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);

    [Theory]
    [InlineData("halfnormal:0.5", "half-normal(0.5)")]
    [InlineData("halfcauchy:0.5", "half-Cauchy(0.5)")]
    [InlineData("halft:0.5,4", "half-t(0.5, df = 4)")]
    [InlineData("uniform:0,4", "uniform(0, 4)")]
    [InlineData("exponential:0.3", "exponential(mean 0.3)")]
    [InlineData("inversegamma:1,0.15", "inverse-gamma(1, 0.15)")]
    [InlineData("lognormal:-2.56,1.74", "log-normal(-2.56, 1.74) on τ²")]
    [InlineData("logt:-3.44,2.59,5", "log-t(-3.44, 2.59, df = 5) on τ²")]
    public void Every_prior_of_tau_is_understood(string text, string prior) => Assert.Contains($"τ ~ {prior}", Ask(text, "normal:0,1").Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("flat", "flat")]
    [InlineData("normal:0,1", "normal(0, 1)")]
    [InlineData("t:0,0.5,4", "t(0, 0.5, df = 4)")]
    [InlineData("cauchy:0,0.707", "Cauchy(0, 0.707)")]
    public void Every_prior_of_the_mean_is_understood(string text, string prior)
    {
        var answer = Ask("halfnormal:0.5", text);
        Assert.Contains($"μ ~ {prior} ", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal(text != "flat", answer.Sentence!.Contains("BF = ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("uniform", "improper")]
    [InlineData("uniform:4", "improper")]
    [InlineData("uniform:1,4", "begins at 0")]
    [InlineData("flat", "improper")]
    [InlineData("halfnormal:0", "positive")]
    [InlineData("halfnormal:0.5,1", "no such prior")]
    [InlineData("halfnormal:x", "no such prior")]
    [InlineData("gamma:1,1", "no such prior")]
    public void What_is_no_prior_of_tau_is_said(string text, string why)
    {
        var fault = Assert.Throws<QuestionException>(() => Ask(text, "flat"));
        Assert.Equal("--prior-tau", fault.Option);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normal:0")]
    [InlineData("normal:0,-1")]
    [InlineData("uniform:0,1")]
    public void What_is_no_prior_of_the_mean_is_said(string text) => Assert.Equal("--prior-mu", Assert.Throws<QuestionException>(() => Ask("halfnormal:1", text)).Option);

    [Fact]
    public void Digits_follow_the_standard_deviation()
    {
        var effects = StudyEffects.Create([0.0012, 0.0003, 0.0021, 0.0009], [1e-6, 1.2e-6, 9e-7, 2e-6], EffectMeasure.RiskDifference);
        var fit = BayesianModel.Fit(effects, new() { HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.001), EffectPrior = EffectPrior.Flat });
        var table = Assert.IsType<Table>(Answers.Say(fit));
        Assert.InRange(fit.Mean.StandardDeviation!.Value, 0.0001, 0.00099);
        Assert.Equal(StatisticText.Number(fit.Mean.Median, 6), table.Rows[0][2]);
        Assert.Equal(StatisticText.Number(fit.Tau.Median, 6), table.Rows[2][2]);
        Assert.Equal(StatisticText.Number(fit.ISquared!.Median, 3), table.Rows[3][2]);
        Assert.Contains("the median is .0012, 95% CrI [", string.Concat(table.Notes), StringComparison.Ordinal);
        var compared = Assert.IsType<Table>(Answers.Say(new[] { fit }));
        Assert.Equal(StatisticText.Number(fit.Tau.Median, 6), compared.Rows[0][5]);
        Assert.Equal(EffectMeasure.RiskDifference.Format(fit.Mean.Median, 5), compared.Rows[0][2]);
    }

    [Fact]
    public void The_sentence_is_no_stronger_than_the_evidence()
    {
        Assert.Contains("The data hardly tell whether there is heterogeneity", Ask("halfnormal:0.05", "normal:0,1").Sentence, StringComparison.Ordinal);
        var weak = Inquire(StudyEffects.Create([0.05, -0.04, 0.02], [0.01, 0.01, 0.01], EffectMeasure.FisherZ), "halfnormal:0.5", "normal:0,1").Sentence!;
        Assert.Contains("times as likely without an effect as with it", weak, StringComparison.Ordinal);
        Assert.Contains("The mean lies above 0 with probability .5", weak, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_models_are_said_one_under_the_other()
    {
        var fit = BayesianModel.Fit(Effects);
        var narrow = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0, 0.1) });
        var compared = Assert.IsType<Table>(Answers.Say(new[] { fit, narrow }));
        Assert.Equal(["μ normal(0, 0.5), τ inverse-gamma(1, 0.075)", "μ normal(0, 0.1), τ inverse-gamma(1, 0.075)"], compared.Rows.Select(r => r[0]));
        Assert.Equal(fit.Measure.Format(fit.Measure.ToDisplay(narrow.Mean.Median), 3), compared.Rows[1][2]);
        var steps = Assert.IsType<Table>(Answers.Say(fit.Sequential()));
        Assert.Equal(["1", "2", "3", "4", "5"], steps.Rows.Select(r => r[1]));
        Assert.Equal(compared.Rows[0].Skip(1), steps.Rows[^1].Skip(1));
        var flat = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Flat });
        Assert.Equal("–", Assert.IsType<Table>(Answers.Say(flat.OverScales(PriorTarget.Heterogeneity, [0.5, 2]))).Rows[0][^1]);
    }

    /// <summary>Three digits of a standard deviation, whatever its unit: beyond twelve decimals as powers of ten.</summary>
    [Fact]
    public void Tiny_standard_deviations_are_no_zeros()
    {
        var effects = StudyEffects.Create([1.1e-13, 2.3e-13, 3.2e-13, 1.9e-13], [1e-27, 2e-27, 1e-27, 3e-27]);
        var fit = BayesianModel.Fit(effects, new() { EffectPrior = EffectPrior.Normal(0, 1e-12), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(1e-13) });
        var table = Assert.IsType<Table>(Answers.Say(fit));
        Assert.Equal((StatisticText.Significant(fit.Mean.Mean!.Value), StatisticText.Significant(fit.Mean.StandardDeviation!.Value, 3)), (table.Rows[0][1], table.Rows[0][4]));
        Assert.DoesNotContain(table.Rows.Take(3).SelectMany(r => r.Skip(1)).Concat(table.Notes), text => text.Contains("0.0000", StringComparison.Ordinal));
        Assert.Contains($"the median is {table.Rows[0][2]}, 95% CrI {table.Rows[0][5]}", table.Notes[0], StringComparison.Ordinal);
        Assert.DoesNotContain("0.0000", Answers.Say(fit.Average()) is Table average ? average.Notes[0] : "0.0000", StringComparison.Ordinal);
        Assert.DoesNotContain("0.000", string.Concat(Assert.IsType<Table>(Answers.Say(new[] { fit })).Rows[0].Skip(2)), StringComparison.Ordinal);
        // A mean that its prior knows to 1e-20 is 0 as far as anything is known, and its interval is not.
        var known = Assert.IsType<Table>(Answers.Say(BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0, 1e-20) })));
        Assert.Equal(["0", "0", "0", "1E−20", "[−1.96E−20, 1.96E−20]", "[−1.96E−20, 1.96E−20]"], known.Rows[0].Skip(1));
        Assert.StartsWith("2.132E−13", Assert.IsType<Table>(Answers.Say(RandomEffects.Fit(effects))).Rows[0][1], StringComparison.Ordinal);
    }

    private static Answer Ask(string tau, string mu) => Inquire(Effects, tau, mu);

    private static Answer Inquire(StudyEffects effects, string tau, string mu)
    {
        var said = new OptionValues(new Dictionary<string, object> { ["--bayes"] = true, ["--prior-tau"] = tau, ["--prior-mu"] = mu });
        return Assert.Single(Questions.Ask(Inquiry.Of(RandomEffects.Fit(effects)) with { Said = said }), answer => answer.Sentence?.StartsWith("In a Bayesian", StringComparison.Ordinal) == true);
    }
}
