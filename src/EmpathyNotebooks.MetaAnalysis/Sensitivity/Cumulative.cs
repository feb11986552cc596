using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The fit of all studies up to one.</summary>
/// <param name="Count">How many studies are in.</param>
/// <param name="Index">The row of the study added, counted from 0.</param>
/// <param name="Label">Its label; the value they share where studies of one value were added together.</param>
/// <param name="Fit">The model fitted to all so far. For the first study alone it is that study's effect with a normal interval.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// foreach (CumulativeRow row in RandomEffects.Fit(effects).CumulativeBy("year"))
///     Console.WriteLine($"{row.Count} studies, up to {row.Label}: {row.Fit.Estimate:F2} {row.Fit.ConfidenceInterval}");
/// </code></example>
public sealed record CumulativeRow(int Count, int Index, string Label, PooledFit Fit);

/// <summary>The regression of all studies up to one.</summary>
/// <param name="Count">How many studies are in.</param>
/// <param name="Index">The row of the study added, counted from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Coefficients">The coefficients, of the same columns as in the full fit: centres, units and knots stay as they are.</param>
/// <param name="TauSquared">tau² of these studies.</param>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// foreach (CumulativeRegressionRow row in MetaRegression.Fit(effects, Moderator.Number("year").CenteredAt(2010)).Cumulative())
///     Console.WriteLine($"{row.Count} studies, up to {row.Label}: {row.Coefficients[1]}");
/// </code></example>
public sealed record CumulativeRegressionRow(int Count, int Index, string Label, ImmutableArray<Coefficient> Coefficients, double TauSquared);

/// <summary>Adds studies one by one.</summary>
internal static class CumulativeRuns
{
    public static ImmutableArray<CumulativeRow> Of(PooledFit fit, IReadOnlyList<int>? order, StudyColumn? together = null)
    {
        var rows = Order(order, fit.Count);
        var result = ImmutableArray.CreateBuilder<CumulativeRow>();
        for (var n = 1; n <= rows.Length; n++)
        {
            // Rows of one value come together: only the last of them is a step.
            if (together is not null && n < rows.Length && together.Text(rows[n]) == together.Text(rows[n - 1])) continue;
            result.Add(new CumulativeRow(n, rows[n - 1], together?.Text(rows[n - 1]) ?? fit.Effects.Labels[rows[n - 1]], First(fit, rows, n)));
        }
        return result.ToImmutable();
    }

    /// <summary>The fit of the first n of some rows; of one alone its effect with a normal interval.</summary>
    public static PooledFit First(PooledFit fit, int[] rows, int n)
    {
        var effects = fit.Effects.Select(rows[..n]);
        var model = n == 1 ? new PooledModel(null, Inference.Normal, fit.ConfidenceLevel, null, fit.Model.IsFixed)
            : fit.Model.Weights is { } all ? fit.Model with { Weights = [.. rows[..n].Select(i => all[i])] } : fit.Model;
        return model.Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());
    }

    public static ImmutableArray<CumulativeRegressionRow> Of(MetaRegressionFit fit, IReadOnlyList<int>? order)
    {
        var rows = Order(order, fit.Count);
        var design = fit.Design.Matrix;
        int k = design.Count, p = design.Parameters;
        var result = ImmutableArray.CreateBuilder<CumulativeRegressionRow>();
        var scratch = new double[DesignSums.ScratchLength(k, p)];
        var determined = false;
        for (var n = p + 1; n <= k; n++)
        {
            double[] columns = [.. Enumerable.Range(0, p).SelectMany(j => rows[..n].Select(i => design.Orthonormal[j * k + i]))];
            var model = fit.Model.Weights is { } all ? fit.Model with { Weights = [.. rows[..n].Select(i => all[i])] } : fit.Model;
            determined = determined || (HasFullRank(columns, n, p) && StudyWeights.Determine(model.Weights, columns, p));
            if (!determined) continue;
            double[] yi = [.. rows[..n].Select(i => fit.Effects.Effects[i])], vi = [.. rows[..n].Select(i => fit.Effects.Variances[i])];
            var core = RegressionCore.Fit(model, yi, vi, columns, p, scratch);
            var linear = new LinearInference(design, core.Gamma, core.Covariance, fit.Inference == Inference.Normal ? null : n - p,
                fit.ConfidenceLevel, core.KenwardRoger);
            result.Add(new CumulativeRegressionRow(n, rows[n - 1], fit.Effects.Labels[rows[n - 1]], linear.Coefficients(fit.Design.Columns), core.TauSquared));
        }
        return result.ToImmutable();
    }

    /// <summary>The rows in order of a column, equal values in the order they have.</summary>
    public static int[] OrderBy(StudyEffects effects, string column)
    {
        var values = effects.Column(column);
        for (var i = 0; i < effects.Count; i++)
        {
            if (values.Text(i) is null) throw new StudyDataException("must have a value to order by", "", i + 1, effects.Labels[i], column);
        }
        var rows = Enumerable.Range(0, effects.Count);
        return values.IsNumeric ? [.. rows.OrderBy(i => values.Number(i))] : [.. rows.OrderBy(i => values.Text(i), StringComparer.Ordinal)];
    }

    private static bool HasFullRank(double[] columns, int n, int p)
    {
        var basis = new List<double[]>();
        for (var j = 0; j < p; j++)
        {
            if (!DesignMatrix.TryExtend(basis, columns.AsSpan(j * n, n))) return false;
        }
        return true;
    }

    /// <summary>The order checked, or the rows as they stand.</summary>
    public static int[] Order(IReadOnlyList<int>? order, int count)
    {
        if (order is null) return [.. Enumerable.Range(0, count)];
        int[] rows = [.. order];
        return rows.Order().SequenceEqual(Enumerable.Range(0, count)) ? rows
            : throw new ArgumentException($"An order names each of the {StatisticText.Count(count, "row")} once, counted from 0.", nameof(order));
    }
}
