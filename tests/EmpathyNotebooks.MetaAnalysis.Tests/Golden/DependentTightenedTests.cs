using System.Globalization;
using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>The cases of dependent-effects.json at their exact maxima, to eight digits, and that the library never stops below metafor.</summary>
public sealed class DependentTightenedTests
{
    private const double Tolerance = 1e-8;

    public static TheoryData<string, string, string, double?> Grid() => DependentTests.Grid();

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(
        Grid().Select(g => (g.Data.Item1, g.Data.Item2, g.Data.Item3, g.Data.Item4)).OrderBy(g => g.ToString(), StringComparer.Ordinal),
        DependentReference.Cases("reference").Select(Key).OrderBy(g => g.ToString(), StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_to_eight_digits(string dataset, string model, string method, double? rho)
    {
        var expected = Expected(dataset, model, method, rho);
        var fit = DependentTests.Fit(dataset, model, method, rho);
        DependentReference.AgreeWithCoefficients(fit, expected, Tolerance);
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.ISquared)], expected.GetProperty("I2"), Tolerance, "I2");
        Reference.Agree(fit.PredictionInterval!.Value.Lower, expected.GetProperty("pi_lb"), Tolerance, "pi_lb");
        Reference.Agree(fit.PredictionInterval!.Value.Upper, expected.GetProperty("pi_ub"), Tolerance, "pi_ub");
        DependentReference.AgreeWithRobust(c => fit.Robust(c), expected.GetProperty("robust"), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Is_at_least_as_likely_as_metafor(string dataset, string model, string method, double? rho)
    {
        var fit = DependentTests.Fit(dataset, model, method, rho);
        var original = Assert.Single(Reference.Cases("dependent-effects.json"), c => c.GetProperty("model").GetString() != "aggregate then REML"
            && Key(c) == (dataset, model, method, rho)).GetProperty("logLik").GetDouble();
        var gain = fit.LogLikelihood - original;
        // Down to rounding: 10⁻¹³ of the value, and 10⁻¹² where both log-likelihoods are printed with 15 digits.
        Assert.True(gain > -1e-12 * Math.Abs(original),
            string.Create(CultureInfo.InvariantCulture, $"log-likelihood {fit.LogLikelihood:R}, metafor {original:R}"));
        // The gain is what the optimiser left, and no other maximum.
        Assert.True(gain < 1e-8);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"higher by {gain:E1}"));
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Profile_likelihood_intervals_agree(string dataset, string model, string method, double? rho)
    {
        var expected = Expected(dataset, model, method, rho).GetProperty("interval");
        var fit = DependentTests.Fit(dataset, model, method, rho);
        for (var i = 0; i < fit.VarianceComponents.Length; i++)
        {
            var interval = fit.VarianceComponents[i].SigmaSquaredInterval;
            Reference.Agree(interval.Lower, expected[i][0], 1e-7, $"lower limit {i + 1}");
            Reference.Agree(interval.Upper, expected[i][1], 1e-7, $"upper limit {i + 1}");
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Random_effects_agree(string dataset, string model, string method, double? rho)
    {
        var expected = Expected(dataset, model, method, rho).GetProperty("ranef");
        var fit = DependentTests.Fit(dataset, model, method, rho);
        var effects = fit.GroupEffects("cluster").ToDictionary(g => g.Group);
        Assert.Equal(expected.GetProperty("names").GetArrayLength(), effects.Count);
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects[expected.GetProperty("names")[i].ToString()];
            Reference.Agree(effect.Estimate, expected.GetProperty("intrcpt")[i], 1e-7, $"random effect of {effect.Group}");
            Reference.Agree(effect.StandardError, expected.GetProperty("se")[i], 1e-7, $"standard error of {effect.Group}");
        }
    }

    private static JsonElement Expected(string dataset, string model, string method, double? rho) =>
        Assert.Single(DependentReference.Cases("reference"), c => Key(c) == (dataset, model, method, rho));

    private static (string, string, string, double?) Key(JsonElement c) => (c.GetProperty("dataset").GetString()!, c.GetProperty("model").GetString()!,
        c.GetProperty("method").GetString()!, c.GetProperty("rho").ValueKind == JsonValueKind.Null ? null : c.GetProperty("rho").GetDouble());
}
