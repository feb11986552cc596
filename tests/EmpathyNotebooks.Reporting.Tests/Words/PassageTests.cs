using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Methods, results and summary: what they name they cite, and what they say is what was done.</summary>
public sealed class PassageTests
{
    public static TheoryData<string> Kinds => Fits.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Methods_cite_what_they_name_and_name_what_they_cite(string kind)
    {
        var inquiry = Fits.Ask(kind);
        var methods = MethodsParagraph.Of(inquiry, Questions.Ask(inquiry));
        var sources = Bibliography.References(methods.References);

        Assert.Equal(methods.References.Length, sources.Length);
        Assert.All(sources, s => Assert.True(methods.Text.Contains(s.InText(), StringComparison.Ordinal) || methods.Text.Contains(s.InText(CitationForm.Narrative), StringComparison.Ordinal), $"{s.Key} in {methods.Text}"));
        var years = Regex.Matches(methods.Text, @"\b(?:19|20)\d{2}\b").Select(m => m.Value).Order();
        Assert.Equal(sources.Select(s => s.Year).Order(), years);
        Assert.DoesNotMatch("(?i)preregist|planned|exploratory", methods.Text);
        Assert.All(methods.Blocks.OfType<Paragraph>(), p => SentenceTests.AssertIsPlain(p.Text));
    }

    [Fact]
    public void Every_estimator_of_tau_squared_has_a_sentence_of_its_own_with_a_source()
    {
        HashSet<string> sentences = [];
        foreach (var estimator in Enum.GetValues<TauSquaredEstimator>())
        {
            var inquiry = Inquiry.Of(RandomEffects.Fit(Fits.Effects, new() { TauSquared = estimator, Weights = estimator == TauSquaredEstimator.GeneralizedQ ? [.. Enumerable.Repeat(1.0, 12)] : null }));
            var text = MethodsParagraph.Of(inquiry, []).Text;
            var sentence = Regex.Match(text, @"The variance of true effects was estimated by .*?\d{4}\).*?\.(?= [A-Z])").Value;
            Assert.NotEmpty(sentence);
            sentences.Add(sentence);
        }
        // The iterated method of DerSimonian and Laird is told from the two-step one, the median-unbiased Paule-Mandel from the other.
        Assert.Equal(Enum.GetValues<TauSquaredEstimator>().Length, sentences.Count);
    }

    [Theory]
    [InlineData(Inference.HartungKnapp, "hartung2001")]
    [InlineData(Inference.HartungKnappAdHoc, "jackson2017")]
    [InlineData(Inference.KenwardRoger, "kenward1997")]
    [InlineData(Inference.Normal, null)]
    [InlineData(Inference.StudentT, null)]
    public void Tests_and_intervals_are_named(Inference inference, string? key)
    {
        var methods = MethodsParagraph.Of(Inquiry.Of(RandomEffects.Fit(Fits.Effects, new() { Inference = inference, ConfidenceLevel = 0.9 })), []);

        Assert.Contains("All intervals have a level of 90%.", methods.Text, StringComparison.Ordinal);
        foreach (var other in (string[])["hartung2001", "jackson2017", "kenward1997"]) Assert.Equal(other == key || key == "jackson2017" && other == "hartung2001", methods.References.Contains(other));
        Assert.Equal(inference == Inference.Normal, methods.Text.Contains("normal distribution", StringComparison.Ordinal));
        Assert.Equal(inference == Inference.StudentT, methods.Text.Contains("based on the t distribution", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_asked_is_not_in_the_methods()
    {
        var plain = MethodsParagraph.Of(Fits.Ask("random effects"), Questions.Ask(Fits.Ask("random effects")));
        var asked = Fits.Ask("random effects", ("--henmi-copas", true), ("--beyond", 0.1));
        var more = MethodsParagraph.Of(asked, Questions.Ask(asked));

        Assert.DoesNotContain("henmi2010", plain.References);
        Assert.DoesNotContain("mathur2019", plain.References);
        Assert.Contains("henmi2010", more.References);
        Assert.Contains("mathur2019", more.References);
    }

    [Theory]
    [InlineData("SMD", "gronau2017")]
    [InlineData("ZCOR", "gronau2017")]
    [InlineData("OR", "rover2021")]
    public void A_default_prior_is_cited_for_the_measure_it_is_of(string code, string key)
    {
        var writer = new PassageWriter();
        _ = MethodsOfQuestions.Of("Bayesian model", Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.3, 0.1, 0.4], [0.02, 0.03, 0.01], EffectMeasure.FromCode(code)))), writer);

        Assert.Equal([key], writer.ToPassage().References.Intersect(["gronau2017", "rover2021"]));
    }

    /// <summary>Every question that can be asked by name says its method, with a source.</summary>
    [Fact]
    public void Every_method_that_is_asked_by_name_is_in_the_methods()
    {
        var inquiry = Fits.Ask("random effects", ("--subgroup", "rater"));
        string[] ofTheModel = ["the model", "prediction", "heterogeneity", "moderators", "fit statistics", "studies", "variance components", "robust inference", "clusters", "data", "scale", "estimates adjusted for publication bias"];
        Assert.All(Questions.All.Select(q => q.Name).Except(ofTheModel), name =>
        {
            var writer = new PassageWriter();
            Assert.False(string.IsNullOrEmpty(MethodsOfQuestions.Of(name, inquiry, writer)), name);
            Assert.NotEmpty(writer.ToPassage().References);
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_results_section_has_every_sentence_once_in_the_order_of_topics(string kind)
    {
        var inquiry = Fits.Ask(kind);
        var answers = Questions.Ask(inquiry);
        var topics = ResultsText.ByTopic(inquiry, answers);

        Assert.Distinct(topics.Select(t => t.Topic));
        var text = ResultsText.Of(inquiry, answers).Text;
        Assert.Equal(string.Join("\n\n", topics.Select(t => t.Text.Text)), text);
        Assert.All(answers.Select(a => a.Sentence).OfType<string>(), s => Assert.Single(Regex.Matches(text, Regex.Escape(s))));
        Assert.Equal("Mean effect", topics.First(t => t.Text.Text.Contains(answers[0].Sentence!, StringComparison.Ordinal)).Topic);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_summary_is_short_and_says_what_it_does_not_say(string kind)
    {
        var inquiry = Fits.Ask(kind);
        var text = PlainLanguageSummary.Of(inquiry, Questions.Ask(inquiry)).Text;

        SentenceTests.AssertIsPlain(text);
        Assert.InRange(Regex.Split(text, @"(?<=[.])\s+(?=[A-Z])").Length, 5, 8);
        Assert.Contains("never have been published", text, StringComparison.Ordinal);
        Assert.True(text.EndsWith("something else may be behind both.", StringComparison.Ordinal) || text.EndsWith("how the studies were made.", StringComparison.Ordinal), text);
        Assert.DoesNotMatch("τ|σ|I²|REML|Q\\(", text);
    }

    /// <summary>So many of 100: r by the bivariate normal distribution, g by two normal ones, odds at one half.</summary>
    [Theory]
    [InlineData("ZCOR")]
    [InlineData("SMD")]
    [InlineData("OR")]
    [InlineData("PLO")]
    public void So_many_of_100_are_computed_from_the_mean(string code)
    {
        var measure = EffectMeasure.FromCode(code);
        var fit = RandomEffects.Fit(StudyEffects.Create([0.5, 0.2, 0.45, 0.08, 0.3], [0.04, 0.05, 0.06, 0.05, 0.06], measure));
        var text = PlainLanguageSummary.Of(Inquiry.Of(fit), []).Text;
        var numbers = Regex.Match(text, @"about (?<mean>[\d.]+)\b.*anything from (?<lower>[\d.]+) to (?<upper>[\d.]+) \(95%");

        Assert.True(numbers.Success, text);
        foreach (var (group, value) in ((string, double)[])[("mean", fit.Estimate), ("lower", fit.ConfidenceInterval.Lower), ("upper", fit.ConfidenceInterval.Upper)])
        {
            var expected = 100 * (code switch { "ZCOR" => 0.5 + Math.Asin(Math.Tanh(value)) / Math.PI, "SMD" => Phi(value / Math.Sqrt(2)), _ => 1 / (1 + Math.Exp(-value)) });
            Assert.True(PrintedNumbers.IsRounded(numbers.Groups[group].Value, expected), $"{numbers.Groups[group].Value} for {expected}: {text}");
        }

        static double Phi(double z)
        {
            // Simpson's rule, enough for a whole number of 100.
            const int Steps = 2000;
            var (h, sum) = (z / Steps, 0.0);
            for (var i = 0; i <= Steps; i++) sum += (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-0.5 * i * h * i * h);
            return 0.5 + sum * h / 3 / Math.Sqrt(2 * Math.PI);
        }
    }

    [Fact]
    public void A_summary_says_that_no_effect_agrees_with_the_data_only_where_it_does()
    {
        var with = PlainLanguageSummary.Of(Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.1, -0.12, 0.05, -0.02], [0.04, 0.06, 0.05, 0.03], EffectMeasure.StandardizedMeanDifference))), []).Text;
        var without = PlainLanguageSummary.Of(Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.5, 0.52, 0.45, 0.48], [0.004, 0.006, 0.005, 0.003], EffectMeasure.StandardizedMeanDifference))), []).Text;

        Assert.Contains("the data cannot tell whether there is a difference on average; they do not show that there is none", with, StringComparison.Ordinal);
        Assert.DoesNotContain("would be surprising", with, StringComparison.Ordinal);
        Assert.Contains("These data would be surprising if there were no difference on average.", without, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot tell", without, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_of_simulated_data_say_so()
    {
        var inquiry = Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ, origin: new DataOrigin(DataKind.Simulated, "drawn"))));
        var answers = Questions.Ask(inquiry);

        Assert.StartsWith("The data are simulated.", MethodsParagraph.Of(inquiry, answers).Text, StringComparison.Ordinal);
        Assert.StartsWith("The data are simulated:", ResultsText.Of(inquiry, answers).Text, StringComparison.Ordinal);
        Assert.StartsWith("The numbers here are simulated:", PlainLanguageSummary.Of(inquiry, answers).Text, StringComparison.Ordinal);
    }
}
