namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// From what p-uniform estimates: q is the p-value of a significant effect at a mean μ, given that it is significant, and at the true mean the k values of q are uniform. R's puniform has these, and two minimised distances
/// (KS, AD) that give neither interval nor test.
/// </summary>
public enum PUniformMethod
{
    /// <summary>Σq, which is k/2 on average; puniform's <c>P</c>, its default, of which single extreme results move the estimate least.</summary>
    /// <remarks>$$\sum_iq_i(\hat\mu) = \frac{k}{2}$$</remarks>
    Sum,

    /// <summary>Fisher's Σ-ln q, which is k on average; puniform's <c>LNP</c>.</summary>
    /// <remarks>$$-\sum_i\ln q_i(\hat\mu) = k$$</remarks>
    LogSum,

    /// <summary>Σ-ln(1 - q), which is k on average; puniform's <c>LN1MINP</c>.</summary>
    /// <remarks>$$-\sum_i\ln\bigl(1 - q_i(\hat\mu)\bigr) = k$$</remarks>
    LogComplementSum,

    /// <summary>The likelihood of the effects given that they are significant; puniform's <c>ML</c>. The most precise where the effects are homogeneous.</summary>
    /// <remarks>$$\hat\mu = \arg\max_\mu\sum_i\ln\frac{\varphi\bigl((y_i - \mu)/s_i\bigr)}{1 - \Phi(c - \mu/s_i)}$$</remarks>
    MaximumLikelihood,
}

/// <summary>Choices of <see cref="PUniform"/>.</summary>
public sealed record PUniformOptions
{
    private readonly double _alpha = 0.05;
    private readonly double _level = 0.95;

    /// <summary>The side on which results are selected for significance; above 0 if not said. Two sides are no choice.</summary>
    public Alternative Alternative { get; init; } = Alternative.Greater;

    /// <summary>From what the mean is estimated; Σq if not said, the default of puniform.</summary>
    public PUniformMethod Method { get; init; }

    /// <summary>The two-sided level of significance of the studies, of which half lies on the side; .05 if not said, in (0, 1).</summary>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    }

    /// <summary>The level of the interval as a fraction in (0, 1); .95 if not said.</summary>
    public double ConfidenceLevel { get => _level; init => _level = Level.Check(value); }
}
