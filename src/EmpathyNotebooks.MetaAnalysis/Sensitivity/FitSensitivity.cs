using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much the result of a model of any kind hangs on single effects or clusters. <see cref="Sensitivity"/> has the same for pooled fits and regressions in their own types.</summary>
public static partial class FitSensitivity
{
    /// <summary>
    /// Fits the same model again without each effect, or without each cluster (metafor's <c>leave1out</c> for models of independent effects; for <c>rma.mv</c> it is done by hand). Where effects of
    /// a sample go together, leave out whole samples: the others of the sample stand in for the one effect that is gone. One whose absence moves the result far deserves a look; it is no
    /// reason to drop it.
    /// </summary>
    /// <param name="fit">The fit of all effects.</param>
    /// <param name="cluster">Null, the default, leaves out one effect at a time; <see cref="EffectClusters.OfFit"/> one of the fit's own clusters; a column all effects of one of its values.</param>
    /// <returns>A row for each effect, or each cluster in order of first appearance; also for those without which the model cannot be fitted, with the reason.</returns>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    /// <exception cref="ArgumentException">The fit's own clusters are asked for, and it has none.</exception>
    public static ImmutableArray<FitDeletion> LeaveOneOut(this IModelFit fit, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var groups = EffectGroups.Of(fit, cluster);
        var found = new FitDeletion[groups.Count];
        if (fit is PooledFit pooled && groups.IsEachEffect)
        {
            var deletion = new Sensitivity.RowDeletion(pooled);
            for (var i = 0; i < found.Length; i++) found[i] = Row(i, () => deletion.Without(i));
        }
        else if (fit is PooledFit) for (var c = 0; c < found.Length; c++) found[c] = Refit(c);
        else Parallel.For(0, found.Length, c => found[c] = Refit(c));
        return [.. found];

        FitDeletion Refit(int c) => Row(c, () => fit.Refit(Others(fit.Count, groups.Rows[c])));

        FitDeletion Row(int c, Func<IModelFit> run)
        {
            var (refit, absence) = Attempt(run);
            return new FitDeletion(groups.Names[c], [.. groups.Rows[c]], refit, absence);
        }
    }

    /// <summary>
    /// Fits the model to the first effects, or clusters, one more at a time: how the result came about (metafor's <c>cumul</c>). When not to use it: to test after each step; the p-values do not
    /// allow for it.
    /// </summary>
    /// <param name="fit">The fit of all effects.</param>
    /// <param name="order">All rows, counted from 0, in the order to add them; as they stand if not said.</param>
    /// <param name="cluster">Null adds one effect at a time; <see cref="EffectClusters.OfFit"/> or a column all effects of a cluster together, in the order of their first effects.</param>
    /// <returns>A row for each step; those before the model can be fitted carry the reason.</returns>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    /// <exception cref="ArgumentException">The order does not name each row once; or the fit's own clusters are asked for, and it has none.</exception>
    public static ImmutableArray<FitStep> Cumulative(this IModelFit fit, IReadOnlyList<int>? order = null, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Steps(fit, CumulativeRuns.Order(order, fit.Count), cluster, null);
    }

    /// <summary>The same in the order of a column, for example <c>year</c>; equal values in the order they have.</summary>
    /// <param name="fit">The fit of all effects.</param>
    /// <param name="column">The column to order by.</param>
    /// <param name="collapse">True to add what has the same value together, a row each value (metafor's <c>cumul(collapse = TRUE)</c>); the row's name is then the value. Of clusters the
    /// value of their first effect counts.</param>
    /// <param name="cluster">Null adds one effect at a time; <see cref="EffectClusters.OfFit"/> or a column all effects of a cluster together, in the order of their first effects.</param>
    /// <returns>A row for each step; those before the model can be fitted carry the reason.</returns>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    /// <exception cref="ArgumentException">The fit's own clusters are asked for, and it has none.</exception>
    public static ImmutableArray<FitStep> CumulativeBy(this IModelFit fit, string column, bool collapse = false, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Steps(fit, CumulativeRuns.OrderBy(fit.Effects, column), cluster, collapse ? fit.Effects.Column(column) : null);
    }

    /// <summary>
    /// What each effect, or each cluster, does to the fit: Cook's distance, DFBETAS, DFFITS, leverage, covariance ratio, deleted residuals, and the heterogeneity without it. One result for fits
    /// of every kind; it holds the numbers of <see cref="Sensitivity.Influence(PooledFit)"/> and of <see cref="DependentFit.Influence"/>, from refits that estimate all variances anew.
    /// </summary>
    /// <remarks>Formulas: <see cref="FitInfluenceRow"/>.</remarks>
    /// <param name="fit">The fit of all effects.</param>
    /// <param name="cluster">Null, the default, for one effect at a time; <see cref="EffectClusters.OfFit"/> for the fit's own clusters; or a column of clusters.</param>
    /// <exception cref="StudyDataException">There is no such column, or a row has no value in it.</exception>
    /// <exception cref="ArgumentException">The fit's own clusters are asked for, and it has none.</exception>
    public static FitInfluence InfluenceOf(this IModelFit fit, string? cluster = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return FitInfluence.Of(fit, cluster);
    }

    private static ImmutableArray<FitStep> Steps(IModelFit fit, int[] order, string? cluster, StudyColumn? together)
    {
        var groups = EffectGroups.Of(fit, cluster);
        var place = new int[order.Length];
        for (var n = 0; n < order.Length; n++) place[order[n]] = n;
        var units = groups.Names.Select((name, c) => (Name: name, Rows: groups.Rows[c].OrderBy(i => place[i]).ToList())).OrderBy(unit => place[unit.Rows[0]]);
        List<(string Name, List<int> Rows)> steps = [];
        foreach (var unit in units)
        {
            if (together is not { } shared) steps.Add(unit);
            else if (steps.Count > 0 && steps[^1].Name == shared.Text(unit.Rows[0])) steps[^1].Rows.AddRange(unit.Rows);
            else steps.Add((shared.Text(unit.Rows[0])!, unit.Rows));
        }
        int[] rows = [.. steps.SelectMany(step => step.Rows)];
        var ends = new int[steps.Count];
        for (var s = 0; s < ends.Length; s++) ends[s] = steps[s].Rows.Count + (s == 0 ? 0 : ends[s - 1]);
        var found = new FitStep[ends.Length];
        if (fit is PooledFit pooled) for (var s = 0; s < found.Length; s++) found[s] = Step(s, () => CumulativeRuns.First(pooled, rows, ends[s]));
        else Parallel.For(0, found.Length, s => found[s] = Step(s, () => fit.Refit(rows[..ends[s]])));
        return [.. found];

        FitStep Step(int s, Func<IModelFit> run)
        {
            var (refit, absence) = Attempt(run);
            return new FitStep(ends[s], steps[s].Name, [.. steps[s].Rows], refit, absence);
        }
    }

    /// <summary>A fit, or why the data do not allow it.</summary>
    internal static (IModelFit? Fit, string? Absence) Attempt(Func<IModelFit> run)
    {
        try
        {
            return (run(), null);
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or StudyDataException or ConvergenceException or UndeterminedException)
        {
            return (null, fault.Message);
        }
    }

    private static int[] Others(int count, int[] rows)
    {
        var isOut = new bool[count];
        foreach (var row in rows) isOut[row] = true;
        return [.. Enumerable.Range(0, count).Where(i => !isOut[i])];
    }
}
