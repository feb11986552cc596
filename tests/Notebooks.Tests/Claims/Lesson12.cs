namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson12() : LessonClaims("12-empathy-in-context")
{
    private const string Empathy = "Datasets.PublishedFinding(\"Elliott et al. (2018)\")", Before = "Datasets.PublishedFinding(\"Elliott et al. (2011)\")", Alliance = "Datasets.PublishedFinding(\"Flückiger et al. (2018)\")";

    protected override void State()
    {
        // The puzzle.
        Given("which makes up 28% of the variance of each", Because.Input);
        Says("each rating correlates «.53» with the mood, and .53 times .53 is «.28»", "MeasurementArtifacts.ThirdVariableNeeded(0.28)", "Math.Pow(MeasurementArtifacts.ThirdVariableNeeded(0.28), 2)");
        Says("*C*: «.53» is the correlation of each rating", "MeasurementArtifacts.ThirdVariableNeeded(0.28)");
        Holds(".53 times .53", "MeasurementArtifacts.WithSharedMethod(0, 0.28) == 0.28");
        Holds("A correlation of .28 stands alone", $"{Empathy}.Estimate == 0.28");

        // Beside other numbers.
        Says("lie between «.275» and «.31»", $"findings.Where(f => f.Statistic == \"r\").Min(f => f.Estimate)", "findings.Where(f => f.Statistic == \"r\").Max(f => f.Estimate)");
        Holds("each of the four intervals reaches over .28", "findings.Count(f => f.Statistic == \"r\") == 4 && findings.Where(f => f.Statistic == \"r\").All(f => f.Lower <= 0.28 && f.Upper >= 0.28)");
        Says("The difference between treatments stands at «.10»", "EffectSizeConversion.DToR(0.2)");
        Says("Empathy explains «7.8»% by the review of 2018 and «9.6»% by that of 2011", $"Math.Pow({Empathy}.Estimate, 2)", $"Math.Pow({Before}.Estimate, 2)");
        Says("the alliance «7.7»% and «7.6»%; the difference between treatments «1.0»%", $"Math.Pow({Alliance}.Estimate, 2)", "Math.Pow(Datasets.PublishedFinding(\"Horvath et al. (2011)\").Estimate, 2)", "Math.Pow(EffectSizeConversion.DToR(0.2), 2)");
        Given("Wampold puts specific methods below 1%", Because.Published);
        Says("is «.10» the effect of treatment", "EffectSizeConversion.DToR(Datasets.PublishedFinding(\"Luborsky et al. (2002)\").Estimate)");
        Says("A single comparison of 32 clients with 32 shows «0.20» on average", "MeasurementArtifacts.MeanAbsoluteDifferenceOfChance(32)");
        Given("A single comparison of 32 clients with 32", Because.Input);
        Says("Luborsky's «17» are meta-analyses", "Datasets.PublishedFinding(\"Luborsky et al. (2002)\").Samples");
        Says("So «0.20» is an upper bound", "Datasets.PublishedFinding(\"Luborsky et al. (2002)\").Estimate");

        // Measurement.
        Says("With reliabilities of .80 the «.28» would be «.35», with .60 it would be «.47»", $"{Empathy}.Estimate", "MeasurementArtifacts.Disattenuated(0.28, 0.8, 0.8)", "MeasurementArtifacts.Disattenuated(0.28, 0.6, 0.6)");
        Given("With reliabilities of .80", Because.Input);
        Given("with .60", Because.Input);
        Says("a share of 28% makes «.28» of nothing", "MeasurementArtifacts.WithSharedMethod(0, 0.28)");
        Given("a share of 28%", Because.Input);
        Given("What is left of .28", Because.Input);
        Says("With a share of 10%, a correlation of «.20» is left; with 20%, it is «.10»; with 28% nothing", "MeasurementArtifacts.WithoutSharedMethod(0.28, 0.1)", "MeasurementArtifacts.WithoutSharedMethod(0.28, 0.2)");
        Holds("with 28% nothing", "MeasurementArtifacts.WithoutSharedMethod(0.28, 0.28) == 0");
        Given("With a share of 10%", Because.Input);
        Given("with 20%, it is", Because.Input);
        Given("behind the same .28", Because.Input);
        Says("with reliabilities of .80 and a share of 10%, .28 is what one sees of a true «.25»", "MeasurementArtifacts.Disattenuated(MeasurementArtifacts.WithoutSharedMethod(0.28, 0.1), 0.8, 0.8)");
        Given("with reliabilities of .80 and a share of 10%, .28", Because.Input);
        Says("and it is «.35»; move it to 20%, and «.13» is enough", "MeasurementArtifacts.Disattenuated(0.28, 0.8, 0.8)", "MeasurementArtifacts.Disattenuated(MeasurementArtifacts.WithoutSharedMethod(0.28, 0.2), 0.8, 0.8)");
        Given("move it to 20%", Because.Input);

        // Cause.
        Given("## What .28 says about cause", Because.Published);
        Given("to make .28 all by itself", Because.Input);
        Says("A variable that correlates «.53» with empathy", "needed");
        Holds("would leave nothing", "Math.Abs(MeasurementArtifacts.Partial(0.28, needed, needed)) < 1e-12");
        Says("One that correlates .30 with both leaves «.21» of .28, one with .40 leaves «.14»", "MeasurementArtifacts.Partial(0.28, 0.3, 0.3)", "MeasurementArtifacts.Partial(0.28, 0.4, 0.4)");
        Given("One that correlates .30 with both", Because.Input);
        Given("of .28, one with .40", Because.Input);
        Given("Does $r = .28$ say", Because.Published);
        Says("**«82» studies with one weakness", $"{Empathy}.Samples");

        // For whom.
        Says("With a standard deviation of about «.22»", _ => [Math.Sqrt(82 * Math.Pow((Math.Atanh(.33) - Math.Atanh(.23)) / (2 * 1.96), 2) - 82 / (6138.0 - 3 * 82))]);
        Holds("About one setting in ten would have a negative correlation, and about eight in ten one above .10", "below > 0.08 && below < 0.12 && above > 0.78 && above < 0.83");

        // Report.
        Says("correlate $r = «.28»$, 95% CI $[«.23», «.33»]$ (Elliott et al., 2018; «82» samples, random effects)", $"{Empathy}.Estimate", $"{Empathy}.ReportedInterval.Lower", $"{Empathy}.ReportedInterval.Upper", $"{Empathy}.Samples");
        Says("($r = «.278»$, 95% CI $[«.256», «.299»]$; Flückiger et al., 2018)", $"{Alliance}.Estimate", $"{Alliance}.ReportedInterval.Lower", $"{Alliance}.ReportedInterval.Upper");
        Says("heterogeneity of $\\tau \\approx «.22»$", _ => [Math.Sqrt(82 * Math.Pow((Math.Atanh(.33) - Math.Atanh(.23)) / (2 * 1.96), 2) - 82 / (6138.0 - 3 * 82))]);
        Says("about $[«-.15», «.62»]$", _ => PredictionFromTheLine());

        // Questions.
        Says("Empathy: $r = «.28»\\ [«.23», «.33»]$. Alliance: $r = «.278»\\ [«.256», «.299»]$", $"{Empathy}.Estimate", $"{Empathy}.ReportedInterval.Lower", $"{Empathy}.ReportedInterval.Upper", $"{Alliance}.Estimate", $"{Alliance}.ReportedInterval.Lower", $"{Alliance}.ReportedInterval.Upper");
        Says("«.280» against «.278»", $"{Empathy}.Estimate", $"{Alliance}.Estimate");
        Given("have a reliability of .70, and no method is shared. The true correlation is .40", Because.Input);
        Says("$.40 \\times \\sqrt{.70 \\times .70} = «.28»$", "MeasurementArtifacts.Attenuated(0.4, 0.7, 0.7)");
        Given("$.40 \\times \\sqrt{.70 \\times .70}", Because.Input);
        Given("that is .40 divided by .70", Because.Wrong);
        Given("over several comparisons of treatments is 0.20", Because.Input);
        Given("an upper bound of 0.20", Because.Input);

        // Exercises.
        Says("The review of 2011 has $r = «.31»$", $"{Before}.Estimate");
        Given("has 10% of both ratings", Because.Input);
        Says("«.23» is left. A share of «31»% would leave nothing", "MeasurementArtifacts.WithoutSharedMethod(0.31, 0.10)", $"{Before}.Estimate");
        Given("Reliabilities are .80, and a shared method has 15% of each rating. Which true correlation stands behind .28", Because.Input);
        Says("«.15» without the method, and «.19» without error", "withoutMethod", "MeasurementArtifacts.Disattenuated(withoutMethod, 0.8, 0.8)");
        Holds("together they leave less than was observed", "MeasurementArtifacts.Disattenuated(withoutMethod, 0.8, 0.8) < 0.28");
        Says("The mean is «.23», and the variable would have to correlate «.48» with both", "meanOfInterviews", "MeasurementArtifacts.ThirdVariableNeeded(meanOfInterviews)");
    }

    private static double[] PredictionFromTheLine()
    {
        var se = (Math.Atanh(.33) - Math.Atanh(.23)) / (2 * 1.96);
        var half = 1.96 * Math.Sqrt(se * se + 82 * se * se - 82 / (6138.0 - 3 * 82));
        return [Math.Tanh(Math.Atanh(.28) - half), Math.Tanh(Math.Atanh(.28) + half)];
    }
}
