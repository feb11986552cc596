namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson07() : LessonClaims("07-moderators")
{
    protected override void State()
    {
        Puzzle();
        OneModel();
        Weeks();
        Interviews();
        Exercises();
    }

    private void Puzzle()
    {
        Says("give $r = «.32»$, 95% CI $[«.26», «.39»]$", Eye("client", "Estimate"), Eye("client", "ConfidenceInterval.Lower"), Eye("client", "ConfidenceInterval.Upper"));
        Says("in which therapists did, $r = «.27»$, 95% CI $[«.17», «.36»]$", Eye("therapist", "Estimate"), Eye("therapist", "ConfidenceInterval.Lower"), Eye("therapist", "ConfidenceInterval.Upper"));
        Says("puts the difference at «.12» on the scale of $z$", $"-{Row("therapist", "Estimate")}");
        Holds("and its interval leaves out zero", $"{Row("therapist", "ConfidenceInterval.Upper")} < 0");
        Holds("ten samples were rated from two perspectives", "simulated.GroupBy(\"sample\").Count(one => one.Value.GroupBy(\"rater\").Count > 1) == 10");
        Says("from line to line: «.32» for clients, «.29» for observers, «.27» for therapists, «.07» for accuracy", Eye("client", "Estimate"), Eye("observer", "Estimate"), Eye("therapist", "Estimate"), Eye("accuracy", "Estimate"));
        Holds("the interval of accuracy includes zero while the others do not",
            $"{Eye("accuracy", "ConfidenceInterval.Lower")} < 0 && {Eye("therapist", "ConfidenceInterval.Lower")} > 0 && {Eye("observer", "ConfidenceInterval.Lower")} > 0 && {Eye("client", "ConfidenceInterval.Lower")} > 0");
        Says("add up to «92», and there are «82»", "simulated.GroupBy(\"rater\").Sum(one => one.Value.GroupBy(\"sample\").Count)", "simulated.GroupBy(\"sample\").Count");
        Holds("Ten samples were rated from two perspectives.", "simulated.GroupBy(\"sample\").All(one => one.Value.GroupBy(\"rater\").Count < 3)");
        Holds("some from a dozen samples", "simulated.GroupBy(\"rater\").Min(one => one.Value.GroupBy(\"sample\").Count) == 12");
    }

    private void OneModel()
    {
        Says("$F(3, «259») = «8.35»$, $p < .001$", "raters.ModeratorTest.DenominatorDegreesOfFreedom", "raters.ModeratorTest.Statistic");
        Holds("$p < .001$. It asks a single question", "raters.ModeratorTest.PValue < .001 && raters.ModeratorTest.DegreesOfFreedom == 3");
        Given("$F(3, 259)", Because.Definition);
        Says("the mean of the clients' ratings, «0.360» on the scale of $z$", "raters.Coefficients[0].Estimate");
        Says("therapists «0.122» lower, 95% CI from «0.022» to «0.223»; accuracy «0.299» lower. For observers it is «0.087» with a $p$ that prints as «.050»; with one more decimal it is «.0498».", $"-{Row("therapist", "Estimate")}", $"-{Row("therapist", "ConfidenceInterval.Upper")}",
            $"-{Row("therapist", "ConfidenceInterval.Lower")}", $"-{Row("accuracy", "Estimate")}", $"-{Row("observer", "Estimate")}", Row("observer", "PValue"), Row("observer", "PValue"));
        Says("therapists were only «.06» below clients on the scale of $z$", $"Math.Atanh({Eye("client", "Estimate")}) - Math.Atanh({Eye("therapist", "Estimate")})");
        Holds("Why is it twice as much here?", $"-{Row("therapist", "Estimate")} / (Math.Atanh({Eye("client", "Estimate")}) - Math.Atanh({Eye("therapist", "Estimate")})) is > 1.7 and < 2.3");
        Given("(.12 was put in.", Because.Definition);
        Says("the scale of $r$: clients «.34», observers «.27», therapists «.23», accuracy «.06»", Mean("client"), Mean("observer"), Mean("therapist"), Mean("accuracy"));
        Says("$F(3, «9.8») = «10.68»$, $p = «.002»$", "raters.Robust().ModeratorTest.DenominatorDegreesOfFreedom", "raters.Robust().ModeratorTest.Statistic", "raters.Robust().ModeratorTest.PValue");
        Says("The therapists' row rests on «4.1» degrees of freedom, although there are «263» effects, and the observers' on «7.6», which gives $p = «.074»$", Robust("therapist", "DegreesOfFreedom"), "simulated.Count",
            Robust("observer", "DegreesOfFreedom"), Robust("observer", "PValue"));
        Says("only «14» samples have therapists' ratings", "simulated.Where(\"rater\", \"therapist\").GroupBy(\"sample\").Count");
        Says("the chance of at least one \"finding\" is «40»%", "1 - Math.Pow(.95, 10)");
        Given("each at the 5% level", Because.Input);
    }

    private void Weeks()
    {
        Says("collected «19» such experiments", "expectancy.Count");
        Says("On average «0.08» standard deviations", "RandomEffects.Fit(expectancy).Estimate");
        Holds("with an interval that includes zero", "RandomEffects.Fit(expectancy).ConfidenceInterval.Lower < 0");
        Says("and $\\tau^2 = «.019»$", "RandomEffects.Fit(expectancy).TauSquared");
        Says("With each week the effect is «0.016» smaller, 95% CI $[«-0.029», «-0.002»]$, $p = «.025»$.", "-straight.Coefficients[1].Estimate", "straight.Coefficients[1].ConfidenceInterval.Lower", "straight.Coefficients[1].ConfidenceInterval.Upper",
            "straight.Coefficients[1].PValue");
        Says("from «.019» to «.011», that is «41»%", "RandomEffects.Fit(expectancy).TauSquared", "straight.TauSquared", "straight.RSquared.Value");
        Says("at the right end, with «24» weeks", $"expectancy.Column(\"weeks\").Number({Claiborn})");
        Holds("at the right end", $"Enumerable.Range(0, 19).All(i => expectancy.Column(\"weeks\").Number(i) <= expectancy.Column(\"weeks\").Number({Claiborn}))");
        Says("Without it the slope is $«-0.014»$ with $p = «.063»$", $"{Without("straight", Claiborn)}.Coefficients[1].Estimate", $"{Without("straight", Claiborn)}.Coefficients[1].PValue");
        Says("hangs on one study of «19»", "expectancy.Count");
        Holds("The six largest effects are all at zero and one week", $"{ByEffect}.Take(6).All(i => expectancy.Column(\"weeks\").Number(i) <= 1)");
        Says("no study is above «0.12»", "Enumerable.Range(0, 19).Where(i => expectancy.Column(\"weeks\").Number(i) >= 3).Max(i => expectancy.Effects[i])");
        Given("between 17 and 24 weeks", Because.Input);
        Says("takes «0.157» off, 95% CI $[«-0.232», «-0.083»]$", "-bent.Coefficients[1].Estimate", Slope("ConfidenceInterval.Lower"), Slope("ConfidenceInterval.Upper"));
        Holds("$p < .001$, and no variance is left: $R^2 = 100\\%$", $"{Slope("PValue")} < .001 && bent.TauSquared < 1e-5 && bent.RSquared > .9995");
        Holds("whichever is left out, $p$ stays below .002", $"Enumerable.Range(0, 19).All(out1 => {Without("bent", "out1")}.Coefficients[1].PValue < .002)");
        Says("\"100%\" is an estimate from «19» studies", "bent.Count");
        Holds("\"100%\" is an estimate", "bent.RSquared > .9995");
        Says("reaches up to «.07»", "bent.Heterogeneity.TauSquaredInterval.Value.Upper");
        Holds("more than there seemed to be at the beginning", "bent.Heterogeneity.TauSquaredInterval.Value.Upper > RandomEffects.Fit(expectancy).TauSquared");
        Says("the line is at «0.41», 95% CI $[«0.23», «0.59»]$; at three weeks and more it is at $«-0.06»$, and the interval from $«-0.16»$ to «0.03» includes zero", At(0, "Estimate"), At(0, "ConfidenceInterval.Lower"), At(0, "ConfidenceInterval.Upper"),
            At(3, "Estimate"), At(3, "ConfidenceInterval.Lower"), At(3, "ConfidenceInterval.Upper"));
        Says("over all studies it was «0.08»", "RandomEffects.Fit(expectancy).Estimate");
        Says("of «19» standardized mean differences on", "bent.Count");
        Says("gave $b = «-0.157»$ per week, 95% CI $[«-0.232», «-0.083»]$, $t(«17») = «-4.44»$, $p < .001$", Slope("Estimate"), Slope("ConfidenceInterval.Lower"), Slope("ConfidenceInterval.Upper"), Slope("DegreesOfFreedom"), Slope("Statistic"));
        Holds("$p < .001$. The predicted", $"{Slope("PValue")} < .001");
        Says("was «0.41», 95% CI $[«0.23», «0.59»]$, with no contact, and $«-0.06»$, 95% CI $[«-0.16», «0.03»]$", At(0, "Estimate"), At(0, "ConfidenceInterval.Lower"), At(0, "ConfidenceInterval.Upper"),
            At(3, "Estimate"), At(3, "ConfidenceInterval.Lower"), At(3, "ConfidenceInterval.Upper"));
        Says("$\\tau^2 = «.000»$, 95% CI $[«.000», «.072»]$, $Q(«17») = «16.57»$, $p = «.484»$", "bent.TauSquared", "bent.Heterogeneity.TauSquaredInterval.Value.Lower", "bent.Heterogeneity.TauSquaredInterval.Value.Upper", "bent.Heterogeneity.Q.DegreesOfFreedom",
            "bent.Heterogeneity.Q.Statistic", "bent.Heterogeneity.Q.PValue");
        Holds("so that 95% prediction intervals equal the confidence intervals", $"Math.Abs({At(0, "PredictionInterval.Value.Upper")} - {At(0, "ConfidenceInterval.Upper")}) < .001");
        Says("without the moderator $\\tau^2$ was «.019»", "RandomEffects.Fit(expectancy).TauSquared");
    }

    private void Interviews()
    {
        Says("collected «160» correlations", "interviews.Count");
        Says("are «0.079» lower on the scale of $z$ than structured ones, 95% CI $[«-0.162», «0.004»]$, $p = «.063»$. The model explains «2»% of the heterogeneity.", "-structure.Coefficients[1].Estimate",
            "structure.Coefficients[1].ConfidenceInterval.Lower", "structure.Coefficients[1].ConfidenceInterval.Upper", "structure.Coefficients[1].PValue", "structure.RSquared.Value");
        Says("In «15» studies the structure is not known", "structure.Omitted.Length");
        Says("the difference of unstructured interviews is «0.065»", "-both[\"struct: u\"].Estimate");
        Says("further above zero: $p = «.144»$", "both[\"struct: u\"].PValue");
        Holds("its interval, a little wider, reaches further above zero", "both[\"struct: u\"].ConfidenceInterval.Width > structure.Coefficients[1].ConfidenceInterval.Width && both[\"struct: u\"].ConfidenceInterval.Upper > structure.Coefficients[1].ConfidenceInterval.Upper");
        Says("all «16» situational interviews with known structure were structured", Interview("s", "s"));
        Holds("were structured, and five of the six psychological ones were not", $"{Interview("s", "u")} == 0 && {Interview("p", "u")} == 5 && {Interview("p", "s")} == 1");
    }

    private void Exercises()
    {
        Given("the row of the therapist shows $-0.12$", Because.Input);
        Given("A meta-regression has $R^2 = 100\\%$.", Because.Input);
        Given("has two degrees of freedom, $p = .04$", Because.Input);
        Says("$F(3, «259») = «8.35»$, and so are the four means", run => run.Value<double[]>("new[] { MultilevelModel.Fit(simulated, [\"sample\", \"effect\"], Moderator.Category(\"rater\", reference: \"therapist\"), samplingCorrelation: 0.5).ModeratorTest }"
            + ".SelectMany(test => new[] { (double)test.DenominatorDegreesOfFreedom, test.Statistic }).ToArray()"));
        Says("None: $p = «.437»$, $«.883»$, $«.079»$ and $«.925»$.", Alone("Moderator.Category(\"orientation\")"), Alone("Moderator.Category(\"format\")"), Alone("Moderator.Category(\"outcome\")"), Alone("Moderator.Number(\"therapist_experience\")"));
        Says("are «0.162» lower on the scale of $z$, 95% CI $[«-0.250», «-0.074»]$, $p = «.001»$", $"-{Adherence}.Coefficients[1].Estimate", $"{Adherence}.Coefficients[1].ConfidenceInterval.Lower", $"{Adherence}.Coefficients[1].ConfidenceInterval.Upper",
            $"{Adherence}.Coefficients[1].PValue");
        Holds("and no heterogeneity is left", $"{Adherence}.TauSquared < 1e-5");
        Holds("three correlations hold other variables constant", "adherence.Where(\"controls\", \"multiple\").Count == 3");
        Given("$F(3, 78) = 2.10$, $p = .107$ (made-up numbers)", Because.Input);
    }

    private const string Claiborn = "7";
    private const string Adherence = "MetaRegression.Fit(adherence, Moderator.Category(\"controls\", reference: \"none\"))";
    private const string ByEffect = "Enumerable.Range(0, 19).OrderByDescending(i => expectancy.Effects[i])";

    private static string Eye(string rater, string what) => $"RandomEffects.Fit(simulated.Where(\"rater\", \"{rater}\").AverageWithin(\"sample\", 0.5)).BackTransformed.{what}";

    private static string Row(string rater, string what) => $"raters[\"rater: {rater}\"].{what}";

    private static string Robust(string rater, string what) => $"raters.Robust()[\"rater: {rater}\"].{what}";

    private static string Mean(string rater) => $"raters.Predict(new ModeratorValues {{ [\"rater\"] = \"{rater}\" }}).BackTransform(simulated.Measure).Estimate";

    private static string Without(string fit, string row) => $"{fit}.Refit(Enumerable.Range(0, 19).Where(i => i != {row}).ToList())";

    private static string Slope(string what) => $"bent.Coefficients[1].{what}";

    private static string At(int contact, string what) => $"bent.Predict(new ModeratorValues {{ [\"contact\"] = {contact} }}).{what}";

    private static string Interview(string type, string structure) => $"Enumerable.Range(0, 160).Count(i => interviews.Column(\"type\").Text(i) == \"{type}\" && interviews.Column(\"struct\").Text(i) == \"{structure}\")";

    private static string Alone(string moderator) => $"MultilevelModel.Fit(simulated, [\"sample\", \"effect\"], {moderator}, samplingCorrelation: 0.5).ModeratorTest.PValue";
}
