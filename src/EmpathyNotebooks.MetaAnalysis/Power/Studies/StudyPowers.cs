using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to assume when the power of the studies that were included is computed.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// var options = new StudyPowerOptions { TrueEffect = Math.Atanh(0.10), Alpha = 0.05, Alternative = Alternative.Greater };
/// Console.WriteLine(fit.StudyPower(options));
/// </code></example>
public sealed record StudyPowerOptions
{
    /// <summary>
    /// The true effect that studies should have been able to find, on the scale that is pooled: the smallest effect of interest. Null, the default, for the mean of the fit, which selection of significant results makes too large
    /// and the power with it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double? TrueEffect
    {
        get;
        init => field = value is null || double.IsFinite(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(TrueEffect), value, "A true effect is finite.");
    }

    /// <summary>The level of significance of the studies, in (0, 1); 0.05 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1).</exception>
    public double Alpha
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, "A level of significance lies between 0 and 1, both excluded; 0.05 is usual.");
    } = 0.05;

    /// <summary>On which side studies tested; two-sided by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such alternative.</exception>
    public Alternative Alternative
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Alternative), value, "There is no such alternative.");
    } = Alternative.TwoSided;
}

/// <summary>
/// How likely each study that was included was to find a true effect by a z test of its own: Φ(|θ|/se - z) + Φ(-|θ|/se - z). It is a statement about the studies at an assumed effect, not about the meta-analysis, and not
/// "observed power". When not to use it: with the effect that was found, to say whether the result can be trusted.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// StudyPowers powers = fit.StudyPower(new() { TrueEffect = Math.Atanh(0.20) });
/// Console.WriteLine($"{powers}; R-index {powers.RIndex:F2}");
/// for (var i = 0; i &lt; powers.Count; i++) Console.WriteLine($"{powers.Labels[i]}: {powers.Power[i]:F2}");
/// Console.WriteLine(powers.MedianPowerAt(Math.Atanh(0.10)));
/// </code></example>
public sealed class StudyPowers
{
    /// <summary>Power of 80% is what is called adequate.</summary>
    public const double Adequate = 0.8;

    private readonly double[] _errors;
    private readonly double _critical;

    internal StudyPowers(StudyEffects effects, StudyPowerOptions options, double effect, bool isEstimate)
    {
        (Options, Effect, IsAtEstimate, Labels) = (options, effect, isEstimate, effects.Labels);
        _errors = [.. effects.Variances.Select(Math.Sqrt)];
        Origin = effects.Origin;
        _critical = RejectionRate.Critical(options.Alpha, options.Alternative, null);
        Power = [.. At(effect)];
        double[] observed = [.. effects.Effects.Select((y, i) => y / _errors[i])];
        IsSignificant = [.. observed.Select(z => options.Alternative switch { Alternative.Greater => z >= _critical, Alternative.Less => z <= -_critical, _ => Math.Abs(z) >= _critical })];
        MedianObservedPower = Median([.. observed.Select(z => RejectionRate.Normal(z, 1, _critical, options.Alternative))]);
        Warnings = Warn(effects);
    }

    /// <summary>What was assumed.</summary>
    public StudyPowerOptions Options { get; }

    /// <summary>Where the studies come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>The true effect less the value that means no effect, on the scale that is pooled.</summary>
    public double Effect { get; }

    /// <summary>True where the effect is the mean of the fit, since none was given.</summary>
    public bool IsAtEstimate { get; }

    /// <summary>The label of each study (of each effect, where studies have several).</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>The power of each.</summary>
    public ImmutableArray<double> Power { get; }

    /// <summary>Which were significant.</summary>
    public ImmutableArray<bool> IsSignificant { get; }

    /// <summary>How many studies there are.</summary>
    public int Count => Power.Length;

    /// <summary>The median of the power.</summary>
    public double MedianPower => Median([.. Power]);

    /// <summary>How many have a power of 80% or more.</summary>
    public int AdequateCount => Power.Count(p => p >= Adequate);

    /// <summary>How many were significant.</summary>
    public int SignificantCount => IsSignificant.Count(s => s);

    /// <summary>The median of the power that each study would have if its own estimate were the true effect. It overstates power, since what is significant is also what came out large: for <see cref="RIndex"/> alone.</summary>
    public double MedianObservedPower { get; }

    /// <summary>
    /// The replicability index: median observed power less its inflation, the share of significant results less median observed power (Schimmack 2016, "The replicability-index"). It is no estimate of power or of the chance of
    /// replication: without any effect and with significant results alone it is about .22, it supposes one power for all studies, and with few studies it varies widely. It can be negative or above 1.
    /// </summary>
    public double RIndex => 2 * MedianObservedPower - (double)SignificantCount / Count;

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The median power at another true effect.</summary>
    /// <param name="effect">The effect less the value that means no effect, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double MedianPowerAt(double effect) => double.IsFinite(effect) ? Median(At(effect)) : throw new ArgumentOutOfRangeException(nameof(effect), effect, "A true effect is finite.");

    /// <summary>The smallest true effect above 0 that half of the studies find with a power.</summary>
    /// <param name="power">The power, between the level of significance and 1; 0.8 by convention.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not between the level and 1.</exception>
    public double EffectAtMedianPower(double power = Adequate)
    {
        if (!(power > Options.Alpha && power < 1)) throw new ArgumentOutOfRangeException(nameof(power), power, "A power lies between the level of significance and 1.");
        var sign = Options.Alternative == Alternative.Less ? -1 : 1;
        var high = Median(_errors);
        while (MedianPowerAt(sign * high) < power) high *= 2;
        return sign * Roots.Find(e => MedianPowerAt(sign * e) - power, 0, high, "The effect that half of the studies find");
    }

    /// <summary>A line, for example <c>Median power .38 of 16 studies at a true effect of 0.2027; 1 has 80% or more</c>.</summary>
    public override string ToString() => $"{(Count == 1 ? "Power" : "Median power")} {PowerResult.Words(MedianPower)} of {StatisticText.Count(Count, "study", "studies")} at a true effect of {StatisticText.Significant(Effect)}"
        + (Count == 1 ? "" : $"; {StatisticText.Count(AdequateCount)} {(AdequateCount == 1 ? "has" : "have")} 80% or more") + (Origin.IsSimulated ? " [simulated data]" : "");

    internal static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double[] At(double effect) => [.. _errors.Select(se => RejectionRate.Normal(effect, se, _critical * se, Options.Alternative))];

    private ImmutableArray<string> Warn(StudyEffects effects)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (IsAtEstimate) warnings.Add("The true effect is the mean of these very studies: where significant results were selected it is too large, and so is this power. Give the smallest effect of interest instead.");
        if (effects.SharingWarning is { } sharing) warnings.Add(sharing);
        return warnings.ToImmutable();
    }
}

/// <summary>
/// The median power of the studies of several meta-analyses over a range of true effects: what a firepower plot shows (Quintana 2023, Advances in Methods and Practices in Psychological Science 6, 1-15).
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ);
/// Firepower firepower = Firepower.Of([("all studies", RandomEffects.Fit(effects))], trueEffects: [0.1, 0.2, 0.3, 0.4, 0.5]);
/// Console.WriteLine(firepower);
/// </code></example>
public sealed class Firepower
{
    private Firepower(ImmutableArray<double> effects, ImmutableArray<(string, StudyPowers)> rows)
    {
        (TrueEffects, Rows) = (effects, rows);
        MedianPower = [.. rows.Select(r => effects.Select(e => r.Item2.MedianPowerAt(e)).ToImmutableArray())];
    }

    /// <summary>The true effects, less the value that means no effect.</summary>
    public ImmutableArray<double> TrueEffects { get; }

    /// <summary>The meta-analyses with the power of their studies at the first of the true effects.</summary>
    public ImmutableArray<(string Name, StudyPowers Powers)> Rows { get; }

    /// <summary>The median power, a row a meta-analysis, a column a true effect.</summary>
    public ImmutableArray<ImmutableArray<double>> MedianPower { get; }

    /// <summary>Computes it.</summary>
    /// <remarks>Formula: <see cref="RetrospectivePower.StudyPower"/>.</remarks>
    /// <param name="fits">The meta-analyses with their names, at least one.</param>
    /// <param name="trueEffects">The true effects on the scale that is pooled, at least one, finite.</param>
    /// <param name="options">Level and side; the defaults if not said. Its true effect is not used.</param>
    /// <exception cref="ArgumentException">There is no meta-analysis or no effect.</exception>
    /// <exception cref="ImpossibleChoiceException">A measure has no value that means no effect.</exception>
    public static Firepower Of(IReadOnlyList<(string Name, IModelFit Fit)> fits, IReadOnlyList<double> trueEffects, StudyPowerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fits);
        ArgumentNullException.ThrowIfNull(trueEffects);
        if (fits.Count == 0 || trueEffects.Count == 0) throw new ArgumentException("Firepower takes at least one meta-analysis and one true effect.", fits.Count == 0 ? nameof(fits) : nameof(trueEffects));
        options = (options ?? new StudyPowerOptions()) with { TrueEffect = trueEffects[0] };
        return new Firepower([.. trueEffects.Select(e => double.IsFinite(e) ? e : throw new ArgumentOutOfRangeException(nameof(trueEffects), e, "A true effect is finite."))], [.. fits.Select(f => (f.Name, f.Fit.StudyPower(options)))]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Rows.Select((row, i) => $"{row.Name}: " + string.Join(", ", TrueEffects.Select((e, j) => $"{StatisticText.Significant(e, 2)} {PowerResult.Words(MedianPower[i][j])}"))));
}

/// <summary>The power of studies that were included.</summary>
public static class RetrospectivePower
{
    /// <summary>The power of each study at a true effect.</summary>
    /// <remarks>
    /// $$\text{power}_i = \Phi(\lambda_i - z_{1 - \alpha/2}) + \Phi(-\lambda_i - z_{1 - \alpha/2}), \qquad \lambda_i = \frac{\theta}{\sqrt{v_i}}$$
    /// for a two-sided test.
    /// </remarks>
    /// <param name="fit">A fit of any kind, for its effects and, where no true effect is given, its mean.</param>
    /// <param name="options">The true effect, level and side; the defaults if not said.</param>
    /// <exception cref="ImpossibleChoiceException">The measure has no value that means no effect, or no true effect is given for a model with moderators, which has no one mean.</exception>
    public static StudyPowers StudyPower(this IModelFit fit, StudyPowerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new StudyPowerOptions();
        if (!fit.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {fit.Measure.Name} means no effect, so that no study has power to find one", ChoiceFault.UndefinedEstimate);
        var effect = options.TrueEffect ?? fit.Mean?.Estimate ?? throw new ImpossibleChoiceException("A model with moderators has no one true effect", ChoiceFault.Incomplete, nameof(options)) { Choices = [nameof(StudyPowerOptions.TrueEffect)] };
        return new StudyPowers(fit.Effects, options, effect - fit.Measure.NullValue, options.TrueEffect is null);
    }
}
