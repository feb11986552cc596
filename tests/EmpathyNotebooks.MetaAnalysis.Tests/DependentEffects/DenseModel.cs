using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>The log-likelihood by its definition, with k x k matrices: slow and plain, to hold the block-wise one against.</summary>
internal static class DenseModel
{
    public static double LogLikelihood(MixedModel model, double[] theta)
    {
        var k = model.Count;
        var m = Covariance(model, theta);
        var x = DenseMatrix.Create(k, model.Parameters, (i, j) => model.Design.Columns[j * k + i]);
        var y = new DenseVector(model.Effects);
        var w = m.Inverse();
        var information = x.Transpose() * w * x;
        var residuals = y - x * information.Solve(x.Transpose() * w * y);
        var restricted = model.IsRestricted
            ? Math.Log((x.Transpose() * x).Determinant()) - Math.Log(information.Determinant()) + model.Parameters * Math.Log(2 * Math.PI) : 0;
        return 0.5 * (restricted - k * Math.Log(2 * Math.PI) - LogDeterminant(m) - residuals * w * residuals);
    }

    public static Matrix<double> Covariance(MixedModel model, double[] theta)
    {
        int[] rows = [.. Enumerable.Range(0, model.Count)];
        return new DenseMatrix(model.Count, model.Count, model.CovarianceOf(rows, model.ElementsAt(theta)));
    }

    private static double LogDeterminant(Matrix<double> m) => 2 * m.Cholesky().Factor.Diagonal().Map(Math.Log).Sum();
}
