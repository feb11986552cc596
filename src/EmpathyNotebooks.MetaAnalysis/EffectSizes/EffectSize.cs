namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>One effect: its value and sampling variance on the scale of its measure that is pooled.</summary>
/// <param name="Value">The effect y on the pooled scale, for example Fisher's z.</param>
/// <param name="Variance">Its sampling variance v, positive.</param>
/// <param name="Measure">What it measures.</param>
public readonly record struct EffectSize(double Value, double Variance, EffectMeasure Measure)
{
    /// <summary>The standard error, the square root of the variance.</summary>
    public double StandardError => Math.Sqrt(Variance);

    /// <summary>The value on the scale a reader knows, for example r.</summary>
    public double DisplayValue => Measure.ToDisplay(Value);

    /// <summary>The confidence interval y ± z·√v on the pooled scale.</summary>
    /// <param name="level">The confidence level, in (0, 1).</param>
    public ConfidenceInterval Interval(double level = 0.95)
    {
        var half = Distributions.NormalQuantile(Level.UpperTail(level)) * StandardError;
        return new ConfidenceInterval(Value - half, Value + half, level);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var interval = Interval().Transform(Measure.ToDisplay);
        return $"{Measure.Symbol} = {Measure.Format(DisplayValue)}, 95% CI [{Measure.Format(interval.Lower)}, {Measure.Format(interval.Upper)}]";
    }
}
