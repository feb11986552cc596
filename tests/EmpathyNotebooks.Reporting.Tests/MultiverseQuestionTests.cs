using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Multiverses as they are asked for and said.</summary>
public sealed class MultiverseQuestionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void JSON_has_the_numbers_of_the_main_part_and_all_parts_below()
    {
        var section = Section(Fits.Ask("random effects", ("--multiverse", true), ("--subgroup", "rater"), ("--seed", 4UL), ("--permutations", 99UL)));
        var choices = section.GetProperty("choices").EnumerateArray().ToDictionary(c => c.GetProperty("choice").GetString()!);
        Assert.Equal(["estimator", "test", "rater", "outlying studies", "publication bias"], choices.Keys);
        Assert.Equal("non-equivalent", choices["rater"].GetProperty("equivalence").GetString());
        Assert.All(choices.Values, c => Assert.True(c.GetProperty("reason").GetString()!.Length > 30));
        // The same multiverse again, by the library.
        var result = MultiverseChoices.Of(Fits.Ask("random effects").Fit!, "rater", null).Run(cancellation: Token);
        var main = result.Main;
        Assert.Equal(result.Specifications.Length, section.GetProperty("specifications").GetInt32());
        Assert.Equal(result.Combinations - result.Specifications.Length, section.GetProperty("impossible").EnumerateArray().Sum(i => i.GetProperty("combinations").GetInt32()));
        Assert.Equal(("all studies", "unadjusted"), (section.GetProperty("part").GetProperty("rater").GetString(), section.GetProperty("part").GetProperty("publication bias").GetString()));
        Assert.Equal(main.Median, section.GetProperty("estimate").GetProperty("median").GetDouble(), 1e-15);
        Assert.Equal(Math.Tanh(main.Median), section.GetProperty("estimate").GetProperty("backTransformedMedian").GetDouble(), 1e-15);
        Assert.Equal(main.Quantile(0.025), section.GetProperty("estimate").GetProperty("quantiles").GetProperty("0.025").GetDouble(), 1e-15);
        Assert.Equal(main.SharePositive, section.GetProperty("sharePositive").GetDouble(), 1e-15);
        Assert.Equal(main.ShareSignificant, section.GetProperty("shareSignificant").GetDouble(), 1e-15);
        Assert.Equal(result.Influence!.Value.Select(i => (i.Choice, i.Share)), section.GetProperty("influence").EnumerateArray().Select(i => (i.GetProperty("choice").GetString()!, i.GetProperty("share").GetDouble())));
        Assert.Equal(main.Test(new() { Permutations = 99, Seed = 4 }, cancellation: Token).Stouffer.PValue, section.GetProperty("test").GetProperty("stouffer").GetProperty("pValue").GetDouble(), 1e-15);
        Assert.Equal(result.Parts.Select(p => p.Specifications.Length), section.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("specifications").GetInt32()));
        // The fit that was asked for is the first specification.
        Assert.Equal(Fits.Ask("random effects").Fit!.Mean!.Value.Estimate, result.Specifications[0].Value.Estimate, 1e-12);
    }

    [Fact]
    public void Of_dependent_effects_models_and_correlations_are_choices()
    {
        var inquiry = Fits.Ask("multilevel", ("--multiverse", true), ("--permutations", 99UL));
        var section = Section(inquiry);
        var choices = section.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("choice").GetString()).ToList();
        Assert.Equal(["model", "correlation", "test", "outlying studies", "publication bias"], choices);
        Assert.Contains(section.GetProperty("impossible").EnumerateArray(), i => i.GetProperty("kind").GetString() == "contradiction" && i.GetProperty("reason").GetString()!.Contains("robust variance", StringComparison.Ordinal));
        Assert.StartsWith("samples of", section.GetProperty("test").GetProperty("units").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_comes_as_a_file_that_whoever_shows_the_answer_writes()
    {
        var answer = Questions.Ask(Fits.Ask("random effects", ("--multiverse", true), ("--multiverse-csv", "table.csv"), ("--permutations", 99UL))).Single(a => !a.Files.IsEmpty);
        var (path, text) = Assert.Single(answer.Files);
        Assert.Equal("table.csv", path);
        Assert.Equal(1 + MultiverseChoices.Of(Fits.Ask("random effects").Fit!, null, null).Combinations, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.False(File.Exists("table.csv"));
        Assert.StartsWith("Over ", answer.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(").", answer.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_value_means_no_effect_nothing_is_tested_or_adjusted()
    {
        var proportions = StudyEffects.Create([0.21, 0.35, 0.28, 0.40], [0.004, 0.006, 0.003, 0.008], EffectMeasure.Proportion);
        var section = Section(Inquiry.Of(RandomEffects.Fit(proportions)) with { Said = new OptionValues(new Dictionary<string, object> { ["--multiverse"] = true }) });
        Assert.Equal(["estimator", "test", "outlying studies"], section.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("choice").GetString()));
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null], ((string[])["test", "sharePositive", "shareSignificant"]).Select(name => section.GetProperty(name).ValueKind));
        Assert.Equal(1, section.GetProperty("parts").GetArrayLength());
    }

    [Fact]
    public void What_has_no_one_mean_is_refused_by_name()
    {
        foreach (var kind in (string[])["regression", "location-scale", "random effects with given weights"])
        {
            Assert.Equal("--multiverse", Assert.Throws<QuestionException>(() => Questions.Ask(Fits.Ask(kind, ("--multiverse", true)))).Option);
        }
    }

    [Fact]
    public void Results_are_said_where_they_stand_alone()
    {
        var result = MultiverseChoices.Of(Fits.Ask("random effects").Fit!, null, null).Run(cancellation: Token);
        Assert.Contains("nothing is averaged across parts", PlainTextWriter.Write(new Document([Answers.Say(result)])), StringComparison.Ordinal);
        Assert.Contains("explains", PlainTextWriter.Write(new Document([Answers.Say(result.Main)])), StringComparison.Ordinal);
        var planned = PlainTextWriter.Write(new Document([Answers.Say(result.Multiverse)]));
        Assert.All(result.Multiverse.Choices, choice => Assert.Contains(choice.Reason[..20], planned, StringComparison.Ordinal));
        var influence = Assert.IsType<Table>(Answers.Say(result.Main.Influence));
        Assert.Equal(result.Main.Influence.Select(one => one.Choice), influence.Rows.Select(row => row[0]));
        Assert.Contains("99 patterns of signs of studies", PlainTextWriter.Write(new Document([Answers.Say(result.Main.Test(new() { Permutations = 99 }, cancellation: Token))])), StringComparison.Ordinal);
    }

    private static JsonElement Section(Inquiry inquiry)
    {
        using var output = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry), [], output);
        return JsonDocument.Parse(output.ToString()).RootElement.GetProperty("sensitivity").GetProperty("multiverse");
    }
}
