using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.Distributions;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>The Copas selection model against metasens 1.5, against its definition and differences of it, and at its edges.</summary>
public sealed class CopasTests
{
    public static TheoryData<string> Datasets => [.. PValueReference.Datasets];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Agrees_with_metasens(string dataset)
    {
        var expected = Expected(dataset);
        var copas = CopasSelection.Fit(Reference.Load(dataset));

        // The choice of path rests on contour lines that metasens draws through estimates of an optimiser that stops early: 1e-4 in the estimate.
        PValueReference.Near(copas.Selected!.Estimate, expected.GetProperty("estimate"), 1e-4, "estimate");
        PValueReference.Near(copas.Selected.ResidualBiasPValue, expected.GetProperty("p_rsb"), 1e-3, "residual selection bias");
        PValueReference.Near(copas.Selected.Unpublished, expected.GetProperty("N_unpublished"), 5e-3, "unpublished");
        Assert.Equal(expected.GetProperty("left").GetBoolean() ? Alternative.Greater : Alternative.Less, copas.Side);
        PValueReference.Near(copas.Contour.Gamma0[0], expected.GetProperty("gamma0_range")[0], 1e-10, "least gamma0");
        PValueReference.Near(copas.Contour.Gamma1[^1], expected.GetProperty("gamma1_range")[1], 1e-10, "largest gamma1");
        // Where metasens stops early at many points of the plane (raudenbush1985) its lines lie elsewhere.
        if (dataset != "raudenbush1985") PValueReference.Near(copas.Contour.Slope!.Value, expected.GetProperty("slope"), 0.02, "slope of the path");
        // Its standard errors are right where ρ is off its bound; there, as without selection, they are ours.
        if (dataset is "molloy2014" or "bcg" or "normand1999") PValueReference.Near(copas.Selected.StandardError!.Value, expected.GetProperty("se"), 1e-6, "se");
        Assert.Equal((copas.Selected.Estimate, copas.ConfidenceInterval), (copas.Adjusted!.Estimate, copas.Adjusted.ConfidenceInterval));
    }

    /// <summary>At the points that metasens visits our likelihood is never lower, and where it is no higher the estimates agree.</summary>
    [Theory]
    [MemberData(nameof(Datasets))]
    public void The_likelihood_is_never_below_that_of_metasens(string dataset)
    {
        var expected = Expected(dataset);
        double[] Path(string name) => [.. expected.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];
        double[] gamma0 = [10, .. Path("path_gamma0")], gamma1 = [0, .. Path("path_gamma1")], without = Path("path_negloglik_without_bias"), with = Path("path_negloglik_with_bias");
        double[] estimates = Path("path_estimate"), rho = Path("path_rho"), tau = Path("path_tau"), p = Path("path_p_rsb"), se = Path("path_se"), published = Path("path_publprob"), missing = Path("path_N_unpublished");
        var copas = CopasSelection.Fit(Reference.Load(dataset), new() { GridSize = 5 });
        var alike = 0;
        for (var i = 0; i < estimates.Length; i++)
        {
            var point = copas.At(gamma0[i], gamma1[i]);
            var what = $"{dataset}, point {i}";
            Assert.True(point.LogLikelihood >= -without[i] - 1e-9, what);
            Assert.True(point.LogLikelihoodWithBias >= -with[i] - 1e-9, what);
            PValueReference.Near(point.PublicationProbability, published[i], 1e-6, what);
            PValueReference.Near(point.Unpublished, missing[i], 1e-6, what);
            if (point.LogLikelihood > -without[i] + 1e-6) continue;
            alike++;
            PValueReference.Near(point.Estimate, estimates[i], 1e-4, what);
            PValueReference.Near(Math.Sqrt(point.TauSquared), tau[i], 1e-3, what);
            if (i > 0) PValueReference.Near(point.Correlation, rho[i], 1e-3, what);
            if (Math.Abs(rho[i]) < 0.9 && i > 0) PValueReference.Near(point.StandardError!.Value, se[i], 1e-4, what);
            if (point.LogLikelihoodWithBias <= -with[i] + 1e-6) PValueReference.Near(point.ResidualBiasPValue, p[i], 1e-4, what);
        }
        // raudenbush1985 is the one whose search stops early at most points.
        Assert.True(alike >= (dataset == "raudenbush1985" ? 4 : estimates.Length - 1), $"{alike} of {estimates.Length}");
    }

    /// <summary>The likelihood is the density of an effect given that its study is published, from the bivariate normal model by numerical integration.</summary>
    [Fact]
    public void The_likelihood_is_that_of_the_model()
    {
        double mu = 0.2, rho = 0.6, tau2 = 0.05, gamma0 = -0.4, gamma1 = 0.12;
        double[] y = [0.35, -0.1, 0.6], s = [0.2, 0.11, 0.35];
        double expected = 0;
        for (var i = 0; i < 3; i++)
        {
            double u = gamma0 + gamma1 / s[i], lambda = Normal.PDF(0, 1, u) / Normal.CDF(0, 1, u), sigma = Math.Sqrt(s[i] * s[i] / (1 - rho * rho * lambda * (u + lambda)));
            // y = μ + √τ² a + σ ε and z = u + δ with cor(ε, δ) = ρ: integrate over δ above -u the density of y given δ.
            double density = 0;
            const int steps = 200_000;
            for (var j = 0; j < steps; j++)
            {
                var delta = -u + (j + 0.5) * 12 / steps;
                density += Normal.PDF(0, 1, delta) * Normal.PDF(mu + rho * sigma * delta, Math.Sqrt(tau2 + sigma * sigma * (1 - rho * rho)), y[i]) * 12 / steps;
            }
            expected += Math.Log(density / Normal.CDF(0, 1, u)) + Math.Log(Normal.CDF(0, 1, u)) + 0.5 * Math.Log(2 * Math.PI);
        }

        Assert.Equal(expected, new CopasLikelihood(y, s, gamma0, gamma1).Evaluate([mu, rho, tau2], default, default), 1e-8);
    }

    /// <summary>Slopes and second derivatives are differences of the likelihood, in all four parameters.</summary>
    [Fact]
    public void Derivatives_are_differences()
    {
        var random = new Random(4);
        for (var n = 0; n < 50; n++)
        {
            double[] y = [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble() - 0.3)], s = [.. Enumerable.Range(0, 5).Select(_ => 0.1 + random.NextDouble() / 2)];
            var likelihood = new CopasLikelihood(y, s, random.NextDouble() * 2 - 1, random.NextDouble() * 0.2);
            double[] x = [random.NextDouble() - 0.5, 1.8 * random.NextDouble() - 0.9, random.NextDouble() * 0.3, random.NextDouble() - 0.5], slope = new double[4], second = new double[16];
            likelihood.Evaluate(x, slope, second);
            for (var i = 0; i < 4; i++)
            {
                double[] up = [.. x], down = [.. x], slopeUp = new double[4], slopeDown = new double[4], scratch = new double[16];
                up[i] += 1e-6;
                down[i] -= 1e-6;
                var difference = (likelihood.Evaluate(up, slopeUp, scratch) - likelihood.Evaluate(down, slopeDown, scratch)) / 2e-6;
                PValueReference.Near(slope[i], difference, 1e-5, $"slope {i}");
                for (var j = 0; j < 4; j++) PValueReference.Near(second[i * 4 + j], (slopeUp[j] - slopeDown[j]) / 2e-6, 1e-4, $"second {i} {j}");
            }
        }
    }

    /// <summary>No point of a grid over all parameters has a higher likelihood, on small ugly data.</summary>
    [Fact]
    public void Ugly_data_are_at_the_top_or_have_a_reason()
    {
        int fits = 0, reasons = 0;
        foreach (var effects in PValueReference.Ugly(30, 21))
        {
            CopasSelection copas;
            try
            {
                copas = CopasSelection.Fit(effects, new() { GridSize = 6, Levels = 4 });
            }
            catch (Exception reason) when (reason is UndeterminedException or InsufficientStudiesException)
            {
                reasons++;
                continue;
            }
            fits++;
            double[] y = [.. effects.Effects], s = [.. effects.Variances.Select(Math.Sqrt)];
            var range = y.Max() - y.Min() + s.Min();
            foreach (var point in copas.Path)
            {
                Assert.InRange(point.Correlation, -0.9999, 0.9999);
                Assert.InRange(point.ResidualBiasPValue, 0, 1);
                Assert.True(double.IsFinite(point.Estimate) && point.TauSquared >= 0 && point.StandardError is null or > 0);
                var likelihood = new CopasLikelihood(y, s, point.Gamma0, point.Gamma1);
                for (var i = -20; i <= 20; i++)
                {
                    for (var j = -8; j <= 8; j++)
                    {
                        for (var t = 0; t <= 8; t++)
                        {
                            var value = likelihood.Evaluate([point.Estimate + i * range / 10, 0.9999 * j / 8, t == 0 ? 0 : range * range * Math.Pow(10, (t - 7) / 2.0)], default, default);
                            Assert.True(value <= point.LogLikelihood + 1e-6, FormattableString.Invariant($"{value} above {point}"));
                        }
                    }
                }
            }
        }
        Assert.True(fits > 15 && reasons > 1, $"{fits} fits, {reasons} reasons");
    }

    /// <summary>The model of the mirrored effects is the mirror image.</summary>
    [Fact]
    public void The_other_side_is_the_mirror_image()
    {
        var effects = Reference.Load("hackshaw1998");
        var (here, there) = (CopasSelection.Fit(effects), CopasSelection.Fit(StudyEffects.Create([.. effects.Effects.Select(y => -y)], effects.Variances)));

        Assert.Equal((Alternative.Greater, Alternative.Less), (here.Side, there.Side));
        Assert.Equal(here.Selected!.Estimate, -there.Selected!.Estimate, 1e-7);
        Assert.Equal(here.Selected.ResidualBiasPValue, there.Selected.ResidualBiasPValue, 1e-6);
    }

    /// <summary>Round levels and contour lines as R 4.2's pretty() and contourLines() give them.</summary>
    [Fact]
    public void Levels_and_lines_are_those_of_R()
    {
        Assert.Equal([0.04, 0.06, 0.08, 0.1, 0.12, 0.14], CopasContour.RoundLevels(0.043, 0.131, 5), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([-0.8, -0.7, -0.6, -0.5, -0.4, -0.3], CopasContour.RoundLevels(-0.72, -0.35, 5), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Empty(CopasContour.RoundLevels(0.2, 0.2, 10));
        var corner = Assert.Single(ContourLines.At([[0, 0.2], [0.1, 0.9]], 0.5));
        Assert.Equal([(1, 0.5), (0.428571428571, 1)], corner.OrderByDescending(p => p.X), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-9);
        var closed = Assert.Single(ContourLines.At([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 0.5));
        Assert.Equal(5, closed.Count);
        Assert.Equal(closed[0], closed[^1]);
        Assert.Equal(2, ContourLines.At([[0, 1], [1, 0]], 0.4).Count);
    }

    [Fact]
    public void What_does_not_apply_is_said()
    {
        var alike = StudyEffects.Create([0.1, 0.3, 0.2], [0.04, 0.04, 0.04]);

        Assert.Equal("The Copas selection model", Assert.Throws<UndeterminedException>(() => CopasSelection.Fit(alike)).Method);
        Assert.Throws<InsufficientStudiesException>(() => CopasSelection.Fit(alike.Select([0, 1])));
        Assert.Throws<ImpossibleChoiceException>(() => CopasSelection.Fit(Reference.Load("bcg"), new() { Side = Alternative.TwoSided }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopasOptions { CorrelationBound = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopasOptions { Significance = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopasOptions { GridSize = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CopasOptions { Levels = 1 });
        var copas = CopasSelection.Fit(Reference.Load("bcg"), new() { GridSize = 5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => copas.At(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => copas.At(-50, 0));
        Assert.Null(copas.IntervalOf(null));
        Assert.Contains(copas.Warnings, w => w.Contains("not significant without selection", StringComparison.Ordinal));
        // A test that is significant at every strength of selection chooses no estimate.
        var none = CopasSelection.Fit(Reference.Load("bcg"), new() { GridSize = 5, Significance = 0.999 });
        Assert.Equal((null, null, null), (none.Selected, none.Adjusted, none.ConfidenceInterval));
    }

    private static JsonElement Expected(string dataset) => PValueReference.Results("copas", "metasens-copas.json", dataset, "copas", ("tau2_method_start", "REML"));
}
