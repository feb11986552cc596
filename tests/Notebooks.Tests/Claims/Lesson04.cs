using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson04() : LessonClaims("04-pooling")
{
    protected override void State()
    {
        Holds("Three of the 16 rows, with `multiple` in the column `controls`", run => run.Lines("code-04").Count(line => line.Contains("multiple", StringComparison.Ordinal)) == 3);
        Holds("$Q$ would be about $k - 1 = 15$; it is 38", run => run.Numbers("code-08", "Heterogeneity: Q(15) =")[0] is >= 37.5 and < 38.5);
        Holds("The pooled correlation is a little larger and its interval twice as wide.", run => run.Numbers("code-08", "r ") is [var e, var l, var u]
            && run.Numbers("code-10", "r ") is [var estimate, var lower, var upper, ..] && estimate > e && estimate - e < .05 && (upper - lower) / (u - l) is > 1.9 and < 2.3);
        Holds("Here the first excludes zero, and the second does not.", run => run.Numbers("code-10", "r ") is [_, > 0, _, < 0, > 0]);
        Holds("the estimates lie between .147 and .152", run => run.Column("code-16", 1).Min() == .147 && run.Column("code-16", 1).Max() == .152);
        Holds("$\\tau^2$ runs from .0064 to .0130, twice as much", run => Rounds(run.Column("code-16", 6).Min(), .0064, 4) && Rounds(run.Column("code-16", 6).Max(), .0130, 4));
        Holds("its lower limit lies anywhere between $-.10$ and $-.04$", run => Rounds(run.Column("code-16", 4).Min(), -.10, 2) && Rounds(run.Column("code-16", 4).Max(), -.04, 2));
        Holds("They differ only in the width of the intervals, and little", run => run.Column("code-16c", 1).Distinct().Count() == 1
            && run.Column("code-16c", 2).Max() - run.Column("code-16c", 2).Min() < .01);
        Holds("Without any single study the pooled correlation stays between .13 and .17, and its interval never reaches zero.",
            run => run.Lines("code-18").Skip(3).Select(line => LessonRun.Numbers(line[(line.IndexOf(')', StringComparison.Ordinal) + 1)..])).All(n => n[0] is >= .13 and <= .17 && n[1] > 0));
        Holds("$I^2 = 62\\%$ (95% CI $[25\\%, 88\\%]$)", run => run.Numbers("code-14", "I²") is [>= 61.5 and < 62.5, >= 24.5 and < 25.5, >= 87.5 and < 88.5]);
        Holds("It gives the published $.28\\ [.23, .33]$", run => run.Numbers("code-27", "r ") is [var r, var l, var u, ..] && Rounds(r, .28, 2) && Rounds(l, .23, 2) && Rounds(u, .33, 2));
        Holds("clients' ratings relate most to outcome, observers' and therapists' less, and accuracy hardly at all", run => Rater(run, "client")[1] > Rater(run, "observer")[1]
            && Rater(run, "client")[1] > Rater(run, "therapist")[1] && Rater(run, "therapist")[1] > Rater(run, "accuracy")[1] && Rater(run, "accuracy")[1] < .1);
        Holds("Note that accuracy's interval includes zero.", run => Rater(run, "accuracy") is [_, _, < 0, > 0, ..]
            && new[] { "client", "observer", "therapist" }.All(rater => Rater(run, rater)[2] > 0));
        Holds("The numbers of samples add up to more than 82", run => new[] { "client", "observer", "therapist", "accuracy" }.Sum(rater => Rater(run, rater)[0]) > 82);
        Holds("*All moderators together*: $F(3, 259) = 8.35$, $p < .001$.", run => run.Output("code-33b").Contains("All moderators together: F(3, 259) = 8.35, p < .001.", StringComparison.Ordinal));
        Holds("accuracy lies clearly lower, while the differences of observers ($p = .050$) and therapists ($p = .018$) from clients are smaller and less sure", run => Math.Abs(Contrast(run, "accuracy")) > 4
            && run.Numbers("code-33b", "rater: observer")[4] == .050 && run.Numbers("code-33b", "rater: therapist")[4] == .018);
        Holds("four of them (PM, EB, DLIT, SJIT) reach the same value in different ways", run => new[] { "PM,", "EB,", "DLIT,", "SJIT," }.Select(name => run.Numbers("code-16", name)[6]).Distinct().Count() == 1);
        Holds("That of the mean does: $r = .18$, 95% CI $[.12, .23]$ from 13 studies. That of heterogeneity does not: $\\tau^2$ is estimated as 0, $Q(12) = 17.04$, $p = .148$", _ =>
            RandomEffects.Fit(Datasets.Molloy2014().Correlations().Where("controls", "none")) is { Count: 13, TauSquared: < 1e-10 } fit && Rounds(fit.BackTransformed.Estimate, .18, 2)
            && Rounds(fit.BackTransformed.ConfidenceInterval.Lower, .12, 2) && Rounds(fit.BackTransformed.ConfidenceInterval.Upper, .23, 2)
            && Rounds(fit.Heterogeneity.Q.Statistic, 17.04, 2) && Rounds(fit.Heterogeneity.Q.PValue, .148, 3));
        Holds("$\\tau = .20$ on the scale of $z$, $I^2 = 80\\%$, 95% prediction interval $[-.11, .60]$", run => run.Numbers("code-29", "r ")[3..] is [var from, var to] && Rounds(from, -.11, 2) && Rounds(to, .60, 2)
            && run.Numbers("code-29", "Heterogeneity: Q(81) = ") is [.., var tau, var share] && Rounds(tau, .20, 2) && Rounds(share, 80, 0));
        Holds("This is `equal.Estimate`, 0.1252 on the scale of $z$.", run => run.Numbers("code-08", "z ")[0] == .1252);
    }

    private static bool Rounds(double value, double printed, int decimals) => Math.Abs(value - printed) <= .5 * Math.Pow(10, -decimals) + 1e-12;

    /// <summary>One number of each row of a table of compared models: k, estimate, interval, prediction interval, τ², I².</summary>
    private static double[] Column(LessonRun run, string cell, int number) =>
        [.. run.Lines(cell).Skip(3).Select(line => LessonRun.Numbers(line[(line.IndexOf("  ", StringComparison.Ordinal) is var i && i < 0 ? 0 : i)..])[number])];

    private static double[] Rater(LessonRun run, string rater) => run.Numbers("code-32", rater);

    /// <summary>The t of one perspective against the clients'.</summary>
    private static double Contrast(LessonRun run, string rater) => run.Numbers("code-33b", "rater: " + rater)[2];
}
