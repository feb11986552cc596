using System.Numerics.Tensors;

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
            // A pivot that has lost all its digits: the matrix is singular as far as can be told.
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

    /// <summary>The product AB.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> product, int p)
    {
        product.Clear();
        for (var i = 0; i < p; i++)
        {
            var row = product.Slice(i * p, p);
            for (var m = 0; m < p; m++) TensorPrimitives.MultiplyAdd(b.Slice(m * p, p), a[i * p + m], row, row);
        }
    }

    /// <summary>tr(AA) of any matrix.</summary>
    public static double TraceOfSquare(ReadOnlySpan<double> a, int p) => TraceOfGeneralProduct(a, a, p);

    /// <summary>tr(AB) of any matrices.</summary>
    public static double TraceOfGeneralProduct(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int p)
    {
        double sum = 0;
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) sum += a[i * p + j] * b[j * p + i];
        }
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
