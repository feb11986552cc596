namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson08() : LessonClaims("08-publication-bias")
{
    private const string Egger = "fit.EggerTest()";
    private const string Worst = "fit.MathurVanderWeele()";

    protected override void State()
    {
        Puzzle();
        Funnel();
        Machine();
        Stories();
        HowBad();
        Questions();
        Exercises();
    }

    private void Puzzle()
    {
        Says("the odds are «1.24» times as high", "fit.BackTransformed.Estimate");
        Holds("Thirty-seven studies asked whether women who never smoked", "effects.Count == 37");
        Says("From the same «37» studies one method makes «1.01», several make 1.20, and one makes «2.55».", "effects.Count", Ratio("PET-PEESE"), Ratio("beta function"));
        Holds("several make 1.20", "adjusted.Estimates.Count(row => Math.Abs(Math.Exp(row.Estimate) - 1.20) < .0151) >= 3");
        Holds("one of them rises", "adjusted.Estimates.Count(row => row.Estimate > fit.Estimate) == 1");
    }

    private void Funnel()
    {
        Given("An odds ratio (lesson 02) of 1 says that lung cancer is as frequent with as without a husband who smokes; 2 would say", Because.Definition);
        Says("the odds are 1.24 times as high, 95% CI [«1.13», «1.37»]", "fit.BackTransformed.ConfidenceInterval.Lower", "fit.BackTransformed.ConfidenceInterval.Upper");
        Says("($\\tau = «0.15»$ on the scale of the logarithm, 95% CI [«0.00», «0.26»])", "fit.Heterogeneity.Tau", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Lower", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Upper");
        Says("the prediction interval, from «.91» to «1.71», includes 1", Prediction("Lower"), Prediction("Upper"));
        Holds("narrower than with the normal distribution", "fit.StandardError < RandomEffects.Fit(effects, new() { Inference = Inference.Normal }).StandardError");
        Says("the ad hoc variant, which never is, gives [«1.13», «1.38»]", Adhoc("Lower"), Adhoc("Upper"));
        Holds("The other nineteen are **simulated**", "FunnelLineup.Count == 20");
        Given("In the cone in the middle $p$ is above .10, and in each band outwards it is smaller: .05 to .10, .01 to .05, below .01.", Because.Definition);
        Holds("One holds the 37 published studies.", "effects.Count == 37");
        Holds("The line leans to the right on its way down: small studies find larger odds ratios.", $"{Egger}.Slope.Estimate > 0");
        Says("The slope is «0.84», $t(«35») = «2.26»$, $p = «.030»$", $"{Egger}.Slope.Estimate", $"(double){Egger}.DegreesOfFreedom", $"{Egger}.Statistic", $"{Egger}.PValue");
        Says("an odds ratio of «1.02» for an endlessly large study, with an interval from «.84» to «1.24».", "Math.Exp(((Coefficient)fit.EggerTest().Limit).Estimate)", Limit("Lower"), Limit("Upper"));
        Holds("once in thirty-three times with this $p$", $"Math.Round(1 / {Egger}.PValue) is 33 or 34");
    }

    private void Machine()
    {
        Given("set both probabilities to 100%", Because.Input);
        Given("bring them down to 20% and 0%", Because.Input);
        Says("The «82» **simulated** empathy samples", "all.Count");
        Holds("Now all of them, for the 37 real studies.", "effects.Count == 37");
        Given("any other stays with a probability of .3.", Because.Input);
        Holds("a result that is significant and positive always stays", "all.Effects.Zip(all.Variances).Count(e => e.First / Math.Sqrt(e.Second) >= 1.96) == published.Effects.Zip(published.Variances).Count(e => e.First / Math.Sqrt(e.Second) >= 1.96)");
        Says("Of «82» samples «50» are left, and their mean is «.37», 95% CI [«.31», «.42»], where all 82 have «.28».", "all.Count", "published.Count", "RandomEffects.Fit(published).BackTransformed.Estimate",
            "RandomEffects.Fit(published).BackTransformed.ConfidenceInterval.Lower", "RandomEffects.Fit(published).BackTransformed.ConfidenceInterval.Upper", "RandomEffects.Fit(all).BackTransformed.Estimate");
        Holds("where all 82 have .28. The interval does not even contain the truth", "all.Count == 82 && RandomEffects.Fit(published).ConfidenceInterval.Lower > RandomEffects.Fit(all).Estimate");
    }

    private void Stories()
    {
        Says("They run from «1.01» (PET-PEESE) to «2.55» (the selection model with a beta function).", Ratio("PET-PEESE"), Ratio("beta function"));
        Holds("They run from 1.01 (PET-PEESE) to 2.55 (the selection model with a beta function).", "adjusted.Estimates.MinBy(row => row.Estimate).Method.StartsWith(\"PET-PEESE\") && adjusted.Estimates.MaxBy(row => row.Estimate).Method.Contains(\"beta\")");
        Says("Of the «13» intervals «5» include an odds ratio of 1.", "adjusted.Estimates.Count(row => row.ConfidenceInterval is not null)", "adjusted.Estimates.Count(row => row.ConfidenceInterval is { } interval && interval.Contains(0))");
        Says("its interval reaches from just below 1 to «6.53»", Limit("beta function", "Upper"));
        Holds("its interval reaches from just below 1", $"{Limit("beta function", "Lower")} is > .99 and < 1");
        Holds("and 37 studies hardly determine them: it does not say that the true ratio is 2.55", $"effects.Count == 37 && Math.Abs({Ratio("beta function")} - 2.55) < .005");
        Holds("Open circles come with a warning, most of them that the standard error of an odds ratio goes with the effect by itself.", "adjusted.Estimates.Count(row => row.Warnings.Any(text => text.Contains(\"depends on the effect itself\"))) * 2 > adjusted.Estimates.Count(row => row.Warnings.Length > 0)");
        Says("the same corrections of the «50» **simulated** samples that were left above. All «82» have «.28».", "published.Count", "all.Count", "RandomEffects.Fit(all).BackTransformed.Estimate");
        Says("The published mean is «.37». The step functions («.26» and «.27»), the beta function («.30») and p-uniform* («.27») come closest to «.28».", "RandomEffects.Fit(published).BackTransformed.Estimate",
            Simulated("(0.025)"), Simulated("(0.025, 0.5)"), Simulated("beta function"), Simulated("p-uniform*"), "RandomEffects.Fit(all).BackTransformed.Estimate");
        Says("Trim-and-fill with L0 gets to «.30»; PET-PEESE stays at «.34», and Copas's model at «.37», nearly where it began.", Simulated("(L0)"), Simulated("PET-PEESE"), Simulated("Copas"));
        Holds("come closest to .28.", $"new[] {{ {Simulated("(0.025)")}, {Simulated("(0.025, 0.5)")}, {Simulated("beta function")}, {Simulated("p-uniform*")} }}.All(near => Math.Abs(near - RandomEffects.Fit(all).BackTransformed.Estimate) <= "
            + $"new[] {{ {Simulated("(L0)")}, {Simulated("(R0)")}, {Simulated("PET-PEESE")}, {Simulated("limit")}, {Simulated("UWLS")}, {Simulated("WAAP")}, {Simulated("Copas")} }}.Min(far => Math.Abs(far - RandomEffects.Fit(all).BackTransformed.Estimate)))");
    }

    private void HowBad()
    {
        Says("Severe one-sided selection would bring the odds ratio from 1.24 to «1.09», with an interval from «.97» to «1.22».", Story(1), StoryLimit(1, "Lower"), StoryLimit(1, "Upper"));
        Says("would bring the odds ratio from «1.24» to", "Math.Exp(fit.SelectionSensitivity().WithoutSelection.Estimate)");
        Says("Moderate selection would leave «1.17», and an interval above 1.", Story(0));
        Holds("and an interval above 1.", $"{StoryLimit(0, "Lower")} > 1");
        Says("Only «7» of the «37» results are affirmative. Without them the odds ratio is «1.14», 95% CI [«1.03», «1.27»]", $"{Worst}.AffirmativeCount", "effects.Count", $"Math.Exp({Worst}.WorstCase.Estimate)",
            $"Math.Exp({Worst}.WorstCase.ConfidenceInterval.Lower)", $"Math.Exp({Worst}.WorstCase.ConfidenceInterval.Upper)");
        Holds("no selection of this kind, however strong, brings the interval to 1.", $"{Worst}.RatioOfInterval.Outcome == SelectionRatioOutcome.NoneSuffices");
        Says("The «16» **published** correlations", "molloy.Count");
        Says("Here «9» of «16» results are affirmative. The mean of the others is $r = «.03»$, and its interval, from $«-.04»$ to «.11», includes 0.", "molloy.MathurVanderWeele().AffirmativeCount", "molloy.Count",
            "Math.Tanh(molloy.MathurVanderWeele().WorstCase.Estimate)", "Math.Tanh(molloy.MathurVanderWeele().WorstCase.ConfidenceInterval.Lower)", "Math.Tanh(molloy.MathurVanderWeele().WorstCase.ConfidenceInterval.Upper)");
        Says("It takes a selection of about «6» to 1 to bring the interval of the mean to 0", "(double)molloy.MathurVanderWeele().RatioOfInterval.Value");
        Holds("none brings the mean itself there. Whether 6 to 1 is much", "molloy.MathurVanderWeele().RatioOfEstimate.Outcome == SelectionRatioOutcome.NoneSuffices");
        Report();
    }

    private void Report()
    {
        Says("of «37» odds ratios from Hackshaw et al. (1997) gave OR = «1.24», 95% CI [«1.13», «1.37»], $t(«36») = «4.74»$, $p < .001$; $Q(«36») = «47.50»$, $p = «.095»$", "fit.Count", "fit.BackTransformed.Estimate", "fit.BackTransformed.ConfidenceInterval.Lower",
            "fit.BackTransformed.ConfidenceInterval.Upper", "(double)fit.DegreesOfFreedom", "fit.Statistic", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "fit.Heterogeneity.Q.PValue");
        Holds("$p < .001$", "fit.PValue < .001");
        Says("$\\tau = «.15»$, 95% CI [«.00», «.26»]; $I^2 = «30»\\%$, 95% CI [«0»%, «55»%]; 95% prediction interval [«0.91», «1.71»]", "fit.Heterogeneity.Tau", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Lower", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Upper",
            "fit.Heterogeneity.ISquared", "((ConfidenceInterval)fit.Heterogeneity.ISquaredInterval).Lower", "((ConfidenceInterval)fit.Heterogeneity.ISquaredInterval).Upper", Prediction("Lower"), Prediction("Upper"));
        Says("(Egger's test, $t(«35») = «2.26»$, $p = «.030»$)", $"(double){Egger}.DegreesOfFreedom", $"{Egger}.Statistic", $"{Egger}.PValue");
        Says("trim-and-fill gave «1.19» [«1.08», «1.31»], PET-PEESE «1.01» [«0.84», «1.20»]", Ratio("(L0)"), Limit("(L0)", "Lower"), Limit("(L0)", "Upper"), Ratio("PET-PEESE"), Limit("PET-PEESE", "Lower"), Limit("PET-PEESE", "Upper"));
        Given("a selection model with steps at one-sided $p = .025$ and .5", Because.Definition);
        Says("gave «1.08» [«0.91», «1.28»]. The «30» results that were not affirmative averaged «1.14» [«1.03», «1.27»].", Ratio("(0.025, 0.5)"), Limit("(0.025, 0.5)", "Lower"), Limit("(0.025, 0.5)", "Upper"), $"{Worst}.NonaffirmativeCount",
            $"Math.Exp({Worst}.WorstCase.Estimate)", $"Math.Exp({Worst}.WorstCase.ConfidenceInterval.Lower)", $"Math.Exp({Worst}.WorstCase.ConfidenceInterval.Upper)");
    }

    private void Questions()
    {
        Given("Twelve studies, Egger's test with $p = .40$.", Because.Input);
        Says("Rosenthal's fail-safe N of the «37» studies is «393».", "effects.Count", "(double)fit.FailSafeNumbers()[0].Count");
        Holds("Rosenthal's fail-safe N", "fit.FailSafeNumbers()[0].Kind == FailSafeKind.Rosenthal");
    }

    private void Exercises()
    {
        Given("with a probability of .7 in place of .3.", Because.Input);
        Says("Now «67» of «82» samples are left, and the mean is «.30» where the truth is «.28».", "milder.Count", "all.Count", "RandomEffects.Fit(milder).BackTransformed.Estimate", "RandomEffects.Fit(all).BackTransformed.Estimate");
        Holds("With four fifths of a literature published", "milder.Count / (double)all.Count is > .78 and < .83");
        Says("Four of the «37» studies followed cohorts", "effects.Count");
        Holds("Four of the 37 studies followed cohorts", "effects.Where(\"design\", \"cohort\").Count == 4");
        Says("with a slope of «0.87», $t(«31») = «2.08»$, $p = «.046»$", "caseControl.EggerTest().Slope.Estimate", "(double)caseControl.EggerTest().DegreesOfFreedom", "caseControl.EggerTest().Statistic", "caseControl.EggerTest().PValue");
        Says("Correct the «16» correlations of", "molloy.Count");
        Says("They run from $«-.01»$ (the beta function) to «.17» (p-uniform), beside an uncorrected «.15».", "Math.Tanh(ofMolloy.Estimates.Single(row => row.Method.Contains(\"beta\")).Estimate)", "Math.Tanh(ofMolloy.Estimates.Single(row => row.Method == \"p-uniform\").Estimate)", "molloy.BackTransformed.Estimate");
        Holds("the relation is hardly stronger than published. Whether anything would be left of it they do not agree on.", "ofMolloy.Estimates.Max(row => row.Estimate) - molloy.Estimate is > 0 and < .04 && ofMolloy.Estimates.Min(row => row.Estimate) < 0");
        Holds("They run from $-.01$ (the beta function) to .17 (p-uniform)", "ofMolloy.Estimates.MinBy(row => row.Estimate).Method.Contains(\"beta\") && ofMolloy.Estimates.MaxBy(row => row.Estimate).Method == \"p-uniform\"");
        Holds("With 16 studies most of them warn", "molloy.Count == 16 && 2 * ofMolloy.Estimates.Count(row => row.Warnings.Length > 0) > ofMolloy.Estimates.Length");
        Given("has 160 correlations between interviews and later performance at work. Fit the selection model with a step at .025.", Because.Input);
        Says("The weight of results that are not significant is «.82»: by this model a significant result was published about «1.2» times as readily.", "selection.Parameters[0].Estimate", "1 / selection.Parameters[0].Estimate");
        Says("from «.49» to «1.36», includes 1, which is no selection. The mean goes from «.23» to «.22».", "((ConfidenceInterval)selection.Parameters[0].ConfidenceInterval).Lower", "((ConfidenceInterval)selection.Parameters[0].ConfidenceInterval).Upper",
            "interviews.BackTransformed.Estimate", "Math.Tanh(((Coefficient)selection.Mean).Estimate)");
    }

    private static string Row(string method) => $"adjusted.Estimates.Single(row => row.Method.Contains(\"{method}\"))";

    private static string Ratio(string method) => $"Math.Exp({Row(method)}.Estimate)";

    private static string Limit(string method, string end) => $"Math.Exp(((ConfidenceInterval){Row(method)}.ConfidenceInterval).{end})";

    private static string Simulated(string method) => $"Math.Tanh(RandomEffects.Fit(published).AdjustForBias(new() {{ AveragesModels = false }}).Estimates.Single(row => row.Method.Contains(\"{method}\")).Estimate)";

    private static string Limit(string end) => $"Math.Exp(((Coefficient)fit.EggerTest().Limit).ConfidenceInterval.{end})";

    private static string Adhoc(string end) => $"RandomEffects.Fit(effects, new() {{ Inference = Inference.HartungKnappAdHoc }}).BackTransformed.ConfidenceInterval.{end}";

    private static string Prediction(string end) => $"((ConfidenceInterval)fit.BackTransformed.PredictionInterval).{end}";

    private static string Story(int story) => $"Math.Exp(((Coefficient)fit.SelectionSensitivity().Stories[{story}].Fit.Mean).Estimate)";

    private static string StoryLimit(int story, string end) => $"Math.Exp(((Coefficient)fit.SelectionSensitivity().Stories[{story}].Fit.Mean).ConfidenceInterval.{end})";
}
