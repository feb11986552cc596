namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson02() : LessonClaims("02-effect-sizes")
{
    protected override void State()
    {
        Given("find the same correlation, .50; one has 10 people, the other 1,000", Because.Input);
        Holds("it may be as high as .86 or lie below zero", $"{Upper(.5, 10)} is > .855 and < .865 && {Lower(.5, 10)} < 0");
        Says("The interval reaches «.69» down from .50 and «.36» up", $".5 - ({Lower(.5, 10)})", $"{Upper(.5, 10)} - .5");
        Given("down from .50 and", Because.Input);
        Holds("With 1,000 people it is narrow, and almost the same on both sides.", $"{Upper(.5, 1000)} - {Lower(.5, 1000)} < .1 && Math.Abs({Upper(.5, 1000)} + {Lower(.5, 1000)} - 1) < .005");
        // The options, which the answer calls by their letters.
        Holds("that is .50 plus and minus twice the expected scatter of $r$ itself. It comes out symmetric", Rounded("Correlations.Raw(.5, 10).DisplayInterval()", .01, .99) + " && " + Rounded("Correlations.Raw(.5, 1000).DisplayInterval()", .45, .55));
        Holds("**C.** Ten people know next to nothing", Rounded("Correlations.FisherZ(.5, 10).DisplayInterval()", -.19, .86) + " && " + Rounded("Correlations.FisherZ(.5, 1000).DisplayInterval()", .45, .55));
        Holds("A hundred times as many people make an interval about ten times narrower", $"({Upper(.5, 10)} - {Lower(.5, 10)}) / ({Upper(.5, 1000)} - {Lower(.5, 1000)}) is > 9 and < 13");
        Given("Correlations of .20 or .30, the size", Because.Input);
        Given("average miss is below 0.10", Because.Input);
        Given("a study with 60 clients finds $r = .28$", Because.Input);
        Says("$[«.04», «.52»]$ and $[«.03», «.50»]$", "Correlations.Raw(.28, 60).DisplayInterval().Lower", "Correlations.Raw(.28, 60).DisplayInterval().Upper", Lower(.28, 60), Upper(.28, 60));
        Holds("The first interval is symmetric around .90 although the scale ends at 1: its upper end, 1.01, is no correlation at all.", Rounded("Correlations.Raw(.9, 12).DisplayInterval()", .79, 1.01) + $" && {Upper(.9, 12)} < 1");
        Holds("longer on the side where there is room", $".9 - {Lower(.9, 12)} > {Upper(.9, 12)} - .9");
        Given("for three true correlations: 0, .50 and .80", Because.Input);
        Holds("Three curves of very nearly one shape and one width.", "new[] { 0, .5, .8 }.All(r => CorrelationDistribution.Of(r, 20).Z is var z && Math.Abs(z.StandardDeviation * Math.Sqrt(17) - 1) < .02 && Math.Abs(z.Skewness) < .02)");
        Given("what studies of 20 people would find", Because.Input);
        Given("Move $r$ from 0 to .90", Because.Input);
        Holds("As $r$, the hill becomes narrower and leans, with its long tail towards zero. As $z$, it wanders and keeps its shape.", "Enumerable.Range(0, 9).Select(i => (CorrelationDistribution.Of(i / 10.0, 20), CorrelationDistribution.Of((i + 1) / 10.0, 20)))"
            + ".All(pair => pair.Item2.R.StandardDeviation < pair.Item1.R.StandardDeviation && pair.Item2.R.Skewness < pair.Item1.R.Skewness && Math.Abs(pair.Item2.Z.StandardDeviation / pair.Item1.Z.StandardDeviation - 1) < .01)");
        Given("with $r = .90$ it is", Because.Input);
        Says("it is $«-1.44»$ for $r$, and «0.01» for $z$", "FisherZExplorer.Create(new() { Correlation = .9 }).Model.Distribution.R.Skewness", "FisherZExplorer.Create(new() { Correlation = .9 }).Model.Distribution.Z.Skewness");
        Given("Set $r$ to .50 and $n$ to 10. About 95 of 100 such studies", Because.Input);
        Says("find a correlation between $«-.19»$ and «.86»", Explored(10, "Lower"), Explored(10, "Upper"));
        Holds("That is the interval of the puzzle", $"Math.Abs({Explored(10, "Lower")} - {Lower(.5, 10)}) < 1e-9 && FisherZExplorer.Create(new() {{ Correlation = .5, SampleSize = 10 }}).Model.Distribution.Share({Lower(.5, 10)}, {Upper(.5, 10)}) is > .94 and < .96");
        Given("a study that *finds* .50 is made", Because.Input);
        Given("Now set $n$ to 200.", Because.Input);
        Says("The range is from «.39» to «.60»", Explored(200, "Lower"), Explored(200, "Upper"));
        Holds("even as $r$ the hill hardly leans", "Math.Abs(FisherZExplorer.Create(new() { SampleSize = 200 }).Model.Distribution.R.Skewness) < .25");
        Given("with a 1 as the first of its two numbers", Because.Definition);
        Says(".28 becomes «0.288», and .95 becomes «1.832».", "Correlations.ToFisherZ(.28)", "Correlations.ToFisherZ(.95)");
        Given(".28 becomes", Because.Input);
        Given("and .95 becomes", Because.Input);
        Says("reaches «0.653» to either side. Translated back it runs from «.67» to «.97».", "Correlations.FisherZ(.9, 12).Interval().Width / 2", Lower(.9, 12), Upper(.9, 12));
        Says("collected «16» correlations", "molloy.Count");
        Says("The smallest study has «55» people and the variance «.0192»; the largest has «771» and the variance «.0013», nearly fifteen times smaller",
            "3 + Math.Round(1 / molloy.Variances.Max())", "molloy.Variances.Max()", "3 + Math.Round(1 / molloy.Variances.Min())", "molloy.Variances.Min()");
        Holds("nearly fifteen times smaller", "molloy.Variances.Max() / molloy.Variances.Min() is > 14.5 and < 15");
        Given("all with 60 clients", Because.Input);
        Holds("The first three report one and the same result, $r = .28$, in three dresses.",
            "new[] { CorrelationFrom.T(2.22, 60), CorrelationFrom.F(4.93, 60, EffectDirection.Positive), CorrelationFrom.PValue(.03, 60, EffectDirection.Positive) }.All(one => Math.Round(one.DisplayValue, 2) == .28)");
        Given("says only that $p$ is below .05", Because.Input);
        Says("Its «.25» is what $p = .05$ *exactly* would mean", "CorrelationFrom.PValue(.05, 60, EffectDirection.Positive).DisplayValue");
        Given("is what $p = .05$ *exactly*", Because.Input);
        Given("compares 30 clients of trained with 30 of untrained therapists, $t(58) = 2.22$", Because.Input);
        Says("The difference is $g = «0.57»$ standard deviations, and as a correlation «.27».", "groups.Value", "groups.ConvertTo(EffectMeasure.FisherZ, 30, 30).DisplayValue");
        Says("from paper A's «.28», by the correction", "CorrelationFrom.T(2.22, 60).DisplayValue");
        Says("makes the effect small, «7.8»%", ".28 * .28");
        Says("«59»% against «41»%, are what two bell-shaped variables show", "EffectSizeConversion.MedianSplit(.28).UpperHalf", "EffectSizeConversion.MedianSplit(.28).LowerHalf");
        Says("«64»% against «36»%, makes it look large", "EffectSizeConversion.BinomialEffectSizeDisplay(.28).HighGroupSuccess", "EffectSizeConversion.BinomialEffectSizeDisplay(.28).LowGroupSuccess");
        Says("that $r = .28$ means success rates of **«64»% and «36»%**", "EffectSizeConversion.BinomialEffectSizeDisplay(.28).HighGroupSuccess", "EffectSizeConversion.BinomialEffectSizeDisplay(.28).LowGroupSuccess");
        Given("that $r = .28$ means", Because.Input);
        Given("That display, $.5 \\pm r/2$", Because.Definition);
        Says("sees «59»% and «41»%.", "EffectSizeConversion.MedianSplit(.28).UpperHalf", "EffectSizeConversion.MedianSplit(.28).LowerHalf");
        Given("to tell $r = .28$ from zero, or from .20?", Because.Input);
        Holds("With 20 clients the interval includes zero and also .60. With 50 it only just leaves zero out: its lower limit is .002 and prints as .00. It takes 536 before the lower limit, with more decimals, lies above .20",
            $"{Lower(.28, 20)} < 0 && {Upper(.28, 20)} > .6 && {Lower(.28, 50)} is > .0015 and < .0025 && {Lower(.28, 535)} < .2 && {Lower(.28, 536)} > .2");
        Given("if the true correlation is .28, about half of all studies of that size find less than .28, and then their interval reaches below .20", Because.Definition);
        Says("With 60 clients it turns .280 into «.282»", "Correlations.BiasCorrected(.28, 60).Value");
        Given("With 60 clients it turns .280 into", Because.Input);
        Says("The association was $r = .28$, 95% CI $[«.03», «.50»]$", Lower(.28, 60), Upper(.28, 60));
        Given("The association was $r = .28$", Because.Input);
        Says("$n = 60$ (made-up example), or «7.8»% of variance: for normally distributed variables, «59»% of those above", ".28 * .28", "EffectSizeConversion.MedianSplit(.28).UpperHalf");
        Given("$n = 60$ (made-up example)", Because.Input);
        Given("A study reports $r = .30$ from 28 people.", Because.Input);
        Given("$F(1, 98) = 9.0$", Because.Input);
        Says("$t$ is the root of $F$, «3.0», and $r$ comes out as «.29»", "Math.Sqrt(9.0)", "CorrelationFrom.F(9, 100, EffectDirection.Positive).DisplayValue");
        Says("9.0 over 9.0 plus 98 is «.084», the share of variance", "9.0 / (9 + 98)");
        Given("9.0 over 9.0 plus 98 is", Because.Input);
        Given("Which statement about $r = .28$", Because.Input);
        Given("it is the square of .28", Because.Input);
        Holds("it is one half plus arcsin(.28)/π", "Math.Abs(.5 + Math.Asin(.28) / Math.PI - .59) < .005");
        Given("A study has an interval of width .40.", Because.Input);
        Given("\"p < .05\" read as a limit", Because.Input);
        Given("A study reports $r = .45$ with 28 clients.", Because.Input);
        Says("$z = «.485»$ and $v = 1/25 = «.040»$, so the standard error is «.2». The interval in $z$ is $.485 \\pm 1.96 \\cdot .2$, that is $[«.093», «.877»]$, and in $r$ it is $[«.09», «.70»]$.",
            "study.Value", "study.Variance", "study.StandardError", "study.Interval().Lower", "study.Interval().Upper", "study.DisplayInterval().Lower", "study.DisplayInterval().Upper");
        Given("$v = 1/25 =", Because.Definition);
        Given("is $.485 \\pm 1.96 \\cdot .2$", Because.Definition);
        Given("interval of $r = .28$ to be at most .10 wide?", Because.Input);
        Holds("About 1,300 people.", "needed is > 1250 and < 1350");
        Says("holds «160» studies of job interviews", "interviews.Count");
        Says("The largest variance is «0.3333», of a study with «6» people; the smallest is «0.0002», of one with «4,195».", "interviews.Variances.Max()", "3 + Math.Round(1 / interviews.Variances.Max())",
            "interviews.Variances.Min()", "3 + Math.Round(1 / interviews.Variances.Min())");
    }

    private static string Lower(double r, int n) => FormattableString.Invariant($"Correlations.FisherZ({r}, {n}).DisplayInterval().Lower");

    private static string Upper(double r, int n) => FormattableString.Invariant($"Correlations.FisherZ({r}, {n}).DisplayInterval().Upper");

    private static string Explored(int n, string end) => FormattableString.Invariant($"FisherZExplorer.Create(new() {{ Correlation = .5, SampleSize = {n} }}).Model.Range.{end}");

    private static string Rounded(string interval, double lower, double upper) => FormattableString.Invariant($"Math.Round({interval}.Lower, 2) == {lower} && Math.Round({interval}.Upper, 2) == {upper}");
}
