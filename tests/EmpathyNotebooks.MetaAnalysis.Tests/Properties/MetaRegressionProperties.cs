using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Properties;

/// <summary>What must hold for any meta-regression.</summary>
[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 200)]
public sealed class MetaRegressionProperties
{
    [Property]
    public void Adding_a_multiple_of_a_moderator_changes_only_its_coefficient(StudyEffects effects, ModelChoice model)
    {
        if (effects.Count < 5) return;
        var (x, data) = WithModerator(effects);
        var fit = Fit(data, model);
        var shifted = Fit(StudyEffects.Create([.. effects.Effects.Select((y, i) => y + 0.5 + 0.3 * x[i])], effects.Variances, columns: data.Columns), model);
        // Sidik and Jonkman start from the variance of all effects, moderators or not.
        if (model.Estimator == TauSquaredEstimator.SidikJonkman) return;
        Close(fit.TauSquared, shifted.TauSquared);
        Close(fit.Coefficients[1].Estimate + 0.3, shifted.Coefficients[1].Estimate);
        Close(fit.Coefficients[0].Estimate + 0.5, shifted.Coefficients[0].Estimate);
        Close(fit.Coefficients[1].StandardError, shifted.Coefficients[1].StandardError);
    }

    [Property]
    public void The_unit_of_a_moderator_does_not_matter(StudyEffects effects, ModelChoice model)
    {
        if (effects.Count < 5) return;
        var (_, data) = WithModerator(effects);
        var fit = Fit(data, model);
        var years = MetaRegression.Fit(data, Moderator.Number("x").CenteredAt(-1e6).ScaledBy(1e-3), Options(model));
        Close(fit.TauSquared, years.TauSquared);
        Close(fit.Coefficients[1].Estimate, 1e3 * years.Coefficients[1].Estimate);
        Assert.Equal(fit.ModeratorTest.Exists, years.ModeratorTest.Exists);
        if (fit.ModeratorTest.Exists) Close(fit.ModeratorTest.Statistic, years.ModeratorTest.Statistic);
        Close(fit.FittedValues[0], years.FittedValues[0]);
    }

    [Property]
    public void Group_means_without_intercept_are_those_of_the_contrasts(StudyEffects effects, ModelChoice model)
    {
        if (effects.Count < 5) return;
        var (_, data) = WithModerator(effects);
        var contrasts = MetaRegression.Fit(data, Moderator.Category("g"), Options(model));
        var means = MetaRegression.Fit(data, Moderator.Category("g").WithoutIntercept(), Options(model));
        Close(contrasts.TauSquared, means.TauSquared);
        Close(contrasts.Coefficients[0].Estimate + contrasts.Coefficients[1].Estimate, means.Coefficients[1].Estimate);
        Close(contrasts.RSquared!.Value, means.RSquared!.Value);
        Close(contrasts.MarginalMeans("g")[1].StandardError, means.Coefficients[1].StandardError);
        Close(1, contrasts.Weights.Sum());
    }

    [Property]
    public void Nothing_is_negative_or_not_a_number(StudyEffects effects, ModelChoice model)
    {
        if (effects.Count < 5) return;
        var (_, data) = WithModerator(effects);
        var fit = MetaRegression.Fit(data, Moderator.Number("x") + Moderator.Category("g"), Options(model));
        Assert.InRange(fit.TauSquared, 0, double.MaxValue);
        Assert.InRange(fit.RSquared!.Value, 0, 1);
        Assert.All([fit.ModeratorTest, .. fit.TermTests.Select(t => t.Test)], test =>
        {
            // Kenward and Roger's approximation alone can have no F, of several coefficients only.
            if (test.Exists) Assert.InRange(test.PValue, 0, 1);
            else Assert.True(model.Inference == Inference.KenwardRoger && test.DegreesOfFreedom > 1 && test.WhyNone!.Length > 0);
        });
        Assert.All(fit.Coefficients, c => Assert.True(c.StandardError >= 0 && c.PValue is >= 0 and <= 1 && c.ConfidenceInterval.Contains(c.Estimate)));
        Assert.All(fit.TermInflationFactors(), v => Assert.InRange(v.Factor, 1 - 1e-9, double.MaxValue));
        var interval = fit.Heterogeneity.TauSquaredInterval!.Value;
        Assert.True(0 <= interval.Lower && interval.Lower <= interval.Upper && double.IsFinite(interval.Upper));
    }

    private static (double[] X, StudyEffects Data) WithModerator(StudyEffects effects)
    {
        double[] x = [.. Enumerable.Range(0, effects.Count).Select(i => 1 + i * 0.37 % 1.9)];
        return (x, StudyEffects.Create(effects.Effects, effects.Variances, columns:
            [StudyColumn.OfNumbers("x", x.Select(v => (double?)v)), StudyColumn.OfTexts("g", x.Select((_, i) => i % 3 == 0 ? "a" : "b"))]));
    }

    private static MetaRegressionFit Fit(StudyEffects effects, ModelChoice model) => MetaRegression.Fit(effects, Moderator.Number("x"), Options(model));

    private static MetaRegressionOptions Options(ModelChoice model) => new() { TauSquared = model.Estimator, Inference = model.Inference };

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-3), $"{expected:R} and {actual:R} differ");
}
