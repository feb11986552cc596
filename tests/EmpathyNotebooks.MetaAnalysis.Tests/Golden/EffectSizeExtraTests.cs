using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>effects-extra.json: further variance formulas, rules for zero cells over a data set, ways back (metafor 3.8).</summary>
public sealed class EffectSizeExtraTests
{
    private static readonly JsonElement Extra = ReadExtra();

    [Fact]
    public void Agrees_with_metafor()
    {
        var effects = Extra.GetProperty("effects").EnumerateArray().ToList();
        Assert.Equal(66, effects.Count);
        foreach (var expected in effects)
        {
            var measure = EffectMeasure.FromCode(expected.GetProperty("measure").GetString()!);
            var columns = expected.GetProperty("inputs").EnumerateObject().ToList();
            var k = expected.GetProperty("yi").GetArrayLength();
            var rows = Enumerable.Range(0, k).Select(i => (IReadOnlyDictionary<string, double>)columns
                .ToDictionary(c => c.Name, c => c.Value[i].GetDouble())).ToList();
            var amount = expected.GetProperty("add").GetDouble();
            var options = new EffectSizeOptions
            {
                Variance = EffectSizeOptions.VarianceFromCode(expected.GetProperty("vtype").GetString()!),
                ZeroCells = expected.GetProperty("to").GetString() switch
                {
                    "all" => ZeroCells.AddToAll(amount),
                    "if0all" => ZeroCells.AddToAllIfAnyZero(amount),
                    _ => ZeroCells.AddWhereZero(amount),
                },
            };
            var what = $"{measure.Code} {options.Variance} {options.ZeroCells}";
            var computed = EffectSizeCalculator.Compute(measure, rows, null, options);
            for (var i = 0; i < k; i++)
            {
                Reference.Agree(computed[i].Value, expected.GetProperty("yi")[i], 1e-12, $"{what}, row {i + 1}: effect");
                Reference.Agree(computed[i].Variance, expected.GetProperty("vi")[i], 3e-12, $"{what}, row {i + 1}: variance");
            }
        }
    }

    [Fact]
    public void Ways_back_agree_with_metafor()
    {
        Each("pft", ["y", "n"], "p", x => Proportions.FromFreemanTukey(x[0], x[1]));
        Each("irft", ["y", "t"], "rate", x => Rates.FromFreemanTukey(x[0], x[1]));
        Each("cles", ["d"], "cles", x => EffectSizeConversion.CommonLanguageFromD(x[0]));
        Each("logit", ["y"], "p", x => EffectMeasure.ProportionLogit.ToDisplay(x[0]));
        Each("abt", ["y"], "alpha", x => EffectMeasure.AlphaBonett.ToDisplay(x[0]));
        Each("ahw", ["y"], "alpha", x => EffectMeasure.AlphaHakstianWhalen.ToDisplay(x[0]));
    }

    private static void Each(string group, string[] inputs, string result, Func<double[], double> way)
    {
        var columns = Extra.GetProperty("inverse").GetProperty(group);
        for (var i = 0; i < columns.GetProperty(result).GetArrayLength(); i++)
        {
            var actual = way([.. inputs.Select(name => columns.GetProperty(name)[i].GetDouble())]);
            var expected = columns.GetProperty(result)[i].GetDouble();
            Reference.Agree(actual, expected, 1e-12, $"{group} {i}");
        }
    }

    private static JsonElement ReadExtra()
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "metafor", "effects-extra.json"));
        return JsonDocument.Parse(stream).RootElement;
    }
}
