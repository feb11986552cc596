using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>The nodes of the rule, and the sums over them.</content>
internal sealed partial class ContinuousKernel
{
    private void Lay(int density)
    {
        if (density == _density) return;
        _density = density;
        var bounds = new List<double>();
        if (_twoSided)
        {
            // Powers of 1 - p behave like powers of z near 0: panels that shrink towards it.
            var first = 1.0;
            while (first > Math.Max(_low, 1e-8)) first /= 4;
            bounds.Add(_low);
            for (var b = first; b < Math.Min(1, _high); b *= 4) if (b > _low) bounds.Add(b);
            AddEven(bounds, Math.Max(Math.Min(1, _high), _low), _high, density);
        }
        else
        {
            AddEven(bounds, _low, _high, density);
        }
        var (z, rule) = (new List<double>(), new List<double>());
        for (var b = 1; b < bounds.Count; b++)
        {
            double centre = (bounds[b] + bounds[b - 1]) / 2, half = (bounds[b] - bounds[b - 1]) / 2;
            for (var n = 0; n < 16; n++)
            {
                z.Add(centre + half * Nodes16[n]);
                rule.Add(Math.Log(half * Weights16[n]));
            }
        }
        if (_twoSided)
        {
            z.AddRange([.. z.Select(x => -x)]);
            rule.AddRange([.. rule]);
        }
        (_z, _logRule) = ([.. z], [.. rule]);
        var nodes = _z.Length;
        (_basis, _logWeight, _exponent, _curvature) = (new double[nodes * Parameters], new double[nodes], new double[nodes], new double[nodes]);
        Span<double> at = stackalloc double[Parameters];
        for (var n = 0; n < nodes; n++)
        {
            BasisAt(_twoSided ? Math.Abs(_z[n]) : _z[n], at);
            for (var j = 0; j < Parameters; j++) _basis[j * nodes + n] = at[j];
        }
        // ln w of the beta function has the basis itself for its derivatives.
        _slope = _shape == SelectionShape.Beta ? _basis : new double[nodes];
    }

    private static void AddEven(List<double> bounds, double low, double high, int density)
    {
        var panels = (int)Math.Ceiling((high - low) / 2.2 * density);
        for (var b = 0; b <= panels; b++) bounds.Add(low + (high - low) * b / Math.Max(1, panels));
    }

    /// <summary>ln w with the rule's own weights, and the derivatives of ln w, at the nodes; the basis is one parameter after the other.</summary>
    private void AtNodes(ReadOnlySpan<double> theta, double precision)
    {
        var n = _z.Length;
        if (_shape == SelectionShape.Logistic)
        {
            Span<double> first = stackalloc double[1];
            for (var i = 0; i < n; i++)
            {
                _logWeight[i] = LogWeightOf(_basis.AsSpan(i, 1), theta, precision) + _logRule[i];
                Derivatives(_basis.AsSpan(i, 1), theta, precision, first, out _curvature[i]);
                _slope[i] = first[0];
            }
            return;
        }
        if (_shape == SelectionShape.Beta)
        {
            for (var i = 0; i < n; i++) _logWeight[i] = (theta[0] - 1) * _basis[i] + (theta[1] - 1) * _basis[n + i] + _logRule[i];
            return;
        }
        for (var i = 0; i < n; i++)
        {
            _slope[i] = precision * _basis[i];
            _logWeight[i] = theta[0] * _slope[i] + _logRule[i];
        }
    }

    /// <summary>Adds what the nodes give, several at a time: sums of w φ times powers of u and derivatives of ln w, from which the polynomials follow.</summary>
    private void AddNodes(Span<double> moments, double ratio, double shift)
    {
        int n = _z.Length, d = Parameters;
        var (vRatio, vShift, half) = (new Vector<double>(ratio), new Vector<double>(shift), new Vector<double>(0.5));
        ReadOnlySpan<Vector<double>> z = Cast(_z), logs = Cast(_logWeight), f = Cast(_slope.AsSpan(0, n)), g = d == 2 ? Cast(_slope.AsSpan(n, n)) : f, curves = Cast(_curvature);
        var exponents = MemoryMarshal.Cast<double, Vector<double>>(_exponent.AsSpan());
        for (var i = 0; i < z.Length; i++)
        {
            var u = z[i] * vRatio - vShift;
            exponents[i] = logs[i] - half * u * u;
        }
        TensorPrimitives.Exp(_exponent, _exponent);
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, f0 = default, f1 = default, f2 = default, ff = default;
        Vector<double> g0 = default, g1 = default, g2 = default, fg = default, gg = default;
        for (var i = 0; i < z.Length; i++)
        {
            var u = z[i] * vRatio - vShift;
            var m = exponents[i];
            var (mu, own) = (m * u, m * f[i]);
            var (mu2, ownU) = (mu * u, own * u);
            var mu3 = mu2 * u;
            s0 += m;
            s1 += mu;
            s2 += mu2;
            s3 += mu3;
            s4 += mu3 * u;
            f0 += own;
            f1 += ownU;
            f2 += ownU * u;
            ff += own * f[i] + m * curves[i];
            if (d == 1) continue;
            var other = m * g[i];
            var otherU = other * u;
            g0 += other;
            g1 += otherU;
            g2 += otherU * u;
            fg += own * g[i];
            gg += other * g[i];
        }
        var scale = ratio * 0.398942280401432677939946;
        double a0 = Vector.Sum(s0), a1 = Vector.Sum(s1), a2 = Vector.Sum(s2);
        moments[0] += scale * a0;
        moments[1] += scale * a1;
        moments[2] += scale * (a2 - a0);
        moments[3] += scale * (Vector.Sum(s3) - 3 * a1);
        moments[4] += scale * (Vector.Sum(s4) - 6 * a2 + 3 * a0);
        moments[5] += scale * Vector.Sum(f0);
        moments[6] += scale * Vector.Sum(f1);
        moments[7] += scale * (Vector.Sum(f2) - Vector.Sum(f0));
        if (d == 1)
        {
            moments[8] += scale * Vector.Sum(ff);
            return;
        }
        moments[8] += scale * Vector.Sum(g0);
        moments[9] += scale * Vector.Sum(g1);
        moments[10] += scale * (Vector.Sum(g2) - Vector.Sum(g0));
        moments[11] += scale * Vector.Sum(ff);
        moments[12] += scale * Vector.Sum(fg);
        moments[13] += scale * Vector.Sum(fg);
        moments[14] += scale * Vector.Sum(gg);

        static ReadOnlySpan<Vector<double>> Cast(Span<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);
    }
}
