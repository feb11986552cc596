using System.Collections.Immutable;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Would the test find the same without a distribution of its statistic?</summary>
internal sealed class PermutationQuestion : SensitivityQuestion
{
    public const string ByName = "--permutations";

    private const ulong Fewest = 99;
    private const ulong Most = 1_000_000_000;

    public override string Name => "permutation test";

    public override ImmutableArray<QuestionOption> Options =>
    [
        new(ByName, OptionKind.WholeNumber, $"A permutation test with so many permutations at most, {Fewest} or more; where there are no more than that, all of them, and p is exact. With {All} 10,000 if not said.")
        {
            HelpName = "NUMBER", Example = "10000",
        },
    ];

    internal override string Schema =>
        """
        "permutation": {
          "type": "object",
          "properties": {
            "pValue": { "$ref": "#/$defs/probability" }, "exact": { "type": "boolean" }, "permutations": { "type": "integer", "minimum": 1 }, "standardError": { "$ref": "#/$defs/number" }, "permuted": { "type": "string" },
            "coefficients": {
              "type": "array",
              "items": {
                "type": "object",
                "properties": { "name": { "type": "string" }, "pValue": { "$ref": "#/$defs/probability" }, "standardError": { "$ref": "#/$defs/number" } },
                "required": ["name", "pValue", "standardError"],
                "additionalProperties": false
              }
            }
          },
          "required": ["pValue", "exact", "permutations", "standardError", "permuted", "coefficients"],
          "additionalProperties": false
        }
        """;

    internal override IEnumerable<Saying> Sayings => [Saying.Of<PermutationTest>(test => Say(test, test.Fit))];

    private protected override string Alone => ByName;

    private protected override Answer Of(IModelFit fit, Inquiry inquiry)
    {
        if (fit is not (PooledFit or MetaRegressionFit or DependentFit { Moderators: null, Coefficients.Length: 1 }))
        {
            throw Undefined(inquiry, "pooled means, moderators of independent effects, and the mean of a multilevel model");
        }
        if (fit is not MetaRegressionFit && !inquiry.Measure.HasNullValue) throw Undefined(inquiry, $"measures with a value that means no effect, and {inquiry.Measure.Name} has none");
        var options = new PermutationOptions();
        if (inquiry.Said.WholeNumber(ByName) is { } number)
        {
            if (number is < Fewest or > Most) throw new QuestionException(ByName, $"{ByName} {number}: give a number from {StatisticText.Count((long)Fewest)} to {StatisticText.Count((long)Most)}, for example 10000.");
            options = options with { Permutations = (int)number };
        }
        if (inquiry.Said.WholeNumber("--seed") is { } seed) options = options with { Seed = seed };
        var test = fit.PermutationTest(options, inquiry.ProgressOf(Name), inquiry.Cancellation);
        return new Answer(Say(test, fit))
        {
            Sentence = Sentence(test, fit),
            Warnings = test.Warnings,
            Json = json => json.Object("permutation", test, _ => Write(json, test)),
        };
    }

    /// <summary>The test as a whole: of the mean, or that no moderator matters.</summary>
    private static PermutedCoefficient Whole(PermutationTest test) => test.ModeratorTest ?? test.Coefficients[0];

    private static void Write(Utf8JsonWriter json, PermutationTest test)
    {
        json.Number("pValue", Whole(test).PValue);
        json.WriteBoolean("exact", test.IsExact);
        json.WriteNumber("permutations", test.Permutations);
        json.Number("standardError", Whole(test).StandardError);
        json.WriteString("permuted", test.Permuted);
        json.Array("coefficients", test.Coefficients, (_, coefficient) =>
        {
            json.WriteString("name", coefficient.Name);
            json.Number("pValue", coefficient.PValue);
            json.Number("standardError", coefficient.StandardError);
        });
    }

    private static string Sentence(PermutationTest test, IModelFit fit)
    {
        var how = $"{StatisticText.Count(test.Permutations)} {(test.IsExact ? "" : "random ")}permutations of {test.Permuted}{(test.IsExact ? ", all there are" : "")}";
        return test.ModeratorTest is not { } moderators ? $"By permutation the mean has {Probability(Whole(test))} ({how}); by the model {StatisticText.PValueWithSymbol(fit.Coefficients[0].PValue)}."
            : $"By permutation the moderators have {Probability(moderators)} ({how})" + (fit.ModeratorTest is { Exists: true } byModel ? $"; by the model {StatisticText.PValueWithSymbol(byModel.PValue)}." : ".");

        static string Probability(PermutedCoefficient c) => StatisticText.PValueWithSymbol(c.PValue) + (c.StandardError > 0 ? $", Monte Carlo standard error {StatisticText.Significant(c.StandardError, 2)}" : "");
    }

    private static Table Say(PermutationTest test, IModelFit? fit)
    {
        var table = new Table("Permutation test", ("", Align.Left), (test.Statistic == PermutationStatistic.Estimate ? "|estimate|" : "|statistic|", Align.Right), ("p", Align.Right), ("SE of p", Align.Right), ("p of the model", Align.Right));
        foreach (var coefficient in test.Coefficients) Row(coefficient.Name == "Intercept" ? "mean" : coefficient.Name, coefficient, fit?.Coefficients.First(c => c.Name == coefficient.Name) is { HasStandardError: true } known ? known.PValue : null);
        if (test is { ModeratorTest: { } moderators, Coefficients.Length: > 1 }) Row("all moderators", moderators, fit?.ModeratorTest is { Exists: true } known ? known.PValue : null);
        return table.Note($"{StatisticText.Count(test.Permutations)} {(test.IsExact ? "" : "random ")}permutations of {test.Permuted}{(test.IsExact ? ", all there are: p is exact." : ", that of the data among them.")}");

        void Row(string name, PermutedCoefficient c, double? byModel) => table.Row(name, StatisticText.Number(c.Observed, 3), StatisticText.PValue(c.PValue), test.IsExact ? Numbers.None : StatisticText.Significant(c.StandardError, 2), byModel is { } p ? StatisticText.PValue(p) : Numbers.None);
    }
}
