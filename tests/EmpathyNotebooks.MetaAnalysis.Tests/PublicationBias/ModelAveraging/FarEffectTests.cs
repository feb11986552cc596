namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias.ModelAveraging;

/// <summary>
/// Effects far beyond what the priors expect, against panels of Gauss and Legendre's rule in plain variables: there the weights are integrated as b = -log ω over the whole range in which a probability can be made up for, in logarithms.
/// </summary>
public sealed class FarEffectTests
{
    private static readonly double[] Y = [1.5, -2.2, -2.6, -2.3, -1.8];
    private static readonly double[] Errors = [0.10, 0.12, 0.11, 0.14, 0.13];
    private static readonly (double Node, double Weight)[] Rule = Legendre(8);

    [Fact]
    public void A_plateau_of_one_weight_is_integrated() => Compare([0.05], 1e-6);

    [Fact]
    public void A_plateau_of_two_weights_is_integrated() => Compare([0.025, 0.5], 1e-5);

    /// <summary>Three weights at one mean, as far as three nested sums can be counted out.</summary>
    [Fact]
    public void A_plateau_of_three_weights_is_integrated()
    {
        double[] y = [0.35, -1.2, -1.6, -1.3], errors = [0.10, 0.12, 0.11, 0.14], steps = [0.025, 0.05, 0.5];
        const double mean = -0.6;
        var actual = new WeightIntegral(new StepIntervals(y, errors, steps, twoSided: false)).LogMean(mean, errors, double.NegativeInfinity);
        var rows = Rows(y, errors, steps, mean, 0);
        var panels = Panels(90, 2.5);
        double largest = double.NegativeInfinity, sum = 0;
        foreach (var (b1, w1) in panels)
        {
            foreach (var (a2, w2) in panels.TakeWhile(p => p.Node + b1 < 90))
            {
                foreach (var (a3, w3) in panels.TakeWhile(p => p.Node + a2 + b1 < 90)) Add(ref largest, ref sum, LogWeighted(rows, [0, b1, b1 + a2, b1 + a2 + a3]) - 3 * b1 - 2 * a2 - a3 + Math.Log(6), w1 * w2 * w3);
            }
        }
        Assert.Equal(largest + Math.Log(sum), actual, 1e-5);
    }

    /// <summary>
    /// Far beyond: of two results one is significant that cannot be. Its weight of the first interval against the one weight of the others is log-uniform down to the probability P of a significant result: the mean of ω/((P + ω)(P' + ω)) over
    /// ω with P' = P is log((1 + P)/P) - 1/(1 + P), exactly.
    /// </summary>
    [Theory]
    [InlineData(-3)]
    [InlineData(-30)]
    [InlineData(-3000)]
    public void A_plateau_of_any_length_has_its_length(double mean)
    {
        double[] errors = [0.1, 0.1];
        var actual = new WeightIntegral(new StepIntervals([5, mean], errors, [0.05], twoSided: false)).LogMean(mean, errors, double.NegativeInfinity);
        var t = (1.6448536269514722 * 0.1 - mean) / 0.1;
        var logP = t < 30 ? Math.Log(MathNet.Numerics.SpecialFunctions.Erfc(t / Math.Sqrt(2)) / 2) : -t * t / 2 - Math.Log(t * Math.Sqrt(2 * Math.PI)) + Math.Log(1 - 1 / (t * t) + 3 / Math.Pow(t, 4) - 15 / Math.Pow(t, 6));
        Assert.Equal(Math.Log(-logP - 1), actual, 1e-6);
    }

    /// <summary>PET whose coefficient lies thousands of the prior's scale away, by sums over τ and the coefficient; at small τ its likelihood has a peak that a rule from the prior steps over.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_coefficient_far_beyond_its_prior_is_found(bool hasEffect)
    {
        double[] errors = [0.10, 0.14, 0.22, 0.30, 0.38, 0.45], noise = [0.4, -0.5, 0.2, 0.3, -0.6, 0.1];
        double[] y = [.. errors.Select((e, i) => 4000 * e + 60 * noise[i])];
        var model = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(y, [.. errors.Select(e => e * e)], EffectMeasure.StandardizedMeanDifference)).Models
            .Single(m => m is { Bias.Mechanism: BiasMechanism.Pet, HasHeterogeneity: true } && m.HasEffect == hasEffect);
        double largest = double.NegativeInfinity, sum = 0, slope = 0;
        // In log τ from 1e-2 to 1e7, in the coefficient from 0 by its logarithm to 1e6.
        for (var x = Math.Log(1e-2); x < Math.Log(1e7); x += 0.05)
        {
            var tau = Math.Exp(x);
            for (var l = Math.Log(1e-4); l < Math.Log(1e6); l += 0.002)
            {
                var b = Math.Exp(l);
                var log = Math.Log(0.15) - 2 * x - 0.15 / tau + x + Math.Log(2 / Math.PI) - Math.Log(1 + b * b) + l;
                double w = 0, we = 0;
                for (var i = 0; i < y.Length; i++)
                {
                    var (v, e) = (errors[i] * errors[i] + tau * tau, y[i] - b * errors[i]);
                    log -= (Math.Log(2 * Math.PI * v) + e * e / v) / 2;
                    w += 1 / v;
                    we += e / v;
                }
                // A mean with the prior N(0, 1) adds 1 to every covariance (Sherman and Morrison).
                if (hasEffect) log += (we * we / (1 + w) - Math.Log(1 + w)) / 2;
                if (log > largest) (sum, slope, largest) = (sum * Math.Exp(largest - log), slope * Math.Exp(largest - log), log);
                sum += Math.Exp(log - largest) * 1e-4;
                slope += b * Math.Exp(log - largest) * 1e-4;
            }
        }
        Assert.Equal(largest + Math.Log(sum), model.LogMarginalLikelihood, 1e-5);
        Assert.Equal(slope / sum, model.Slope, 1e-4 * slope / sum);
    }

    /// <summary>Dozens of effects ten, a hundred and ten thousand times what the priors expect, on both sides of 0.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Effects_far_beyond_the_priors_have_an_answer(double factor)
    {
        var random = new Random(5);
        double[] y = [.. Enumerable.Range(0, 12).Select(_ => factor * (random.NextDouble() - 0.6))], v = [.. y.Select(_ => 0.01 + 0.1 * random.NextDouble())];
        var robma = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(y, v, EffectMeasure.StandardizedMeanDifference));
        Assert.Equal(1, robma.Models.Sum(m => m.PosteriorProbability), 1e-12);
        Assert.All(robma.Models, m => Assert.True(double.IsFinite(m.LogMarginalLikelihood) && double.IsFinite(m.Mean.Mean)));
        Assert.Equal(1, robma.Heterogeneity.PosteriorProbability, 1e-12);
        var sd = Math.Sqrt(y.Sum(e => e * e) / y.Length);
        Assert.InRange(robma.TauWithHeterogeneity.Mean, 0.7 * sd, 1.5 * sd);
    }

    private static void Compare(double[] steps, double tolerance)
    {
        var bias = new BiasAssumption(BiasMechanism.Selection, [.. steps], false, 1);
        var model = ModelAveragedBiasAdjustment.Fit(StudyEffects.Create(Y, [.. Errors.Select(e => e * e)], EffectMeasure.StandardizedMeanDifference), new() { Bias = [bias] }).Models.Single(m => m is { HasEffect: true, HasHeterogeneity: false });
        double largest = double.NegativeInfinity, sum = 0;
        // Means within ten standard errors of the mean of the data, weights down to the smallest probability that a study can have there.
        foreach (var (m, wm) in Panels(1, 0.15))
        {
            var mean = m - 1.72;
            var rows = Rows(Y, Errors, steps, mean, 0);
            double normal = -mean * mean / 2 - Math.Log(2 * Math.PI) / 2;
            for (var i = 0; i < Y.Length; i++) normal += -(Y[i] - mean) * (Y[i] - mean) / (2 * Errors[i] * Errors[i]) - Math.Log(2 * Math.PI) / 2 - Math.Log(Errors[i]);
            if (normal < largest - 60) continue;
            var most = -rows.Min(r => r.Log.Min()) + 60;
            var panels = Panels(most, 2);
            foreach (var (b1, w1) in panels)
            {
                if (steps.Length == 1) Add(ref largest, ref sum, normal + LogWeighted(rows, [0, b1]) - b1, wm * w1);
                else foreach (var (a2, w2) in panels.TakeWhile(p => p.Node + b1 < most)) Add(ref largest, ref sum, normal + LogWeighted(rows, [0, b1, b1 + a2]) - 2 * b1 - a2 + Math.Log(2), wm * w1 * w2);
            }
        }
        Assert.Equal(largest + Math.Log(sum), model.LogMarginalLikelihood, tolerance);
    }

    private static void Add(ref double largest, ref double sum, double log, double weight)
    {
        if (log > largest) (sum, largest) = (sum * Math.Exp(largest - log), log);
        sum += weight * Math.Exp(log - largest);
    }

    /// <summary>Each study's interval and the logarithms of the probabilities of all.</summary>
    private static (int Interval, double[] Log)[] Rows(double[] y, double[] errors, double[] steps, double mean, double tau) => [.. y.Select((effect, i) =>
    {
        var deviation = Math.Sqrt(errors[i] * errors[i] + tau * tau);
        double[] critical = [double.PositiveInfinity, .. steps.Select(s => -MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, s) * errors[i]), double.NegativeInfinity];
        var interval = critical.Skip(1).TakeWhile(c => effect < c).Count();
        return (interval, (double[])[.. Enumerable.Range(0, steps.Length + 1).Select(j => Math.Log(Between((critical[j + 1] - mean) / deviation, (critical[j] - mean) / deviation)))]);
    })];

    private static double Between(double from, double to) => from > 0 ? Upper(from) - Upper(to) : Upper(-to) - Upper(-from);

    private static double Upper(double z) => double.IsPositiveInfinity(z) ? 0 : MathNet.Numerics.SpecialFunctions.Erfc(z / Math.Sqrt(2)) / 2;

    /// <summary>log ∏ ω/Σ ωP, with weights e^(-b).</summary>
    private static double LogWeighted((int Interval, double[] Log)[] rows, ReadOnlySpan<double> b)
    {
        double log = 0;
        foreach (var (interval, probabilities) in rows)
        {
            double total = 0;
            for (var j = 0; j < b.Length; j++) total += Math.Exp(probabilities[j] - b[j]);
            log -= b[interval] + Math.Log(total);
        }
        return log;
    }

    private static (double Node, double Weight)[] Panels(double to, double width)
    {
        var count = (int)Math.Ceiling(to / width);
        return [.. Enumerable.Range(0, count).SelectMany(p => Rule.Select(r => ((p + (1 + r.Node) / 2) * to / count, r.Weight * to / count / 2)))];
    }

    private static (double, double)[] Legendre(int n)
    {
        var rule = new MathNet.Numerics.Integration.GaussLegendreRule(-1, 1, n);
        return [.. rule.Abscissas.Zip(rule.Weights)];
    }
}
