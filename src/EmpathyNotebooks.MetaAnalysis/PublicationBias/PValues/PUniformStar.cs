using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Choices of <see cref="PUniformStar"/>.</summary>
public sealed record PUniformStarOptions
{
    private readonly double _alpha = 0.05;
    private readonly double _level = 0.95;

    /// <summary>The side on which results are selected for significance; above 0 if not said. Two sides are no choice.</summary>
    public Alternative Alternative { get; init; } = Alternative.Greater;

    /// <summary>The two-sided level of significance of the studies, of which half lies on the side; .05 if not said, in (0, 1).</summary>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    }

    /// <summary>The level of the intervals as a fraction in (0, 1); .95 if not said.</summary>
    public double ConfidenceLevel { get => _level; init => _level = Level.Check(value); }
}

/// <summary>
/// p-uniform*: mean and τ² by maximum likelihood from all effects, each given whether it is significant on the side: y ~ N(μ, v + τ²) truncated below at c√v where it is significant, and above where it is not
/// (van Aert &amp; van Assen, Correcting for publication bias in a meta-analysis with the p-uniform* method, MetaArXiv 2018/2021, doi:10.31222/osf.io/zqjr9; R's <c>puni_star(method = "ML")</c>). It is a
/// step selection model with one cut whose weights are free and never estimated. Intervals are profile likelihood, tests are likelihood ratios; that of τ² = 0 has the 50:50 mixture of χ² with 0 and 1 degrees of freedom.
/// It assumes that significant results were all as likely to be published, and results that are not significant too, with any ratio between the two. When it misleads: with one or two results on one side of
/// significance the ratio eats what they say, intervals are wide or endless; where results are also selected by size, or pushed below .05, it is biased (Carter, Schönbrodt, Gervais &amp; Hilgard 2019, Advances in Methods and Practices in
/// Psychological Science 2, 115-144, on methods of this kind).
/// </summary>
/// <remarks>
/// $$f(y_i) = \frac{\varphi(y_i;\,\mu,\,v_i + \tau^2)}{P(Y_i &gt; c\sqrt{v_i})} \text{ if significant}, \qquad \frac{\varphi(y_i;\,\mu,\,v_i + \tau^2)}{P(Y_i \le c\sqrt{v_i})} \text{ if not}$$
/// </remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.05, 0.10], [0.010, 0.022, 0.015, 0.012, 0.020, 0.010, 0.012], EffectMeasure.FisherZ);
/// PUniformStar result = PUniformStar.Fit(effects, new PUniformStarOptions { ConfidenceLevel = 0.90 });
/// Console.WriteLine($"{result}, tau² {result.TauSquared} {result.TauSquaredInterval}, effect p = {result.EffectTest.PValue}");
/// </code></example>
public sealed class PUniformStar
{
    private PUniformStar(StudyEffects effects, PUniformStarOptions options)
    {
        Effects = effects;
        Options = options;
    }

    /// <summary>The effects.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The choices made.</summary>
    public PUniformStarOptions Options { get; }

    /// <summary>How many effects are significant on the side.</summary>
    public int SignificantCount { get; private init; }

    /// <summary>The mean adjusted for selection, on the scale that is pooled.</summary>
    public double Estimate { get; private init; }

    /// <summary>Its profile-likelihood interval; a limit is endless where the likelihood does not fall far enough.</summary>
    public ConfidenceInterval ConfidenceInterval { get; private init; }

    /// <summary>τ² by maximum likelihood.</summary>
    public double TauSquared { get; private init; }

    /// <summary>Its profile-likelihood interval, from 0; the upper limit is endless where the likelihood does not fall far enough.</summary>
    public ConfidenceInterval TauSquaredInterval { get; private init; }

    /// <summary>The likelihood ratio of μ = 0, with χ² of one degree of freedom, two-sided.</summary>
    public PUniformTest EffectTest { get; private init; }

    /// <summary>The likelihood ratio of τ² = 0, with the 50:50 mixture of χ² with 0 and 1 degrees of freedom.</summary>
    public PUniformTest HeterogeneityTest { get; private init; }

    /// <summary>
    /// The likelihood ratio of mean and τ² of the random-effects model that knows no selection (Paule-Mandel), with χ² of two degrees of freedom. Its properties are little studied, for which
    /// reason the R package holds it back.
    /// </summary>
    public PUniformTest BiasTest { get; private init; }

    /// <summary>The log-likelihood at its maximum.</summary>
    public double LogLikelihood { get; private init; }

    /// <summary>What speaks against relying on it with these data.</summary>
    public ImmutableArray<string> Warnings { get; private init; }

    /// <summary>The row of a table of adjusted estimates.</summary>
    public AdjustedEstimate Adjusted => new("p-uniform*", Estimate, ConfidenceInterval, Effects.Count,
        "Publication depends only on whether a result is significant.", Warnings);

    /// <summary>Fits the model.</summary>
    /// <param name="effects">Independent effects of a measure for which 0 means no effect, at least two.</param>
    /// <param name="options">Side and levels.</param>
    /// <exception cref="UndeterminedException">The likelihood has no maximum: it rises without end as τ² grows, as it can where all effects, or none, are significant.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect, or both sides are chosen.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than two effects.</exception>
    public static PUniformStar Fit(StudyEffects effects, PUniformStarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new PUniformStarOptions();
        PValueChecks.NeedNullValue(effects, "p-uniform*");
        var side = PValueChecks.SideOf(options.Alternative, "p-uniform*");
        if (effects.Count < 2) throw new InsufficientStudiesException("p-uniform*", 2, effects.Count);

        var y = new double[effects.Count];
        for (var i = 0; i < y.Length; i++) y[i] = side * effects.Effects[i];
        var kernel = new PUniformStarKernel(y, [.. effects.Variances], -Distributions.NormalQuantile(options.Alpha / 2));
        var direction = side > 0 ? "above 0" : "below 0";
        var (mu, tau2, likelihood) = kernel.Maximum();
        if (double.IsInfinity(tau2))
        {
            var which = kernel.SignificantCount == 0 ? $"no effect is significant and {direction}" : kernel.SignificantCount == y.Length ? $"all effects are significant and {direction}" : "the effects on one side of significance hardly differ";
            throw new UndeterminedException("p-uniform*", $"{which}, and the likelihood rises without end as heterogeneity grows", "a selection model with given weights has an estimate");
        }
        var least = likelihood - Distributions.ChiSquaredQuantile(options.ConfidenceLevel, 1) / 2;
        var (lower, upper) = kernel.LimitsOfMu(mu, least);
        var (lowerTau2, upperTau2) = kernel.LimitsOfTau2(tau2, least);
        var effect = Ratio(kernel.ProfileAtMu(0));
        var heterogeneity = Ratio(kernel.ProfileAtTau2(0));
        var pooled = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.PauleMandel, Inference = Inference.Normal });
        var bias = Ratio(kernel.LogLikelihood(side * pooled.Estimate, pooled.TauSquared));
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
        var fewest = Math.Min(kernel.SignificantCount, y.Length - kernel.SignificantCount);
        if (kernel.SignificantCount == 0) warnings.Add($"No effect is significant and {direction}: the estimate takes what is there as cut off from above, and means little.");
        else if (fewest == 0) warnings.Add($"All effects are significant and {direction}: the estimate takes what is there as cut off from below, and is very imprecise.");
        else if (fewest < 3) warnings.Add($"Only {fewest} effect{(fewest == 1 ? "" : "s")} {(kernel.SignificantCount == fewest ? "" : "not ")}significant and {direction}: the estimate is imprecise.");
        if (double.IsInfinity(lower) || double.IsInfinity(upper)) warnings.Add("The interval of the mean is endless on a side: the data cannot tell a mean far off from strong selection.");
        return new PUniformStar(effects, options)
        {
            SignificantCount = kernel.SignificantCount,
            Estimate = side * mu,
            ConfidenceInterval = side > 0 ? new(lower, upper, options.ConfidenceLevel) : new(-upper, -lower, options.ConfidenceLevel),
            TauSquared = tau2,
            TauSquaredInterval = new(lowerTau2, upperTau2, options.ConfidenceLevel),
            EffectTest = new(effect, Distributions.ChiSquaredUpper(effect, 1)),
            HeterogeneityTest = new(heterogeneity, Distributions.ChiSquaredUpper(heterogeneity, 1) / 2),
            BiasTest = new(bias, Distributions.ChiSquaredUpper(bias, 2)),
            LogLikelihood = likelihood,
            Warnings = warnings.ToImmutable(),
        };

        double Ratio(double restricted) => Math.Max(0, 2 * (likelihood - restricted));
    }

    /// <summary>One line, for example <c>r = .11, 95% CI [.01, .19] (p-uniform*, k = 16, 9 significant)</c>.</summary>
    public override string ToString()
    {
        var measure = Effects.Measure;
        var shown = ConfidenceInterval.Transform(measure.ToDisplay);
        var text = $"{measure.Symbol} = {measure.Format(measure.ToDisplay(Estimate))}, {StatisticText.Level(shown.Level)} CI [{measure.Format(shown.Lower)}, {measure.Format(shown.Upper)}] "
            + $"(p-uniform*, k = {StatisticText.Count(Effects.Count)}, {StatisticText.Count(SignificantCount)} significant)";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }
}
