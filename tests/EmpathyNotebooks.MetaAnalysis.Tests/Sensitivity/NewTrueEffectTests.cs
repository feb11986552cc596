using EmpathyNotebooks.MetaAnalysis.Tests.Fits;

namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Predictions of new effects and study means of fits of every kind.</summary>
public class NewTrueEffectTests
{
    private static readonly StudyEffects Effects = FitContractTests.Effects;

    public static TheoryData<string> Kinds => FitContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_new_effect_is_what_the_fit_itself_predicts(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var values = ValuesFor(fit);
        var (own, ours) = (fit.Predict(values), fit.PredictNew(values: values));

        Assert.Equal(own.HasValue, ours.HasValue);
        if (own is not { } expected) return;
        Assert.Equal(expected.Estimate, ours!.Value.Estimate, 1e-12);
        Assert.Equal(expected.ConfidenceInterval.Upper, ours.Value.ConfidenceInterval.Upper, 1e-12);
        Assert.Equal(expected.PredictionInterval.HasValue, ours.Value.PredictionInterval.HasValue);
        if (expected.PredictionInterval is not { } interval) return;
        Assert.Equal(interval.Lower, ours.Value.PredictionInterval!.Value.Lower, 1e-12);

        // The predictive probability is 2.5 % beyond each end of a 95 % interval, whatever the degrees of freedom.
        var tail = (1 - fit.ConfidenceLevel) / 2;
        Assert.Equal(tail, fit.ProbabilityAbove(interval.Upper, values: values)!.Value.PredictiveProbability, 1e-9);
        Assert.Equal(tail, fit.ProbabilityBelow(interval.Lower, values: values)!.Value.PredictiveProbability, 1e-9);
        if (fit.PredictNew(NewTrueEffect.StudyMean, values) is not { PredictionInterval: { } mean }) return;
        Assert.True(mean.Width <= interval.Width + 1e-12);
        Assert.Equal(tail, fit.ProbabilityAbove(mean.Upper, NewTrueEffect.StudyMean, values)!.Value.PredictiveProbability, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_above_is_not_below(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var (above, below) = (fit.ProbabilityAbove(0.2, values: ValuesFor(fit)), fit.ProbabilityBelow(0.2, values: ValuesFor(fit)));
        Assert.Equal(above.HasValue, below.HasValue);
        if (above is not { } a || below is not { } b) return;
        Assert.Equal(1, a.Share + b.Share, 1e-12);
        Assert.Equal(1, a.PredictiveProbability + b.PredictiveProbability, 1e-12);
        Assert.Equal(a.ShareStandardError, b.ShareStandardError);
    }

    [Fact]
    public void A_pooled_fit_gives_the_numbers_of_its_own_method()
    {
        var pooled = RandomEffects.Fit(Effects);
        Assert.Equal(pooled.ProbabilityAbove(0.1), ((IModelFit)pooled).ProbabilityAbove(0.1));
        Assert.Null(((IModelFit)EqualEffects.Fit(Effects)).ProbabilityAbove(0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((IModelFit)pooled).ProbabilityAbove(double.NaN));
        Assert.Throws<StudyDataException>(() => ((IModelFit)pooled).PredictNew(values: new() { ["rater"] = "client" }));
    }

    [Fact]
    public void The_share_of_a_multilevel_fit_has_the_standard_error_of_the_same_pooled_fit()
    {
        var pooled = RandomEffects.Fit(Effects, new() { Inference = Inference.Normal }).ProbabilityAbove(0.1);
        var multilevel = ((IModelFit)MultilevelModel.Fit(Effects, [MultilevelModel.EachEffect], new() { Inference = Inference.Normal })).ProbabilityAbove(0.1)!.Value;
        Assert.Equal(pooled.Share, multilevel.Share, 1e-7);
        Assert.Equal(pooled.PredictiveProbability, multilevel.PredictiveProbability, 1e-7);
        Assert.Equal(pooled.ShareStandardError!.Value, multilevel.ShareStandardError!.Value, 1e-6);
        // The one level alone has the standard error of its component, two together that of their sum.
        var levels = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { Inference = Inference.Normal });
        if (levels.VarianceComponents[0].StandardError is { } first)
        {
            var (mean, tau2) = (levels.Coefficients[0], levels.VarianceComponents[0].SigmaSquared);
            var distance = mean.Estimate - 0.1;
            var density = Math.Exp(-0.5 * distance * distance / tau2) / Math.Sqrt(2 * Math.PI);
            var expected = density * Math.Sqrt(mean.StandardError * mean.StandardError / tau2 + first * first * distance * distance / (4 * tau2 * tau2 * tau2));
            if (levels.VarianceComponents[1].SigmaSquared == 0) Assert.Equal(expected, ((IModelFit)levels).ProbabilityAbove(0.1, NewTrueEffect.StudyMean)!.Value.ShareStandardError!.Value, 1e-9);
        }
    }

    [Fact]
    public void Robust_fits_predict_new_effects_and_means_of_new_studies()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 });
        var robust = fit.Robust();
        Assert.Equal(robust.Predict(), robust.PredictNew());
        var mean = robust.PredictNew(NewTrueEffect.StudyMean)!.Value;
        var se = Math.Sqrt(mean.StandardError * mean.StandardError + fit.VarianceComponents[0].SigmaSquared);
        Assert.Equal(robust.Coefficients[0].Estimate + Distributions.Quantile(0.975, robust.Coefficients[0].DegreesOfFreedom) * se, mean.PredictionInterval!.Value.Upper, 1e-9);
        Assert.Equal(0.025, robust.ProbabilityAbove(mean.PredictionInterval.Value.Upper, NewTrueEffect.StudyMean)!.Value.PredictiveProbability, 1e-9);
        Assert.Equal(0.025, robust.ProbabilityBelow(robust.Predict().PredictionInterval!.Value.Lower)!.Value.PredictiveProbability, 1e-9);
        Assert.Null(RandomEffects.Fit(Effects).Robust("sample").ProbabilityAbove(0.1, NewTrueEffect.StudyMean));
        var regression = MultilevelModel.Fit(Effects, ["sample"], new() { Moderators = Moderator.Category("rater") }).Robust();
        Assert.Null(regression.PredictNew());
        Assert.Equal(regression.Predict(new() { ["rater"] = "client" }), regression.PredictNew(values: new() { ["rater"] = "client" }));
    }

    [Fact]
    public void Hierarchical_weights_have_a_smaller_variance_for_the_mean_of_a_study()
    {
        var fit = RobustVarianceModel.Fit(Effects, "sample", WorkingModel.Hierarchical);
        var (effect, mean) = (((IModelFit)fit).ProbabilityAbove(0.1)!.Value, ((IModelFit)fit).ProbabilityAbove(0.1, NewTrueEffect.StudyMean)!.Value);
        Assert.Equal(Distributions.NormalCumulative((fit.Coefficients[0].Estimate - 0.1) / Math.Sqrt(fit.TauSquared + fit.OmegaSquared!.Value)), effect.Share, 1e-12);
        if (fit.TauSquared > 0) Assert.Equal(Distributions.NormalCumulative((fit.Coefficients[0].Estimate - 0.1) / Math.Sqrt(fit.TauSquared)), mean.Share, 1e-12);
    }

    private static ModeratorValues? ValuesFor(IModelFit fit)
    {
        var text = $"{fit.Moderators} {(fit.Options as LocationScaleOptions)?.ScaleModerators}";
        ModeratorValues values = [];
        if (text.Contains("rater", StringComparison.Ordinal)) values["rater"] = "client";
        if (text.Contains("year", StringComparison.Ordinal)) values["year"] = 2008;
        if (text.Contains("outcome", StringComparison.Ordinal)) values["outcome"] = "x";
        return values.Count == 0 ? null : values;
    }
}
