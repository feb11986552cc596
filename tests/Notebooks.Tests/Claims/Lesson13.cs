namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson13() : LessonClaims("13-write-up")
{
    private const string Mean = "fit.BackTransformed.Estimate", Lower = "fit.BackTransformed.ConfidenceInterval.Lower", Upper = "fit.BackTransformed.ConfidenceInterval.Upper",
        From = "fit.BackTransformed.PredictionInterval!.Value.Lower", To = "fit.BackTransformed.PredictionInterval!.Value.Upper", Spread = "fit.Heterogeneity.TauInterval!.Value", Share = "fit.Heterogeneity.ISquaredInterval!.Value",
        RealMean = "real.BackTransformed.Estimate", RealLower = "real.BackTransformed.ConfidenceInterval.Lower", RealUpper = "real.BackTransformed.ConfidenceInterval.Upper", RealShare = "real.Heterogeneity.ISquaredInterval!.Value",
        Checklist = "PrismaChecklist.Items";

    protected override void State()
    {
        // The paragraphs of the puzzle.
        Says("Data from «82» samples and «6,138» clients prove that empathy works.", "samples.Count", "samples.TotalSampleSize");
        Says("clients of empathic therapists recover better, $r = «.28»$, a substantial effect", Mean);
        Holds("Over 82 samples, empathy and outcome were significantly related, $p < .001$. The test of heterogeneity was significant, too, $p < .001$.", "samples.Count == 82 && fit.Mean.PValue < .001 && fit.Heterogeneity.Q.PValue < .001");
        Says("The «263» effects were averaged within «82» samples ($N = «6{,}138»$)", "all.Count", "samples.Count", "samples.TotalSampleSize");
        Given("with sampling errors assumed to correlate .5", Because.Input);
        Says("the mean correlation was $r = «.28»$, 95% CI $[«.23», «.33»]$, $t(«81») = «10.71»$", Mean, Lower, Upper, "fit.Mean.DegreesOfFreedom", "fit.Mean.Statistic");
        Holds("$t(81) = 10.71$, $p < .001$. Effects differed beyond sampling error, $Q(81) = 441.81$, $p < .001$",
            "fit.Mean.PValue < .001 && fit.Heterogeneity.Q.PValue < .001 && Math.Abs(fit.Heterogeneity.Q.Statistic - 441.81) < .005 && fit.Count - 1 == 81 && Math.Abs(fit.Mean.Statistic - 10.71) < .005");
        Says("$\\tau = «.20»$ on the scale of Fisher's $z$, 95% CI $[«.16», «.25»]$, $I^2 = «80»\\%$, 95% CI $[«70»\\%, «86»\\%]$. The 95% prediction interval, $[«-.11», «.60»]$, holds correlations of both signs",
            "fit.Heterogeneity.Tau", $"{Spread}.Lower", $"{Spread}.Upper", "fit.Heterogeneity.ISquared", $"{Share}.Lower", $"{Share}.Upper", From, To);
        Holds("The *mean* is known to be positive; single settings differ from it so much that some may be negative.", $"{Lower} > 0 && {From} < 0");

        Given("*Paragraph 2.*", Because.Definition);
        Given("*Paragraph 3.*", Because.Definition);

        // The simulated analysis.
        Holds("Of the numbers in the third paragraph only the 263 effects, the assumed .5 and the intervals of $\\tau$ and $I^2$ are not in these few lines.", run => run.Output("var all") is var printed
            && new[] { ".283", "[.232, .332]", "[−.111, .600]", "t(81)", "10.71", "441.81", "0.2002", "79.5%", "6,138", "k = 82" }.All(number => printed.Contains(number, StringComparison.Ordinal))
            && new[] { "263", "70.4%", "0.157" }.All(number => !printed.Contains(number, StringComparison.Ordinal)));
        Holds("There were 263 effects, and the text speaks as if there had been 82 from the start.", run => run.Value<bool>("all.Count == 263 && samples.Count == 82") && !run.Output("Report.Of(fit, new() { Sections = [ReportSection.Methods] })").Contains("averaged", StringComparison.Ordinal));
        Holds("`RandomEffects.Fit` was handed 82 effects", "fit.Count == 82");
        Holds("Now the averaging has a sentence with a source. The assumed correlation of .5 still has none, nor has the number 263.", run => run.Output("var inquiry") is var methods
            && methods.Contains("were averaged before the analysis (Borenstein et al., 2009)", StringComparison.Ordinal) && !methods.Contains("263", StringComparison.Ordinal) && !methods.Contains(".5", StringComparison.Ordinal));
        Holds("\"the interval excludes zero\"", run => run.Output("Report.Of(inquiry, new() { Sections = [ReportSection.Model]").Contains("the interval excludes zero.", StringComparison.Ordinal));
        Holds("It speaks of samples, since we said what the 82 are.", run => run.Output("Report.Of(inquiry, new() { Sections = [ReportSection.Model]").Contains("k = 82 samples", StringComparison.Ordinal));
        Says("$\\tau$ lies between «.16» and «.25», $I^2$ between «70»% and «86»%", $"{Spread}.Lower", $"{Spread}.Upper", $"{Share}.Lower", $"{Share}.Upper");
        Says("may lie anywhere from «−.11» to «.60», \"on both sides of zero\"", From, To);
        Holds("\"on both sides of zero\"", run => run.Output("Report.Of(inquiry, new() { Sections = [ReportSection.Heterogeneity]").Contains("on both sides of zero", StringComparison.Ordinal));
        Given("ask the methods of lessons 08 and 09", Because.Definition);
        Holds("59 of 100 pairs, where 50 would mean no link", run => run.Output("Report.Of(inquiry, new() { Sections = [ReportSection.Summary] })") is var summary
            && summary.Contains("of 100 pairs", StringComparison.Ordinal) && summary.Contains("in about 59 pairs (50 would mean no link)", StringComparison.Ordinal) && summary.Contains("does not say that one of the two brings about the other", StringComparison.Ordinal));

        // The real one.
        Says("the «13» plain correlations between conscientiousness and taking medication", "table.Count");
        Says("The mean is $r = «.18»$, from «.12» to «.23».", RealMean, RealLower, RealUpper);
        Holds("The variance of true effects is estimated as 0, and a hasty author", "real.TauSquared < 1e-10");
        Holds("\"was not detected, which does not show that they are alike\"", run => run.Output("var table").Contains("was not detected, which does not show that they are alike", StringComparison.Ordinal));
        Says("It goes from 0% to «84»%, so «13» studies leave almost everything open.", $"{RealShare}.Upper", "real.Count");
        Holds("It goes from 0% to", $"{RealShare}.Lower == 0");
        Holds("which is no wider than the confidence interval here, comes with the words \"it may be larger\"", run => run.Output("var table").Contains("it may be larger", StringComparison.Ordinal)
            && run.Value<bool>($"Math.Abs(real.BackTransformed.PredictionInterval!.Value.Upper - {RealUpper}) < 1e-9 && Math.Abs(real.BackTransformed.PredictionInterval!.Value.Lower - {RealLower}) < 1e-9"));
        Holds("One method was not computed: the z-curve needs ten significant results, and there are nine.", "whole.LeftOut is [{ Method: \"z-curve\" } one] && one.Reason.Contains(\"at least 10\") && one.Reason.Contains(\"there are 9\")");
        Holds("there is Word (`report.docx`), for the journal LaTeX", run => new[] { "report.docx", "report.tex", "report.html", "report.qmd", "report.md", "data.csv", "results.json", "references.bib", "analysis.R" }
            .All(file => run.Lines("var whole").Contains(file, StringComparer.Ordinal)));
        Holds("Three parts: the 13 effects with their variances, one call that fits the model, and a line a number.", run => run.Output("Console.WriteLine(real.ToR())") is var code && code.Contains("dat <- data.frame(", StringComparison.Ordinal)
            && code.Split("rma(").Length == 2 && code.Contains("say(\"Q\", fit$QE)  # 17.03", StringComparison.Ordinal) && run.Value<bool>("real.Count == 13"));

        // What only people can write.
        Says("such as the «988» records screened", "flow.Check().Databases.Sum(one => one.Count) - flow.Duplicates");
        Holds("the 988 records screened, were filled in", run => run.Output("var flow").Contains("Screened: 988", StringComparison.Ordinal));
        Says("Of «42» items", $"{Checklist}.Length");
        Holds("(27, some of them in parts)", $"{Checklist}.Select(item => item.Number.TrimEnd('a', 'b', 'c', 'd', 'e', 'f')).Distinct().Count() == 27");
        Holds("Of 42 items (27, some of them in parts) the analysis could fill three, and we one.", run => run.Output("PrismaChecklist.Of").Contains("38 items of 42 are for a person to fill in", StringComparison.Ordinal));
        Holds("begins as \"low\", and one serious concern makes it \"very low\", with 82 samples and $p < .001$", run => run.Output("GradeJudgement[]") is var table && table.Contains("begins as low", StringComparison.Ordinal)
            && table.Contains("Very low", StringComparison.Ordinal) && run.Value<bool>("fit.Count == 82 && fit.Mean.PValue < .001 && judgements.Sum(one => one.Levels) == 1"));
        Given("whether an assumption, such as the .5 above", Because.Input);

        // Report it.
        Says("The «13» plain correlations between conscientiousness and taking medication of Molloy et al. (2014; $N = «2{,}356»$)", "real.Count", "real.Effects.TotalSampleSize");
        Says("The mean was $r = «.18»$, 95% CI $[«.12», «.23»]$, $t(«12») = «7.22»$", RealMean, RealLower, RealUpper, "real.Mean.DegreesOfFreedom", "real.Mean.Statistic");
        Holds("$t(12) = 7.22$, $p < .001$. Heterogeneity was not detected", "real.Mean.PValue < .001 && Math.Abs(real.Mean.Statistic - 7.22) < .005 && real.Count - 1 == 12");
        Says("$Q(«12») = «17.04»$, $p = «.148»$, $\\tau = 0$, 95% CI $[0, «.18»]$", "real.Count - 1", "real.Heterogeneity.Q.Statistic", "real.Heterogeneity.Q.PValue", "real.Heterogeneity.TauInterval!.Value.Upper");
        Says("$I^2 = 0\\%$, 95% CI $[0\\%, «84»\\%]$; the 95% prediction interval was $[«.12», «.23»]$", $"{RealShare}.Upper", RealLower, RealUpper);
        Holds("Three correlations that hold other variables constant were left out.", "Datasets.Molloy2014().Count - table.Count == 3");

        // Questions and exercises.
        Says("\"heterogeneity was not detected\", $I^2 = 0\\%$, 95% CI $[0\\%, «84»\\%]$", $"{RealShare}.Upper");
        Says("An interval from nothing to «84»% leaves", $"{RealShare}.Upper");
        Says("that is one value in the interval, and «84»% is another", $"{RealShare}.Upper");
        Given("\"Empathy significantly predicted outcome ($p < .001$).\"", Because.Wrong);
        Says("an *equal-effects* model to the «13» real studies", "equal.Count");
        Given("A journal wants 90% intervals.", Because.Input);
        Says("The interval is $[«.24», «.32»]$", "ninety.BackTransformed.ConfidenceInterval.Lower", "ninety.BackTransformed.ConfidenceInterval.Upper");
        Holds("is called a 90% interval, in the sentence and in the table", run => run.Output("solution 1").Split("90% CI").Length > 2);
        Holds("A note appears, since at this level the interval of Hartung and Knapp is a shade narrower", run => run.Output("solution 1").Contains("Note: The Hartung-Knapp interval is narrower than the one of the normal distribution", StringComparison.Ordinal));
        Says("The mean is «.18» again, since $\\tau^2$ was 0 before.", "equal.BackTransformed.Estimate");
        Holds("its estimator, Hartung and Knapp, and the prediction interval are gone", run => new[] { "restricted maximum", "Hartung", "prediction interval" }.All(word => !run.Output("solution 2").Split("Results")[0].Contains(word, StringComparison.OrdinalIgnoreCase)));
        Says("The mean of the «160» correlations is $r = «.23»$, and the prediction interval goes from $«-.10»$ to «.52».", "interviews.Count", "interviews.BackTransformed.Estimate",
            "interviews.BackTransformed.PredictionInterval!.Value.Lower", "interviews.BackTransformed.PredictionInterval!.Value.Upper");
    }
}
