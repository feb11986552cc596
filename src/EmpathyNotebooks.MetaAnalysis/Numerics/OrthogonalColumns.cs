using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// One-sided Jacobi rotations: G becomes GV with orthogonal columns, whose norms are the singular values of G. Small singular values keep their digits where rows or columns differ by decades
/// (Demmel &amp; Veselić 1992, SIAM Journal on Matrix Analysis and Applications 13, 1204-1245), which eigenvalues of GG' do not.
/// </summary>
internal static class OrthogonalColumns
{
    private const int MostSweeps = 60;

    /// <summary>Turns the columns until they are orthogonal in their first m numbers; what stands below is turned with them.</summary>
    /// <param name="columns">The columns, one after the other.</param>
    /// <param name="length">How many numbers a column has.</param>
    /// <param name="m">How many of them are to be orthogonal.</param>
    public static void Turn(Span<double> columns, int length, int m)
    {
        var n = columns.Length / length;
        var rounding = 1e-15 * Math.Sqrt(m);
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var turned = false;
            for (var i = 0; i + 1 < n; i++)
            {
                var a = columns.Slice(i * length, length);
                for (var j = i + 1; j < n; j++)
                {
                    var b = columns.Slice(j * length, length);
                    double aa = TensorPrimitives.SumOfSquares<double>(a[..m]), bb = TensorPrimitives.SumOfSquares<double>(b[..m]);
                    var ab = TensorPrimitives.Dot<double>(a[..m], b[..m]);
                    if (Math.Abs(ab) <= rounding * Math.Sqrt(aa) * Math.Sqrt(bb)) continue;
                    turned = true;
                    var zeta = (bb - aa) / (2 * ab);
                    var tangent = (zeta < 0 ? -1 : 1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
                    var cosine = 1 / Math.Sqrt(1 + tangent * tangent);
                    var sine = cosine * tangent;
                    for (var r = 0; r < length; r++) (a[r], b[r]) = (cosine * a[r] - sine * b[r], sine * a[r] + cosine * b[r]);
                }
            }
            if (!turned) return;
        }
    }
}
