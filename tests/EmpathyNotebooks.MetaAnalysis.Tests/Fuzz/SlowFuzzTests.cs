namespace EmpathyNotebooks.MetaAnalysis.Tests.Fuzz;

/// <summary>Selection models, methods of p-values and Bayesian models, which search or integrate for long, on sets drawn at random.</summary>
public sealed class SlowFuzzTests
{
    [Fact]
    public void Selection_models() => FuzzRun.Of(2, 1000, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, fewest: 2, most: 40), findings);
        SelectionFunction[] functions =
        [
            SelectionFunction.Step(0.025), SelectionFunction.Step(0.025, 0.5), SelectionFunction.Beta(), SelectionFunction.HalfNormal(), SelectionFunction.NegativeExponential(SelectionPrecision.StandardError),
            SelectionFunction.Logistic(), SelectionFunction.Power(), SelectionFunction.Truncated(), SelectionFunction.TruncatedAtEstimate(),
        ];
        var random = new Philox(seed, 4);
        foreach (var function in functions)
        {
            var equal = random.Next(4) == 0;
            ask.Of($"selection {function.Shape}{(equal ? " of equal effects" : "")}", () => SelectionModel.Fit(ask.Effects, function, new() { Alternative = random.Next(2) == 0 ? Alternative.Greater : Alternative.TwoSided, TakesEffectsAsEqual = equal }), mayFail: true);
        }
        ask.Of("selection by weights", () => RandomEffects.Fit(ask.Effects).SelectionSensitivity(), mayFail: true);
    });

    [Fact]
    public void Methods_of_p_values() => FuzzRun.Of(3, 1000, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, fewest: 2, most: 100), findings);
        foreach (var side in new[] { Alternative.Greater, Alternative.Less })
        {
            foreach (var method in Enum.GetValues<PUniformMethod>()) ask.Of($"p-uniform {method}", () => PUniform.Fit(ask.Effects, new() { Alternative = side, Method = method }));
            ask.Of("p-uniform*", () => PUniformStar.Fit(ask.Effects, new() { Alternative = side }), mayFail: true);
        }
        ask.Of("p-curve", () => PCurve.Fit(ask.Effects));
        ask.Of("z-curve", () => ZCurve.Fit(ask.Effects, new() { Bootstraps = seed % 5 == 0 ? 100 : 0 }));
    });

    [Fact]
    public void Copas_selection() => FuzzRun.Of(1, 1000, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, fewest: 3, most: 30), findings);
        ask.Of("Copas", () => CopasSelection.Fit(ask.Effects, new() { GridSize = 10 }), mayFail: true);
    });

    [Fact]
    public void Bayesian_models() => FuzzRun.Of(1, 1000, (seed, findings) =>
    {
        var ask = new Questions(FuzzData.Draw(seed, most: 30), findings);
        var options = new BayesianOptions { EffectPrior = EffectPrior.Normal(0, 1), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5) };
        ask.Of("Bayes", () => BayesianModel.Fit(ask.Effects, options), fit => ask.Of("averages", () => fit.Average()), mayFail: true);
        ask.Of("Bayes with a moderator", () => BayesianModel.Fit(ask.Effects, Moderator.Number("x").Centered(), options with { CoefficientPrior = EffectPrior.Normal(0, 1) }), mayFail: true);
        if (seed % 10 == 1) ask.Of("RoBMA", () => RandomEffects.Fit(ask.Effects).ModelAveragedAdjustment(), mayFail: true, seconds: 60);
    });
}
