using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli;

/// <summary>The result the notebooks are about: as published, and pooled anew from the simulated samples.</summary>
internal static class PooledSummary
{
    public static void Print(TextWriter output)
    {
        var samples = Datasets.EmpathyEffectsSimulated().Correlations().AverageWithin("sample", correlation: 0.5);
        var fit = RandomEffects.Fit(samples, new RandomEffectsOptions { Inference = Inference.Normal });
        output.WriteLine();
        output.WriteLine("Therapist empathy and client outcome");
        output.WriteLine($"  published: {Datasets.PublishedFinding("Elliott et al. (2018)")}");
        output.WriteLine($"  pooled here: {fit}");
        output.WriteLine();
    }
}
