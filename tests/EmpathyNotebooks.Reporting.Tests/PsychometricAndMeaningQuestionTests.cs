using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>The psychometric meta-analysis and what an effect means, as they are asked for and said.</summary>
public sealed class PsychometricAndMeaningQuestionTests
{
    private static readonly StudyEffects Studies = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.009, 0.021, 0.011, 0.009, 0.016], EffectMeasure.Correlation, sampleSizes: [90, 48, 70, 110, 52], columns:
    [
        StudyColumn.OfNumbers("rel", [0.80, 0.75, 0.90, 0.85, 0.78]), StudyColumn.OfNumbers("some", [0.80, null, 0.90, null, 0.78]), StudyColumn.OfNumbers("u", [0.7, 0.8, 0.9, 0.6, 0.75]),
        StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"]),
    ]);

    private static Inquiry Ask(IModelFit fit, params (string Name, object Value)[] said) => Inquiry.Of(fit) with { Said = new OptionValues(said.ToDictionary(s => s.Name, s => s.Value)) };

    private static JsonElement Json(Inquiry inquiry, string name)
    {
        using var output = new StringWriter();
        JsonReport.Write(Questions.Ask(inquiry), inquiry.Notes, output);
        using var document = JsonDocument.Parse(output.ToString());
        return document.RootElement.GetProperty(name).Clone();
    }

    [Fact]
    public void Psychometric_numbers_are_those_of_the_library()
    {
        var said = Json(Ask(RandomEffects.Fit(Studies), ("--psychometric", true), ("--rxx", "rel"), ("--ux", "u")), "psychometric");
        var fit = Psychometric.Fit(Studies, new() { PredictorReliability = "rel", RangeRatio = "u", RangeRestriction = RangeRestrictionKind.Indirect });

        Assert.Equal(["meanR", "varianceObserved", "varianceError", "meanRho", "sdRho", "credibility", "lower", "upper", "percentExplained"], said.EnumerateObject().Select(p => p.Name));
        Assert.Equal(fit.Observed.Mean, said.GetProperty("meanR").GetDouble());
        Assert.Equal(fit.Corrected.Mean, said.GetProperty("meanRho").GetDouble());
        Assert.Equal(fit.Corrected.StandardDeviation, said.GetProperty("sdRho").GetDouble());
        Assert.Equal(fit.Corrected.CredibilityInterval.Upper, said.GetProperty("credibility").GetProperty("upper").GetDouble());
        Assert.Equal(fit.Corrected.ConfidenceInterval.Lower, said.GetProperty("lower").GetDouble());
        Assert.Equal(fit.PercentExplained, said.GetProperty("percentExplained").GetDouble());
    }

    [Theory]
    [InlineData("--rxx", "rel", ArtifactMethod.Individual)]
    [InlineData("--ryy", "some", ArtifactMethod.TaylorSeries)]
    public void The_method_follows_from_what_is_known(string option, string column, ArtifactMethod method)
    {
        var said = Json(Ask(RandomEffects.Fit(Studies), ("--psychometric", true), (option, column), ("--raw-r", true)), "psychometric");
        var options = new PsychometricOptions { CorrectsSmallSampleBias = false, Method = method };
        options = option == "--rxx" ? options with { PredictorReliability = column } : options with { OutcomeReliability = column };

        Assert.Equal(Psychometric.Fit(Studies, options).Corrected.Mean, said.GetProperty("meanRho").GetDouble());
    }

    [Fact]
    public void Groups_and_parts_are_said_too()
    {
        var answers = Questions.Ask(Ask(RandomEffects.Fit(Studies), ("--psychometric", true), ("--subgroup", "rater")));
        var tables = answers.SelectMany(a => a.Blocks).OfType<Table>().ToArray();

        Assert.Contains(tables, t => t.Title == "Psychometric meta-analysis by rater" && t.Rows.Count == 3);
        Assert.Contains(tables.Single(t => t.Title == "Psychometric meta-analysis").Notes, n => n.StartsWith("Without one study the mean lies between", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_is_refused_in_the_words_of_the_command_line()
    {
        var fit = RandomEffects.Fit(Studies);
        Assert.Contains("--rxx", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(fit, ("--psychometric", true), ("--artifacts", "taylor")))).Message, StringComparison.Ordinal);
        Assert.Contains("--ni", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.1, 0.1], EffectMeasure.FisherZ)), ("--psychometric", true)))).Message, StringComparison.Ordinal);
        Assert.Contains("OR", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.1, 0.1], EffectMeasure.OddsRatio)), ("--psychometric", true)))).Message, StringComparison.Ordinal);
        var contradictory = StudyEffects.Create([0.3, 0.2, 0.6], [0.01, 0.01, 0.01], EffectMeasure.Correlation, sampleSizes: [100, 80, 90], columns: [StudyColumn.OfNumbers("rel", [0.3, 0.9, null]), StudyColumn.OfNumbers("u", [1.5, null, 1.4])]);
        Assert.Contains("contradict", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(RandomEffects.Fit(contradictory), ("--psychometric", true), ("--rxx", "rel"), ("--ux", "u")))).Message, StringComparison.Ordinal);
        Assert.Equal("--base-rate", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(fit, ("--meaning", true), ("--base-rate", 30.0)))).Option);
        Assert.Equal("--important", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(fit, ("--meaning", true), ("--important", 1.4)))).Option);
        Assert.Contains("--base-rate", Assert.Throws<QuestionException>(() => Questions.Ask(Ask(RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.1, 0.1], EffectMeasure.RiskRatio)), ("--meaning", true)))).Message, StringComparison.Ordinal);
        Assert.Throws<QuestionException>(() => Questions.Ask(Ask(RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.1, 0.1])), ("--meaning", true))));
    }

    [Fact]
    public void Meanings_have_their_assumptions()
    {
        var fit = RandomEffects.Fit(Studies);
        var said = Json(Ask(fit, ("--meaning", true), ("--base-rate", 0.3), ("--important", 0.1)), "meaning");
        var meaning = EffectMeaning.Of(fit, new() { BaseRate = 0.3, MinimalImportantDifference = 0.1 });

        Assert.Equal(meaning.Statements.Length, said.GetProperty("statements").GetArrayLength());
        foreach (var (statement, json) in meaning.Statements.Zip(said.GetProperty("statements").EnumerateArray()))
        {
            Assert.Equal(statement.Value, json.GetProperty("value").GetDouble());
            Assert.Equal(statement.Assumption, json.GetProperty("assumption").GetString());
        }
        Assert.Equal(0.3, said.GetProperty("baseRate").GetDouble());
        Assert.Equal("shareBeyond", said.GetProperty("statements").EnumerateArray().Last().GetProperty("kind").GetString());
    }

    /// <summary>A page names a method by what a reader sees: every saying has a table with its rows.</summary>
    [Fact]
    public void Results_are_said_where_they_stand_alone()
    {
        var psychometric = Psychometric.Fit(Studies, new() { PredictorReliability = "rel" });

        Assert.Equal(2, Assert.IsType<Table>(Answers.Say(psychometric)).Rows.Count);
        Assert.IsType<Table>(Answers.Say(psychometric.Subgroups("rater")));
        Assert.Contains(Assert.IsType<Table>(Answers.Say(EffectMeaning.OfDifference(0.5))).Rows, r => r[1] == "69.1%");
    }
}
