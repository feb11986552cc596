using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

public class FunnelLineupTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void The_real_funnel_stands_among_nineteen_of_the_same_variances()
    {
        var model = FunnelLineup.Create(Fit, seed: 7).Model;
        Assert.Equal(20, model.Funnels.Length);
        Assert.Equal(Fit.Effects.Effects, model.Funnels[model.RealPosition].Effects);
        Assert.Equal(Fit.Estimate, model.Funnels[model.RealPosition].Estimate);
        Assert.Equal(20, model.Funnels.Select(f => f.Effects[0]).Distinct().Count());
        foreach (var funnel in model.Funnels)
        {
            Assert.Equal(RandomEffects.Fit(StudyEffects.Create(funnel.Effects, Fit.Effects.Variances)).Estimate, funnel.Estimate, 1e-12);
            Assert.All(funnel.Effects, effect => Assert.True(model.Axis.Contains(effect)));
        }
    }

    [Fact]
    public void A_seed_gives_one_line_up_and_seeds_every_position()
    {
        Assert.Equal(FunnelLineup.Create(Fit, 7).ToHtml(), FunnelLineup.Create(Fit, 7).ToHtml());
        Assert.NotEqual(FunnelLineup.Create(Fit, 7).ToHtml(), FunnelLineup.Create(Fit, 8).ToHtml());
        var positions = Enumerable.Range(0, 400).Select(seed => FunnelLineup.Create(Fit, (ulong)seed).Model.RealPosition).ToList();
        Assert.Equal(20, positions.Distinct().Count());
    }

    /// <summary>Standardized by √(tau² + v) the null effects are standard normal, and have nothing to do with the standard errors.</summary>
    [Fact]
    public void Null_effects_are_drawn_from_the_fitted_model()
    {
        double sum = 0, squares = 0, withError = 0;
        var n = 0;
        double[] errors = [.. Fit.Effects.Variances.Select(Math.Sqrt)];
        var middle = errors.Average();
        for (var seed = 0UL; seed < 60; seed++)
        {
            var model = FunnelLineup.Create(Fit, seed).Model;
            foreach (var funnel in model.Funnels.Where((_, i) => i != model.RealPosition))
            {
                foreach (var (i, effect) in funnel.Effects.Index())
                {
                    var z = (effect - Fit.Estimate) / Math.Sqrt(Fit.TauSquared + Fit.Effects.Variances[i]);
                    sum += z;
                    squares += z * z;
                    withError += z * (errors[i] - middle) / 0.04;
                    n++;
                }
            }
        }
        // 18,240 draws: five standard errors either way.
        Assert.Equal(0, sum / n, 0.037);
        Assert.Equal(1, squares / n, 0.053);
        Assert.Equal(0, withError / n, 0.04);
    }

    [Fact]
    public void Equal_effects_have_nulls_without_heterogeneity()
    {
        var fit = EqualEffects.Fit(Samples.Molloy());
        var model = FunnelLineup.Create(fit, 3).Model;
        double[] z = [.. model.Funnels.Where((_, i) => i != model.RealPosition)
            .SelectMany(f => f.Effects.Select((e, i) => (e - fit.Estimate) / Math.Sqrt(fit.Effects.Variances[i])))];
        Assert.InRange(z.Average(x => x * x), 0.75, 1.25);
    }

    [Fact]
    public void The_position_does_not_stand_in_the_page()
    {
        var lineup = FunnelLineup.Create(Fit, 7);
        var payload = MetaAnalysisExplorerTests.Payload(lineup);
        Assert.Equal(FunnelLineup.Seal(7, lineup.Model.RealPosition), (string)payload["answer"]!);
        Assert.DoesNotContain("position", payload.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("real", payload.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(20, Enumerable.Range(0, 20).Select(i => FunnelLineup.Seal(7, i)).Distinct().Count());
        Assert.Equal("Line-up of 20 funnel plots of 16 studies: one is real, the others are drawn without any bias around r = .15 with τ² = 0.00811.", lineup.Finding);
    }

    [Fact]
    public void What_cannot_be_lined_up_is_refused()
    {
        Assert.Throws<InsufficientStudiesException>(() => FunnelLineup.Create(RandomEffects.Fit(Samples.Molloy().Select([0, 1])), 1));
        var weighted = RandomEffects.Fit(Samples.Molloy(), new() { Weights = [.. Enumerable.Repeat(1.0, 16)] });
        Assert.Contains("own weights", Assert.Throws<ArgumentException>(() => FunnelLineup.Create(weighted, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("fewer than ten", FunnelLineup.Create(RandomEffects.Fit(Samples.Molloy().Select([0, 1, 2, 3])), 1).ToHtml(), StringComparison.Ordinal);
    }
}
