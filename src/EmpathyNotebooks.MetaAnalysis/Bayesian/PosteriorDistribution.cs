namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>The posterior distribution of one quantity on the scale that is pooled, without simulation: every number is computed when it is asked for.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// PosteriorDistribution mean = BayesianModel.Fit(effects).Mean;
/// Console.WriteLine($"{mean.Mean} {mean.Median} {mean.Mode} {mean.CredibleInterval} {mean.ShortestInterval}");
/// Console.WriteLine($"P(μ &gt; 0.1) = {mean.ProbabilityAbove(0.1)}, density at 0.3 {mean.Density(0.3)}");
/// </code></example>
public sealed class PosteriorDistribution
{
    private readonly PosteriorShape _shape;
    private readonly double _level;
    private readonly Lazy<double> _median;
    private readonly Lazy<double> _mode;
    private readonly Lazy<ConfidenceInterval> _central;
    private readonly Lazy<ConfidenceInterval> _shortest;

    internal PosteriorDistribution(PosteriorShape shape, double level)
    {
        (_shape, _level) = (shape, level);
        _median = new(() => shape.Quantile(0.5));
        _mode = new(shape.Mode);
        _central = new(() => Central(level));
        _shortest = new(() => Shortest(level));
    }

    /// <summary>The mean; null where the tails are so heavy that there is none.</summary>
    public double? Mean => _shape.Mean;

    /// <summary>The standard deviation; null where the tails are so heavy that there is none.</summary>
    public double? StandardDeviation => _shape.Deviation;

    /// <summary>The median.</summary>
    public double Median => _median.Value;

    /// <summary>The mode, where the density is highest; an infinite density at the lower end does not count where there is a peak beyond it. That of another scale is another value: it does not follow a transformation.</summary>
    public double Mode => _mode.Value;

    /// <summary>The equal-tailed credible interval: as much probability lies below it as above.</summary>
    public ConfidenceInterval CredibleInterval => _central.Value;

    /// <summary>The shortest credible interval, that of highest density (HPD) where the density has one peak. That of another scale is another interval.</summary>
    public ConfidenceInterval ShortestInterval => _shortest.Value;

    /// <summary>The density at a value; infinite where it is, as that of I² at 0.</summary>
    public double Density(double value) => _shape.Density(Check.Finite(value, nameof(value)));

    /// <summary>The probability of values below a cut-off.</summary>
    public double ProbabilityBelow(double cutOff) => _shape.Below(Check.Finite(cutOff, nameof(cutOff)));

    /// <summary>The probability of values above a cut-off.</summary>
    public double ProbabilityAbove(double cutOff) => _shape.Above(Check.Finite(cutOff, nameof(cutOff)));

    /// <summary>The value below which a probability lies.</summary>
    /// <param name="probability">A probability between 0 and 1, both excluded.</param>
    public double Quantile(double probability) => probability is > 0 and < 1 ? _shape.Quantile(probability)
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability of a quantile lies between 0 and 1, both excluded.");

    /// <summary>The equal-tailed interval of another level.</summary>
    /// <param name="level">The level as a fraction in (0, 1).</param>
    public ConfidenceInterval Central(double level) => new(_shape.Quantile((1 - Level.Check(level)) / 2), _shape.Quantile(Level.UpperTail(level)), level);

    /// <summary>The shortest interval of another level.</summary>
    /// <param name="level">The level as a fraction in (0, 1).</param>
    public ConfidenceInterval Shortest(double level)
    {
        var (lower, upper) = _shape.Shortest(Level.Check(level));
        return new ConfidenceInterval(lower, upper, level);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{StatisticText.Number(Mean ?? Median, 4)}{(Mean is null ? " (median)" : "")}, {StatisticText.Level(_level)} CrI {CredibleInterval}";
}
