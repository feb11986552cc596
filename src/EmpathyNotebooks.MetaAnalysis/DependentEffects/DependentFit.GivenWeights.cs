namespace EmpathyNotebooks.MetaAnalysis;

/// <content>Weights of one's own.</content>
public abstract partial class DependentFit
{
    /// <summary>
    /// β = (X'AX)⁻¹X'Ay and its covariance (X'AX)⁻¹X'AMAX(X'AX)⁻¹ with the weights on the diagonal of A and M as it was estimated, for the orthonormal columns. metafor: <c>W=</c>.
    /// </summary>
    private (double[] Gamma, double[] Covariance) Weighted(double[] weights)
    {
        var (k, p) = (Model.Count, Model.Parameters);
        var q = Model.Design.Orthonormal;
        StudyWeights.NeedFullRank(weights, q, p);
        var bread = new double[p * p];
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b < p; b++)
            {
                for (var i = 0; i < k; i++) bread[a * p + b] += q[a * k + i] * weights[i] * q[b * k + i];
            }
        }
        double[] factor = [.. bread];
        if (!SmallMatrix.TryCholesky(factor, p))
        {
            throw new ConvergenceException("The mean with weights of one's own", "the weights are too far apart for double precision", 0, NonConvergence.Precision);
        }
        // Row j: what each effect adds to coefficient j.
        var shares = new double[p * k];
        var column = new double[p];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < p; j++) column[j] = q[j * k + i] * weights[i];
            SmallMatrix.SolveLower(factor, column);
            SmallMatrix.SolveLowerTransposed(factor, column);
            for (var j = 0; j < p; j++) shares[j * k + i] = column[j];
        }
        var gamma = new double[p];
        for (var j = 0; j < p; j++) gamma[j] = BlockMatrix.Dot(shares.AsSpan(j * k, k), Model.Effects);
        var m = Model.CovarianceOf([.. Enumerable.Range(0, k)], Elements);
        var covariance = new double[p * p];
        for (var a = 0; a < p; a++)
        {
            for (var i = 0; i < k; i++)
            {
                var product = BlockMatrix.Dot(m.AsSpan(i * k, k), shares.AsSpan(a * k, k));
                for (var b = 0; b < p; b++) covariance[a * p + b] += shares[b * k + i] * product;
            }
        }
        return (gamma, covariance);
    }

    /// <summary>What needs the model's own weights says so where others were given.</summary>
    internal void NeedOwnWeights(string what)
    {
        if (Common.Weights is not null) throw new InvalidOperationException($"{what} are defined for the model's own weights, not for given ones: leave Weights out of the options.");
    }
}
