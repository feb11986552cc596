namespace EmpathyNotebooks.MetaAnalysis;

/// <content>M⁻¹ of columns, from the top down: what a group's mean says of its own deviation, given those above it.</content>
internal sealed partial class NestedLikelihood
{
    public override double[] WeightedResiduals()
    {
        var contrast = Contrast();
        return Weighted(contrast, _constant != 0 ? Combined(_means[^1], 0, contrast) : 0);
    }

    public override double[] CoefficientWeights()
    {
        var (covariance, weights, contrast) = (Covariance, new double[_p * _k], new double[_width]);
        var others = _p + 1 - _width;
        for (var j = 0; j < _p; j++)
        {
            contrast.AsSpan().Clear();
            if (j >= others) contrast[1 + j - others] = 1;
            var column = Weighted(contrast, j < others ? -_constant : 0);
            for (var i = 0; i < _p; i++) BlockMatrix.AddScaled(weights.AsSpan(i * _k, _k), column, covariance[i * _p + j]);
        }
        return weights;
    }

    /// <summary>M⁻¹ of a combination of the columns followed less a constant, in the order of the effects.</summary>
    private double[] Weighted(double[] contrast, double constant)
    {
        var above = new double[1];
        for (var level = _starts.Length - 1; level >= 0; level--)
        {
            var (starts, members) = (_starts[level], new double[_starts[level][^1]]);
            var sigma2 = level + _leaf < _n ? _sigma2[level + _leaf] : 0;
            for (var g = 0; g + 1 < starts.Length; g++)
            {
                var deviation = Combined(_means[level], g, contrast) - constant - above[g];
                members.AsSpan(starts[g]..starts[g + 1]).Fill(above[g] + sigma2 * _weights[level][g] * deviation);
            }
            above = members;
        }
        var weighted = new double[_k];
        for (var i = 0; i < _k; i++) weighted[_order[i]] = _w[i] * (Combined(_z, i, contrast) - constant - above[i]);
        return weighted;
    }

    /// <summary>y less what the columns followed explain.</summary>
    private double[] Contrast()
    {
        var contrast = new double[_width];
        contrast[0] = 1;
        for (var j = 1; j < _width; j++) contrast[j] = -_gamma[j - 1];
        return contrast;
    }

    private double Combined(double[] columns, int at, double[] contrast)
    {
        double sum = 0;
        for (var j = 0; j < _width; j++) sum += contrast[j] * columns[at * _width + j];
        return sum;
    }
}
