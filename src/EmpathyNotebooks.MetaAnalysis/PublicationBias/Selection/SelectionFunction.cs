namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which shape the probability of being published has as a function of the p-value.</summary>
public enum SelectionShape
{
    /// <summary>One weight between each two cut-points of p (Vevea &amp; Hedges 1995, Psychometrika 60, 419-435; Hedges 1992, Statistical Science 7, 246-255).</summary>
    Step,

    /// <summary>p^(δ₁ - 1) (1 - p)^(δ₂ - 1), δ ≥ 0; (1, 1) is no selection (Citkowicz &amp; Vevea 2017, Psychological Methods 22, 28-41).</summary>
    Beta,

    /// <summary>exp(-δp²), δ ≥ 0; 0 is no selection (Preston, Ashby &amp; Smyth 2004, in SMJ Lecture Notes; Begg &amp; Mazumdar 1994).</summary>
    HalfNormal,

    /// <summary>exp(-δp), δ ≥ 0; 0 is no selection.</summary>
    NegativeExponential,

    /// <summary>2 exp(-δp)/(1 + exp(-δp)), δ ≥ 0; 0 is no selection.</summary>
    Logistic,

    /// <summary>(1 - p)^δ, δ ≥ 0; 0 is no selection. p counts as at least 1e-5 and at most 1 - 1e-5, as in metafor, as nothing with p near 1 could be published otherwise.</summary>
    Power,

    /// <summary>1 for effects beyond a value, δ for the others; 1 is no selection (Rust, Lehmann &amp; Farley 1990, Journal of Marketing Research 27, 220-226).</summary>
    Truncated,

    /// <summary>The same with the value estimated.</summary>
    TruncatedAtEstimate,
}

/// <summary>By what the parameter of a one-parameter shape is multiplied study by study, so that small studies are selected more.</summary>
public enum SelectionPrecision
{
    /// <summary>Nothing: p alone decides.</summary>
    None,

    /// <summary>The standard error over the largest one.</summary>
    StandardError,

    /// <summary>The sampling variance over the largest one.</summary>
    Variance,
}

/// <summary>
/// How the probability that a result is published depends on it, relative to other results. Say it by one of the factories: <c>SelectionFunction.Step(0.025, 0.5)</c>. p is one-sided in the direction of
/// <see cref="SelectionOptions.Alternative"/>, or two-sided.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.61, 0.45, 0.52, 0.20, 0.38, 0.05, 0.33, 0.72], [0.040, 0.022, 0.055, 0.012, 0.020, 0.018, 0.015, 0.090], EffectMeasure.FisherZ);
/// SelectionFunction[] stories = [SelectionFunction.Step(0.025), SelectionFunction.HalfNormal(SelectionPrecision.StandardError), SelectionFunction.Step(0.025, 0.5).WithWeights(0.8, 0.4)];
/// foreach (var story in stories) Console.WriteLine(SelectionModel.Fit(effects, story));
/// SelectionShape shape = stories[0].Shape;
/// </code></example>
public sealed record SelectionFunction
{
    private SelectionFunction(SelectionShape shape) => Shape = shape;

    /// <summary>The shape.</summary>
    public SelectionShape Shape { get; }

    /// <summary>
    /// The cut-points of p of a step function, rising, in (0, 1); of a beta function the two p-values beyond which the weight stays as it is; of the one-parameter shapes the p-value up to which all is
    /// published, 0 if not said; of a truncated one the value of the effect.
    /// </summary>
    public IReadOnlyList<double> Steps { get; private init; } = ValueList.Of<double>([]);

    /// <summary>The weights of the intervals after the first of a step function that are given, null for one that is estimated; null where all are estimated.</summary>
    public IReadOnlyList<double?>? GivenWeights { get; private init; }

    /// <summary>True where a larger p-value may not have a larger weight.</summary>
    public bool IsMonotone { get; private init; }

    /// <summary>By what the parameter is multiplied study by study.</summary>
    public SelectionPrecision Precision { get; private init; }

    /// <summary>A step function: one weight between each two cut-points, that of p up to the first cut-point being 1.</summary>
    /// <remarks>$$w(p) = \omega_j \text{ for } a_{j - 1} &lt; p \le a_j, \qquad \omega_1 = 1$$</remarks>
    /// <param name="cutPoints">p-values in (0, 1), each once. One-sided .025 and .5 are usual: significance at two-sided .05, and the sign.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none, one is not in (0, 1), or one is there twice.</exception>
    public static SelectionFunction Step(params double[] cutPoints)
    {
        ArgumentNullException.ThrowIfNull(cutPoints);
        double[] sorted = [.. cutPoints.Order()];
        if (sorted.Length == 0) throw new ArgumentOutOfRangeException(nameof(cutPoints), "A step function needs a cut-point of p, for example 0.025.");
        foreach (var cut in sorted)
        {
            if (cut is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(cutPoints), cut, "A cut-point of p lies between 0 and 1, both excluded, for example 0.025.");
        }
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) throw new ArgumentOutOfRangeException(nameof(cutPoints), sorted[i], "A cut-point is there twice; each needs to be named once.");
        }
        return new SelectionFunction(SelectionShape.Step) { Steps = ValueList.Of<double>(sorted) };
    }

    /// <summary>The beta function of p.</summary>
    /// <remarks>$$w(p) = p^{\delta_1 - 1}(1 - p)^{\delta_2 - 1}$$</remarks>
    /// <param name="lower">Below it the weight stays as it is; at least 1e-5, where p^(δ - 1) would be endless.</param>
    /// <param name="upper">The same above.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; lower &lt; upper &lt; 1.</exception>
    public static SelectionFunction Beta(double lower = 1e-5, double upper = 1 - 1e-5)
    {
        if (!(lower >= 1e-12 && lower < upper && upper <= 1 - 1e-12)) throw new ArgumentOutOfRangeException(nameof(lower), lower, "The p-values between which a beta function varies need 0 < lower < upper < 1, for example 0.025 and 0.975.");
        return new SelectionFunction(SelectionShape.Beta) { Steps = ValueList.Of<double>([lower, upper]) };
    }

    /// <summary>exp(-δp²).</summary>
    /// <remarks>$$w(p) = e^{-\delta p^2}$$</remarks>
    /// <param name="precision">By what δ is multiplied study by study.</param>
    /// <param name="from">The p-value up to which all is published, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The p-value is not in [0, 1).</exception>
    public static SelectionFunction HalfNormal(SelectionPrecision precision = SelectionPrecision.None, double from = 0) => Of(SelectionShape.HalfNormal, precision, from);

    /// <summary>exp(-δp).</summary>
    /// <remarks>$$w(p) = e^{-\delta p}$$</remarks>
    /// <inheritdoc cref="HalfNormal"/>
    public static SelectionFunction NegativeExponential(SelectionPrecision precision = SelectionPrecision.None, double from = 0) => Of(SelectionShape.NegativeExponential, precision, from);

    /// <summary>2 exp(-δp)/(1 + exp(-δp)).</summary>
    /// <remarks>$$w(p) = \frac{2e^{-\delta p}}{1 + e^{-\delta p}}$$</remarks>
    /// <inheritdoc cref="HalfNormal"/>
    public static SelectionFunction Logistic(SelectionPrecision precision = SelectionPrecision.None, double from = 0) => Of(SelectionShape.Logistic, precision, from);

    /// <summary>(1 - p)^δ, with p between 1e-5 and 1 - 1e-5.</summary>
    /// <remarks>$$w(p) = (1 - p)^\delta$$</remarks>
    /// <inheritdoc cref="HalfNormal"/>
    public static SelectionFunction Power(SelectionPrecision precision = SelectionPrecision.None, double from = 0) => Of(SelectionShape.Power, precision, from);

    /// <summary>Effects beyond a value (below it with <see cref="Alternative.Less"/>) are published, of the others a share δ.</summary>
    /// <remarks>$$w(y) = 1 \text{ for } y &gt; c, \text{ else } \delta$$</remarks>
    /// <param name="at">The value, on the scale that is pooled; 0 by default, which asks about the sign.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static SelectionFunction Truncated(double at = 0) => double.IsFinite(at) ? new(SelectionShape.Truncated) { Steps = ValueList.Of<double>([at]) }
        : throw new ArgumentOutOfRangeException(nameof(at), at, "Effects are truncated at a finite value, on the scale that is pooled.");

    /// <summary>
    /// The same with the value estimated: its likelihood jumps at each effect, so that the best value always is one of the effects. When not to use it: for standard errors, which take the value as known.
    /// </summary>
    /// <remarks>$$w(y) = 1 \text{ for } y &gt; \hat c, \text{ else } \delta$$</remarks>
    public static SelectionFunction TruncatedAtEstimate() => new(SelectionShape.TruncatedAtEstimate);

    /// <summary>The step function with weights that are given: all of them for a sensitivity analysis (Vevea &amp; Woods 2005), or some.</summary>
    /// <param name="weights">The weight of each interval after the first, relative to it; null for one that is estimated.</param>
    /// <exception cref="ImpossibleChoiceException">It is no step function, or larger p-values may not have larger weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Not one an interval after the first, or one is not positive and finite.</exception>
    public SelectionFunction WithWeights(params double?[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (Shape != SelectionShape.Step || IsMonotone) throw new ImpossibleChoiceException("Weights can be given to a step function without order between them", ChoiceFault.UndefinedEstimate);
        if (weights.Length != Steps.Count) throw new ArgumentOutOfRangeException(nameof(weights), weights.Length, $"There are {StatisticText.Count(Steps.Count)} intervals after the first: give each a weight, null for one that is estimated.");
        foreach (var weight in weights)
        {
            if (weight is { } w && !(w > 0 && double.IsFinite(w))) throw new ArgumentOutOfRangeException(nameof(weights), w, "A weight is positive and finite.");
        }
        return this with { GivenWeights = weights.All(w => w is null) ? null : ValueList.Of<double?>(weights) };
    }

    /// <summary>The step function in which a larger p-value may not have a larger weight.</summary>
    /// <exception cref="ImpossibleChoiceException">It is no step function, or has given weights.</exception>
    public SelectionFunction Monotone() => Shape == SelectionShape.Step && GivenWeights is null ? this with { IsMonotone = true }
        : throw new ImpossibleChoiceException("An order of weights is defined for a step function whose weights are estimated", ChoiceFault.UndefinedEstimate);

    /// <summary>metafor's name of the shape: stepfun, beta, halfnorm, negexp, logistic, power, trunc, truncest; "step" for the first.</summary>
    public string Code => Shape switch
    {
        SelectionShape.Step => "step",
        SelectionShape.Beta => "beta",
        SelectionShape.HalfNormal => "halfnorm",
        SelectionShape.NegativeExponential => "negexp",
        SelectionShape.Logistic => "logistic",
        SelectionShape.Power => "power",
        SelectionShape.Truncated => "trunc",
        _ => "truncest",
    };

    /// <summary>In words, for example <c>step function (.025, .5)</c>.</summary>
    public override string ToString()
    {
        var name = Shape switch
        {
            SelectionShape.Step => IsMonotone ? "monotone step function" : "step function",
            SelectionShape.Beta => "beta function",
            SelectionShape.HalfNormal => "half-normal function",
            SelectionShape.NegativeExponential => "negative exponential function",
            SelectionShape.Logistic => "logistic function",
            SelectionShape.Power => "power function",
            SelectionShape.Truncated => "truncated distribution",
            _ => "truncated distribution with an estimated value",
        };
        var steps = Shape == SelectionShape.Beta && Steps[0] == 1e-5 ? [] : Steps;
        return (steps.Count == 0 ? name : $"{name} ({string.Join(", ", steps.Select(Short))})")
            + (GivenWeights is { } given ? $" with weights {string.Join(", ", given.Select(w => w is { } x ? Short(x) : "estimated"))}" : "")
            + (Precision == SelectionPrecision.None ? "" : Precision == SelectionPrecision.Variance ? " of p and variance" : " of p and standard error");
    }

    /// <summary>A number as it was given: 0.025, not 0.02500.</summary>
    internal static string Short(double number) => number.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture).Replace('-', '−');

    private static SelectionFunction Of(SelectionShape shape, SelectionPrecision precision, double from)
    {
        if (from is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(from), from, "The p-value up to which all is published lies in [0, 1).");
        if (!Enum.IsDefined(precision)) throw new ArgumentOutOfRangeException(nameof(precision), precision, "There is no such choice.");
        return new SelectionFunction(shape) { Precision = precision, Steps = from == 0 ? ValueList.Of<double>([]) : ValueList.Of<double>([from]) };
    }
}
