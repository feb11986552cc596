using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Properties;

/// <summary>What must hold for any data, estimator and test.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 300)]
public sealed class PooledFitProperties
{
    [Property]
    public void The_order_of_studies_does_not_matter(StudyEffects effects, ModelChoice model)
    {
        var fit = model.Fit(effects);
        var reversed = model.Fit(effects.Select([.. Enumerable.Range(0, effects.Count).Reverse()]));
        Close(fit.Estimate, reversed.Estimate);
        Close(fit.TauSquared, reversed.TauSquared);
        Close(fit.StandardError, reversed.StandardError);
        Close(fit.Heterogeneity.Q.Statistic, reversed.Heterogeneity.Q.Statistic);
    }

    [Property]
    public void Adding_a_constant_shifts_only_the_mean(StudyEffects effects, ModelChoice model)
    {
        const double shift = 0.75;
        var fit = model.Fit(effects);
        var shifted = model.Fit(StudyEffects.Create([.. effects.Effects.Select(y => y + shift)], effects.Variances));
        Close(fit.Estimate + shift, shifted.Estimate);
        Close(fit.TauSquared, shifted.TauSquared);
        Close(fit.StandardError, shifted.StandardError);
        Close(fit.Heterogeneity.ISquared, shifted.Heterogeneity.ISquared);
    }

    [Property]
    public void Scaling_the_effects_scales_tau_squared_by_the_square(StudyEffects effects, ModelChoice model)
    {
        const double scale = 2.5;
        var fit = model.Fit(effects);
        var scaled = model.Fit(StudyEffects.Create(
            [.. effects.Effects.Select(y => y * scale)], [.. effects.Variances.Select(v => v * scale * scale)]));
        Close(fit.Estimate * scale, scaled.Estimate);
        Close(fit.TauSquared * scale * scale, scaled.TauSquared);
        Close(fit.StandardError * scale, scaled.StandardError);
        Close(fit.Heterogeneity.Q.Statistic, scaled.Heterogeneity.Q.Statistic);
        Close(fit.PValue, scaled.PValue);
    }

    [Property]
    public void Nothing_is_negative_or_not_a_number(StudyEffects effects, ModelChoice model)
    {
        var fit = model.Fit(effects);
        Assert.InRange(fit.TauSquared, 0, double.MaxValue);
        Assert.InRange(fit.StandardError, 0, double.MaxValue);
        Assert.InRange(fit.PValue, 0, 1);
        Assert.InRange(fit.Heterogeneity.ISquared, 0, 1);
        Assert.InRange(fit.Heterogeneity.Q.PValue, 0, 1);
        var interval = fit.Heterogeneity.TauSquaredInterval!.Value;
        Assert.True(0 <= interval.Lower && interval.Lower <= interval.Upper && double.IsFinite(interval.Upper));
        Assert.True(fit.ConfidenceInterval.Contains(fit.Estimate));
        if (fit.PredictionInterval is { } prediction) Assert.True(prediction.Width >= fit.ConfidenceInterval.Width);
        Assert.True(double.IsFinite(fit.FitStatistics.LogLikelihood) && double.IsFinite(fit.FitStatistics.Aicc));
    }

    [Property]
    public void Weights_sum_to_one_and_give_the_estimate(StudyEffects effects, ModelChoice model)
    {
        var fit = model.Fit(effects);
        Close(1, fit.Weights.Sum());
        Close(fit.Estimate, fit.Weights.Zip(effects.Effects, (w, y) => w * y).Sum());
    }

    [Property]
    public void Without_heterogeneity_random_effects_equal_equal_effects(StudyEffects effects, ModelChoice model)
    {
        // The generalised Q pools with its own weights; Kenward-Roger allows for the uncertainty of tau squared also where it is 0.
        if (model.Estimator == TauSquaredEstimator.GeneralizedQ || model.Inference == Inference.KenwardRoger) return;
        var fit = model.Fit(effects);
        if (fit.TauSquared > 0) return;
        var equal = EqualEffects.Fit(effects, new EqualEffectsOptions { Inference = fit.Inference });
        Assert.Equal(equal.Estimate, fit.Estimate);
        Assert.Equal(equal.StandardError, fit.StandardError);
    }

    [Property]
    public void No_other_tau_squared_is_more_likely(StudyEffects effects)
    {
        var ml = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood });
        var best = LogLikelihood(effects, ml.TauSquared);
        Close(best, ml.FitStatistics.LogLikelihood);
        // A local maximum, and not below the boundary.
        foreach (var factor in new[] { 0, 0.9, 0.99, 1.01, 1.1 })
        {
            Assert.True(LogLikelihood(effects, ml.TauSquared * factor + (ml.TauSquared == 0 ? factor * 1e-6 : 0)) <= best + 1e-9);
        }
    }

    [Property]
    public void Hartung_Knapp_ad_hoc_is_never_narrower_than_t(StudyEffects effects)
    {
        var t = RandomEffects.Fit(effects, new() { Inference = Inference.StudentT });
        var adHoc = RandomEffects.Fit(effects, new() { Inference = Inference.HartungKnappAdHoc });
        var plain = RandomEffects.Fit(effects);
        Close(Math.Max(t.StandardError, plain.StandardError), adHoc.StandardError);
    }

    [Property]
    public void Weights_of_the_model_given_as_own_weights_change_nothing(StudyEffects effects, ModelChoice model)
    {
        if (model.Inference == Inference.KenwardRoger || model.Estimator == TauSquaredEstimator.GeneralizedQ) return;
        var fit = model.Fit(effects);
        var same = model.Estimator is { } estimator
            ? RandomEffects.Fit(effects, new() { TauSquared = estimator, Inference = model.Inference, Weights = fit.Weights })
            : EqualEffects.Fit(effects, new() { Inference = model.Inference, Weights = fit.Weights });
        Close(fit.Estimate, same.Estimate);
        Close(fit.StandardError, same.StandardError);
        Close(fit.FitStatistics.LogLikelihood, same.FitStatistics.LogLikelihood);
    }

    [Property]
    public void Both_kinds_of_sums_agree(StudyEffects effects, ModelChoice model)
    {
        if (model.Estimator is not { } estimator) return;
        var plain = new InterceptSums(effects.Effects.AsSpan(), effects.Variances.AsSpan());
        var constant = DesignMatrix.Constant(effects.Count);
        var design = new DesignSums(effects.Effects.AsSpan(), effects.Variances.AsSpan(), constant.Orthonormal, 1,
            new double[DesignSums.ScratchLength(effects.Count, 1)]);
        var (expected, actual) = (TauSquaredEstimate.Of(estimator, ref plain), TauSquaredEstimate.Of(estimator, ref design));
        Close(expected.Value, actual.Value);
        Close(expected.StandardError, actual.StandardError);
    }

    [Property]
    public void Leaving_one_out_is_fitting_the_others(StudyEffects effects, ModelChoice model)
    {
        if (effects.Count < 4) return;
        var rows = model.Fit(effects).LeaveOneOut();
        var last = model.Fit(effects.Select([.. Enumerable.Range(0, effects.Count - 1)]));
        Assert.Equal(effects.Count, rows.Length);
        Assert.Equal(last.Estimate, rows[^1].Fit.Estimate);
        Assert.Equal(last.TauSquared, rows[^1].Fit.TauSquared);
    }

    private static double LogLikelihood(StudyEffects effects, double tau2)
    {
        var w = effects.Variances.Select(v => 1 / (v + tau2)).ToList();
        var mean = w.Zip(effects.Effects, (wi, y) => wi * y).Sum() / w.Sum();
        return -0.5 * w.Zip(effects.Effects, (wi, y) => Math.Log(2 * Math.PI) - Math.Log(wi) + wi * (y - mean) * (y - mean)).Sum();
    }

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-7 * Math.Max(Math.Abs(expected), 1e-3), $"{expected:R} and {actual:R} differ");
}

/// <summary>One estimator, or none for equal effects, and one kind of inference.</summary>
public sealed record ModelChoice(TauSquaredEstimator? Estimator, Inference Inference)
{
    public PooledFit Fit(StudyEffects effects) => Estimator is { } estimator
        ? RandomEffects.Fit(effects, new RandomEffectsOptions { TauSquared = estimator, Inference = Inference })
        : EqualEffects.Fit(effects, new EqualEffectsOptions { Inference = Inference });
}

public static class Arbitraries
{
    public static Arbitrary<StudyEffects> Effects() => Arb.From(
        from k in Gen.Choose(2, 40)
        from spread in Gen.Elements(0.0, 0.1, 1.0)
        from y in Gen.Choose(-1_000_000, 1_000_000).ListOf(k)
        from v in Gen.Choose(1, 1_000_000).ListOf(k)
        select StudyEffects.Create(
            [.. y.Zip(v, (yi, vi) => 0.2 + yi / 1e6 * (spread + Math.Sqrt(Variance(vi))))], [.. v.Select(Variance)]));

    public static Arbitrary<ModelChoice> Models() => Arb.From(
        from estimator in Gen.Elements<TauSquaredEstimator?>([null, .. Enum.GetValues<TauSquaredEstimator>()])
        from inference in Gen.Elements(Enum.GetValues<Inference>())
        // Kenward-Roger is for REML alone; other combinations are refused, which has its own test.
        where inference != Inference.KenwardRoger || estimator == TauSquaredEstimator.RestrictedMaximumLikelihood
        select new ModelChoice(estimator, inference));

    private static double Variance(int millionths) => 0.001 + millionths / 1e6;
}
