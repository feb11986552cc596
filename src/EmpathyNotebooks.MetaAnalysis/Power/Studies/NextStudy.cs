using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What to assume of the next study.</summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// var options = new NextStudyOptions { TrueEffect = 0.2, Threshold = 0.1 };
/// Console.WriteLine(fit.NextStudy(people: 100, options));
/// </code></example>
public sealed record NextStudyOptions
{
    /// <summary>The mean of true effects, on the scale that is pooled; null, the default, for what the fit says: the next effect is then drawn with the uncertainty of the mean.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double? TrueEffect
    {
        get;
        init => field = value is null || double.IsFinite(value.Value) ? value : throw new ArgumentOutOfRangeException(nameof(TrueEffect), value, "A true effect is finite.");
    }

    /// <summary>The variance by the number of people; null, the default, for <see cref="VarianceBySize.Like"/> of the studies there are.</summary>
    public VarianceBySize? Variance { get; init; }

    /// <summary>How many such studies are added; 1 by default. With several, what takes refits is not computed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Studies
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Studies), value, "At least one study is added.");
    } = 1;

    /// <summary>The mean effect from which on one would act, for <see cref="NextStudyResult.ValueOfSample"/>, on the scale that is pooled; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public double Threshold
    {
        get;
        init => field = double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "A threshold is finite.");
    }
}

/// <summary>
/// What one more study would add to a mean. The model: its effect is drawn from N(m, s²), s² = τ² + v with the true effect that is assumed as m, or s² = SE² + τ² + v around the mean of the fit; v is the variance that
/// is given for its size. For every outcome the model is fitted again, so that τ² and the test are those that will be reported. It assumes that the next study is like those there are, and that its result is reported whatever it
/// is. When not to use it: to stop or go on collecting studies by the p-value, which inflates false alarms (Roloff, Higgins &amp; Sutton 2013, Statistics in Medicine 32, 11-24).
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45, 0.20], [0.010, 0.022, 0.015, 0.012], EffectMeasure.FisherZ));
/// NextStudyResult next = fit.NextStudy(people: 100);
/// Console.WriteLine(next);
/// foreach (var outcome in next.SignificantOutcomes) Console.WriteLine($"significant if the next effect lies in {outcome}");
/// </code></example>
public sealed class NextStudyResult
{
    internal NextStudyResult(DataOrigin origin, NextStudyOptions options, double? people, double variance, string formula, Coefficient now, double level)
    {
        (Origin, Options, People, Variance, VarianceFormula, Current, Level) = (origin, options, people, variance, formula, now, level);
    }

    /// <summary>What was assumed.</summary>
    public NextStudyOptions Options { get; }

    /// <summary>Where the studies that there are come from.</summary>
    public DataOrigin Origin { get; }

    /// <summary>How many people each new study has; null where its variance was given.</summary>
    public double? People { get; }

    /// <summary>The sampling variance of its effect.</summary>
    public double Variance { get; }

    /// <summary>How the variance comes from the number of people, as it is printed.</summary>
    public string VarianceFormula { get; }

    /// <summary>The mean as it is now.</summary>
    public Coefficient Current { get; }

    /// <summary>The level of the interval.</summary>
    public double Level { get; }

    /// <summary>What the next effect is expected to be, m.</summary>
    public double ExpectedEffect { get; internal init; }

    /// <summary>How far it may come out from that, s.</summary>
    public double EffectStandardDeviation { get; internal init; }

    /// <summary>True where the mean is significant now, at 1 less the level.</summary>
    public bool IsSignificant => Current.PValue <= 1 - Level;

    /// <summary>The width of the interval now.</summary>
    public double Width => Current.ConfidenceInterval.Width;

    /// <summary>The expected width with the next study, the model fitted again for every outcome; null where it is not fitted again.</summary>
    public double? ExpectedWidth { get; internal init; }

    /// <summary>The width by the normal distribution with τ² as it is: 2z/√(W + nw). It can be wider than <see cref="ExpectedWidth"/> or narrower, as tests differ; compare it with <see cref="WidthHeldNow"/>.</summary>
    public double WidthHeld { get; internal init; }

    /// <summary>The width now by the normal distribution with τ² as it is.</summary>
    public double WidthHeldNow { get; internal init; }

    /// <summary>How likely the mean is significant with the next study; null where the model is not fitted again.</summary>
    public double? ProbabilitySignificant { get; internal init; }

    /// <summary>How likely the conclusion changes: from significant to not, from not to significant, or to significant on the other side; null where the model is not fitted again.</summary>
    public double? ProbabilityOfChange { get; internal init; }

    /// <summary>The outcomes of the next study with which the mean is significant, from the smallest; the first can begin at minus infinity and the last end at infinity. Empty where the model is not fitted again.</summary>
    public ImmutableArray<ConfidenceInterval> SignificantOutcomes { get; internal init; } = [];

    /// <summary>
    /// The conditional power of Roloff, Higgins &amp; Sutton (2013): how likely z is significant with the new studies, given those there are, with τ² and weights held, if the mean of true effects is the one assumed. In closed form.
    /// </summary>
    public double ConditionalPower { get; internal init; }

    /// <summary>
    /// The expected value of the new studies to who acts where the mean is above the threshold, and gains or loses by how far it is: E max(0, m' - c) - max(0, m - c), in units of the effect (Raiffa &amp; Schlaifer 1961, Applied
    /// Statistical Decision Theory, section 5.4), with τ² held and a flat prior. Times the people it concerns and the worth of a unit it can be set against the costs.
    /// </summary>
    public double ValueOfSample { get; internal init; }

    /// <summary>The same of knowing the mean exactly: the most that any study could be worth.</summary>
    public double ValueOfPerfect { get; internal init; }

    /// <summary>What a careful reader should know.</summary>
    public ImmutableArray<string> Warnings { get; internal init; } = [];

    /// <summary>A line, for example <c>One more study of 100 people (v = 1/(n − 3)): interval 0.31 → 0.27 wide; significant with probability .95, changes the conclusion with probability .05</c>.</summary>
    public override string ToString()
    {
        var what = (Options.Studies == 1 ? "One more study" : $"{StatisticText.Count(Options.Studies)} more studies") + (People is { } n ? $" of {StatisticText.Count((long)n)} people (v = {VarianceFormula})" : $" of variance {StatisticText.Significant(Variance)}");
        var text = ExpectedWidth is { } width
            ? $"{what}: interval {StatisticText.Significant(Width, 3)} → {StatisticText.Significant(width, 3)} wide; significant with probability {PowerResult.Words(ProbabilitySignificant!.Value)}, changes the conclusion with probability {PowerResult.Words(ProbabilityOfChange!.Value)}"
            : $"{what}: interval with τ² held {StatisticText.Significant(WidthHeldNow, 3)} → {StatisticText.Significant(WidthHeld, 3)} wide; conditional power {PowerResult.Words(ConditionalPower)}";
        return Origin.IsSimulated ? text + " [simulated data]" : text;
    }
}
