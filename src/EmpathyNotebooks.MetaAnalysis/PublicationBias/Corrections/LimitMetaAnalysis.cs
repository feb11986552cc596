using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Which estimate a limit meta-analysis reports; the numbers of metasens are in brackets.</summary>
public enum LimitAdjustment
{
    /// <summary>The expected effect of a study of endless size, β + τα (beta0): the default, and the one that was recommended.</summary>
    ExpectedLimit,

    /// <summary>The slope of the line of best fit through the radial plot of the shrunken effects, which allows a rest of bias among them (betalim).</summary>
    LimitSlope,

    /// <summary>The inverse-variance weighted mean of the shrunken effects, the slope of the line through the origin (mulim).</summary>
    LimitMean,
}

/// <summary>
/// Limit meta-analysis: the random-effects model with an effect of small studies, y = β + √(v + τ²)(α + ε). Each study's precision is raised without limit, which leaves β + τα + its heterogeneity. Source: Rücker,
/// Schwarzer, Carpenter, Binder &amp; Schumacher 2011, Biostatistics 12, 122-142. All numbers are on the scale that is pooled; inference is by the normal distribution as in the paper, with τ² taken as known.
/// </summary>
/// <remarks>
/// $$y_i = \beta + \sqrt{v_i + \tau^2}\,(\alpha + \varepsilon_i), \qquad \hat\mu_{\mathrm{lim}} = \hat\beta + \hat\tau\hat\alpha$$
/// $$y_i^{\mathrm{lim}} = \hat\beta + \frac{\hat\tau}{\sqrt{v_i + \hat\tau^2}}(y_i - \hat\beta)$$
/// It assumes that small studies differ from large ones by bias alone, in proportion to √(v + τ²). It misleads with few studies, where standard errors hardly vary, and where they depend on the effects.
/// </remarks>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], [0.040, 0.004, 0.025, 0.012, 0.020, 0.006], EffectMeasure.FisherZ));
/// LimitMetaAnalysis limit = fit.LimitMetaAnalysis();
/// Console.WriteLine($"{limit}, G² = {limit.GSquared:P0}, {limit.SmallStudyTest}");
/// Console.WriteLine(limit.Of(LimitAdjustment.LimitMean));
/// </code></example>
public sealed class LimitMetaAnalysis : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    private readonly ImmutableArray<Coefficient> _estimates;

    internal LimitMetaAnalysis(LimitAdjustment adjustment, ImmutableArray<Coefficient> estimates, int count)
    {
        Adjustment = adjustment;
        _estimates = estimates;
        Count = count;
    }

    /// <summary>Which estimate was asked for.</summary>
    public LimitAdjustment Adjustment { get; }

    /// <summary>The adjusted mean.</summary>
    public Coefficient Estimate => Of(Adjustment);

    /// <summary>The adjusted mean by any of the three.</summary>
    /// <param name="adjustment">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such estimate.</exception>
    public Coefficient Of(LimitAdjustment adjustment) =>
        Enum.IsDefined(adjustment) ? _estimates[(int)adjustment] : throw new ArgumentOutOfRangeException(nameof(adjustment), adjustment, "There is no such estimate of a limit meta-analysis.");

    /// <summary>α of the generalised radial plot, the effect of small studies in units of √(v + τ²): its intercept.</summary>
    public double Bias { get; internal init; }

    /// <summary>β of the generalised radial plot: its slope.</summary>
    public double Slope { get; internal init; }

    /// <summary>τ² of the fit.</summary>
    public double TauSquared { get; internal init; }

    /// <summary>Cochran's Q of all effects, k - 1 degrees of freedom.</summary>
    public QTest Q { get; internal init; }

    /// <summary>The part of Q that the effect of small studies explains, 1 degree of freedom.</summary>
    public QTest SmallStudyTest { get; internal init; }

    /// <summary>What it leaves of Q, k - 2 degrees of freedom: heterogeneity beyond the effect of small studies.</summary>
    public QTest ResidualTest { get; internal init; }

    /// <summary>G², the share of the variance among the shrunken effects that the line through their radial plot does not explain, as a fraction: heterogeneity beyond the effect of small studies.</summary>
    public double GSquared { get; internal init; }

    /// <summary>The effects of all studies, their precision raised without limit: β + √(τ²/(v + τ²))(y - β).</summary>
    public ImmutableArray<double> ShrunkenEffects { get; internal init; } = [];

    /// <summary>How many studies it rests on.</summary>
    public int Count { get; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; internal init; } = [];

    /// <summary>The curve in the funnel: the effect expected of a study with that standard error, β + α√(SE² + τ²).</summary>
    /// <param name="standardError">The standard error, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double At(double standardError) => standardError >= 0 && double.IsFinite(standardError) ? Slope + Bias * Math.Sqrt(standardError * standardError + TauSquared)
        : throw new ArgumentOutOfRangeException(nameof(standardError), standardError, "A standard error is finite and not negative.");

    /// <summary>The adjusted mean as a row beside other methods.</summary>
    public AdjustedEstimate Adjusted => new("limit meta-analysis", Estimate.Estimate, Estimate.ConfidenceInterval, Count,
        "Only bias makes small studies differ, in proportion to √(SE² + τ²).", Warnings);

    /// <inheritdoc/>
    public override string ToString() => $"Limit meta-analysis: {Estimate} (k = {StatisticText.Count(Count)})";
}

/// <summary>Limit meta-analysis of a fitted random-effects model.</summary>
public static class LimitCorrection
{
    /// <summary>The limit meta-analysis of a random-effects model, with its τ².</summary>
    /// <remarks>Formula: <see cref="MetaAnalysis.LimitMetaAnalysis"/>.</remarks>
    /// <param name="fit">A random-effects fit with its own weights.</param>
    /// <param name="adjustment">Which of the three estimates to report; the others are at hand on the result.</param>
    /// <exception cref="ImpossibleChoiceException">The model is not one of random effects, or has weights of one's own.</exception>
    /// <exception cref="InsufficientStudiesException">There are fewer than three studies.</exception>
    /// <exception cref="UndeterminedException">Standard errors do not vary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such estimate.</exception>
    /// <exception cref="ConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static LimitMetaAnalysis LimitMetaAnalysis(this PooledFit fit, LimitAdjustment adjustment = LimitAdjustment.ExpectedLimit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (!Enum.IsDefined(adjustment)) throw new ArgumentOutOfRangeException(nameof(adjustment), adjustment, "There is no such estimate of a limit meta-analysis.");
        if (!fit.IsRandomEffects) throw new ImpossibleChoiceException("A limit meta-analysis is defined for random-effects models", ChoiceFault.NeedsRandomEffects);
        if (fit.PoolingWeights is not null) throw new ImpossibleChoiceException("A limit meta-analysis is defined for the model's own weights", ChoiceFault.NeedsOwnWeights);
        var k = fit.Count;
        if (k < 3) throw new InsufficientStudiesException("A limit meta-analysis", 3, k);
        return Of(fit.Effects, fit.TauSquared, adjustment, fit.ConfidenceLevel, [.. Warn(fit)]);
    }

    /// <summary>The limit meta-analysis with τ² given.</summary>
    internal static LimitMetaAnalysis Of(StudyEffects effects, double tau2, LimitAdjustment adjustment, double level, ImmutableArray<string> warnings)
    {
        var (y, v, k, tau) = (effects.Effects, effects.Variances, effects.Count, Math.Sqrt(tau2));
        // The slope β of a line through the radial plot y/s against 1/s is the intercept of y on s with weights 1/s², and its intercept α the slope. On s - τ = v/(s + τ), which does not cancel, the intercept is β + τα.
        var common = Line(y.AsSpan(), v, 0);
        var random = Line(y.AsSpan(), v, tau2);
        double alpha = random.Slope, expected = random.Intercept, beta = expected - tau * alpha;

        var shrunken = new double[k];
        for (var i = 0; i < k; i++)
        {
            var s = Math.Sqrt(v[i] + tau2);
            // β + (τ/s)(y - β), with 1 - τ/s = v/(s(s + τ)).
            shrunken[i] = tau / s * y[i] + v[i] / (s * (s + tau)) * beta;
        }
        var limit = Line(shrunken, v, 0);
        Coefficient[] estimates =
        [
            Normal(expected, random.At(0).Variance),
            Normal(limit.Intercept, limit.At(0).Variance),
            Normal(limit.MeanY, 1 / limit.Weight),
        ];
        double q = 0;
        for (var i = 0; i < k; i++) q += (y[i] - common.MeanY) * (y[i] - common.MeanY) / v[i];
        var small = Math.Max(0, q - common.ResidualSum);
        return new LimitMetaAnalysis(adjustment, [.. estimates], k)
        {
            Origin = effects.Origin,
            Bias = alpha,
            Slope = beta,
            TauSquared = tau2,
            Q = new QTest(q, k - 1, Distributions.ChiSquaredUpper(q, k - 1)) { Origin = effects.Origin },
            SmallStudyTest = new QTest(small, 1, Distributions.ChiSquaredUpper(small, 1)) { Origin = effects.Origin },
            ResidualTest = new QTest(common.ResidualSum, k - 2, Distributions.ChiSquaredUpper(common.ResidualSum, k - 2)) { Origin = effects.Origin },
            GSquared = Unexplained(shrunken, v, limit),
            ShrunkenEffects = [.. shrunken],
            Warnings = warnings,
        };

        Coefficient Normal(double estimate, double variance)
        {
            var se = Math.Sqrt(variance);
            return new("Mean", estimate, se, estimate / se, null, Distributions.NormalTwoSided(estimate / se), Distributions.Interval(estimate, se, null, level)) { Origin = effects.Origin };
        }
    }

    private static WeightedLine Line(ReadOnlySpan<double> y, ImmutableArray<double> v, double tau2) => WeightedLine.Fit("Limit meta-analysis", y, [.. v.Select(value => 1 / (value + tau2))],
        [.. v.Select(value => value / (Math.Sqrt(value + tau2) + Math.Sqrt(tau2)))], "standard errors do not vary", PetPeeseCorrection.Instead);

    /// <summary>1 - R² of the line through the radial plot of the shrunken effects; 0 where they are all the same.</summary>
    private static double Unexplained(double[] shrunken, ImmutableArray<double> v, WeightedLine limit)
    {
        double[] heights = [.. shrunken.Select((effect, i) => effect / Math.Sqrt(v[i]))];
        double[] weights = [.. v.Select(value => 1 / value)];
        var mean = heights.Average();
        var total = heights.Sum(height => (height - mean) * (height - mean));
        return WeightedLine.IsExact(limit.ResidualSum, shrunken, weights) ? 0 : Math.Min(1, limit.ResidualSum / total);
    }

    private static IEnumerable<string> Warn(PooledFit fit)
    {
        if (fit.Count < 10) yield return $"With {StatisticText.Count(fit.Count)} studies, fewer than 10, an effect of small studies is hardly known, and the standard error takes τ² as known.";
        if (fit.TauSquared == 0) yield return "τ² is estimated as 0: all shrunken effects are the same, and the adjusted mean is that of PET with the standard errors of an equal-effects model.";
        if (StandardErrorDependence.Warning(fit.Effects.Measure) is { } warning) yield return warning;
        if (fit.Effects.SharingWarning is { } sharing) yield return sharing;
    }
}
