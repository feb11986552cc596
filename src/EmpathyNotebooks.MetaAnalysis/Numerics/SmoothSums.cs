using System.Collections.Concurrent;
using System.Runtime.Intrinsics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The powers of <see cref="WeightedSums"/> at any tau² without a pass over the data, for fits that all need nearly the same sums. As functions of tau² they are sums of 1/(v + tau²) to some power, which
/// have no singularity but at -v. On pieces over which smallest v + tau² doubles, each of these terms, and so their sum, is a polynomial through <see cref="Nodes"/> Chebyshev points to rounding: the
/// singularity is 1.5 lengths of the piece from its middle, where the error falls by (3 + √8) with each point. A piece is made when it is first asked for, and is the same whoever asks.
/// </summary>
internal sealed class SmoothSums
{
    /// <summary>25 points leave no more than rounding, 1e-15, also of third powers; 21 leave 1e-13 of these.</summary>
    private const int Nodes = 25;

    // Nine powers, in three vectors of four.
    private const int Stride = 12;

    private readonly double[] _yi;
    private readonly double[] _vi;
    private readonly double _floor;
    private readonly ConcurrentDictionary<int, Piece> _pieces = [];
    private readonly (double Largest, double Second) _largest;

    public SmoothSums(ReadOnlySpan<double> yi, ReadOnlySpan<double> vi)
    {
        _yi = [.. yi];
        _vi = [.. vi];
        Pivot = WeightedSums.PivotOf(vi);
        _floor = double.PositiveInfinity;
        for (var i = 0; i < vi.Length; i++)
        {
            var v = vi[i];
            if (i != Pivot) _floor = Math.Min(_floor, v);
            if (v > _largest.Largest) _largest = (v, _largest.Largest);
            else if (v > _largest.Second) _largest = (_largest.Largest, v);
        }
    }

    public ReadOnlySpan<double> Effects => _yi;

    public ReadOnlySpan<double> Variances => _vi;

    /// <summary>The row with the smallest variance.</summary>
    public int Pivot { get; }

    /// <summary>The largest variance but that of a row.</summary>
    public double LargestWithout(int row) => _vi[row] == _largest.Largest ? _largest.Second : _largest.Largest;

    /// <summary>All sums over the rows but the pivot, and the origin that effects are taken from.</summary>
    public (WeightedSums.Pass Others, double Origin) At(double tau2) => PieceOf(tau2).At(tau2);

    /// <summary>Σ ln(v + tau²) over the rows but the pivot.</summary>
    public double LogVariancesAt(double tau2) => PieceOf(tau2).LogVariancesAt(tau2);

    /// <summary>Piece j reaches from floor(2^j - 1) to floor(2^(j+1) - 1).</summary>
    private Piece PieceOf(double tau2) => _pieces.GetOrAdd(Math.ILogB((tau2 + _floor) / _floor), static (j, sums) => new Piece(sums, j), this);

    private sealed class Piece
    {
        private static readonly (double Point, double Weight)[] Chebyshev =
            [.. Enumerable.Range(0, Nodes).Select(j => (-Math.Cos(Math.PI * j / (Nodes - 1)), (j % 2 == 0 ? 1.0 : -1.0) * (j is 0 or Nodes - 1 ? 0.5 : 1)))];

        private readonly double _origin;
        private readonly double[] _points = new double[Nodes];
        private readonly double[] _powers = new double[Nodes * Stride];
        private readonly Lazy<double[]> _logarithms;

        public Piece(SmoothSums sums, int index)
        {
            double from = sums._floor * (Math.ScaleB(1, index) - 1), to = sums._floor * (Math.ScaleB(1, index + 1) - 1), middle = from + (to - from) / 2;
            _origin = WeightedSums.At(middle, sums._yi, sums._vi, sums.Pivot, WeightedSums.OriginOf(sums._yi, sums.Pivot)).Mean;
            for (var j = 0; j < Nodes; j++)
            {
                _points[j] = j == 0 ? from : j == Nodes - 1 ? to : middle + (to - from) / 2 * Chebyshev[j].Point;
                var powers = new WeightedSums.Pass();
                powers.Add(_points[j], _origin, sums._yi, sums._vi, sums.Pivot);
                powers.CopyTo(_powers.AsSpan(j * Stride, Stride));
            }
            // Few fits have two maxima to compare.
            _logarithms = new(() => [.. _points.Select(tau2 => WeightedSums.LogDeterminant(tau2, sums._vi.AsSpan(0, sums.Pivot)) + WeightedSums.LogDeterminant(tau2, sums._vi.AsSpan(sums.Pivot + 1)))]);
        }

        /// <summary>The polynomial through the points, in its barycentric form (Berrut &amp; Trefethen 2004, SIAM Review 46, 501-517), exact at the points.</summary>
        public (WeightedSums.Pass Others, double Origin) At(double tau2)
        {
            Vector256<double> a = default, b = default, c = default;
            double total = 0;
            for (var j = 0; j < Nodes; j++)
            {
                var powers = _powers.AsSpan(j * Stride, Stride);
                var difference = tau2 - _points[j];
                if (difference == 0) return (WeightedSums.Pass.Of(powers), _origin);
                var share = Chebyshev[j].Weight / difference;
                total += share;
                var shares = Vector256.Create(share);
                a += shares * Vector256.Create<double>(powers);
                b += shares * Vector256.Create<double>(powers[4..]);
                c += shares * Vector256.Create<double>(powers[8..]);
            }
            Span<double> found = stackalloc double[Stride];
            (a / total).CopyTo(found);
            (b / total).CopyTo(found[4..]);
            (c / total).CopyTo(found[8..]);
            return (WeightedSums.Pass.Of(found), _origin);
        }

        public double LogVariancesAt(double tau2)
        {
            var logarithms = _logarithms.Value;
            double sum = 0, total = 0;
            for (var j = 0; j < Nodes; j++)
            {
                var difference = tau2 - _points[j];
                if (difference == 0) return logarithms[j];
                var share = Chebyshev[j].Weight / difference;
                total += share;
                sum += share * logarithms[j];
            }
            return sum / total;
        }
    }
}
