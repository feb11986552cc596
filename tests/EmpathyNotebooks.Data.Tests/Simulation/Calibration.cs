using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data.Tests;

/// <summary>What the simulated data must show. The seed of the bundled data is the first, counted from 1, that does.</summary>
internal static class Calibration
{
    private static readonly string[] Raters = ["client", "observer", "therapist", "accuracy"];

    public static StudyEffects Effects(ulong seed)
    {
        using var text = new StringWriter();
        EmpathySimulation.WriteCsv(text, seed);
        return StudyTable.Parse(text.ToString(), "simulated.csv").Correlations("r", "n", "sample", "effect");
    }

    /// <summary>Fisher z, effects averaged within samples with an assumed correlation of .5, REML, z-based interval.</summary>
    public static PooledFit Standard(StudyEffects effects) => Pool(effects, Inference.Normal);

    public static PooledFit Pool(StudyEffects effects, Inference inference) =>
        RandomEffects.Fit(effects.AverageWithin("sample", 0.5), new() { Inference = inference });

    /// <summary>The first requirement that is not met, or null.</summary>
    public static string? Fault(StudyEffects effects)
    {
        var pooled = Standard(effects);
        if (!pooled.ToString().StartsWith("r = .28, 95% CI [.23, .33],", StringComparison.Ordinal)) return pooled.ToString();
        if (pooled.Heterogeneity.ISquared < 0.5) return "I² below 50%: the review reports considerable heterogeneity";
        if (effects.Count is < 220 or > 270) return $"{effects.Count} effects: about three a sample are wanted";
        foreach (var inference in new[] { Inference.Normal, Inference.HartungKnapp })
        {
            var byRater = Raters.ToDictionary(rater => rater, rater => Pool(effects.Where("rater", rater), inference));
            if (byRater.FirstOrDefault(fit => fit.Value.Count < 8) is { Key: not null } few) return $"{few.Key}: {few.Value.Count} samples";
            var largestOther = byRater.Where(fit => fit.Key != "client").Max(fit => fit.Value.BackTransformed.Estimate);
            if (byRater["client"].BackTransformed.Estimate < largestOther + 0.03) return "client is not the largest by .03";
            if (byRater["observer"].ConfidenceInterval.Lower <= 0) return "observer includes 0";
            if (byRater["therapist"].ConfidenceInterval.Lower <= 0) return "therapist includes 0";
            if (!byRater["accuracy"].ConfidenceInterval.Contains(0)) return "accuracy excludes 0";
            if (Math.Abs(byRater["accuracy"].BackTransformed.Estimate) > 0.08) return "accuracy is not small";
        }
        return null;
    }
}
