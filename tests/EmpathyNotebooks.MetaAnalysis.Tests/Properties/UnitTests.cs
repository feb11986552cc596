using EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Properties;

/// <summary>
/// Whatever the unit of the effects, 10^-40 of it or 10^40: the same answer in that unit, from every estimator of τ². Units are powers of 2, so that not even the last digit of the data changes.
/// </summary>
public sealed class UnitTests
{
    public static TheoryData<TauSquaredEstimator> Estimators => [.. Enum.GetValues<TauSquaredEstimator>()];

    [Theory]
    [MemberData(nameof(Estimators))]
    public void The_unit_of_effects_changes_the_unit_of_answers_alone(TauSquaredEstimator estimator)
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var data = FuzzData.Draw(seed, fewest: 2, most: 25);
            // A set that has no answer in its own unit is another test's.
            var options = new RandomEffectsOptions { TauSquared = estimator };
            PooledFit fit;
            try { fit = RandomEffects.Fit(data.Effects, options); }
            catch (ConvergenceException) { continue; }
            foreach (var power in new[] { -133, 133 })
            {
                var unit = Math.ScaleB(1, power);
                var scaled = RandomEffects.Fit(data.Scaled(unit), options);
                Near(fit.TauSquared, scaled.TauSquared / unit / unit, fit.Effects.Variances.Max() + fit.TauSquared, $"{data}, 2^{power}: τ²");
                Near(fit.Estimate, scaled.Estimate / unit, fit.StandardError, $"{data}, 2^{power}: mean");
                Near(fit.StandardError, scaled.StandardError / unit, fit.StandardError, $"{data}, 2^{power}: SE");
                Near(fit.Heterogeneity.Q.Statistic, scaled.Heterogeneity.Q.Statistic, fit.Heterogeneity.Q.Statistic, $"{data}, 2^{power}: Q");
                Near(fit.PValue, scaled.PValue, 1, $"{data}, 2^{power}: p");
                var (own, other) = (fit.Heterogeneity.TauSquaredInterval!.Value, scaled.Heterogeneity.TauSquaredInterval!.Value);
                Near(own.Upper, other.Upper / unit / unit, own.Upper + fit.Effects.Variances.Max(), $"{data}, 2^{power}: upper end of τ²");
                Near(fit.Heterogeneity.ISquared, scaled.Heterogeneity.ISquared, 1, $"{data}, 2^{power}: I²");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Estimators))]
    public void Nor_with_a_moderator(TauSquaredEstimator estimator)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var data = FuzzData.Draw(seed, fewest: 5, most: 25);
            var options = new MetaRegressionOptions { TauSquared = estimator, Moderators = Moderator.Number("x").Centered() };
            MetaRegressionFit fit;
            try { fit = MetaRegression.Fit(data.WithColumns(), options); }
            catch (ConvergenceException) { continue; }
            foreach (var power in new[] { -133, 133 })
            {
                var unit = Math.ScaleB(1, power);
                var scaled = MetaRegression.Fit((data with { Yi = [.. data.Yi.Select(y => y * unit)], Vi = [.. data.Vi.Select(v => v * unit * unit)] }).WithColumns(), options);
                Near(fit.TauSquared, scaled.TauSquared / unit / unit, fit.Effects.Variances.Max() + fit.TauSquared, $"{data}, 2^{power}: τ²");
                for (var j = 0; j < 2; j++) Near(fit.Coefficients[j].Estimate, scaled.Coefficients[j].Estimate / unit, fit.Coefficients[j].StandardError, $"{data}, 2^{power}: coefficient {j}");
            }
        }
    }

    private static void Near(double expected, double actual, double size, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-9 * size, FormattableString.Invariant($"{what} {actual:R}, in its own unit {expected:R}"));
}
