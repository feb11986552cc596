using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Batteries;

/// <summary>battery.json: the rows of a battery of 60 random designs with ties, tiny and huge variances, one sign or no heterogeneity, each computed by metafor and clubSandwich themselves.</summary>
public sealed class BatteryGoldenTests
{
    private const double Tolerance = 1e-8;

    [Fact]
    public void Every_row_of_every_design_agrees_with_metafor_and_clubSandwich()
    {
        var faults = new List<string>();
        var compared = new Dictionary<BatteryVariant, int>();
        foreach (var design in Reference.Root("battery.json").EnumerateArray())
        {
            var studies = design.GetProperty("study").EnumerateArray().Select(s => $"S{s.GetInt32()}").ToList();
            var effects = StudyEffects.Create(Numbers(design, "yi"), Numbers(design, "vi"), EffectMeasure.StandardizedMeanDifference, columns:
            [
                StudyColumn.OfTexts("study", studies), StudyColumn.OfTexts("rob", design.GetProperty("low").EnumerateArray().Select(l => l.GetBoolean() ? "Low" : "high")),
            ]);
            var isAnyLow = design.GetProperty("low").EnumerateArray().Any(l => l.GetBoolean());
            var result = Battery.Of(effects, new() { Study = "study", Correlation = 0.5, LowRisk = isAnyLow ? StudyCondition.Parse("rob=low") : null });
            foreach (var variant in Enum.GetValues<BatteryVariant>())
            {
                if (!design.GetProperty("rows").TryGetProperty(variant.ToString(), out var expected) || expected.ValueKind == JsonValueKind.Null) continue;
                compared[variant] = compared.GetValueOrDefault(variant) + 1;
                try
                {
                    Compare(result[variant] ?? throw new InvalidOperationException(result.NotComputed.FirstOrDefault(n => n.Method == variant.ToString())?.Reason ?? "not computed"), expected);
                }
                catch (Exception fault)
                {
                    faults.Add($"seed {design.GetProperty("seed").GetInt32()} {variant}: {fault.Message.ReplaceLineEndings(" ")}");
                }
            }
            // What has no row has a reason.
            Assert.Equal(Enum.GetValues<BatteryVariant>().Length, result.Rows.Length + result.NotComputed.Length);
            Assert.DoesNotContain(result.NotComputed, n => n.Reason.Length < 10);
            Assert.All(result.Rows, r => Assert.True(double.IsFinite(r.Mean.Estimate) && double.IsFinite(r.Mean.ConfidenceInterval.Lower)));
        }
        Assert.True(faults.Count == 0, $"{faults.Count} rows:\n" + string.Join('\n', faults.Take(40)));
        Assert.True(compared[BatteryVariant.Overall] == 60 && compared[BatteryVariant.Combined] >= 50 && compared[BatteryVariant.ThreeLevel] >= 40 && compared[BatteryVariant.CorrelatedAndHierarchical] >= 40,
            string.Join(", ", compared));
    }

    private static void Compare(BatteryRow row, JsonElement expected)
    {
        Assert.Equal(expected.GetProperty("k").GetInt32(), row.Count);
        Agree(row.Mean.Estimate, "b");
        Agree(row.Mean.StandardError, "se");
        Agree(row.Mean.ConfidenceInterval.Lower, "lo");
        Agree(row.Mean.ConfidenceInterval.Upper, "hi");
        Agree(row.Mean.PValue, "p");
        Agree(row.ISquared, "i2");
        if (expected.TryGetProperty("df", out _)) Agree(row.Mean.DegreesOfFreedom, "df");
        if (expected.TryGetProperty("i2hi", out var upper) && upper.ValueKind == JsonValueKind.Number)
        {
            Agree(row.ISquaredInterval?.Lower, "i2lo");
            Agree(row.ISquaredInterval?.Upper, "i2hi");
        }
        Agree(row.PredictionInterval?.Lower, "pilo");
        Agree(row.PredictionInterval?.Upper, "pihi");
        if (expected.GetProperty("nnt").ValueKind == JsonValueKind.Number) Agree(row.NumberNeeded?.Value, "nnt");

        void Agree(double? actual, string name) => Reference.Agree(actual ?? double.NaN, expected.GetProperty(name), Tolerance, name);
    }

    private static double[] Numbers(JsonElement design, string name) => [.. design.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
