using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson02() : LessonClaims("02-effect-sizes")
{
    protected override void State()
    {
        Holds("its upper end, 1.01, is no correlation at all", run => run.Numbers("code-07", "raw:")[^1] == 1.01 && run.Numbers("code-07", "Fisher z:")[^1] < 1);
        Holds("With 60 clients the correction is in the third decimal.", run => run.Numbers("code-14", "n =  60: r = 0.280 becomes")[0] is > .280 and < .285);
        Holds("the width of the interval ($[.03, .50]$)", run => run.Output("code-05").EndsWith("[.03, .50]", StringComparison.Ordinal));
        Holds("59 of 100 against 41 of 100, as the chart shows.", run => run.Output("code-16").Contains("of the 100 above the median of therapist empathy, 59 (59%)", StringComparison.Ordinal)
            && LessonRun.Numbers(run.Output("code-18")) is [59.0, 41.0, ..]);
        Holds("The two halves differ by $d = 0.46$, not by the 0.58", run => LessonRun.Numbers(run.Output("code-18"))[^1] == .46);
        Holds("59%, where a coin would give 50%.", run => run.Output("code-20") == "59.0%");
        Holds("means success rates of **64% and 36%**", _ => EffectSizeConversion.BinomialEffectSizeDisplay(.28) is { HighGroupSuccess: .64, LowGroupSuccess: .36 });
        Holds("With 20 clients the interval includes zero and also .60. With 50 it only just leaves zero out: its lower limit is .002 and prints as .00. It takes 536 before the lower limit, with more decimals, lies above .20", run => Limits(20) is (< 0, > .60)
            && Limits(50) is (> .0015 and < .0025, _) && Limits(535).Lower < .20 && Limits(536).Lower > .20 && run.Output("code-24").Contains("n = 536", StringComparison.Ordinal));
        Holds("About 1,300 people.", _ => Width(1300) is > .098 and < .102);
        Holds("$[.093, .877]$, and in $r$: $[.09, .70]$", _ => Correlations.FisherZ(.45, 28).Interval() is var z && Rounds(z.Lower, .093, 3) && Rounds(z.Upper, .877, 3)
            && Rounds(Math.Tanh(z.Lower), .09, 2) && Rounds(Math.Tanh(z.Upper), .70, 2));
    }

    private static bool Rounds(double value, double printed, int decimals) => Math.Abs(value - printed) <= .5 * Math.Pow(10, -decimals) + 1e-12;

    private static double Width(int n) => Limits(n).Upper - Limits(n).Lower;

    private static (double Lower, double Upper) Limits(int n)
    {
        var shown = Correlations.FisherZ(.28, n).Interval().Transform(Math.Tanh);
        return (shown.Lower, shown.Upper);
    }
}
