using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson01() : LessonClaims("01-the-question")
{
    protected override void State()
    {
        Holds("$.28^2$ is 7.8%, not 9%; 9% belongs to $r = .30$. The review of 2011 had $r = .31$, which is 9.6%.", run => run.Output("code-08") == "7.8%" && run.Output("code-09") == "0.3"
            && Rounds(Math.Pow(Datasets.PublishedFinding("Elliott et al. (2011)").Estimate, 2), .096, 3));
        Holds("This figure checks: $d = 0.583$.", run => Rounds(double.Parse(run.Output("code-11"), System.Globalization.CultureInfo.InvariantCulture), .583, 3));
        Holds("halves would differ by $d = 0.46$", _ => Rounds(EffectSizeConversion.MedianSplit(.28).StandardizedDifference, .46, 2));
        Holds("would have given $[.256, .303]$", run => run.Output("code-15") == "[0.256, 0.303]");
        Holds("The published interval is about twice as wide", run => LessonRun.Numbers(run.Output("code-15")) is [var lower, var upper]
            && Datasets.PublishedFinding("Elliott et al. (2018)").Interval!.Value.Width / (upper - lower) is > 1.9 and < 2.3);
        Holds("Here the interval rounds to exactly the published $[.28, .34]$.",
            run => LessonRun.Numbers(run.Lines("code-17")[^1]) is [var lower, var upper] && Rounds(lower, .28, 2) && Rounds(upper, .34, 2));
        Holds("alone leave $\\tau$ anywhere between .19 and .25", _ => Rounds(Tau(.235, .325), .19, 2) && Rounds(Tau(.225, .335), .25, 2));
        Holds("More than three quarters of the variance between the published correlations would be real difference", run => run.Numbers("code-19", "I²")[^1] > 75);
        Holds("95% prediction interval of about $[-.15, .62]$.", run => run.Numbers("code-21", "from r =") is [-.15, .62]);
        Holds("$|d| = 0.20$ is $r = .10$, which is 1% of variance", _ => EffectSizeConversion.DToR(.2) is > .095 and < .105);
        Holds("About .0119, less than half of empathy's .0277.", run => Rounds(StandardError(.256, .299), .0119, 4) && run.Output("code-13") == "0.0277");
        Holds("There are 3.6 times as many studies", _ => Rounds(295 / 82.0, 3.6, 1));
        Holds("$.0277 / \\sqrt{295/82} = .0146$", _ => Rounds(.0277 / Math.Sqrt(295 / 82.0), .0146, 4));
        Holds("From .249 to .311", _ => Exercise3() is (.249, .311));
    }

    private static bool Rounds(double value, double printed, int decimals) => Math.Abs(value - printed) <= .5 * Math.Pow(10, -decimals) + 1e-12;

    private static double StandardError(double lower, double upper) => (Math.Atanh(upper) - Math.Atanh(lower)) / (2 * 1.96);

    private static double Tau(double lower, double upper) => Math.Sqrt(82 * Math.Pow(StandardError(lower, upper), 2) - 82 / (6138.0 - 3 * 82));

    private static (double, double) Exercise3()
    {
        var error = Math.Sqrt((82 / (6138.0 - 3 * 82) + .01) / 82);
        return (Math.Round(Math.Tanh(Math.Atanh(.28) - 1.96 * error), 3), Math.Round(Math.Tanh(Math.Atanh(.28) + 1.96 * error), 3));
    }
}
