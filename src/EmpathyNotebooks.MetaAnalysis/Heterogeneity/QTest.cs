namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Cochran's test of the hypothesis that all true effects are equal.</summary>
/// <param name="Statistic">Q = Σ(y - mean)²/v with equal-effects weights (Cochran 1954).</param>
/// <param name="DegreesOfFreedom">k - 1.</param>
/// <param name="PValue">The upper tail of chi². 1 for one study, which differs from nothing.</param>
public readonly record struct QTest(double Statistic, int DegreesOfFreedom, double PValue)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"Q({StatisticText.Count(DegreesOfFreedom)}) = {StatisticText.Number(Statistic)}, {StatisticText.PValueWithSymbol(PValue)}";
}
