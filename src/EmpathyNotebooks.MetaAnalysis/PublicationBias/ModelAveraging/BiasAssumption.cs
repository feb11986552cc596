using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How a model thinks that publication bias came about.</summary>
public enum BiasMechanism
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>Results are published with a probability that depends on the interval in which their p-value lies (a step weight function).</summary>
    Selection,

    /// <summary>Effects rise with their standard error: the precision-effect test.</summary>
    Pet,

    /// <summary>Effects rise with the square of their standard error: the precision-effect estimate with standard error.</summary>
    Peese,
}

/// <summary>One way in which publication bias may have come about, as a model of <see cref="ModelAveragedBiasAdjustment"/> has it.</summary>
/// <param name="Mechanism">The kind.</param>
/// <param name="Steps">The cut-points of p of a weight function, increasing; empty for others.</param>
/// <param name="IsTwoSided">True where these are two-sided p-values, whatever the sign of the effect; false for one-sided ones in the direction of selection.</param>
/// <param name="PriorProbability">Its probability before the data.</param>
/// <example><code>
/// foreach (BiasAssumption assumption in BiasAssumption.Psma.Where(a =&gt; a.Mechanism == BiasMechanism.Selection)) Console.WriteLine($"{assumption}: {assumption.PriorProbability:P1}");
/// </code></example>
public sealed record BiasAssumption(BiasMechanism Mechanism, ImmutableArray<double> Steps, bool IsTwoSided, double PriorProbability)
{
    /// <summary>
    /// The nine of RoBMA-PSMA: none (1/2), six weight functions (1/24 each), PET and PEESE (1/8 each). Source: Bartoš, Maier, Wagenmakers, Doucouliagos &amp; Stanley (2023), Research Synthesis Methods 14,
    /// 99-116, table 1.
    /// </summary>
    public static ImmutableArray<BiasAssumption> Psma { get; } =
    [
        new(BiasMechanism.None, [], false, 1.0 / 2),
        new(BiasMechanism.Selection, [0.05], true, 1.0 / 24),
        new(BiasMechanism.Selection, [0.05, 0.10], true, 1.0 / 24),
        new(BiasMechanism.Selection, [0.05], false, 1.0 / 24),
        new(BiasMechanism.Selection, [0.025, 0.05], false, 1.0 / 24),
        new(BiasMechanism.Selection, [0.05, 0.5], false, 1.0 / 24),
        new(BiasMechanism.Selection, [0.025, 0.05, 0.5], false, 1.0 / 24),
        new(BiasMechanism.Pet, [], false, 1.0 / 8),
        new(BiasMechanism.Peese, [], false, 1.0 / 8),
    ];

    /// <inheritdoc/>
    public override string ToString() => Mechanism switch
    {
        BiasMechanism.None => "no bias",
        BiasMechanism.Pet => "PET",
        BiasMechanism.Peese => "PEESE",
        _ => $"selection, {(IsTwoSided ? "two-sided" : "one-sided")} p: {string.Join(", ", Steps.Select(step => step.ToString("0.###", CultureInfo.InvariantCulture)[1..]))}",
    };
}
