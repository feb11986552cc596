using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One effect: its value and sampling variance on the scale of its measure that is pooled.</summary>
/// <param name="Value">The effect y on the pooled scale, for example Fisher's z.</param>
/// <param name="Variance">Its sampling variance v, positive.</param>
/// <param name="Measure">What it measures.</param>
/// <example><code>
/// EffectSize effect = TwoByTwoTables.LogRiskRatio(new TwoByTwo(4, 119, 11, 128));
/// Console.WriteLine($"{effect}: y = {effect.Value}, v = {effect.Variance}");
/// </code></example>
public readonly record struct EffectSize(double Value, double Variance, EffectMeasure Measure)
{
    /// <summary>The standard error, the square root of the variance.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>The value on the scale a reader knows, for example r.</summary>
    public double DisplayValue => Measure.ToDisplay(Value);

    /// <summary>
    /// What a reader must know of how it was computed: an approximation that was used, a half that was added to zero cells. Null
    /// when there is nothing to say.
    /// </summary>
    public string? Note { get; init; }

    /// <summary>The confidence interval y ± z·√v on the pooled scale.</summary>
    /// <param name="level">The confidence level, in (0, 1).</param>
    public ConfidenceInterval Interval(double level = 0.95)
    {
        var half = Distributions.NormalQuantile(Level.UpperTail(level)) * StandardError;
        return new ConfidenceInterval(Value - half, Value + half, level);
    }

    /// <summary>The confidence interval on the scale a reader knows: computed on the pooled scale, its limits translated back.</summary>
    /// <param name="level">The confidence level, in (0, 1).</param>
    public ConfidenceInterval DisplayInterval(double level = 0.95) => Interval(level).Transform(Measure.ToDisplay);

    /// <inheritdoc/>
    public override string ToString()
    {
        var interval = DisplayInterval();
        return $"{Measure.Symbol} = {Measure.Format(DisplayValue)}, 95% CI [{Measure.Format(interval.Lower)}, {Measure.Format(interval.Upper)}]";
    }

    /// <summary>
    /// An effect that can be pooled: no measure hands out a value that is not finite or a variance that is not positive.
    /// </summary>
    internal static EffectSize Of(double value, double variance, EffectMeasure measure, string? note = null)
    {
        if (!double.IsFinite(value))
        {
            throw ArgumentFault.Together(string.Create(CultureInfo.InvariantCulture,
                $"The {measure.Name.ToLowerInvariant()} ({measure.Code}) of these numbers is not finite."));
        }
        return variance > 0 && double.IsFinite(variance)
            ? new EffectSize(value, variance, measure) { Note = note }
            : throw ArgumentFault.Together(!double.IsFinite(variance)
                ? string.Create(CultureInfo.InvariantCulture, $"The {measure.Name.ToLowerInvariant()} ({measure.Code}) of these numbers is {value:G6}, but its sampling variance has no finite value; a variance must be positive and finite to be pooled.")
                : string.Create(CultureInfo.InvariantCulture,
                $"The {measure.Name.ToLowerInvariant()} ({measure.Code}) of these numbers is {value:G6} with a sampling variance of {variance:G6}; a variance must be positive and finite to be pooled."));
    }
}
