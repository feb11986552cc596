namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson14() : LessonClaims("14-your-own-data")
{
    private const string Robust = "fit.Robust()", Mean = "fit.Robust().BackTransformed!.Value", Naive = "RandomEffects.Fit(effects)", Level = "fit.VarianceComponents[0]",
        Extremes = "new[] { 0, 0.3, 0.6, 0.9 }.Select(one => MultilevelModel.Fit(effects, levels, one).Robust().BackTransformed!.Value)";

    private const string AdHoc = "RandomEffects.Fit(fewStudies, new() { Inference = Inference.HartungKnappAdHoc }).BackTransformed.ConfidenceInterval";

    protected override void State()
    {
        Given("Neither 0 nor 999.", Because.Input);
        Holds("An analysis that needs the value will stop and name the cell", run => run.Fault("StudyTable.Parse(\"study,r,n\\nA,0.3,50\\nB,,60\\nC,0.2,70\").Correlations(\"r\", \"n\")").Contains("row 3 (\"B\"), column r", StringComparison.Ordinal));
        Holds("the reader finds out", run => run.Value<bool>("received.Count == 3 && received.Frame.GetColumn<double>(\"r\").Values.Average() > .27"));
        Holds("Nothing was found in 16 rows.", "table.Check().Findings.IsEmpty && table.Count == 16");
        Given("(Lesson 03 has told", Because.Definition);

        // Each faulty row gets the answer that the text gives to it.
        Holds("**A percentage.** Write .44.", run => run.Line("string[] faultyRows", "B,44%,60").Contains("without a percent sign", StringComparison.Ordinal));
        Holds("**\"n.s.\"** It is not a number, and it is not zero.", run => run.Line("string[] faultyRows", "B,n.s.,60").Contains("must be a number", StringComparison.Ordinal));
        Holds("**2.4.** A slip for .24, or a $t$ in the wrong column.", run => run.Line("string[] faultyRows", "B,2.4,60").Contains("between -1 and 1", StringComparison.Ordinal));
        Holds("**No sample size.** Without it there is no variance.", run => run.Line("string[] faultyRows", "B,0.2, ").Contains("it is missing", StringComparison.Ordinal));
        Holds("**Three people.** The variance of Fisher's $z$ is $1/(n - 3)$.", run => run.Line("string[] faultyRows", "B,0.2,3").Contains("1 / (n - 3)", StringComparison.Ordinal));
        Holds("so the check names every such cell, and looks at how the effects lie only when none is left", "StudyTable.Parse(\"study,r,n\\nA,44%,50\\nB,n.s.,60\\nC,0.2,70\").Check() is { Findings: [{ Value: \"44%\" }, { Value: \"n.s.\" }], Effects: null }");

        // The rows that share people.
        Holds("two of the 14 studies have more than one effect, and this model takes all 16 as independent", run => run.Output("var effects").Contains("2 of 14 studies (study) have more than one effect, and this model takes all 16 effects as independent", StringComparison.Ordinal));
        Says("$N = «1{,}771»$. Studies 04 and 09 were counted twice.", "effects.TotalSampleSize");
        Holds("Studies 04 and 09 were counted twice.", "table.Frame.GetColumn<string>(\"study\").Values.GroupBy(one => one).Where(one => one.Count() > 1).Select(one => one.Key).SequenceEqual(new[] { \"Made-up study 04\", \"Made-up study 09\" })");
        Given("Three ways out, all of lesson 06", Because.Definition);
        Says("The mean is «0.31» on the scale of $z$, which is $r = «.30»$, with 95% CI $[«.24», «.36»]$. Beside the naive «.29» the difference is small, since only two studies have a second row.",
            $"{Robust}.Coefficients[0].Estimate", $"{Mean}.Estimate", $"{Mean}.ConfidenceInterval.Lower", $"{Mean}.ConfidenceInterval.Upper", $"{Naive}.BackTransformed.Estimate");
        Says("the estimate moves from «.29» to «.30»", $"{Extremes}.Min(one => one.Estimate)", $"{Extremes}.Max(one => one.Estimate)");
        Holds("all four intervals lie above .22", $"{Extremes}.All(one => one.ConfidenceInterval.Lower > .22)");
        Holds("the widest here is that of study 12, the smallest, with 27 people", "effects.SampleSizes.Min() == 27 && table.Frame.GetColumn<string>(\"study\").Values.ElementAt(effects.Variances.IndexOf(effects.Variances.Max())) == \"Made-up study 12\"");

        // The report.
        Given("From here it is lesson 13.", Because.Definition);
        Holds("Fisher's $z$, the two levels, the .60, the robust standard errors with their correction", run => new[] { "Fisher's z", "study and each effect", "correlate .60", "CR2" }.All(word => run.Output("ReportSection[] parts").Contains(word, StringComparison.Ordinal)));
        Holds("$N$ is 1,567 now; nobody is counted twice.", run => run.Output("ReportSection[] parts").Contains("N = 1,567", StringComparison.Ordinal) && run.Value<bool>("effects.TotalSampleSize - 106 - 98 == 1567"));
        Holds("We pooled 16 correlations of 14 studies ($N = 1{,}567$)", run => run.Output("ReportSection[] parts").Contains("k = 16 effects in 14 studies (N = 1,567)", StringComparison.Ordinal));
        Holds("sampling errors within a study assumed to correlate .60", "rho == 0.6");
        Says("$r = «.30»$, 95% CI $[«.24», «.36»]$, $t(«11.1») = «10.32»$", $"{Mean}.Estimate", $"{Mean}.ConfidenceInterval.Lower", $"{Mean}.ConfidenceInterval.Upper", $"{Robust}.Coefficients[0].DegreesOfFreedom", $"{Robust}.Coefficients[0].Statistic");
        Holds("$t(11.1) = 10.32$, $p < .001$", $"{Robust}.Coefficients[0].PValue < .001");
        Says("$Q(«15») = «18.03»$, $p = «.261»$", "effects.Count - 1", "fit.Q!.Statistic", "fit.Q!.PValue");
        Holds("$\\sigma^2 = .003$, 95% CI $[0, .022]$, $I^2 = 27\\%$, and the 95% prediction interval for a new study $[.17, .42]$", run => run.Output("ReportSection[] parts") is var printed
            && printed.Contains("study: σ² = 0.003057 (14 groups, I² = 27.0%), 95% CI [0, 0.02196]", StringComparison.Ordinal) && printed.Contains("prediction interval [.171, .417]", StringComparison.Ordinal));
        Says("With correlations of 0 to .9 the mean lay between «.29» and «.30».", $"{Extremes}.Min(one => one.Estimate)", $"{Extremes}.Max(one => one.Estimate)");
        Given("With correlations of 0 to .9 the mean", Because.Input);

        // Questions and exercises.
        Given("for two outcomes of the same 98 people", Because.Input);
        Says("that counts «98» people as «196»", _ => [98, 2 * 98]);
        Given("With few people a correlation of .30 is not significant either.", Because.Input);
        Given("Suppose study 08 had .16 in place of .46, a slip of one key.", Because.Input);
        Holds("Nothing is found, since .16 is as possible as .46.", "slipped.Check().Findings.IsEmpty");
        Says("The mean falls from «.30» to «.28».", $"{Mean}.Estimate", "MultilevelModel.Fit(slippedEffects, levels, rho).Robust().BackTransformed!.Value.Estimate");
        Says("lie «0.02» lower on the scale of $z$, with a 95% interval from $«-0.16»$ to «0.12» that includes zero", "-bySetting.Robust().Coefficients[1].Estimate",
            "bySetting.Robust().Coefficients[1].ConfidenceInterval.Lower", "bySetting.Robust().Coefficients[1].ConfidenceInterval.Upper");
        Says("The mean of the three is «.27».", "RandomEffects.Fit(fewStudies).BackTransformed.Estimate");
        Says("the interval of Hartung and Knapp, from «.19» to «.34», is narrower", "RandomEffects.Fit(fewStudies).BackTransformed.ConfidenceInterval.Lower", "RandomEffects.Fit(fewStudies).BackTransformed.ConfidenceInterval.Upper");
        Holds("is narrower than that of the bell curve", "RandomEffects.Fit(fewStudies).ConfidenceInterval.Width < RandomEffects.Fit(fewStudies, new() { Inference = Inference.Normal }).ConfidenceInterval.Width");
        Says("printed first, goes from «.03» to «.48»", $"{AdHoc}.Lower", $"{AdHoc}.Upper");
        Holds("three studies in which no spread was seen", "fewStudies.Count == 3 && RandomEffects.Fit(fewStudies).TauSquared == 0");
    }
}
