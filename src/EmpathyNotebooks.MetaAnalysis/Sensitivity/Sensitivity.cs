using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The fit without one study.</summary>
/// <param name="Index">The row of the study left out, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Fit">The same model fitted to all others.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// LeaveOneOutRow lowest = RandomEffects.Fit(effects).LeaveOneOut().MinBy(row =&gt; row.Fit.Estimate)!;
/// Console.WriteLine($"Without {lowest.Label}: {lowest.Fit.BackTransformed.Estimate:F2} {lowest.Fit.BackTransformed.ConfidenceInterval}");
/// </code></example>
public sealed record LeaveOneOutRow(int Index, string Label, PooledFit Fit);

/// <summary>How much the result hangs on single studies.</summary>
public static class Sensitivity
{
    /// <summary>
    /// Fits the same model k times, each time without one study (metafor's leave1out). A study whose absence moves the result far deserves a look; it
    /// is no reason to drop it.
    /// </summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    /// <example><code>
    /// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015]));
    /// foreach (var row in fit.LeaveOneOut()) Console.WriteLine($"{row.Label}: {row.Fit.Estimate}");
    /// </code></example>
    public static ImmutableArray<LeaveOneOutRow> LeaveOneOut(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var rows = ImmutableArray.CreateBuilder<LeaveOneOutRow>(fit.Count);
        var deletion = new RowDeletion(fit);
        for (var left = 0; left < fit.Count; left++) rows.Add(new LeaveOneOutRow(left, fit.Effects.Labels[left], deletion.Without(left)));
        return rows.MoveToImmutable();
    }

    /// <summary>Residuals, leverages and what each study does to the fit.</summary>
    /// <remarks>Formulas: <see cref="FitInfluenceRow"/>.</remarks>
    /// <param name="fit">The fit.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    public static InfluenceAnalysis Influence(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return InfluenceAnalysis.Of(fit);
    }

    /// <inheritdoc cref="Influence(PooledFit)"/>
    public static InfluenceAnalysis Influence(this MetaRegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return InfluenceAnalysis.Of(Deletions.Of(fit));
    }

    /// <summary>
    /// Fits the model to the first study, the first two and so on: how the result came about, for example over the years. When not to use it: to
    /// test after each study; the p-values do not allow for it.
    /// </summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <param name="order">All rows, counted from 0, in the order to add them; as they stand if not said.</param>
    /// <exception cref="ArgumentException">The order does not name each row once.</exception>
    public static ImmutableArray<CumulativeRow> Cumulative(this PooledFit fit, IReadOnlyList<int>? order = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return CumulativeRuns.Of(fit, order);
    }

    /// <summary>The same in the order of a column, for example <c>year</c>; equal values in the order they have.</summary>
    /// <param name="fit">The fit of all studies.</param>
    /// <param name="column">The column to order by.</param>
    /// <param name="collapse">True to add the studies of one value together, a row each value (metafor's <c>cumul(collapse = TRUE)</c>); the row's label is then
    /// the value.</param>
    /// <exception cref="StudyDataException">There is no such column, or a study has no value in it.</exception>
    public static ImmutableArray<CumulativeRow> CumulativeBy(this PooledFit fit, string column, bool collapse = false)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return CumulativeRuns.Of(fit, CumulativeRuns.OrderBy(fit.Effects, column), collapse ? fit.Effects.Column(column) : null);
    }

    /// <summary>Fits the regression to the first studies, from the first number that determines all coefficients.</summary>
    /// <inheritdoc cref="Cumulative(PooledFit, IReadOnlyList{int}?)"/>
    public static ImmutableArray<CumulativeRegressionRow> Cumulative(this MetaRegressionFit fit, IReadOnlyList<int>? order = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return CumulativeRuns.Of(fit, order);
    }

    /// <summary>
    /// The best linear unbiased prediction of each study's true effect (Raudenbush &amp; Bryk 1985, Journal of Educational Statistics 10, 75-98; metafor's
    /// blup()). When not to use it: as data for another analysis; they are drawn together on purpose.
    /// </summary>
    /// <remarks>Formula: <see cref="Blup"/>.</remarks>
    /// <param name="fit">A random-effects fit.</param>
    /// <exception cref="ArgumentException">The model has no tau², or weights of its own.</exception>
    public static ImmutableArray<Blup> Blups(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return StudyPredictions.Blups(Deletions.Of(fit), fit.DegreesOfFreedom);
    }

    /// <inheritdoc cref="Blups(PooledFit)"/>
    public static ImmutableArray<Blup> Blups(this MetaRegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return StudyPredictions.Blups(Deletions.Of(fit), fit.Linear.DegreesOfFreedom);
    }

    /// <summary>
    /// The points of Baujat's plot: which studies make the heterogeneity, and which the result (Baujat et al. 2002, Statistics in Medicine 21,
    /// 2641-2652; metafor's baujat()).
    /// </summary>
    /// <remarks>Formula: <see cref="BaujatPoint"/>.</remarks>
    /// <param name="fit">The fit.</param>
    /// <exception cref="InsufficientStudiesException">There would be too few studies left for the model.</exception>
    public static ImmutableArray<BaujatPoint> Baujat(this PooledFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return StudyPredictions.Baujat(Deletions.Of(fit));
    }

    /// <inheritdoc cref="Baujat(PooledFit)"/>
    public static ImmutableArray<BaujatPoint> Baujat(this MetaRegressionFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return StudyPredictions.Baujat(Deletions.Of(fit));
    }

    /// <summary>Fits without one row. With the model's own weights each takes the sums of all rows less one; else a pass over the others.</summary>
    internal sealed class RowDeletion(PooledFit fit)
    {
        private readonly SmoothSums _all = new(fit.Effects.Effects.AsSpan(), fit.Effects.Variances.AsSpan());
        private readonly DeletionSums.Buffer _buffer = new();

        /// <summary>The fit without a row.</summary>
        public PooledFit Without(int row)
        {
            var (model, effects) = (fit.Model.Without(row), fit.Effects.Without(row));
            if (model.HasOwnWeights)
            {
                var sums = new DeletionSums(_all, row, _buffer);
                return model.Fit(effects, ref sums);
            }
            _buffer.Fill(row, _all);
            return model.Fit(effects, _buffer.Effects, _buffer.Variances);
        }
    }
}
