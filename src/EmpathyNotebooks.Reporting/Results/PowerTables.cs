using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Power in tables and sentences.</summary>
internal static class PowerTables
{
    /// <summary>All that is said of the power of a fit.</summary>
    /// <param name="Fit">The fit.</param>
    /// <param name="Powers">The power of its studies.</param>
    /// <param name="Distance">The effect of interest less no effect.</param>
    /// <param name="IsEstimate">True where that is the mean found.</param>
    /// <param name="Mean">The power of the test of the mean.</param>
    /// <param name="Moderators">The power of the test of the moderator.</param>
    /// <param name="Heterogeneity">The power of Q.</param>
    /// <param name="Needed">How many studies reach the power asked.</param>
    /// <param name="Smallest">The smallest effect found with that power.</param>
    /// <param name="Target">The power asked.</param>
    /// <param name="Plan">The test of the mean or of the moderator; null where neither has power.</param>
    /// <param name="Assumed">The variances it takes as true.</param>
    /// <param name="Next">What one more study adds.</param>
    /// <param name="Why">Why the test of the moderator has no power here.</param>
    public sealed record Summary(IModelFit Fit, StudyPowers Powers, double Distance, bool IsEstimate, PowerResult? Mean, PowerResult? Moderators, PowerResult? Heterogeneity, StudiesNeeded? Needed, double? Smallest, double Target,
        PowerPlan? Plan, Variances Assumed, NextStudyResult? Next, string? Why)
    {
        /// <summary>The test by the name of its model.</summary>
        public string Model => (Mean ?? Moderators)?.Test ?? "studies alone";

        /// <summary>The same with what the name stands for.</summary>
        public string Test => Plan is DependentPlan plan ? Model.Replace(plan.Name, $"{plan.Name}: {plan.NameInWords}", StringComparison.Ordinal) : Model;

        /// <summary>True where the effect of interest is a difference of means by the moderator.</summary>
        public bool IsDifference => Moderators is not null;

        /// <summary>How far the values of the moderator reach, where its test is of a slope; null elsewhere.</summary>
        public double? Range => Plan switch
        {
            ModeratorPlan p => p.Values.Max() - p.Values.Min(),
            DependentPlan { Values: { } x } => x.Max() - x.Min(),
            _ => null,
        };

        /// <summary>The smallest effect that is found, in the unit of the effect of interest: a slope times the range.</summary>
        public double? SmallestEffect => Smallest * (Range ?? 1);

        /// <summary>What is to be found, on the scale a reader knows.</summary>
        public string Shown => IsDifference ? $"{Difference(Distance)} between {(Plan is SubgroupPlan ? "the two most different groups" : "the lowest and the highest value of the moderator")}" : MeanAt(Distance);

        public string Difference(double distance) => $"a difference of {Amount(distance)}";

        public string Amount(double distance) => $"{StatisticText.Significant(distance, 3)} in {Fit.Measure.AnalysisSymbol}";

        public string MeanAt(double distance) => $"{Fit.Measure.Symbol} = {Fit.Measure.Format(Fit.Measure.ToDisplay(distance + Fit.Measure.NullValue))}";
    }

    /// <summary>The variances that a test takes as true.</summary>
    /// <param name="TauSquared">τ², between studies where there are several.</param>
    /// <param name="OmegaSquared">ω² within studies; null where effects are independent.</param>
    /// <param name="SamplingCorrelation">ρ of sampling errors of one study; null where effects are independent.</param>
    public readonly record struct Variances(double? TauSquared, double? OmegaSquared, double? SamplingCorrelation)
    {
        public static Variances Of(PowerPlan? plan, IModelFit fit) => plan switch
        {
            MeanPlan p => new(p.TauSquared, null, null),
            ModeratorPlan p => new(p.TauSquared, null, null),
            SubgroupPlan p => new(p.TauSquared, null, null),
            DependentPlan p => new(p.TauSquared, p.OmegaSquared, p.SamplingCorrelation),
            _ => new(fit.TauSquared, null, null),
        };

        public override string ToString() => TauSquared is not { } tau2 ? ""
            : OmegaSquared is not { } omega2 ? $"τ² = {StatisticText.Significant(tau2, 3)}"
            : $"τ² = {StatisticText.Significant(tau2, 3)} between and ω² = {StatisticText.Significant(omega2, 3)} within studies, sampling errors of a study correlated by ρ = {StatisticText.Number(SamplingCorrelation!.Value, 2, leadingZero: false)}";
    }

    public static Table Of(Summary said)
    {
        var table = new Table($"Power to find {said.Shown}{(said.IsEstimate ? ", the mean that was found" : "")}", ("", Align.Left), ("", Align.Right)).DataLabel(said.Fit.Effects.Origin);
        var (powers, goal) = (said.Powers, PercentOf(said.Target));
        if (said.Mean is { } mean) table.Row("power of the test of the mean", Power(mean.Power));
        if (said.Moderators is { } moderators) table.Row("power of the test of the moderator", Power(moderators.Power));
        if (said.Heterogeneity is { } q) table.Row($"power of Q to find τ² = {StatisticText.Significant(q.Effect, 3)}", Power(q.Power));
        if (said.Needed is { } needed) table.Row($"studies needed for {goal}", needed.Count is { } k ? StatisticText.Count(k) : "more than " + StatisticText.Count(needed.Most));
        if (said.SmallestEffect is { } smallest) table.Row($"smallest {(said.IsDifference ? "difference" : "effect")} found with {goal}", said.IsDifference ? said.Amount(smallest) : said.MeanAt(smallest));
        var single = said.Fit.Clusters is null ? "studies" : "single effects";
        table.Row(said.IsDifference ? $"median power of the {single}, to find {said.MeanAt(said.Distance)} each" : $"median power of the {single}", Power(powers.MedianPower));
        table.Row("of them with 80% or more", $"{StatisticText.Count(powers.AdequateCount)} of {StatisticText.Count(powers.Count)}");
        table.Row("R-index", StatisticText.Number(powers.RIndex, 2, leadingZero: false));
        if (said.Next is { } next) Rows(table, next);
        if (said.Plan is not null) table.Note($"Of {said.Test}" + (said.Assumed.TauSquared is null ? "" : $"; {said.Assumed}") + $"; α = {Alpha(powers.Options.Alpha)}.");
        if (said.Range is { } range and not 1)
        {
            table.Note($"The values of the moderator are {StatisticText.Significant(range)} apart: as a slope, a difference of {StatisticText.Significant(said.Distance, 3)} is {StatisticText.Significant(said.Distance / range, 3)} a unit"
                + (said.Smallest is { } slope ? $", and the smallest that is found {StatisticText.Significant(slope, 3)}" : "") + ".");
        }
        if (said.Why is { } why) table.Note("No power of the moderators: " + why);
        return table.Note("The R-index is no power: it is what results seem to have, less its inflation (Schimmack 2016), and at α = .05 about .22 where there is no effect and only significant results are kept.");
    }

    public static string Sentence(Summary said)
    {
        var powers = said.Powers;
        var studies = $"the {(said.Fit.Clusters is null ? "studies" : "single effects")} have a median power of {Power(powers.MedianPower)} ({StatisticText.Count(powers.AdequateCount)} of {StatisticText.Count(powers.Count)} have 80% or more)";
        var variances = said.Assumed.OmegaSquared is null ? "" : $", taking {said.Assumed},";
        var test = said.Mean is { } mean ? $"the test of {said.Test}{variances} a power of {Power(mean.Power)}" : said.Moderators is { } moderators ? $"the test of {said.Test}{variances} has a power of {Power(moderators.Power)}" : null;
        var needed = said.Needed is { } n ? $"; for {PercentOf(said.Target)} it takes {(n.Count is { } k ? StatisticText.Count(k, "such study", "such studies") : "more than " + StatisticText.Count(n.Most, "such study", "such studies"))}" : "";
        var next = said.Next is { } one ? $" {one}." : "";
        // The studies look for an effect, the test of a moderator for a difference: two sentences.
        if (said.IsDifference) return $"To find {said.Shown}, {test}{needed}. To find {said.MeanAt(said.Distance)} each, {studies}.{next}";
        return $"To find {said.Shown}{(said.IsEstimate ? " (the mean that was found, at which power only repeats the p-value)" : "")}, {studies}{(test is null ? "" : $" and {test}{needed}")}.{next}";
    }

    public static Table Of(PowerResult power)
    {
        var table = new Table($"Power of {power.Test}", ("power", Align.Right), ("studies", Align.Right), ("effect", Align.Right), ("SE", Align.Right), ("λ", Align.Right), ("df", Align.Right), ("critical value", Align.Right), ("τ²", Align.Right), ("α", Align.Right))
            .Row(Power(power.Power), StatisticText.Count(power.Count), StatisticText.Significant(power.Effect), power.StandardError is { } se ? StatisticText.Significant(se) : Numbers.None, Numbers.Number(power.Noncentrality, 3),
                power.DegreesOfFreedom is { } df ? StatisticText.DegreesOfFreedom(df) : Numbers.None, StatisticText.Number(power.CriticalValue, 3), StatisticText.Significant(power.TauSquared), Alpha(power.Alpha));
        foreach (var warning in power.Warnings) table.Note(warning);
        return table;
    }

    public static Table Of(StudyPowers powers)
    {
        var table = new Table($"Power of single studies at a true effect of {StatisticText.Significant(powers.Effect)}", ("study", Align.Left), ("power", Align.Right), ("significant", Align.Left)).Names(0).DataLabel(powers.Origin);
        for (var i = 0; i < powers.Count; i++) table.Row(powers.Labels[i], Power(powers.Power[i]), powers.IsSignificant[i] ? "yes" : "no");
        table.Note($"Median {Power(powers.MedianPower)}; {StatisticText.Count(powers.AdequateCount)} of {StatisticText.Count(powers.Count)} with 80% or more; R-index {StatisticText.Number(powers.RIndex, 2, leadingZero: false)}.");
        foreach (var warning in powers.Warnings) table.Note(warning);
        return table;
    }

    public static Table Of(Firepower firepower)
    {
        var table = new Table("Median power by true effect", [("", Align.Left), .. firepower.TrueEffects.Select(e => (StatisticText.Significant(e, 2), Align.Right))]);
        foreach (var origin in firepower.Rows.Select(row => row.Powers.Origin).OrderBy(o => o.IsSimulated)) table.DataLabel(origin);
        foreach (var (i, row) in firepower.Rows.Index()) table.Row([row.Name, .. firepower.MedianPower[i].Select(Power)]);
        return table;
    }

    public static Table Of(PowerCurve curve)
    {
        var table = new Table("Power", (curve.Variable, Align.Right), ("power", Align.Right));
        foreach (var (value, power) in curve.Points) table.Row(curve.Variable == "k" ? StatisticText.Count((long)value) : StatisticText.Significant(value), Power(power));
        return table;
    }

    public static Table Of(NextStudyResult next)
    {
        var table = new Table(next.Options.Studies == 1 ? "One more study" : $"{StatisticText.Count(next.Options.Studies)} more studies", ("", Align.Left), ("", Align.Right)).DataLabel(next.Origin);
        Rows(table, next);
        foreach (var warning in next.Warnings) table.Note(warning);
        return table;
    }

    private static void Rows(Table table, NextStudyResult next)
    {
        var what = next.Options.Studies == 1 ? "one more study" : $"{StatisticText.Count(next.Options.Studies)} more studies";
        table.Row(what, next.People is { } n ? $"n = {StatisticText.Count((long)n)}, v = {next.VarianceFormula}" : $"v = {StatisticText.Significant(next.Variance)}");
        if (next.ExpectedWidth is { } width) table.Row("width of the interval, now → expected", $"{StatisticText.Significant(next.Width, 3)} → {StatisticText.Significant(width, 3)}");
        else table.Row("width of the interval with τ² held", $"{StatisticText.Significant(next.WidthHeldNow, 3)} → {StatisticText.Significant(next.WidthHeld, 3)}");
        if (next.ProbabilitySignificant is { } significant) table.Row("significant with it, probability", Power(significant));
        if (next.ProbabilityOfChange is { } change) table.Row("conclusion changes, probability", Power(change));
        table.Row("conditional power (τ² held)", Power(next.ConditionalPower));
    }

    /// <summary>Never 1 or 0 where it is not.</summary>
    private static string Power(double power) => power > 0.9995 ? "> .999" : power < 0.0005 ? "< .001" : StatisticText.Number(power, 3, leadingZero: false);

    private static string Alpha(double alpha) => StatisticText.Number(alpha, Math.Abs(100 * alpha - Math.Round(100 * alpha)) < 1e-9 ? 2 : 4, leadingZero: false);

    private static string PercentOf(double fraction) => StatisticText.Percent(fraction, 0);
}
