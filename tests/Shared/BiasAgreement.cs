using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using Xunit;

namespace EmpathyNotebooks.Tests;

/// <summary>Holds the corrections that the bias explorer computes against the library: what has a formula at 1e-8, maxima of likelihoods at 1e-6, of the length of an interval or of 1.</summary>
internal static class BiasAgreement
{
    /// <summary>The script to run: a function of the data as JSON, giving JSON.</summary>
    public const string Script = """
        text => {
          const { y, v } = JSON.parse(text), shown = limit => Number.isFinite(limit) ? limit : String(limit);
          return JSON.stringify(bias.estimates(y, v).map(e => ({ key: e.key, estimate: e.estimate, interval: e.interval?.map(shown) ?? null })));
        }
        """;

    /// <summary>Compares the answers for some data; gives how many means both have, and the largest difference in lengths of an interval.</summary>
    public static (int Means, double Largest) Compare(StudyEffects effects, JsonElement answers)
    {
        var compared = 0;
        double largest = 0;
        foreach (var answer in answers.EnumerateArray())
        {
            var key = answer.GetProperty("key").GetString()!;
            var found = answer.GetProperty("estimate");
            var (ours, why) = Library(effects, key);
            var what = $"{key} of {string.Join(", ", effects.Effects)}; {string.Join(", ", effects.Variances)}: {why}";
            Assert.True(ours is null == (found.ValueKind == JsonValueKind.Null), $"{what} {found}");
            if (ours is not { } mean) continue;
            compared++;
            var isMaximum = key is "step" or "steps" or "pUniform";
            // The distance of two numbers is judged by the size of the interval, which is small with precise studies.
            var size = Math.Max(mean.Interval is { } own && double.IsFinite(own.Width) ? own.Width : 1, 1e-4);
            var tolerance = isMaximum ? 1e-6 : 1e-8;
            Near(mean.Estimate, found.GetDouble(), tolerance, size, what);
            var limits = answer.GetProperty("interval");
            Near(mean.Interval!.Value.Lower, Limit(limits[0]), tolerance, size, what + " lower");
            Near(mean.Interval!.Value.Upper, Limit(limits[1]), tolerance, size, what + " upper");
        }
        return (compared, largest);

        void Near(double ours, double found, double tolerance, double size, string what)
        {
            if (ours == found) return;
            largest = Math.Max(largest, Math.Abs(ours - found) / size);
            Assert.True(Math.Abs(ours - found) <= tolerance * size, $"{what}: library {ours:R}, script {found:R}");
        }
    }

    private static double Limit(JsonElement limit) => limit.ValueKind == JsonValueKind.Number ? limit.GetDouble() : limit.GetString() == "Infinity" ? double.PositiveInfinity : double.NegativeInfinity;

    private static ((double Estimate, ConfidenceInterval? Interval)? Mean, string Why) Library(StudyEffects effects, string key)
    {
        try
        {
            if (effects.Count < 2) return (null, "fewer than two studies");
            var fit = RandomEffects.Fit(effects);
            var adjusted = key switch
            {
                "published" => new AdjustedEstimate("", fit.Estimate, fit.ConfidenceInterval, fit.Count, "", []),
                "fill" => fit.TrimAndFill(TrimAndFillEstimator.L0, FunnelSide.Left).Adjusted,
                "pet" => fit.Pet().Adjusted,
                "peese" => fit.Peese().Adjusted,
                "petPeese" => fit.PetPeese().Adjusted,
                "limit" => fit.LimitMetaAnalysis().Adjusted,
                "uwls" => fit.Uwls().Adjusted,
                "waap" => fit.Waap().Adjusted,
                "step" => SelectionModel.Fit(effects, SelectionFunction.Step(0.025)).Adjusted!,
                "steps" => SelectionModel.Fit(effects, SelectionFunction.Step(0.025, 0.5)).Adjusted!,
                "pUniform" => PUniformStar.Fit(effects).Adjusted,
                _ => throw new ArgumentOutOfRangeException(nameof(key), key, "There is no such method."),
            };
            return ((adjusted.Estimate, adjusted.ConfidenceInterval), "");
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or UndeterminedException or ConvergenceException)
        {
            return (null, fault.Message);
        }
    }
}
