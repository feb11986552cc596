using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Kenward &amp; Roger (1997) for V + tau² I, whose covariance is linear in its one parameter: with Φ = (X'WX)⁻¹, P = -X'W²X, Q = X'W³X and the variance w
/// of tau², the covariance becomes Φ + 2w Φ(Q - PΦP)Φ. All for the orthonormal columns.
/// </summary>
internal sealed class KenwardRoger
{
    private readonly Matrix<double> _phi;
    private readonly Matrix<double> _phiPPhi;
    private readonly double _w;

    /// <param name="phi">Φ.</param>
    /// <param name="m2">X'W²X.</param>
    /// <param name="spread">Q - PΦP = X'W³X - X'W²XΦX'W²X, at least 0.</param>
    /// <param name="variance">w, the inverse of the expected information of tau².</param>
    public KenwardRoger(Matrix<double> phi, Matrix<double> m2, Matrix<double> spread, double variance)
    {
        _phi = phi;
        _w = variance;
        _phiPPhi = phi * m2 * phi;
        Covariance = phi + 2 * variance * (phi * spread * phi);
    }

    /// <summary>Fewer degrees of freedom than this make intervals that say next to nothing.</summary>
    public const double FewDegreesOfFreedom = 1;

    /// <summary>What a careful reader should know where there are few.</summary>
    public static string FewWarning(double degreesOfFreedom) =>
        $"Kenward and Roger leave {StatisticText.Significant(degreesOfFreedom, 2)} degrees of freedom, as they do where the studies are very few or one of them carries nearly all weight: the interval is so wide that it says next to nothing, "
        + "and may have no finite limits. Consider the ad hoc variant of Hartung and Knapp.";

    /// <summary>The enlarged covariance.</summary>
    public Matrix<double> Covariance { get; }

    /// <summary>Those of one linear combination: 2(q'Φq)²/(w (q'ΦPΦq)²).</summary>
    public double DegreesOfFreedom(double[] q)
    {
        var vector = new DenseVector(q);
        var ratio = vector * (_phi * vector) / (vector * (_phiPPhi * vector));
        return 2 * ratio * ratio / _w;
    }

    /// <summary>
    /// The factor of F and its denominator degrees of freedom, by matching the first two moments (Kenward &amp; Roger 1997, section 3); null where no F has these moments, since a mean of F takes more
    /// than 2 degrees of freedom.
    /// </summary>
    public (double Scale, double DegreesOfFreedom)? Denominator(Matrix<double> rows)
    {
        var m = rows.RowCount;
        if (m == 1) return (1, DegreesOfFreedom([.. rows.Row(0)]));
        // The eigenvalues of (LΦL')⁻¹ LΦPΦL' hold both traces; the sign of P cancels in products of two.
        var inner = (rows * _phi * rows.Transpose()).Inverse() * (rows * _phiPPhi * rows.Transpose());
        var trace = inner.Trace();
        double a1 = _w * trace * trace, a2 = _w * (inner * inner).Trace();
        var b = (a1 + 6 * a2) / (2 * m);
        var g = ((m + 1) * a1 - (m + 4) * a2) / ((m + 2) * a2);
        var d = 3 * m + 2 * (1 - g);
        double c1 = g / d, c2 = (m - g) / d, c3 = (m + 2 - g) / d;
        var e = 1 / (1 - a2 / m);
        var v = 2.0 / m * (1 + c1 * b) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b));
        var rho = v / (2 * e * e);
        var df = 4 + (m + 2) / (m * rho - 1);
        var scale = df / (e * (df - 2));
        return df > 2 && scale > 0 && double.IsFinite(scale) ? (scale, df) : null;
    }
}
