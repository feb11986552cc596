using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>The reference results and their data sets; see tests/golden/metafor/README.md.</summary>
internal static class Reference
{
    /// <summary>The data sets fitted without moderators.</summary>
    public static readonly string[] Datasets =
        ["molloy2014", "mcdaniel1994", "raudenbush1985", "bcg", "konstantopoulos2011", "hackshaw1998", "tannersmith2016", "normand1999"];

    private static readonly Dictionary<string, StudyEffects> Cache = [];

    private static readonly ConcurrentDictionary<string, Lazy<JsonElement>> Files = [];

    public static IReadOnlyList<JsonElement> Cases(string file) => [.. Root(file).EnumerateArray()];

    /// <summary>The cases of one model computed again with tight tolerances.</summary>
    public static IEnumerable<JsonElement> TightenedCases(string model) =>
        Root("tightened.json").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("model").GetString() == model);

    /// <summary>The cases of one kind in models.json, computed with metafor 3.8 for what the other files do not have.</summary>
    public static IReadOnlyList<JsonElement> Models(string kind) => [.. Root("models.json").GetProperty(kind).EnumerateArray()];

    internal static JsonElement Root(string file) => Files.GetOrAdd(file, name => new Lazy<JsonElement>(() =>
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "metafor", name));
        return JsonDocument.Parse(stream).RootElement;
    })).Value;

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

    /// <summary>
    /// For I² in percent: metafor nears a tau² of 0 by halving and stops at some 1e-13, which leaves I² at some 1e-8 of a percent. Below one
    /// percent the tolerance is therefore absolute.
    /// </summary>
    public static void AgreePercent(double actual, JsonElement expected, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected.GetDouble()) <= tolerance * Math.Max(expected.GetDouble(), 1),
            string.Create(CultureInfo.InvariantCulture, $"{what}: {actual:R}, reference {expected.GetDouble():R}"));

    public static void AgreeAll(IReadOnlyList<double> actual, JsonElement expected, double tolerance, string what)
    {
        // R writes a vector of one value as the value.
        List<JsonElement> values = expected.ValueKind == JsonValueKind.Array ? [.. expected.EnumerateArray()] : [expected];
        Assert.Equal(values.Count, actual.Count);
        for (var i = 0; i < values.Count; i++) Agree(actual[i], values[i], tolerance, $"{what}[{i + 1}]");
    }

    private static StudyEffects Read(string dataset)
    {
        var text = File.ReadAllText(Repository.PathTo("tests", "golden", "metafor", "data", dataset + ".csv"));
        using var csv = CsvReader.FromText(text, CsvReaderOptions.Default with { HasHeader = false });
        var rows = new List<string[]>();
        while (csv.Read()) rows.Add(csv.Current.ToArray());
        var header = rows[0];
        rows.RemoveAt(0);
        Assert.All(rows, r => Assert.Equal(header.Length, r.Length));

        var columns = new List<StudyColumn> { StudyColumn.OfTexts("cluster", rows.Select(r => r[0])) };
        for (var i = 0; i < header.Length; i++)
        {
            var values = rows.Select(r => r[i].Length == 0 || r[i] == "NA" ? null : r[i]).ToList();
            var numbers = values.Select(v => v is null ? (double?)null : double.TryParse(v, CultureInfo.InvariantCulture, out var n) ? n : double.NaN).ToList();
            columns.Add(numbers.Any(n => n is double.NaN) ? StudyColumn.OfTexts(header[i], values) : StudyColumn.OfNumbers(header[i], numbers));
        }
        double[] Column(string name) => [.. rows.Select(r => double.Parse(r[Array.IndexOf(header, name)], CultureInfo.InvariantCulture))];
        return StudyEffects.Create(Column("yi"), Column("vi"), columns: columns);
    }
}
