using System.Globalization;
using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Checks weights that the caller gives, in one place.</summary>
internal static class StudyWeights
{
    private const double RowTolerance = 1e-10;

    /// <summary>A copy of the weights, or null when none are given.</summary>
    /// <exception cref="StudyDataException">There is not one weight an effect, a weight is negative or not finite, or all are zero.</exception>
    public static double[]? Check(IReadOnlyList<double>? weights, StudyEffects effects)
    {
        if (weights is null) return null;
        if (weights.Count != effects.Count)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"has {weights.Count} values where there are {effects.Count} effects; each effect needs one"), "weights");
        }
        double[] copy = [.. weights];
        for (var i = 0; i < copy.Length; i++)
        {
            if (!(copy[i] >= 0) || !double.IsFinite(copy[i]))
            {
                throw new StudyDataException("must be a weight: finite and not negative", copy[i].ToString(CultureInfo.InvariantCulture),
                    i + 1, effects.Labels[i], "weights");
            }
        }
        NeedOne(copy);
        return copy;
    }

    /// <summary>Weights of some effects only can all be zero although those of all effects are not.</summary>
    /// <exception cref="StudyDataException">No weight is above 0.</exception>
    public static void NeedOne(double[]? weights)
    {
        if (weights is not null && !Array.Exists(weights, w => w > 0)) throw new StudyDataException("must not all be zero", column: "weights");
    }

    /// <inheritdoc cref="Determine"/>
    /// <exception cref="StudyDataException">They do not.</exception>
    public static void NeedFullRank(double[] weights, ReadOnlySpan<double> columns, int p)
    {
        if (Determine(weights, columns, p)) return;
        throw new StudyDataException("too many are zero to determine all coefficients; give more effects a weight above 0", column: "weights", kind: StudyDataFault.Undetermined);
    }

    /// <summary>
    /// Whether effects with a weight above 0 determine all coefficients. X'AX of others is singular but for rounding, which an inverse would blow up.
    /// </summary>
    /// <param name="weights">One an effect; null where none are given.</param>
    /// <param name="columns">The orthonormal columns of the design, one after the other.</param>
    /// <param name="p">How many columns there are.</param>
    public static bool Determine(double[]? weights, ReadOnlySpan<double> columns, int p)
    {
        if (weights is null) return true;
        var k = weights.Length;
        List<double[]> rows = [];
        for (var i = 0; i < k; i++)
        {
            if (!(weights[i] > 0)) continue;
            var row = new double[p];
            for (var j = 0; j < p; j++) row[j] = columns[j * k + i];
            rows.Add(row);
        }
        for (var step = 0; step < p; step++)
        {
            // The row with most left beside those chosen; rows of orthonormal columns have no unit of their own.
            var (longest, length) = (-1, RowTolerance * RowTolerance);
            for (var i = 0; i < rows.Count; i++)
            {
                if (TensorPrimitives.SumOfSquares<double>(rows[i]) is var square && square > length) (longest, length) = (i, square);
            }
            if (longest < 0) return false;
            double[] direction = [.. rows[longest]];
            TensorPrimitives.Divide(direction, Math.Sqrt(length), direction);
            foreach (var row in rows) TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot<double>(direction, row), row, row);
        }
        return true;
    }

    /// <summary>The weights without the row left out.</summary>
    public static double[]? Without(double[]? weights, int row) => weights is null ? null : [.. weights[..row], .. weights[(row + 1)..]];
}
