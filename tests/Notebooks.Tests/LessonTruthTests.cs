using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests;

/// <summary>What the lessons say of their outputs is true of these outputs. Each claim names its sentence, so that neither changes without the other.</summary>
public sealed class LessonTruthTests
{
    private const string Question = "01-the-question", Sizes = "02-effect-sizes", Pooling = "03-pooling";

    public static TheoryData<string, string> Claims() => new(All.Select(claim => (claim.Lesson, claim.Sentence)));

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task Says_what_the_output_shows(string lesson, string sentence)
    {
        var run = await LessonRun.Of(lesson);
        Assert.Contains(sentence, run.Prose, StringComparison.Ordinal);
        Assert.True(All.Single(claim => claim.Lesson == lesson && claim.Sentence == sentence).Holds(run), $"\"{sentence}\" does not hold.");
    }

    private sealed record Claim(string Lesson, string Sentence, Func<LessonRun, bool> Holds);

    private static readonly Claim[] All =
    [
        new(Question, "$.28^2$ is 7.8%, not 9%; 9% belongs to $r = .30$. The review of 2011 had $r = .31$, which is 9.6%.", run => run.Output("code-08") == "7.8%" && run.Output("code-09") == "0.3"
            && Rounds(Math.Pow(Datasets.PublishedFinding("Elliott et al. (2011)").Estimate, 2), .096, 3)),
        new(Question, "This figure checks: $d = 0.583$.", run => Rounds(double.Parse(run.Output("code-11"), System.Globalization.CultureInfo.InvariantCulture), .583, 3)),
        new(Question, "halves would differ by $d = 0.46$", _ => Rounds(EffectSizeConversion.MedianSplit(.28).StandardizedDifference, .46, 2)),
        new(Question, "would have given $[.256, .303]$", run => run.Output("code-15") == "[0.256, 0.303]"),
        new(Question, "The published interval is about twice as wide", run => LessonRun.Numbers(run.Output("code-15")) is [var lower, var upper]
            && Datasets.PublishedFinding("Elliott et al. (2018)").Interval!.Value.Width / (upper - lower) is > 1.9 and < 2.3),
        new(Question, "Here the interval rounds to exactly the published $[.28, .34]$.",
            run => LessonRun.Numbers(run.Lines("code-17")[^1]) is [var lower, var upper] && Rounds(lower, .28, 2) && Rounds(upper, .34, 2)),
        new(Question, "alone leave $\\tau$ anywhere between .19 and .25", _ => Rounds(Tau(.235, .325), .19, 2) && Rounds(Tau(.225, .335), .25, 2)),
        new(Question, "More than three quarters of the variance between the published correlations would be real difference", run => run.Numbers("code-19", "I²")[^1] > 75),
        new(Question, "95% prediction interval of about $[-.15, .62]$.", run => run.Numbers("code-21", "from r =") is [-.15, .62]),
        new(Question, "$|d| = 0.20$ is $r = .10$, which is 1% of variance", _ => EffectSizeConversion.DToR(.2) is > .095 and < .105),
        new(Question, "About .0119, less than half of empathy's .0277.", run => Rounds(StandardError(.256, .299), .0119, 4) && run.Output("code-13") == "0.0277"),
        new(Question, "There are 3.6 times as many studies", _ => Rounds(295 / 82.0, 3.6, 1)),
        new(Question, "$.0277 / \\sqrt{295/82} = .0146$", _ => Rounds(.0277 / Math.Sqrt(295 / 82.0), .0146, 4)),
        new(Question, "From .249 to .311", _ => Exercise3() is (.249, .311)),

        new(Sizes, "its upper end, 1.01, is no correlation at all", run => run.Numbers("code-07", "raw:")[^1] == 1.01 && run.Numbers("code-07", "Fisher z:")[^1] < 1),
        new(Sizes, "With 60 clients the correction is in the third decimal.", run => run.Numbers("code-14", "n =  60: r = 0.280 becomes")[0] is > .280 and < .285),
        new(Sizes, "the width of the interval ($[.03, .50]$)", run => run.Output("code-05").EndsWith("[.03, .50]", StringComparison.Ordinal)),
        new(Sizes, "59 of 100 against 41 of 100, as the chart shows.", run => run.Output("code-16").Contains("of the 100 above the median of therapist empathy, 59 (59%)", StringComparison.Ordinal)
            && LessonRun.Numbers(run.Output("code-18")) is [59.0, 41.0, ..]),
        new(Sizes, "The two halves differ by $d = 0.46$, not by the 0.58", run => LessonRun.Numbers(run.Output("code-18"))[^1] == .46),
        new(Sizes, "59%, where a coin would give 50%.", run => run.Output("code-20") == "59.0%"),
        new(Sizes, "means success rates of **64% and 36%**", _ => EffectSizeConversion.BinomialEffectSizeDisplay(.28) is { HighGroupSuccess: .64, LowGroupSuccess: .36 }),
        new(Sizes, "With 20 clients the interval includes zero and also .60. With 50 it only just leaves zero out: its lower limit is .002 and prints as .00. It takes 536 before the lower limit, with more decimals, lies above .20", run => Limits(20) is (< 0, > .60)
            && Limits(50) is (> .0015 and < .0025, _) && Limits(535).Lower < .20 && Limits(536).Lower > .20 && run.Output("code-24").Contains("n = 536", StringComparison.Ordinal)),
        new(Sizes, "About 1,300 people.", _ => Width(1300) is > .098 and < .102),
        new(Sizes, "$[.093, .877]$, and in $r$: $[.09, .70]$", _ => Correlations.FisherZ(.45, 28).Interval() is var z && Rounds(z.Lower, .093, 3) && Rounds(z.Upper, .877, 3)
            && Rounds(Math.Tanh(z.Lower), .09, 2) && Rounds(Math.Tanh(z.Upper), .70, 2)),

        new(Pooling, "Three of the 16 rows, with `multiple` in the column `controls`", run => run.Lines("code-04").Count(line => line.Contains("multiple", StringComparison.Ordinal)) == 3),
        new(Pooling, "$Q$ would be about $k - 1 = 15$; it is 38", run => run.Numbers("code-08", "Heterogeneity: Q(15) =")[0] is >= 37.5 and < 38.5),
        new(Pooling, "The pooled correlation is a little larger and its interval twice as wide.", run => run.Numbers("code-08", "r ") is [var e, var l, var u]
            && run.Numbers("code-10", "r ") is [var estimate, var lower, var upper, ..] && estimate > e && estimate - e < .05 && (upper - lower) / (u - l) is > 1.9 and < 2.3),
        new(Pooling, "Here the first excludes zero, and the second does not.", run => run.Numbers("code-10", "r ") is [_, > 0, _, < 0, > 0]),
        new(Pooling, "the estimates lie between .147 and .152", run => Column(run, "code-16", 1).Min() == .147 && Column(run, "code-16", 1).Max() == .152),
        new(Pooling, "$\\tau^2$ runs from .0064 to .0130, twice as much", run => Rounds(Column(run, "code-16", 6).Min(), .0064, 4) && Rounds(Column(run, "code-16", 6).Max(), .0130, 4)),
        new(Pooling, "its lower limit lies anywhere between $-.10$ and $-.04$", run => Rounds(Column(run, "code-16", 4).Min(), -.10, 2) && Rounds(Column(run, "code-16", 4).Max(), -.04, 2)),
        new(Pooling, "They differ only in the width of the intervals, and little", run => Column(run, "code-16c", 1).Distinct().Count() == 1
            && Column(run, "code-16c", 2).Max() - Column(run, "code-16c", 2).Min() < .01),
        new(Pooling, "Without any single study the pooled correlation stays between .13 and .17, and its interval never reaches zero.",
            run => run.Lines("code-18").Skip(3).Select(line => LessonRun.Numbers(line[(line.IndexOf(')', StringComparison.Ordinal) + 1)..])).All(n => n[0] is >= .13 and <= .17 && n[1] > 0)),
        new(Pooling, "$I^2 = 62\\%$ (95% CI $[25\\%, 88\\%]$)", run => run.Numbers("code-14", "I²") is [>= 61.5 and < 62.5, >= 24.5 and < 25.5, >= 87.5 and < 88.5]),
        new(Pooling, "It gives the published $.28\\ [.23, .33]$", run => run.Numbers("code-27", "r ") is [var r, var l, var u, ..] && Rounds(r, .28, 2) && Rounds(l, .23, 2) && Rounds(u, .33, 2)),
        new(Pooling, "clients' ratings relate most to outcome, observers' and therapists' less, and accuracy hardly at all", run => Rater(run, "client")[1] > Rater(run, "observer")[1]
            && Rater(run, "client")[1] > Rater(run, "therapist")[1] && Rater(run, "therapist")[1] > Rater(run, "accuracy")[1] && Rater(run, "accuracy")[1] < .1),
        new(Pooling, "Note that accuracy's interval includes zero.", run => Rater(run, "accuracy") is [_, _, < 0, > 0, ..]
            && new[] { "client", "observer", "therapist" }.All(rater => Rater(run, rater)[2] > 0)),
        new(Pooling, "The numbers of samples add up to more than 82", run => new[] { "client", "observer", "therapist", "accuracy" }.Sum(rater => Rater(run, rater)[0]) > 82),
        new(Pooling, "*All moderators together*: $F(3, 259) = 8.35$, $p < .001$.", run => run.Output("code-33b").Contains("All moderators together: F(3, 259) = 8.35, p < .001.", StringComparison.Ordinal)),
        new(Pooling, "accuracy lies clearly lower, while the differences of observers ($p = .050$) and therapists ($p = .018$) from clients are smaller and less sure", run => Math.Abs(Contrast(run, "accuracy")) > 4
            && run.Numbers("code-33b", "rater: observer")[4] == .050 && run.Numbers("code-33b", "rater: therapist")[4] == .018),
        new(Pooling, "four of them (PM, EB, DLIT, SJIT) reach the same value in different ways", run => new[] { "PM,", "EB,", "DLIT,", "SJIT," }.Select(name => run.Numbers("code-16", name)[6]).Distinct().Count() == 1),
        new(Pooling, "That of the mean does: $r = .18$, 95% CI $[.12, .23]$ from 13 studies. That of heterogeneity does not: $\\tau^2$ is estimated as 0, $Q(12) = 17.04$, $p = .148$", _ =>
            RandomEffects.Fit(Datasets.Molloy2014().Correlations().Where("controls", "none")) is { Count: 13, TauSquared: < 1e-10 } fit && Rounds(fit.BackTransformed.Estimate, .18, 2)
            && Rounds(fit.BackTransformed.ConfidenceInterval.Lower, .12, 2) && Rounds(fit.BackTransformed.ConfidenceInterval.Upper, .23, 2)
            && Rounds(fit.Heterogeneity.Q.Statistic, 17.04, 2) && Rounds(fit.Heterogeneity.Q.PValue, .148, 3)),
        new(Pooling, "$\\tau = .20$ on the scale of $z$, $I^2 = 80\\%$, 95% prediction interval $[-.11, .60]$", run => run.Numbers("code-29", "r ")[3..] is [var from, var to] && Rounds(from, -.11, 2) && Rounds(to, .60, 2)
            && run.Numbers("code-29", "Heterogeneity: Q(81) = ") is [.., var tau, var share] && Rounds(tau, .20, 2) && Rounds(share, 80, 0)),
        new(Pooling, "This is `equal.Estimate`, 0.1252 on the scale of $z$.", run => run.Numbers("code-08", "z ")[0] == .1252),
    ];

    private static bool Rounds(double value, double printed, int decimals) => Math.Abs(value - printed) <= .5 * Math.Pow(10, -decimals) + 1e-12;

    private static double StandardError(double lower, double upper) => (Math.Atanh(upper) - Math.Atanh(lower)) / (2 * 1.96);

    private static double Tau(double lower, double upper) => Math.Sqrt(82 * Math.Pow(StandardError(lower, upper), 2) - 82 / (6138.0 - 3 * 82));

    private static (double, double) Exercise3()
    {
        var error = Math.Sqrt((82 / (6138.0 - 3 * 82) + .01) / 82);
        return (Math.Round(Math.Tanh(Math.Atanh(.28) - 1.96 * error), 3), Math.Round(Math.Tanh(Math.Atanh(.28) + 1.96 * error), 3));
    }

    private static (double Lower, double Upper) Limits(int n)
    {
        var shown = Correlations.FisherZ(.28, n).Interval().Transform(Math.Tanh);
        return (shown.Lower, shown.Upper);
    }

    private static double Width(int n) => Limits(n).Upper - Limits(n).Lower;

    /// <summary>One number of each row of a table of compared models: k, estimate, interval, prediction interval, τ², I².</summary>
    private static double[] Column(LessonRun run, string cell, int number) =>
        [.. run.Lines(cell).Skip(3).Select(line => LessonRun.Numbers(line[(line.IndexOf("  ", StringComparison.Ordinal) is var i && i < 0 ? 0 : i)..])[number])];

    private static double[] Rater(LessonRun run, string rater) => run.Numbers("code-32", rater);

    /// <summary>The t of one perspective against the clients'.</summary>
    private static double Contrast(LessonRun run, string rater) => run.Numbers("code-33b", "rater: " + rater)[2];
}
