using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EmpathyNotebooks.MetaAnalysis.Tests;

/// <summary>
/// Every public statistic has its formula in TeX, on itself, on its type or where its documentation refers to. What counts as one: every <c>Fit</c> and <c>Of</c>, everything that makes
/// an <see cref="EffectSize"/>, every measure, and all that the classes and enumerations listed here offer.
/// </summary>
public sealed partial class FormulaCoverageTests
{
    private static readonly Assembly Engine = typeof(PooledFit).Assembly;

    private static readonly Dictionary<string, XElement> Documentation = XDocument.Load(Path.ChangeExtension(Engine.Location, ".xml")).Descendants("member")
        .GroupBy(m => m.Attribute("name")!.Value).ToDictionary(g => g.Key, g => g.First());

    private static readonly Type[] Classes =
    [
        typeof(MantelHaenszel), typeof(PetoMethod), typeof(MeanAndSdFrom), typeof(SdFromDifference), typeof(EffectSizeConversion), typeof(MeasurementArtifacts), typeof(ArtifactCorrection),
        typeof(PetPeeseCorrection), typeof(UnrestrictedWeights), typeof(LimitCorrection), typeof(AffirmativeSelection), typeof(InverseCovarianceWeights), typeof(TrimAndFillMethod),
        typeof(FunnelAsymmetry), typeof(RankCorrelation), typeof(GroupSizeTests), typeof(ExcessSignificanceTests), typeof(FailSafe), typeof(PredictionIntervals), typeof(EffectAggregation),
        typeof(RobustInference), typeof(RetrospectivePower), typeof(SmallSample),
    ];

    private static readonly Type[] Enumerations =
    [
        typeof(TauSquaredEstimator), typeof(Inference), typeof(PredictionIntervalMethod), typeof(CovarianceStructure), typeof(SmallSampleCorrection), typeof(WorkingModel),
        typeof(StandardizedVariance), typeof(TrimAndFillEstimator), typeof(GroupSizeTestKind), typeof(PUniformMethod), typeof(BootstrapIntervalKind),
    ];

    // They choose, look up, read or hold side by side, and compute nothing of their own.
    private static readonly HashSet<string> NoStatistics =
    [
        "Battery.Of", "DefaultPriors.Of", "KnownRelation.Of", "LimitMetaAnalysis.Of", "Multiverse.Of", "NearestName.Of", "PlannedStudies.Of", "RiskOfBias.Of", "SpecificationEstimate.Of",
        "EffectSizeCalculator.Compute", "EffectMeasure.Generic",
    ];

    public static TheoryData<string> Statistics()
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var types = Engine.GetExportedTypes();
        var names = types.SelectMany(t => t.GetMethods(Declared).Where(m => m.Name is "Fit" or "Of" || m.IsStatic && m.ReturnType == typeof(EffectSize)).Select(m => $"{t.Name}.{m.Name}"))
            .Concat(Classes.SelectMany(t => t.GetMethods(Declared).Where(m => m.IsStatic).Select(m => $"{t.Name}.{m.Name}")))
            .Concat(typeof(EffectMeasure).GetProperties(BindingFlags.Public | BindingFlags.Static).Where(p => p.PropertyType == typeof(EffectMeasure)).Select(p => $"{nameof(EffectMeasure)}.{p.Name}"))
            .Concat(Enumerations.SelectMany(t => Enum.GetNames(t).Select(n => $"{t.Name}.{n}")));
        return [.. names.Distinct().Where(n => !NoStatistics.Contains(n)).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Statistics))]
    public void A_statistic_has_its_formula(string name)
    {
        var documented = Documentation.Where(d => IsNamed(d.Key, name)).ToList();
        Assert.NotEmpty(documented);
        Assert.All(documented, d => Assert.True(Sources(d.Key, d.Value).Any(HasFormula), $"{d.Key} has no formula in TeX ($$...$$) in its remarks, nor refers to anything that has"));
    }

    /// <summary>That the list does not shrink unseen.</summary>
    [Fact]
    public void More_than_two_hundred_statistics_are_asked_for() => Assert.True(Statistics().Count > 240, $"{Statistics().Count}");

    [Fact]
    public void A_formula_stands_in_remarks_where_a_tooltip_does_not_show_it()
    {
        var elsewhere = Documentation.Where(d => d.Value.Elements().Any(e => e.Name.LocalName is not ("remarks" or "example" or "code") && e.Value.Contains('$', StringComparison.Ordinal)
            && Formula().IsMatch(e.Value))).Select(d => d.Key);
        Assert.Empty(elsewhere);
    }

    private static bool IsNamed(string id, string name) => id[0] is 'M' or 'P' or 'F' && id[2..].Split('(')[0].EndsWith("." + name, StringComparison.Ordinal);

    // Itself, its type, what it inherits, and what these refer to; a reference to an enumeration means its values.
    private static IEnumerable<XElement> Sources(string id, XElement text)
    {
        var path = id[2..].Split('(')[0];
        List<XElement> own = [text, .. Found("T:" + path[..path.LastIndexOf('.')])];
        for (var i = 0; i < own.Count; i++) own.AddRange(References(own[i], "inheritdoc").SelectMany(Found).Where(e => !own.Contains(e)));
        return own.Concat(own.SelectMany(e => References(e, "see")).SelectMany(r => Found(r).Concat(IsEnumeration(r) ? Documentation.Where(d => d.Key.StartsWith($"F:{r[2..]}.", StringComparison.Ordinal)).Select(d => d.Value) : [])));
    }

    private static IEnumerable<string> References(XElement text, string element) => text.Descendants(element).Select(e => (string?)e.Attribute("cref")).OfType<string>();

    private static IEnumerable<XElement> Found(string id) => Documentation.TryGetValue(id, out var text) ? [text] : [];

    private static bool IsEnumeration(string id) => id.StartsWith("T:", StringComparison.Ordinal) && Engine.GetType(id[2..]) is { IsEnum: true };

    private static bool HasFormula(XElement text) => text.Elements("remarks").Any(r => Formula().IsMatch(r.Value));

    [GeneratedRegex(@"\$\$[^$]+\$\$")]
    private static partial Regex Formula();
}
