namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What predictions of random effects are made from.</content>
internal sealed partial class BlockLikelihood
{
    /// <summary>Z'Py for each cell of a term, and for each group the d x d matrix Z'PZ; groups as the term counts them.</summary>
    public (double[] PY, double[] PZZ) CellSums(int termIndex)
    {
        Solve();
        var term = _terms[termIndex];
        var (d, r) = (term.Dimension, _p + _q);
        var py = new double[term.Cells];
        var pzz = new double[term.Cells * d];
        var t = new double[term.Cells * r];
        for (var i = 0; i < _k; i++)
        {
            py[Target(i)] += Derivatives.PY[i];
            BlockMatrix.AddScaled(t.AsSpan(Target(i) * r, r), Derivatives.T.AsSpan(i * r, r), 1);
        }
        // W is 0 between blocks, so that only pairs inside a block are left to add.
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++)
                {
                    if (term.Group[start + i] != term.Group[start + j]) continue;
                    pzz[Target(start + i) * d + term.Inner[start + j]] += _inverse[_matrixStarts[c] + i * m + j];
                }
            }
        }
        for (var cell = 0; cell < term.Cells; cell++)
        {
            for (var b = 0; b < d; b++)
            {
                pzz[cell * d + b] -= BlockMatrix.Dot(t.AsSpan(cell * r, r), t.AsSpan((cell / d * d + b) * r, r));
            }
        }
        return (py, pzz);

        int Target(int i) => term.OldGroup[term.Group[i]] * d + term.Inner[i];
    }

    public override double[] CoefficientWeights()
    {
        Solve();
        var weights = new double[_p * _k];
        var column = new double[_p];
        for (var i = 0; i < _k; i++)
        {
            Derivatives.T.AsSpan(i * (_p + _q) + _q, _p).CopyTo(column);
            SmallMatrix.SolveLowerTransposed(_information, column);
            for (var j = 0; j < _p; j++) weights[j * _k + _model.Partition.Order[i]] = column[j];
        }
        return weights;
    }

    /// <summary>y - VPy and the diagonal of V - VPV, in the order of the effects.</summary>
    public (double[] Estimates, double[] Variances) Shrunken()
    {
        Solve();
        var r = _p + _q;
        var estimates = new double[_k];
        var variances = new double[_k];
        var order = _model.Partition.Order;
        for (var c = 0; c + 1 < _starts.Length; c++)
        {
            var (start, m) = (_starts[c], _starts[c + 1] - _starts[c]);
            var v = _sampling.AsSpan(_matrixStarts[c], m * m);
            var w = _inverse.AsSpan(_matrixStarts[c], m * m);
            var tv = new double[r];
            for (var i = 0; i < m; i++)
            {
                var row = v.Slice(i * m, m);
                double vpy = 0, vwv = 0;
                Array.Clear(tv);
                for (var a = 0; a < m; a++)
                {
                    if (row[a] == 0) continue;
                    vpy += row[a] * Derivatives.PY[start + a];
                    BlockMatrix.AddScaled(tv, Derivatives.T.AsSpan((start + a) * r, r), row[a]);
                    vwv += row[a] * BlockMatrix.Dot(w.Slice(a * m, m), row);
                }
                var at = order[start + i];
                estimates[at] = _model.Effects[at] - vpy;
                variances[at] = row[i] - vwv + BlockMatrix.Dot(tv, tv);
            }
        }
        return (estimates, variances);
    }
}
