using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>The classic tests of publication bias as they are asked for and said.</summary>
public sealed class ClassicBiasQuestionTests
{
    [Fact]
    public void Independent_effects_have_every_test_in_the_section()
    {
        var section = Section(Fits.Ask("random effects", ("--bias", true)));
        var fit = RandomEffects.Fit(Fits.Effects);

        var egger = section.GetProperty("egger").EnumerateArray().ToList();
        Assert.Equal(fit.EggerTests().Length, egger.Count);
        Assert.Equal(("sei", "rma"), (egger[0].GetProperty("predictor").GetString(), egger[0].GetProperty("model").GetString()));
        Assert.Equal(fit.EggerTest().PValue, egger[0].GetProperty("pValue").GetDouble(), 1e-14);
        Assert.Equal(fit.EggerTest().Limit!.Value.Estimate, egger[0].GetProperty("limitEstimate").GetDouble(), 1e-14);
        Assert.Equal("lm", egger[1].GetProperty("model").GetString());
        Assert.Equal(fit.RankTest().Tau, section.GetProperty("rankTest").GetProperty("tau").GetDouble(), 1e-14);
        Assert.Equal(fit.RankTest().IsExact, section.GetProperty("rankTest").GetProperty("exact").GetBoolean());
        Assert.Equal(["L0", "R0", "Q0"], section.GetProperty("trimAndFill").EnumerateArray().Select(t => t.GetProperty("estimator").GetString()));
        Assert.Equal(fit.TrimAndFill().Fit.Estimate, section.GetProperty("trimAndFill")[0].GetProperty("estimate").GetDouble(), 1e-14);
        var excess = section.GetProperty("excessSignificance");
        Assert.Equal(EqualEffects.Fit(Fits.Effects).ExcessSignificance().Expected, excess.GetProperty("expected").GetDouble(), 1e-14);
        Assert.Equal("exact", excess.GetProperty("test").GetString());
        Assert.Equal("two.sided", excess.GetProperty("alternative").GetString());
        Assert.False(section.TryGetProperty("twoByTwoTests", out _));
    }

    [Fact]
    public void Effects_that_share_samples_have_theirs_in_an_object_of_their_own()
    {
        var inquiry = Fits.Ask("multilevel", ("--bias", true));
        var section = Section(inquiry);
        var clustered = section.GetProperty("clustered");

        Assert.Equal(inquiry.Fit!.EggerTest().DegreesOfFreedom!.Value, clustered.GetProperty("egger")[0].GetProperty("degreesOfFreedom").GetDouble(), 1e-10);
        Assert.Equal(inquiry.Fit!.RankTest().PValue, clustered.GetProperty("rankTest").GetProperty("pValue").GetDouble(), 1e-14);
        Assert.Contains(section.GetProperty("notComputed").EnumerateArray(), n => n.GetProperty("method").GetString() == "excess significance");
        Assert.False(section.TryGetProperty("egger", out _));
    }

    [Fact]
    public void Tables_behind_the_effects_are_tested_by_their_counts()
    {
        TwoByTwo[] tables = [new(4, 119, 11, 128), new(6, 300, 29, 274), new(3, 228, 11, 209), new(62, 500, 80, 480), new(33, 170, 47, 160), new(12, 90, 10, 95)];
        var effects = StudyEffects.Create([.. tables.Select(t => TwoByTwoTables.LogOddsRatio(t))]).WithIngredients(
        [
            StudyColumn.OfNumbers("ai", tables.Select(t => (double?)t.A)), StudyColumn.OfNumbers("n1i", tables.Select(t => (double?)t.N1)),
            StudyColumn.OfNumbers("ci", tables.Select(t => (double?)t.C)), StudyColumn.OfNumbers("n2i", tables.Select(t => (double?)t.N2)),
        ]);

        var section = Section(Ask(effects));

        var tests = section.GetProperty("twoByTwoTests").EnumerateArray().ToList();
        Assert.Equal(["harbord", "peters", "deeks", "macaskill", "ruecker", "pustejovsky"], tests.Select(t => t.GetProperty("test").GetString()));
        Assert.Equal(GroupSizeTests.Of([.. tables.Select((t, i) => new LabelledTable($"{i}", t))], GroupSizeTestKind.Peters).PValue, tests[1].GetProperty("pValue").GetDouble(), 1e-12);
        Assert.Equal(12, section.GetProperty("egger").GetArrayLength());
    }

    [Fact]
    public void What_has_no_answer_stands_with_its_reason_and_does_not_end_the_run()
    {
        var section = Section(Ask(StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.04, 0.04, 0.04, 0.04])));

        var reasons = section.GetProperty("notComputed").EnumerateArray().ToDictionary(n => n.GetProperty("method").GetString()!, n => n.GetProperty("reason").GetString()!);
        Assert.Contains("standard errors are alike", reasons["Egger's regression"], StringComparison.Ordinal);
        Assert.Contains("alike", reasons["Begg and Mazumdar's rank test"], StringComparison.Ordinal);
        Assert.Contains("alike", reasons["trim and fill"], StringComparison.Ordinal);
        Assert.True(section.TryGetProperty("excessSignificance", out _));
    }

    private static Inquiry Ask(StudyEffects effects) => Inquiry.Of(RandomEffects.Fit(effects)) with { Said = new OptionValues(new Dictionary<string, object> { ["--bias"] = true }) };

    private static JsonElement Section(Inquiry inquiry)
    {
        using var text = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry), [], text);
        return JsonDocument.Parse(text.ToString()).RootElement.GetProperty("publicationBias");
    }
}
