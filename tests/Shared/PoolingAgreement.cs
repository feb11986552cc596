using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Tests;

/// <summary>
/// Holds the explorers' JavaScript statistics against the library: every bundled and reference data set, whole and after leaving out random
/// subsets, by every estimator and test that the explorer offers. Whoever calls says in which engine the script runs.
/// </summary>
internal static class PoolingAgreement
{
    public const double Tolerance = 1e-10;

    private static readonly (string Code, TauSquaredEstimator? Estimator)[] Methods =
    [
        ("EE", null), ("DL", TauSquaredEstimator.DerSimonianLaird), ("PM", TauSquaredEstimator.PauleMandel),
        ("REML", TauSquaredEstimator.RestrictedMaximumLikelihood),
    ];

    private static readonly (string Code, Inference Inference)[] Tests =
        [("z", Inference.Normal), ("t", Inference.StudentT), ("hk", Inference.HartungKnapp)];

    /// <summary>The names of the data sets.</summary>
    public static IEnumerable<string> DataSets =>
    [
        "molloy2014", "mcdaniel1994", "empathy, all effects", "empathy, by sample",
        .. Directory.EnumerateFiles(Repository.PathTo("tests", "golden", "metafor", "data"), "*.csv")
            .Where(file => File.ReadLines(file).First().Replace("\"", "", StringComparison.Ordinal).Split(',').Contains("yi"))
            .Select(file => "reference " + Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The script to run: a function of <paramref name="statistics"/>'s name and the data as JSON, giving JSON.</summary>
    public static string Script(string statistics) => $$"""
        text => {
          const data = JSON.parse(text);
          return JSON.stringify(data.subsets.map(rows => {
            const y = rows.map(i => data.y[i]), v = rows.map(i => data.v[i]);
            return {
              interval: {{statistics}}.tauSquaredInterval(y, v, data.level),
              fits: data.methods.flatMap(method => data.tests.map(test => {
                const settings = { method, test, level: data.level, tau2: null };
                const fit = {{statistics}}.pool(y, v, settings);
                return { ...fit, baujat: data.baujat ? {{statistics}}.baujat(y, v, settings, fit) : null };
              }))
            };
          }), (key, value) => typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
        }
        """;

    public static StudyEffects Load(string dataSet) => dataSet switch
    {
        "molloy2014" => Datasets.Molloy2014().Correlations(),
        "mcdaniel1994" => Datasets.McDaniel1994().Correlations(),
        "empathy, all effects" => Datasets.EmpathyEffectsSimulated().Correlations(),
        "empathy, by sample" => Datasets.EmpathyEffectsSimulated().Correlations().AverageWithin("sample", correlation: 0.5),
        _ => Read(Repository.PathTo("tests", "golden", "metafor", "data", dataSet["reference ".Length..] + ".csv")),
    };

    /// <summary>Runs the script on the whole data set and after leaving out so many subsets, and compares all it gives.</summary>
    /// <returns>The largest difference, relative to the library's value.</returns>
    public static async Task<double> CompareAsync(StudyEffects effects, int subsets, bool baujat, Func<string, Task<string>> run)
    {
        const double Level = 0.95;
        int[][] rows = [[.. Enumerable.Range(0, effects.Count)], .. Subsets(effects.Count, subsets)];
        var answer = await run(JsonSerializer.Serialize(new
        {
            y = effects.Effects, v = effects.Variances, subsets = rows, methods = Methods.Select(m => m.Code), tests = Tests.Select(t => t.Code), level = Level, baujat,
        }));
        using var document = JsonDocument.Parse(answer);
        var largest = 0.0;
        foreach (var (kept, result) in rows.Zip(document.RootElement.EnumerateArray()))
        {
            var data = effects.Select(kept);
            var fits = result.GetProperty("fits").EnumerateArray().ToArray();
            foreach (var (m, (method, estimator)) in Methods.Index())
            {
                foreach (var (t, (test, inference)) in Tests.Index())
                {
                    var fit = estimator is { } chosen
                        ? RandomEffects.Fit(data, new() { TauSquared = chosen, Inference = inference, ConfidenceLevel = Level })
                        : EqualEffects.Fit(data, new() { Inference = inference, ConfidenceLevel = Level });
                    var where = string.Create(CultureInfo.InvariantCulture, $"{method}, {test}, k = {kept.Length}, without {string.Join(' ', Enumerable.Range(0, effects.Count).Except(kept).Take(12))}");
                    Compare(fit, fits[m * Tests.Length + t], where, baujat);
                }
            }
            var interval = RandomEffects.Fit(data).Heterogeneity.TauSquaredInterval!.Value;
            var given = result.GetProperty("interval");
            Near(given[0], interval.Lower, 1e-4, "Q-profile, lower");
            Near(given[1], interval.Upper, 1e-4, "Q-profile, upper");
        }
        return largest;

        void Compare(PooledFit fit, JsonElement js, string where, bool baujat)
        {
            var scale = Math.Max(Math.Abs(fit.Estimate), fit.StandardError);
            Assert.Equal(fit.Count, js.GetProperty("k").GetInt32());
            Near(js.GetProperty("estimate"), fit.Estimate, scale, where + ": estimate");
            Near(js.GetProperty("se"), fit.StandardError, 0, where + ": standard error");
            Near(js.GetProperty("statistic"), fit.Statistic, 1, where + ": statistic");
            Near(js.GetProperty("p"), fit.PValue, 1e-300, where + ": p");
            Near(js.GetProperty("ci")[0], fit.ConfidenceInterval.Lower, scale, where + ": lower limit");
            Near(js.GetProperty("ci")[1], fit.ConfidenceInterval.Upper, scale, where + ": upper limit");
            Assert.Equal(fit.PredictionInterval is null, js.GetProperty("pi").ValueKind == JsonValueKind.Null);
            if (fit.PredictionInterval is { } prediction)
            {
                Near(js.GetProperty("pi")[0], prediction.Lower, scale, where + ": prediction, lower");
                Near(js.GetProperty("pi")[1], prediction.Upper, scale, where + ": prediction, upper");
            }
            Near(js.GetProperty("tau2"), fit.TauSquared, 1e-3 * fit.Effects.Variances.Min(), where + ": tau²");
            Near(js.GetProperty("i2"), fit.Heterogeneity.ISquared, 1e-3, where + ": I²");
            Near(js.GetProperty("h2"), fit.Heterogeneity.HSquared, 0, where + ": H²");
            Near(js.GetProperty("q"), fit.Heterogeneity.Q.Statistic, 0, where + ": Q");
            Assert.Equal(fit.Heterogeneity.Q.DegreesOfFreedom, js.GetProperty("qDf").GetInt32());
            Near(js.GetProperty("qP"), fit.Heterogeneity.Q.PValue, 1e-300, where + ": p of Q");
            Assert.Equal(fit.Count, js.GetProperty("weights").GetArrayLength());
            var (weights, what) = (fit.Weights, where + ": weight");
            foreach (var (i, weight) in js.GetProperty("weights").EnumerateArray().Index()) Near(weight, weights[i], 0, what);
            if (!baujat || fit.Count < 3) return;
            foreach (var (point, expected) in js.GetProperty("baujat").EnumerateArray().Zip(fit.Baujat()))
            {
                Near(point.GetProperty("heterogeneity"), expected.HeterogeneityContribution, 1, where + ": Baujat, heterogeneity");
                Assert.Equal(expected.Influence is null, point.GetProperty("influence").ValueKind == JsonValueKind.Null);
                if (expected.Influence is { } influence) Near(point.GetProperty("influence"), influence, 1, where + ": Baujat, influence");
            }
        }

        // Relative to the value, or to a scale below which digits mean nothing.
        void Near(JsonElement actual, double expected, double scale, string what)
        {
            var value = actual.ValueKind == JsonValueKind.String ? double.Parse(actual.GetString()!, CultureInfo.InvariantCulture) : actual.GetDouble();
            var difference = value == expected ? 0 : Math.Abs(value - expected) / Math.Max(Math.Abs(expected), scale);
            // Put into words only where it fails: there are hundreds of thousands of numbers.
            if (!(difference <= Tolerance)) Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: JavaScript {value:R}, C# {expected:R}, difference {difference:E1}"));
            largest = Math.Max(largest, difference);
        }
    }

    /// <summary>What stays when one to k - 2 studies, drawn with a fixed seed, are left out.</summary>
    private static IEnumerable<int[]> Subsets(int k, int count)
    {
        var random = new Random(20181120);
        for (var i = 0; i < count; i++)
        {
            var left = random.Next(1, k - 1);
            int[] rows = [.. Enumerable.Range(0, k)];
            random.Shuffle(rows);
            yield return [.. rows[left..].Order()];
        }
    }

    private static StudyEffects Read(string file)
    {
        var frame = StudyTable.Read(file).Frame;
        return StudyEffects.Create([.. frame.GetColumn<double>("yi").ValuesAll], [.. frame.GetColumn<double>("vi").ValuesAll]);
    }
}
