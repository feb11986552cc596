using System.Text.Json;
using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Tests;

/// <summary>Holds the JavaScript of the Bayesian explorer against the library: posteriors at 1e-8 of their standard deviation, logarithms of Bayes factors at 1e-8.</summary>
internal static class BayesAgreement
{
    public const double Tolerance = 1e-8;

    private static readonly (string Name, Func<double, HeterogeneityPrior> Prior)[] Families =
    [
        ("halfNormal", HeterogeneityPrior.HalfNormal), ("halfCauchy", HeterogeneityPrior.HalfCauchy), ("exponential", HeterogeneityPrior.Exponential), ("uniform", HeterogeneityPrior.Uniform),
        ("inverseGamma", scale => HeterogeneityPrior.InverseGamma(1, scale)),
    ];

    /// <summary>The script to run: a function of the data as JSON, giving JSON.</summary>
    public static string Script(string fit) => $$"""
        text => {
          const data = JSON.parse(text);
          return JSON.stringify(data.priors.map(prior => {
            const { mean, predictive, tau, studies, effect, heterogeneity, logMarginal } = {{fit}}(data.y, data.v, { ...prior, level: data.level });
            const some = ({ median, lower, upper }) => [median, lower, upper];
            return { mean: some(mean), predictive: some(predictive), tau: some(tau), studies, effect, heterogeneity, logMarginal, densities: data.at.map(x => [mean.density(x), tau.density(Math.abs(x))]) };
          }));
        }
        """;

    /// <summary>Data to compare with: bundled ones, two studies, ties, variances far apart, effects far from the prior.</summary>
    public static StudyEffects[] DataSets =>
    [
        Datasets.Molloy2014().Correlations(), StudyEffects.Create([0.1, 0.5], [0.04, 0.05]), StudyEffects.Create([0.3, 0.3, 0.3], [0.01, 0.02, 0.04]), StudyEffects.Create([1, -2, 0.5, 7], [1e-4, 2, 30, 0.5]),
        StudyEffects.Create([3, 3.1, 2.9, 3.05, 3], [1e-3, 1e-3, 2e-3, 1e-3, 1e-3]), StudyEffects.Create([0.2], [0.01]),
    ];

    /// <summary>Fits each data set with each prior in both, and compares.</summary>
    public static async Task CompareAsync(StudyEffects effects, Func<string, Task<string>> run)
    {
        double[] at = [-0.3, 0, 0.05, 0.4, 2];
        var priors = Families.SelectMany((family, i) => new[] { 0.1, 1.0 }.Select(scale => (family.Name, family.Prior, Scale: scale, Flat: (i + (scale < 1 ? 0 : 1)) % 2 == 0))).ToArray();
        var answer = await run(JsonSerializer.Serialize(new
        {
            y = effects.Effects, v = effects.Variances, level = 0.95, at,
            priors = priors.Select(p => new { mu = new { family = p.Flat ? "flat" : "normal", mean = 0.2, sd = 0.5 }, tau = new { family = p.Name, scale = p.Scale } }),
        }));
        using var document = JsonDocument.Parse(answer);
        foreach (var (prior, found) in priors.Zip(document.RootElement.EnumerateArray()))
        {
            var fit = BayesianModel.Fit(effects, new() { EffectPrior = prior.Flat ? EffectPrior.Flat : EffectPrior.Normal(0.2, 0.5), HeterogeneityPrior = prior.Prior(prior.Scale) });
            var what = $"{fit.EffectPrior}, {fit.HeterogeneityPrior}, k = {fit.Count}";
            Posterior("mean", fit.Mean);
            Posterior("predictive", fit.Predictive);
            Posterior("tau", fit.Tau);
            for (var i = 0; i < fit.Count; i++)
            {
                var (study, theirs) = (fit.Studies[i].Posterior, found.GetProperty("studies")[i]);
                Near(study.Mean!.Value, theirs.GetProperty("mean"), study.StandardDeviation!.Value, "study mean");
                Near(study.StandardDeviation.Value, theirs.GetProperty("sd"), study.StandardDeviation.Value, "study sd");
            }
            Log(fit.EffectBayesFactor?.Log, "effect");
            Log(fit.HeterogeneityBayesFactor?.Log, "heterogeneity");
            Log(fit.LogMarginalLikelihood, "logMarginal");
            for (var i = 0; i < at.Length; i++)
            {
                Near(fit.Mean.Density(at[i]), found.GetProperty("densities")[i][0], fit.Mean.Density(fit.Mean.Median), "density of μ");
                Near(fit.Tau.Density(Math.Abs(at[i])), found.GetProperty("densities")[i][1], fit.Tau.Density(fit.Tau.Median), "density of τ");
            }

            void Posterior(string name, PosteriorDistribution ours)
            {
                // Where there is no standard deviation, the width of the interval in its place.
                var size = ours.StandardDeviation ?? ours.CredibleInterval.Width / 4;
                Near(ours.Median, found.GetProperty(name)[0], size, name + " median");
                Near(ours.CredibleInterval.Lower, found.GetProperty(name)[1], size, name + " lower");
                Near(ours.CredibleInterval.Upper, found.GetProperty(name)[2], size, name + " upper");
            }

            void Log(double? ours, string name)
            {
                if (ours is { } value) Near(value, found.GetProperty(name), Math.Max(1, Math.Abs(value)), name);
                else Assert.Equal(JsonValueKind.Null, found.GetProperty(name).ValueKind);
            }

            void Near(double ours, JsonElement theirs, double size, string name) => Assert.True(Math.Abs(ours - theirs.GetDouble()) <= Tolerance * size,
                FormattableString.Invariant($"{what}, {name}: {theirs.GetDouble():R} in the script, {ours:R} in the library, allowed {Tolerance * size:G3}"));
        }
    }
}
