using System.Text.Json;
using EmpathyNotebooks.Tests;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>two-by-two.json, and the pooled tables of effects-extra.json (zero cells, no continuity correction, Breslow-Day).</summary>
public sealed class TwoByTwoTests
{
    private static readonly JsonElement Extra = ReadExtra();

    private static readonly string[] Methods = ["MH OR", "MH RR", "MH RD", "Peto PETO"];

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        var cases = Reference.Cases("two-by-two.json");
        Assert.Equal(["MH OR", "MH RR", "MH RD", "Peto"], cases.Select(c => c.GetProperty("model").GetString()
            + (c.TryGetProperty("measure", out var measure) ? " " + measure.GetString() : "")));
        Assert.All(cases, c => Assert.Equal("bcg", c.GetProperty("dataset").GetString()));
        Assert.Equal(
            from correct in new[] { true, false } from data in new[] { "bcg", "sparse" } from method in Methods select (data,
                method, correct),
            Extra.GetProperty("fits").EnumerateArray().Select(c => (c.GetProperty("data").GetString()!,
                $"{c.GetProperty("model").GetString()} {c.GetProperty("measure").GetString()}",
                    c.GetProperty("correct").GetBoolean())));
    }

    [Fact]
    public void Agrees_with_metafor()
    {
        foreach (var expected in Reference.Cases("two-by-two.json"))
        {
            Compare(expected,
                Fit(Bcg(), expected.TryGetProperty("measure", out var measure) ? measure.GetString()! : "PETO",
                new TwoByTwoOptions()));
        }
    }

    [Fact]
    public void Agrees_with_metafor_on_sparse_tables_and_without_continuity_correction()
    {
        foreach (var expected in Extra.GetProperty("fits").EnumerateArray())
        {
            var tables = expected.GetProperty("data").GetString() == "bcg" ? Bcg() : Sparse();
            var fit = Fit(tables, expected.GetProperty("measure").GetString()!,
                new TwoByTwoOptions { ContinuityCorrection = expected.GetProperty("correct").GetBoolean() });
            Compare(expected, fit);
            Assert.Equal(expected.GetProperty("df").GetInt32(), fit.Q.DegreesOfFreedom);
        }
    }

    [Fact]
    public void What_was_done_about_zeros_is_said()
    {
        var fit = MantelHaenszel.OddsRatio(Sparse());
        Assert.Equal(2, fit.Warnings.Length);
        Assert.Contains("0.5 was added to each cell of: Study 1.", fit.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("not in Q: Study 4.", fit.Warnings[1], StringComparison.Ordinal);
        Assert.Equal(0, fit.Weights[3]);
        Assert.Null(fit.TableEffects[3]);
        var kept = MantelHaenszel.OddsRatio(Sparse(), new() { ZeroCells = ZeroCells.Keep });
        Assert.Equal(fit.Estimate, kept.Estimate);
        Assert.Equal(2, kept.Q.DegreesOfFreedom);
        Assert.Contains("Study 1", kept.Warnings[1], StringComparison.Ordinal);
        Assert.Empty(MantelHaenszel.OddsRatio(Bcg()).Warnings);
    }

    private static void Compare(JsonElement expected, TwoByTwoFit fit)
    {
        var what = $"{expected.GetProperty("model").GetString()} {fit.Measure.Code}";
        void Agree(string name, double actual, string label)
        {
            if (expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number) Reference.Agree(actual,
                value, 1e-8, $"{what} {label}");
        }
        void Test(string name, string p, ChiSquaredTest? actual)
        {
            if (!expected.TryGetProperty(name, out var value)) return;
            Assert.Equal(value.ValueKind == JsonValueKind.Number, actual is not null);
            if (actual is not { } test) return;
            Agree(name, test.Statistic, name);
            Agree(p, test.PValue, p);
        }
        Agree("beta", fit.Estimate, "estimate");
        Agree("se", fit.StandardError, "standard error");
        Agree("ci_lb", fit.ConfidenceInterval.Lower, "lower limit");
        Agree("ci_ub", fit.ConfidenceInterval.Upper, "upper limit");
        Agree("pval", fit.PValue, "p");
        Agree("QE", fit.Q.Statistic, "Q");
        Agree("QEp", fit.Q.PValue, "p of Q");
        Agree("I2", 100 * fit.ISquared, "I squared");
        Test("CO", "COp", fit.Cochran);
        Test("MH", "MHp", fit.CochranMantelHaenszel);
        Test("BD", "BDp", fit.BreslowDay);
        Test("TA", "TAp", fit.Tarone);
        Assert.Equal(1, fit.Weights.Sum(), 1e-12);
    }

    private static TwoByTwoFit Fit(IReadOnlyList<LabelledTable> tables, string measure, TwoByTwoOptions options) => measure switch
    {
        "OR" => MantelHaenszel.OddsRatio(tables, options),
        "RR" => MantelHaenszel.RiskRatio(tables, options),
        "RD" => MantelHaenszel.RiskDifference(tables, options),
        "PETO" => PetoMethod.OddsRatio(tables, options),
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "No such method."),
    };

    internal static IReadOnlyList<LabelledTable> Bcg()
    {
        var rows = File.ReadAllLines(Repository.PathTo("tests", "golden", "metafor", "data", "bcg-2x2.csv")).Skip(1)
            .Select(line => line.Split(',').Select(c =>
                double.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal(13, rows.Count);
        return Tables([.. rows.Select(r => r[0])], [.. rows.Select(r => r[1])], [.. rows.Select(r => r[2])],
            [.. rows.Select(r => r[3])]);
    }

    private static IReadOnlyList<LabelledTable> Sparse()
    {
        var columns = Extra.GetProperty("sparse");
        double[] Column(string name) => [.. columns.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        return Tables(Column("ai"), Column("bi"), Column("ci"), Column("di"));
    }

    private static IReadOnlyList<LabelledTable> Tables(double[] a, double[] b, double[] c, double[] d) =>
        LabelledTable.Create([.. Enumerable.Range(1, a.Length).Select(i => $"Study {i}")], a, b, c, d);

    private static JsonElement ReadExtra()
    {
        using var stream = File.OpenRead(Repository.PathTo("tests", "golden", "metafor", "effects-extra.json"));
        return JsonDocument.Parse(stream).RootElement;
    }
}
