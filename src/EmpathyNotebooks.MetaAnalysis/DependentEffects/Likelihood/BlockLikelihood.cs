namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The (restricted) log-likelihood of a <see cref="MixedModel"/> at any elements of its random terms. The covariance matrix M = B + ŨŨ' has
/// blocks B that share nothing, and q columns Ũ of low rank for levels that cross them, so that one evaluation costs Σm³ and not k³: with
/// W = B⁻¹ and F = WŨ(I + Ũ'WŨ)^-½, M⁻¹ = W - FF' and P = M⁻¹ - M⁻¹X(X'M⁻¹X)⁻¹X'M⁻¹ = W - TT', T being F beside M⁻¹X(X'M⁻¹X)^-½. All room is
/// made once.
/// </summary>
internal sealed partial class BlockLikelihood : MixedLikelihood
{
    private readonly MixedModel _model;
    private readonly int _k;
    private readonly int _p;
    private readonly int _q;
    private readonly int _n;
    private readonly int[] _starts;
    private readonly int[] _matrixStarts;
    private readonly double[] _sampling;
    private readonly double[] _right;
    private readonly Term[] _terms;
    private readonly Term[] _termOfElement;
    private readonly int[] _lowRank;
    private readonly double[] _offset;

    private readonly double[] _inverse;
    private readonly double[] _factors;
    private readonly double[] _solved;
    private readonly double[] _scratch;
    private readonly double[] _gram;
    private readonly double[] _lowRankFactor;
    private readonly double[] _lowRankProducts;
    private readonly double[] _scale;
    private readonly double[] _information;
    private readonly double[] _gamma;
    private double _logBlocks;

    public BlockLikelihood(MixedModel model)
    {
        _model = model;
        var partition = model.Partition;
        _k = model.Count;
        _p = model.Parameters;
        _starts = partition.Starts;
        _matrixStarts = new int[_starts.Length];
        var largest = 0;
        for (var c = 0; c < partition.BlockCount; c++)
        {
            var m = _starts[c + 1] - _starts[c];
            _matrixStarts[c + 1] = checked(_matrixStarts[c] + m * m);
            largest = Math.Max(largest, m);
        }
        var place = new int[_k];
        for (var i = 0; i < _k; i++) place[partition.Order[i]] = i;

        _terms = new Term[model.Terms.Count];
        var first = 0;
        var lowRank = new List<int>();
        for (var t = 0; t < _terms.Length; t++)
        {
            _terms[t] = new Term(model.Terms[t], partition, first, partition.IsLowRank[t] ? _q : -1);
            first += _terms[t].Elements;
            if (!partition.IsLowRank[t]) continue;
            lowRank.Add(t);
            _q += _terms[t].Cells;
        }
        _lowRank = [.. lowRank];
        ElementCount = first;
        _termOfElement = [.. _terms.SelectMany(t => Enumerable.Repeat(t, t.Elements))];
        _n = 1 + _p + _q;

        _sampling = new double[_matrixStarts[^1]];
        FillSampling(place);
        _offset = new double[_p];
        _right = new double[_k * _n];
        for (var i = 0; i < _k; i++)
        {
            var row = partition.Order[i];
            var right = _right.AsSpan(i * _n, _n);
            for (var j = 0; j < _p; j++) right[1 + j] = model.Design.Orthonormal[j * _k + row];
            foreach (var t in _lowRank)
            {
                var columns = right.Slice(1 + _p + _terms[t].LowRankStart, _terms[t].Cells);
                if (_terms[t].Source.RelationRoot is { } root) root.AsSpan(_terms[t].Inner[i] * columns.Length, columns.Length).CopyTo(columns);
                else columns[_terms[t].Cell[i]] = 1;
            }
        }
        ReplaceEffects(model.Effects);

        _inverse = new double[_sampling.Length];
        _factors = new double[_sampling.Length];
        _solved = new double[_right.Length];
        _scratch = new double[largest * largest];
        _gram = new double[_n * _n];
        _lowRankFactor = new double[_q * _q];
        _lowRankProducts = new double[_q * (1 + _p)];
        _scale = new double[_q];
        _information = new double[_p * _p];
        _gamma = new double[_p];
        Derivatives = new DerivativeRoom(_k, _p, _q, ElementCount, largest, _terms.Length == 0 ? 0 : _terms.Max(t => t.LargestCells));
    }

    public override int ElementCount { get; }

    public override double LeastSquaresResidual
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < _k; i++) sum += _right[i * _n] * _right[i * _n];
            return sum;
        }
    }

    public override double[] Gamma
    {
        get
        {
            double[] gamma = [.. _gamma];
            for (var j = 0; j < _p; j++) gamma[j] += _offset[j];
            return gamma;
        }
    }

    public override double[] Covariance
    {
        get
        {
            var covariance = new double[_p * _p];
            SmallMatrix.Invert(_information, covariance, _p);
            return covariance;
        }
    }

    public override void ReplaceEffects(ReadOnlySpan<double> effects)
    {
        for (var j = 0; j < _p; j++) _offset[j] = BlockMatrix.Dot(_model.Design.Orthonormal.AsSpan(j * _k, _k), effects);
        var order = _model.Partition.Order;
        for (var i = 0; i < _k; i++)
        {
            _right[i * _n] = effects[order[i]] - BlockMatrix.Dot(_offset, _right.AsSpan(i * _n + 1, _p));
        }
    }

    public override double[] WeightedResiduals()
    {
        Solve();
        var weighted = new double[_k];
        for (var i = 0; i < _k; i++) weighted[_model.Partition.Order[i]] = Derivatives.PY[i];
        return weighted;
    }

    public override bool TryMoveTo(ReadOnlySpan<double> elements)
    {
        _logBlocks = 0;
        _gram.AsSpan().Clear();
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var m = _starts[c + 1] - _starts[c];
            var block = _factors.AsSpan(_matrixStarts[c], m * m);
            Assemble(c, elements, block);
            if (!BlockMatrix.TryCholesky(block, m)) return false;
            _logBlocks += BlockMatrix.LogDeterminant(block, m);
            var solved = _solved.AsSpan(_starts[c] * _n, m * _n);
            _right.AsSpan(_starts[c] * _n, m * _n).CopyTo(solved);
            BlockMatrix.SolveLower(block, solved, m, _n);
            BlockMatrix.AddGram(solved, _gram, m, _n);
        }
        return Combine(elements);
    }

    private bool Combine(ReadOnlySpan<double> elements)
    {
        foreach (var t in _lowRank)
        {
            var term = _terms[t];
            _scale.AsSpan(term.LowRankStart, term.Cells).Fill(Math.Sqrt(elements[term.FirstElement]));
        }
        var logLow = 0.0;
        if (_q > 0)
        {
            for (var a = 0; a < _q; a++)
            {
                for (var b = 0; b < _q; b++)
                {
                    _lowRankFactor[a * _q + b] = _scale[a] * _scale[b] * Gram(1 + _p + a, 1 + _p + b) + (a == b ? 1 : 0);
                }
                for (var j = 0; j <= _p; j++) _lowRankProducts[a * (1 + _p) + j] = _scale[a] * Gram(1 + _p + a, j);
            }
            if (!BlockMatrix.TryCholesky(_lowRankFactor, _q)) return false;
            logLow = BlockMatrix.LogDeterminant(_lowRankFactor, _q);
            BlockMatrix.SolveLower(_lowRankFactor, _lowRankProducts, _q, 1 + _p);
        }
        for (var i = 0; i < _p; i++)
        {
            for (var j = 0; j < _p; j++) _information[i * _p + j] = Gram(1 + i, 1 + j) - LowRankProduct(1 + i, 1 + j);
            _gamma[i] = Gram(0, 1 + i) - LowRankProduct(0, 1 + i);
        }
        if (!SmallMatrix.TryCholesky(_information, _p)) return false;
        SmallMatrix.SolveLower(_information, _gamma);
        Q = Gram(0, 0) - LowRankProduct(0, 0) - BlockMatrix.Dot(_gamma, _gamma);
        SmallMatrix.SolveLowerTransposed(_information, _gamma);
        LogLikelihood = FitStatistics.LogLikelihoodOf(_model.IsRestricted, _k, _p, _logBlocks + logLow,
            SmallMatrix.LogDeterminant(_information, _p), Q);
        return double.IsFinite(LogLikelihood);
    }

    private double Gram(int i, int j) => _gram[i * _n + j];

    private double LowRankProduct(int i, int j)
    {
        double sum = 0;
        for (var a = 0; a < _q; a++) sum += _lowRankProducts[a * (1 + _p) + i] * _lowRankProducts[a * (1 + _p) + j];
        return sum;
    }

    /// <summary>V of a block plus what its own terms add.</summary>
    private void Assemble(int c, ReadOnlySpan<double> elements, Span<double> block)
    {
        var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
        _sampling.AsSpan(_matrixStarts[c], m * m).CopyTo(block);
        foreach (var term in _terms)
        {
            if (term.LowRankStart >= 0) continue;
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    if (term.Group[start + i] != term.Group[start + j]) continue;
                    var e = term.Element[term.Inner[start + i] * term.Dimension + term.Inner[start + j]];
                    if (e >= 0) block[i * m + j] += elements[term.FirstElement + e] * term.Factor(start + i, term.Inner[start + j]);
                }
            }
        }
    }

    private void FillSampling(int[] place)
    {
        var blockOf = new int[_k];
        for (var c = 0; c + 1 < _starts.Length; c++) blockOf.AsSpan(_starts[c].._starts[c + 1]).Fill(c);
        for (var row = 0; row < _k; row++) At(place[row], place[row]) = _model.Errors.Variances[row];
        foreach (var (rows, matrix) in _model.Errors.Clusters)
        {
            for (var a = 0; a < rows.Length; a++)
            {
                for (var b = 0; b < rows.Length; b++)
                {
                    if (a != b) At(place[rows[a]], place[rows[b]]) = matrix[a * rows.Length + b];
                }
            }
        }

        ref double At(int i, int j)
        {
            var c = blockOf[i];
            return ref _sampling[_matrixStarts[c] + (i - _starts[c]) * (_starts[c + 1] - _starts[c]) + j - _starts[c]];
        }
    }

    /// <summary>A random term with its rows in the order of the blocks. A cell is one inner value of one group.</summary>
    private sealed class Term
    {
        private readonly double[]? _relation;

        public Term(RandomTerm source, Partition partition, int firstElement, int lowRankStart)
        {
            Source = source;
            _relation = source.Relation;
            FirstElement = firstElement;
            LowRankStart = lowRankStart;
            Dimension = source.Dimension;
            Elements = source.ElementCount;
            Element = new int[Dimension * Dimension];
            for (var a = 0; a < Dimension; a++)
            {
                for (var b = 0; b < Dimension; b++) Element[a * Dimension + b] = source.ElementOf(a, b);
            }
            var k = source.Groups.Length;
            Group = new int[k];
            Inner = new int[k];
            Cell = new int[k];
            OldGroup = new int[source.GroupNames.Length];
            CellStart = new int[partition.Starts.Length];
            var place = new int[source.GroupNames.Length];
            Array.Fill(place, -1);
            var groups = 0;
            for (var c = 0; c < partition.BlockCount; c++)
            {
                CellStart[c] = groups * Dimension;
                for (var i = partition.Starts[c]; i < partition.Starts[c + 1]; i++)
                {
                    var row = partition.Order[i];
                    ref var group = ref place[source.Groups[row]];
                    if (group < 0)
                    {
                        OldGroup[groups] = source.Groups[row];
                        group = groups++;
                    }
                    Group[i] = group;
                    Inner[i] = source.Inner[row];
                    Cell[i] = group * Dimension + Inner[i];
                }
            }
            CellStart[^1] = groups * Dimension;
            Cells = groups * Dimension;
            for (var c = 0; c < partition.BlockCount && lowRankStart < 0; c++)
            {
                LargestCells = Math.Max(LargestCells, CellStart[c + 1] - CellStart[c]);
            }
        }

        public RandomTerm Source { get; }

        public int FirstElement { get; }

        /// <summary>Its first column of low rank, or -1 when it lies inside the blocks.</summary>
        public int LowRankStart { get; }

        public int Dimension { get; }

        public int Elements { get; }

        /// <summary>The element of each pair of inner values, or -1.</summary>
        public int[] Element { get; }

        public int[] Group { get; }

        public int[] Inner { get; }

        public int[] Cell { get; }

        /// <summary>The cells of a block: those from its start to the next one's. Of no meaning for low rank.</summary>
        public int[] CellStart { get; }

        public int Cells { get; }

        public int LargestCells { get; }

        /// <summary>The known factor of the inner value of a row and another.</summary>
        public double Factor(int row, int inner) => _relation is null ? 1 : _relation[Inner[row] * Dimension + inner];

        /// <summary>The group as the source counts it.</summary>
        public int[] OldGroup { get; }
    }
}
