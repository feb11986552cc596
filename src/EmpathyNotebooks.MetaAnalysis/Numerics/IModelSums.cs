namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What a search for tau² asks of a linear model y ~ N(Xβ, V + tau² I) at one value of tau², with W = (V + tau² I)⁻¹ and
/// P = W - WX(X'WX)⁻¹X'W. Models with and without moderators answer in their own way, so one search serves both. Implemented by
/// structs, so that the compiler makes one machine code for each and nothing is allocated.
/// </summary>
internal interface IModelSums
{
    /// <summary>How many effects there are, k.</summary>
    int Count { get; }

    /// <summary>How many coefficients there are, p.</summary>
    int Parameters { get; }

    /// <summary>The smallest sampling variance.</summary>
    double SmallestVariance { get; }

    /// <summary>The largest sampling variance.</summary>
    double LargestVariance { get; }

    /// <summary>Computes all below at this tau².</summary>
    void MoveTo(double tau2);

    /// <summary>Σw.</summary>
    double SumOfWeights { get; }

    /// <summary>Σw².</summary>
    double SumOfSquaredWeights { get; }

    /// <summary>y'Py, the generalised Q.</summary>
    double Q { get; }

    /// <summary>y'PPy.</summary>
    double YPPY { get; }

    /// <summary>y'PPPy.</summary>
    double YPPPY { get; }

    /// <summary>tr(P).</summary>
    double TraceP { get; }

    /// <summary>tr(PP).</summary>
    double TracePP { get; }

    /// <summary>ln|X'WX| - ln|X'X|.</summary>
    double LogInformation { get; }

    /// <summary>Σ ln(v + tau²), which only the likelihood itself needs.</summary>
    double LogVariances();

    /// <summary>The same with any weights in place of W, as estimators by moments need.</summary>
    Moments MomentsWith(in MomentWeights weights);

    /// <summary>Σ(y - mean)²/k and Σv/k.</summary>
    (double OfEffects, double OfSampling) MeanVariances();
}

/// <summary>The same of a model without moderators.</summary>
internal interface IInterceptSums : IModelSums
{
    /// <summary>All sums at this tau².</summary>
    WeightedSums Sums { get; }

    /// <summary>Cochran's Q and tr(P), where the model has been at tau² = 0.</summary>
    (double Q, double TraceP)? AtZero { get; }
}

/// <summary>Sums of one model with weights a and P = A - AX(X'AX)⁻¹X'A.</summary>
internal readonly record struct Moments(
    double Q, double TraceP, double TracePP, double TracePV, double TracePVP, double TracePVPV, double SumOfWeights);

/// <summary>Weights a = 1/(slope·v + constant), or weights given one by one.</summary>
internal readonly ref struct MomentWeights
{
    private readonly ReadOnlySpan<double> _given;
    private readonly double _slope;
    private readonly double _constant;

    private MomentWeights(ReadOnlySpan<double> given, double slope, double constant)
    {
        _given = given;
        _slope = slope;
        _constant = constant;
    }

    /// <summary>All weights are 1.</summary>
    public static MomentWeights Equal => new(default, 0, 1);

    /// <summary>1/(v + constant).</summary>
    public static MomentWeights InverseOfVariancePlus(double constant) => new(default, 1, constant);

    /// <summary>The weights as they stand.</summary>
    public static MomentWeights Of(ReadOnlySpan<double> given) => new(given, 0, 0);

    public double At(int index, double variance) => _given.IsEmpty ? 1 / (_slope * variance + _constant) : _given[index];
}

/// <summary>What every implementation shares.</summary>
internal static class ModelSums
{
    /// <summary>The smallest difference in tau² that rounding lets the sums tell, as a share of v + tau²: a few units in the last place.</summary>
    public const double Resolution = 1e-14;

    /// <summary>What v + tau² is like, Σw/Σw².</summary>
    public static double Scale<TModel>(in TModel model) where TModel : struct, IModelSums, allows ref struct => model.SumOfWeights / model.SumOfSquaredWeights;
}
