using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests;

/// <summary>Sentences read back: every number is that of the fit, rounded, and words agree with intervals.</summary>
public sealed partial class SentenceTests
{
    public static TheoryData<string> Kinds => Fits.Kinds;

    private static readonly EffectMeasure[] Measures = [EffectMeasure.FisherZ, EffectMeasure.StandardizedMeanDifference, EffectMeasure.OddsRatio, EffectMeasure.ProportionLogit, EffectMeasure.MeanDifference, EffectMeasure.RiskDifference];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_number_of_a_sentence_is_that_of_the_fit(string kind)
    {
        foreach (var inquiry in kind == "tables" ? [Fits.Ask(kind)] : (Inquiry[])[Fits.Ask(kind), At(kind, 0.9)])
        {
            var known = PrintedNumbers.Of(inquiry);
            var sentences = Questions.Ask(inquiry).Where(a => a.Sentence is not null).Select(a => a.Sentence!.Replace("Study 9", "", StringComparison.Ordinal)).ToList();

            Assert.NotEmpty(sentences);
            Assert.All(sentences, sentence => Assert.True(PrintedNumbers.Unknown(sentence, known) is [], $"{string.Join(" ", PrintedNumbers.Unknown(sentence, known))} in: {sentence}"));
            Assert.All(sentences, AssertIsPlain);
        }
    }

    [Fact]
    public void Only_a_likelihood_that_is_restricted_is_called_so()
    {
        var data = StudyEffects.Create([0.31, 0.12, 0.45, 0.22], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
        string Said(IModelFit fit) => Questions.Ask(Inquiry.Of(fit)).Select(answer => answer.Sentence ?? "").Single(sentence => sentence.Contains("log-likelihood", StringComparison.Ordinal));

        Assert.StartsWith("The restricted log-likelihood was", Said(RandomEffects.Fit(data)), StringComparison.Ordinal);
        Assert.StartsWith("The log-likelihood was", Said(RandomEffects.Fit(data, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood })), StringComparison.Ordinal);
        Assert.StartsWith("The log-likelihood was", Said(EqualEffects.Fit(data)), StringComparison.Ordinal);
    }

    /// <summary>Small, ugly fits of several measures and levels: a few studies, no effect, huge and negative ones.</summary>
    [Fact]
    public void Random_small_fits_are_said_as_they_are()
    {
        var random = new Random(20);
        for (var i = 0; i < 240; i++)
        {
            var fit = Draw(random, i);
            var inquiry = Inquiry.Of(fit);
            var answers = Questions.Ask(inquiry);
            var (measure, level) = (fit.Effects.Measure, fit.ConfidenceLevel);
            var known = PrintedNumbers.Of(inquiry);
            foreach (var answer in answers.Where(a => a.Sentence is not null))
            {
                Assert.True(PrintedNumbers.Unknown(answer.Sentence!, known) is [], $"{i}: {string.Join(" ", PrintedNumbers.Unknown(answer.Sentence!, known))} in: {answer.Sentence}");
                AssertIsPlain(answer.Sentence!);
            }

            var mean = Mean().Match(answers[0].Sentence!);
            Assert.True(mean.Success, answers[0].Sentence);
            var shown = fit.ConfidenceInterval.Transform(measure.ToDisplay);
            Assert.Equal(measure.Symbol, mean.Groups["symbol"].Value);
            AssertRounded(measure.ToDisplay(fit.Estimate), mean.Groups["estimate"].Value);
            AssertRounded(100 * level, mean.Groups["level"].Value);
            AssertRounded(shown.Lower, mean.Groups["lower"].Value);
            AssertRounded(shown.Upper, mean.Groups["upper"].Value);

            // Words and intervals agree, at every level.
            var excludes = fit.ConfidenceInterval.Lower > 0 || fit.ConfidenceInterval.Upper < 0;
            Assert.Equal(measure.HasNullValue && excludes, answers[0].Sentence!.Contains("the interval excludes", StringComparison.Ordinal));
            Assert.Equal(measure.HasNullValue && !excludes, answers[0].Sentence!.Contains("compatible with no effect", StringComparison.Ordinal));
            var looksNull = (Func<string, bool>)(text => PrintedNumbers.Parse(text) == measure.DisplayNullValue);
            if (measure.HasNullValue && excludes) Assert.False(looksNull(mean.Groups["lower"].Value) || looksNull(mean.Groups["upper"].Value), answers[0].Sentence);

            var heterogeneity = answers.Single(a => a.Question == "heterogeneity").Sentence;
            if (fit.Count == 1) Assert.Null(heterogeneity);
            else Assert.Equal(fit.Heterogeneity.Q.PValue < 1 - level, heterogeneity!.StartsWith("Effects differed", StringComparison.Ordinal));
            if (fit is { IsRandomEffects: true, PredictionInterval: { } prediction, TauSquared: > 0 } && measure.HasNullValue)
            {
                Assert.Equal(prediction.Lower <= 0 && prediction.Upper >= 0, answers.Single(a => a.Question == "prediction").Sentence!.Contains("on both sides of", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The reading finds a number that is not that of the fit.</summary>
    [Theory]
    [InlineData("was r = .27,", "was r = .29,")]
    [InlineData("k = 12", "k = 13")]
    [InlineData("Q(11) = ", "Q(17) = ")]
    public void A_wrong_number_would_be_found(string right, string wrong)
    {
        var inquiry = Fits.Ask("random effects");
        var text = string.Join(' ', Questions.Ask(inquiry).Select(a => a.Sentence));
        var known = PrintedNumbers.Of(inquiry);

        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Empty(PrintedNumbers.Unknown(text, known));
        Assert.Single(PrintedNumbers.Unknown(text.Replace(right, wrong, StringComparison.Ordinal), known));
    }

    [Fact]
    public void One_study_and_two_are_said_so()
    {
        var one = Questions.Ask(Inquiry.Of(EqualEffects.Fit(StudyEffects.Create([0.3], [0.01], EffectMeasure.FisherZ))));
        Assert.StartsWith("One study has nothing to be pooled with; its correlation was r = .29, 95% CI [", one[0].Sentence, StringComparison.Ordinal);

        var two = Questions.Ask(Inquiry.Of(RandomEffects.Fit(StudyEffects.Create([0.2, 0.3], [0.01, 0.02], EffectMeasure.StandardizedMeanDifference))));
        Assert.StartsWith("The pooled standardized mean difference of k = 2 studies was g = 0.23, 95% CI [", two[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("With two studies the variance of true effects is hardly known", two[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_moderator_that_was_not_detected_is_not_said_to_be_absent()
    {
        var answers = Questions.Ask(Fits.Ask("regression"));
        var sentence = answers.Single(a => a.Question == "moderators").Sentence!;

        Assert.StartsWith("An association of effects with the moderators rater and year (centred) together was not detected, F(2, 8) = 0.23, p = .799, ", sentence, StringComparison.Ordinal);
        Assert.Contains("this does not show that there is none", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_multilevel_model_says_effects_samples_and_levels()
    {
        var inquiry = Fits.Ask("multilevel");
        var answers = Questions.Ask(inquiry);
        var fit = (MultilevelFit)inquiry.Fit!;

        Assert.StartsWith("The mean correlation of k = 12 effects in 8 samples was r = .", answers[0].Sentence, StringComparison.Ordinal);
        var components = answers.Single(a => a.Question == "variance components").Sentence!;
        Assert.Contains("between 8 samples σ² = ", components, StringComparison.Ordinal);
        Assert.Contains("between effects within the same sample σ² = ", components, StringComparison.Ordinal);
        Assert.True(PrintedNumbers.IsRounded(Regex.Match(components, @"8 samples σ² = (\S+),").Groups[1].Value, fit.VarianceComponents[0].SigmaSquared));
        Assert.Contains("CR2, Satterthwaite degrees of freedom; 8 samples", answers.Single(a => a.Question == "robust inference").Sentence!, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulated_data_are_said_to_be_so_once_a_sentence()
    {
        var effects = StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ, origin: new DataOrigin(DataKind.Simulated, "drawn"));
        Assert.All(Questions.Ask(Inquiry.Of(RandomEffects.Fit(effects))).Select(a => a.Sentence).OfType<string>(), s => Assert.Single(Regex.Matches(s, "simulated data")));
    }

    private static Inquiry At(string kind, double level)
    {
        var inquiry = Fits.Ask(kind);
        return Inquiry.Of((inquiry.Fit!.Options with { ConfidenceLevel = level }).FitTo(Fits.Effects)) with { Correction = inquiry.Correction };
    }

    private static PooledFit Draw(Random random, int i)
    {
        var measure = Measures[i % Measures.Length];
        var k = i % 40 == 7 ? 1 : random.Next(2, 13);
        var size = measure == EffectMeasure.MeanDifference ? (i % 5 == 0 ? 3000 : 5) : measure == EffectMeasure.RiskDifference ? 0.1 : 0.5;
        var mean = (i % 4) switch { 0 => 0, 1 => size, 2 => -size, _ => 0.001 * size };
        double[] effects = [.. Enumerable.Range(0, k).Select(_ => mean + size * (random.NextDouble() - 0.5))];
        double[] variances = [.. Enumerable.Range(0, k).Select(_ => size * size * (0.002 + 0.2 * random.NextDouble()))];
        double[] levels = [0.95, 0.9, 0.99];
        var data = StudyEffects.Create(effects, variances, measure);
        if (k == 1) return EqualEffects.Fit(data, new() { ConfidenceLevel = levels[i % 3] });
        return RandomEffects.Fit(data, new() { ConfidenceLevel = levels[i % 3], Inference = i % 2 == 0 ? Inference.HartungKnapp : Inference.Normal, TauSquared = i % 7 == 0 ? TauSquaredEstimator.DerSimonianLaird : TauSquaredEstimator.PauleMandel });
    }

    private static void AssertRounded(double value, string text) => Assert.True(PrintedNumbers.IsRounded(text, value), $"{text} for {value}");

    /// <summary>Grammar, and no word that claims a cause, a proof or that there is nothing.</summary>
    internal static void AssertIsPlain(string text)
    {
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<![\d.,])1 (studies|effects|samples|groups|results|pairs|clusters)\b", text);
        Assert.DoesNotMatch(@"  | ,|\.\.(?! )|;\.|\(\)", text);
        Assert.Matches(@"[.\]]$", text);
        Assert.Matches(@"^(\P{Ll}|p-|z-)", text);
        Assert.DoesNotMatch(@"(?i)\b(caus(e|es|ed|al)|leads? to|led to|due to|impacts?|proves?|proved|proven|there is no effect)\b", text);
    }

    [GeneratedRegex(@"was (?<symbol>\S+) = (?<estimate>[^, ]+(?:,\d{3})*), (?<level>[\d.]+)% CI \[(?<lower>\S+), (?<upper>[^\]]+)\]")]
    private static partial Regex Mean();
}
