using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Reporting.Tests.Standards;

/// <summary>All items stand, those that the library knows are filled, and what people say comes first.</summary>
public sealed class PrismaChecklistTests
{
    private static PooledFit Fit { get; } = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.22], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ, sampleSizes: [103, 48, 70, 86]));

    [Fact]
    public void Both_lists_are_whole()
    {
        Assert.Equal(27, PrismaChecklist.Items.Select(i => i.Number.TrimEnd('a', 'b', 'c', 'd', 'e', 'f')).Distinct().Count());
        Assert.Equal(42, PrismaChecklist.Items.Length);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"{i}"), PrismaChecklist.AbstractItems.Select(i => i.Number));
        Assert.Equal(42, PrismaChecklist.Items.Select(i => i.Asks).Distinct().Count());
    }

    [Fact]
    public void What_the_analysis_says_is_filled_and_what_people_say_comes_first()
    {
        var flow = new PrismaFlow { Databases = [new("all", 10)], RecordsExcluded = 6, StudiesIncluded = 4 };
        var table = PrismaChecklist.Of(new() { Fit = Fit, Flow = flow, Battery = Battery.Of(Fit) }, new Dictionary<string, string> { ["1"] = "page 1", ["12"] = "page 4" });
        string Of(string item) => table.Rows.Single(r => r[0] == item)[4];
        Assert.Equal("page 1", Of("1"));
        Assert.Equal("page 4", Of("12"));
        Assert.Contains("Random-effects model (REML), Hartung-Knapp inference", Of("13d"), StringComparison.Ordinal);
        Assert.Contains("Outliers removed", Of("13f"), StringComparison.Ordinal);
        Assert.Contains("Screened: 10", Of("16a"), StringComparison.Ordinal);
        Assert.Contains("4 studies of 307 people", Of("20b"), StringComparison.Ordinal);
        Assert.Equal("", Of("7"));
        Assert.Contains(table.Notes, n => n.Contains("for a person to fill in", StringComparison.Ordinal));
        Assert.Equal("Correlation (r), pooled as Fisher's z.", PrismaChecklist.Of(new() { Fit = Fit }).Rows.Single(r => r[0] == "12")[4]);
        Assert.All(PrismaChecklist.Of(new()).Rows, r => Assert.Equal("", r[4]));
        Assert.Contains("20b", Assert.Throws<ArgumentException>(() => PrismaChecklist.Of(new(), new Dictionary<string, string> { ["20e"] = "page 9" })).Message, StringComparison.Ordinal);
        Assert.Equal(12, PrismaChecklist.OfAbstract(new() { Fit = Fit }).Rows.Count);
    }
}
