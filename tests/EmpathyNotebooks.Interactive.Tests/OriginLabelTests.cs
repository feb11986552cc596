using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Reporting;
using Microsoft.DotNet.Interactive.Formatting;

namespace EmpathyNotebooks.Interactive.Tests;

/// <summary>Whatever a notebook shows of simulated data says that they are simulated: every type that has a form of its own has an example here, or a reason why it cannot say.</summary>
public sealed class OriginLabelTests
{
    private static readonly DataOrigin Origin = new(DataKind.Simulated, "twelve effects");

    /// <summary>Numbers that stand for themselves, without data that they came from.</summary>
    private static readonly Type[] Bare =
    [
        typeof(ConfidenceInterval), typeof(EffectSize), typeof(EffectMeasure), typeof(DataOrigin), typeof(BinomialEffectSizeDisplay), typeof(MedianSplit),
        // Published numbers have their source in each row.
        typeof(PublishedFinding), typeof(IEnumerable<PublishedFinding>), typeof(PublishedLine),
        // Counts carry no origin of their own; the table that they come from does.
        typeof(TwoByTwoFit), typeof(ChiSquaredTest),
    ];

    public OriginLabelTests() => Notebook.Start();

    [Fact]
    public void Every_result_of_simulated_data_says_so_in_each_form()
    {
        var shown = Results().ToList();
        Assert.All(shown, result =>
        {
            foreach (var type in new[] { "text/html", "text/plain" })
            {
                var text = result.ToDisplayString(type);
                Assert.True(text.Contains("Simulated data: twelve effects", StringComparison.Ordinal) || text.Contains("[simulated data]", StringComparison.Ordinal), $"{result.GetType()} as {type}: {text}");
            }
        });
        var without = Answers.Types.Except(Bare).Where(type => !shown.Exists(type.IsInstanceOfType)).Select(type => type.ToString());
        Assert.Empty(without);
    }

    [Fact]
    public void A_result_of_plain_numbers_claims_nothing()
    {
        var curve = PCurve.Fit([TestStatistic.T(2.31, 45), TestStatistic.F(9.4, 1, 88), TestStatistic.T(3.1, 60)]);
        Assert.Equal(DataOrigin.Own, curve.Origin);
        Assert.DoesNotContain("imulated", curve.ToDisplayString("text/plain"), StringComparison.Ordinal);
        Assert.Equal(DataOrigin.Own, default(Coefficient).Origin);
    }

    private static StudyEffects Effects() => StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.27, -0.05, 0.61, 0.33], [0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008],
        EffectMeasure.FisherZ, sampleSizes: [250, 203, 170, 203, 170, 146, 253, 146, 86, 114, 94, 128],
        columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"]), StudyColumn.OfTexts("outcome", ["x", "y", "x", "y", "x", "y", "x", "x", "x", "y", "y", "y"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "client", "observer", "client", "observer", "client"]),
            StudyColumn.OfNumbers("year", [1998, 1998, 2001, 2001, 2003, 2003, 2006, 2009, 2010, 2011, 2014, 2016]),
        ], origin: Origin);

    private static IEnumerable<object> Results() => [.. Independent(), .. Dependent(), .. Bias(), .. Bayes(), .. Planned(), .. Further()];

    private static IEnumerable<object> Independent()
    {
        var effects = Effects();
        var fit = RandomEffects.Fit(effects);
        var regression = MetaRegression.Fit(effects, Moderator.Category("rater") + Moderator.Number("year").Centered(), new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
        var reduced = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
        return
        [
            effects, fit, regression, LocationScale.Fit(effects, null, Moderator.Category("rater")), new[] { fit, EqualEffects.Fit(effects) }, new Dictionary<string, PooledFit> { ["REML"] = fit, ["ML"] = reduced }, fit.Heterogeneity, fit.Heterogeneity.Q, fit.Mean,
            fit.Heterogeneity.ProfileLikelihoodIntervals(), regression.Coefficients, regression.VarianceInflationFactors(), regression.PairwiseContrasts("rater"), regression.Predictions(), regression.Predictions()[0], regression.ModeratorTest, regression.TermTests[0],
            regression.CompareWith(reduced), ((IModelFit)fit).ProbabilityAbove(0.1)!.Value, HenmiCopas.Fit(effects), SubgroupAnalysis.Fit(effects, "rater"), ((IModelFit)fit).Subgroups("rater"), fit.Cumulative(), ((IModelFit)fit).Cumulative(), fit.Blups(), ((IModelFit)fit).Blups(), fit.Influence(), fit.InfluenceOf(), fit.LeaveOneOut(),
            ((IModelFit)fit).LeaveOneOut(), fit.Baujat(), ((IModelFit)fit).Baujat(), fit.EffectResiduals(), EffectMeaning.Of(fit), Battery.Of(fit),
        ];
    }

    private static IEnumerable<object> Dependent()
    {
        var effects = Effects();
        var multilevel = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], Moderator.Category("rater"), 0.6);
        var plain = MultilevelModel.Fit(effects, ["sample"], samplingCorrelation: 0.6);
        var multivariate = MultivariateModel.Fit(effects, "sample", "outcome", options: new() { Structure = CovarianceStructure.CompoundSymmetry, SamplingCorrelation = 0.4 });
        var robust = multilevel.Robust();
        return
        [
            multilevel, robust, robust.Coefficients, robust.ModeratorTest, robust.WildBootstrap(options: new() { Replications = 99 }), multivariate, multivariate.Covariances[0].Outcomes[0], multilevel.VarianceComponents[0], RobustVarianceModel.Fit(effects, "sample"),
            multilevel.GroupEffects("sample"), plain.GroupMeans(), multilevel.Influence(), multilevel.EffectResiduals(), multilevel.ClusterResiduals(), plain.Q, MultilevelModel.OverCorrelations(effects, ["sample"], correlations: [0.2, 0.6]), plain.ClusterBlups(), plain.InverseSamplingCovarianceMean(), plain.Pet(),
        ];
    }

    private static IEnumerable<object> Bias()
    {
        var effects = Effects();
        var fit = RandomEffects.Fit(effects);
        return
        [
            fit.EggerTest(), new[] { fit.EggerTest() }, fit.RankTest(), effects.PustejovskyTest([.. effects.SampleSizes.Select(n => n / 2.0)], [.. effects.SampleSizes.Select(n => n / 2.0 + 1)]),
            new[] { effects.PustejovskyTest([.. effects.SampleSizes.Select(n => n / 2.0)], [.. effects.SampleSizes.Select(n => n / 2.0 + 1)]) }, fit.TrimAndFill(), fit.FailSafeNumbers(), fit.Pet(), fit.PetPeese(), fit.Uwls(), fit.Waap(), fit.LimitMetaAnalysis(),
            fit.MathurVanderWeele(), fit.ExcessSignificance(), fit.WithSelection(SelectionFunction.Step(0.025)), fit.SelectionSensitivity(), PCurve.Fit(effects), PUniform.Fit(effects), PUniformStar.Fit(effects), ZCurve.Fit(Many(), new() { Bootstraps = 0 }), CopasSelection.Fit(effects),
            ModelAveragedBiasAdjustment.Fit(effects), fit.AdjustForBias(),
        ];
    }

    private static StudyEffects Many() => StudyEffects.Create([.. Enumerable.Range(0, 30).Select(i => 0.2 + 0.01 * i)], [.. Enumerable.Repeat(0.01, 30)], origin: Origin);

    private static IEnumerable<object> Bayes()
    {
        var effects = Effects();
        var fit = BayesianModel.Fit(effects);
        return [fit, fit.Average(), BayesianModel.Fit(effects, Moderator.Number("year").Centered()), new[] { fit }, fit.Sequential(), fit.OverScales(PriorTarget.Effect, [0.5, 1])];
    }

    private static IEnumerable<object> Planned()
    {
        var fit = RandomEffects.Fit(Effects());
        var plan = fit.PlanOfMean(0.2);
        return [plan, plan.Power(), plan.OverStudies([5, 10]), plan.StudiesNeeded(), fit.StudyPower(), fit.NextStudyOfVariance(0.01), Firepower.Of([("drawn", fit)], [0.1]), fit.PlanOfHeterogeneity()];
    }

    private static IEnumerable<object> Further()
    {
        var effects = Effects();
        var fit = RandomEffects.Fit(effects);
        var multiverse = Multiverse.Of(effects).ChooseTest("Reasons.", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal)
            .ChooseEstimator("Reasons.", Equivalence.Equivalent, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.PauleMandel);
        var run = multiverse.Run();
        var psychometric = Psychometric.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.01, 0.02, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110],
            columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer"])], origin: Origin));
        var table = StudyTable.Parse("study,r,n\nA,0.3,50\nB,0.2,80\n", options: new() { Origin = Origin });
        return
        [
            fit.Gosh(), fit.PermutationTest(new() { Permutations = 99 }), fit.Bootstrap(new FitBootstrapOptions { Replicates = 99 }), fit.Jackknife(), multiverse, run, run.Main, run.Main.Influence, run.Main.Test(new() { Permutations = 99 }),
            psychometric, psychometric.Subgroups("rater"), table, table.Check(),
        ];
    }
}
