namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Choices of <see cref="BayesianModel"/>. Priors are given on the scale that is pooled.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
/// var options = new BayesianOptions { EffectPrior = EffectPrior.Normal(0, 1), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.5), CredibleLevel = 0.9 };
/// Console.WriteLine(BayesianModel.Fit(effects, options));
/// </code></example>
public sealed record BayesianOptions
{
    /// <summary>The prior of μ, or of the intercept; null takes <see cref="DefaultPriors"/>.</summary>
    public EffectPrior? EffectPrior { get; init; }

    /// <summary>The prior of τ; null takes <see cref="DefaultPriors"/>, which some measures do not have.</summary>
    public HeterogeneityPrior? HeterogeneityPrior { get; init; }

    /// <summary>The prior of each coefficient of a moderator beside the intercept; null for flat. It is that of a difference between categories, or per unit of a number: scale and centre numbers so that it fits.</summary>
    public EffectPrior? CoefficientPrior { get; init; }

    /// <summary>Priors of single coefficients by their names, where they have others; null for none. The name of the intercept is <c>Intercept</c>.</summary>
    public IReadOnlyDictionary<string, EffectPrior>? CoefficientPriors { get; init => field = value is null ? null : new Dictionary<string, EffectPrior>(value, StringComparer.Ordinal); }

    /// <summary>The level of credible intervals.</summary>
    public double CredibleLevel { get; init => field = Level.Check(value, nameof(CredibleLevel)); } = 0.95;

    /// <summary>The probability of an effect before the data, between 0 and 1, for averaging models.</summary>
    public double EffectProbability { get; init => field = CheckProbability(value, nameof(EffectProbability)); } = 0.5;

    /// <summary>The probability of heterogeneity before the data, between 0 and 1, for averaging models.</summary>
    public double HeterogeneityProbability { get; init => field = CheckProbability(value, nameof(HeterogeneityProbability)); } = 0.5;

    /// <summary>The same with priors filled in.</summary>
    /// <exception cref="ImpossibleChoiceException">There is no prior of τ, and the measure has no default.</exception>
    internal BayesianOptions CompleteFor(EffectMeasure measure)
    {
        if (EffectPrior is not null && HeterogeneityPrior is not null) return this;
        var defaults = DefaultPriors.Of(measure);
        return this with
        {
            EffectPrior = EffectPrior ?? defaults.Effect,
            HeterogeneityPrior = HeterogeneityPrior ?? defaults.Heterogeneity ?? throw new ImpossibleChoiceException(
                $"A Bayesian model of {measure.Name} needs a prior of τ: this measure has no unit by which a default could be chosen, and what is much heterogeneity hangs on the unit", ChoiceFault.Incomplete)
            { Choices = ["HeterogeneityPrior"] },
        };
    }

    private static double CheckProbability(double value, string name) => value is > 0 and < 1 ? value
        : throw new ArgumentOutOfRangeException(name, value, "A prior probability lies between 0 and 1, both excluded, so that the data can speak.");
}
