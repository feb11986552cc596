using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>The reference results and their data sets; see tests/golden/metafor/README.md.</summary>
internal static class Reference
{
    /// <summary>The data sets fitted without moderators.</summary>
    public static readonly string[] Datasets =
        ["molloy2014", "mcdaniel1994", "raudenbush1985", "bcg", "konstantopoulos2011", "hackshaw1998", "tannersmith2016", "normand1999"];

    private static readonly Dictionary<string, StudyEffects> Cache = [];

    public static IReadOnlyList<JsonElement> Cases(string file)
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "metafor", file));
        return [.. JsonDocument.Parse(stream).RootElement.EnumerateArray()];
    }

    /// <summary>The cases of one model computed again with tight tolerances.</summary>
    public static IEnumerable<JsonElement> TightenedCases(string model)
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "metafor", "tightened.json"));
        return JsonDocument.Parse(stream).RootElement.GetProperty("cases").EnumerateArray()
            .Where(c => c.GetProperty("model").GetString() == model).ToList();
    }

    public static JsonElement Tightened(string model, Predicate<JsonElement> which) => Assert.Single(TightenedCases(model), which);

    public static StudyEffects Load(string dataset)
    {
        lock (Cache)
        {
            if (!Cache.TryGetValue(dataset, out var effects)) Cache[dataset] = effects = Read(dataset);
            return effects;
        }
    }

    /// <summary>Equal to the tolerance, relative to the expected value; absolute below 0.0001, where reference files run out of digits.</summary>
    public static void Agree(double actual, JsonElement expected, double tolerance, string what)
    {
        Assert.True(expected.ValueKind == JsonValueKind.Number, $"{what}: the reference has no value, we have {actual:R}");
        Agree(actual, expected.GetDouble(), tolerance, what);
    }

    public static void Agree(double actual, double expected, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(Math.Abs(expected), 1e-4),
            string.Create(CultureInfo.InvariantCulture, $"{what}: {actual:R}, reference {expected:R}"));

    // The reference files are written by R: every text is quoted and has no comma or quote inside but these.
    private static StudyEffects Read(string dataset)
    {
        var lines = File.ReadAllLines(Repository.PathTo("tests", "golden", "metafor", "data", dataset + ".csv"));
        var header = lines[0].Split(',').Select(h => h.Trim('"')).ToList();
        int y = header.IndexOf("yi") - header.Count, v = header.IndexOf("vi") - header.Count, first = 0;
        double[] Column(int fromEnd) =>
            [.. lines.Skip(1).Select(l => l.Split(',')).Select(c => double.Parse(c[c.Length + fromEnd], CultureInfo.InvariantCulture))];
        var cluster = lines.Skip(1).Select(l => (string?)l.Split(',')[first].Trim('"'));
        return StudyEffects.Create(Column(y), Column(v), columns: [StudyColumn.OfTexts("cluster", cluster)]);
    }
}
