using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What kind of choice an <see cref="ImpossibleChoiceException"/> refuses.</summary>
/// <example><code>
/// try
/// {
///     EffectMeasure.FromCode("SMDD");
/// }
/// catch (ImpossibleChoiceException fault) when (fault.Kind == ChoiceFault.NoSuchMeasure)
/// {
///     Console.WriteLine(fault.Nearest); // SMD
/// }
/// </code></example>
public enum ChoiceFault
{
    /// <summary>A code is not that of a measure. <see cref="ImpossibleChoiceException.Choices"/> has those there are.</summary>
    NoSuchMeasure,

    /// <summary>A measure has not this formula of its sampling variance. <see cref="ImpossibleChoiceException.Formulas"/> has those it has.</summary>
    NoSuchFormula,

    /// <summary>A pattern of labels cannot be read.</summary>
    LabelPattern,

    /// <summary>The inference is not defined for the model. <see cref="ImpossibleChoiceException.Inferences"/> has those that are.</summary>
    UndefinedInference,

    /// <summary>What was asked is defined for fits by restricted maximum likelihood only.</summary>
    NeedsRestrictedLikelihood,

    /// <summary>What was asked is defined for fits by restricted or full maximum likelihood only.</summary>
    NeedsLikelihood,

    /// <summary>What was asked is defined for random-effects models only.</summary>
    NeedsRandomEffects,

    /// <summary>What was asked is defined for the model's own weights, not for given ones, nor for those of the generalised Q statistic.</summary>
    NeedsOwnWeights,

    /// <summary>What was asked compares models by their full likelihood.</summary>
    NeedsFullLikelihood,

    /// <summary>Two fits are not of the same effects, or not nested, so that no test compares them.</summary>
    NotComparable,

    /// <summary>Something was given in two places, or in two ways of which one is enough.</summary>
    GivenTwice,

    /// <summary>The options say too little for the model. <see cref="ImpossibleChoiceException.Choices"/> has what is to be set.</summary>
    Incomplete,

    /// <summary>The method has no estimate for these counts, such as an odds ratio where nobody has the event.</summary>
    UndefinedEstimate,

    /// <summary>What was asked is not defined for this kind of fit; the message says for which it is.</summary>
    UndefinedForFit,
}

/// <summary>
/// Options were chosen that do not go together, or that there are not. The message says what would be right in the names of this library; a program with names of its own
/// words the <see cref="Kind"/> and shows it after the <see cref="Problem"/>.
/// </summary>
public sealed class ImpossibleChoiceException : ArgumentException
{
    /// <summary>Describes one impossible choice.</summary>
    /// <param name="problem">What is wrong: a sentence without its full stop.</param>
    /// <param name="kind">What kind of choice it is; how to go on is worded from it.</param>
    /// <param name="paramName">The parameter that holds the choice, if it is one.</param>
    public ImpossibleChoiceException(string problem, ChoiceFault kind, string? paramName = null)
        : base(problem, paramName)
    {
        Problem = problem;
        Kind = kind;
    }

    /// <summary>What kind of choice it is.</summary>
    public ChoiceFault Kind { get; }

    /// <summary>What is wrong: a sentence without its full stop, and without how to go on.</summary>
    public string Problem { get; }

    /// <summary>How to go on in C#, with the punctuation before it; empty where there is nothing to choose.</summary>
    public string Remedy => Advice.Of(this);

    /// <summary>What was chosen, where it is a name; null where it is not.</summary>
    public string? Value { get; init; }

    /// <summary>The names there are to choose from, or what is to be set; empty where neither is what is wrong.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>The one of the <see cref="Choices"/> that the value most likely means; null where none is near.</summary>
    public string? Nearest => Value is null ? null : NearestName.Of(Value, Choices);

    /// <summary>The kinds of inference that are defined; empty where inference is not what is wrong.</summary>
    public ImmutableArray<Inference> Inferences { get; init; } = [];

    /// <summary>The formulas of the sampling variance that the measure has; empty where they are not what is wrong.</summary>
    public ImmutableArray<VarianceFormula> Formulas { get; init; } = [];

    /// <summary>What is wrong and how to go on, without the name of a parameter, which nobody has to read.</summary>
    public override string Message => Problem + Remedy + ".";
}
