namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson10() : LessonClaims("10-bayes")
{
    private const string Usual = "RandomEffects.Fit(effects).BackTransformed", Early = "RandomEffects.Fit(first).BackTransformed",
        Normal = "RandomEffects.Fit(first, new() { Inference = Inference.Normal }).BackTransformed", Scales = "open.OverScales(PriorTarget.Effect)";

    protected override void State()
    {
        // The three studies.
        Holds("found correlations of .27, .04 and .32 between conscientiousness and taking one's medicine, with 72, 65 and 107 patients", "first.Count == 3 && first.Labels.Select((_, i) => (first.Column(\"year\").Number(i), Math.Round(Math.Tanh(first.Effects[i]), 3), Math.Round(1 / first.Variances[i] + 3)))"
            + ".OrderBy(s => s.Item1).SequenceEqual(new (double?, double, double)[] { (1995, .27, 72), (1997, .04, 65), (1999, .32, 107) })");
        Holds("of such studies lies beyond ±.20", "Math.Tanh(1.96 * .1) is > .19 and < .20");
        Says("arrives at «.22», the sceptic at «.12»", R("open.Mean.Median"), R("sceptic.Mean.Median"));
        Holds("the sceptic takes the true correlations to differ by more", "sceptic.Tau.Median > open.Tau.Median && sceptic.ISquared!.Median > open.ISquared!.Median");
        Given("an explanation for the .27 and the .32", Because.Input);
        Says("worth about a hundred people, and the three studies have «244»", "first.TotalSampleSize");
        Says("the «13» plain correlations in Molloy et al. (2014)", "effects.Count");
        Says("The mean is «.23», and its interval reaches from «−.15» to «.54».", [.. Of(Early)]);
        Says("From «.06» to «.38».", Of(Normal)[1..]);
        Holds("one interval includes zero and the other does not", $"{Early}.ConfidenceInterval.Lower < 0 && {Normal}.ConfidenceInterval.Lower > 0");
        Given("correlation of .8 between a trait and a behaviour would be a surprise, and so would true correlations that lie .5 apart", Because.Input);
        Says("$1/s^2 + 3 = «103»$ people", "1 / (sceptic.EffectPrior.Scale * sceptic.EffectPrior.Scale) + 3");
        Holds("The sceptic of the puzzle has $m = 0$ and $s = 0.1$", "sceptic.EffectPrior.Location == 0 && sceptic.EffectPrior.Scale == .1");
        Given("$1/s^2 + 3 = 103$", Because.Definition);
        Holds("with $s = 0.5$, by which the mean correlation lies between −.75 and .75 with a probability of 95%", "open.EffectPrior.Scale == .5 && Math.Round(Math.Tanh(1.96 * .5), 2) == .75");
        Holds("halved from the scale of $d$ to that of $z$", "open.HeterogeneityPrior == HeterogeneityPrior.InverseGamma(1, .15).ScaledBy(.5)");
        Says("The median of the posterior is «.22», and the **credible interval** reaches from «.01» to «.39»", [R("open.Mean.Median"), .. Ends("open.Mean")]);
        Given("with a probability of 95%", Because.Definition);
        Holds("wider than the one and narrower than the other", $"open.Mean.CredibleInterval.Width > RandomEffects.Fit(first, new() {{ Inference = Inference.Normal }}).ConfidenceInterval.Width && open.Mean.CredibleInterval.Width < RandomEffects.Fit(first).ConfidenceInterval.Width");
        Says("It is «.98». The picture", "open.Mean.ProbabilityAbove(0)");
        Holds("Its peak is where the studies are", "Math.Abs(open.Mean.Mode - RandomEffects.Fit(first).Estimate) < .01");

        // The sceptic.
        Says("The sceptic's bell has the standard deviation «0.1»: the mean is believed to lie between «−.19» and «.19»", "sceptic.EffectPrior.Scale", "Math.Tanh(-1.96 * .1)", "Math.Tanh(1.96 * .1)");
        Says("The sceptic has moved from 0 to «.12», about half of the way to «.22», with an interval from «−.06» to «.25» that includes zero.", [R("sceptic.Mean.Median"), R("open.Mean.Median"), .. Ends("sceptic.Mean")]);
        Holds("about half of the way", "Math.Tanh(sceptic.Mean.Median) / Math.Tanh(open.Mean.Median) is > .45 and < .6");
        Holds("about half of what the studies say", "Math.Tanh(sceptic.Mean.Median) / Math.Tanh(open.Mean.Median) is > .45 and < .6");
        Says("It has gone *up*, from «.081» to «.104».", "open.Tau.Median", "sceptic.Tau.Median");
        Holds("two of three studies lie far above it; chance alone would rarely do that", "first.Effects.Where((y, i) => y / Math.Sqrt(first.Variances[i]) > 1.96).Count() == 2");
        Says("This reader's mean is «.04», and $\\tau$ has doubled to «.160».", R("stubborn.Mean.Median"), "stubborn.Tau.Median");
        Holds("$\\tau$ has doubled to", "stubborn.Tau.Median / open.Tau.Median is > 1.9 and < 2.1");
        Says("may lie anywhere from «−.44» to «.46», a wider range than the open reader's", Ends("stubborn.Predictive"));
        Holds("a wider range than the open reader's", "stubborn.Predictive.CredibleInterval.Width > open.Predictive.CredibleInterval.Width");

        // Study by study.
        Holds("Here zero is left out from the seventh study on.", "scepticLater.Sequential(\"year\").Select(s => s.Fit.Mean.CredibleInterval.Lower > 0).SequenceEqual(Enumerable.Range(1, 13).Select(n => n >= 7))");
        Holds("The interval leaves zero out after the third study, includes it again after the fourth and fifth, which found no correlation, and leaves it out from the sixth on.",
            "openLater.Sequential(\"year\").Select(s => s.Fit.Mean.CredibleInterval.Lower > 0).SequenceEqual(Enumerable.Range(1, 13).Select(n => n == 3 || n >= 6))"
            + " && openLater.Sequential(\"year\").Skip(3).Take(2).All(s => effects.Effects[effects.Labels.IndexOf(s.Label)] == 0)");
        Says("After all «13» studies the two say «.18» and «.17».", "effects.Count", R("openLater.Mean.Median"), R("scepticLater.Mean.Median"));
        Says("The «13» studies have «2,356» people", "effects.Count", "effects.TotalSampleSize");
        Holds("The sceptic's curve climbs slowly from zero, while its interval narrows.", "scepticLater.Sequential(\"year\")[0].Fit.Mean.Median < .08 && scepticLater.Mean.CredibleInterval.Width < scepticLater.Sequential(\"year\")[0].Fit.Mean.CredibleInterval.Width / 2");
        Holds("the usual estimate of $\\tau$ for these 13 studies was exactly 0, so that the prediction interval was as narrow as the confidence interval", "RandomEffects.Fit(effects).TauSquared == 0 && effects.Count == 13");
        Says("$[«.12», «.23»]$ for the mean, and the same for a new study", Of(Usual)[1..]);
        Holds("and the same for a new study", "RandomEffects.Fit(effects).PredictionInterval is { } same && Math.Abs(same.Width - RandomEffects.Fit(effects).ConfidenceInterval.Width) < 1e-9");
        Says("$\\tau$ may be anywhere between «.02» and «.13», and the true correlation of a new study between «.04» and «.33»", ["openLater.Tau.CredibleInterval.Lower", "openLater.Tau.CredibleInterval.Upper", .. Ends("openLater.Predictive")]);
        Holds("more than twice as wide a range as REML's and still above zero", "openLater.Predictive.CredibleInterval.Width > 2 * RandomEffects.Fit(effects).ConfidenceInterval.Width && openLater.Predictive.CredibleInterval.Lower > 0");
        Says("so the «.02» is its doing", "openLater.Tau.CredibleInterval.Lower");
        Holds("so the .02 is its doing", "otherLater.Tau.CredibleInterval.Lower < .005");
        Holds("The median of $\\tau$ is .05 in both", "Math.Round(openLater.Tau.Median, 2) == .05 && Math.Round(otherLater.Tau.Median, 2) == .05");
        Says("a new study is expected between «.03» and «.34» instead of between «.04» and «.33». With «13» studies", [.. Ends("otherLater.Predictive"), .. Ends("openLater.Predictive"), "effects.Count"]);
        Says("The lower limit of the mean goes from «.05» over «.01» to «−.05»", [.. new[] { ".5", "1.0", "2.0" }.Select(factor => R($"open.OverScales(PriorTarget.Heterogeneity, new[] {{ {factor} }})[0].Fit.Mean.CredibleInterval.Lower"))]);
        Given("as who tries tests until $p < .05$", Because.Definition);

        // Bayes factors.
        Says("After three studies it is «2.8» for the open reader.", "open.EffectBayesFactor!.Value.Value");
        Given("anything between 1/3 and 3 is hardly worth mentioning", Because.Published);
        Holds("*both* hypotheses predicted these studies about equally well", "open.EffectBayesFactor!.Value.Value is > 1.0 / 3 and < 3");
        Says("a probability of «.98» that the mean is above zero", "open.Mean.ProbabilityAbove(0)");
        Says("After «13» studies the factor is «2,240».", "effects.Count", "Math.Round(openLater.EffectBayesFactor!.Value.Value)");
        Given("anything up to ±.99", Because.Input);
        Holds("The curve for an effect rises to 4 and falls to .4.", $"Math.Round({Scales}.Max(s => s.Fit.EffectBayesFactor!.Value.Value)) == 4 && Math.Round({Scales}.Last().Fit.EffectBayesFactor!.Value.Value, 1) == .4");
        Given("is that of powers of ten", Because.Definition);
        Says("With «13» studies the factor goes from «3,626» to «1,182»", "effects.Count", Factor(".5"), Factor("2.0"));
        Holds("The median does not even change in its second decimal.", "openLater.OverScales(PriorTarget.Effect, new[] { .5, 1, 2 }).Select(s => Math.Round(Math.Tanh(s.Fit.Mean.Median), 2)).Distinct().Count() == 1");

        // The report.
        Says("the $k = «13»$ plain correlations", "effects.Count");
        Holds("the priors $\\mu \\sim$ normal(0, 0.5) and $\\tau \\sim$ inverse-gamma(1, 0.075)", "openLater.EffectPrior == EffectPrior.Normal(0, .5) && openLater.HeterogeneityPrior == HeterogeneityPrior.InverseGamma(1, .075)");
        Says("The posterior median was $r = «.18»$, 95% credible interval $[«.13», «.24»]$", [R("openLater.Mean.Median"), .. Ends("openLater.Mean")]);
        Holds("$P(\\mu > 0) > .999$", "openLater.Mean.ProbabilityAbove(0) > .999");
        Says("$\\tau = «.05»$, 95% credible interval $[«.02», «.13»]$; $I^2 = «29»\\%$ $[«4»\\%, «74»\\%]$", "openLater.Tau.Median", "openLater.Tau.CredibleInterval.Lower", "openLater.Tau.CredibleInterval.Upper",
            "openLater.ISquared!.Median", "openLater.ISquared!.CredibleInterval.Lower", "openLater.ISquared!.CredibleInterval.Upper");
        Says("was predicted in $[«.04», «.33»]$", Ends("openLater.Predictive"));
        Says("With a sceptical prior, normal(0, «0.1»), the mean was $«.17»$ $[«.11», «.22»]$.", ["scepticLater.EffectPrior.Scale", R("scepticLater.Mean.Median"), .. Ends("scepticLater.Mean")]);
        Says("was «2,240» («1,182» to «3,626» with the scale", "Math.Round(openLater.EffectBayesFactor!.Value.Value)", Factor("2.0"), Factor(".5"));
        Says("for heterogeneity «0.42»", "openLater.HeterogeneityBayesFactor!.Value.Value");
        Says("gave $r = «.18»$, 95% CI $[«.12», «.23»]$, $\\tau = 0$", Of(Usual));

        // Questions and exercises.
        Holds("The sceptic's includes zero after three studies, and the open reader's does not.", "sceptic.Mean.CredibleInterval.Lower < 0 && open.Mean.CredibleInterval.Lower > 0");
        Holds("A prior of the mean is normal(0, 0.05)", "stubborn.EffectPrior == EffectPrior.Normal(0, .05)");
        Says("One over the square of 0.05 is «400», and 3 more are «403».", "1 / (.05 * .05)", "1 / (.05 * .05) + 3");
        Given("One over the square of 0.05 is 400, and 3 more are", Because.Input);
        Given("that is one over 0.05, without the square", Because.Wrong);
        Given("that is the prior with the standard deviation 0.1", Because.Input);
        Given("A Bayes factor for an effect is 1.5.", Because.Input);
        Given("would have to be small, such as 1/10", Because.Input);
        Given("takes the standard deviation 0.2 for", Because.Input);
        Says("The median is «.19», the interval reaches from «−.02» to «.34».", [R("milder.Mean.Median"), .. Ends("milder.Mean")]);
        Given("not be surprised by a mean of .3,", Because.Input);
        Given("Suppose that a mean below .10 would be of no practical interest.", Because.Input);
        Holds("after three and after 13 studies?", "effects.Count == 13");
        Says("«.90» after three studies and «.997» after «13».", "open.Mean.ProbabilityAbove(limit)", "openLater.Mean.ProbabilityAbove(limit)", "effects.Count");
        Says("an effect has the probability «.85» after three studies, up from «.50», and more than .999 after «13»", "open.Average().Effect.PosteriorProbability", "open.Average().Effect.PriorProbability", "effects.Count");
        Holds("and more than .999 after 13", "openLater.Average().Effect.PosteriorProbability > .999");
        Says("has «160» correlations", "interviews.Count");
        Holds("with the prior normal(0, 0.05), make of them", "stubborn.EffectPrior == EffectPrior.Normal(0, .05)");
        Says("The open reader says «.23», from «.20» to «.26», the stubborn one «.21», from «.18» to «.24».", [R("openAboutThem.Mean.Median"), .. Ends("openAboutThem.Mean"), R("stubborn.Refit(interviews).Mean.Median"), .. Ends("stubborn.Refit(interviews).Mean")]);
        Says("The prior that left «.04» of three studies", R("stubborn.Mean.Median"));
        Holds("takes off .02 here", "Math.Round(Math.Tanh(openAboutThem.Mean.Median) - Math.Tanh(stubborn.Refit(interviews).Mean.Median), 2) == .02");
        Holds("Both expect about the same of a new study, which may lie below zero", "openAboutThem.Predictive.CredibleInterval.Lower < 0 && Math.Abs(openAboutThem.Predictive.CredibleInterval.Width - stubborn.Refit(interviews).Predictive.CredibleInterval.Width) < .05");
        Given("For a reader who holds everything from 0 to .5 possible", Because.Input);
        Says("it is normal(«0.27», «0.14»), worth «56» people", "(lowest + highest) / 2", "deviation", "1 / (deviation * deviation) + 3");
    }

    /// <summary>A value of the scale that is pooled as a correlation.</summary>
    private static string R(string expression) => $"Math.Tanh({expression})";

    /// <summary>The limits of a posterior's credible interval as correlations.</summary>
    private static string[] Ends(string posterior) => [R(posterior + ".CredibleInterval.Lower"), R(posterior + ".CredibleInterval.Upper")];

    /// <summary>Estimate and limits of a fit that is transformed back.</summary>
    private static string[] Of(string fit) => [fit + ".Estimate", fit + ".ConfidenceInterval.Lower", fit + ".ConfidenceInterval.Upper"];

    /// <summary>The Bayes factor for an effect after all studies, with another scale of the prior of μ, as a whole number.</summary>
    private static string Factor(string scale) => $"Math.Round(openLater.OverScales(PriorTarget.Effect, new[] {{ {scale} }})[0].Fit.EffectBayesFactor!.Value.Value)";
}
