namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson11() : LessonClaims("11-power")
{
    private const string Single = "new MeanPlan(PlannedStudies.Alike(1, VarianceBySize.FisherZ.At(40)), Correlations.ToFisherZ(0.28)) { Model = PowerModel.EqualEffects, Inference = Inference.Normal }.Power().Power",
        AllAlike = "(plan with { TauSquared = 0 }).Power().Power", Nothing = "(plan with { Effect = 0 })", Equal = "(plan with { Effect = 0, Model = PowerModel.EqualEffects, Inference = Inference.Normal })",
        Fourth = "RandomEffects.Fit(molloy.Effects.Where(StudyCondition.Parse(\"year < 2004\"))).BackTransformed", OfSingle = "molloy.StudyPower(new() { TrueEffect = Correlations.ToFisherZ(0.20) })",
        Large = "interviews.NextStudy(10_000)";

    protected override void State()
    {
        // The puzzle.
        Given("Ten studies of 40 clients each.", Because.Input);
        Holds("the mean true correlation between empathy and outcome is .28", "Math.Round(Math.Tanh(plan.Effect), 12) == .28 && Datasets.PublishedFinding(\"Elliott et al. (2018)\").Estimate == .28");
        Given("with a true mean of .32, and in the other five therapists, with one of .24", Because.Input);
        Says("And even of the «7»% most would be there", "difference.Power().Power");
        Holds("of the 7% most would be there without any difference: a test at the level of .05 is significant in 5% of cases", "difference.Power().Power is > .07 and < .075 && .05 / difference.Power().Power > .6");
        Holds("a difference of .08 is less than a third of .28, and what is known of it is half as exact", "Math.Round(.32 - .24, 2) == .08 && .08 < .28 / 3 && Math.Abs(Math.Sqrt(2 * (1 / 37.0 + line.TauSquared) / 5) / (double)plan.Power().StandardError! - 2) < 1e-9");
        Holds("more than 99% would be right if all settings had the same true correlation", AllAlike + " > .99");
        Says("«42»% is what a *single* study of 40 has", Single);
        Given("is what a *single* study of 40 has", Because.Input);

        // The mean.
        Given("a test at the level of .05 is significant in about 50 of the thousand", Because.Definition);
        Given("a false alarm, and .05 is its agreed rate", Because.Definition);
        Given("If the mean is .28, the test", Because.Input);
        Given("80% is what planners usually ask for", Because.Definition);
        Says("lesson 01 reconstructed $\\tau = «.22»$ from the line", "line.Tau");
        Says("The first number is the power, «.83». The mean would lie $\\lambda = «3.3»$ standard errors from zero, and to be significant the result has to lie «2.26» away", "plan.Power().Power", "(double)plan.Power().Noncentrality!", "plan.Power().CriticalValue");
        Given("more than the 1.96 that one learns first", Because.Definition);
        Says("$k - 1 = «9»$ degrees of freedom", "(double)plan.Power().DegreesOfFreedom!");
        Given("make 40 people 400", Because.Input);
        Says("(It begins with $\\tau$ rounded to «.22», and therefore with a power of «.84».)", "PowerExplorer.Create(new() { Studies = 10, SampleSize = 40, Correlation = 0.28, Tau = 0.22 }).Model.Start.Tau", "plan.WithTauSquared(.22 * .22).Power().Power");
        Given("as five studies of 80, as ten of 40, or as twenty of 20", Because.Input);
        Holds("The same 400 clients give a power of .50, .83 or .96.", run => run.Lines("foreach ((int k, int n)").Where(line => line.Length > 0).Select(line => LessonRun.Numbers(line)).Select(n => (n[0] * n[1], n[2])).SequenceEqual([(400, .50), (400, .83), (400, .96)]));
        Says("bring the standard error from «.087» to «.070», and there it stays", run => [run.Numbers("foreach (int n", "n = 40:")[0], run.Numbers("foreach (int n", "n = 4000:")[0]]);
        Says("$\\tau/\\sqrt{k}$ is left, which is «.070»", "line.Tau / Math.Sqrt(10)");
        Says("somewhere between «.19» and «.25»", "line.TauRange.Lower", "line.TauRange.Upper");
        Says("the power is «.89» at the lower end of that range and «.77» at the upper", "plan.WithTauSquared(line.TauRange.Lower * line.TauRange.Lower).Power().Power", "plan.WithTauSquared(line.TauRange.Upper * line.TauRange.Upper).Power().Power");
        Holds("it would be above .99", AllAlike + " > .99");
        Says("«.19» is the power of the test that one would carry out, and «.44» what the formula promises.", "three.Power().Power", "(three with { Model = PowerModel.Known, Inference = Inference.Normal }).Power().Power");
        Says("raises a false alarm in «5»% of cases, as it should. The equal-effects test does so in «24»%.", Nothing + ".Power().Power", Equal + ".Power().Power");

        // The difference.
        Holds("The values .32 and .24 are **assumed** for planning", "Math.Round(Math.Tanh(clients.Effect), 12) == .32 && Math.Round(Math.Tanh(therapists.Effect), 12) == .24");
        Says("A power of «.07»", "difference.Power().Power");
        Given("a coin that knows nothing has .05", Because.Definition);
        Says("«.17» instead of «.09», and the difference to be found is «.09» on the scale of $z$", "Math.Sqrt(2 * (1 / 37.0 + line.TauSquared) / 5)", "(double)plan.Power().StandardError!", "difference.EffectOfInterest");
        Says("half a standard error, squared, is «.25»", "(double)difference.Power().Noncentrality!");
        Holds("half a standard error, squared", "Math.Abs(difference.EffectOfInterest / Math.Sqrt(2 * (1 / 37.0 + line.TauSquared) / 5) - .5) < .01");
        Says("«319», nearly four times as many as the review of 2018 had", "(double)difference.StudiesNeeded().Count!");
        Holds("nearly four times as many as the review of 2018 had", "(double)difference.StudiesNeeded().Count! / line.Samples is > 3.7 and < 4");
        Says("with that review's «82» samples", "line.Samples");
        Says("A power of «.34» with «82» samples.", "review.Power().Power", "review.Count");
        Says("What they could find with 80% is a difference of «.16» in $z$", "review.SmallestEffect()");
        Given("What they could find with 80%", Because.Definition);
        Holds("nearly twice the one assumed", "review.SmallestEffect() / difference.EffectOfInterest is > 1.75 and < 2");
        Says("With ten studies of 40 it finds a $\\tau$ of «.22» in «74»% of cases, and one of .10 in «19»%", "line.Tau", "new HeterogeneityPlan(ten, line.TauSquared).Power().Power", "new HeterogeneityPlan(ten, .01).Power().Power");
        Given("With ten studies of 40 it finds", Because.Input);
        Given("and one of .10 in", Because.Input);
        Given("significant results always have more than about 50%", Because.Definition);

        // The studies that there are.
        Says("the «13» plain correlations of Molloy et al. (2014), and the «160» of McDaniel et al. (1994)", "molloy.Count", "interviews.Count");
        Says("If it were .10, half of Molloy's studies would have a power below «.18», and half of McDaniel's below «.13». At .28 the two medians are «.83» and «.65».", Median("molloy", ".10"), Median("interviews", ".10"), Median("molloy", ".28"), Median("interviews", ".28"));
        Given("If it were .10, half", Because.Input);
        Given("At .28 the two medians", Because.Input);
        Given("Study by study, at .20:", Because.Input);
        Holds("Only two of the 13 have 80% or more, and nine of the 13 were significant.", $"{OfSingle} is {{ AdequateCount: 2, SignificantCount: 9, Count: 13 }}");
        Holds("That is more than one would expect of such studies at .20, and about what one would expect at .28", $"{OfSingle}.Power.Sum() < 8 && Math.Abs(molloy.StudyPower(new() {{ TrueEffect = Correlations.ToFisherZ(.28) }}).Power.Sum() - 9) < 1.5");
        Holds("and with 13 studies it is a hint at most", "molloy.Count == 13");

        // The next study.
        Says("Their mean is «.23», not significant, with an interval from «−.15» to «.54».", "early.BackTransformed.Estimate", "early.BackTransformed.ConfidenceInterval.Lower", "early.BackTransformed.ConfidenceInterval.Upper");
        Holds("not significant, with an interval", "early.PValue > .05");
        Given("A colleague plans a study of 116 patients.", Because.Input);
        Says("expected to shrink from «.75» to «.45»", "next.Width", "(double)next.ExpectedWidth!");
        Says("with a probability of «.67» the mean would become significant", "(double)next.ProbabilitySignificant!");
        Says("(The \"conditional power\" of «.99» below it takes", "next.ConditionalPower");
        Says("Correlations between «.14» and «.46».", "Math.Tanh(next.SignificantOutcomes[0].Lower)", "Math.Tanh(next.SignificantOutcomes[0].Upper)");
        Holds("a correlation of .60 would make the mean *less* significant than one of .40", $"{After(".60")}.PValue > {After(".40")}.PValue && {After(".40")}.PValue < .05 && {After(".60")}.PValue > .05");
        Holds("The fourth study in the data, published in 2003, had 116 patients and found .00.", "molloy.Effects.Where(StudyCondition.Parse(\"year = 2003\")) is { Count: 1, TotalSampleSize: 116 } fourth && fourth.Effects[0] == 0 && molloy.Effects.Where(StudyCondition.Parse(\"year < 2004\")).Count == 4");
        Says("The mean fell to «.16», and its interval, from «−.11» to «.41», went on including zero.", Fourth + ".Estimate", Fourth + ".ConfidenceInterval.Lower", Fourth + ".ConfidenceInterval.Upper");
        Says("From 10 to 400 people the probability of a significant mean rises from «34»% to «72»%", "(double)early.NextStudy(10).ProbabilitySignificant!", "(double)early.NextStudy(400).ProbabilitySignificant!");
        Given("From 10 to 400 people", Because.Input);
        Holds("most of it early", "(double)early.NextStudy(100).ProbabilitySignificant! > .65");
        Says("The «160» studies of interviews differ widely; what would one of 10,000 people add?", "interviews.Count");
        Given("what would one of 10,000 people add?", Because.Input);
        Says("The interval would shrink from «.0702» to «.0699»: nothing, for 10,000 people.", $"{Large}.Width", $"(double){Large}.ExpectedWidth!");
        Given("nothing, for 10,000 people", Because.Input);
        Says("one setting among «160»", "interviews.Count");
        Given("stop when $p < .05$", Because.Definition);
        Given("is above 5% although", Because.Definition);

        // The report.
        Holds("two-sided $\\alpha = .05$) of $k = 10$ independent correlations of $n = 40$", "plan.Alpha == .05 && plan.Alternative == Alternative.TwoSided && plan.Count == 10 && Math.Abs(ten.Variances[0] - 1 / 37.0) < 1e-12");
        Says("We assumed $\\rho = «.28»$ and $\\tau = «.22»$ in Fisher's $z$ ($I^2 = «64»\\%$), reconstructed from the 95% CI $[«.23», «.33»]$", "Math.Tanh(plan.Effect)", "line.Tau", "line.TauSquared / (line.TauSquared + 1 / 37.0)", "line.Interval.Lower", "line.Interval.Upper");
        Says("95% of settings would have true correlations in about $[«-.15», «.62»]$", "line.PredictionInterval.Lower", "line.PredictionInterval.Upper");
        Given("with which 95% of settings", Because.Definition);
        Says("The power is «.83» («.77» to «.89» for $\\tau$ from «.25» to «.19»)", "plan.Power().Power", "plan.WithTauSquared(line.TauRange.Upper * line.TauRange.Upper).Power().Power", "plan.WithTauSquared(line.TauRange.Lower * line.TauRange.Lower).Power().Power",
            "line.TauRange.Upper", "line.TauRange.Lower");
        Says("client ($\\rho = «.32»$, $k = «5»$) and therapist ratings ($\\rho = «.24»$, $k = «5»$) it is «.07»", "Math.Tanh(clients.Effect)", "clients.Studies.Count", "Math.Tanh(therapists.Effect)", "therapists.Studies.Count", "difference.Power().Power");

        // Questions and exercises.
        Given("A test of a moderator in 16 studies is not significant. Its power for a difference of interest was .15.", Because.Input);
        Given("85 of 100 such tests would miss it", Because.Input);
        Says("True effects differ with $\\tau = «.22»$.", "line.Tau");
        Says("The power goes from «.83» to «.99».", "plan.Power().Power", "plan.WithCount(20).Power().Power");
        Says("it goes to «.94»", "(plan with { Studies = PlannedStudies.Alike(10, VarianceBySize.FisherZ.At(400)) }).Power().Power");
        Given("power at the observed effect was only 30%", Because.Wrong);
        Given("80% is the usual aim", Because.Definition);
        Given("\"with 160 studies, one large study of 10,000 would settle the mean.\"", Because.Wrong);
        Holds("The interval would shrink by less than one percent.", $"(double){Large}.ExpectedWidth! / {Large}.Width > .99");
        Given("A mean correlation of .10 would still matter", Because.Input);
        Given("how many would it take for 80%?", Because.Input);
        Says("The power is «.18», and «62» studies are needed. With $\\tau = .10$ instead of «.22» it would be «31».", "small.Power().Power", "(double)small.StudiesNeeded().Count!", "line.Tau", "(double)(small with { TauSquared = .01 }).StudiesNeeded().Count!");
        Given("With $\\tau = .10$ instead", Because.Input);
        Given("that ten such studies find with 80%", Because.Input);
        Says("A mean of «.27», just below the one assumed; and a difference of «.56» in $z$, for example between correlations of 0 and «.51».", "Math.Tanh(plan.SmallestEffect())", "difference.SmallestEffect()", "Math.Tanh(difference.SmallestEffect())");
        Says("Take all «16» correlations of Molloy et al. (2014)", "ages.Count");
        Given("the oldest sample differed by .2 in $z$", Because.Input);
        Says("It is not significant, $p = «.278»$. But the power was «.39» even for a difference", "ages.ModeratorTest.PValue", "ages.PlanOfModerator(.2).Power().Power");
        Holds("a difference that is larger than the mean itself", "RandomEffects.Fit(Datasets.Molloy2014().Correlations()).Estimate < .2");
        Says("it would take «41» studies with such ages", "(double)ages.PlanOfModerator(.2).StudiesNeeded().Count!");
        Given("a mean of .15, and $\\tau$ from .10 to .20", Because.Input);
    }

    /// <summary>The median power of the studies of a fit at a true correlation.</summary>
    private static string Median(string fit, string correlation) => $"{fit}.StudyPower(new() {{ TrueEffect = Correlations.ToFisherZ({correlation}) }}).MedianPower";

    /// <summary>The fit of 1999 with a fourth study of 116 people that found this correlation.</summary>
    private static string After(string correlation) => $"early.Refit(StudyEffects.Create([.. early.Effects.Effects, Correlations.ToFisherZ({correlation})], [.. early.Effects.Variances, 1 / 113.0], EffectMeasure.FisherZ))";
}
