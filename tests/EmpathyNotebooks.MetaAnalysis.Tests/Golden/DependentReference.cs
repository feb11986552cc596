using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>dependent-tightened.json: models with dependent effects at exact maxima; generate-dependent.R says how each is computed.</summary>
internal static class DependentReference
{
    private static readonly Lazy<JsonElement> File = new(() =>
        JsonDocument.Parse(System.IO.File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", "dependent-tightened.json"))).RootElement);

    public static JsonElement Of(string kind) => File.Value.GetProperty(kind);

    public static IReadOnlyList<JsonElement> Cases(string kind) => [.. Of(kind).EnumerateArray()];

    public static JsonElement Further(string name) => Assert.Single(Cases("further"), c => c.GetProperty("name").GetString() == name);

    /// <summary>The sampling covariance that stood in for an assumed correlation, 0 for none.</summary>
    public static void AgreeWithCoefficients(DependentFit fit, JsonElement expected, double tolerance)
    {
        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), tolerance, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), tolerance, "se");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Statistic)], expected.GetProperty("zval"), tolerance, "statistic");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.PValue)], expected.GetProperty("pval"), 10 * tolerance, "p");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Lower)], expected.GetProperty("ci_lb"), 10 * tolerance, "lower");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Upper)], expected.GetProperty("ci_ub"), 10 * tolerance, "upper");
        var vb = expected.GetProperty("vb");
        var covariance = fit.CovarianceMatrix();
        for (var i = 0; i < fit.CoefficientCount; i++)
        {
            for (var j = 0; j < fit.CoefficientCount; j++) Reference.Agree(covariance[i, j], vb[i][j], tolerance, $"vb[{i + 1},{j + 1}]");
        }
        Reference.Agree(fit.Q.Statistic, expected.GetProperty("QE"), tolerance, "QE");
        Reference.Agree(fit.ModeratorTest.Statistic, expected.GetProperty("QM"), 10 * tolerance, "QM");
        Reference.Agree(fit.ModeratorTest.PValue, expected.GetProperty("QMp"), 100 * tolerance, "p of QM");
        Reference.Agree(fit.LogLikelihood, expected.GetProperty("logLik"), tolerance, "log-likelihood");
    }

    public static void AgreeWithRobust(Func<SmallSampleCorrection, RobustFit> robust, JsonElement expected, double tolerance)
    {
        foreach (var correction in Enum.GetValues<SmallSampleCorrection>())
        {
            var type = expected.GetProperty(correction.ToString());
            var fit = robust(correction);
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], type.GetProperty("se"), tolerance, $"{correction} se");
            var dfs = type.GetProperty("df");
            for (var j = 0; j < fit.Coefficients.Length; j++)
            {
                // R gives one number where all coefficients share it.
                Reference.Agree(fit.Coefficients[j].DegreesOfFreedom!.Value, dfs.ValueKind == JsonValueKind.Array ? dfs[j] : dfs, tolerance, $"{correction} df");
            }
            Reference.AgreeAll([.. fit.Coefficients.Select(c => c.PValue)], type.GetProperty("p"), 10 * tolerance, $"{correction} p");
            var covariance = fit.CovarianceMatrix();
            for (var i = 0; i < fit.Coefficients.Length; i++)
            {
                for (var j = 0; j < fit.Coefficients.Length; j++)
                {
                    Reference.Agree(covariance[i, j], type.GetProperty("vb")[i][j], 10 * tolerance, $"{correction} vb[{i + 1},{j + 1}]");
                }
            }
        }
    }

    public static void AgreeWithWald(RobustFit fit, JsonElement expected, double tolerance)
    {
        var test = fit.Test([.. expected.GetProperty("which").EnumerateArray().Select(w => fit.Coefficients[w.GetInt32() - 1].Name)]);
        Reference.Agree(test.Statistic, expected.GetProperty("F"), tolerance, "HTZ F");
        Assert.Equal(expected.GetProperty("df1").GetInt32(), test.DegreesOfFreedom);
        Reference.Agree(test.DenominatorDegreesOfFreedom!.Value, expected.GetProperty("df2"), tolerance, "HTZ df");
        Reference.Agree(test.PValue, expected.GetProperty("p"), tolerance, "HTZ p");
    }
}
