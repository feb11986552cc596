using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Json.Schema;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>What can be asked, of every kind of fit.</summary>
public sealed class QuestionTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(JsonReport.Schema);

    public static TheoryData<string> Kinds => Fits.Kinds;

    public static TheoryData<string, string> KindsAndOptions => [.. Kinds.SelectMany(kind => Questions.All.SelectMany(q => q.Options).Select(option => (((string)kind.Data!), option.Name)))];

    [Fact]
    public void Every_question_and_option_has_a_name_of_its_own()
    {
        Assert.Distinct(Questions.All.Select(q => q.Name));
        Assert.Distinct(Questions.All.SelectMany(q => q.Options).Select(o => o.Name));
        Assert.All(Questions.All.SelectMany(q => q.Options), option =>
        {
            Assert.StartsWith("--", option.Name, StringComparison.Ordinal);
            Assert.EndsWith(".", option.Description, StringComparison.Ordinal);
            Assert.Equal(option.Kind == OptionKind.Choice, option.Choices.Length > 0);
        });
    }

    [Fact]
    public void Every_property_of_JSON_belongs_to_one_question()
    {
        using var schema = JsonDocument.Parse(JsonReport.Schema);
        Assert.Distinct(Questions.All.Where(q => q.Schema.Length > 0)
            .SelectMany(q => JsonDocument.Parse("{" + q.Schema + "}").RootElement.EnumerateObject().Select(p => p.Name)).Concat(["version", "warnings", "sentences", "notes"]));
        Assert.Distinct(Answers.Types);
    }

    /// <summary>What programs in other languages read is a file; the questions are where it comes from.</summary>
    [Fact]
    public void The_published_schema_is_that_of_the_questions()
    {
        var file = Repository.PathTo("src", "EmpathyNotebooks.Reporting", "analysis.schema.json");
        if (Environment.GetEnvironmentVariable("EMPATHY_WRITE_SCHEMA") is not null) File.WriteAllText(file, JsonReport.Schema + "\n");

        Assert.Equal(JsonReport.Schema + "\n", File.ReadAllText(file));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_fit_is_said_in_every_form(string kind)
    {
        var inquiry = Fits.Ask(kind);
        var answers = Questions.Ask(inquiry);
        var document = new Document(answers.SelectMany(a => a.Blocks));

        Assert.All((string[])[PlainTextWriter.Write(document), MarkdownWriter.Write(document), HtmlWriter.Write(document)], text =>
        {
            Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
            Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
            Assert.True(text.Length > 100, text);
        });
        AssertIsValid(Json(answers));
        Assert.NotEmpty(answers.Select(a => a.Sentence).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(KindsAndOptions))]
    public void Every_option_is_answered_or_refused_by_its_name(string kind, string option)
    {
        var asked = Questions.All.SelectMany(q => q.Options).Single(o => o.Name == option);
        object value = asked.Kind switch
        {
            OptionKind.Flag => true,
            OptionKind.Text => "rater",
            OptionKind.OptionalText => "order",
            OptionKind.Number => 0.1,
            OptionKind.WholeNumber => 3UL,
            _ => asked.Choices[^1],
        };
        // As few replicates as there can be: this is about words.
        var inquiry = option == "--sensitivity" ? Fits.Ask(kind, (option, value), ("--bootstrap", 99UL), ("--permutations", 999UL)) : Fits.Ask(kind, (option, value));
        if (!asked.IsUsable(inquiry.Said) || inquiry.Counts is not null) return;
        try
        {
            AssertIsValid(Json(Questions.Ask(inquiry)));
        }
        catch (QuestionException fault)
        {
            Assert.StartsWith(fault.Option, fault.Message, StringComparison.Ordinal);
            Assert.StartsWith(option, fault.Option, StringComparison.Ordinal);
        }
    }

    /// <summary>A sentence says the numbers of JSON, which are those of the fit.</summary>
    [Fact]
    public void Sentences_tables_and_JSON_say_the_same_numbers()
    {
        var inquiry = Fits.Ask("random effects", ("--beyond", 0.1), ("--henmi-copas", true), ("--subgroup", "rater"));
        var answers = Questions.Ask(inquiry);
        var json = Json(answers);
        var fit = (PooledFit)inquiry.Fit!;
        var text = PlainTextWriter.Write(new Document(answers.SelectMany(a => a.Blocks)));

        string[] sentences = [.. json.GetProperty("sentences").EnumerateArray().Select(s => s.GetString()!)];
        Assert.StartsWith("The mean correlation of k = 12 studies was r = ", sentences[0], StringComparison.Ordinal);
        var shown = json.GetProperty("backTransformed");
        Assert.Equal(Math.Tanh(fit.Estimate), shown.GetProperty("estimate").GetDouble(), 1e-14);
        foreach (var number in (double[])[shown.GetProperty("estimate").GetDouble(), shown.GetProperty("lower").GetDouble(), shown.GetProperty("upper").GetDouble()])
        {
            Assert.Contains(number.ToString(".00", CultureInfo.InvariantCulture), sentences[0], StringComparison.Ordinal);
            Assert.Contains(number.ToString(".000", CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }
        var copas = json.GetProperty("henmiCopas");
        Assert.Equal(Math.Tanh(copas.GetProperty("lower").GetDouble()), copas.GetProperty("backTransformed").GetProperty("lower").GetDouble(), 1e-14);
        Assert.Contains(copas.GetProperty("backTransformed").GetProperty("lower").GetDouble().ToString(".00", CultureInfo.InvariantCulture), sentences.Single(s => s.Contains("Henmi")), StringComparison.Ordinal);
        Assert.Equal("rater: client", json.GetProperty("subgroups")[0].GetProperty("displayName").GetString());
        Assert.Equal("client", json.GetProperty("subgroups")[0].GetProperty("name").GetString());
        Assert.Contains("rater: observer", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Clusters_of_a_multilevel_model_stand_in_JSON_with_weights_and_what_they_do()
    {
        var json = Json(Questions.Ask(Fits.Ask("multilevel")));
        var clusters = json.GetProperty("clusters").EnumerateArray().ToList();

        Assert.Equal(8, clusters.Count);
        Assert.Equal(1, clusters.Sum(c => c.GetProperty("weight").GetDouble()), 1e-12);
        Assert.Equal("sample: A", clusters[0].GetProperty("displayName").GetString());
        var without = Fits.Effects.Select([.. Enumerable.Range(2, 10)]);
        var refit = new MultilevelOptions { Levels = ["sample", MultilevelModel.EachEffect], SamplingCorrelation = 0.6 }.FitTo(without);
        Assert.Equal(refit.Coefficients[0].Estimate, clusters[0].GetProperty("leaveOneOutEstimate").GetDouble(), 1e-7);
        Assert.True(json.GetProperty("robust").GetProperty("test").GetProperty("statistic").GetDouble() > 0);
    }

    [Fact]
    public void A_correction_changes_what_was_asked_before()
    {
        var inquiry = Fits.Ask("multilevel");
        var standard = inquiry.Robust!.Coefficients[0].StandardError;

        Assert.NotEqual(standard, (inquiry with { Correction = SmallSampleCorrection.CR1 }).Robust!.Coefficients[0].StandardError);
        Assert.Null((inquiry with { Correction = null }).Robust);
    }

    private static JsonElement Json(IReadOnlyList<Answer> answers)
    {
        using var output = new StringWriter();
        JsonReport.Write(answers, ["a note"], output);
        return JsonDocument.Parse(output.ToString()).RootElement;
    }

    private static void AssertIsValid(JsonElement json)
    {
        var result = Schema.Evaluate(json, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"))));
    }
}
