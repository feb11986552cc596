using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>What to choose in a power curve.</summary>
public sealed record PowerCurvePlotOptions : PlotOptions
{
    /// <summary>The power that is aimed at, in (0, 1), at which a line stands; 0.8 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double Target
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Target), value, "A power lies between 0 and 1, both excluded; 0.8 is usual.");
    } = 0.8;

    /// <summary>Up to how many studies; where the plan reaches the power aimed at and half as many more if not said, at least twice as many as it has, at most 200.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 3.</exception>
    public int? MostStudies
    {
        get;
        init => field = value is null or >= 3 ? value : throw new ArgumentOutOfRangeException(nameof(MostStudies), value, "A curve takes at least 3 studies.");
    }

    /// <summary>Where the studies that the plan is modelled on come from; nothing is claimed if not said.</summary>
    public DataOrigin Origin { get; init; } = DataOrigin.Own;

    /// <summary>The values of τ² with a line each, one to five; 0, that of the plan, and those of I² = 50% and 75% if not said.</summary>
    public IReadOnlyList<double>? TauSquared { get; init; }
}

/// <summary>
/// Power by the number of studies, a line for each amount of heterogeneity (Valentine, Pigott &amp; Rothstein 2010, JEBS 35, 215-247): how many studies a meta-analysis needs, and how much that hangs on a τ² that nobody knows
/// beforehand. When not to use it: after the fact with the effect that was found.
/// </summary>
public static class PowerCurvePlot
{
    /// <summary>Lays out the plot.</summary>
    /// <param name="plan">The plan: a mean, a moderator, groups, dependent effects; of heterogeneity there is one line.</param>
    /// <param name="options">Target, range and heterogeneity; the defaults if not said.</param>
    /// <exception cref="ArgumentException">There is no τ² or more than five.</exception>
    /// <example><code>
    /// var plan = new MeanPlan(PlannedStudies.Alike(10, VarianceBySize.FisherZ.At(40)), effect: Math.Atanh(0.20)) { TauSquared = 0.02 };
    /// PowerCurvePlot.Create(plan)
    /// </code></example>
    public static CurvePlot Create(PowerPlan plan, PowerCurvePlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        options ??= new PowerCurvePlotOptions();
        var now = plan.Power();
        var most = options.MostStudies ?? MostOf(plan, options.Target);
        int[] counts = [.. Counts(Math.Max(plan.FewestStudies, 2), Math.Max(most, plan.FewestStudies + 1))];
        double[] values = plan is HeterogeneityPlan ? [now.TauSquared] : [.. (options.TauSquared ?? Usual(plan, now.TauSquared)).Distinct().Order()];
        if (values.Length is 0 or > 5) throw new ArgumentException($"A power curve shows one to five values of τ²; these are {values.Length}.", nameof(options));
        CurveSeries[] series = [.. values.Select(tau2 =>
        {
            var curve = plan.WithTauSquared(tau2).OverStudies(counts);
            var name = $"τ² = {StatisticText.Significant(tau2, 2)}" + (tau2 == now.TauSquared && values.Length > 1 ? " (of the plan)" : "");
            return new CurveSeries(name, [.. curve.Points.Select(p => p.Value)], [.. curve.Points.Select(p => p.Power)]);
        })];
        var needed = plan.StudiesNeeded(options.Target, Math.Max(most, plan.FewestStudies));
        var target = StatisticText.Percent(options.Target, 0);
        var effect = StatisticText.Significant(now.Effect, 3);
        var finding = $"Power of {now.Test} to find {(plan is HeterogeneityPlan ? "τ² = " : "an effect of ")}{effect}: {Words(now.Power)} with {StatisticText.Count(now.Count, "study", "studies")}"
            + (needed.Count is { } k ? $"; {StatisticText.Count(k)} of the same kind have {target}." : $"; {StatisticText.Count(most)} of the same kind do not have {target}.")
            + (values.Length > 1 ? $" With {StatisticText.Count(counts[^1])} studies it is between {Words(series.Min(s => s.Y[^1]))} and {Words(series.Max(s => s.Y[^1]))} for τ² from {StatisticText.Significant(values[^1], 2)} to {StatisticText.Significant(values[0], 2)}." : "");
        return CurvePlot.Create(series, new CurvePlotOptions
        {
            Title = options.Title,
            Origin = options.Origin == DataOrigin.Own ? plan.Origin : options.Origin,
            XTitle = "number of studies",
            YTitle = $"power to find {effect}",
            XMinimum = 0,
            XMaximum = counts[^1],
            YMinimum = 0,
            YMaximum = 1.001,
            YHasLeadingZero = false,
            References = [new CurveReference(options.Target, target)],
            Marks = now.Count <= counts[^1] ? [new CurveMark(now.Count, now.Power, $"{StatisticText.Count(now.Count, "study", "studies")}: {Words(now.Power)}")] : [],
            Finding = finding,
        });
    }

    private static int MostOf(PowerPlan plan, double target) => Math.Min(200, Math.Max(2 * plan.Count, (plan.StudiesNeeded(target, Math.Max(200, plan.FewestStudies)).Count ?? 200) * 3 / 2));

    /// <summary>All numbers where there are few, else some thirty of them.</summary>
    private static IEnumerable<int> Counts(int from, int to)
    {
        var step = Math.Max(1, (to - from) / 28.0);
        for (double k = from; k < to; k += step) yield return (int)k;
        yield return to;
    }

    private static IEnumerable<double> Usual(PowerPlan plan, double own)
    {
        var typical = plan switch
        {
            MeanPlan p => Typical(p.Studies),
            ModeratorPlan p => Typical(p.Studies),
            DependentPlan p => Typical(p.Studies),
            SubgroupPlan p => p.Groups.Average(g => Typical(g.Studies)),
            _ => 0,
        };
        // I² = τ²/(τ² + v).
        return new[] { 0, own, typical, 3 * typical }.Where(tau2 => tau2 == own || Math.Abs(tau2 - own) > 0.15 * Math.Max(own, typical));
    }

    private static double Typical(PlannedStudies studies) => studies.Count / studies.Variances.Sum(v => 1 / v);

    private static string Words(double power) => power > 0.995 ? "> .99" : StatisticText.Number(power, 2, leadingZero: false);
}
