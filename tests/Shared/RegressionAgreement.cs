using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Tests;

/// <summary>Holds the regression of the moderator explorer against <see cref="MetaRegression"/> at 1e-8.</summary>
internal static class RegressionAgreement
{
    public const double Tolerance = 1e-8;

    /// <summary>The numbers of a fit of the script, in the order of <see cref="Of"/>.</summary>
    public const string Numbers = "fit => [fit.tau2, ...fit.coefficients.flatMap(c => [c.estimate, c.se, c.p, ...c.ci]), fit.r2, fit.test.statistic, fit.test.p, fit.qe, fit.qeP, ...fit.leverages, ...fit.weights]";

    /// <summary>The numbers of a fit of the library.</summary>
    public static double[] Of(MetaRegressionFit fit) =>
    [
        fit.TauSquared,
        .. fit.Coefficients.SelectMany(c => new[] { c.Estimate, c.StandardError, c.PValue, c.ConfidenceInterval.Lower, c.ConfidenceInterval.Upper }),
        fit.RSquared!.Value, fit.ModeratorTest.Statistic, fit.ModeratorTest.PValue, fit.Heterogeneity.Q.Statistic, fit.Heterogeneity.Q.PValue,
        .. Leverages(fit), .. fit.Weights,
    ];

    /// <summary>A leverage is the weight of a study times the variance of what is expected for it, before that is scaled.</summary>
    private static IEnumerable<double> Leverages(MetaRegressionFit fit)
    {
        double[] w = [.. fit.Effects.Variances.Select(v => 1 / (v + fit.TauSquared))];
        var scale = fit.Inference == Inference.HartungKnapp ? fit.Residuals.Select((e, i) => w[i] * e * e).Sum() / (fit.Count - fit.CoefficientCount) : 1;
        return fit.Predictions().Select((prediction, i) => w[i] * prediction.StandardError * prediction.StandardError / scale);
    }

    /// <summary>The leverages among the numbers of the script.</summary>
    public static IEnumerable<double> LeveragesIn(IReadOnlyList<double> numbers, int k) => numbers.Skip(numbers.Count - 2 * k).Take(k);

    /// <summary>Compares; a number differs by no more than the tolerance of its size, or of 1 where it is smaller.</summary>
    public static void Compare(MetaRegressionFit fit, IReadOnlyList<double> theirs, string what)
    {
        var ours = Of(fit);
        Assert.Equal(ours.Length, theirs.Count);
        for (var i = 0; i < ours.Length; i++)
        {
            Assert.True(Math.Abs(ours[i] - theirs[i]) <= Tolerance * Math.Max(1, Math.Abs(ours[i])), $"{what}: number {i} is {theirs[i]:R}, of the library {ours[i]:R}; {JsonSerializer.Serialize(fit.Effects.Effects)}");
        }
    }
}
