namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The (restricted) log-likelihood of a <see cref="MixedModel"/> at any elements of its random terms, with its derivatives. Moved from place to place; all room is made once.
/// </summary>
internal abstract class MixedLikelihood
{
    /// <summary>What computes it fastest: sums over the groups where levels lie inside one another and sampling errors are independent, else matrices of blocks.</summary>
    public static MixedLikelihood Of(MixedModel model) => (MixedLikelihood?)NestedLikelihood.TryCreate(model) ?? new BlockLikelihood(model);

    public abstract int ElementCount { get; }

    /// <summary>The sum of squares that unweighted least squares leaves.</summary>
    public abstract double LeastSquaresResidual { get; }

    /// <summary>The log-likelihood where <see cref="TryMoveTo"/> led.</summary>
    public double LogLikelihood { get; private protected set; }

    /// <summary>y'Py.</summary>
    public double Q { get; private protected set; }

    /// <summary>The coefficients of the orthonormal columns.</summary>
    public abstract double[] Gamma { get; }

    /// <summary>Their covariance (X'M⁻¹X)⁻¹ in row order.</summary>
    public abstract double[] Covariance { get; }

    /// <summary>∂ ln L/∂g for each element, after <see cref="Differentiate"/>.</summary>
    public abstract ReadOnlySpan<double> Score { get; }

    /// <summary>A = ½ y'PEPEPy in row order.</summary>
    public abstract ReadOnlySpan<double> AverageInformation { get; }

    /// <summary>½ tr PEPE in row order, M⁻¹ in place of P for the full likelihood.</summary>
    public abstract ReadOnlySpan<double> ExpectedInformation { get; }

    /// <summary>Other effects for the same model, in its row order. What least squares explains is taken away first, so that a large mean costs no digits.</summary>
    public abstract void ReplaceEffects(ReadOnlySpan<double> effects);

    /// <summary>Computes the log-likelihood at these elements; false when M is not positive definite there.</summary>
    public abstract bool TryMoveTo(ReadOnlySpan<double> elements);

    /// <summary>Computes score and information where the last move led.</summary>
    public abstract void Differentiate();

    /// <summary>M⁻¹(y - Xβ), in the order of the effects.</summary>
    public abstract double[] WeightedResiduals();

    /// <summary>(X'M⁻¹X)⁻¹X'M⁻¹ for the orthonormal columns: one row a coefficient, in the order of the effects.</summary>
    public abstract double[] CoefficientWeights();
}
