namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A result that knows where the numbers come from that it was computed from, so that whatever shows it can say so.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.24, 0.31, 0.28], [0.012, 0.015, 0.010], EffectMeasure.FisherZ, origin: new(DataKind.Simulated, "three studies"));
/// IHasOrigin test = RandomEffects.Fit(effects).RankTest();
/// Console.WriteLine(test.Origin.Label); // Simulated data: three studies
/// </code></example>
public interface IHasOrigin
{
    /// <summary>Where the numbers come from; <see cref="DataOrigin.Own"/> where a result was computed from plain numbers, of which nobody said.</summary>
    DataOrigin Origin { get; }
}
