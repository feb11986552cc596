namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Cochran's test of the hypothesis that all true effects are equal.</summary>
/// <param name="Statistic">Q = Σ(y - mean)²/v with equal-effects weights (Cochran 1954).</param>
/// <param name="DegreesOfFreedom">k - 1.</param>
/// <param name="PValue">The upper tail of chi². 1 for one study, which differs from nothing.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// QTest q = EqualEffects.Fit(effects).Heterogeneity.Q;
/// Console.WriteLine($"Q({q.DegreesOfFreedom}) = {q.Statistic:F2}, p = {q.PValue:F3}");
/// </code></example>
public readonly record struct QTest(double Statistic, int DegreesOfFreedom, double PValue) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Q({StatisticText.Count(DegreesOfFreedom)}) = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";
}
