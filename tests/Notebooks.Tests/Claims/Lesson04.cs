using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.Notebooks.Tests.Claims;

internal sealed class Lesson04() : LessonClaims("04-pooling")
{
    protected override void State()
    {
        Puzzle();
        Equal();
        Random();
        HowSure();
        Questions();
    }

    private void Puzzle()
    {
        Holds("one has 10,000 people and finds $r = .10$; the other nineteen have 50 people each and find .30 on average", "puzzle.Count == 20 && puzzle.SampleSizes[0] == 10000 && puzzle.SampleSizes.Skip(1).All(n => n == 50)"
            + " && Math.Abs(Math.Tanh(puzzle.Effects[0]) - .1) < 1e-9 && Math.Abs(puzzle.Effects.Skip(1).Average(z => Math.Tanh(z)) - .3) < .005");
        // Option B.
        Holds("**B.** Equal effects asks where", "Math.Round(EqualEffects.Fit(puzzle).BackTransformed.Estimate, 2) == .12 && Math.Round(RandomEffects.Fit(puzzle).BackTransformed.Estimate, 2) == .29");
        Holds("10,000 people know more about that than 950", "puzzle.SampleSizes[0] == 10000 && puzzle.SampleSizes.Skip(1).Sum() == 950");
        Says("the large study has «92»% of it", "EqualEffects.Fit(puzzle).Weights[0]");
        Says("its weight is «9»%", "RandomEffects.Fit(puzzle).Weights[0]");
        Holds("These differ by far more.", "EqualEffects.Fit(puzzle).Heterogeneity.Q.PValue < 1e-6");
        Holds("it has nine tenths of all people", "Math.Abs(10000.0 / puzzle.SampleSizes.Sum() - .9) < .02");
        Holds("would come out if the true correlations differed far less than here", run => Math.Abs(At(run.Value<StudyEffects>("puzzle"), .001).Mean - .2) < .01 && run.Value<double>("RandomEffects.Fit(puzzle).TauSquared") > .02);
        Says("«.12» against «.29», and", "EqualEffects.Fit(puzzle).BackTransformed.Estimate", "RandomEffects.Fit(puzzle).BackTransformed.Estimate");
        Holds("the intervals do not even meet", "EqualEffects.Fit(puzzle).ConfidenceInterval.Upper < RandomEffects.Fit(puzzle).ConfidenceInterval.Lower");
        Says("Under equal effects the interval reaches from «.10» to «.14»", Limits("EqualEffects.Fit(puzzle)"));
        Says("Under random effects it reaches from «.20» to «.38»", Limits("RandomEffects.Fit(puzzle)"));
        Says("what did these «10,950» people show", "puzzle.SampleSizes.Sum()");
        Says("has «160» **published** correlations", "interviews.Count");
        Says("The largest study has «4,195» people, and found «.13»", "interviews.SampleSizes.Max()", "Math.Tanh(interviews.Effects[interviews.SampleSizes.IndexOf(interviews.SampleSizes.Max())])");
        Says("The two means are «.21» and «.23»", "EqualEffects.Fit(interviews).BackTransformed.Estimate", "RandomEffects.Fit(interviews).BackTransformed.Estimate");
        Holds("that of random effects is nearly three times as wide", "RandomEffects.Fit(interviews).ConfidenceInterval.Width / EqualEffects.Fit(interviews).ConfidenceInterval.Width is > 2.7 and < 3");
        Says("although there are «25,244» people", "interviews.SampleSizes.Sum()");
        Says("has «17»% of the weight in the first and «1»% in the second", "EqualEffects.Fit(interviews).Weights.Max()", "RandomEffects.Fit(interviews).Weights.Max()");
        Says("($\\tau = «0.17»$ in $z$) that even «4,195» people", "RandomEffects.Fit(interviews).Tau", "interviews.SampleSizes.Max()");
    }

    private void Equal()
    {
        Says("The «16» **published** studies of conscientiousness and medication (Molloy et al., 2014) have a plain mean of «.155»", "effects.Count", "effects.Effects.Average(z => Math.Tanh(z))");
        Says("a study of «55» people counts as much as one of «771»", "effects.SampleSizes.Min()", "effects.SampleSizes.Max()");
        Says("Suppose that all «16» estimate", "effects.Count");
        Says("The pooled correlation is «.12», with an interval from «.09» to «.16»", ["equal.BackTransformed.Estimate", .. Limits("equal")]);
        Says("it rests on all «3,509» people", "effects.TotalSampleSize");
        Holds("narrower than that of any single study", "equal.StandardError < Math.Sqrt(effects.Variances.Min())");
        Holds("the studies differ by more than chance lets one expect: $p < .001$", "equal.Heterogeneity.Q.PValue < .001");
    }

    private void Random()
    {
        Given("to 0: the two diamonds all but fall together", Because.Input);
        Holds("the two diamonds all but fall together", _ => Fits(new SamplingExplorerOptions { Tau = 0 }, 0) is var (equal, random) && Math.Abs(equal.Estimate - random.Estimate) < .02);
        Holds("Set it to 0.30: the diamond of equal effects stays as narrow as it was, and misses the true mean in nearly half of all reviews", _ => Held(new SamplingExplorerOptions { Tau = .3 }, 200)[0] is > 105 and < 120
            && Fits(new SamplingExplorerOptions { Tau = .3 }, 0).Equal.StandardError == Fits(new SamplingExplorerOptions(), 0).Equal.StandardError);
        Holds("As the page starts, with $\\tau = 0.15$", "SamplingExplorer.Create().Model.Start.Tau == .15");
        Says("its interval holds the true mean in «76.5»% of 200 reviews, and should in 95%. That of random effects, by Hartung and Knapp, does in «95.0»%", _ => Held(new SamplingExplorerOptions(), 200) is var held ? [held[0] / 200, held[2] / 200] : []);
        Given("of 200 reviews, and should in 95%", Because.Definition);
        Says("holds the true *mean* in «12»% of 200 reviews", _ => [Held(SamplingExplorerOptions.Puzzle, 200)[0] / 200]);
        Given("in 12% of 200 reviews", Because.Definition);
        Says("The mean is «.15», a little larger than before, and its interval, from «.08» to «.22»", ["fit.BackTransformed.Estimate", .. Limits("fit")]);
        Holds("a little larger than before", "fit.Estimate - equal.Estimate is > 0 and < .05");
        Holds("is about twice as wide", "fit.ConfidenceInterval.Width / equal.ConfidenceInterval.Width is > 1.9 and < 2.2");
        Says("is estimated as $\\tau = «0.09»$", "fit.Tau");
        Says("with «15» degrees of freedom", "fit.DegreesOfFreedom");
        Says("and «16» studies have «15»", "fit.Count", "fit.DegreesOfFreedom");
        Given("holds its promise of 95%", Because.Definition);
        Holds("The diamond is clear of zero, and the bar is not.", "fit.ConfidenceInterval.Lower > 0 && fit.BackTransformed.PredictionInterval?.Lower < 0");
        Holds("row numbers of the 16 studies, 0 to 15", "effects.Count == 16");
        Says("The largest study (Jerant et al., with «771» people) had «22.2»% of the weight and now has «10.6»%. The smallest (Bruce et al., with «55») had «1.5»% and now has «3.6»%.",
            "effects.SampleSizes.Max()", "equal.Weights.Max()", "fit.Weights.Max()", "effects.SampleSizes.Min()", "equal.Weights.Min()", "fit.Weights.Min()");
        Says("next to nothing, «.01», and", "Math.Tanh(effects.Effects[effects.SampleSizes.IndexOf(771)])");
        Holds("it lost half of its say", "fit.Weights.Max() / equal.Weights.Max() is > .45 and < .55");
    }

    private void HowSure()
    {
        Holds("The same mean, and an interval half as wide again.", "RandomEffects.Fit(four).ConfidenceInterval.Width / RandomEffects.Fit(four, new() { Inference = Inference.Normal }).ConfidenceInterval.Width is > 1.45 and < 1.55");
        Given("the number of studies, to 5, press **1,000 more reviews**", Because.Input);
        Says("holds the true mean in «91»% of 1,200 reviews instead of 95%, Hartung and Knapp's in «96»%", _ => Held(new SamplingExplorerOptions { Studies = 5 }, 1200) is var held ? [held[1] / 1200, held[2] / 1200] : []);
        Given("of 1,200 reviews instead of 95%", Because.Definition);
        Holds("With all 16 studies the choice matters less.", "effects.Count == 16 && fit.ConfidenceInterval.Width / RandomEffects.Fit(effects, new() { Inference = Inference.Normal }).ConfidenceInterval.Width < 1.2");
        Holds("The mean is the same in all of them.", "Enum.GetValues<Inference>().All(one => RandomEffects.Fit(effects, new() { Inference = one }).Estimate == fit.Estimate)");
        Says("The interval's lower limit lies between «.080» and «.088», the upper one between «.209» and «.216».", run => [.. new[] { "Lower", "Upper" }.SelectMany(end =>
            new[] { "Min", "Max" }.Select(extreme => run.Value<double>($"Enum.GetValues<Inference>().{extreme}(one => RandomEffects.Fit(effects, new() {{ Inference = one }}).BackTransformed.ConfidenceInterval.{end})")))]);
        Holds("the three largest studies decide", "equal.Weights.OrderDescending().Take(3).Sum() > .5");
        Says("from $[«.09», «.21»]$ at REML's $\\tau^2$ of «.008» to $[«.06», «.25»]$ at .03. With Hartung-Knapp it hardly moves: from $[«.08», «.22»]$ to $[«.08», «.23»]$.", run =>
        {
            var effects = run.Value<StudyEffects>("effects");
            var tau2 = run.Value<double>("fit.TauSquared");
            var (reml, larger) = (At(effects, tau2), At(effects, .03));
            return [reml.Z.Lower, reml.Z.Upper, tau2, larger.Z.Lower, larger.Z.Upper, reml.HartungKnapp.Lower, reml.HartungKnapp.Upper, larger.HartungKnapp.Lower, larger.HartungKnapp.Upper];
        });
        Holds("]$ at .03. With Hartung-Knapp", "MetaAnalysisExplorer.Create(effects).Model.LargestTauSquared >= .03");
        Says("how far the «16» results", "effects.Count");
        Says("A study of «55» people found «.34».", "effects.SampleSizes.Min()", "Math.Tanh(effects.Effects[effects.SampleSizes.IndexOf(55)])");
        Holds("Not .34: small studies", "Math.Abs(Math.Tanh(effects.Effects[effects.SampleSizes.IndexOf(55)]) - .34) < 1e-9");
        Says("Nor the mean, «.15»", "fit.BackTransformed.Estimate");
        Says("The largest study is drawn «14»% of the way, the smallest «70»%: from «.34» to «.21».", "fit.Blups().Min(one => one.Shrinkage)", "fit.Blups().Max(one => one.Shrinkage)",
            "Math.Tanh(effects.Effects[effects.SampleSizes.IndexOf(55)])", "Math.Tanh(fit.Blups()[effects.SampleSizes.IndexOf(55)].Estimate)");
        Says("the one result below zero, $«-.09»$, becomes a best guess of «.08»", "Math.Tanh(effects.Effects.Single(z => z < 0))", "Math.Tanh(fit.Blups()[effects.Effects.IndexOf(effects.Effects.Min())].Estimate)");
        Says("was $r = «.15»$, 95% CI $[«.08», «.22»]$, $t(«15») = «4.57»$, $p < .001$", ["fit.BackTransformed.Estimate", .. Limits("fit"), "fit.DegreesOfFreedom", "fit.Statistic"]);
        Holds("$t(15) = 4.57$, $p < .001$", "fit.PValue < .001");
        Says("($k = «16»$, $N = «3{,}509»$; data", "fit.Count", "effects.TotalSampleSize");
        Says("$Q(«15») = «38.16»$, $p < .001$, $\\tau = «0.09»$ in $z$", "fit.Heterogeneity.Q.DegreesOfFreedom", "fit.Heterogeneity.Q.Statistic", "fit.Tau");
        Holds("$Q(15) = 38.16$, $p < .001$", "fit.Heterogeneity.Q.PValue < .001");
        Says("was «62»%, 95% CI $[«25»\\%, «88»\\%]$", "fit.Heterogeneity.ISquared", "fit.Heterogeneity.ISquaredInterval?.Lower", "fit.Heterogeneity.ISquaredInterval?.Upper");
        Says("prediction interval was $[«-.05», «.34»]$", "fit.BackTransformed.PredictionInterval?.Lower", "fit.BackTransformed.PredictionInterval?.Upper");
        Says("Three of the «16» correlations hold", "effects.Count");
        Holds("Three of the 16 correlations hold other variables constant", "effects.Where(\"controls\", \"multiple\").Count == 3");
        Says("gave $r = «.12»$, 95% CI $[«.09», «.16»]$", ["equal.BackTransformed.Estimate", .. Limits("equal")]);
    }

    private void Questions()
    {
        Given("One has 43 people, the other 403.", Because.Input);
        Given("40 against 400", Because.Definition);
        Says("reports $r = «.15»$, 95% CI $[«.08», «.22»]$. What lies between «.08» and «.22»?", ["fit.BackTransformed.Estimate", .. Limits("fit"), .. Limits("fit")]);
        Says("what the prediction interval says, here from $«-.05»$ to «.34»", "fit.BackTransformed.PredictionInterval?.Lower", "fit.BackTransformed.PredictionInterval?.Upper");
        Given("grows from 10,000 to 100,000 people and still finds .10", Because.Input);
        Says("It stays at «.29»", $"RandomEffects.Fit({Grown}).BackTransformed.Estimate");
        Says("even a little less: «.10»", $"EqualEffects.Fit({Grown}).BackTransformed.Estimate");
        Holds("with a weight that has hardly changed", $"Math.Abs(RandomEffects.Fit({Grown}).Weights[0] - RandomEffects.Fit(puzzle).Weights[0]) < .001");
        Given("Let the large study of the puzzle find .50.", Because.Input);
        Says("all the way, to «.49». Random effects move from «.29» to «.33»", "EqualEffects.Fit(larger).BackTransformed.Estimate", "RandomEffects.Fit(puzzle).BackTransformed.Estimate", "RandomEffects.Fit(larger).BackTransformed.Estimate");
        Says("«0.1252» on the scale of Fisher's $z$, which is `equal.Estimate`, and «.12» as a correlation", "byHand.Zip(effects.Effects, (w, y) => w * y).Sum() / byHand.Sum()", "equal.BackTransformed.Estimate");
        Says("interviews «106» were structured (`struct` is `s`) and «39» were not", "interviews.Where(\"struct\", \"s\").Count", "interviews.Where(\"struct\", \"u\").Count");
        Says("Structured: «.25» under equal and «.27» under random effects, with an interval «2.8» times as wide. Unstructured: «.18» and «.19», with an interval «2.2» times as wide.", [.. Both("s"), .. Both("u")]);
        Holds("whose true correlations differ more", "RandomEffects.Fit(interviews.Where(\"struct\", \"s\")).Tau > RandomEffects.Fit(interviews.Where(\"struct\", \"u\")).Tau");
    }

    private const string Grown = "StudyTable.Parse(twenty.Replace(\"10000\", \"100000\"), \"puzzle\").Correlations(\"r\", \"n\")";

    private static string[] Limits(string fit) => [fit + ".BackTransformed.ConfidenceInterval.Lower", fit + ".BackTransformed.ConfidenceInterval.Upper"];

    private static string[] Both(string kind)
    {
        var group = $"interviews.Where(\"struct\", \"{kind}\")";
        return [$"EqualEffects.Fit({group}).BackTransformed.Estimate", $"RandomEffects.Fit({group}).BackTransformed.Estimate", $"RandomEffects.Fit({group}).ConfidenceInterval.Width / EqualEffects.Fit({group}).ConfidenceInterval.Width"];
    }

    private static (PooledFit Equal, PooledFit Random) Fits(SamplingExplorerOptions options, int review) =>
        SamplingExplorer.Create(options).Model.Review(review).Effects is var effects ? (EqualEffects.Fit(effects), RandomEffects.Fit(effects)) : default;

    /// <summary>In how many reviews the 95% interval holds the true mean: equal effects, random effects by the normal distribution, random effects by Hartung and Knapp. What the explorer's table shows.</summary>
    private static double[] Held(SamplingExplorerOptions options, int reviews)
    {
        var model = SamplingExplorer.Create(options).Model;
        var truth = Math.Atanh(options.Correlation);
        var counts = new double[3];
        for (var i = 0; i < reviews; i++)
        {
            var effects = model.Review(i).Effects;
            PooledFit[] fits = [EqualEffects.Fit(effects), RandomEffects.Fit(effects, new() { Inference = Inference.Normal }), RandomEffects.Fit(effects)];
            for (var j = 0; j < fits.Length; j++)
                if (fits[j].ConfidenceInterval.Lower <= truth && truth <= fits[j].ConfidenceInterval.Upper) counts[j]++;
        }
        return counts;
    }

    /// <summary>Mean and 95% intervals in r with a tau² by hand, as the slider of the explorer sets it.</summary>
    private static (double Mean, (double Lower, double Upper) Z, (double Lower, double Upper) HartungKnapp) At(StudyEffects effects, double tau2)
    {
        double[] w = [.. effects.Variances.Select(v => 1 / (v + tau2))];
        var mean = w.Zip(effects.Effects, (weight, y) => weight * y).Sum() / w.Sum();
        var q = w.Zip(effects.Effects, (weight, y) => weight * (y - mean) * (y - mean)).Sum() / (effects.Count - 1);
        var z = Normal.InvCDF(0, 1, .975) / Math.Sqrt(w.Sum());
        var t = StudentT.InvCDF(0, 1, effects.Count - 1, .975) * Math.Sqrt(q / w.Sum());
        return (Math.Tanh(mean), (Math.Tanh(mean - z), Math.Tanh(mean + z)), (Math.Tanh(mean - t), Math.Tanh(mean + t)));
    }
}
