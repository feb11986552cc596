using System.Reflection;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Fits;

/// <summary>What every kind of fit answers, and that its options are the whole of it.</summary>
public class FitContractTests
{
    internal static readonly StudyEffects Effects = StudyEffects.Create(
        [0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.27, -0.05, 0.61, 0.33],
        [0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008], EffectMeasure.FisherZ,
        columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"]),
            StudyColumn.OfTexts("outcome", ["x", "y", "x", "y", "x", "y", "x", "x", "x", "y", "y", "y"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "client", "observer", "client", "observer", "client"]),
            StudyColumn.OfNumbers("year", [1998, 1998, 2001, 2001, 2003, 2003, 2006, 2009, null, 2011, 2014, 2016]),
        ]);

    private static readonly double[] Given = [1, 2, 1, 1, 3, 1, 2, 1, 2, 1, 1, 2];

    public static TheoryData<string> Kinds => [.. Models.Keys];

    internal static readonly Dictionary<string, ModelOptions> Models = new()
    {
        ["random effects"] = new RandomEffectsOptions { TauSquared = TauSquaredEstimator.PauleMandel, ConfidenceLevel = 0.9 },
        ["random effects with given weights"] = new RandomEffectsOptions { Weights = Given },
        ["random effects by generalised Q"] = new RandomEffectsOptions { TauSquared = TauSquaredEstimator.GeneralizedQ, Weights = Given },
        ["equal effects"] = new EqualEffectsOptions { Weights = Given },
        ["fixed effects"] = FixedEffects.Fit(Effects).Options,
        ["regression"] = new MetaRegressionOptions { Moderators = Moderator.Category("rater") + Moderator.Number("year").Centered(), Weights = Given },
        ["equal-effects regression"] = new MetaRegressionOptions { Moderators = Moderator.Category("rater").WithoutIntercept(), TauSquared = null, Inference = Inference.Normal },
        ["location-scale"] = new LocationScaleOptions { ScaleModerators = Moderator.Category("rater"), Method = LikelihoodMethod.Full },
        ["location-scale with moderators"] = new LocationScaleOptions { Moderators = Moderator.Number("year").Centered(), Inference = Inference.Normal },
        ["multilevel"] = new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.6 },
        ["multilevel with moderators and given weights"] = new MultilevelOptions { Levels = ["sample"], Moderators = Moderator.Number("year").Centered(), Weights = Given },
        ["generalised least squares"] = new MultilevelOptions { SamplingCovariance = SamplingCovariance.Given("sample", Matrices()) },
        ["multilevel with given covariances"] = new MultilevelOptions { Levels = ["sample"], SamplingCovariance = SamplingCovariance.Given("sample", Matrices()) },
        ["multivariate"] = new MultivariateOptions { Cluster = "sample", Outcome = "outcome", Structure = CovarianceStructure.CompoundSymmetry, SamplingCorrelation = 0.4 },
        ["multivariate with a common mean"] = new MultivariateOptions { Cluster = "sample", Outcome = "outcome", Structure = CovarianceStructure.Diagonal, CommonMean = true },
        ["correlated effects"] = new RobustVarianceOptions { Cluster = "sample", SamplingCorrelation = 0.5 },
        ["selection model"] = new SelectionOptions { Function = SelectionFunction.Step(0.025), ConfidenceLevel = 0.9 },
        ["selection model with moderators"] = new SelectionOptions { Function = SelectionFunction.HalfNormal(), Moderators = Moderator.Number("year").Centered(), TakesEffectsAsEqual = true },
        ["selection model with clusters"] = new SelectionOptions { Function = SelectionFunction.Step(0.025), Cluster = "sample", Penalty = new SelectionPenalty() },
        ["hierarchical effects"] = new RobustVarianceOptions { Cluster = "sample", WorkingModel = WorkingModel.Hierarchical, Moderators = Moderator.Number("year").Centered() },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fit_answers_every_question_of_the_contract_without_throwing(string kind)
    {
        var fit = Models[kind].FitTo(Effects);

        foreach (var property in typeof(IModelFit).GetProperties(BindingFlags.Public | BindingFlags.Instance)) _ = property.GetValue(fit);
        var prediction = fit.Predict();
        var residuals = fit.EffectResiduals();

        Assert.Equal(12 - fit.Omitted.Length, fit.Count);
        Assert.Equal(fit.Count, fit.FittedValues.Length);
        Assert.Equal(fit.Count, fit.TrueEffectVariances.Length);
        Assert.Equal(fit.Count, fit.Weights.Length);
        Assert.Equal(1, fit.Weights.Sum(), 1e-12);
        if (residuals is { } known) Assert.All(known, (r, i) => Assert.Equal(fit.Effects.Effects[i] - fit.FittedValues[i], r.Residual, 1e-12));
        if (fit.Mean is { } mean && fit.Moderators is null && fit is not LocationScaleFit { Scale: not null })
        {
            Assert.NotNull(prediction);
            Assert.Equal(mean.Estimate, prediction.Value.Estimate, 1e-14);
            Assert.Equal(mean.ConfidenceInterval.Lower, prediction.Value.ConfidenceInterval.Lower, 1e-14);
        }
        if (fit.Moderators is not null) Assert.NotNull(fit.ModeratorTest);
        else Assert.Null(fit.ModeratorTest);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_options_of_a_fit_make_it_again(string kind)
    {
        var fit = Models[kind].FitTo(Effects);
        var again = fit.Options.FitTo(fit.Effects);

        AssertSame(fit, again);
        Assert.Equal(fit.GetType(), again.GetType());
        AssertSame(fit, fit.Refit([.. Enumerable.Range(0, fit.Count)]));
        if (fit.Omitted.IsEmpty) AssertSame(fit, fit.Refit(Effects));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_choice_can_be_changed_in_the_options_of_a_fit(string kind)
    {
        var fit = Models[kind].FitTo(Effects);
        var narrower = (fit.Options with { ConfidenceLevel = 0.5 }).FitTo(fit.Effects);

        Assert.Equal(0.5, narrower.ConfidenceLevel);
        Assert.All(fit.Coefficients, (c, j) => Assert.Equal(c.Estimate, narrower.Coefficients[j].Estimate, 1e-10));
        Assert.All(fit.Coefficients, (c, j) => Assert.True(!c.HasStandardError || narrower.Coefficients[j].ConfidenceInterval.Width < c.ConfidenceInterval.Width));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_refit_to_some_rows_is_the_model_of_these_rows(string kind)
    {
        var fit = Models[kind].FitTo(Effects);
        int[] rows = [.. Enumerable.Range(0, fit.Count).Where(i => i != 4)];

        var refit = fit.Refit(rows);

        Assert.Equal(rows.Length, refit.Count);
        Assert.Equal(rows.Select(i => fit.Effects.Labels[i]), refit.Effects.Labels);
        // The options of the refit describe it, and with them the same rows as data of their own.
        AssertSame(refit, refit.Options.FitTo(refit.Effects), coefficientsToo: fit.Moderators is null || !fit.Moderators.ToString()!.Contains("year"));
        // What a regression expects of a study does not hang on where its moderators are centred.
        Assert.All(refit.FittedValues, (f, i) => Assert.Equal(f, refit.Options.FitTo(refit.Effects).FittedValues[i], 1e-7));
    }

    [Fact]
    public void Rows_that_do_not_determine_a_coefficient_are_refused_by_name()
    {
        var fit = MetaRegression.Fit(Effects, Moderator.Category("rater"));
        int[] clients = [.. Enumerable.Range(0, 12).Where(i => Effects.Column("rater").Text(i) == "client")];

        Assert.Contains("determined", Assert.Throws<StudyDataException>(() => fit.Refit(clients)).Message);
    }

    [Fact]
    public void Choices_given_twice_must_agree()
    {
        Assert.Throws<ImpossibleChoiceException>(() => MultilevelModel.Fit(Effects, ["sample"], new() { Levels = ["outcome"] }));
        Assert.Equal(["sample"], MultilevelModel.Fit(Effects, ["sample"], new() { Levels = ["sample"] }).Levels);
        Assert.Throws<ImpossibleChoiceException>(() => MetaRegression.Fit(Effects, Moderator.Number("year"), new() { Moderators = Moderator.Category("rater") }));
    }

    [Fact]
    public void The_readme_form_of_a_multilevel_fit_compiles_and_names_its_clusters()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample"], new() { SamplingCorrelation = 0.6, Moderators = Moderator.Category("rater") });

        Assert.Equal("sample", fit.Clusters.Column);
        Assert.Equal(8, fit.Clusters.Count);
        Assert.Equal([2, 3], fit.Clusters.Rows(1));
        Assert.Equal("D", fit.Clusters.Names[fit.Clusters.Groups[6]]);
    }

    private static void AssertSame(IModelFit expected, IModelFit actual, bool coefficientsToo = true)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.MethodCode, actual.MethodCode);
        Assert.Equal(expected.Inference, actual.Inference);
        Assert.Equal(expected.Coefficients.Select(c => c.Name), actual.Coefficients.Select(c => c.Name));
        if (expected.TauSquared is { } tau2) Assert.Equal(tau2, actual.TauSquared!.Value, 1e-7);
        if (!coefficientsToo) return;
        Assert.All(expected.Coefficients, (c, j) =>
        {
            Assert.Equal(c.Estimate, actual.Coefficients[j].Estimate, 1e-7);
            if (c.HasStandardError) Assert.Equal(c.StandardError, actual.Coefficients[j].StandardError, 1e-7);
        });
    }

    private static Dictionary<string, double[,]> Matrices()
    {
        var matrices = new Dictionary<string, double[,]>();
        foreach (var (name, group) in Effects.GroupBy("sample"))
        {
            if (group.Count < 2) continue;
            matrices[name] = new[,] { { group.Variances[0], 0.002 }, { 0.002, group.Variances[1] } };
        }
        return matrices;
    }
}
