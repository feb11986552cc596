using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much true effects differ at one level.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C"])]);
/// var fit = MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect]);
/// foreach (VarianceComponent component in fit.VarianceComponents) Console.WriteLine($"{component} {component.SigmaSquaredInterval}");
/// </code></example>
public sealed class VarianceComponent : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    private readonly Lazy<ConfidenceInterval> _interval;
    private readonly Func<IReadOnlyList<double>, double[]>? _logLikelihoods;

    internal VarianceComponent(string level, double sigmaSquared, double? standardError, int groupCount, double typicalVariance, double total,
        Func<ConfidenceInterval> profile, Func<IReadOnlyList<double>, double[]>? logLikelihoods = null)
    {
        IsFixed = logLikelihoods is null;
        Level = level;
        SigmaSquared = sigmaSquared;
        StandardError = standardError;
        GroupCount = groupCount;
        ISquared = sigmaSquared / (total + typicalVariance);
        _interval = new Lazy<ConfidenceInterval>(profile);
        _logLikelihoods = logLikelihoods;
    }

    /// <summary>The level's name; <see cref="MultilevelModel.EachEffect"/> for the effects themselves.</summary>
    public string Level { get; }

    /// <summary>The variance σ² of the random effects of this level, on the squared scale of the effects.</summary>
    public double SigmaSquared { get; }

    /// <summary>True when it was given (<see cref="DependentOptions.FixedSigmaSquared"/>) and not estimated.</summary>
    public bool IsFixed { get; }

    /// <summary>Its square root.</summary>
    public double Sigma => Math.Sqrt(SigmaSquared);

    /// <summary>Its standard error from the expected information, or null where the variance is 0, at the bound, or given.</summary>
    public double? StandardError { get; }

    /// <summary>How many groups the level has.</summary>
    public int GroupCount { get; }

    /// <summary>
    /// The share of the total variance that lies at this level, as a fraction: σ²/(Σσ² + s²), with the typical sampling variance s² (Cheung 2014, Psychological Methods 19,
    /// 211-229).
    /// </summary>
    /// <remarks>$$I_l^2 = \frac{\hat\sigma_l^2}{\sum_m\hat\sigma_m^2 + s^2}$$</remarks>
    public double ISquared { get; }

    /// <summary>
    /// The profile-likelihood interval of σ²: all values not refused by a likelihood-ratio test (Hardy &amp; Thompson 1996, Statistics in Medicine 15, 619-629). Computed
    /// when first asked for. The upper limit can be infinite when there are very few groups. Both limits are the value itself where it was given.
    /// </summary>
    public ConfidenceInterval SigmaSquaredInterval => _interval.Value;

    /// <summary>
    /// The log-likelihood at some values of σ², everything else at its best for each: the restricted or the full one, as the fit has it. It is highest at <see cref="SigmaSquared"/>, and
    /// half a chi² quantile lower at the limits of <see cref="SigmaSquaredInterval"/>. metafor: <c>profile(sigma2=)</c>.
    /// </summary>
    /// <param name="sigmaSquared">The values, finite and not negative; neighbours beside each other are found fastest.</param>
    /// <exception cref="InvalidOperationException">σ² was given and not estimated.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or not finite.</exception>
    /// <exception cref="ConvergenceException">The likelihood has no maximum over the others.</exception>
    public ImmutableArray<double> LogLikelihoodsAt(params IReadOnlyList<double> sigmaSquared)
    {
        ArgumentNullException.ThrowIfNull(sigmaSquared);
        if (_logLikelihoods is null) throw new InvalidOperationException($"The variance of the level \"{Level}\" is held at {StatisticText.Significant(SigmaSquared)}, so that no likelihood tells it.");
        foreach (var value in sigmaSquared)
        {
            if (!(value >= 0) || !double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(sigmaSquared), value, "A variance must be finite and not negative.");
        }
        return [.. _logLikelihoods(sigmaSquared)];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Level}: σ² = {StatisticText.Significant(SigmaSquared)} ({(IsFixed ? "held, " : "")}{StatisticText.Count(GroupCount, "group")}, I² = {StatisticText.Percent(ISquared)})";
}
