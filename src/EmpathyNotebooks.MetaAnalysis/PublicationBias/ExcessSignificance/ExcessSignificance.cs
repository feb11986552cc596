using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A test of excess significance: are more studies significant than their power lets expect?</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020], EffectMeasure.FisherZ);
/// ExcessSignificance excess = RandomEffects.Fit(effects).ExcessSignificance();
/// Console.WriteLine(excess);
/// for (var i = 0; i &lt; effects.Count; i++) Console.WriteLine($"{effects.Labels[i]}: power {excess.Power[i]:F2}, {(excess.IsSignificant[i] ? "significant" : "not significant")}");
/// </code></example>
public sealed class ExcessSignificance : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    internal ExcessSignificance(ExcessSignificanceOptions options, ExcessTest test, ImmutableArray<double> power, ImmutableArray<bool> isSignificant, double expected, double? chiSquared, double pValue,
        double? mean, double? excessLimit, double? deficitLimit, DataOrigin origin, ImmutableArray<string> warnings)
    {
        (Options, Test, Power, IsSignificant, Expected, ChiSquared, PValue) = (options, test, power, isSignificant, expected, chiSquared, pValue);
        (Mean, ExcessLimit, DeficitLimit, Origin, Warnings) = (mean, excessLimit, deficitLimit, origin, warnings);
    }

    /// <summary>What was chosen.</summary>
    public ExcessSignificanceOptions Options { get; }

    /// <summary>How it was tested: exactly, by chi-squared or by the binomial distribution.</summary>
    public ExcessTest Test { get; }

    /// <summary>The power of each study for a true effect drawn around the mean of the fit: P(significant) with y ~ N(θ, τ² + v).</summary>
    public ImmutableArray<double> Power { get; }

    /// <summary>Whether each study is significant by z.</summary>
    public ImmutableArray<bool> IsSignificant { get; }

    /// <summary>How many studies there are, k.</summary>
    public int Count => Power.Length;

    /// <summary>How many are significant, O.</summary>
    public int Observed => IsSignificant.Count(s => s);

    /// <summary>How many were to be expected, E: the sum of the power of the studies.</summary>
    public double Expected { get; }

    /// <summary>O/E; infinite where none was to be expected.</summary>
    public double Ratio => Observed / Expected;

    /// <summary>Chi-squared with one degree of freedom; null for the other tests.</summary>
    public double? ChiSquared { get; }

    /// <summary>The p-value of the excess (or deficit, as <see cref="ExcessSignificanceOptions.Excess"/> has it).</summary>
    public double PValue { get; }

    /// <summary>The mean θ that the power was computed with; null with moderators, where each study has its own.</summary>
    public double? Mean { get; }

    /// <summary>
    /// The limit estimate: how far from 0 the mean would have to be for the excess no longer to be significant at <see cref="ExcessSignificanceOptions.LimitAlpha"/> (half of it for a two-sided test). Null with
    /// moderators, where only a deficit is tested, where even a mean of 0 leaves no excess, or where no mean on the side of the estimate takes it away.
    /// </summary>
    public double? ExcessLimit { get; }

    /// <summary>The mean beyond which there are significantly fewer significant studies than expected; null as for <see cref="ExcessLimit"/>, with the test the other way round.</summary>
    public double? DeficitLimit { get; }

    /// <summary>What a careful reader should know about this test.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>One line, for example <c>Excess significance: 9 of 16 significant, 5.96 expected, p = .058 (exact)</c>.</summary>
    public override string ToString()
    {
        var how = Test switch { ExcessTest.Exact => "exact", ExcessTest.Binomial => "binomial", _ => $"χ²(1) = {StatisticText.Number(ChiSquared!.Value)}" };
        return $"Excess significance: {StatisticText.Count(Observed)} of {StatisticText.Count(Count)} significant, {StatisticText.Number(Expected)} expected, {StatisticText.PValueWithSymbol(PValue)} ({how})"
            + (Origin.IsSimulated ? " [simulated data]" : "");
    }
}

/// <summary>Tests of excess significance.</summary>
public static class ExcessSignificanceTests
{
    /// <summary>With more combinations of significant studies than this, <see cref="ExcessTest.Automatic"/> takes chi-squared.</summary>
    private const double MostCombinations = 1e6;

    /// <summary>
    /// The test of excess significance of Ioannidis &amp; Trikalinos (2007, Clinical Trials 4, 245-253), with the limits of Francis (2013) and with heterogeneity in the power: a study of variance v is significant
    /// with the probability that N(θ, τ² + v) lies beyond the critical value. When not to use it: as evidence that there is no bias, since the mean that the power is computed with is itself too large where
    /// results were selected, and the test has little power; with moderators or strong heterogeneity that the model does not hold.
    /// </summary>
    /// <remarks>
    /// $$\text{power}_i = P\bigl(|N(\hat\theta, \hat\tau^2 + v_i)| &gt; z_{1 - \alpha/2}\sqrt{v_i}\bigr), \qquad E = \sum_i\text{power}_i$$
    /// for a two-sided test; $O$ results that are significant are held against $E$ by <see cref="ExcessTest"/>.
    /// </remarks>
    /// <param name="fit">A pooled fit or a meta-regression; true effects are taken to vary around its fitted values by its τ².</param>
    /// <param name="options">Side and level of significance, side and kind of the test; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect, or effects share samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such alternative or test.</exception>
    public static ExcessSignificance ExcessSignificance(this IModelFit fit, ExcessSignificanceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new ExcessSignificanceOptions();
        if (!fit.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that no study is significant or not", ChoiceFault.UndefinedEstimate);
        if (fit is not (PooledFit or MetaRegressionFit))
        {
            throw new ImpossibleChoiceException("A test of excess significance takes studies as independent: average effects that share samples first", ChoiceFault.UndefinedEstimate, nameof(fit));
        }
        Check(options);
        var counts = new SignificantCount(fit.Effects, fit.TrueEffectVariances, options);
        var power = counts.PowerAt([.. fit.FittedValues]);
        var test = options.Test != ExcessTest.Automatic ? options.Test : counts.Combinations(options.Excess) <= MostCombinations ? ExcessTest.Exact : ExcessTest.ChiSquared;
        var (p, chiSquared) = counts.PValue(power, test, options.Excess);

        double? mean = fit is PooledFit pooled ? pooled.Estimate : null, excess = null, deficit = null;
        if (mean is { } theta)
        {
            var alpha = options.Excess == Alternative.TwoSided ? options.LimitAlpha / 2 : options.LimitAlpha;
            if (options.Excess != Alternative.Less) excess = counts.Limit(theta, test, Alternative.Greater, alpha);
            if (options.Excess != Alternative.Greater) deficit = counts.Limit(theta, test, Alternative.Less, alpha);
        }
        return new ExcessSignificance(options, test, [.. power], [.. counts.IsSignificant], power.Sum(), chiSquared, p, mean, excess, deficit, fit.Effects.Origin, Warn(fit, power, counts));
    }

    private static void Check(ExcessSignificanceOptions options)
    {
        foreach (var side in new[] { options.Significance, options.Excess })
        {
            if (!Enum.IsDefined(side)) throw new ArgumentOutOfRangeException(nameof(options), side, "There is no such alternative.");
        }
        if (!Enum.IsDefined(options.Test)) throw new ArgumentOutOfRangeException(nameof(options), options.Test, "There is no such test of excess significance.");
    }

    private static ImmutableArray<string> Warn(IModelFit fit, double[] power, SignificantCount counts)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (fit.Count < FunnelAsymmetry.FewStudies) warnings.Add($"{StatisticText.Count(fit.Count)} studies are few: with less than ten the test has hardly any power.");
        if (fit.ISquared > 0.5) warnings.Add($"I² is {StatisticText.Percent(fit.ISquared.Value)}: where true effects differ much, an excess can come from differences that the mean does not hold.");
        if (counts.Observed == 0) warnings.Add("No study is significant: the data say nothing about selection of significant results on this side.");
        if (power.Sum() == 0) warnings.Add("None was to be expected at this mean in double precision, so that the ratio has no meaning.");
        if (fit.Effects.SharingWarning is { } sharing) warnings.Add(sharing);
        return warnings.ToImmutable();
    }
}
