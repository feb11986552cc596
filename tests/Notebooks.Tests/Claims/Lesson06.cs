namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson06() : LessonClaims("06-dependent-effects")
{
    private const string Explorer = "DependenceExplorer.Create(new() { Correlation = 0.5, EffectsPerSample = 3 }).Model";
    private const string Alike = "DependenceExplorer.Create(new() { Correlation = 0, EffectsPerSample = 3 }).Model";
    private const string Apart = "DependenceExplorer.Create(new() { Correlation = 0, EffectsPerSample = 3, Tau = 0 }).Model";
    private const string Copies = "DependenceExplorer.Create(new() { Correlation = 1, EffectsPerSample = 3 }).Model";

    protected override void State()
    {
        Puzzle();
        Averages();
        Levels();
        Schools();
        Exercises();
    }

    private void Puzzle()
    {
        Says("data hold «263» effects, and they come from «82» samples", "simulated.Count", "samples.Count");
        Says("as these «263» do", "simulated.Count");
        Says("the «263» effects are worth «85» independent ones", "simulated.Count", "simulated.Count / (c * c)");
        Holds("Its interval is little more than half as wide as it should be.", $"{Width("naive")} / {Width("averaged")} is > .5 and < .6");
        Says("the middle between «82» and «263» seems fair", "samples.Count", "simulated.Count");
        Holds("how much a further effect adds can be computed, and here it is almost nothing", "simulated.Count / (c * c) - samples.Count is > 0 and < 5");
        Says("The table behind the published $r = «.28»$", "Datasets.PublishedFinding(\"Elliott et al. (2018)\").Estimate");
        Holds("so that the standard analysis gives the published summary", "Math.Round(averaged.BackTransformed.Estimate, 2) == .28");
        Says("Three correlations, and three times the same «18» clients. If these «18» happen", "simulated.SampleSizes[2]", "simulated.SampleSizes[0]");
        Holds("Three correlations, and three times", "simulated.GroupBy(\"sample\")[0].Value.Count == 3");
        Says("came from «18» *other* clients", "simulated.SampleSizes[0]");
    }

    private void Averages()
    {
        Says("$N = «20{,}661»$. There are «6,138» clients", "simulated.TotalSampleSize", "samples.TotalSampleSize");
        Says("«57» of the «82» samples have more than one effect", "simulated.GroupBy(\"sample\").Count(one => one.Value.Count > 1)", "samples.Count");
        Holds("The last line of the output is a warning, and it is right", "naive.Warnings.Any(one => one.Contains(\"57 of 82\"))");
        Says("The interval from «.26» to «.32» comes from a model that believes in «263» studies", "naive.BackTransformed.ConfidenceInterval.Lower", "naive.BackTransformed.ConfidenceInterval.Upper", "naive.Count");
        Says("«12» samples give «36» effects, and these are worth «14» independent ones", $"{Explorer}.Start.Samples", $"{Explorer}.Start.Samples * {Explorer}.Start.EffectsPerSample", $"{Explorer}.EffectiveNumber");
        Says("in 95 of 100 reviews; it does so in «78»", $"100 * {Explorer}.NaiveCoverage");
        Given("is meant to hold the true mean in 95 of 100 reviews", Because.Definition);
        Holds("the naive standard error is still too small, since the effects of a sample still share its true effect", $"{Alike}.Ratio > 1.2");
        Holds("now nothing is shared, and both agree", $"Math.Abs({Apart}.Ratio - 1) < 1e-12");
        Holds("is a copy of the first, and adds nothing", $"Math.Abs({Copies}.EffectiveNumber - {Copies}.Start.Samples) < 1e-9");
        Says("the published $r = «.28»$ is a study-level result", "Datasets.PublishedFinding(\"Elliott et al. (2018)\").Estimate");
        Given("here one assumes a value, .5, and later tries others.", Because.Input);
        Says("All «6,138» clients are still there", "samples.TotalSampleSize");
        Says("The correlation is «.28» with an interval from «.23» to «.33». That is «1.8» times as wide", "averaged.BackTransformed.Estimate", "averaged.BackTransformed.ConfidenceInterval.Lower",
            "averaged.BackTransformed.ConfidenceInterval.Upper", $"{Width("averaged")} / {Width("naive")}");
        Holds("That it equals the published interval is no discovery.", "Math.Round(averaged.BackTransformed.ConfidenceInterval.Lower, 2) == .23 && Math.Round(averaged.BackTransformed.ConfidenceInterval.Upper, 2) == .33");
    }

    private void Levels()
    {
        Holds("The mean is the same .28, with the same interval", run => run.Value<bool>("Math.Round(model.BackTransformed.Value.Estimate, 2) == .28 && Math.Round(model.BackTransformed.Value.ConfidenceInterval.Lower, 2) == .23 "
            + "&& Math.Round(model.BackTransformed.Value.ConfidenceInterval.Upper, 2) == .33"));
        Says("Between samples the variance is «.037», within samples «.004»", "model.Component(\"sample\").SigmaSquared", "model.Component(\"effect\").SigmaSquared");
        Holds("samples differ a good deal, and the effects of one sample little", "model.Component(\"sample\").SigmaSquared > 5 * model.Component(\"effect\").SigmaSquared");
        Says("The standard error is «1.76» times the naive one, and «263» effects are worth «85».", "c", "simulated.Count", "simulated.Count / (c * c)");
        Holds("where samples differ much more than effects within them", "model.Component(\"sample\").SigmaSquared > 5 * model.Component(\"effect\").SigmaSquared");
        Given("Who says that all errors correlate .5", Because.Input);
        Says("takes the scatter of these «82» sums as it is", "model.Robust().ClusterCount");
        Says("The standard error is «.0273», as in the model, and there are «74» degrees of freedom.", "model.Robust().Coefficients[0].StandardError", "model.Robust().Coefficients[0].DegreesOfFreedom");
        Holds("That the two agree", "Math.Abs(model.Robust().Coefficients[0].StandardError / model.Coefficients[0].StandardError - 1) < .002");
        Given("let it run from 0 to .9", Because.Input);
        Says("The mean moves from «.2921» to «.2895» on the scale of $z$", "sensitivity[0].Fit.Coefficients[0].Estimate", "sensitivity[9].Fit.Coefficients[0].Estimate");
        Says("the second variance grows from «.0005» to «.017», and the first shrinks", "sensitivity[0].Fit.Component(\"effect\").SigmaSquared", "sensitivity[9].Fit.Component(\"effect\").SigmaSquared");
        Holds("and the first shrinks", "Enumerable.Range(1, 9).All(i => sensitivity[i].Fit.Component(\"sample\").SigmaSquared < sensitivity[i - 1].Fit.Component(\"sample\").SigmaSquared)");
        Holds("Three flat lines", "sensitivity.Max(one => one.Robust.Coefficients[0].ConfidenceInterval.Lower) - sensitivity.Min(one => one.Robust.Coefficients[0].ConfidenceInterval.Lower) < .005 "
            + "&& sensitivity.Max(one => one.Robust.Coefficients[0].ConfidenceInterval.Upper) - sensitivity.Min(one => one.Robust.Coefficients[0].ConfidenceInterval.Upper) < .005");
        Given("the best answer to the question \"why .5?\"", Because.Input);
    }

    private void Schools()
    {
        Says("analyses «56» studies, each of one school, from «11» districts", "schools.Count", "districts.Clusters.Count");
        Says("finds a difference of «0.13», with an interval from «0.04» to «0.21», $p = «.005»$", "asIndependent.Estimate", "asIndependent.ConfidenceInterval.Lower", "asIndependent.ConfidenceInterval.Upper", "asIndependent.PValue");
        Says("Now the mean is «0.18», and its standard error about twice as large, «0.085».", Mean("Estimate"), Mean("StandardError"));
        Holds("its standard error about twice as large", $"{Mean("StandardError")} / asIndependent.StandardError is > 1.9 and < 2.1");
        Says("just below zero, $«-0.004»$, to $«0.373»$, $p = «.054»$", Mean("ConfidenceInterval.Lower"), Mean("ConfidenceInterval.Upper"), Mean("PValue"));
        Holds("It is tested with ten degrees of freedom", $"{Mean("DegreesOfFreedom")} == 10");
        Says("ten is what «11» districts allow; a model that counted «55»", "districts.Clusters.Count", "schools.Count - 1");
        Holds("would call the same numbers significant", "MultilevelModel.Fit(schools, [\"district\", \"school\"], new() { DegreesOfFreedom = DegreesOfFreedomMethod.Residual }).Coefficients[0].PValue < .05");
        Holds("The mean has moved up, too.", $"{Mean("Estimate")} > asIndependent.Estimate");
        Says("Two districts, «58» and «86», bring «19» of the «56» schools, and none of these found more than «0.07».", "58", "86", $"{Two}.Count()", "schools.Count", $"{Two}.Max(i => schools.Effects[i])");
        Holds("they have about a third of all votes; the multilevel model gives them less", $"{Two}.Sum(i => asIndependent.Weights[i]) is > .31 and < .38 && {Two}.Sum(i => ((IModelFit)districts).Weights[i]) < .25");
        Holds("Districts differ visibly more than the schools within them, and District 71 lies far above the others.",
            "districts.GroupEffects(\"district\").OrderByDescending(one => one.Estimate).First().Group == \"71\" && districts.Component(\"district\").SigmaSquared > districts.Component(\"school\").SigmaSquared");
        Says("«.065» between districts, «.033» between schools of one district", "districts.Component(\"district\").SigmaSquared", "districts.Component(\"school\").SigmaSquared");
        Says("from $«-0.004»$ to $«0.373»$, $p = «.054»$, on «9.9» degrees of freedom", Robust("ConfidenceInterval.Lower"), Robust("ConfidenceInterval.Upper"), Robust("PValue"), Robust("DegreesOfFreedom"));
        Says("So the naive $p = «.005»$", "asIndependent.PValue");
        Says("runs from $«-0.54»$ to «0.91»", New("Lower"), New("Upper"));
        Says("The «56» effects from «11» districts were analysed", "schools.Count", "districts.Clusters.Count");
        Says("was $«0.185»$, 95% CI $[«-0.004», «0.373»]$, $t(«10») = «2.18»$, $p = «.054»$; robust: 95% CI $[«-0.004», «0.373»]$, $p = «.054»$", Mean("Estimate"), Mean("ConfidenceInterval.Lower"), Mean("ConfidenceInterval.Upper"),
            Mean("DegreesOfFreedom"), Mean("Statistic"), Mean("PValue"), Robust("ConfidenceInterval.Lower"), Robust("ConfidenceInterval.Upper"), Robust("PValue"));
        Says("$Q(«55») = «578.86»$, $p < .001$", "districts.Q.DegreesOfFreedom", "districts.Q.Statistic");
        Holds("$p < .001$", "districts.Q.PValue < .001");
        Says("($\\sigma^2 = «.065»$, 95% CI $[«.022», «.207»]$)", Component("district", "SigmaSquared"), Component("district", "SigmaSquaredInterval.Lower"), Component("district", "SigmaSquaredInterval.Upper"));
        Says("($\\sigma^2 = «.033»$, 95% CI $[«.016», «.063»]$)", Component("school", "SigmaSquared"), Component("school", "SigmaSquaredInterval.Lower"), Component("school", "SigmaSquaredInterval.Upper"));
        Says("in a new district was $[«-0.54», «0.91»]$", New("Lower"), New("Upper"));
    }

    private void Exercises()
    {
        Given("with $\\rho = 0$ and with $\\rho = .9$ in place of .5", Because.Input);
        Holds("with both it is .28, with an interval from .23 to .33", "new[] { 0, .9 }.Select(one => RandomEffects.Fit(simulated.AverageWithin(\"sample\", one)).BackTransformed)"
            + ".All(one => Math.Round(one.Estimate, 2) == .28 && Math.Round(one.ConfidenceInterval.Lower, 2) == .23 && Math.Round(one.ConfidenceInterval.Upper, 2) == .33)");
        Says("The mean is «.28» again.", "oneLevel.BackTransformed.Value.Estimate");
        Given("With .5 the level is needed", Because.Input);
        Says("$\\chi^2(«1») = «34.05»$, $p < .001$; with 0 it is not, $\\chi^2(«1») = «0.29»$, $p = «.589»$", "model.CompareWith(oneLevel).DegreesOfFreedom", "model.CompareWith(oneLevel).Statistic",
            "twoLevels0.CompareWith(oneLevel0).DegreesOfFreedom", "twoLevels0.CompareWith(oneLevel0).Statistic", "twoLevels0.CompareWith(oneLevel0).PValue");
        Holds("$p < .001$; with 0 it is not", "model.CompareWith(oneLevel).PValue < .001");
        Says("has «113» correlations", "attitudes.Count");
        Says("from «17» studies", "che.Clusters.Count");
        Given("CHE with $\\rho = .8$ and robust errors", Because.Input);
        Says("The naive interval is $[«.09», «.14»]$, the robust one $[«.05», «.15»]$ on «14.9» degrees of freedom", "naiveAttitudes.BackTransformed.ConfidenceInterval.Lower", "naiveAttitudes.BackTransformed.ConfidenceInterval.Upper",
            "che.Robust().BackTransformed.Value.ConfidenceInterval.Lower", "che.Robust().BackTransformed.Value.ConfidenceInterval.Upper", "che.Robust().Coefficients[0].DegreesOfFreedom");
        Holds("more than twice as wide", $"{Width("che.Robust()", ".Value")} / {Width("naiveAttitudes")} > 2");
        Says("The mean falls from «.12» to «.10».", "naiveAttitudes.BackTransformed.Estimate", "che.BackTransformed.Value.Estimate");
    }

    private const string Two = "Enumerable.Range(0, schools.Count).Where(i => schools.Column(\"district\").Text(i) is \"58\" or \"86\")";

    private static string Width(string fit, string known = "") => $"{fit}.BackTransformed{known}.ConfidenceInterval.Width";

    private static string Mean(string what) => $"districts.Coefficients[0].{what}";

    private static string Robust(string what) => $"districts.Robust().Coefficients[0].{what}";

    private static string New(string end) => $"districts.PredictionInterval.Value.{end}";

    private static string Component(string level, string what) => $"districts.Component(\"{level}\").{what}";
}
