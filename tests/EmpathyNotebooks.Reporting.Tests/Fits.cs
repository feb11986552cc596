using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>One fit of each kind.</summary>
internal static class Fits
{
    public static StudyEffects Effects { get; } = StudyEffects.Create(
        [0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.27, -0.05, 0.61, 0.33],
        [0.004, 0.005, 0.006, 0.005, 0.006, 0.007, 0.004, 0.007, 0.012, 0.009, 0.011, 0.008], EffectMeasure.FisherZ,
        columns:
        [
            StudyColumn.OfTexts("sample", ["A", "A", "B", "B", "C", "C", "D", "E", "F", "F", "G", "H"]),
            StudyColumn.OfTexts("outcome", ["x", "y", "x", "y", "x", "y", "x", "x", "x", "y", "y", "y"]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "observer", "observer", "client", "client", "observer", "client", "observer", "client"]),
            StudyColumn.OfNumbers("year", [1998, 1998, 2001, 2001, 2003, 2003, 2006, 2009, null, 2011, 2014, 2016]),
            StudyColumn.OfNumbers("order", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        ]);

    private static readonly Dictionary<string, ModelOptions> Models = new()
    {
        ["random effects"] = new RandomEffectsOptions(),
        ["equal effects"] = new EqualEffectsOptions(),
        ["random effects with given weights"] = new RandomEffectsOptions { Weights = [1, 2, 1, 1, 3, 1, 2, 1, 2, 1, 1, 2] },
        ["regression"] = new MetaRegressionOptions { Moderators = Moderator.Category("rater") + Moderator.Number("year").Centered() },
        ["means of categories"] = new MetaRegressionOptions { Moderators = Moderator.Category("rater").WithoutIntercept() },
        ["location-scale"] = new LocationScaleOptions { ScaleModerators = Moderator.Category("rater") },
        ["multilevel"] = new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.6 },
        ["multilevel with moderators"] = new MultilevelOptions { Levels = ["sample"], Moderators = Moderator.Number("year").Centered() },
        ["generalised least squares"] = new MultilevelOptions { SamplingCovariance = SamplingCovariance.Within("sample", 0.5) },
        ["multivariate"] = new MultivariateOptions { Cluster = "sample", Outcome = "outcome", Structure = CovarianceStructure.CompoundSymmetry, SamplingCorrelation = 0.4 },
        ["correlated effects"] = new RobustVarianceOptions { Cluster = "sample" },
        ["hierarchical effects"] = new RobustVarianceOptions { Cluster = "sample", WorkingModel = WorkingModel.Hierarchical, Moderators = Moderator.Category("rater") },
    };

    public static TheoryData<string> Kinds => [.. Models.Keys, "tables"];

    /// <summary>What is asked about, with robust inference where effects share samples.</summary>
    public static Inquiry Ask(string kind, params (string Name, object Value)[] said)
    {
        var inquiry = kind == "tables"
            ? Inquiry.Of(MantelHaenszel.OddsRatio(LabelledTable.Create(["a", "b", "c"], [4, 6, 3], [119, 300, 228], [11, 29, 11], [128, 274, 209])))
            : Inquiry.Of(Models[kind].FitTo(Effects)) with { Correction = SmallSampleCorrection.CR2 };
        return inquiry with { Said = new OptionValues(said.ToDictionary(s => s.Name, s => s.Value)) };
    }
}
