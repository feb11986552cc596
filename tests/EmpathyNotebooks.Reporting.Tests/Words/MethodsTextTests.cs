using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests.Words;

/// <summary>What the methods paragraph says of a choice is that choice, with its source.</summary>
public sealed class MethodsTextTests
{
    private static string Text(IModelFit fit, params (string Name, object Value)[] said) =>
        MethodsParagraph.Of(Inquiry.Of(fit) with { Said = new OptionValues(said.ToDictionary(s => s.Name, s => s.Value)) }, []).Text;

    [Theory]
    [InlineData("ZCOR", "Correlations were pooled as Fisher's z (Fisher, 1921) and transformed back to r for display.")]
    [InlineData("COR", "Correlations were pooled as they are, without a transformation (Hedges & Olkin, 1985).")]
    [InlineData("UCOR", "Correlations were corrected for their bias in small samples (Olkin & Pratt, 1958) and pooled on the scale of r.")]
    [InlineData("SMD", "Effects were standardized mean differences with the correction for small samples (Hedges, 1981).")]
    [InlineData("SMDH", "Effects were standardized mean differences that allow for unequal variances (Bonett, 2008).")]
    [InlineData("SMCR", "Effects were standardized mean changes (Becker, 1988).")]
    [InlineData("ROM", "Ratios of means were pooled as their logarithms (Hedges et al., 1999) and transformed back for display.")]
    [InlineData("ABT", "Values of Cronbach's alpha were pooled as Bonett's transformation (Bonett, 2002) and transformed back for display.")]
    [InlineData("PETO", "Effects were log odds ratios by the method of Peto (Yusuf et al., 1985), transformed back for display.")]
    [InlineData("GEN", "Effects and their sampling variances were analysed as they were given.")]
    [InlineData("RR", "Risk ratios were pooled on the scale of ln RR and transformed back for display.")]
    [InlineData("PLO", "Proportions were pooled on the scale of logit p and transformed back for display.")]
    [InlineData("MD", "Effects were mean differences (MD).")]
    [InlineData("RD", "Effects were risk differences (RD).")]
    public void Each_measure_has_its_sentence_and_source(string code, string sentence) =>
        Assert.StartsWith(sentence, Text(EqualEffects.Fit(StudyEffects.Create([0.12, 0.25, 0.31], [0.02, 0.03, 0.01], EffectMeasure.FromCode(code)))), StringComparison.Ordinal);

    [Fact]
    public void Every_measure_is_a_plain_sentence()
    {
        foreach (var measure in EffectMeasure.All)
        {
            var text = Text(EqualEffects.Fit(StudyEffects.Create([0.12, 0.25, 0.31], [0.02, 0.03, 0.01], measure, sampleSizes: [50, 34, 100])));
            Assert.Matches(@"^\p{Lu}.*? were ", text);
            SentenceTests.AssertIsPlain(text);
            Assert.DoesNotContain("ss were", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ys were", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Fixed_effects_and_a_regression_without_residual_variance_say_what_they_take_for_granted()
    {
        Assert.Contains("A fixed-effects model was fitted, whose mean is that of the studies at hand (", Text(FixedEffects.Fit(Fits.Effects)), StringComparison.Ordinal);
        var regression = MetaRegression.Fit(Fits.Effects, Moderator.Category("rater"), new() { TauSquared = null });
        Assert.Contains("which takes the moderators to explain all differences between true effects", Text(regression), StringComparison.Ordinal);
    }

    [Fact]
    public void Assumed_errors_are_said_as_they_were_assumed()
    {
        string Of(SamplingCovariance errors) => Text(MultilevelModel.Fit(Fits.Effects, ["sample", MultilevelModel.EachEffect], options: new() { SamplingCovariance = errors }));
        const string Same = "ampling errors of the same sample were ";
        Assert.Contains(Same + "taken as independent.", Of(SamplingCovariance.Within("sample", 0)), StringComparison.Ordinal);
        Assert.Contains(Same + "taken to correlate .40.", Of(SamplingCovariance.Within("sample", 0.4)), StringComparison.Ordinal);
        Assert.Contains(Same + "taken to correlate as assumed for pairs of effects.", Of(SamplingCovariance.Within("sample", 0.4).BetweenKinds("outcome", 0.2)), StringComparison.Ordinal);
        var known = Fits.Effects.GroupBy("sample").ToDictionary(g => g.Key, g => Diagonal(g.Value));
        Assert.Contains("The covariances of sampling errors of the same sample were given.", Of(SamplingCovariance.Given("sample", known)), StringComparison.Ordinal);

        static double[,] Diagonal(StudyEffects effects)
        {
            var matrix = new double[effects.Count, effects.Count];
            for (var i = 0; i < effects.Count; i++) matrix[i, i] = effects.Variances[i];
            return matrix;
        }
    }

    [Theory]
    [InlineData("--tau-ci", "PL", "with intervals by profile likelihood (Hardy & Thompson, 1996)")]
    [InlineData("--tau-ci", "GENQ", "with intervals by the generalised Q statistic (Jackson, 2013)")]
    [InlineData("--tau-ci", "WALD", "with intervals from its standard error")]
    [InlineData("--prediction", "hts", "The prediction interval is that of Higgins et al. (2009).")]
    [InlineData("--prediction", "nagashima", "The prediction interval is that of Nagashima et al. (2019).")]
    public void Intervals_are_named_by_their_method(string option, string value, string said) =>
        Assert.Contains(said, Text(RandomEffects.Fit(Fits.Effects), (option, value)), StringComparison.Ordinal);
}
