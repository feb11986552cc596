namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Likelihoods whose slope all but vanishes twice: one draw in 60,000 of five ordinary studies without heterogeneity.</summary>
public sealed class FlatLikelihoodTests
{
    private static readonly double[] Effects = [0.21678273115238195, 0.2348720908892769, 0.20556780533934865, -0.3700337437067988, 0.35301668968818667];
    private static readonly double[] Variances = [0.01, 0.02, 0.02, 0.05, 0.25];

    /// <summary>A search that climbs by its slope alone creeps between the two places and does not end.</summary>
    [Fact]
    public void The_search_ends_at_the_highest_maximum()
    {
        var effects = StudyEffects.Create(Effects, Variances);
        var fit = RandomEffects.Fit(effects);
        var (best, height) = (0.0, double.NegativeInfinity);
        for (var tau2 = 0.0; tau2 < 0.1; tau2 += 1e-5)
        {
            var at = Restricted(tau2);
            if (at > height) (best, height) = (tau2, at);
        }
        Assert.Equal(best, fit.TauSquared, 1e-5);
        Assert.True(Restricted(fit.TauSquared) >= height - 1e-12);
        var results = new ManyFit[1];
        RandomEffects.FitMany(Effects, Variances, 5, results);
        Assert.Equal(fit.TauSquared, results[0].TauSquared);
    }

    private static double Restricted(double tau2)
    {
        double[] w = [.. Variances.Select(v => 1 / (v + tau2))];
        double sum = w.Sum(), mean = w.Zip(Effects, (a, y) => a * y).Sum() / sum;
        return -0.5 * (w.Sum(a => -Math.Log(a)) + Math.Log(sum) + w.Zip(Effects, (a, y) => a * (y - mean) * (y - mean)).Sum());
    }
}
