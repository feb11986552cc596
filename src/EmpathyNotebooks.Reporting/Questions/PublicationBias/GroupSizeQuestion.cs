using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Do small studies find other effects, judged by counts and group sizes in place of standard errors that are made of the effects?</summary>
internal sealed class GroupSizeQuestion : BiasQuestion
{
    public override string Name => "tests of asymmetry by counts and group sizes";

    public override bool NeedsIndependence => true;

    internal override string Schema =>
        """
        "twoByTwoTests": {
          "type": "array",
          "items": {
            "type": "object",
            "properties": {
              "test": { "enum": ["harbord", "peters", "deeks", "macaskill", "ruecker", "pustejovsky"] }, "statistic": { "$ref": "#/$defs/number" }, "degreesOfFreedom": { "$ref": "#/$defs/number" },
              "pValue": { "$ref": "#/$defs/probability" }
            },
            "required": ["test", "statistic", "degreesOfFreedom", "pValue"],
            "additionalProperties": false
          }
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<GroupSizeTest>(test => Say([test])), Saying.Of<IEnumerable<GroupSizeTest>>(tests => Say([.. tests]))];

    private protected override Answer? Independent(IModelFit fit, Inquiry inquiry)
    {
        var measure = inquiry.Measure == EffectMeasure.RiskRatio ? EffectMeasure.RiskRatio : EffectMeasure.OddsRatio;
        List<Func<GroupSizeTest>> asked = GroupCounts.Tables(fit.Effects) is { } tables ? [.. Enum.GetValues<GroupSizeTestKind>().Select(kind => (Func<GroupSizeTest>)(() => GroupSizeTests.Of(tables, kind, measure)))]
            : GroupCounts.Sizes(fit.Effects) is var (first, second) ? [() => fit.Effects.PustejovskyTest(first, second)] : [];
        if (asked.Count == 0) return null;
        var tests = ImmutableArray.CreateBuilder<GroupSizeTest>();
        List<Exception> faults = [];
        foreach (var test in asked)
        {
            try
            {
                tests.Add(test());
            }
            catch (Exception fault) when (fault is UndeterminedException or InsufficientStudiesException)
            {
                faults.Add(fault);
            }
        }
        if (tests.Count == 0) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(faults[0]);
        return new Answer(Say(tests.ToImmutable()))
        {
            Sentence = string.Join(' ', tests.Select(test => BiasSentences.GroupSize(test, inquiry.Level))),
            Warnings = [.. tests.SelectMany(t => t.Warnings).Concat(faults.Select(f => f.Message)).Distinct()],
            Json = json => json.Array("twoByTwoTests", tests, (_, test) =>
            {
                json.WriteString("test", test.Kind.ToString().ToLowerInvariant());
                json.Number("statistic", test.Statistic);
                json.Number("degreesOfFreedom", test.DegreesOfFreedom);
                json.Number("pValue", test.PValue);
            }),
        };
    }

    // Means of samples have no counts, so that averaging is no way to it.
    private protected override Answer? Clustered(IModelFit fit, Inquiry inquiry) => GroupCounts.Tables(fit.Effects) is null && GroupCounts.Sizes(fit.Effects) is null ? null
        : throw Inquiry.Undefined(All, "independent effects; Egger's regression with cluster-robust standard errors takes account of shared samples");

    private static Table Say(ImmutableArray<GroupSizeTest> tests)
    {
        var table = new Table("Asymmetry by counts and group sizes", ("test", Align.Left), ("k", Align.Right), ("bias", Align.Right), ("SE", Align.Right), ("t", Align.Right), ("df", Align.Right), ("p", Align.Right));
        foreach (var test in tests)
        {
            table.Row(test.Name, StatisticText.Count(test.Count), StatisticText.Significant(test.Slope.Estimate), StatisticText.Significant(test.Slope.StandardError), StatisticText.Number(test.Statistic),
                StatisticText.DegreesOfFreedom(test.DegreesOfFreedom), StatisticText.PValue(test.PValue));
        }
        return table.Note("Each has a predictor of its own, so that slopes cannot be compared. Choose one before seeing the results: Harbord's or Peters' for odds ratios, Rücker's with strong heterogeneity or zeros, Deeks' for diagnostic odds ratios.");
    }
}
