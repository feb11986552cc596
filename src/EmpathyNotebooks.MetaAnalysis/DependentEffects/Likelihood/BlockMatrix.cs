using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The symmetric m x m matrix of one block, in row order inside spans that the caller owns. Blocks are as large as the number of effects of a
/// cluster, so every inner loop runs along rows.
/// </summary>
internal static class BlockMatrix
{
    /// <summary>Replaces the lower triangle by L, A = LL'; false when A is not positive definite.</summary>
    public static bool TryCholesky(Span<double> a, int m)
    {
        for (var i = 0; i < m; i++)
        {
            var row = a.Slice(i * m, i + 1);
            for (var j = 0; j < i; j++)
            {
                var left = a.Slice(j * m, j + 1);
                row[j] = (row[j] - Dot(row[..j], left[..j])) / left[j];
            }
            var size = row[i];
            var pivot = size - Dot(row[..i], row[..i]);
            // A pivot that has lost all its digits is noise.
            if (!(pivot > 1e-14 * size) || !double.IsFinite(pivot)) return false;
            row[i] = Math.Sqrt(pivot);
        }
        return true;
    }

    public static double LogDeterminant(ReadOnlySpan<double> l, int m)
    {
        double sum = 0;
        for (var i = 0; i < m; i++) sum += Math.Log(l[i * m + i]);
        return 2 * sum;
    }

    /// <summary>B := L⁻¹B for m x n numbers in row order.</summary>
    public static void SolveLower(ReadOnlySpan<double> l, Span<double> b, int m, int n)
    {
        for (var i = 0; i < m; i++)
        {
            var row = b.Slice(i * n, n);
            for (var j = 0; j < i; j++) AddScaled(row, b.Slice(j * n, n), -l[i * m + j]);
            Scale(row, 1 / l[i * m + i]);
        }
    }

    /// <summary>B := L⁻ᵀB for m x n numbers in row order.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> l, Span<double> b, int m, int n)
    {
        for (var i = m - 1; i >= 0; i--)
        {
            var row = b.Slice(i * n, n);
            Scale(row, 1 / l[i * m + i]);
            for (var j = 0; j < i; j++) AddScaled(b.Slice(j * n, n), row, -l[i * m + j]);
        }
    }

    /// <summary>A⁻¹ from L, both triangles; the scratch has room for m² numbers.</summary>
    public static void Invert(ReadOnlySpan<double> l, Span<double> inverse, Span<double> scratch, int m)
    {
        // Row j of the scratch holds column j of L⁻¹, so that both products below run along rows.
        for (var j = 0; j < m; j++)
        {
            var column = scratch.Slice(j * m, m);
            column[j] = 1 / l[j * m + j];
            for (var i = j + 1; i < m; i++)
            {
                column[i] = -Dot(l.Slice(i * m + j, i - j), column[j..i]) / l[i * m + i];
            }
        }
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = Dot(scratch.Slice(i * m + i, m - i), scratch.Slice(j * m + i, m - i));
                inverse[i * m + j] = value;
                inverse[j * m + i] = value;
            }
        }
    }

    /// <summary>C += A'A for A of m x n numbers, both triangles of the n x n result.</summary>
    public static void AddGram(ReadOnlySpan<double> a, Span<double> c, int m, int n)
    {
        for (var i = 0; i < m; i++)
        {
            var row = a.Slice(i * n, n);
            for (var j = 0; j < n; j++)
            {
                if (row[j] != 0) AddScaled(c.Slice(j * n, n), row, row[j]);
            }
        }
    }

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length >= 16) return TensorPrimitives.Dot(a, b);
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>a += factor · b.</summary>
    public static void AddScaled(Span<double> a, ReadOnlySpan<double> b, double factor)
    {
        if (a.Length >= 16)
        {
            TensorPrimitives.MultiplyAdd(b, factor, a, a);
            return;
        }
        for (var i = 0; i < a.Length; i++) a[i] += factor * b[i];
    }

    private static void Scale(Span<double> a, double factor)
    {
        for (var i = 0; i < a.Length; i++) a[i] *= factor;
    }
}
