using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.Cli.Tests;

/// <summary>What <c>analyze --json</c> prints, held against every case of the reference files: data set, method, test and moderators.</summary>
public sealed class AnalyzeReferenceTests
{
    private static readonly Dictionary<string, string[]> Formulas = new()
    {
        ["~ quality"] = ["--moderator", "quality"],
        ["~ meanage"] = ["--moderator", "meanage"],
        ["~ factor(controls)"] = ["--moderator", "factor(controls)"],
        ["~ quality + factor(design)"] = ["--moderator", "quality", "--moderator", "design"],
        ["~ type"] = ["--moderator", "type"],
        ["~ type + struct"] = ["--moderator", "type+struct"],
        ["~ type * struct"] = ["--moderator", "type * struct"],
        ["~ weeks"] = ["--moderator", "weeks"],
        ["~ setting + weeks"] = ["--moderator", "setting", "--moderator", "weeks"],
        ["~ ablat"] = ["--moderator", "ablat"],
        ["~ ablat + year"] = ["--moderator", "ablat", "--moderator", "year"],
        ["~ alloc"] = ["--moderator", "alloc"],
        ["~ alloc - 1"] = ["--moderator", "alloc", "--no-intercept"],
        ["~ design"] = ["--moderator", "design"],
        ["~ year"] = ["--moderator", "year"],
        ["~ aget1"] = ["--moderator", "aget1"],
        ["~ factor(sexmix) + propmale"] = ["--moderator", "sexmix", "--moderator", "propmale"],
    };

    [Fact]
    public async Task Every_case_of_the_reference_is_met()
    {
        var compared = 0;
        foreach (var expected in Cases("fits.json"))
        {
            var (dataset, method, test, formula) = (Text(expected, "dataset"), Text(expected, "method"), Text(expected, "test"),
                expected.GetProperty("mods").ValueKind == JsonValueKind.Null ? null : Text(expected, "mods"));
            var json = await Json([DataOf(dataset), "--yi", "yi", "--vi", "vi", "--method", method, "--test", test, "--independent", .. formula is null ? [] : Formulas[formula]]);
            var what = $"{dataset} {method} {test} {formula}";
            // The reference of Paule and Mandel stopped early; its own tests hold it against tight ones.
            var tolerance = method is "PM" or "PMM" ? 2e-2 : 1e-7;
            Agree(json, "k", expected.GetProperty("k").GetDouble(), 0, what);
            Agree(json, "p", expected.GetProperty("p").GetDouble(), 0, what);
            var heterogeneity = json.GetProperty("heterogeneity");
            Agree(heterogeneity, "tauSquared", expected.GetProperty("tau2").GetDouble(), tolerance, what);
            Agree(heterogeneity, "q", expected.GetProperty("QE").GetDouble(), 1e-8, what);
            Agree(heterogeneity, "qPValue", expected.GetProperty("QEp").GetDouble(), 1e-7, what);
            Agree(heterogeneity, "iSquared", expected.GetProperty("I2").GetDouble() / 100, tolerance, what);
            Agree(heterogeneity, "hSquared", expected.GetProperty("H2").GetDouble(), tolerance, what);
            if (method == "EE") Assert.Equal(JsonValueKind.Null, heterogeneity.GetProperty("tauSquaredStandardError").ValueKind);
            else Agree(heterogeneity, "tauSquaredStandardError", expected.GetProperty("se_tau2").GetDouble(), tolerance, what);
            if (formula is not null) Agree(heterogeneity, "rSquared", expected.GetProperty("R2").GetDouble() / 100, 100 * tolerance, what);
            foreach (var (name, ours) in new[] { ("logLik", "logLikelihood"), ("AIC", "aic"), ("BIC", "bic"), ("AICc", "aicc") })
            {
                Agree(json.GetProperty("fitStatistics"), ours, expected.GetProperty(name).GetDouble(), tolerance, what);
            }
            var coefficients = json.GetProperty("coefficients").EnumerateArray().ToList();
            foreach (var (name, ours) in new[] { ("beta", "estimate"), ("se", "standardError"), ("zval", "statistic"), ("pval", "pValue"), ("ci_lb", "lower"), ("ci_ub", "upper") })
            {
                var values = Numbers(expected.GetProperty(name));
                Assert.Equal(values.Count, coefficients.Count);
                for (var i = 0; i < values.Count; i++) Agree(coefficients[i], ours, values[i], method is "PM" or "PMM" ? 2e-2 : ours == "pValue" ? 1e-6 : 1e-8, what);
            }
            if (formula is not null)
            {
                var omnibus = json.GetProperty("moderatorTest");
                Agree(omnibus, "statistic", expected.GetProperty("QM").GetDouble(), tolerance, what);
                Assert.Equal(Numbers(expected.GetProperty("QMdf")), Numbers(omnibus.GetProperty("degreesOfFreedom")));
            }
            else if (method != "EE")
            {
                Agree(json.GetProperty("predictionInterval"), "lower", expected.GetProperty("predict").GetProperty("pi_lb").GetDouble(), tolerance, what);
                Agree(json.GetProperty("predictionInterval"), "upper", expected.GetProperty("predict").GetProperty("pi_ub").GetDouble(), tolerance, what);
            }
            compared++;
        }
        Assert.Equal(492, compared);
    }

    [Fact]
    public async Task Every_interval_of_the_reference_is_met()
    {
        var compared = 0;
        foreach (var expected in Cases("heterogeneity-intervals.json"))
        {
            if (!expected.TryGetProperty("type", out var type) || type.GetString() is not ("QP" or "PL")) continue;
            var json = await Json([DataOf(Text(expected, "dataset")), "--yi", "yi", "--vi", "vi", "--method", Text(expected, "method"), "--test", "z", "--independent", "--tau-ci", type.GetString()!]);
            var interval = json.GetProperty("heterogeneity").GetProperty("tauSquaredInterval");
            var what = $"{Text(expected, "dataset")} {Text(expected, "method")} {type}";
            Agree(interval, "lower", expected.GetProperty("random")[0].GetProperty("ci.lb").GetDouble(), 1e-6, what);
            Agree(interval, "upper", expected.GetProperty("random")[0].GetProperty("ci.ub").GetDouble(), 1e-6, what);
            Agree(json.GetProperty("heterogeneity").GetProperty("iSquaredInterval"), "upper", expected.GetProperty("random")[2].GetProperty("ci.ub").GetDouble() / 100, 1e-6, what);
            compared++;
        }
        Assert.True(compared > 20, $"{compared} cases");
    }

    [Fact]
    public async Task Every_model_of_dependent_effects_is_met()
    {
        var compared = 0;
        foreach (var expected in Cases("dependent-effects.json"))
        {
            var (dataset, model) = (Text(expected, "dataset"), Text(expected, "model"));
            var rho = expected.GetProperty("rho").ValueKind == JsonValueKind.Number ? expected.GetProperty("rho").GetRawText() : "0";
            // Without the level of single effects there is no model on the command line, since it is hardly ever right.
            if (model.StartsWith("two-level", StringComparison.Ordinal)) continue;
            var cluster = dataset == "konstantopoulos2011" ? "district" : "studyid";
            string[] kind = model == "CHE" ? ["che", "--rho", rho] : model.StartsWith("aggregate", StringComparison.Ordinal) ? ["aggregate", "--rho", rho] : ["multilevel"];
            var method = expected.TryGetProperty("method", out var named) ? named.GetString()! : "REML";
            foreach (var robust in kind[0] == "aggregate" ? [""] : new[] { "CR1", "CR2" })
            {
                var json = await Json([DataOf(dataset), "--yi", "yi", "--vi", "vi", "--cluster", cluster, "--model", .. kind, "--method", method, "--test", "z", .. robust.Length == 0 ? (string[])[] : ["--robust", robust]]);
                var what = $"{dataset} {model} {method} {rho}";
                Agree(json.GetProperty("coefficients")[0], "estimate", expected.GetProperty("beta").GetDouble(), 1e-5, what);
                // The reference of aggregation stopped at metafor's default threshold; its own tests hold it against tight ones.
                Agree(json.GetProperty("coefficients")[0], "standardError", expected.GetProperty("se").GetDouble(), kind[0] == "aggregate" ? 1e-4 : 1e-5, what);
                if (kind[0] == "aggregate")
                {
                    Assert.Empty(json.GetProperty("varianceComponents").EnumerateArray());
                    Assert.Equal(JsonValueKind.Null, json.GetProperty("robust").ValueKind);
                    continue;
                }
                Assert.Equal(Numbers(expected.GetProperty("nlevels")), json.GetProperty("varianceComponents").EnumerateArray().Select(c => c.GetProperty("groups").GetDouble()));
                var sigma2 = Numbers(expected.GetProperty("sigma2"));
                for (var i = 0; i < sigma2.Count; i++) Agree(json.GetProperty("varianceComponents")[i], "sigmaSquared", sigma2[i], 1e-4, what);
                Agree(json.GetProperty("fitStatistics"), "logLikelihood", expected.GetProperty("logLik").GetDouble(), 1e-6, what);
                Agree(json.GetProperty("predictionInterval"), "upper", expected.GetProperty("pi_ub").GetDouble(), 1e-5, what);
                Assert.Equal(robust, json.GetProperty("robust").GetProperty("type").GetString());
            }
            compared++;
        }
        Assert.True(compared >= 14, $"{compared} cases");
    }

    private static async Task<JsonElement> Json(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await EmpathyCommand.InvokeAsync(["analyze", .. arguments, "--json"], output, error);
        Assert.True(code == EmpathyCommand.Success, $"{string.Join(' ', arguments)}: {error}");
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static string DataOf(string dataset) => Repository.PathTo("tests", "golden", "metafor", "data", dataset + ".csv");

    private static IEnumerable<JsonElement> Cases(string file) =>
        JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", file))).RootElement.EnumerateArray();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static List<double> Numbers(JsonElement element) => element.ValueKind == JsonValueKind.Number ? [element.GetDouble()]
        : [.. element.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number).Select(e => e.GetDouble())];

    private static void Agree(JsonElement element, string name, double expected, double tolerance, string what)
    {
        Assert.True(element.GetProperty(name).ValueKind == JsonValueKind.Number, $"{what}: {name} is {element.GetProperty(name)}");
        var actual = element.GetProperty(name).GetDouble();
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), name == "iSquared" ? 1e-2 : 1e-4), $"{what}: {name} is {actual:R}, not {expected:R}");
    }
}
