namespace EmpathyNotebooks.MetaAnalysis.Tests.Bayesian;

/// <content>Apart from the others, which are quick enough to be run for every mutant.</content>
public sealed partial class BayesianModelTests
{
    /// <summary>Few studies, ties, variances and priors of all sizes, priors far from the data.</summary>
    [Fact]
    public void Holds_on_random_ugly_designs()
    {
        var random = new Random(20261129);
        for (var n = 0; n < 40; n++)
        {
            var k = random.Next(1, 9);
            var size = Math.Pow(10, random.Next(-4, 5));
            double[] y = [.. Enumerable.Range(0, k).Select(_ => size * Math.Round(random.NextDouble() * 4 - 1, n % 3 == 0 ? 0 : 3))];
            if (n % 7 == 0) Array.Fill(y, y[0]);
            double[] v = [.. Enumerable.Range(0, k).Select(_ => size * size * Math.Pow(10, random.NextDouble() * (n % 5 == 0 ? 8 : 2) - (n % 5 == 0 ? 6 : 2)))];
            var tau = TauPriors[n % TauPriors.Length].ScaledBy(size * Math.Pow(10, random.NextDouble() * 4 - 2));
            var mu = (n % 4) switch
            {
                0 => EffectPrior.Flat,
                1 => EffectPrior.Normal(0, size * Math.Pow(10, random.NextDouble() * 4 - 2)),
                2 => EffectPrior.Normal(size * 30, size * Math.Pow(10, random.NextDouble() * 3 - 2)),
                _ => EffectPrior.Student(size, size * Math.Pow(10, random.NextDouble() * 3 - 2), 1 + random.Next(6)),
            };
            var what = FormattableString.Invariant($"design {n}: k = {k}, μ {mu}, τ {tau}, y {string.Join(" ", y)}, v {string.Join(" ", v)}");
            var fit = BayesianModel.Fit(Effects(y, v), new() { EffectPrior = mu, HeterogeneityPrior = tau });
            foreach (var distribution in n % 2 == 0 ? new[] { fit.Mean, fit.Tau } : [fit.Predictive, fit.Studies[0].Posterior]) IsWhole(distribution, what, double.IsFinite(distribution.Density(0)));
            if (fit.ISquared is { } share) Assert.True(share.CredibleInterval is { Lower: >= 0, Upper: <= 1 } && share.Mean is >= 0 and <= 1 && share.Mode is >= 0 and <= 1, what);
            if (mu.Family != EffectPriorFamily.Student)
            {
                var brute = new BruteForce(y, v, mu, tau);
                Near(brute.LogMarginal, fit.Posterior.LogMarginal, 1e-7, what);
                Near(0.975, brute.MeanBelow(fit.Mean.CredibleInterval.Upper), 1e-6, what);
                Near(0.5, brute.TauBelow(fit.Tau.Median), 1e-5, what);
            }
            if (fit.EffectBayesFactor is { } factor && factor.SavageDickeyLog is { } savage && Math.Abs(factor.Log) < 30) Near(factor.Log, savage, 1e-7, what);
            if (fit.EffectPrior.IsProper)
            {
                var average = fit.Average();
                Near(1, average.Models.Sum(model => model.PosteriorProbability), 1e-12, what);
                Near(fit.HeterogeneityBayesFactor!.Value.Log, average.Models[3].LogMarginalLikelihood - average.Models[2].LogMarginalLikelihood, 1e-8, what);
                Near(fit.EffectBayesFactor!.Value.Log, average.Models[3].LogMarginalLikelihood - average.Models[1].LogMarginalLikelihood, 1e-8, what);
            }
            Assert.Equal(fit.ToString(), BayesianModel.Fit(Effects(y, v), fit.Options).ToString());
        }
    }
}
