namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The weights of a mixture of given densities that maximise Σ n_i ln Σ_j w_j f_j(x_i), w ≥ 0 and Σw = 1. The function is concave, so that there is one maximum: Newton's method on the weights above 0, which
/// enter and leave that set by the sign of their derivative, finds it in a few steps where the EM algorithm takes thousands and stops short (Kim, Carbonetto, Stephens &amp; Anitescu 2020, Journal of
/// Computational and Graphical Statistics 29, 261-273, on this problem).
/// </summary>
internal sealed class MixtureWeights
{
    private const double LeastRidge = 1e-13;

    private readonly double[] _densities;
    private readonly int _points;
    private readonly int _parts;
    private readonly double[] _mixed;
    private readonly double[] _slope;
    private readonly double[] _curvature;
    private readonly double[] _factor;
    private readonly double[] _step;
    private readonly double[] _tried;
    private readonly int[] _free;
    private readonly bool[] _isFree;
    private double _ridge;

    /// <summary>The densities of each point, row by row, none of whose rows is 0 throughout.</summary>
    public MixtureWeights(double[] densities, int points, int parts)
    {
        _densities = densities;
        _points = points;
        _parts = parts;
        _mixed = new double[points];
        _slope = new double[parts];
        _curvature = new double[parts * parts];
        _factor = new double[parts * parts];
        _step = new double[parts];
        _tried = new double[parts];
        _free = new int[parts];
        _isFree = new bool[parts];
    }

    /// <summary>Replaces the weights by the best for these counts of the points; returns the log-likelihood.</summary>
    public double Maximise(ReadOnlySpan<int> counts, Span<double> weights)
    {
        double n = 0;
        foreach (var count in counts) n += count;
        for (var j = 0; j < _parts; j++)
        {
            // All weights start above 0: a mixture of positive weights has no point without density.
            weights[j] = 0.9 * Math.Max(weights[j], 0) + 0.1 / _parts;
            _isFree[j] = true;
        }
        _ridge = LeastRidge;
        var value = Value(counts, weights, n);
        for (var iteration = 0; iteration < 1000; iteration++)
        {
            Derivatives(counts, n);
            var free = 0;
            double worst = 0;
            for (var j = 0; j < _parts; j++)
            {
                if (!_isFree[j]) continue;
                _free[free++] = j;
                worst = Math.Max(worst, Math.Abs(_slope[j]));
            }
            if (worst <= 1e-10 * n)
            {
                // The free weights are at their best; one held at 0 that would rise is set free.
                var enters = -1;
                for (var j = 0; j < _parts; j++)
                {
                    if (!_isFree[j] && _slope[j] > 1e-9 * n && (enters < 0 || _slope[j] > _slope[enters])) enters = j;
                }
                if (enters < 0) break;
                _isFree[enters] = true;
                continue;
            }
            Direction(free);
            if (Advance(counts, weights, n, free, ref value)) _ridge = Math.Max(LeastRidge, _ridge / 1000);
            // Components that are nearly alike can make a step of rounding: a larger ridge turns it towards the slope.
            else if (_ridge > 1) break;
            else _ridge *= 100;
        }
        double sum = 0;
        foreach (var weight in weights) sum += weight;
        for (var j = 0; j < _parts; j++) weights[j] /= sum;
        return Value(counts, weights, n);
    }

    /// <summary>
    /// Steps of the EM algorithm, w_j := w_j Σ n_i f_j(x_i)/Σ_m w_m f_m(x_i)/n, until the log-likelihood rises by less than a criterion or the steps are used up.
    /// </summary>
    public void Climb(ReadOnlySpan<int> counts, Span<double> weights, double criterion, int steps)
    {
        double n = 0, before = double.NegativeInfinity;
        foreach (var count in counts) n += count;
        Span<double> sums = stackalloc double[_parts];
        for (var step = 0; step < steps; step++)
        {
            sums.Clear();
            // Logarithms are taken of products of as many densities as a number holds.
            double value = 0, product = 1;
            for (var i = 0; i < _points; i++)
            {
                if (counts[i] == 0) continue;
                var densities = _densities.AsSpan(i * _parts, _parts);
                double mixed = 0;
                for (var j = 0; j < densities.Length; j++) mixed += weights[j] * densities[j];
                for (var c = 0; c < counts[i]; c++)
                {
                    product *= mixed;
                    if (product is > 1e-200 and < 1e200) continue;
                    value += Math.Log(product);
                    product = 1;
                }
                var share = counts[i] / mixed;
                for (var j = 0; j < densities.Length; j++) sums[j] += share * densities[j];
            }
            value += Math.Log(product);
            for (var j = 0; j < _parts; j++) weights[j] *= sums[j] / n;
            if (Math.Abs(value - before) < criterion) return;
            before = value;
        }
    }

    /// <summary>Moves along the direction until the likelihood rises enough or a weight is 0, which then leaves; false where nothing moves any more.</summary>
    private bool Advance(ReadOnlySpan<int> counts, Span<double> weights, double n, int free, ref double value)
    {
        double length = 1, rise = 0;
        var leaves = -1;
        for (var a = 0; a < free; a++)
        {
            var j = _free[a];
            rise += _slope[j] * _step[j];
            if (_step[j] < 0 && weights[j] + length * _step[j] <= 0) (length, leaves) = (weights[j] / -_step[j], j);
        }
        for (var halving = 0; halving < 60; halving++)
        {
            weights.CopyTo(_tried);
            for (var a = 0; a < free; a++) _tried[_free[a]] = Math.Max(0, weights[_free[a]] + length * _step[_free[a]]);
            if (leaves >= 0) _tried[leaves] = 0;
            var next = Value(counts, _tried, n);
            if (next >= value + 1e-4 * length * rise - 1e-14 * Math.Abs(value))
            {
                var moved = next > value || leaves >= 0;
                if (leaves >= 0) _isFree[leaves] = false;
                _tried.CopyTo(weights);
                value = next;
                return moved || Math.Abs(rise) > 1e-12;
            }
            length /= 2;
            leaves = -1;
        }
        return false;
    }

    /// <summary>The log-likelihood less nΣw, whose maximum over w ≥ 0 has Σw = 1; -∞ where a point has no density. Fills the mixed densities.</summary>
    private double Value(ReadOnlySpan<int> counts, ReadOnlySpan<double> weights, double n)
    {
        double sum = 0, total = 0;
        foreach (var weight in weights) total += weight;
        for (var i = 0; i < _points; i++)
        {
            double mixed = 0;
            var at = i * _parts;
            for (var j = 0; j < _parts; j++) mixed += weights[j] * _densities[at + j];
            _mixed[i] = mixed;
            if (counts[i] > 0) sum += counts[i] * Math.Log(mixed);
        }
        return double.IsNaN(sum) ? double.NegativeInfinity : sum - n * (total - 1);
    }

    private void Derivatives(ReadOnlySpan<int> counts, double n)
    {
        _slope.AsSpan().Fill(-n);
        _curvature.AsSpan().Clear();
        for (var i = 0; i < _points; i++)
        {
            if (counts[i] == 0) continue;
            var at = i * _parts;
            double first = counts[i] / _mixed[i], second = first / _mixed[i];
            for (var j = 0; j < _parts; j++)
            {
                var density = _densities[at + j];
                _slope[j] += first * density;
                for (var m = 0; m <= j; m++) _curvature[j * _parts + m] += second * density * _densities[at + m];
            }
        }
    }

    /// <summary>Newton's step of the free weights; a little is added to the diagonal until the matrix can be factored.</summary>
    private void Direction(int free)
    {
        double size = 0;
        for (var a = 0; a < free; a++) size = Math.Max(size, _curvature[_free[a] * _parts + _free[a]]);
        for (; ; _ridge *= 100)
        {
            for (var a = 0; a < free; a++)
            {
                for (var b = 0; b <= a; b++) _factor[a * free + b] = _curvature[_free[a] * _parts + _free[b]] + (a == b ? _ridge * size : 0);
            }
            if (!SmallMatrix.TryCholesky(_factor.AsSpan(0, free * free), free)) continue;
            Span<double> x = stackalloc double[free];
            for (var a = 0; a < free; a++) x[a] = _slope[_free[a]];
            SmallMatrix.SolveLower(_factor.AsSpan(0, free * free), x);
            SmallMatrix.SolveLowerTransposed(_factor.AsSpan(0, free * free), x);
            for (var a = 0; a < free; a++) _step[_free[a]] = x[a];
            return;
        }
    }
}
