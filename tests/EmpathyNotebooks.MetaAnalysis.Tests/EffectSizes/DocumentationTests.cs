using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>Every effect size says what it is by which formula, where that comes from, and when it is the wrong one.</summary>
public sealed partial class DocumentationTests
{
    private static readonly Type[] Families = [typeof(Correlations), typeof(PartialCorrelations), typeof(MeanDifferences), typeof(MeanRatios), typeof(PairedMeans),
        typeof(TwoByTwoTables), typeof(Rates), typeof(Proportions), typeof(SingleMeans), typeof(Reliabilities),
        typeof(MatchedPairEffects), typeof(ExplainedVariance), typeof(AreaUnderCurve)];

    private static readonly Dictionary<string, string> Summaries = XDocument.Load(Path.ChangeExtension(typeof(PooledFit).Assembly.Location, ".xml")).Descendants("member")
        .Where(m => m.Element("summary") is not null).ToDictionary(m => m.Attribute("name")!.Value, m => Spaces().Replace(m.Element("summary")!.Value, " "));

    public static TheoryData<string> Methods() => [.. Families.SelectMany(f => f.GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(m => m.ReturnType == typeof(EffectSize)).Select(m => $"{f.Name}.{m.Name}")).Distinct()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void An_effect_size_is_documented(string method)
    {
        var summary = Assert.Single(Summaries, s => s.Key.StartsWith($"M:EmpathyNotebooks.MetaAnalysis.{method}(", StringComparison.Ordinal)).Value;
        Assert.Contains("When not to use it:", summary, StringComparison.Ordinal);
        Assert.Matches(Year(), summary);
        Assert.Matches(Formula(), summary);
    }

    [Fact]
    public void No_measure_is_without_a_summary() => Assert.All(typeof(EffectMeasure).GetProperties(BindingFlags.Public | BindingFlags.Static),
        p => Assert.Contains($"P:EmpathyNotebooks.MetaAnalysis.EffectMeasure.{p.Name}", Summaries.Keys));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b(1[89]|20)\d\d\b|that of any mean")]
    private static partial Regex Year();

    // An equation, a function or a ratio, or a reference to the method that has it.
    [GeneratedRegex(@"[=/√²·]|ln\(|Φ|As\s|from a|less the")]
    private static partial Regex Formula();
}
