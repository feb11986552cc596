namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What diagnostics need of a fit beside the contract: its design and the covariances of effects and coefficients, also at the variances that a refit to some of the rows found.</summary>
internal interface IFitGeometry
{
    /// <summary>The design of the effects used.</summary>
    DesignMatrix Matrix { get; }

    /// <summary>What Hartung and Knapp multiply the covariance of the coefficients with; 1 for other inference.</summary>
    double Scale { get; }

    /// <summary>True where weights other than those of the model pool the effects.</summary>
    bool HasGivenWeights { get; }

    /// <summary>The marginal covariance M of some of this fit's effects, in row order, at the variances of a fit of the same model, itself or a refit; null where the model has only working
    /// weights.</summary>
    double[]? MarginalCovariance(int[] rows, IModelFit at);

    /// <summary>The covariance of the coefficients of the orthonormal columns that all effects of this fit would give at those variances, in row order, not scaled; null where not defined.</summary>
    double[]? CovarianceAt(IModelFit at);
}

/// <summary>The geometry of models of independent effects.</summary>
internal static class IndependentGeometry
{
    /// <summary>diag(v + τ²), in row order.</summary>
    public static double[] Marginal(StudyEffects effects, int[] rows, Func<int, double> tau2)
    {
        var m = rows.Length;
        var matrix = new double[m * m];
        for (var a = 0; a < m; a++) matrix[a * m + a] = effects.Variances[rows[a]] + tau2(rows[a]);
        return matrix;
    }

    /// <summary>(Q'WQ)⁻¹ for the orthonormal columns; null where it has no inverse in double precision.</summary>
    public static double[]? Bread(DesignMatrix design, ReadOnlySpan<double> weights)
    {
        var (k, p) = (design.Count, design.Parameters);
        var information = new double[p * p];
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var i = 0; i < k; i++) sum += weights[i] * design.Orthonormal[a * k + i] * design.Orthonormal[b * k + i];
                information[a * p + b] = information[b * p + a] = sum;
            }
        }
        if (!SmallMatrix.TryCholesky(information, p)) return null;
        var inverse = new double[p * p];
        SmallMatrix.Invert(information, inverse, p);
        return inverse;
    }
}
