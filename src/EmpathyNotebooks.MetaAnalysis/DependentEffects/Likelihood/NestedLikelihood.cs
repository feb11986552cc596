using System.Numerics.Tensors;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The likelihood of random intercepts whose levels lie inside one another, with independent sampling errors, in time linear in the number of effects (compare Longford 1987, Biometrika 74,
/// 817-827). In a group whose members have weights s, the weighted mean m has the variance u = 1/Σs, and the level's σ² adds to it, so that the group is one member of the group above
/// with mean m and weight 1/(u + σ²). On the way up y'M⁻¹y gathers Σs(y - m)² and ln|M| gathers ln(1 + σ²Σs): no matrix of a block is made, and sums of squares about a group's own
/// mean keep their digits however large σ² is. The same goes for each column of the design; the intercept is the mean of the topmost group.
/// </summary>
internal sealed partial class NestedLikelihood : MixedLikelihood
{
    private readonly MixedModel _model;
    private readonly int _k;
    private readonly int _p;

    /// <summary>The rows, those of a group one after the other at every level.</summary>
    private readonly int[] _order;

    /// <summary>From the finest level up, where the members of each group begin; the last has one group, of all.</summary>
    private readonly int[][] _starts;

    /// <summary>The element of each of the parameters here: that of single effects if there is one, then from the finest level up.</summary>
    private readonly int[] _elementOf;

    /// <summary>1 where each effect has a variance of its own besides that of sampling, which then stands first.</summary>
    private readonly int _leaf;

    /// <summary>The number of parameters, and of the columns y and x that are followed: all of the design but the intercept.</summary>
    private readonly int _n;
    private readonly int _width;

    /// <summary>The value of the first column where it is the constant, else 0.</summary>
    private readonly double _constant;

    private readonly double[] _variances;
    private readonly double[] _sigma2;
    private readonly double[] _w;
    private readonly double[] _z;
    private readonly double[] _offset;

    /// <summary>For each level the sum of the weights in each group, its own weight, which the level's variance lowers, and the weighted means of its columns.</summary>
    private readonly double[][] _sums;
    private readonly double[][] _weights;
    private readonly double[][] _means;

    /// <summary>The cross products that the columns leave, _width x _width; then with the topmost mean where there is no intercept.</summary>
    private readonly double[] _products;
    private readonly double[] _factor;
    private readonly double[] _gamma;
    private double _logVariances;
    private double _constantLogs;

    private NestedLikelihood(MixedModel model, int[] order, int[][] starts, int[] elementOf, bool hasLeaf)
    {
        (_model, _k, _p) = (model, model.Count, model.Parameters);
        (_order, _starts, _elementOf, _leaf, _n) = (order, starts, elementOf, hasLeaf ? 1 : 0, elementOf.Length);
        var first = model.Design.Orthonormal.AsSpan(0, _k);
        _constant = first.ContainsAnyExcept(first[0]) ? 0 : first[0];
        var others = _constant != 0 ? 1 : 0;
        _width = 1 + _p - others;
        _variances = new double[_k];
        _z = new double[_k * _width];
        for (var i = 0; i < _k; i++)
        {
            _variances[i] = model.Errors.Variances[order[i]];
            for (var j = 1; j < _width; j++) _z[i * _width + j] = model.Design.Orthonormal[(j - 1 + others) * _k + order[i]];
        }
        _sigma2 = new double[_n];
        _w = new double[_k];
        _offset = new double[_p];
        _sums = [.. starts.Select(s => new double[s.Length - 1])];
        _weights = [.. starts.Select(s => new double[s.Length - 1])];
        _means = [.. starts.Select(s => new double[(s.Length - 1) * _width])];
        _products = new double[_width * _width];
        _factor = new double[(_width - 1) * (_width - 1)];
        _gamma = new double[_width - 1];
        _room = new Room(_n, _width, starts);
        if (!hasLeaf)
        {
            // Without a variance of single effects the weights are always these.
            TensorPrimitives.Divide(1, _variances, _w);
            _constantLogs = LogOfProduct(_variances);
        }
        ReplaceEffects(model.Effects);
    }

    public override int ElementCount => _n;

    public override double LeastSquaresResidual
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < _k; i++) sum += _z[i * _width] * _z[i * _width];
            return sum;
        }
    }

    public override double[] Gamma
    {
        get
        {
            double[] gamma = [.. _offset];
            var others = _p + 1 - _width;
            for (var j = 0; j < _gamma.Length; j++) gamma[others + j] += _gamma[j];
            if (_constant != 0) gamma[0] += Combined(_means[^1], 0, Contrast()) / _constant;
            return gamma;
        }
    }

    public override double[] Covariance
    {
        get
        {
            var (q, covariance) = (_width - 1, new double[_p * _p]);
            if (_constant == 0)
            {
                SmallMatrix.Invert(_factor, covariance, q);
                return covariance;
            }
            // The other columns about their means, then the intercept from the topmost mean less these.
            var inner = new double[q * q];
            SmallMatrix.Invert(_factor, inner, q);
            var top = _means[^1];
            covariance[0] = 1 / (_weights[^1][0] * _constant * _constant);
            for (var i = 0; i < q; i++)
            {
                var across = -BlockMatrix.Dot(inner.AsSpan(i * q, q), top.AsSpan(1, q)) / _constant;
                covariance[1 + i] = covariance[(1 + i) * _p] = across;
                covariance[0] -= across * top[1 + i] / _constant;
                inner.AsSpan(i * q, q).CopyTo(covariance.AsSpan((1 + i) * _p + 1));
            }
            return covariance;
        }
    }

    public override void ReplaceEffects(ReadOnlySpan<double> effects)
    {
        var x = _model.Design.Orthonormal;
        for (var j = 0; j < _p; j++) _offset[j] = BlockMatrix.Dot(x.AsSpan(j * _k, _k), effects);
        for (var i = 0; i < _k; i++)
        {
            var row = _order[i];
            var rest = effects[row];
            for (var j = 0; j < _p; j++) rest -= _offset[j] * x[j * _k + row];
            _z[i * _width] = rest;
        }
    }

    public override bool TryMoveTo(ReadOnlySpan<double> elements)
    {
        for (var j = 0; j < _n; j++) _sigma2[j] = elements[_elementOf[j]];
        _logVariances = _constantLogs;
        if (_leaf > 0)
        {
            TensorPrimitives.Add(_variances, _sigma2[0], _w);
            _logVariances = LogOfProduct(_w);
            TensorPrimitives.Divide(1, _w, _w);
        }
        _products.AsSpan().Clear();
        var logs = new LogSum();
        for (var level = 0; level < _starts.Length; level++)
        {
            var sigma2 = level + _leaf < _n ? _sigma2[level + _leaf] : 0;
            var (s, z) = level == 0 ? (_w, _z) : (_weights[level - 1], _means[level - 1]);
            if (_width == 1) Gather(_starts[level], s, z, _sums[level], _means[level]);
            else GatherColumns(_starts[level], s, z, _sums[level], _means[level]);
            for (var g = 0; g < _sums[level].Length; g++)
            {
                var more = 1 + sigma2 * _sums[level][g];
                logs.Add(more);
                _weights[level][g] = _sums[level][g] / more;
            }
        }
        _logVariances += logs.Value;
        return Solve();
    }

    /// <summary>One level: weights, means and what scatters about these, for y alone.</summary>
    private void Gather(int[] starts, double[] s, double[] z, double[] sums, double[] means)
    {
        double squares = 0;
        for (var g = 0; g + 1 < starts.Length; g++)
        {
            int from = starts[g], to = starts[g + 1];
            double weight = s[from], mean = z[from];
            if (to - from > 1)
            {
                mean *= weight;
                for (var i = from + 1; i < to; i++)
                {
                    weight += s[i];
                    mean += s[i] * z[i];
                }
                mean /= weight;
                for (var i = from; i < to; i++)
                {
                    var d = z[i] - mean;
                    squares += s[i] * d * d;
                }
            }
            sums[g] = weight;
            means[g] = mean;
        }
        _products[0] += squares;
    }

    private void GatherColumns(int[] starts, double[] s, double[] z, double[] sums, double[] means)
    {
        var d = _room.Deviation.AsSpan(0, _width);
        for (var g = 0; g + 1 < starts.Length; g++)
        {
            int from = starts[g], to = starts[g + 1];
            var mean = means.AsSpan(g * _width, _width);
            mean.Clear();
            double weight = 0;
            for (var i = from; i < to; i++)
            {
                weight += s[i];
                for (var a = 0; a < mean.Length; a++) mean[a] += s[i] * z[i * mean.Length + a];
            }
            for (var a = 0; a < mean.Length; a++) mean[a] /= weight;
            for (var i = from; i < to && to - from > 1; i++)
            {
                for (var a = 0; a < d.Length; a++) d[a] = z[i * d.Length + a] - mean[a];
                for (var a = 0; a < d.Length; a++)
                {
                    for (var b = 0; b <= a; b++) _products[a * d.Length + b] += s[i] * d[a] * d[b];
                }
            }
            sums[g] = weight;
        }
    }

    /// <summary>Coefficients, Q and the likelihood from the products that all levels left.</summary>
    private bool Solve()
    {
        var q = _width - 1;
        var logInformation = 0.0;
        if (_constant != 0) logInformation = Math.Log(_weights[^1][0] * _constant * _constant);
        else AddTop(_products, _weights[^1][0]);
        if (q > 0)
        {
            for (var i = 0; i < q; i++)
            {
                for (var j = 0; j <= i; j++) _factor[i * q + j] = _products[(1 + i) * _width + 1 + j];
                _gamma[i] = _products[(1 + i) * _width];
            }
            if (!SmallMatrix.TryCholesky(_factor, q)) return false;
            logInformation += SmallMatrix.LogDeterminant(_factor, q);
            SmallMatrix.SolveLower(_factor, _gamma);
        }
        Q = _products[0] - BlockMatrix.Dot(_gamma, _gamma);
        if (q > 0) SmallMatrix.SolveLowerTransposed(_factor, _gamma);
        LogLikelihood = FitStatistics.LogLikelihoodOf(_model.IsRestricted, _k, _p, _logVariances, logInformation, Q);
        return double.IsFinite(LogLikelihood);
    }

    /// <summary>Without an intercept the topmost mean differs from 0 rather than from itself.</summary>
    private void AddTop(Span<double> products, double weight)
    {
        var top = _means[^1];
        for (var a = 0; a < _width; a++)
        {
            for (var b = 0; b <= a; b++) products[a * _width + b] += weight * top[a] * top[b];
        }
    }

    private static double LogOfProduct(ReadOnlySpan<double> values)
    {
        var logs = new LogSum();
        foreach (var value in values) logs.Add(value);
        return logs.Value;
    }

    /// <summary>A sum of logarithms as that of a product, taken anew only where the product leaves what a double can hold.</summary>
    private struct LogSum()
    {
        private double _product = 1;
        private double _sum;

        public void Add(double value)
        {
            var product = _product * value;
            if (product is > 1e-290 and < 1e290)
            {
                _product = product;
                return;
            }
            _sum += Math.Log(_product) + Math.Log(value);
            _product = 1;
        }

        public readonly double Value => _sum + Math.Log(_product);
    }
}
