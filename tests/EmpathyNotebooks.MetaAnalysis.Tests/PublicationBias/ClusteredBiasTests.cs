using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Tests of asymmetry where effects share samples, against metafor 3.8 with clubSandwich.</summary>
public sealed class ClusteredBiasTests
{
    private static string ClusterOf(string dataset) => dataset == "tannersmith2016" ? "studyid" : "district";

    private static MultilevelFit Fit(string dataset, double rho) =>
        MultilevelModel.Fit(Reference.Load(dataset), [ClusterOf(dataset), MultilevelModel.EachEffect], samplingCorrelation: rho);

    [Fact]
    public void The_multilevel_test_and_the_sandwich_agree()
    {
        var compared = 0;
        foreach (var expected in Reference.Cases("bias-clustered.json").Where(c => c.GetProperty("model").GetString() is "rma" or "lm"))
        {
            var dataset = expected.GetProperty("dataset").GetString()!;
            var sandwich = expected.GetProperty("model").GetString() == "lm";
            var predictor = expected.GetProperty("predictor").GetString() == "vi" ? SmallStudyPredictor.Variance : SmallStudyPredictor.StandardError;
            // Least squares have no search; the likelihood of the multilevel model is flat at its top.
            var tolerance = sandwich ? 1e-8 : 2e-5;

            var test = Fit(dataset, sandwich ? 0 : expected.GetProperty("rho").GetDouble()).EggerTest(predictor, sandwich ? EggerModel.WeightedLeastSquares : EggerModel.MetaRegression);

            Reference.AgreeAll([test.Limit!.Value.Estimate, test.Slope.Estimate], expected.GetProperty("estimate"), tolerance, $"{dataset} {test} estimate");
            Reference.AgreeAll([test.Limit!.Value.StandardError, test.Slope.StandardError], expected.GetProperty("se"), tolerance, $"{dataset} {test} se");
            Reference.AgreeAll([test.Limit!.Value.DegreesOfFreedom!.Value, test.DegreesOfFreedom!.Value], expected.GetProperty("df"), tolerance, $"{dataset} {test} df");
            Reference.AgreeAll([test.Limit!.Value.PValue, test.PValue], expected.GetProperty("p"), 10 * tolerance, $"{dataset} {test} p");
            Assert.NotNull(test.Robust);
            compared++;
        }
        Assert.Equal(12, compared);
    }

    [Theory]
    [InlineData("tannersmith2016")]
    [InlineData("konstantopoulos2011")]
    public void Ranks_and_trimming_take_averages_and_say_so(string dataset)
    {
        var fit = Fit(dataset, 0.6);
        var cases = Reference.Cases("bias-clustered.json").Where(c => c.GetProperty("dataset").GetString() == dataset).ToList();
        var ranks = fit.RankTest();
        var expected = Assert.Single(cases, c => c.GetProperty("model").GetString() == "rank");
        Reference.Agree(ranks.Tau, expected.GetProperty("tau"), 1e-10, "tau");
        Reference.Agree(ranks.PValue, expected.GetProperty("p"), 1e-9, "p");
        Assert.Equal(ClusterOf(dataset), ranks.AveragedWithin);
        Assert.Contains(ranks.Warnings, w => w.Contains("averaged", StringComparison.Ordinal) && w.Contains("0.6", StringComparison.Ordinal));
        Assert.Equal(ranks.PValue, Fit(dataset, 0).RankTest(0.6).PValue);
        Assert.Equal(ranks.PValue, Fit(dataset, 0).RankTest().PValue);

        foreach (var filled in cases.Where(c => c.GetProperty("model").GetString() == "trimfill"))
        {
            var result = fit.TrimAndFill(Enum.Parse<TrimAndFillEstimator>(filled.GetProperty("estimator").GetString()!));
            Assert.Equal(filled.GetProperty("k0").GetInt32(), result.Missing);
            Assert.Equal(filled.GetProperty("side").GetString(), result.Side == FunnelSide.Left ? "left" : "right");
            Reference.Agree(result.Adjusted.Estimate, filled.GetProperty("beta"), 1e-7, result.ToString());
            Reference.Agree(result.Adjusted.ConfidenceInterval!.Value.Lower, filled.GetProperty("lower"), 1e-7, result.ToString());
            Reference.Agree(result.Adjusted.ConfidenceInterval!.Value.Upper, filled.GetProperty("upper"), 1e-7, result.ToString());
            Assert.Equal(ClusterOf(dataset), result.AveragedWithin);
            Assert.Contains(result.Adjusted.Warnings, w => w.Contains("averaged", StringComparison.Ordinal));
        }
    }

    /// <summary>Robust variance estimation and multivariate models have their own slope, tested with CR2.</summary>
    [Fact]
    public void Other_models_of_dependent_effects_keep_their_own_weights()
    {
        var effects = Reference.Load("tannersmith2016");
        var correlated = RobustVarianceModel.Fit(effects, "studyid");
        var with = StudyEffects.Create(effects.Effects, effects.Variances, columns: [effects.Column("studyid"), StudyColumn.OfNumbers("se", effects.Variances.Select(v => (double?)Math.Sqrt(v)))]);
        var byHand = RobustVarianceModel.Fit(with, "studyid", options: new() { Moderators = Moderator.Number("se") }).Coefficients[1];

        var test = correlated.EggerTest();

        Assert.Equal(byHand.Statistic, test.Statistic, 1e-10);
        Assert.Equal(byHand.DegreesOfFreedom, test.DegreesOfFreedom);
        var byOutcome = MultivariateModel.Fit(effects, "studyid", "sexmix", new() { Structure = CovarianceStructure.Diagonal });
        Assert.Equal(byOutcome.Coefficients.Length + 1, byOutcome.EggerTest().Regression.Coefficients.Length);
        Assert.Null(byOutcome.EggerTest().Limit);
    }

    [Fact]
    public void What_cannot_be_asked_of_clusters_is_said()
    {
        var effects = Reference.Load("tannersmith2016");
        var weighted = MultilevelModel.Fit(effects, ["studyid"], new MultilevelOptions { Weights = [.. effects.Variances.Select(v => 1 / v)] });
        Assert.Throws<ImpossibleChoiceException>(() => weighted.EggerTest());
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit("tannersmith2016", 0).RankTest(1));
        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(effects, ["studyid"], Moderator.Number("propmale")).TrimAndFill());
        var few = effects.Select([0, 1, 2, 3]);
        Assert.Throws<InsufficientStudiesException>(() => MultilevelModel.Fit(few, ["studyid"]).TrimAndFill());
        Assert.Throws<InsufficientStudiesException>(() => MultilevelModel.Fit(few, ["studyid"]).RankTest());
    }
}
