using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How likely a planned test finds what is assumed to be there.</summary>
/// <example><code>
/// PowerResult power = new MeanPlan(PlannedStudies.Alike(10, 0.027), effect: 0.2) { TauSquared = 0.02 }.Power();
/// Console.WriteLine($"{power.Power:F3} with {power.Count} studies; {power.IsExact}");
/// Console.WriteLine(power);
/// </code></example>
public sealed class PowerResult : IHasOrigin
{
    internal PowerResult(string test, double power, int count, double alpha, double effect, double tau2)
    {
        (Test, Power, Count, Alpha, Effect, TauSquared) = (test, Math.Clamp(power, 0, 1), count, alpha, effect, tau2);
    }

    /// <inheritdoc/>
    public DataOrigin Origin { get; internal init; } = DataOrigin.Own;

    /// <summary>The test in words.</summary>
    public string Test { get; }

    /// <summary>The power: how likely the test is significant, in [0, 1]. At an effect of 0 the actual rate of false alarms.</summary>
    public double Power { get; }

    /// <summary>How many studies there are, k.</summary>
    public int Count { get; }

    /// <summary>The level of significance.</summary>
    public double Alpha { get; }

    /// <summary>What is to be found: the distance of the mean from no effect, the slope, the largest difference of groups; for heterogeneity τ².</summary>
    public double Effect { get; }

    /// <summary>τ², the variance of true effects.</summary>
    public double TauSquared { get; }

    /// <summary>The true standard error of what is tested with the best weights; null for tests of several things at once.</summary>
    public double? StandardError { get; internal init; }

    /// <summary>λ: the effect over its standard error, or Σ1/s²(m - m̄)² for groups; null for heterogeneity.</summary>
    public double? Noncentrality { get; internal init; }

    /// <summary>The degrees of freedom of t, of the denominator of F, or of χ²; null for z.</summary>
    public double? DegreesOfFreedom { get; internal init; }

    /// <summary>What the statistic must exceed: of z, t, F or χ².</summary>
    public double CriticalValue { get; internal init; }

    /// <summary>True where the power is exact if the assumptions hold; false where it is an approximation, which a warning names.</summary>
    public bool IsExact { get; internal init; } = true;

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; internal init; } = [];

    /// <summary>A line, for example <c>Power .71 of the mean (random effects, Hartung-Knapp) with 10 studies, effect 0.2, τ² = 0.02, α = .05</c>.</summary>
    public override string ToString() =>
        $"Power {Words(Power)} of {Test} with {StatisticText.Count(Count, "study", "studies")}, effect {StatisticText.Significant(Effect)}, τ² = {StatisticText.Significant(TauSquared)}, α = {StatisticText.Number(Alpha, Math.Abs(100 * Alpha - Math.Round(100 * Alpha)) < 1e-9 ? 2 : 4, leadingZero: false)}";

    /// <summary>A power as it is printed: never 1 or 0 where it is not.</summary>
    internal static string Words(double power) => power > 0.995 ? "> .99" : power < 0.005 ? "< .01" : StatisticText.Number(power, 2, leadingZero: false);
}

/// <summary>How many studies reach a power.</summary>
/// <param name="Target">The power that was asked.</param>
/// <param name="Count">The fewest studies that reach it; null where not even <paramref name="Most"/> do.</param>
/// <param name="Power">The power with them, or with <paramref name="Most"/>.</param>
/// <param name="Most">How many were tried at most.</param>
/// <example><code>
/// StudiesNeeded needed = new MeanPlan(PlannedStudies.Alike(10, 0.027), effect: 0.2) { TauSquared = 0.02 }.StudiesNeeded(power: 0.8);
/// Console.WriteLine(needed.Count is { } k ? $"{k} studies" : $"more than {needed.Most}");
/// </code></example>
public sealed record StudiesNeeded(double Target, int? Count, double Power, int Most) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get; internal init; } = DataOrigin.Own;

    /// <inheritdoc/>
    public override string ToString() => Count is { } k
        ? $"{StatisticText.Count(k, "study", "studies")} for a power of {PowerResult.Words(Target)} (they have {PowerResult.Words(Power)})"
        : $"more than {StatisticText.Count(Most, "study", "studies")} for a power of {PowerResult.Words(Target)} (those have {PowerResult.Words(Power)})";
}

/// <summary>Power over what a plan can vary.</summary>
/// <param name="Variable">What varies: <c>k</c>, <c>effect</c> or <c>τ²</c>.</param>
/// <param name="Points">Each value with the power there.</param>
/// <example><code>
/// PowerCurve curve = new MeanPlan(PlannedStudies.Alike(10, 0.027), effect: 0.2).OverStudies([5, 10, 20, 40]);
/// foreach (var (k, power) in curve.Points) Console.WriteLine($"{curve.Variable} = {k}: {power:F2}");
/// </code></example>
public sealed record PowerCurve(string Variable, ImmutableArray<(double Value, double Power)> Points) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get; internal init; } = DataOrigin.Own;

    /// <inheritdoc/>
    public override string ToString() => $"Power over {Variable}: " + string.Join(", ", Points.Select(p => $"{StatisticText.Significant(p.Value)}: {PowerResult.Words(p.Power)}"));
}
