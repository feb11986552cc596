using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Results of the packages that are the authority of p-curve, p-uniform, z-curve and the Copas model, each in the folder of its origin under tests/golden.</summary>
internal static class PValueReference
{
    /// <summary>The data sets that all four files have.</summary>
    public static readonly string[] Datasets = ["raudenbush1985", "molloy2014", "bcg", "hackshaw1998", "normand1999", "mcdaniel1994"];

    public static IReadOnlyList<JsonElement> Cases(string origin, string file)
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", origin, file));
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    public static JsonElement Results(string origin, string file, string dataset, string method, params (string Option, string Value)[] options) =>
        Assert.Single(Cases(origin, file), c => c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method
            && options.All(o => c.GetProperty("options").GetProperty(o.Option).ToString() == o.Value)).GetProperty("results");

    public static void Near(double actual, JsonElement expected, double tolerance, string what)
    {
        Assert.True(expected.ValueKind == JsonValueKind.Number, $"{what}: the reference has no value, we have {actual:R}");
        Near(actual, expected.GetDouble(), tolerance, what);
    }

    /// <summary>Equal to the tolerance, absolute below 1 and relative above.</summary>
    public static void Near(double actual, double expected, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(1, Math.Abs(expected)), FormattableString.Invariant($"{what}: {actual:R}, expected {expected:R}"));

    /// <summary>Small ugly sets of effects: k of 2 to 12, ties, tiny and huge variances, one sign or both. Simulated.</summary>
    public static IEnumerable<StudyEffects> Ugly(int count, int seed)
    {
        var random = new Random(seed);
        for (var n = 0; n < count; n++)
        {
            var k = random.Next(2, 13);
            double scale = Math.Pow(10, random.Next(-2, 3)), spread = random.NextDouble() < 0.3 ? 0 : random.NextDouble(), mean = random.NextDouble() * 2 - 0.7;
            double[] y = new double[k], v = new double[k];
            for (var i = 0; i < k; i++)
            {
                var s = Math.Exp(random.NextDouble() * (n % 3 == 0 ? 6 : 2) - 3);
                v[i] = s * s;
                y[i] = mean + (spread + s) * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2;
                if (n % 4 == 1) y[i] = Math.Abs(y[i]);
                if (n % 5 == 2 && i > 0) (y[i], v[i]) = (y[0], v[0]);
            }
            yield return StudyEffects.Create([.. y.Select(value => value * scale)], [.. v.Select(value => value * scale * scale)]);
        }
    }
}
