using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A test of p-uniform or p-uniform*.</summary>
/// <param name="Statistic">The statistic: z, a sum of logarithms, or a likelihood ratio.</param>
/// <param name="PValue">Its p-value.</param>
public readonly record struct PUniformTest(double Statistic, double PValue);

/// <summary>
/// p-uniform: the mean of which the significant results, given that they are significant, have uniform p-values (van Assen, van Aert &amp; Wicherts 2015, Psychological Methods 20, 293-309; van Aert, Wicherts &amp; van Assen 2016, Perspectives on
/// Psychological Science 11, 713-729). With q_i(μ) = Pr(Y ≥ y_i | μ)/Pr(Y ≥ c s_i | μ), c the critical z of the side, it solves Σq(μ) = k/2 (or its relatives, <see cref="PUniformMethod"/>). The interval holds Σq to the quantiles of a sum of k uniform values.
/// It assumes one true effect for all significant results and that all of them were as likely to be published. When it misleads: with heterogeneity the estimate is too high, the more the larger τ² (McShane, Böckenholt &amp;
/// Hansen 2016, Perspectives on Psychological Science 11, 730-749, who prefer selection models that use all results; its authors agree and wrote <see cref="PUniformStar"/>); with results just significant it falls far below 0,
/// and its authors then set it to 0; results pushed below .05 bias it. It makes no use of results that are not significant.
/// </summary>
/// <remarks>$$q_i(\mu) = \frac{P(Y \ge y_i \mid \mu)}{P(Y \ge c\,s_i \mid \mu)}, \qquad \sum_iq_i(\hat\mu) = \frac{k}{2}$$</remarks>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
/// PUniform result = PUniform.Fit(effects);
/// PUniformTest effect = result.EffectTest;
/// Console.WriteLine($"{result}, effect p = {effect.PValue}, bias p = {result.BiasTest.PValue}");
/// PUniform likely = PUniform.Fit(effects, new PUniformOptions { Method = PUniformMethod.MaximumLikelihood, Alternative = Alternative.Greater });
/// AdjustedEstimate row = likely.Adjusted;
/// Console.WriteLine($"{row.Method}: {row.Estimate} {row.ConfidenceInterval}, {row.Assumption}");
/// </code></example>
public sealed class PUniform
{
    private PUniform(StudyEffects effects, PUniformOptions options, int count, double estimate, ConfidenceInterval interval, PUniformTest effect, PUniformTest bias, double common, ImmutableArray<string> warnings)
    {
        Effects = effects;
        Options = options;
        Count = count;
        Estimate = estimate;
        ConfidenceInterval = interval;
        EffectTest = effect;
        BiasTest = bias;
        CommonEffect = common;
        Warnings = warnings;
    }

    /// <summary>All effects, also those that are not significant.</summary>
    public StudyEffects Effects { get; }

    /// <summary>The choices made.</summary>
    public PUniformOptions Options { get; }

    /// <summary>How many effects are significant on the side: those that are used.</summary>
    public int Count { get; }

    /// <summary>The mean adjusted for selection by significance, on the scale that is pooled.</summary>
    public double Estimate { get; }

    /// <summary>Its interval.</summary>
    public ConfidenceInterval ConfidenceInterval { get; }

    /// <summary>
    /// The test of an effect at μ = 0: one-sided, with z = (Σq - k/2)/√(k/12) for Σq and a gamma distribution for sums of logarithms; a likelihood ratio against χ² with one degree of freedom, which has
    /// two sides, for maximum likelihood.
    /// </summary>
    public PUniformTest EffectTest { get; }

    /// <summary>
    /// The test of publication bias: the same at the equal-effects mean of all effects, where small p-values say that the significant effects are too close to significance for it. For maximum likelihood a
    /// likelihood ratio, which is also large where they are too far from it.
    /// </summary>
    public PUniformTest BiasTest { get; }

    /// <summary>The equal-effects mean of all effects, not adjusted.</summary>
    public double CommonEffect { get; }

    /// <summary>What speaks against relying on it with these data.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The row of a table of adjusted estimates.</summary>
    public AdjustedEstimate Adjusted => new("p-uniform", Estimate, ConfidenceInterval, Count,
        "Significant results share one true effect and were published alike.", Warnings);

    /// <summary>Estimates the mean from the significant effects.</summary>
    /// <param name="effects">Independent effects of a measure for which 0 means no effect.</param>
    /// <param name="options">Side, method and levels.</param>
    /// <exception cref="UndeterminedException">No effect is significant on the side.</exception>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect, or both sides are chosen.</exception>
    /// <exception cref="InsufficientStudiesException">There is no effect.</exception>
    /// <exception cref="ConvergenceException">Effects lie on the limit of significance to the last digit.</exception>
    public static PUniform Fit(StudyEffects effects, PUniformOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        options ??= new PUniformOptions();
        PValueChecks.NeedNullValue(effects, "p-uniform");
        var side = PValueChecks.SideOf(options.Alternative, "p-uniform");
        if (effects.Count < 1) throw new InsufficientStudiesException("p-uniform", 1, effects.Count);

        var critical = -Distributions.NormalQuantile(options.Alpha / 2);
        List<double> y = [], s = [];
        double w = 0, wy = 0;
        for (var i = 0; i < effects.Count; i++)
        {
            double value = side * effects.Effects[i], error = Math.Sqrt(effects.Variances[i]);
            w += 1 / effects.Variances[i];
            wy += value / effects.Variances[i];
            if (value / error <= critical) continue;
            y.Add(value);
            s.Add(error);
        }
        var direction = side > 0 ? "above 0" : "below 0";
        if (y.Count == 0)
        {
            throw new UndeterminedException("p-uniform", $"no effect is significant and {direction}, and it uses those alone", "p-uniform* and selection models use all effects");
        }
        // By size: where effects are hundreds of standard errors apart, many means solve Σq, and which is found may not depend on the order of the studies.
        int[] order = [.. Enumerable.Range(0, y.Count).OrderBy(i => y[i]).ThenBy(i => s[i])];
        var kernel = new PUniformKernel([.. order.Select(i => y[i])], [.. order.Select(i => s[i])], critical, options.Method);
        var estimate = kernel.Estimate();
        var (lower, upper) = kernel.Limits(estimate, options.ConfidenceLevel);
        var common = wy / w;
        PUniformTest effect, bias;
        if (options.Method == PUniformMethod.MaximumLikelihood)
        {
            (effect, bias) = (Ratio(0), Ratio(common));
        }
        else
        {
            var (statistic, p) = kernel.TestAt(0, upper: true);
            effect = new PUniformTest(statistic, p);
            (statistic, p) = kernel.TestAt(common, upper: false);
            bias = new PUniformTest(statistic, p);
        }
        var interval = side > 0 ? new ConfidenceInterval(lower, upper, options.ConfidenceLevel) : new ConfidenceInterval(-upper, -lower, options.ConfidenceLevel);
        return new PUniform(effects, options, y.Count, side * estimate, interval, effect, bias, side * common, Warn());

        PUniformTest Ratio(double mu)
        {
            var statistic = Math.Max(0, 2 * (kernel.Statistic(estimate) - kernel.Statistic(mu)));
            return new PUniformTest(statistic, Distributions.ChiSquaredUpper(statistic, 1));
        }

        ImmutableArray<string> Warn()
        {
            var warnings = ImmutableArray.CreateBuilder<string>();
            if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
            if (y.Count < 5) warnings.Add($"Only {y.Count} significant effect{(y.Count == 1 ? "" : "s")} {direction}: the estimate is very imprecise.");
            if (effects.Count > 1)
            {
                double q = 0;
                for (var i = 0; i < effects.Count; i++) q += (side * effects.Effects[i] - common) * (side * effects.Effects[i] - common) / effects.Variances[i];
                if (Distributions.ChiSquaredUpper(q, effects.Count - 1) < 0.05) warnings.Add("The effects differ by more than chance (Cochran's Q): p-uniform takes one true effect, and its estimate is then too far from 0. p-uniform* allows for heterogeneity.");
            }
            // The authors' advice: van Aert, Wicherts & van Assen 2016, recommendation 5.
            double mean = 0;
            for (var i = 0; i < y.Count; i++) mean += Distributions.NormalCumulative(-y[i] / s[i]) / y.Count;
            if (mean > options.Alpha / 4) warnings.Add("The significant p-values are large on average: the authors of p-uniform advise to set the estimate to 0 then.");
            return warnings.ToImmutable();
        }
    }

    /// <summary>One line, for example <c>r = .17, 95% CI [.09, .25] (p-uniform, 9 of 16 significant)</c>.</summary>
    public override string ToString()
    {
        var measure = Effects.Measure;
        var shown = ConfidenceInterval.Transform(measure.ToDisplay);
        var text = $"{measure.Symbol} = {measure.Format(measure.ToDisplay(Estimate))}, {StatisticText.Level(shown.Level)} CI [{measure.Format(shown.Lower)}, {measure.Format(shown.Upper)}] "
            + $"(p-uniform, {StatisticText.Count(Count)} of {StatisticText.Count(Effects.Count)} significant)";
        return Effects.Origin.IsSimulated ? text + " [simulated data]" : text;
    }
}
