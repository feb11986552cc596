using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson05() : LessonClaims("05-heterogeneity")
{
    private const string Designs = "new HeterogeneityExplorerOptions().Designs";

    protected override void State()
    {
        Puzzle();
        IsThereAny();
        WhatShare();
        HowMuch();
        HowWellKnown();
        Simulated();
        Report();
        Questions();
    }

    private void Puzzle()
    {
        Holds("find the same mean correlation, .28, and", "new HeterogeneityExplorerOptions().Correlation == .28");
        Holds("is not chance: 80%. The studies of review A have 20 people each, those of B 100, those of C 1,600.", $"{Designs}.Select(one => one.SampleSize).SequenceEqual(new[] {{ 20, 100, 1600 }}) && {Designs}.All(one => Math.Round(one.ISquared, 2) == .8)");
        // Option C: the only review whose 95% of true correlations stay within .10 of the mean.
        Holds("nearly all true correlations lie within .10 of that mean", run => Enumerable.Range(0, 3).Select(review => TrueRange(review).All(end => Math.Abs(run.Value<double>(end) - .28) < .1)).SequenceEqual([false, false, true]));
        Given("In studies of 1,600 people chance", Because.Input);
        Says("lie between «.19» and «.37»; in B between $«-.10»$ and «.59»; in A between $«-.59»$ and «.85»", [.. TrueRange(2), .. TrueRange(1), .. TrueRange(0)]);
        Given("With 20 people chance is", Because.Input);
        Says("are «0.49», «0.20» and «0.05» on", $"{Designs}[0].Tau", $"{Designs}[1].Tau", $"{Designs}[2].Tau");
        // What the cell prints.
        Holds("The picture *How far true effects differ* shrinks", $"{Designs}[0].Tau > 9 * {Designs}[2].Tau");
    }

    private void IsThereAny()
    {
        Holds("all true correlations are equal.", "HeterogeneityExplorer.Create().Model.Start.Tau == 0");
        Holds("one hundred reviews of 20 studies each", "HeterogeneityExplorer.Create().Model.Start.Studies == 20");
        Says("should be «19» on average, and is «18.8»", _ => [19, Reviews(new HeterogeneityExplorerOptions()).Average(q => q.Statistic)]);
        Holds("Five of the hundred lie beyond the line where $p < .05$", _ => Significant(new HeterogeneityExplorerOptions()) == 5);
        Given("to 0.10. The reviews move", Because.Input);
        Holds("The reviews move to the right, away from the curve of chance. Now $p < .05$ in 68 of the hundred.", _ => Significant(new HeterogeneityExplorerOptions { Tau = .1 }) == 68
            && Reviews(new HeterogeneityExplorerOptions { Tau = .1 }).Average(q => q.Statistic) > 30);
        Given("Set $k$ to 5.", Because.Input);
        Holds("$Q$ notices it in 29 of the hundred reviews only", _ => Significant(new HeterogeneityExplorerOptions { Tau = .1, Studies = 5 }) == 29);
        Says("Now the «16» **published**", "effects.Count");
        Says("Chance would give «15»; it is «38».", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic");
        Holds("Only about one in a thousand", "fit.Heterogeneity.Q.PValue is > .0005 and < .0015");
        Says("For the «160» studies of job interviews it is «790»", "interviews.Count", "interviews.Heterogeneity.Q.Statistic");
        Holds("twenty times as different", "interviews.Heterogeneity.Q.Statistic / fit.Heterogeneity.Q.Statistic is > 19.5 and < 21.5");
    }

    private void WhatShare()
    {
        Holds("(From $Q$ alone one gets nearly the same", "Math.Abs((fit.Heterogeneity.Q.Statistic - 15) / fit.Heterogeneity.Q.Statistic - fit.Heterogeneity.ISquared) < .02");
        Says("«62»% of the variance between", "fit.Heterogeneity.ISquared");
        Given("that 25%, 50% and 75% are", Because.Published);
        Says("each of the «16» studies had had", "effects.Count");
        Says("From «62»% to «94»%, and", "real / (real + chance)", "real / (real + chance / 10)");
        Says("\"is «62»% much?\"", "fit.Heterogeneity.ISquared");
        Given("\"Heterogeneity was high ($I^2 = 80\\%$)\"", Because.Input);
    }

    private void HowMuch()
    {
        Says("For Molloy's it is «0.09»", "fit.Tau");
        Given("95% of them would lie within 1.96 times", Because.Definition);
        Given("misses its 95%", Because.Definition);
        Given("true correlations above .10, a value that we chose", Because.Input);
        Says("from $«-.05»$ to «.34», and the short one on it the confidence interval of the mean, from «.08» to «.22»", [.. Prediction("fit"), .. Limits("fit")]);
        Holds("may be twice as strong, or absent", "fit.BackTransformed.PredictionInterval?.Upper > 2 * fit.BackTransformed.Estimate && fit.PredictionInterval?.Lower < 0");
        Says("An estimated «71»% of true correlations", Above("fit", ".1"));
        Given("of true correlations lie above .10", Because.Input);
        Says("with «16» studies a rough figure: its standard error is «14» points", "fit.Count", "100 * fit.ProbabilityAbove(Math.Atanh(.1)).ShareStandardError");
        Holds("(The dashed curve, of *one* new study, is a little wider", "fit.ProbabilityAbove(Math.Atanh(.1)).PredictiveProbability < fit.ProbabilityAbove(Math.Atanh(.1)).Share");
        Given("even then in 95 of 100 cases", Because.Definition);
        Given("of true correlations exceed .10", Because.Input);
        Says("Now the «160» **published** studies of job", "interviews.Count");
        Holds("Ten times as many studies, and the *mean* is known about twice as well", "interviews.Count == 10 * fit.Count && fit.BackTransformed.ConfidenceInterval.Width / interviews.BackTransformed.ConfidenceInterval.Width is > 1.9 and < 2.2");
        Says("twice as well: from «.20» to «.27»", Limits("interviews"));
        Holds("The prediction interval did not become narrower.", "interviews.PredictionInterval?.Width > fit.PredictionInterval?.Width");
        Says("It reaches from $«-.10»$ to «.52»", Prediction("interviews"));
        Holds("differ nearly twice as much as Molloy's", "interviews.Tau / fit.Tau is > 1.8 and < 2");
        Says("Molloy's, $\\tau = «0.17»$. Still, «79»% of them", ["interviews.Tau", .. Above("interviews", ".1")]);
        Given("of them lie above .10, more", Because.Input);
        Holds("more than there, because their mean is higher", "interviews.ProbabilityAbove(Math.Atanh(.1)).Share > fit.ProbabilityAbove(Math.Atanh(.1)).Share && interviews.Estimate > fit.Estimate && (fit.Estimate - Math.Atanh(.1)) / interviews.Tau < (fit.Estimate - Math.Atanh(.1)) / fit.Tau");
    }

    private void HowWellKnown()
    {
        Says("$\\tau^2$ may be «0.0017» or «0.0378»", "fit.Heterogeneity.TauSquaredInterval?.Lower", "fit.Heterogeneity.TauSquaredInterval?.Upper");
        Holds("more than twenty times as much", "fit.Heterogeneity.TauSquaredInterval?.Upper / fit.Heterogeneity.TauSquaredInterval?.Lower is > 20 and < 25");
        Says("anywhere between «25»% and «88»%. Sixteen", Share("fit"));
        Holds("has fourteen estimators of $\\tau^2$. Pool the same 16 studies", "Enum.GetValues<TauSquaredEstimator>().Length == 14 && effects.Count == 16");
        Says("hardly moves, from «.147» to «.152»", Among("Min", "BackTransformed.Estimate"), Among("Max", "BackTransformed.Estimate"));
        Says("runs from «.0064» to «.0130», twice as much", Among("Min", "TauSquared"), Among("Max", "TauSquared"));
        Says("anywhere between $«-.10»$ and $«-.04»$", Among("Min", "BackTransformed.PredictionInterval?.Lower"), Among("Max", "BackTransformed.PredictionInterval?.Lower"));
        Holds("four of them, PM, EB, DLIT and SJIT, reach the same value", run => new[] { "PM,", "EB,", "DLIT,", "SJIT," }.Select(name => run.Numbers("Enum.GetValues", name)[6]).Distinct().Count() == 1);
        Holds("three rows that are not plain correlations", "effects.Count - plain.Count == 3");
        Says("The mean of the «13» others is «.18», from «.12» to «.23»", ["plain.Count", "plain.BackTransformed.Estimate", .. Limits("plain")]);
        Holds("is estimated as *zero*", "plain.TauSquared < 1e-10");
        Says("$Q(«12») = «17.04»$, $p = «.148»$", "plain.Heterogeneity.Q.DegreesOfFreedom", "plain.Heterogeneity.Q.Statistic", "plain.Heterogeneity.Q.PValue");
        Says("reaches from 0% to «84»%", "plain.Heterogeneity.ISquaredInterval?.Upper");
        Holds("reaches from 0%", "plain.Heterogeneity.ISquaredInterval?.Lower == 0");
        Says("estimate of zero from «13» studies", "plain.Count");
        Holds("which equals the confidence interval here", "Math.Abs(plain.PredictionInterval?.Width - plain.ConfidenceInterval.Width ?? 1) < 1e-9");
    }

    private void Simulated()
    {
        Says("behind the published $r = «.28»$", "Datasets.PublishedFinding(\"Elliott et al. (2018)\").Estimate");
        Says("brings «82» samples", "samples.Count");
        Given("what the 0.5 is), pools the samples, and asks how many true correlations lie above .10", Because.Input);
        Says("$I^2$ is «80»%, as in all three", "empathy.Heterogeneity.ISquared");
        Says("«6,138» clients in «82» samples, «75» in each on average, and $\\tau = «0.20»$", "samples.TotalSampleSize", "samples.Count", "samples.SampleSizes.Average()", "empathy.Tau");
        Holds("it is like review B", $"Math.Abs(empathy.Tau - {Designs}[1].Tau) < .01");
        Says("anywhere from $«-.11»$ to «.60»; «83»% of", [.. Prediction("empathy"), .. Above("empathy", ".1")]);
        Given("of the true correlations lie above .10", Because.Input);
        Says("and «7»% below zero", "empathy.ProbabilityBelow(0).Share");
        Says("$\\tau \\approx «0.22»$", "Datasets.PublishedFinding(\"Elliott et al. (2018)\").Reconstruct().Tau");
        Says("spread from $«-.31»$ to «.70»", "Math.Tanh(samples.Effects.Min())", "Math.Tanh(samples.Effects.Max())");
        Holds("farther than the bar of the prediction interval", "samples.Effects.Max() - samples.Effects.Min() > 1.3 * empathy.PredictionInterval?.Width");
    }

    private void Report()
    {
        Says("$Q(«15») = «38.16»$, $p < .001$; $\\tau = «0.09»$ on the scale of Fisher's $z$, 95% CI $[«0.04», «0.19»]$; $I^2 = «62»\\%$, 95% CI $[«25»\\%, «88»\\%]$",
            ["fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "fit.Tau", "fit.Heterogeneity.TauInterval?.Lower", "fit.Heterogeneity.TauInterval?.Upper", "fit.Heterogeneity.ISquared", .. Share("fit")]);
        Holds("$Q(15) = 38.16$, $p < .001$", "fit.Heterogeneity.Q.PValue < .001");
        Says("$k = «16»$, data of Molloy", "fit.Count");
        Says("The mean was $r = «.15»$, 95% CI $[«.08», «.22»]$ (random effects, Hartung-Knapp), and the 95% prediction interval $[«-.05», «.34»]$", ["fit.BackTransformed.Estimate", .. Limits("fit"), .. Prediction("fit")]);
        Says("($k = «13»$, $r = «.18»$, $\\tau = 0$, 95% CI $[0, «0.18»]$, $I^2 = 0\\%$, 95% CI $[0\\%, «84»\\%]$)", "plain.Count", "plain.BackTransformed.Estimate", "plain.Heterogeneity.TauInterval?.Upper", "plain.Heterogeneity.ISquaredInterval?.Upper");
    }

    private void Questions()
    {
        Says("Review X has $Q(«15») = «38»$, review Y $Q(«159») = «790»$", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "interviews.Heterogeneity.Q.DegreesOfFreedom", "interviews.Heterogeneity.Q.Statistic");
        Says("reaches from $«-.10»$ to «.52». A colleague says: \"So the next study will find a correlation between $«-.10»$ and «.52».\"", [.. Prediction("interviews"), .. Prediction("interviews")]);
        Given("studies lie above .20?", Because.Input);
        Says("«28»%. The value that counts", Above("fit", ".2"));
        Says("($k = «11»$) have $\\tau = «0.11»$, the others ($k = «5»$) practically 0", "effects.Where(\"design\", \"prospective\").Count", Design("prospective") + ".Tau", "effects.Where(\"design\", \"cross-sectional\").Count");
        Holds("practically 0", Design("cross-sectional") + ".Tau < .002");
        Says("reaches to «0.32»", Design("cross-sectional") + ".TauInterval?.Upper");
        Holds("beyond that of the eleven", $"{Design("cross-sectional")}.TauInterval?.Upper > {Design("prospective")}.TauInterval?.Upper");
        Says("collected «19» differences", "pupils.Count");
        Holds("$I^2$ is lower than Molloy's", "pupils.Heterogeneity.ISquared < fit.Heterogeneity.ISquared");
        Says("$I^2$ is «42»%. The true differences have $\\tau = «0.14»$", "pupils.Heterogeneity.ISquared", "pupils.Tau");
        Says("from $«-0.23»$ to «0.40» around a mean of «0.08»", "pupils.PredictionInterval?.Lower", "pupils.PredictionInterval?.Upper", "pupils.Estimate");
        Holds("whose own interval includes zero", "pupils.ConfidenceInterval.Lower < 0 && pupils.ConfidenceInterval.Upper > 0");
        Says("than a $\\tau$ of «0.09»", "fit.Tau");
        Says("What a share of «42»%", "pupils.Heterogeneity.ISquared");
    }

    private static string[] Limits(string fit) => [fit + ".BackTransformed.ConfidenceInterval.Lower", fit + ".BackTransformed.ConfidenceInterval.Upper"];

    private static string[] Prediction(string fit) => [fit + ".BackTransformed.PredictionInterval?.Lower", fit + ".BackTransformed.PredictionInterval?.Upper"];

    private static string[] Share(string fit) => [fit + ".Heterogeneity.ISquaredInterval?.Lower", fit + ".Heterogeneity.ISquaredInterval?.Upper"];

    private static string[] Above(string fit, string r) => [$"{fit}.ProbabilityAbove(Math.Atanh({r})).Share"];

    private static string[] TrueRange(int design) => [$"Math.Tanh(Math.Atanh(.28) - 1.96 * {Designs}[{design}].Tau)", $"Math.Tanh(Math.Atanh(.28) + 1.96 * {Designs}[{design}].Tau)"];

    private static string Among(string extreme, string what) => $"Enum.GetValues<TauSquaredEstimator>().{extreme}(one => RandomEffects.Fit(effects, new() {{ TauSquared = one }}).{what})";

    private static string Design(string design) => $"RandomEffects.Fit(effects.Where(\"design\", \"{design}\")).Heterogeneity";

    /// <summary>Cochran's test of the hundred reviews that the explorer draws.</summary>
    private static List<QTest> Reviews(HeterogeneityExplorerOptions options)
    {
        var model = HeterogeneityExplorer.Create(options).Model;
        return [.. Enumerable.Range(0, 100).Select(number => EqualEffects.Fit(model.Review(number).Effects).Heterogeneity.Q)];
    }

    private static int Significant(HeterogeneityExplorerOptions options) => Reviews(options).Count(q => q.PValue < .05);
}
