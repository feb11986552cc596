namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson09() : LessonClaims("09-sensitivity")
{
    protected override void State()
    {
        Puzzle();
        LeaveOneOut();
        Subsets();
        Multiverse();
        Reviewers();
        Report();
        Questions();
        Exercises();
    }

    private void Puzzle()
    {
        Says("Two reviewers each analyse them in «24» defensible ways.", "reviewers.Main.Specifications.Length");
        Holds("Nineteen comparisons asked", "experiments.Count == 19");
        Holds("In not one of the first reviewer's analyses is the 95% interval above 0. In every single one of the second reviewer's it is.", $"{Above("reviewers.Parts[0]")} == 0 && {Above("reviewers.Parts[1]")} == 24");
        Says("The first takes all «19». The second takes the «8» in which teachers had known their pupils for a week at most", "experiments.Count", "reviewers.Parts[1].Specifications.Max(one => one.Value.Count)");
        Holds("all three estimators stand in both sets of 24.", "reviewers.Parts[0].Specifications.Length == 24 && reviewers.Parts[1].Specifications.Length == 24 && tools.Choices[0].Options.Length == 3");
        Holds("it moves the estimate most within either question", "reviewers.Parts.All(part => part.Influence.MaxBy(one => one.TotalShare).Choice == \"outlying studies\")");
    }

    private void LeaveOneOut()
    {
        Holds("Its 19 rows come from 18 reports, since Pellegrini and Hicks have two, one with each kind of tester.", "experiments.Count == 19 && experiments.Labels.Select(label => label.Split(',')[0]).Distinct().Count() == 18 && experiments.Labels.Count(label => label.StartsWith(\"Pellegrini\")) == 2");
        Given("a deleted residual beyond 1.96", Because.Definition);
        Says("ahead by «0.08» standard deviations, 95% CI [«-0.05», «0.21»]", "fit.Estimate", "fit.ConfidenceInterval.Lower", "fit.ConfidenceInterval.Upper");
        Says("($Q(«18») = «35.83»$, $p = «.007»$)", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "fit.Heterogeneity.Q.PValue");
        Says("The smallest, «0.05», comes without Maxwell's study of 1970, the largest, «0.10», without that of Evans and Rosenthal of 1969, and every interval includes 0.", "fit.LeaveOneOut().Min(one => one.Fit.Estimate)", "fit.LeaveOneOut().Max(one => one.Fit.Estimate)");
        Holds("comes without Maxwell's study of 1970, the largest, 0.10, without that of Evans and Rosenthal of 1969, and every interval includes 0.", "fit.LeaveOneOut().MinBy(one => one.Fit.Estimate).Label.StartsWith(\"Maxwell\") && "
            + "fit.LeaveOneOut().MaxBy(one => one.Fit.Estimate).Label.StartsWith(\"Evans\") && fit.LeaveOneOut().All(one => one.Fit.ConfidenceInterval.Contains(0))");
        Says("with all of them it is «.019», without Maxwell «.003».", "fit.TauSquared", "fit.LeaveOneOut().Single(one => one.Label.StartsWith(\"Maxwell\")).Fit.TauSquared");
        Holds("No study passes a limit.", "fit.Influence().Influential.Length == 0");
        Says("the deleted residual of Pellegrini and Hicks, with testers who knew, is «2.56», that of Maxwell «2.38».", Residual("Pellegrini & Hicks (1972, aware)"), Residual("Maxwell (1970, blind)"));
        Holds("Two lie far out", "fit.Influence().Rows.Count(row => Math.Abs(row.StudentizedResidual ?? 0) > 1.96) == 2");
        Says("Of «19» residuals one expects about one beyond", "fit.Count");
        Holds("residuals one expects about one beyond 1.96 by chance.", "Math.Abs(19 * .05 - 1) < .1");
        Says("Cook's distance is largest for Maxwell, «.35», below the limit of «.45».", "fit.Influence().Rows.Max(row => row.CookDistance ?? 0)", "fit.Influence().CookLimit");
        Holds("Cook's distance is largest for Maxwell", "fit.Influence().Rows.MaxBy(row => row.CookDistance ?? 0).Label.StartsWith(\"Maxwell\")");
    }

    private void Subsets()
    {
        Says("Nineteen studies have $2^{19} - 1$ subsets that are not empty: «524,287».", "gosh.Subsets");
        Holds("Nineteen studies have $2^{19} - 1$ subsets", "fit.Count == 19 && gosh.IsExhaustive && gosh.Subsets == (1L << 19) - 1");
        Says("They average «0.14», those without it «0.06», and whether it is in explains «42»% of how $I^2$ varies between subsets.", Member("MeanWith"), Member("MeanWithout"), Member("HeterogeneityExplained"));
        Holds("Two, though they overlap a good deal. The subsets with Maxwell's study lie further to the right and higher up.", "gosh.Points.Where(one => (one.Members >> 9 & 1) == 1).Average(one => one.Estimate) > gosh.Points.Where(one => (one.Members >> 9 & 1) == 0).Average(one => one.Estimate) && "
            + "gosh.Points.Where(one => (one.Members >> 9 & 1) == 1).Average(one => one.ISquared) > gosh.Points.Where(one => (one.Members >> 9 & 1) == 0).Average(one => one.ISquared)");
        Says("from «-0.02» to «0.26», describe subsets", "gosh.Estimate.Quantile(.025)", "gosh.Estimate.Quantile(.975)");
        Holds("The table names one outlying study already.", "gosh.Outlying.Length == 1 && gosh.Outlying[0].StartsWith(\"Maxwell\")");
        Holds("Maxwell's pupils were tested one by one, by testers who did not know who had been named, a week after the teachers met them.", "experiments.Column(\"setting\").Text(9) == \"indiv\" && experiments.Column(\"tester\").Text(9) == \"blind\" && "
            + "experiments.Column(\"weeks\").Number(9) == 1 && experiments.Labels[9].StartsWith(\"Maxwell\")");
    }

    private void Multiverse()
    {
        Says("the «82» **simulated** samples of empathy again, «263» effects in all", "simulated.AverageWithin(\"sample\", correlation: 0.5).Count", "simulated.Count");
        Given("are there at least 30 people?", Because.Input);
        Says("The choices have «720» combinations", "multiverse.Combinations");
        Says("«420» different analyses are left, in five parts. With all raters there are «96». Their estimates lie between «.27» and «.29»", "multiverse.Specifications.Length", "multiverse.Main.Specifications.Length",
            "Math.Tanh(multiverse.Main.Quantile(0))", "Math.Tanh(multiverse.Main.Quantile(1))");
        Holds("in five parts", "multiverse.Parts.Length == 5 && multiverse.Main.Name == \"rater: all studies\"");
        Holds("**all 96 intervals are above 0**", $"{Above("multiverse.Main")} == 96");
        Holds("For clients and observers it is the same.", $"new[] {{ \"client\", \"observer\" }}.All(rater => multiverse.Parts.Single(part => part.Name == $\"rater: {{rater}}\").ShareSignificant == 1)");
        Says("For therapists «75»% of the intervals are above 0, for accuracy «52»%", "multiverse.Parts.Single(part => part.Name == \"rater: therapist\").ShareSignificant", "multiverse.Parts.Single(part => part.Name == \"rater: accuracy\").ShareSignificant");
        Holds("But be careful with \"all 96\". They are not 96 confirmations. They are 96 views of *the same* samples, and if these mislead, all 96 mislead.", "multiverse.Main.Specifications.Length == 96");
        Says("who rates empathy explains «85»% of the variance between estimates", "((System.Collections.Immutable.ImmutableArray<ChoiceInfluence>)multiverse.Influence).Single(one => one.Choice == \"rater\").Share");
        Holds("model, correlation and estimator, together explains less than one percent.", "((System.Collections.Immutable.ImmutableArray<ChoiceInfluence>)multiverse.Influence).Where(one => one.Choice is \"model\" or \"correlation\" or \"estimator\").Sum(one => one.Share) < .01");
    }

    private void Reviewers()
    {
        Says("Of all experiments «24» analyses, estimates from «0.03» to «0.10», not one interval above 0.", "reviewers.Parts[0].Specifications.Length", "reviewers.Parts[0].Quantile(0)", "reviewers.Parts[0].Quantile(1)");
        Says("Of those with a week of contact at most «24» again, from «0.29» to «0.39», and every interval above 0.", "reviewers.Parts[1].Specifications.Length", "reviewers.Parts[1].Quantile(0)", "reviewers.Parts[1].Quantile(1)");
        Holds("not one interval above 0", $"{Above("reviewers.Parts[0]")} == 0");
        Holds("and every interval above 0", $"{Above("reviewers.Parts[1]")} == 24");
        Says("«50»% of all analyses are significant", "reviewers.Specifications.Average(one => one.Value.Interval is { } interval && interval.Lower > 0 ? 1.0 : 0)");
        Says("the rule about outlying studies explains «69»% of what varies", "reviewers.Parts[0].Influence.Single(one => one.Choice == \"outlying studies\").Share");
        Holds("it is the rule that drops Maxwell and Pellegrini and Hicks", "fit.Influence().Rows.Where(row => Math.Abs(row.StudentizedResidual ?? 0) > 1.96).Select(row => row.Label).SequenceEqual(new[] { \"Pellegrini & Hicks (1972, aware)\", \"Maxwell (1970, blind)\" })");
    }

    private void Report()
    {
        Says("of «19» standardized mean differences (Raudenbush, 1984) gave $g = «0.08»$, 95% CI [«-0.05», «0.21»], $t(«18») = «1.36»$, $p = «.191»$; $Q(«18») = «35.83»$, $p = «.007»$; $\\tau = «.14»$, 95% CI [«.08», «.44»]; $I^2 = «42»\\%$, 95% CI [«18»%, «88»%]; 95% prediction interval [«-0.23», «0.40»].",
            "fit.Count", "fit.Estimate", "fit.ConfidenceInterval.Lower", "fit.ConfidenceInterval.Upper", "(double)fit.DegreesOfFreedom", "fit.Statistic", "fit.PValue", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "fit.Heterogeneity.Q.PValue",
            "fit.Heterogeneity.Tau", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Lower", "((ConfidenceInterval)fit.Heterogeneity.TauInterval).Upper", "fit.Heterogeneity.ISquared", "((ConfidenceInterval)fit.Heterogeneity.ISquaredInterval).Lower",
            "((ConfidenceInterval)fit.Heterogeneity.ISquaredInterval).Upper", "((ConfidenceInterval)fit.PredictionInterval).Lower", "((ConfidenceInterval)fit.PredictionInterval).Upper");
        Says("Without any single experiment the estimate lay between «0.05» and «0.10»", "fit.LeaveOneOut().Min(one => one.Fit.Estimate)", "fit.LeaveOneOut().Max(one => one.Fit.Estimate)");
        Holds("In all 24 combinations of three estimators, two tests, two rules for outlying studies and two for the setting the interval included 0.", "reviewers.Parts[0].Specifications.Length == 24 && reviewers.Parts[0].Specifications.All(one => one.Value.Interval is { } interval && interval.Contains(0))");
        Holds("it lay above 0 in all 24.", $"{Above("reviewers.Parts[1]")} == 24");
    }

    private void Questions()
    {
        Says("95% of the subsets have estimates from «-0.02» to «0.26».", "gosh.Estimate.Quantile(.025)", "gosh.Estimate.Quantile(.975)");
        Holds("95% of the subsets have", "SubsetSummary.Probabilities.Contains(.025) && SubsetSummary.Probabilities.Contains(.975)");
        Holds("A multiverse has 96 analyses, all of them significant.", "multiverse.Main.Specifications.Length == 96 && multiverse.Main.ShareSignificant == 1");
        Given("nothing was observed 96 times.", Because.Wrong);
    }

    private void Exercises()
    {
        Holds("Two do: that of Pellegrini and Hicks with testers who knew, and Maxwell's.", "EqualEffects.Fit(experiments).Gosh().Outlying.Order().SequenceEqual(new[] { \"Maxwell (1970, blind)\", \"Pellegrini & Hicks (1972, aware)\" })");
        Says("With every week of contact the effect falls by «0.016», $F(1, «17») = «6.03»$, $p = «.025»$.", "-byWeeks.Coefficients[1].Estimate", "(double)byWeeks.ModeratorTest.DenominatorDegreesOfFreedom", "byWeeks.ModeratorTest.Statistic", "byWeeks.ModeratorTest.PValue");
        Says("($R^2 = «41»\\%$, a rough figure", "(double)byWeeks.RSquared");
        Holds("here nearly 20,000, and Maxwell still divides them", "byWeeks.Gosh().Subsets is > 19_000 and < 20_000 && byWeeks.Gosh().Outlying.Single().StartsWith(\"Maxwell\") && byWeeks.Influence().Influential.Length == 0");
        Says("All subsets of the «16» correlations", "adherence.Count");
        Holds("That of Jerant and colleagues. Its correlation holds other variables constant: `controls` is `multiple` in its row.", "adherence.Gosh().Outlying.Single() == \"Jerant et al. (2011)\" && adherence.Effects.Column(\"controls\").Text(adherence.Effects.Labels.IndexOf(\"Jerant et al. (2011)\")) == \"multiple\"");
        Says("Of «300» random patterns of signs «3.7»% have a median as far from 0, with a random error of «1.1» points", "reviewers.Parts[1].Test(new() { Permutations = 300 }).Permutations",
            "reviewers.Parts[1].Test(new() { Permutations = 300 }).Median.PValue", "100 * reviewers.Parts[1].Test(new() { Permutations = 300 }).Median.StandardError");
    }

    private static string Residual(string study) => $"(double)fit.Influence().Rows.Single(row => row.Label == \"{study}\").StudentizedResidual";

    private static string Member(string number) => $"gosh.Studies.Single(study => study.Label.StartsWith(\"Maxwell\")).{number}";

    private static string Above(string part) => $"{part}.Specifications.Count(one => one.Value.Interval is {{ }} interval && interval.Lower > 0)";
}
