using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Choices of <see cref="ModelAveragedBiasAdjustment"/>. The defaults are those of RoBMA-PSMA (Bartoš et al. 2023, table 1): on the scale of Cohen's d, μ ~ N(0, 1), τ ~ inverse-gamma(1, 0.15), PET
/// half-Cauchy(0, 1), PEESE half-Cauchy(0, 5), weights cumulative Dirichlet(1, ..., 1), effect, heterogeneity and bias each with probability 1/2. All priors are given on the scale of d and taken to the scale
/// that is pooled by <see cref="PriorScale"/>.
/// </summary>
/// <example><code>
/// var fit = RandomEffects.Fit(StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ));
/// var selectionOnly = new ModelAveragingOptions { Bias = [.. BiasAssumption.Psma.Where(a =&gt; a.Mechanism is BiasMechanism.None or BiasMechanism.Selection)], EffectPriorStandardDeviation = 0.5 };
/// Console.WriteLine(fit.ModelAveragedAdjustment(selectionOnly));
/// </code></example>
public sealed record ModelAveragingOptions
{
    /// <summary>
    /// The direction in which one-sided selection works and in which small studies lie: greater or less. With <see cref="Alternative.Less"/> PET and PEESE have small studies below large ones.
    /// </summary>
    /// <exception cref="ImpossibleChoiceException">The direction is two-sided: one-sided weight functions and positive coefficients of PET need a side, and the two-sided weight functions are among the models anyway.</exception>
    public Alternative Direction
    {
        get;
        init => field = value switch
        {
            Alternative.Greater or Alternative.Less => value,
            Alternative.TwoSided => throw new ImpossibleChoiceException("Model-averaged bias adjustment needs the side on which effects are expected; two-sided selection is among its models whatever the side", ChoiceFault.Incomplete) { Choices = ["Direction = Alternative.Greater or Alternative.Less"] },
            _ => throw Check.Unknown(value, nameof(Direction)),
        };
    }

    /// <summary>The ways in which bias may have come about; <see cref="BiasAssumption.Psma"/> if not said. Their probabilities are taken relative to their sum.</summary>
    /// <exception cref="ArgumentException">There is none, a probability is not positive, or cut-points do not fit the mechanism or do not increase between 0 and 1.</exception>
    public ImmutableArray<BiasAssumption> Bias { get; init => field = CheckBias(value); } = BiasAssumption.Psma;

    /// <summary>The mean of the prior of μ on the scale of d.</summary>
    public double EffectPriorMean { get; init => field = Check.Finite(value, nameof(EffectPriorMean)); }

    /// <summary>Its standard deviation on the scale of d, positive.</summary>
    public double EffectPriorStandardDeviation { get; init => field = Check.Positive(value, nameof(EffectPriorStandardDeviation)); } = 1;

    /// <summary>The prior of τ on the scale of d.</summary>
    public HeterogeneityPrior HeterogeneityPrior
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = HeterogeneityPrior.InverseGamma(1, 0.15);

    /// <summary>The scale of the half-Cauchy prior of the coefficient of PET, positive. It has no unit.</summary>
    public double PetScale { get; init => field = Check.Positive(value, nameof(PetScale)); } = 1;

    /// <summary>The scale of the half-Cauchy prior of the coefficient of PEESE on the scale of d, positive. Its unit is 1/d, so that it is divided by <see cref="PriorScale"/>.</summary>
    public double PeeseScale { get; init => field = Check.Positive(value, nameof(PeeseScale)); } = 5;

    /// <summary>
    /// How many units of the scale that is pooled a unit of d is; null takes it from the measure, as the package RoBMA does: 1 for standardized mean differences, 1/2 for Fisher's z and correlations, π/√3 for
    /// log odds ratios, and 1, with a warning, for measures without such a relation to d.
    /// </summary>
    public double? PriorScale { get; init => field = value is { } given ? Check.Positive(given, nameof(PriorScale)) : null; }

    /// <summary>The probability of an effect before the data, between 0 and 1.</summary>
    public double EffectProbability { get; init => field = CheckProbability(value, nameof(EffectProbability)); } = 0.5;

    /// <summary>The probability of heterogeneity before the data, between 0 and 1.</summary>
    public double HeterogeneityProbability { get; init => field = CheckProbability(value, nameof(HeterogeneityProbability)); } = 0.5;

    /// <summary>The level of credible intervals.</summary>
    public double CredibleLevel { get; init => field = Level.Check(value, nameof(CredibleLevel)); } = 0.95;

    private static double CheckProbability(double value, string name) => value is > 0 and < 1 ? value
        : throw new ArgumentOutOfRangeException(name, value, "A prior probability lies between 0 and 1, both excluded, so that the data can speak.");

    private static ImmutableArray<BiasAssumption> CheckBias(ImmutableArray<BiasAssumption> value)
    {
        if (value.IsDefaultOrEmpty) throw new ArgumentException("Give at least one way in which bias may have come about, for example BiasAssumption.Psma.", nameof(Bias));
        foreach (var assumption in value)
        {
            if (!(assumption.PriorProbability > 0) || !double.IsFinite(assumption.PriorProbability)) throw new ArgumentException($"{assumption}: the prior probability must be positive.", nameof(Bias));
            var steps = assumption.Steps.IsDefault ? [] : assumption.Steps;
            if (assumption.Mechanism == BiasMechanism.Selection != steps.Length > 0)
            {
                throw new ArgumentException($"A weight function has at least one cut-point of p, and {nameof(BiasMechanism.None)}, {nameof(BiasMechanism.Pet)} and {nameof(BiasMechanism.Peese)} have none.", nameof(Bias));
            }
            if (steps.Length > 3) throw new ArgumentException("A weight function of a model that is averaged has at most 3 cut-points of p.", nameof(Bias));
            for (var i = 0; i < steps.Length; i++)
            {
                if (!(steps[i] > (i == 0 ? 0 : steps[i - 1])) || steps[i] >= 1) throw new ArgumentException($"{assumption}: cut-points of p increase between 0 and 1, both excluded.", nameof(Bias));
            }
        }
        return value;
    }
}
