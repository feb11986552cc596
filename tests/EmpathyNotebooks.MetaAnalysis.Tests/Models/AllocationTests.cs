namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>A fit allocates its result and nothing for its iterations or its studies.</summary>
public sealed class AllocationTests
{
    public static TheoryData<TauSquaredEstimator> Estimators() => new(
        TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.MaximumLikelihood,
        TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.EmpiricalBayes, TauSquaredEstimator.SidikJonkman,
        TauSquaredEstimator.Hedges, TauSquaredEstimator.HunterSchmidt);

    [Theory]
    [MemberData(nameof(Estimators))]
    public void The_same_for_ten_studies_as_for_ten_thousand(TauSquaredEstimator estimator)
    {
        var few = Allocated(Effects(10), estimator);
        var many = Allocated(Effects(10_000), estimator);
        Assert.Equal(few, many);
        Assert.InRange(many, 1, 2_000);
    }

    private static long Allocated(StudyEffects effects, TauSquaredEstimator estimator)
    {
        var options = new RandomEffectsOptions { TauSquared = estimator, Inference = Inference.Normal };
        // The first fit compiles and fills caches.
        for (var i = 0; i < 3; i++) _ = RandomEffects.Fit(effects, options).ConfidenceInterval;
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = RandomEffects.Fit(effects, options).ConfidenceInterval;
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static StudyEffects Effects(int k) => StudyEffects.Create(
        [.. Enumerable.Range(0, k).Select(i => Math.Sin(i) / 2)], [.. Enumerable.Range(0, k).Select(i => 0.01 + i % 9 / 100.0)]);
}
