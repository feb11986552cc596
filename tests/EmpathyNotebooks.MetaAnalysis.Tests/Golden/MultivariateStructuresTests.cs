using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>
/// multivariate.json: small random designs for every structure of metafor's rma.mv(). Likelihoods of small designs have several peaks and flat ridges, on which its optimisers end early: the
/// library must never be below, and where both stand on the same peak everything that follows must agree.
/// </summary>
public sealed class MultivariateStructuresTests
{
    private static readonly Lazy<JsonElement[]> Cases = new(() =>
        [.. JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", "multivariate.json"))).RootElement.GetProperty("cases").EnumerateArray()]);

    public static TheoryData<string> Kinds() =>
        ["commonMean", "gls", "glsModerator", "fixed", "fixedLevel", "time", "two", "twoAndLevel", "related", "weights"];

    [Fact]
    public void No_kind_of_case_is_missing() => Assert.Equal(Kinds().Select(k => k.Data).Order(), Cases.Value.Select(c => Text(c, "kind")!).Distinct().Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Agrees_with_metafor_and_never_ends_below_it(string kind)
    {
        var faults = new List<string>();
        int count = 0, higher = 0, outside = 0;
        foreach (var (expected, index) in Cases.Value.Select((c, i) => (c, i)).Where(c => Text(c.c, "kind") == kind))
        {
            count++;
            var fit = Fit(expected);
            // With weights of one's own metafor reports the likelihood at the weighted coefficients, the library the one that estimated the variances.
            var gain = kind == "weights" ? 0 : fit.LogLikelihood - expected.GetProperty("logLik").GetDouble();
            if (IsNoCorrelationMatrix(expected, fit))
            {
                outside++;
                continue;
            }
            Check(gain > -1e-8, $"log-likelihood {gain:E2} below");
            Check(fit.FitStatistics.ParameterCount == expected.GetProperty("parameters").GetInt32(), "number of parameters");
            Near(fit.Q.Statistic, expected.GetProperty("QE").GetDouble(), 1e-8, "QE");
            if (gain > 1e-7)
            {
                higher++;
                continue;
            }
            // A likelihood flat to 1e-7 leaves what follows from it known to its root.
            var tolerance = kind.StartsWith("gls", StringComparison.Ordinal) ? 1e-10 : kind == "weights" ? 1e-4 : Math.Max(1e-6, 30 * Math.Sqrt(Math.Abs(gain)));
            for (var j = 0; j < fit.CoefficientCount; j++)
            {
                Near(fit.Coefficients[j].Estimate, At(expected, "beta", j), tolerance, $"beta[{j}]");
                Near(fit.Coefficients[j].StandardError, At(expected, "se", j), tolerance, $"se[{j}]");
            }
            var components = fit is MultilevelFit levels ? levels.VarianceComponents : ((MultivariateFit)fit).VarianceComponents;
            for (var j = 0; j < components.Length; j++) Near(components[j].SigmaSquared, At(expected, "sigma2", j), tolerance, $"sigma2[{j}]", 0.01);
            if (fit is MultivariateFit several)
            {
                for (var c = 0; c < several.Covariances.Length; c++)
                {
                    var g = several.Covariances[c];
                    for (var a = 0; a < (g.TauSquared is null ? g.Outcomes.Length : 1); a++)
                    {
                        Near(g.Outcomes[a].TauSquared, At(expected, c == 0 ? "tau2" : "gamma2", a), tolerance, $"tau2[{c}, {a}]", 0.01);
                    }
                    // A correlation of what hardly varies is hardly known.
                    if (g.CommonCorrelation is { } rho && g.Outcomes.Min(o => o.TauSquared) > 1e-3) Near(rho, At(expected, c == 0 ? "rho" : "phi", 0), 30 * tolerance, $"rho[{c}]", 1);
                }
            }
            else if (expected.TryGetProperty("pi_lb", out var lower) && lower.ValueKind == JsonValueKind.Number && ((MultilevelFit)fit).PredictionInterval is { } prediction)
            {
                Near(prediction.Lower, lower.GetDouble(), tolerance, "prediction interval");
            }

            void Check(bool holds, string what)
            {
                if (!holds) faults.Add($"case {index} {Text(expected, "struct")} {Text(expected, "second")} {Text(expected, "scale")} {Text(expected, "method")}: {what}");
            }

            void Near(double actual, double reference, double within, string what, double floor = 0.1) =>
                Check(Math.Abs(actual - reference) <= within * Math.Max(floor, Math.Abs(reference)), $"{what}: {actual:R}, metafor {reference:R} (gain {gain:E1})");
        }
        Assert.True(faults.Count == 0, $"{faults.Count} faults in {count} cases, {higher} above metafor:\n{string.Join('\n', faults.Take(40))}");
        Assert.True(count > 0 && 2 * higher <= count && 4 * outside <= count, $"metafor ended lower in {higher} of {count} cases, outside in {outside}");
    }

    /// <summary>metafor lets the correlation of (heteroscedastic) compound symmetry fall below -1/(d - 1), where d outcomes cannot all correlate so.</summary>
    private static bool IsNoCorrelationMatrix(JsonElement expected, DependentFit fit) => fit is MultivariateFit several && several.Covariances.Select((c, i) => (c, i)).Any(x =>
        x.c.Term.Structure is CovarianceStructure.CompoundSymmetry or CovarianceStructure.HeteroscedasticCompoundSymmetry
        && At(expected, x.i == 0 ? "rho" : "phi", 0) < -1.0 / (x.c.Outcomes.Length - 1) - 1e-9);

    private static DependentFit Fit(JsonElement expected)
    {
        var columns = expected.GetProperty("data");
        double[] Numbers(string name) => [.. columns.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        var further = columns.EnumerateObject().Where(c => c.Name is not ("yi" or "vi" or "w")).Select(c => c.Value[0].ValueKind == JsonValueKind.Number
            ? StudyColumn.OfNumbers(c.Name, c.Value.EnumerateArray().Select(v => (double?)v.GetDouble()))
            : StudyColumn.OfTexts(c.Name, c.Value.EnumerateArray().Select(v => v.GetString())));
        var effects = StudyEffects.Create(Numbers("yi"), Numbers("vi"), columns: [.. further]);
        var method = Text(expected, "method") == "ML" ? LikelihoodMethod.Full : LikelihoodMethod.Restricted;
        var rho = expected.GetProperty("correlation").GetDouble();
        var withModerator = expected.TryGetProperty("moderator", out var m) && m.GetBoolean();
        var kind = Text(expected, "kind");
        if (kind is "commonMean" or "fixed" or "time" or "two" or "twoAndLevel")
        {
            var structure = Structure(Text(expected, "struct")!);
            var outcome = kind != "time" ? "outcome" : structure == CovarianceStructure.ContinuousAutoregressive ? "week" : "time";
            var options = new MultivariateOptions
            {
                Method = method,
                Inference = Inference.Normal,
                Structure = structure,
                SamplingCorrelation = rho,
                CommonMean = !withModerator,
                Moderators = withModerator ? Moderator.Number(outcome == "week" ? "year" : "time") : null,
                Fixed = new FixedComponents
                {
                    Correlation = Number(expected, "heldRho"),
                    TauSquared = Number(expected, "heldTau2"),
                    TauSquaredOf = Number(expected, "heldTau2OfB") is { } b ? new Dictionary<string, double> { ["b"] = b } : [],
                },
                Second = Text(expected, "second") is { } second ? new InnerOuterTerm("lab", second is "AR" or "CAR" ? "time" : "outcome") { Structure = Structure(second) } : null,
                Levels = kind == "twoAndLevel" ? ["id"] : [],
            };
            return MultivariateModel.Fit(effects, "study", outcome, options);
        }
        return MultilevelModel.Fit(effects, kind switch { "gls" or "glsModerator" => [], "related" => ["study"], _ => ["study", "id"] }, new()
        {
            Method = method,
            Inference = Inference.Normal,
            Moderators = withModerator || kind == "glsModerator" ? Moderator.Number("year") : null,
            SamplingCovariance = rho == 0 ? null : SamplingCovariance.Within("study", rho),
            FixedSigmaSquared = Number(expected, "heldSigma2") is { } held ? new Dictionary<string, double> { ["study"] = held } : [],
            CrossedFactors = kind == "related" && expected.GetProperty("species").GetBoolean() ? ["species"] : [],
            KnownRelations = kind != "related" ? [] : [KnownRelation.Of("phylo", [.. expected.GetProperty("names").EnumerateArray().Select(n => n.GetString()!)],
                Matrix(expected.GetProperty("matrix")), Text(expected, "scale") switch
                {
                    "cor" => RelationScaling.Correlation, "cor0" => RelationScaling.CorrelationFromZero, "cov0" => RelationScaling.CovarianceFromZero, _ => RelationScaling.AsGiven,
                })],
            Weights = kind == "weights" ? Numbers("w") : null,
        });
    }

    private static CovarianceStructure Structure(string code) => code switch
    {
        "UN" => CovarianceStructure.Unstructured,
        "CS" => CovarianceStructure.CompoundSymmetry,
        "HCS" => CovarianceStructure.HeteroscedasticCompoundSymmetry,
        "DIAG" => CovarianceStructure.Diagonal,
        "AR" => CovarianceStructure.Autoregressive,
        "HAR" => CovarianceStructure.HeteroscedasticAutoregressive,
        _ => CovarianceStructure.ContinuousAutoregressive,
    };

    private static double[,] Matrix(JsonElement rows)
    {
        var d = rows.GetArrayLength();
        var matrix = new double[d, d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++) matrix[i, j] = rows[i][j].GetDouble();
        }
        return matrix;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>R gives one number where there is one.</summary>
    private static double At(JsonElement element, string name, int index)
    {
        var value = element.GetProperty(name);
        return value.ValueKind == JsonValueKind.Array ? value[index].GetDouble() : value.GetDouble();
    }
}
