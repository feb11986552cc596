namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Where the variance of true effects is estimated as 0, fits say that the prediction interval is the confidence interval.</summary>
public class ZeroVarianceTests
{
    private static readonly StudyEffects Alike = Of(0.30, 0.31, 0.29, 0.32, 0.30, 0.28, 0.33, 0.30);

    private static readonly StudyEffects Different = Of(0.90, 0.11, -0.29, 0.72, 0.10, 0.88, -0.33, 0.50);

    public static TheoryData<string> Kinds => [.. Models.Keys];

    private static readonly Dictionary<string, ModelOptions> Models = new()
    {
        ["random effects"] = new RandomEffectsOptions { Inference = Inference.Normal },
        ["regression"] = new MetaRegressionOptions { Moderators = Moderator.Category("rater"), Inference = Inference.Normal },
        ["multilevel"] = new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect] },
        ["multivariate"] = new MultivariateOptions { Cluster = "sample", Outcome = "rater", Structure = CovarianceStructure.CompoundSymmetry, CommonMean = true },
        ["correlated effects"] = new RobustVarianceOptions { Cluster = "sample", SamplingCorrelation = 0.5 },
        ["hierarchical effects"] = new RobustVarianceOptions { Cluster = "sample", WorkingModel = WorkingModel.Hierarchical },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_note_is_there_when_the_intervals_are_the_same_and_only_then(string kind)
    {
        var fit = Models[kind].FitTo(Alike);
        var prediction = fit.Predict(fit.Moderators is null ? null : new() { ["rater"] = "client" })!.Value;

        Assert.Equal(0, fit.TauSquared);
        Assert.Equal(prediction.ConfidenceInterval.Lower, prediction.PredictionInterval!.Value.Lower, 1e-12);
        Assert.Single(fit.Warnings, NewTrueEffects.ZeroWarning);
        Assert.DoesNotContain(NewTrueEffects.ZeroWarning, Models[kind].FitTo(Different).Warnings);
    }

    [Fact]
    public void Models_without_a_variance_of_true_effects_have_nothing_to_say() => Assert.DoesNotContain(NewTrueEffects.ZeroWarning, EqualEffects.Fit(Alike).Warnings);

    private static StudyEffects Of(params double[] effects) => StudyEffects.Create(effects, [0.02, 0.01, 0.03, 0.02, 0.015, 0.02, 0.025, 0.02], columns:
    [
        StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E"]),
        StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client", "observer", "client", "observer"]),
    ]);
}
