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
    /// <param name="m3">X'W³X.</param>
    /// <param name="variance">w, the inverse of the expected information of tau².</param>
    public KenwardRoger(Matrix<double> phi, Matrix<double> m2, Matrix<double> m3, double variance)
    {
        _phi = phi;
        _w = variance;
        _phiPPhi = phi * m2 * phi;
        Covariance = phi + 2 * variance * (phi * m3 * phi - _phiPPhi * m2 * phi);
    }

    /// <summary>The enlarged covariance.</summary>
    public Matrix<double> Covariance { get; }

    /// <summary>Those of one linear combination: 2(q'Φq)²/(w (q'ΦPΦq)²).</summary>
    public double DegreesOfFreedom(double[] q)
    {
        var vector = new DenseVector(q);
        var ratio = vector * (_phi * vector) / (vector * (_phiPPhi * vector));
        return 2 * ratio * ratio / _w;
    }

    /// <summary>The factor of F and its denominator degrees of freedom, by matching the first two moments (Kenward &amp; Roger 1997, section 3).</summary>
    public (double Scale, double DegreesOfFreedom) Denominator(Matrix<double> rows)
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
        return (df / (e * (df - 2)), df);
    }
}
