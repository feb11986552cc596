namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Symmetric p x p matrices in row order inside spans that the caller owns. p is the number of coefficients of a model, so plain loops
/// without allocation beat a matrix library here; everything larger uses MathNet.Numerics.
/// </summary>
internal static class SmallMatrix
{
    /// <summary>Replaces the lower triangle of a positive definite matrix by L, A = LL'; false when it is not positive definite.</summary>
    public static bool TryCholesky(Span<double> a, int p)
    {
        for (var j = 0; j < p; j++)
        {
            var diagonal = a[j * p + j];
            var size = diagonal;
            for (var m = 0; m < j; m++) diagonal -= a[j * p + m] * a[j * p + m];
            // The design's columns are orthonormal, so a pivot that has lost all its digits means that weights have made them dependent.
            if (!(diagonal > 1e-14 * size) || !double.IsFinite(diagonal)) return false;
            var root = Math.Sqrt(diagonal);
            a[j * p + j] = root;
            for (var i = j + 1; i < p; i++)
            {
                var sum = a[i * p + j];
                for (var m = 0; m < j; m++) sum -= a[i * p + m] * a[j * p + m];
                a[i * p + j] = sum / root;
            }
        }
        return true;
    }

    /// <summary>x := L⁻¹x.</summary>
    public static void SolveLower(ReadOnlySpan<double> l, Span<double> x)
    {
        var p = x.Length;
        for (var i = 0; i < p; i++)
        {
            var sum = x[i];
            for (var m = 0; m < i; m++) sum -= l[i * p + m] * x[m];
            x[i] = sum / l[i * p + i];
        }
    }

    /// <summary>x := (L')⁻¹x.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> l, Span<double> x)
    {
        var p = x.Length;
        for (var i = p - 1; i >= 0; i--)
        {
            var sum = x[i];
            for (var m = i + 1; m < p; m++) sum -= l[m * p + i] * x[m];
            x[i] = sum / l[i * p + i];
        }
    }

    /// <summary>B := L⁻¹BL⁻ᵀ for a symmetric B of which both triangles are given.</summary>
    public static void Whiten(ReadOnlySpan<double> l, Span<double> b, int p)
    {
        // L⁻¹B column by column, then the same on the rows of the result.
        for (var column = 0; column < p; column++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = b[i * p + column];
                for (var m = 0; m < i; m++) sum -= l[i * p + m] * b[m * p + column];
                b[i * p + column] = sum / l[i * p + i];
            }
        }
        for (var row = 0; row < p; row++) SolveLower(l, b.Slice(row * p, p));
    }

    /// <summary>The inverse A⁻¹ from L, both triangles.</summary>
    public static void Invert(ReadOnlySpan<double> l, Span<double> inverse, int p)
    {
        inverse.Clear();
        for (var j = 0; j < p; j++)
        {
            var row = inverse.Slice(j * p, p);
            row[j] = 1;
            SolveLower(l, row);
            SolveLowerTransposed(l, row);
        }
    }

    public static double Trace(ReadOnlySpan<double> a, int p)
    {
        double sum = 0;
        for (var i = 0; i < p; i++) sum += a[i * p + i];
        return sum;
    }

    /// <summary>tr(AB) of symmetric matrices.</summary>
    public static double TraceOfProduct(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>ln|A| from L.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> l, int p)
    {
        double sum = 0;
        for (var i = 0; i < p; i++) sum += Math.Log(l[i * p + i]);
        return 2 * sum;
    }
}
