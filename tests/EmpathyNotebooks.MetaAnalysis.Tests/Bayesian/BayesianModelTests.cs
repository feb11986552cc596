namespace EmpathyNotebooks.MetaAnalysis.Tests.Bayesian;

/// <summary>The Bayesian model against brute force, on random ugly designs, and where there is no answer.</summary>
public sealed partial class BayesianModelTests
{
    private static readonly double[] Y = [0.42, 0.13, 0.35, -0.05, 0.60];
    private static readonly double[] V = [0.040, 0.022, 0.030, 0.018, 0.090];

    private static readonly HeterogeneityPrior[] TauPriors =
    [
        HeterogeneityPrior.HalfNormal(0.5), HeterogeneityPrior.HalfCauchy(0.5), HeterogeneityPrior.HalfStudent(0.3, 4), HeterogeneityPrior.Uniform(2), HeterogeneityPrior.Exponential(0.3),
        HeterogeneityPrior.InverseGamma(1, 0.15), HeterogeneityPrior.LogNormal(-2.56, 1.74), HeterogeneityPrior.LogStudent(-3.44, 2.59),
    ];

    /// <summary>All priors of τ with flat and normal priors of μ, by a midpoint rule over τ = e^x of 30,000 points.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Agrees_with_brute_force_for_every_prior_of_tau(int number, bool isFlat)
    {
        var mu = isFlat ? EffectPrior.Flat : EffectPrior.Normal(0.1, 0.4);
        var fit = BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = mu, HeterogeneityPrior = TauPriors[number] });
        var brute = new BruteForce(Y, V, mu, TauPriors[number], 30_000);

        Near(brute.LogMarginal, fit.Posterior.LogMarginal, 1e-8, "log marginal likelihood");
        foreach (var p in new[] { 0.025, 0.5, 0.9 })
        {
            Near(p, brute.MeanBelow(fit.Mean.Quantile(p)), 1e-7, $"P of μ at {p}");
            Near(p, brute.TauBelow(fit.Tau.Quantile(p)), 1e-6, $"P of τ at {p}");
            Near(p, brute.NewBelow(fit.Predictive.Quantile(p)), 1e-7, $"P of a new effect at {p}");
            Near(p, brute.StudyBelow(2, fit.Studies[2].Posterior.Quantile(p)), 1e-7, $"P of a study at {p}");
        }
        Near(brute.Average(part => part.Mean), fit.Mean.Mean!.Value, 1e-8, "mean");
        if (fit.Tau.Mean is { } tau) Near(brute.Average(part => part.Tau), tau, 1e-7, "mean of τ");
        Near(brute.Average(part => part.Tau * part.Tau / (part.Tau * part.Tau + BayesianFit.TypicalVariance(V)!.Value)), fit.ISquared!.Mean!.Value, 1e-7, "mean of I²");
        foreach (var distribution in new[] { fit.Mean, fit.Predictive, fit.Studies[0].Posterior, fit.Tau }) IsWhole(distribution, isFinite: double.IsFinite(distribution.Density(0)));
    }

    /// <summary>With few degrees of freedom much of log-t lies at a τ smaller than any number of double precision: a rule over log τ alone, with a likelihood that is that of τ = 0 there.</summary>
    [Theory]
    [InlineData(0.1, 0, 1)]
    [InlineData(0.2, -3, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(2, -3, 2)]
    public void Agrees_with_brute_force_for_the_heaviest_tails_of_log_tau(double degreesOfFreedom, double location, double scale)
    {
        var prior = HeterogeneityPrior.LogStudent(location, scale, degreesOfFreedom);
        var fit = BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = EffectPrior.Normal(0.1, 0.4), HeterogeneityPrior = prior });
        // The density of log τ is known where τ is 1: everything else of it is the kernel.
        double Kernel(double logTau) => -(degreesOfFreedom + 1) / 2 * Math.Log(1 + Math.Pow((2 * logTau - location) / scale, 2) / degreesOfFreedom);
        var constant = prior.LogDensity(1) - Kernel(0);
        double sum = 0, first = 0;
        const double step = 0.005;
        for (var x = -350.0; x < 6; x += step)
        {
            var logTau = Math.Sinh(x);
            var tau = Math.Exp(logTau);
            var weight = double.IsInfinity(tau) ? 0 : Math.Exp(constant + Kernel(logTau) + fit.Posterior.Model.LogAt(tau) - fit.Posterior.Model.LogAt(0)) * Math.Cosh(x) * step;
            sum += double.IsFinite(weight) ? weight : 0;
            first += double.IsFinite(weight) ? weight * tau : 0;
        }
        Near(Math.Log(sum), fit.HeterogeneityBayesFactor!.Value.Log, 1e-8, "Bayes factor");
        Near(first / sum, fit.Tau.Mean!.Value, 1e-8, "mean of τ");
        // The density of τ is endless at 0, and has a peak beyond or not.
        double[] grid = [.. Enumerable.Range(1, 20_000).Select(i => Math.Exp(-9 + 9.0 * i / 20_000))];
        double[] heights = [.. grid.Select(fit.Tau.Density)];
        var peak = Enumerable.Range(1, grid.Length - 2).LastOrDefault(i => heights[i] > heights[i - 1] && heights[i] > heights[i + 1]);
        Assert.InRange(fit.Tau.Mode, peak == 0 ? 0 : grid[peak - 1], peak == 0 ? 0 : grid[peak + 1]);
    }

    [Fact]
    public void A_prior_of_the_mean_without_a_width_in_double_precision_is_refused()
    {
        foreach (var prior in new[] { EffectPrior.Normal(0, 1e-170), EffectPrior.Cauchy(0, 1e-300), EffectPrior.Student(0, 1e-300, 4) })
        {
            Assert.Equal(NonConvergence.Precision, Assert.Throws<ConvergenceException>(() => BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = prior })).Kind);
        }
    }

    /// <summary>A prior that puts all of τ near 0 or beyond any effect leaves τ = 0, and each summary says so.</summary>
    [Fact]
    public void A_prior_with_no_tau_that_numbers_hold_leaves_zero()
    {
        var mu = EffectPrior.Normal(0.1, 0.4);
        var fit = BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = mu, HeterogeneityPrior = HeterogeneityPrior.LogStudent(0, 1e300, 1) });
        var precision = V.Sum(v => 1 / v) + 1 / 0.16;
        Near((Y.Zip(V, (y, v) => y / v).Sum() + 0.1 / 0.16) / precision, fit.Mean.Mean!.Value, 1e-12, "mean");
        foreach (var distribution in new[] { fit.Tau, fit.ISquared! })
        {
            Assert.Equal((0, 0, 0, 0), (distribution.Mode, distribution.Median, distribution.ShortestInterval.Lower, distribution.ShortestInterval.Upper));
            Assert.Equal(0, distribution.CredibleInterval.Upper);
        }
    }

    [Fact]
    public void A_prior_that_no_rule_settles_for_says_what_to_choose()
    {
        var fault = Assert.Throws<ConvergenceException>(() => BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = EffectPrior.Normal(0.1, 0.4), HeterogeneityPrior = HeterogeneityPrior.LogStudent(0, 1, 0.01) }));
        Assert.Contains("choose 1 degree of freedom or more", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>The density of I² is endless at 0; under a uniform prior of τ it can rise again to its upper end, which is then the mode, or to a peak, or fall all the way.</summary>
    [Fact]
    public void The_mode_of_a_share_can_be_its_upper_end()
    {
        var ends = 0;
        foreach (var largest in new[] { 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 3 })
        {
            var share = BayesianModel.Fit(Effects([0.9, -0.5, 0.7, 0.2, 1.2], V), new() { EffectPrior = EffectPrior.Flat, HeterogeneityPrior = HeterogeneityPrior.Uniform(largest) }).ISquared!;
            var highest = largest * largest / (largest * largest + BayesianFit.TypicalVariance(V)!.Value);
            double[] heights = [.. Enumerable.Range(1, 5_000).Select(i => share.Density(highest * (i / 5_000.0) * (1 - 1e-12)))];
            var valley = Array.IndexOf(heights, heights.Take(Array.IndexOf(heights, heights.Skip(200).Max()) + 1).Min());
            var peak = Array.IndexOf(heights, heights.Skip(valley + 1).DefaultIfEmpty(0).Max());
            var isPeak = peak > valley && heights[peak] > heights[valley];
            if (isPeak && peak == heights.Length - 1) ends++;
            Assert.InRange(share.Mode, isPeak ? highest * peak / 5_000 * (1 - 1e-9) : 0, isPeak ? highest * Math.Min(peak + 2, 5_000) / 5_000 * (1 + 1e-9) : 0);
        }
        Assert.InRange(ends, 2, 8);
    }

    /// <summary>A t prior, whose posterior is no mixture in the brute force: a rule over both μ and τ.</summary>
    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(4, 0.1)]
    public void Agrees_with_brute_force_for_a_prior_of_Student(double degreesOfFreedom, double scale)
    {
        var (mu, tau) = (EffectPrior.Student(-0.1, scale, degreesOfFreedom), HeterogeneityPrior.HalfNormal(0.4));
        var fit = BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = mu, HeterogeneityPrior = tau });
        double all = 0, below = 0, first = 0;
        var limit = fit.Mean.Quantile(0.3);
        const int points = 600;
        for (var i = 0; i < points; i++)
        {
            // Simpson's rule over τ, where the density has a slope at 0.
            var t = 2.5 * i / (points - 1.0);
            var weight = i is 0 or points - 1 ? 0.5 : 1;
            if (t == 0) t = 1e-12;
            var constant = tau.LogDensity(t);
            foreach (var v in V) constant -= Math.Log(2 * Math.PI * (v + t * t)) / 2;
            for (var j = 0; j < 4000; j++)
            {
                // Midpoints up to the limit and from it on, so that the jump lies between two of them.
                var m = j < 2000 ? limit - 3 * (j + 0.5) / 2000 : limit + 3 * (j - 1999.5) / 2000;
                var log = mu.LogDensity(m) + constant;
                for (var s = 0; s < Y.Length; s++) log -= (Y[s] - m) * (Y[s] - m) / (V[s] + t * t) / 2;
                var density = weight * Math.Exp(log);
                all += density;
                if (j < 2000) below += density;
                first += density * m;
            }
        }
        Near(0.3, below / all, 2e-6, "P of μ");
        Near(first / all, fit.Mean.Mean!.Value, 2e-6, "mean");
        Near(Math.Log(all * (3.0 / 2000) * (2.5 / (points - 1))), fit.LogMarginalLikelihood!.Value, 2e-5, "log marginal likelihood");
        Near(fit.EffectBayesFactor!.Value.Log, fit.EffectBayesFactor.Value.SavageDickeyLog!.Value, 1e-8, "Savage-Dickey");
        IsWhole(fit.Mean);
        IsWhole(fit.Predictive);
    }

    /// <summary>With very many degrees of freedom t is normal.</summary>
    [Fact]
    public void A_t_prior_of_many_degrees_of_freedom_is_the_normal_one()
    {
        BayesianFit With(EffectPrior prior) => BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = prior, HeterogeneityPrior = TauPriors[0] });
        var (t, normal) = (With(EffectPrior.Student(0, 0.5, 1e7)), With(EffectPrior.Normal(0, 0.5)));
        Near(normal.LogMarginalLikelihood!.Value, t.LogMarginalLikelihood!.Value, 1e-6, "log marginal likelihood");
        Near(normal.Mean.CredibleInterval.Upper, t.Mean.CredibleInterval.Upper, 1e-6, "limit");
    }

    /// <summary>Equal effects far from a narrow prior: one peak at a small τ and, beyond a deep valley, a far higher one at a large τ.</summary>
    [Fact]
    public void Sees_a_second_peak_beyond_a_valley()
    {
        double[] y = [.. Enumerable.Repeat(100.0, 50)], v = [.. Enumerable.Repeat(1e-4, 50)];
        var (mu, tau) = (EffectPrior.Normal(0, 1), HeterogeneityPrior.HalfCauchy(0.5));
        var fit = BayesianModel.Fit(Effects(y, v), new() { EffectPrior = mu, HeterogeneityPrior = tau });
        Near(new BruteForce(y, v, mu, tau).LogMarginal, fit.LogMarginalLikelihood!.Value, 1e-6, "log marginal likelihood");
        Assert.True(fit.Tau.Median > 10);
        Assert.Contains(fit.Warnings, warning => warning.Contains("disagree", StringComparison.Ordinal));
    }

    /// <summary>A uniform prior far below what the data ask for: the posterior of τ is a spike at its end, as narrow as the last digits.</summary>
    [Fact]
    public void Ends_where_the_posterior_presses_against_the_end_of_the_prior()
    {
        var fit = BayesianModel.Fit(Effects([0, 5], [1e-6, 1e-6]), new() { EffectPrior = EffectPrior.Normal(0, 1), HeterogeneityPrior = HeterogeneityPrior.Uniform(1e-3) });
        Assert.Equal(1e-3, fit.Tau.Mode, 1e-9);
        Assert.InRange(fit.Tau.ShortestInterval.Lower, 0.99e-3, 1e-3);
        Assert.Contains(fit.Warnings, warning => warning.Contains("presses against", StringComparison.Ordinal));
        Assert.Throws<ConvergenceException>(() => BayesianModel.Fit(Effects([1e200, 2e200], [1, 1]), fit.Options));
    }

    [Fact]
    public void Moments_that_do_not_exist_are_null_and_said()
    {
        var two = BayesianModel.Fit(Effects([0.1, 0.5], [0.04, 0.05]), new() { EffectPrior = EffectPrior.Flat, HeterogeneityPrior = HeterogeneityPrior.HalfCauchy(0.5) });
        Assert.NotNull(two.Mean.Mean);
        Assert.Null(two.Mean.StandardDeviation);
        Assert.Null(two.Tau.StandardDeviation);
        Assert.NotNull(two.Studies[0].Posterior.StandardDeviation);
        Assert.Contains(two.Warnings, warning => warning.Contains("half-normal", StringComparison.Ordinal));

        var one = BayesianModel.Fit(Effects([0.1], [0.04]), new() { EffectPrior = EffectPrior.Flat, HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5) });
        // One study says nothing of τ: its posterior is the prior, and μ is as uncertain as a study drawn at random.
        Near(0.5 * Math.Sqrt(2 / Math.PI), one.Tau.Mean!.Value, 1e-9, "mean of τ");
        Near(Math.Sqrt(0.04 + 0.25), one.Mean.StandardDeviation!.Value, 1e-9, "sd of μ");
        Assert.Null(one.ISquared);
        // The farthest tail there is: log-t with one study.
        var far = BayesianModel.Fit(Effects([0.3], [0.04]), new() { EffectPrior = EffectPrior.Flat, HeterogeneityPrior = HeterogeneityPrior.LogStudent(-3.44, 2.59) });
        Near(Math.Exp(-1.72), far.Tau.Median, 1e-6, "median of τ");
        Assert.Null(far.Tau.Mean);
        Assert.Contains(one.Warnings, warning => warning.Contains("nothing of heterogeneity", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_default_prior_of_tau_it_says_what_to_choose()
    {
        var fault = Assert.Throws<ImpossibleChoiceException>(() => BayesianModel.Fit(StudyEffects.Create(Y, V, EffectMeasure.MeanDifference)));
        Assert.Equal(ChoiceFault.Incomplete, fault.Kind);
        Assert.Contains("HeterogeneityPrior", fault.Choices);
        Assert.Throws<InsufficientStudiesException>(() => BayesianModel.Fit(StudyEffects.Create([], [], EffectMeasure.FisherZ)));
        Assert.Throws<ImpossibleChoiceException>(() => BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = EffectPrior.Flat }).Average());
        Assert.Throws<ImpossibleChoiceException>(() => BayesianModel.Fit(Effects(Y, V), new() { EffectPrior = EffectPrior.Flat }).OverScales(PriorTarget.Effect));
        Assert.Equal("inverse-gamma(1, 0.075)", DefaultPriors.Of(EffectMeasure.FisherZ).Heterogeneity!.ToString());
        Assert.Equal("half-normal(0.5)", DefaultPriors.Of(EffectMeasure.FromCode("RR")).Heterogeneity!.ToString());
    }

    /// <summary>Adding one study to the posterior of the others is the posterior of all: the marginal likelihoods are a chain of predictive densities.</summary>
    [Fact]
    public void Sequential_updating_ends_with_all_studies()
    {
        var effects = StudyEffects.Create(Y, V, EffectMeasure.StandardizedMeanDifference, columns: [StudyColumn.OfNumbers("year", [2005, 2001, 2003, 2009, 2001])]);
        var fit = BayesianModel.Fit(effects);
        var steps = fit.Sequential("year");
        Assert.Equal(["Study 2", "Study 5", "Study 3", "Study 1", "Study 4"], steps.Select(step => step.Label));
        Assert.Equal([1, 2, 3, 4, 5], steps.Select(step => step.Fit.Count));
        Near(fit.LogMarginalLikelihood!.Value, steps[^1].Fit.LogMarginalLikelihood!.Value, 1e-11, "log marginal likelihood");
        Near(fit.Mean.Median, fit.Sequential()[^1].Fit.Mean.Median, 1e-12, "median");
        // The predictive density of the last study given the others, by a rule over the posterior of the others.
        var before = steps[^2].Fit;
        double density = 0;
        foreach (var part in before.Posterior.Parts)
        {
            var variance = part.Covariance[0] + part.Tau * part.Tau + V[3];
            density += part.Weight * Math.Exp(-(Y[3] - part.Mean[0]) * (Y[3] - part.Mean[0]) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
        }
        Near(Math.Log(density), fit.LogMarginalLikelihood.Value - before.LogMarginalLikelihood!.Value, 1e-9, "predictive density");
        Assert.Throws<StudyDataException>(() => fit.Sequential("month"));
    }

    /// <summary>A meta-regression on the intercept alone in another guise, and against brute force in its marginal likelihood.</summary>
    [Fact]
    public void A_meta_regression_agrees_with_brute_force()
    {
        double[] x = [-1, 0.5, 2, -0.5, 1];
        var effects = StudyEffects.Create(Y, V, EffectMeasure.StandardizedMeanDifference, columns: [StudyColumn.OfNumbers("dose", x.Select(value => (double?)value))]);
        var options = new BayesianOptions { EffectPrior = EffectPrior.Normal(0, 1), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5), CoefficientPrior = EffectPrior.Normal(0.1, 0.3) };
        var fit = BayesianModel.Fit(effects, Moderator.Number("dose"), options);

        // Over the slope: given it, y - x b is a model with one mean.
        double all = 0, first = 0;
        const int points = 400;
        for (var i = 0; i < points; i++)
        {
            var b = 0.1 + 3 * (2 * (i + 0.5) / points - 1);
            var given = BayesianModel.Fit(Effects([.. Y.Zip(x, (y, dose) => y - b * dose)], V), options).LogMarginalLikelihood!.Value + options.CoefficientPrior.LogDensity(b);
            all += Math.Exp(given);
            first += Math.Exp(given) * b;
        }
        Near(Math.Log(all * 6 / points), fit.LogMarginalLikelihood!.Value, 1e-9, "log marginal likelihood");
        Near(first / all, fit.Coefficients[1].Posterior.Mean!.Value, 1e-9, "slope");
        Near(fit.ModeratorLogBayesFactor!.Value, fit.LogMarginalLikelihood.Value - BayesianModel.Fit(effects, options).LogMarginalLikelihood!.Value, 1e-10, "BF of moderators");
        Near(fit.Coefficients[1].BayesFactor!.Value.Log, fit.Coefficients[1].BayesFactor!.Value.SavageDickeyLog!.Value, 1e-8, "Savage-Dickey");
        foreach (var coefficient in fit.Coefficients) IsWhole(coefficient.Posterior);
        var at0 = fit.Predict(new() { ["dose"] = 0 });
        Near(fit.Coefficients[0].Posterior.Median, at0.Mean.Median, 1e-12, "intercept");
        Assert.True(at0.NewEffect.StandardDeviation > at0.Mean.StandardDeviation);

        // With flat priors and hardly any freedom of τ it is the weighted regression.
        var flat = BayesianModel.Fit(effects, Moderator.Number("dose"), new() { EffectPrior = EffectPrior.Flat, HeterogeneityPrior = HeterogeneityPrior.HalfNormal(1e-7) });
        var regression = MetaRegression.Fit(effects, Moderator.Number("dose"), new() { TauSquared = null, Inference = Inference.Normal });
        Near(regression.Coefficients[1].Estimate, flat.Coefficients[1].Posterior.Mean!.Value, 1e-10, "slope");
        Near(regression.Coefficients[1].StandardError, flat.Coefficients[1].Posterior.StandardDeviation!.Value, 1e-10, "sd of the slope");
        Assert.Null(flat.LogMarginalLikelihood);
        Assert.Null(flat.ModeratorBayesFactor);

        Assert.Throws<ImpossibleChoiceException>(() => BayesianModel.Fit(effects, Moderator.Number("dose"), options with { CoefficientPrior = EffectPrior.Cauchy(0, 1) }));
        Assert.Throws<ImpossibleChoiceException>(() => BayesianModel.Fit(effects, Moderator.Number("dose"), options with { CoefficientPriors = new Dictionary<string, EffectPrior> { ["does"] = EffectPrior.Flat } }));
        Assert.Throws<StudyDataException>(() => fit.Predict([]));
    }

    [Fact]
    public void A_wider_prior_of_the_mean_favours_the_null_ever_more()
    {
        var scales = BayesianModel.Fit(Effects(Y, V)).OverScales(PriorTarget.Effect, [1, 10, 100, 1000]);
        for (var i = 1; i < scales.Length; i++) Assert.True(scales[i].Fit.EffectBayesFactor!.Value.Log < scales[i - 1].Fit.EffectBayesFactor!.Value.Log);
        Near(Math.Log(10), scales[2].Fit.EffectBayesFactor!.Value.Log - scales[3].Fit.EffectBayesFactor!.Value.Log, 1e-3, "a tenth for ten times the scale");
    }

    private static StudyEffects Effects(double[] y, double[] v) => StudyEffects.Create(y, v, EffectMeasure.StandardizedMeanDifference);

    private static void Near(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), FormattableString.Invariant($"{what}: {actual:R}, expected {expected:R}"));

    /// <summary>What must hold in every distribution.</summary>
    private static void IsWhole(PosteriorDistribution d, string what = "", bool isFinite = true)
    {
        var (central, shortest) = (d.CredibleInterval, d.ShortestInterval);
        Near(0.025, d.ProbabilityBelow(central.Lower), 1e-9, what);
        Near(0.025, d.ProbabilityAbove(central.Upper), 1e-9, what);
        Near(0.95, d.ProbabilityBelow(shortest.Upper) - d.ProbabilityBelow(shortest.Lower), 1e-9, what);
        Assert.True(shortest.Width <= central.Width * (1 + 1e-12), $"{what}: shortest {shortest.Lower:R} {shortest.Upper:R}, central {central.Lower:R} {central.Upper:R}");
        var peak = d.Density(d.Mode);
        if (d.ProbabilityBelow(shortest.Lower) > 1e-12 && d.ProbabilityAbove(shortest.Upper) > 1e-12) Assert.True(Math.Abs(d.Density(shortest.Lower) - d.Density(shortest.Upper)) <= 1e-6 * peak, $"{what}: densities at the limits {d.Density(shortest.Lower):R} {d.Density(shortest.Upper):R}");
        for (var i = 1; i < 16 && isFinite; i++) Assert.True(d.Density(d.Quantile(i / 16.0)) <= peak * (1 + 1e-9), $"{what}: the density at {d.Quantile(i / 16.0):R} is above that at the mode {d.Mode:R}");
        foreach (var shift in new[] { 0.01, -0.01 })
        {
            var level = shortest.Level;
            var below = d.ProbabilityBelow(shortest.Lower) + shift * 0.1;
            if (below > 0 && below + level < 1) Assert.True(d.Quantile(below + level) - d.Quantile(below) >= shortest.Width * (1 - 1e-10), what);
        }
    }
}
