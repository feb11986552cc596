namespace EmpathyNotebooks.MetaAnalysis;

/// <content>
/// Score and information for the elements g of M = V + Σ g E (Gilmour, Thompson &amp; Cullis 1995, Biometrics 51, 1440-1450; Jennrich &amp; Schluchter
/// 1986, Biometrics 42, 805-820): score ½(y'PEPy - tr PE), average information A = ½ y'PEPEPy, expected information ½ tr PEPE, observed information
/// y'PEPEPy - ½ tr PEPE. For the full likelihood the traces have M⁻¹ in place of P.
/// </content>
internal sealed partial class BlockLikelihood
{
    private DerivativeRoom Derivatives { get; }

    public override ReadOnlySpan<double> Score => Derivatives.Score;

    public override ReadOnlySpan<double> AverageInformation => Derivatives.Average;

    public override ReadOnlySpan<double> ExpectedInformation => Derivatives.Expected;

    /// <summary>tr P, what a typical sampling variance is made from.</summary>
    public double TraceP() => DiagonalOfP().Sum();

    /// <summary>The diagonal of P, in the order of the effects.</summary>
    public double[] DiagonalOfP()
    {
        Solve();
        var r = _q + _p;
        var diagonal = new double[_k];
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            for (var i = 0; i < m; i++)
            {
                var t = Derivatives.T.AsSpan((start + i) * r, r);
                diagonal[_model.Partition.Order[start + i]] = _inverse[_matrixStarts[c] + i * m + i] - BlockMatrix.Dot(t, t);
            }
        }
        return diagonal;
    }

    public override void Differentiate()
    {
        Solve();
        var d = Derivatives;
        var r = _q + _p;
        foreach (var term in _terms)
        {
            Apply(term, d.PY, 1, d.EPY);
            Apply(term, d.T, r, d.ET);
        }
        // The full likelihood leaves out the columns that stand for the coefficients.
        var rt = _model.IsRestricted ? r : _q;
        for (var e = 0; e < ElementCount; e++)
        {
            var et = d.ET.AsSpan(e * _k * r, _k * r);
            var kernel = d.TET.AsSpan(e * r * r, r * r);
            kernel.Clear();
            for (var i = 0; i < _k; i++)
            {
                for (var a = 0; a < rt; a++) BlockMatrix.AddScaled(kernel.Slice(a * r, rt), et.Slice(i * r, rt), d.T[i * r + a]);
            }
            Multiply(d.EPY.AsSpan(e * _k, _k), 1, d.WEPY.AsSpan(e * _k, _k));
            Multiply(et, r, d.WET.AsSpan(e * _k * r, _k * r));
        }
        d.Score.AsSpan().Clear();
        d.Expected.AsSpan().Clear();
        AddBlockTraces();
        AddLowRankTraces();
        for (var e = 0; e < ElementCount; e++)
        {
            var q = d.EPY.AsSpan(e * _k, _k);
            var trace = d.Score[e] - SmallMatrix.Trace(d.TET.AsSpan(e * r * r, r * r), r);
            d.Score[e] = 0.5 * (BlockMatrix.Dot(d.PY, q) - trace);
            for (var a = 0; a < r; a++)
            {
                double sum = 0;
                for (var i = 0; i < _k; i++) sum += d.T[i * r + a] * q[i];
                d.TEPY[e * r + a] = sum;
            }
        }
        for (var e = 0; e < ElementCount; e++)
        {
            for (var f = 0; f <= e; f++)
            {
                var average = 0.5 * (BlockMatrix.Dot(d.EPY.AsSpan(e * _k, _k), d.WEPY.AsSpan(f * _k, _k))
                    - BlockMatrix.Dot(d.TEPY.AsSpan(e * r, r), d.TEPY.AsSpan(f * r, r)));
                var trace = d.Expected[e * ElementCount + f]
                    - 2 * RestrictedDot(d.ET.AsSpan(e * _k * r, _k * r), d.WET.AsSpan(f * _k * r, _k * r), r, rt)
                    + SmallMatrix.TraceOfProduct(d.TET.AsSpan(e * r * r, r * r), d.TET.AsSpan(f * r * r, r * r));
                d.Average[e * ElementCount + f] = d.Average[f * ElementCount + e] = average;
                d.Expected[e * ElementCount + f] = d.Expected[f * ElementCount + e] = 0.5 * trace;
            }
        }
    }

    /// <summary>W, W[y X U], T and Py.</summary>
    private void Solve()
    {
        var d = Derivatives;
        var r = _q + _p;
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var m = _starts[c + 1] - _starts[c];
            var factor = _factors.AsSpan(_matrixStarts[c], m * m);
            BlockMatrix.Invert(factor, _inverse.AsSpan(_matrixStarts[c], m * m), _scratch, m);
            var weighted = d.Weighted.AsSpan(_starts[c] * _n, m * _n);
            _solved.AsSpan(_starts[c] * _n, m * _n).CopyTo(weighted);
            BlockMatrix.SolveLowerTransposed(factor, weighted, m, _n);
        }
        for (var i = 0; i < _k; i++)
        {
            var weighted = d.Weighted.AsSpan(i * _n, _n);
            var t = d.T.AsSpan(i * r, r);
            var low = t[.._q];
            var high = t[_q..];
            for (var a = 0; a < _q; a++) low[a] = _scale[a] * weighted[1 + _p + a];
            if (_q > 0) SmallMatrix.SolveLower(_lowRankFactor, low);
            var py = weighted[0];
            for (var a = 0; a < _q; a++) py -= low[a] * _lowRankProducts[a * (1 + _p)];
            for (var j = 0; j < _p; j++)
            {
                var x = weighted[1 + j];
                for (var a = 0; a < _q; a++) x -= low[a] * _lowRankProducts[a * (1 + _p) + 1 + j];
                high[j] = x;
                py -= x * _gamma[j];
            }
            SmallMatrix.SolveLower(_information, high);
            d.PY[i] = py;
        }
    }

    /// <summary>E·Y for all elements of a term, from sums over cells.</summary>
    private void Apply(Term term, ReadOnlySpan<double> y, int width, Span<double> into)
    {
        var sums = Derivatives.Sums(term.Cells * width);
        sums.Clear();
        for (var i = 0; i < _k; i++) BlockMatrix.AddScaled(sums.Slice(term.Cell[i] * width, width), y.Slice(i * width, width), 1);
        var size = _k * width;
        into.Slice(term.FirstElement * size, term.Elements * size).Clear();
        for (var i = 0; i < _k; i++)
        {
            for (var b = 0; b < term.Dimension; b++)
            {
                var e = term.Element[term.Inner[i] * term.Dimension + b];
                if (e < 0) continue;
                BlockMatrix.AddScaled(into.Slice((term.FirstElement + e) * size + i * width, width),
                    sums.Slice((term.Group[i] * term.Dimension + b) * width, width), term.Factor(i, b));
            }
        }
    }

    /// <summary>W·Y, block by block.</summary>
    private void Multiply(ReadOnlySpan<double> y, int width, Span<double> into)
    {
        into.Clear();
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            var w = _inverse.AsSpan(_matrixStarts[c], m * m);
            for (var i = 0; i < m; i++)
            {
                var row = into.Slice((start + i) * width, width);
                for (var j = 0; j < m; j++) BlockMatrix.AddScaled(row, y.Slice((start + j) * width, width), w[i * m + j]);
            }
        }
    }

    /// <summary>tr WE into the score and tr WEWE' into the expected information, for terms inside the blocks.</summary>
    private void AddBlockTraces()
    {
        var d = Derivatives;
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            var w = _inverse.AsSpan(_matrixStarts[c], m * m);
            foreach (var term in _terms)
            {
                if (term.LowRankStart < 0) WeightedElements(term, c, w);
            }
            for (var e = 0; e < ElementCount; e++)
            {
                if (_termOfElement[e].LowRankStart >= 0) continue;
                var left = d.WE.AsSpan(e * _scratch.Length, m * m);
                for (var i = 0; i < m; i++) d.Score[e] += left[i * m + i];
                for (var f = 0; f <= e; f++)
                {
                    if (_termOfElement[f].LowRankStart >= 0) continue;
                    var right = d.WE.AsSpan(f * _scratch.Length, m * m);
                    double sum = 0;
                    for (var i = 0; i < m; i++)
                    {
                        for (var j = 0; j < m; j++) sum += left[i * m + j] * right[j * m + i];
                    }
                    d.Expected[e * ElementCount + f] += sum;
                }
            }
        }

        void WeightedElements(Term term, int c, ReadOnlySpan<double> w)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            var sums = d.RowSums.AsSpan(0, term.CellStart[c + 1] - term.CellStart[c]);
            for (var e = 0; e < term.Elements; e++) d.WE.AsSpan((term.FirstElement + e) * _scratch.Length, m * m).Clear();
            for (var i = 0; i < m; i++)
            {
                sums.Clear();
                for (var j = 0; j < m; j++) sums[term.Cell[start + j] - term.CellStart[c]] += w[i * m + j];
                for (var j = 0; j < m; j++)
                {
                    var group = term.Group[start + j] * term.Dimension - term.CellStart[c];
                    for (var b = 0; b < term.Dimension; b++)
                    {
                        var e = term.Element[term.Inner[start + j] * term.Dimension + b];
                        if (e >= 0) d.WE[(term.FirstElement + e) * _scratch.Length + i * m + j] += sums[group + b] * term.Factor(start + j, b);
                    }
                }
            }
        }
    }

    /// <summary>The same for columns of low rank: tr U'WU, and with E of a term inside the blocks tr U'WEWU.</summary>
    private void AddLowRankTraces()
    {
        var d = Derivatives;
        foreach (var t in _lowRank)
        {
            var term = _terms[t];
            var e = term.FirstElement;
            for (var a = 0; a < term.Cells; a++)
            {
                var i = 1 + _p + term.LowRankStart + a;
                d.Score[e] += Gram(i, i);
            }
            foreach (var other in _lowRank)
            {
                var f = _terms[other].FirstElement;
                if (f > e) continue;
                for (var a = 0; a < term.Cells; a++)
                {
                    for (var b = 0; b < _terms[other].Cells; b++)
                    {
                        var g = Gram(1 + _p + term.LowRankStart + a, 1 + _p + _terms[other].LowRankStart + b);
                        d.Expected[e * ElementCount + f] += g * g;
                    }
                }
            }
            for (var i = 0; i < _k; i++)
            {
                d.Weighted.AsSpan(i * _n + 1 + _p + term.LowRankStart, term.Cells).CopyTo(d.LowRankRows.AsSpan(i * term.Cells, term.Cells));
            }
            foreach (var inside in _terms)
            {
                if (inside.LowRankStart >= 0) continue;
                Apply(inside, d.LowRankRows.AsSpan(0, _k * term.Cells), term.Cells, d.LowRankApplied(ElementCount * _k * term.Cells));
                for (var f = inside.FirstElement; f < inside.FirstElement + inside.Elements; f++)
                {
                    var sum = BlockMatrix.Dot(d.LowRankRows.AsSpan(0, _k * term.Cells),
                        d.LowRankApplied(ElementCount * _k * term.Cells).Slice(f * _k * term.Cells, _k * term.Cells));
                    d.Expected[Math.Max(e, f) * ElementCount + Math.Min(e, f)] += sum;
                }
            }
        }
    }

    private double RestrictedDot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int width, int columns)
    {
        if (width == columns) return BlockMatrix.Dot(a, b);
        double sum = 0;
        for (var i = 0; i < _k && columns > 0; i++) sum += BlockMatrix.Dot(a.Slice(i * width, columns), b.Slice(i * width, columns));
        return sum;
    }

    /// <summary>The room that derivatives take, made once.</summary>
    private sealed class DerivativeRoom(int k, int p, int q, int elements, int largest, int largestCells)
    {
        private double[] _sums = [];
        private double[] _lowRankApplied = [];

        public double[] Weighted { get; } = new double[k * (1 + p + q)];

        public double[] T { get; } = new double[k * (p + q)];

        public double[] PY { get; } = new double[k];

        public double[] EPY { get; } = new double[elements * k];

        public double[] WEPY { get; } = new double[elements * k];

        public double[] TEPY { get; } = new double[elements * (p + q)];

        public double[] ET { get; } = new double[elements * k * (p + q)];

        public double[] WET { get; } = new double[elements * k * (p + q)];

        public double[] TET { get; } = new double[elements * (p + q) * (p + q)];

        public double[] WE { get; } = new double[elements * largest * largest];

        public double[] RowSums { get; } = new double[largestCells];

        public double[] LowRankRows { get; } = new double[k * q];

        public double[] Score { get; } = new double[elements];

        public double[] Average { get; } = new double[elements * elements];

        public double[] Expected { get; } = new double[elements * elements];

        public Span<double> Sums(int length) => Room(ref _sums, length);

        public Span<double> LowRankApplied(int length) => Room(ref _lowRankApplied, length);

        private static Span<double> Room(ref double[] room, int length)
        {
            if (room.Length < length) room = new double[length];
            return room.AsSpan(0, length);
        }
    }
}
