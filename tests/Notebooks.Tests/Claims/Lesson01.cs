namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson01() : LessonClaims("01-the-question")
{
    private const string Halves = "EffectSizeConversion.MedianSplit(empathy.Estimate)";

    protected override void State()
    {
        Says("with a correlation of «.28»", "empathy.Estimate");
        Says("Therapist empathy correlates «.28» with outcome.", "empathy.Estimate");
        Given("Of 200 clients, take the 100 in the upper half", Because.Input);
        Holds("With no relation at all it would be 50", "EffectSizeConversion.MedianSplit(0).UpperHalf == .5");
        Says("with $r = «.28»$ it is «59», and «41» of those in the lower half", "empathy.Estimate", $"100 * {Halves}.UpperHalf", $"100 * {Halves}.LowerHalf");
        Given(".28 is no share of anybody. With no relation, 50 of the 100 would be", Because.Wrong);
        Holds("that is $.5 + r/2$", "Math.Round(EffectSizeConversion.BinomialEffectSizeDisplay(empathy.Estimate).HighGroupSuccess, 2) == .64");
        Holds("that is .50 and .28 added up", "Math.Round(.50 + .28, 2) == .78");
        Says("**$r = «.28»$, 95% CI $[«.23», «.33»]$, from «82» independent samples with «6,138» clients, equivalent to $d = «0.58»$.**",
            "empathy.Estimate", "empathy.Lower", "empathy.Upper", "empathy.Samples", "empathy.Participants", "empathy.CohensD");
        Says("how little order there is at «.28»", "empathy.Estimate");
        Says("about as strongly as empathy, «.278»", "alliance.Estimate");
        Says("«59» of 100 in the upper half of empathy are in the upper half of outcome, and «41» of 100 in the lower half", $"100 * {Halves}.UpperHalf", $"100 * {Halves}.LowerHalf");
        Given("of 100 in the upper half of empathy are", Because.Input);
        Given("of 100 in the lower half.", Because.Input);
        Given("McInnes's account says *about 9%*", Because.Published);
        Says("It is «7.8»%.", "empathy.Estimate * empathy.Estimate");
        Holds("Nine percent belongs to $r = .30$.", "Math.Round(.30 * .30, 4) == .09");
        Says("The review of 2011 had $r = «.31»$, which is «9.6»%.", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Estimate", "Math.Pow(Datasets.PublishedFinding(\"Elliott et al. (2011)\").Estimate, 2)");
        Given("Where the 9% come from we do not know", Because.Published);
        Given("below 1% by one author", Because.Published);
        Says("The published «0.58» checks.", "EffectSizeConversion.RToD(empathy.Estimate)");
        Says("the halves would differ by $d = «0.46»$, as the output above says", $"{Halves}.StandardizedDifference");
        Says("Suppose that all «82» samples had", "line.Samples");
        Says("the interval would have been $[«.256», «.303»]$. The published one is about twice as wide: «2.1» times.", "line.EqualEffectsInterval.Lower", "line.EqualEffectsInterval.Upper", "line.WidthRatio");
        Says("a standard deviation of about «0.22» in Fisher's $z$", "line.Tau");
        Holds("nearly four fifths of the variance between the samples' correlations would be real difference", "line.ISquared is > .76 and < .80");
        Says("anywhere from $«-.15»$ to $«.62»$", "line.PredictionInterval.Lower", "line.PredictionInterval.Upper");
        Says("it lies between «.23» and «.33».", "empathy.Lower", "empathy.Upper");
        Says("It treats all «82» samples as equally large", "line.Samples");
        Says("anywhere between «0.19» and «0.25»", "line.TauRange.Lower", "line.TauRange.Upper");
        Says("had the interval $[«.28», «.34»]$ from «59» samples with «3,599» clients", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Lower", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Upper",
            "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Samples", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Participants");
        Holds("Its interval is narrower.", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").ReportedInterval.Width < empathy.ReportedInterval.Width");
        Says("a standard deviation of «0.08» at most", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Reconstruct().TauRange.Upper");
        Holds("The interval of 2011 is no wider than sampling error alone makes it, and the reconstruction finds nothing left for differences", "Datasets.PublishedFinding(\"Elliott et al. (2011)\").Reconstruct().TauSquared == 0");
        Says("$r = «.28»$, 95% CI $[«.23», «.33»]$, $k = «82»$ samples, $N = «6{,}138»$", "empathy.Estimate", "empathy.Lower", "empathy.Upper", "empathy.Samples", "empathy.Participants");
        Says("$\\tau \\approx «.22»$ in Fisher's $z$ («.19» to «.25» given rounding; $I^2 \\approx «78»\\%$), which implies a 95% prediction interval of about $[«-.15», «.62»]$",
            "line.Tau", "line.TauRange.Lower", "line.TauRange.Upper", "line.ISquared", "line.PredictionInterval.Lower", "line.PredictionInterval.Upper");
        Given("\"Empathy explains 28% of therapy outcome.\"", Because.Wrong);
        Says("The square of «.28» is «7.8»%.", "empathy.Estimate", "empathy.Estimate * empathy.Estimate");
        Holds("*A*: 9% is the square of .30.", "Math.Round(.30 * .30, 4) == .09");
        Holds("the sentence makes the effect more than three times as large as it is", ".28 / (empathy.Estimate * empathy.Estimate) is > 3 and < 4");
        Given("if the interval had been $[.25, .31]$", Because.Input);
        Says("would have been about «0.09», and the prediction interval $[«.10», «.44»]$: still wide, but above zero", "PublishedLine.Read(0.28, 0.25, 0.31, 82, 6138).Tau",
            "PublishedLine.Read(0.28, 0.25, 0.31, 82, 6138).PredictionInterval.Lower", "PublishedLine.Read(0.28, 0.25, 0.31, 82, 6138).PredictionInterval.Upper");
        Says("$r = «.278»$, 95% CI $[«.256», «.299»]$ from «295» studies", "alliance.Estimate", "alliance.Lower", "alliance.Upper", "alliance.Samples");
        Says("About «.0119» against «.0277». There are «3.6» times as many studies", "zWidth / (2 * 1.96)", "line.StandardError", "(double)alliance.Samples! / (double)empathy.Samples!");
        Says("which would make it «.0146»", "line.StandardError / Math.Sqrt((double)alliance.Samples! / (double)empathy.Samples!)");
        Holds("less than half of empathy's", "zWidth / (2 * 1.96) < line.StandardError / 2");
    }
}
