using System.Reflection;

namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>Each kind of what is impossible, too few or endless, with the values that go along and the library's own words for how to go on.</summary>
public sealed class FaultKindTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([.1, .3, .2, .5], [.02, .03, .02, .04], columns:
        [StudyColumn.OfTexts("id", ["A", "A", "B", "B"]), StudyColumn.OfNumbers("x", [1, 2, 3, 5]), StudyColumn.OfTexts("one", ["A", "A", "A", "A"])]);

    private static readonly PooledFit Equal = EqualEffects.Fit(Effects);

    public static TheoryData<ChoiceFault, string, Action> Choices => new()
    {
        { ChoiceFault.NoSuchMeasure, "", () => EffectMeasure.FromCode("SMDD") },
        { ChoiceFault.NoSuchFormula, "; it has LargeSample (LS), Average (AV)", () => EffectSizeCalculator.Compute(EffectMeasure.Correlation, new Dictionary<string, double> { ["ri"] = .1, ["ni"] = 20 },
            new() { Variance = VarianceFormula.EqualVariances }) },
        { ChoiceFault.UndefinedInference, ": choose Inference.StudentT or Inference.Normal, and Robust(...) on the fit for small numbers of clusters", () => _ = new MultilevelOptions { Inference = Inference.HartungKnapp } },
        { ChoiceFault.UndefinedInference, ": choose Inference.Normal, Inference.StudentT, Inference.HartungKnapp, Inference.HartungKnappAdHoc",
            () => LocationScale.Fit(Effects, null, Moderator.Number("x"), new() { Inference = Inference.KenwardRoger }) },
        { ChoiceFault.NeedsRestrictedLikelihood, ": choose Hartung-Knapp inference, or REML", () => RandomEffects.Fit(Effects, new() { Inference = Inference.KenwardRoger, TauSquared = TauSquaredEstimator.DerSimonianLaird }) },
        { ChoiceFault.NeedsLikelihood, "", () => RandomEffects.Fit(Effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird }).Heterogeneity.ProfileLikelihoodIntervals() },
        { ChoiceFault.NeedsRandomEffects, "", () => Equal.Blups() },
        { ChoiceFault.NeedsRandomEffects, "", () => Equal.Heterogeneity.WaldIntervals() },
        { ChoiceFault.NeedsRandomEffects, "", () => Equal.PredictionIntervalBy(PredictionIntervalMethod.HartungKnapp) },
        { ChoiceFault.NeedsRandomEffects, "", () => Equal.ProbabilityAbove(0) },
        { ChoiceFault.NeedsOwnWeights, ": fit without weights, and not by GENQ", () => RandomEffects.Fit(Effects, new() { Inference = Inference.KenwardRoger, Weights = [1, 1, 1, 1] }) },
        { ChoiceFault.NeedsOwnWeights, ": fit without weights, and not by GENQ", () => RandomEffects.Fit(Effects, new() { TauSquared = TauSquaredEstimator.GeneralizedQ }).Robust("id") },
        { ChoiceFault.UndefinedInference, ": choose Inference.StudentT", () => _ = new RobustVarianceOptions { Inference = Inference.Normal } },
        { ChoiceFault.NeedsFullLikelihood, ": set TauSquared = TauSquaredEstimator.MaximumLikelihood, or for dependent effects Method = LikelihoodMethod.Full",
            () => MetaRegression.Fit(Effects, Moderator.Number("x")).CompareWith(RandomEffects.Fit(Effects)) },
        { ChoiceFault.NotComparable, "", () => MultilevelModel.Fit(Effects, ["id"]).CompareWith(MultilevelModel.Fit(Effects, ["id"], new() { Method = LikelihoodMethod.Full })) },
        { ChoiceFault.GivenTwice, "", () => MultilevelModel.Fit(Effects, ["id"], 0.4, new() { SamplingCorrelation = 0.3 }) },
        { ChoiceFault.GivenTwice, "", () => MultivariateModel.Fit(Effects, "id", "x", new() { CommonMean = true, Moderators = Moderator.Number("x") }) },
        { ChoiceFault.Incomplete, ": set Levels", () => MultilevelModel.Fit(Effects, []) },
        { ChoiceFault.Incomplete, ": set Cluster and Outcome", () => MultivariateModel.Fit(Effects, new MultivariateOptions()) },
        { ChoiceFault.Incomplete, ": set Moderators", () => MetaRegression.Fit(Effects, new MetaRegressionOptions()) },
        { ChoiceFault.UndefinedEstimate, "", () => PetoMethod.OddsRatio([new LabelledTable("A", new TwoByTwo(0, 5, 0, 5))]) },
        { ChoiceFault.UndefinedForFit, "", () => RobustVarianceModel.Fit(Effects, "id").PermutationTest() },
        { ChoiceFault.UndefinedEstimate, "", () => MantelHaenszel.RiskRatio([new LabelledTable("A", new TwoByTwo(0, 5, 2, 5))]) },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void An_impossible_choice_says_how_to_go_on_and_no_name_of_a_parameter(ChoiceFault kind, string remedy, Action impossible)
    {
        var fault = Assert.Throws<ImpossibleChoiceException>(impossible);
        Assert.Equal((kind, remedy, fault.Problem + remedy + "."), (fault.Kind, fault.Remedy, fault.Message));
        Assert.IsAssignableFrom<ArgumentException>(fault);
    }

    [Fact]
    public void Every_kind_of_choice_is_used() =>
        Assert.Equal(Enum.GetValues<ChoiceFault>(), Choices.Select(c => c.Data.Item1).Append(ChoiceFault.LabelPattern).Distinct().Order());

    [Fact]
    public void A_mistyped_measure_has_the_nearest() => Assert.Equal("SMD", Assert.Throws<ImpossibleChoiceException>(() => EffectMeasure.FromCode("SMDD")).Nearest);

    public static TheoryData<StudyCount, string, int, int, Action> Counts => new()
    {
        { StudyCount.Studies, "A random-effects model needs at least 2 studies; there is 1.", 2, 1, () => RandomEffects.Fit(Effects.Select([0])) },
        { StudyCount.Studies, "An equal-effects model needs at least 1 study; there are 0.", 1, 0, () => EqualEffects.Fit(Effects.Select([])) },
        { StudyCount.Effects, "A model with dependent effects needs at least 2 effects; there is 1.", 2, 1, () => MultilevelModel.Fit(Effects.Select([0]), ["id"]) },
        { StudyCount.Clusters, "Cluster-robust inference by \"one\" for 1 coefficient needs at least 2 clusters; there is 1.", 2, 1, () => RandomEffects.Fit(Effects).Robust("one") },
        { StudyCount.Clusters, "Robust variance estimation by \"id\" for 2 coefficients needs at least 3 clusters; there are 2.", 3, 2, () => RobustVarianceModel.Fit(Effects, "id", moderators: Moderator.Number("x")) },
        { StudyCount.Groups, "A variance between the groups of \"one\" needs at least 2 groups; there is 1.", 2, 1, () => MultilevelModel.Fit(Effects, ["one"]) },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void What_is_too_few_is_named(StudyCount kind, string message, int required, int actual, Action tooFew)
    {
        var fault = Assert.Throws<InsufficientStudiesException>(tooFew);
        Assert.Equal((kind, message, required, actual), (fault.Kind, fault.Message, fault.Required, fault.Actual));
        Assert.StartsWith(fault.Purpose + " needs at least ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StudyCount.Effects, "effect")]
    [InlineData(StudyCount.Clusters, "cluster")]
    [InlineData(StudyCount.Groups, "group")]
    public void One_is_in_the_singular(StudyCount kind, string noun) =>
        Assert.Equal($"This needs at least 1 {noun}; there are 0.", new InsufficientStudiesException("This", 1, 0, kind).Message);

    [Fact]
    public void A_search_without_end_is_told_from_a_lack_of_digits()
    {
        var digits = Assert.Throws<ConvergenceException>(() => EqualEffects.Fit(StudyEffects.Create([.1, .2], [1e-320, .1])));
        Assert.Equal((NonConvergence.Precision, "The pooled estimate"), (digits.Kind, digits.Method));
        var search = Assert.Throws<ConvergenceException>(() => Roots.Find(x => x, 1, 2, "A root"));
        Assert.Equal((NonConvergence.Search, "A root", "there is no root where one was looked for", 0), (search.Kind, search.Method, search.Reason, search.Iterations));
    }

    /// <summary>But for data that do not determine what was asked: that message names another method in words of the field, which no program has to say in its own.</summary>
    [Fact]
    public void Every_exception_of_the_library_has_a_kind() => Assert.All(
        typeof(PooledFit).Assembly.GetExportedTypes().Where(t => t.IsAssignableTo(typeof(Exception)) && t != typeof(UndeterminedException)),
        type => Assert.True(type.GetProperty("Kind", BindingFlags.Public | BindingFlags.Instance)?.PropertyType.IsEnum, type.Name));

    [Fact]
    public void A_number_out_of_range_in_a_row_is_said_without_the_name_of_a_parameter()
    {
        var fault = Assert.Throws<StudyDataException>(() => EffectSizeCalculator.Compute(EffectMeasure.Correlation, new Dictionary<string, double> { ["ri"] = 1.5, ["ni"] = 20 }));
        Assert.Equal("Column ri: \"1.5\" cannot be used for COR. A correlation lies between -1 and 1, both excluded.", fault.Message);
    }
}
