using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// A question about publication bias and small-study effects. All are asked by <c>--bias</c> together; one that has no answer then says why in a table of those without, and does not end the run. Their
/// JSON stands in one object, and what takes account of effects that share samples in an object of its own within it.
/// </summary>
internal abstract class BiasQuestion : Question
{
    /// <summary>The option that asks all of them.</summary>
    public const string All = "--bias";

    /// <summary>The section of the JSON that all of them share.</summary>
    public const string OfBias = "publicationBias";

    internal sealed override string Section => OfBias;

    /// <summary>The option that asks this question alone; null where there is none.</summary>
    private protected virtual string? Alone => null;

    private protected sealed override bool IsAsked(OptionValues said) => said.Has(All) || Alone is { } option && said.Has(option);

    private protected sealed override Answer? AnswerTo(Inquiry inquiry)
    {
        try
        {
            return inquiry.Fit switch
            {
                null => throw Inquiry.Undefined(Alone is { } option && inquiry.Said.Has(option) ? option : All, "models of effects; take another method than Mantel-Haenszel or Peto"),
                { Clusters: not null } clustered => Clustered(clustered, inquiry),
                var fit => Independent(fit, inquiry),
            };
        }
        catch (Exception fault) when (inquiry.Fit is not null && inquiry.Said.Has(All)
            && fault is InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException or QuestionException)
        {
            return new Answer { Unanswered = new Unanswered(Name, Reason(fault, inquiry.Measure)), IsClustered = inquiry.Fit!.Clusters is not null };
        }
    }

    /// <summary>What is better where there are too few studies: a full sentence.</summary>
    private protected virtual string IfTooFew => "Results this few cannot show bias: search registers for unpublished ones, and say that it could not be assessed in this way.";

    private string Reason(Exception fault, EffectMeasure measure) => fault switch
    {
        QuestionException or ImpossibleChoiceException when !measure.HasNullValue => $"No value of {measure.Symbol} means no effect, so that there is no significance to judge by. Egger's regression, trim and fill and PET need none.",
        QuestionException { Where: { } where } => $"It is defined for {where}.",
        InsufficientStudiesException => $"{fault.Message} {IfTooFew}",
        _ => fault.Message,
    };

    /// <summary>The answer where effects are independent; null where the question has no meaning, as that of counts where there are none.</summary>
    /// <exception cref="QuestionException">It is not defined for this kind of fit.</exception>
    private protected abstract Answer? Independent(IModelFit fit, Inquiry inquiry);

    /// <summary>The answer where effects share samples (null where the question has no meaning), with <see cref="Answer.IsClustered"/> set.</summary>
    /// <exception cref="QuestionException">It is not defined for such effects.</exception>
    private protected virtual Answer? Clustered(IModelFit fit, Inquiry inquiry) =>
        throw Inquiry.Undefined(Alone ?? All, "independent effects; average those of a sample first (--model aggregate)");
}
