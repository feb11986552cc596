using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>Selection models against their definition, on random small data, and at their edges.</summary>
public sealed class SelectionModelTests
{
    private static readonly SelectionFunction[] Functions =
    [
        SelectionFunction.Step(0.025), SelectionFunction.Step(0.05, 0.5), SelectionFunction.Beta(), SelectionFunction.Beta(0.025, 0.975), SelectionFunction.HalfNormal(), SelectionFunction.HalfNormal(SelectionPrecision.StandardError, 0.05),
        SelectionFunction.NegativeExponential(), SelectionFunction.Logistic(), SelectionFunction.Logistic(SelectionPrecision.Variance, 0.025), SelectionFunction.Power(), SelectionFunction.Power(from: 0.01), SelectionFunction.Truncated(0.1),
    ];

    public static TheoryData<int, Alternative> Designs
    {
        get
        {
            var data = new TheoryData<int, Alternative>();
            for (var f = 0; f < Functions.Length; f++)
            {
                foreach (var side in Enum.GetValues<Alternative>())
                {
                    if (side != Alternative.TwoSided || Functions[f].Shape != SelectionShape.Truncated) data.Add(f, side);
                }
            }
            return data;
        }
    }

    /// <summary>ln L = Σ ln w(p) + ln N(y; μ, v + τ²) - ln E[w], the expectation by a fine rule over the whole line, w written out once more.</summary>
    [Theory]
    [MemberData(nameof(Designs))]
    public void The_likelihood_is_that_of_the_definition(int f, Alternative side)
    {
        var function = Functions[f];
        var random = new Random(11 + f);
        foreach (var tau2 in (double[])[0, 0.02, 0.7])
        {
            var effects = Draw(random, 5);
            double[] delta = function.Shape switch
            {
                SelectionShape.Step => [.. function.Steps.Select((_, j) => 0.6 / (j + 1))],
                SelectionShape.Beta => [0.6, 1.7],
                SelectionShape.Truncated => [0.4],
                _ => [1.8],
            };
            var engine = new SelectionEngine(effects, DesignMatrix.Constant(5), function, side, true, null);
            const double Mean = 0.13;
            double[] at = [engine.Sign * Mean * Math.Sqrt(5), tau2, .. engine.IsStep ? delta.Select(x => Math.Log(x)) : delta];
            var expected = Brute(effects, function, side, Mean, tau2, delta);

            Assert.Equal(expected, engine.Likelihood.Evaluate(at, default, default), 1e-8 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Gradient_and_Hessian_are_those_of_the_likelihood(int f, Alternative side)
    {
        var effects = Draw(new Random(5 + f), 7);
        var likelihood = new SelectionEngine(effects, DesignMatrix.Constant(7), Functions[f], side, true, null).Likelihood;
        var n = likelihood.Parameters;
        double[] at = new double[n], gradient = new double[n], hessian = new double[n * n], above = new double[n], below = new double[n];
        (at[0], at[1]) = (0.3, 0.05);
        for (var j = 2; j < n; j++) at[j] = 0.6 + 0.3 * j;
        likelihood.Evaluate(at, gradient, hessian);
        for (var j = 0; j < n; j++)
        {
            const double Step = 2e-6;
            double[] up = [.. at], down = [.. at];
            (up[j], down[j]) = (at[j] + Step, at[j] - Step);
            var slope = (likelihood.Evaluate(up, above, default) - likelihood.Evaluate(down, below, default)) / (2 * Step);
            Assert.Equal(slope, gradient[j], 1e-6 * (1 + Math.Abs(slope)));
            for (var m = 0; m < n; m++)
            {
                var curve = (above[m] - below[m]) / (2 * Step);
                Assert.Equal(curve, hessian[j * n + m], 1e-5 * (1 + Math.Abs(curve)));
            }
        }
    }

    /// <summary>On small ugly data a fit either is a maximum, which no other place found at random beats, or says why there is none.</summary>
    [Fact]
    public void On_random_small_data_a_maximum_is_the_highest_place_or_the_reason_is_said()
    {
        var random = new Random(2025);
        int fitted = 0, refused = 0;
        for (var round = 0; round < 400; round++)
        {
            var effects = Draw(random, random.Next(2, 13), ugly: true);
            var function = Functions[random.Next(Functions.Length)];
            var side = function.Shape == SelectionShape.Truncated ? Alternative.Greater : (Alternative)random.Next(3);
            var options = new SelectionOptions { Alternative = side, TakesEffectsAsEqual = random.Next(4) == 0 };
            SelectionFit fit;
            try
            {
                fit = SelectionModel.Fit(effects, function, options);
            }
            catch (Exception fault) when (fault is UndeterminedException or InsufficientStudiesException)
            {
                Assert.NotEmpty(fault.Message);
                refused++;
                continue;
            }
            fitted++;
            Assert.True(double.IsFinite(fit.Mean!.Value.Estimate) && fit.TauSquared >= 0 && double.IsFinite(fit.LogLikelihood));
            Assert.True(fit.LikelihoodRatio!.Statistic >= 0);
            if (fit.Mean.Value.HasStandardError) Assert.True(fit.Mean.Value.StandardError > 0);
            var engine = new SelectionEngine(effects, DesignMatrix.Constant(effects.Count), function, side, !options.TakesEffectsAsEqual, null);
            for (var tries = 0; tries < 60; tries++)
            {
                var reach = tries < 30 ? 0.02 : 1.5;
                double Near(double x) => x + reach * Math.Max(0.05, Math.Abs(x)) * (2 * random.NextDouble() - 1);
                double[] at =
                [
                    engine.Sign * Near(fit.Mean.Value.Estimate) * Math.Sqrt(effects.Count), options.TakesEffectsAsEqual ? 0 : Math.Max(0, Near(fit.TauSquared)),
                    .. fit.Parameters.Select(p => engine.IsStep ? Near(Math.Log(p.Estimate)) : Math.Max(0, Near(p.Estimate))),
                ];
                Assert.True(engine.Likelihood.Evaluate(at, default, default) <= fit.LogLikelihood + 1e-9, $"round {round}: {function} {side} is higher elsewhere");
            }
        }
        Assert.True(fitted > 120 && refused > 40, $"{fitted} fitted, {refused} refused");
    }

    [Fact]
    public void Effects_turned_around_and_the_other_side_are_the_same_model()
    {
        var effects = Reference.Load("hackshaw1998");
        foreach (var function in Functions.Where(f => f.Shape != SelectionShape.Truncated))
        {
            var greater = SelectionModel.Fit(effects, function);
            var less = SelectionModel.Fit(SelectionReference.Turned(effects), function, new() { Alternative = Alternative.Less });
            Assert.Equal(greater.LogLikelihood, less.LogLikelihood, 1e-9);
            Assert.Equal(greater.Mean!.Value.Estimate, -less.Mean!.Value.Estimate, 1e-8);
            Assert.Equal(greater.TauSquared, less.TauSquared, 1e-9);
        }
    }

    [Fact]
    public void Scale_and_order_of_effects_do_not_matter()
    {
        var effects = Reference.Load("molloy2014");
        var fit = SelectionModel.Fit(effects, SelectionFunction.Step(0.025));
        var scaled = SelectionModel.Fit(StudyEffects.Create([.. effects.Effects.Select(y => 1000 * y)], [.. effects.Variances.Select(v => 1e6 * v)]), SelectionFunction.Step(0.025));
        var reversed = SelectionModel.Fit(effects.Select([.. Enumerable.Range(0, 16).Reverse()]), SelectionFunction.Step(0.025));

        Assert.Equal(1000 * fit.Mean!.Value.Estimate, scaled.Mean!.Value.Estimate, 1e-6);
        Assert.Equal(1e6 * fit.TauSquared, scaled.TauSquared, 1e-4);
        Assert.Equal(fit.Parameters[0].Estimate, scaled.Parameters[0].Estimate, 1e-9);
        Assert.Equal(fit.Mean.Value.Estimate, reversed.Mean!.Value.Estimate, 1e-10);
        Assert.Equal(fit.LikelihoodRatio!.Statistic, scaled.LikelihoodRatio!.Statistic, 1e-8);
    }

    [Fact]
    public void Without_selection_it_is_maximum_likelihood()
    {
        var effects = Reference.Load("molloy2014");
        var plain = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.MaximumLikelihood, Inference = Inference.Normal });
        var fit = plain.WithSelection(SelectionFunction.Step(0.025, 0.5).WithWeights(1, 1));

        Assert.Equal(plain.Estimate, fit.Mean!.Value.Estimate, 1e-9);
        Assert.Equal(plain.TauSquared, fit.TauSquared, 1e-10);
        Assert.Equal(plain.FitStatistics.LogLikelihood, fit.LogLikelihood, 1e-10);
        Assert.Null(fit.LikelihoodRatio);
        Assert.All(fit.Parameters, p => Assert.True(p.IsGiven));
        // The shapes hold it at δ = 0, where they are no selection either.
        Assert.Equal(plain.Estimate, plain.WithSelection(SelectionFunction.NegativeExponential()).Mean!.Value.Estimate, 1e-8);
    }

    [Fact]
    public void A_profile_interval_ends_where_the_likelihood_has_fallen_by_half_the_quantile()
    {
        foreach (var (dataset, function) in new[] { ("mcdaniel1994", SelectionFunction.Step(0.025, 0.5)), ("mcdaniel1994", SelectionFunction.HalfNormal()), ("konstantopoulos2011", SelectionFunction.Beta()) })
        {
            var fit = SelectionModel.Fit(Reference.Load(dataset), function);
            for (var j = 0; j < fit.Parameters.Length; j++)
            {
                var interval = fit.ProfileInterval(j)!.Value;
                Assert.True(interval.Contains(fit.Parameters[j].Estimate));
                if (function.Shape != SelectionShape.Step) continue;
                foreach (var end in (double[])[interval.Lower, interval.Upper])
                {
                    double?[] weights = [.. fit.Parameters.Select((_, m) => m == j ? end : (double?)null)];
                    Assert.Equal(fit.LogLikelihood - 1.920729410347062, SelectionModel.Fit(fit.Effects, function.WithWeights(weights)).LogLikelihood, 1e-7);
                }
            }
        }
        var atBound = SelectionModel.Fit(Reference.Load("molloy2014"), SelectionFunction.NegativeExponential());
        Assert.True(atBound.Parameters[0].IsAtBound);
        Assert.Equal(0, atBound.ProfileInterval(0)!.Value.Lower);
    }

    [Fact]
    public void Monotone_weights_do_not_rise()
    {
        var effects = Reference.Load("konstantopoulos2011");
        var free = SelectionModel.Fit(effects, SelectionFunction.Step(0.025, 0.5));
        var monotone = SelectionModel.Fit(effects, SelectionFunction.Step(0.025, 0.5).Monotone());
        var falling = SelectionModel.Fit(Reference.Load("mcdaniel1994"), SelectionFunction.Step(0.025, 0.5).Monotone());

        Assert.Contains(free.Parameters, p => p.Estimate > 1);
        Assert.All(monotone.Parameters, p => Assert.Equal(1, p.Estimate, 1e-12));
        Assert.All(monotone.Parameters, p => Assert.True(p.IsAtBound));
        Assert.True(monotone.LogLikelihood <= free.LogLikelihood);
        Assert.Equal(0.684891266, falling.Parameters[0].Estimate, 1e-4);
        Assert.Equal(0.185971073, falling.Parameters[1].Estimate, 1e-4);
        Assert.NotNull(falling.Parameters[1].StandardError);
        // A middle interval without effects takes the weight before or after it.
        Assert.True(SelectionModel.Fit(Reference.Load("hackshaw1998"), SelectionFunction.Step(0.025, 0.05, 0.5).Monotone()).Parameters[0].Estimate <= 1);
    }

    [Fact]
    public void The_weight_function_has_its_band()
    {
        var step = SelectionModel.Fit(Reference.Load("mcdaniel1994"), SelectionFunction.Step(0.025, 0.5));
        Assert.Equal(1, step.WeightAt(0.025).Weight);
        Assert.Equal(step.Parameters[0].Estimate, step.WeightAt(0.3).Weight, 1e-12);
        Assert.Equal(step.Parameters[1].ConfidenceInterval!.Value.Upper, step.WeightAt(0.9).ConfidenceInterval!.Value.Upper, 1e-10);
        var half = SelectionModel.Fit(Reference.Load("mcdaniel1994"), SelectionFunction.HalfNormal());
        var delta = half.Parameters[0];
        Assert.Equal(Math.Exp(-delta.Estimate * 0.25), half.WeightAt(0.5).Weight, 1e-12);
        Assert.Equal(Math.Exp(-0.25 * (delta.Estimate - 1.959963984540054 * delta.StandardError!.Value)), half.WeightAt(0.5).ConfidenceInterval!.Value.Upper, 1e-9);
        var beta = SelectionModel.Fit(Reference.Load("mcdaniel1994"), SelectionFunction.Beta());
        Assert.Equal(1, beta.WeightAt(0.025).Weight, 1e-12);
        double[] d = [.. beta.Parameters.Select(p => p.Estimate)];
        Assert.Equal(Math.Pow(0.4 / 0.025, d[0] - 1) * Math.Pow(0.6 / 0.975, d[1] - 1), beta.WeightAt(0.4).Weight, 1e-10);
        Assert.Throws<ArgumentOutOfRangeException>(() => beta.WeightAt(1.2));
    }

    [Fact]
    public void Given_weights_make_a_table()
    {
        var table = RandomEffects.Fit(Reference.Load("molloy2014")).SelectionSensitivity();

        Assert.Equal(4, table.Stories.Length);
        Assert.Equal(0.14874196, table.WithoutSelection.Estimate, 1e-6);
        Assert.True(table.Stories[1].Fit.Mean!.Value.Estimate < table.Stories[0].Fit.Mean!.Value.Estimate);
        Assert.All(table.Stories, s => Assert.Equal(13, s.Fit.Function.Steps.Count));
        Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(Reference.Load("molloy2014")).SelectionSensitivity(Alternative.TwoSided));
    }

    [Fact]
    public void What_cannot_be_determined_or_chosen_is_said()
    {
        // All significant: the weight of the others would fall to 0.
        var significant = StudyEffects.Create([0.6, 0.7, 0.5, 0.9, 0.8], [0.01, 0.02, 0.01, 0.03, 0.02]);
        Assert.Contains("falls to 0", Assert.Throws<UndeterminedException>(() => SelectionModel.Fit(significant, SelectionFunction.Step(0.025))).Because);
        Assert.Contains("grow", Assert.Throws<UndeterminedException>(() => SelectionModel.Fit(significant, SelectionFunction.Step(0.025), new() { Alternative = Alternative.Less })).Because);
        Assert.NotNull(SelectionModel.Fit(significant, SelectionFunction.Step(0.025).WithWeights(0.5)).Mean);
        Assert.Throws<InsufficientStudiesException>(() => SelectionModel.Fit(significant.Select([0, 1, 2]), SelectionFunction.Step(0.025)));
        Assert.Throws<ImpossibleChoiceException>(() => SelectionModel.Fit(significant, SelectionFunction.Truncated(), new() { Alternative = Alternative.TwoSided }));
        Assert.Throws<ImpossibleChoiceException>(() => SelectionModel.Fit(significant, new SelectionOptions()));
        Assert.Throws<ImpossibleChoiceException>(() => SelectionModel.Fit(significant, SelectionFunction.Power(), new() { Penalty = new() }));
        Assert.Throws<ImpossibleChoiceException>(() => new SelectionOptions { Inference = Inference.HartungKnapp });
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Step());
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Step(0.025, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Step(0.05, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Beta(0.5, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Logistic(from: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Step(0.025).WithWeights(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => SelectionFunction.Step(0.025).WithWeights(0));
        Assert.Throws<ImpossibleChoiceException>(() => SelectionFunction.Beta().Monotone());
    }

    private static StudyEffects Draw(Random random, int k, bool ugly = false)
    {
        double[] v = [.. Enumerable.Range(0, k).Select(_ => ugly ? Math.Pow(10, -5 + 6 * random.NextDouble()) : 0.01 + 0.1 * random.NextDouble())];
        var mean = random.NextDouble() - 0.3;
        double[] y = [.. v.Select(x => mean + (2 * random.NextDouble() - 1) * 2.5 * Math.Sqrt(x + 0.02))];
        if (ugly && random.Next(4) == 0) y[0] = y[^1];
        return StudyEffects.Create(y, v);
    }

    private static double Brute(StudyEffects effects, SelectionFunction function, Alternative side, double mean, double tau2, double[] delta)
    {
        double sum = 0;
        var largest = function.Precision switch
        {
            SelectionPrecision.StandardError => Math.Sqrt(effects.Variances.Max()),
            SelectionPrecision.Variance => effects.Variances.Max(),
            _ => 1,
        };
        for (var i = 0; i < effects.Count; i++)
        {
            double v = effects.Variances[i], s = Math.Sqrt(v), eta = v + tau2, root = Math.Sqrt(eta);
            var precision = function.Precision switch
            {
                SelectionPrecision.StandardError => s / largest,
                SelectionPrecision.Variance => v / largest,
                _ => 1,
            };
            double W(double y) => Weight(function, side, y, s, delta, precision);
            // Pieces between the jumps and bends of w, each by a fine Gauss-Legendre rule.
            List<double> bounds = [mean - 11 * root, mean + 11 * root, 0];
            if (function.Shape == SelectionShape.Power) foreach (var p in (double[])[1e-5, 1 - 1e-5]) bounds.AddRange([-s * Distributions.NormalQuantile(side == Alternative.TwoSided ? p / 2 : p), s * Distributions.NormalQuantile(side == Alternative.TwoSided ? p / 2 : p)]);
            foreach (var p in function.Shape == SelectionShape.Truncated ? [] : function.Steps)
            {
                var z = -Distributions.NormalQuantile(side == Alternative.TwoSided ? p / 2 : p);
                bounds.AddRange([s * z, -s * z]);
            }
            // Powers of 1 - p bend sharply where p is 1.
            if (side == Alternative.TwoSided) for (var b = s; b > 1e-9 * s; b /= 5) bounds.AddRange([b, -b]);
            if (function.Shape == SelectionShape.Truncated) bounds.Add(function.Steps[0]);
            bounds = [.. bounds.Where(b => b >= mean - 11 * root && b <= mean + 11 * root).Distinct().Order()];
            double expectation = 0;
            for (var b = 1; b < bounds.Count; b++)
            {
                var parts = (int)Math.Ceiling((bounds[b] - bounds[b - 1]) / (0.5 * s)) + 1;
                for (var part = 0; part < parts; part++)
                {
                    double low = bounds[b - 1] + (bounds[b] - bounds[b - 1]) * part / parts, high = bounds[b - 1] + (bounds[b] - bounds[b - 1]) * (part + 1) / parts;
                    expectation += MathNet.Numerics.Integration.GaussLegendreRule.Integrate(y => W(y) * Normal(y), low, high, 20);
                }
            }
            double Normal(double y) => Math.Exp(-0.5 * (y - mean) * (y - mean) / eta) / Math.Sqrt(2 * Math.PI * eta);
            sum += Math.Log(W(effects.Effects[i])) + Math.Log(Normal(effects.Effects[i])) - Math.Log(expectation);
        }
        return sum;
    }

    private static double Weight(SelectionFunction function, Alternative side, double y, double s, double[] delta, double precision)
    {
        if (function.Shape == SelectionShape.Truncated) return (side == Alternative.Less ? y < function.Steps[0] : y > function.Steps[0]) ? 1 : delta[0];
        var z = side == Alternative.Less ? -y / s : y / s;
        var p = side == Alternative.TwoSided ? Distributions.NormalTwoSided(z) : Distributions.NormalCumulative(-z);
        var rest = side == Alternative.TwoSided ? MathNet.Numerics.SpecialFunctions.Erf(Math.Abs(z) / Math.Sqrt(2)) : Distributions.NormalCumulative(z);
        if (function.Shape == SelectionShape.Step)
        {
            var group = function.Steps.Count(step => p > step);
            return group == 0 ? 1 : delta[group - 1];
        }
        if (function.Shape == SelectionShape.Beta)
        {
            var clamped = Math.Clamp(p, function.Steps[0], function.Steps[1]);
            return Math.Pow(clamped, delta[0] - 1) * Math.Pow(1 - clamped, delta[1] - 1);
        }
        var from = function.Steps.Count > 0 ? function.Steps[0] : 0;
        if (p <= from) return 1;
        var d = delta[0] * precision;
        return function.Shape switch
        {
            SelectionShape.HalfNormal => Math.Exp(-d * (p * p - from * from)),
            SelectionShape.NegativeExponential => Math.Exp(-d * (p - from)),
            SelectionShape.Logistic => Math.Exp(-d * p) / (1 + Math.Exp(-d * p)) * (1 + Math.Exp(-d * from)) / Math.Exp(-d * from),
            // p counts as at least 1e-5 and at most 1 - 1e-5.
            _ => Math.Pow(Math.Clamp(rest, 1e-5, 1 - 1e-5) / (1 - from), d),
        };
    }
}
