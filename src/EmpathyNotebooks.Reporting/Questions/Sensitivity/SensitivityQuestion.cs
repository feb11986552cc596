using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// A question of how much a result depends on which studies there are, or on what a test assumes. All are asked by <c>--sensitivity</c> together; one that has no answer then says why in a table of those
/// without, and does not end the run. Their JSON stands in one object; each is asked of the fit as it is, so that effects that share samples have no object of their own.
/// </summary>
internal abstract class SensitivityQuestion : Question
{
    /// <summary>The option that asks all of them.</summary>
    public const string All = "--sensitivity";

    /// <summary>The options by which subsets or permutations are drawn at random, for that of the seed.</summary>
    public static ImmutableArray<string> Drawing { get; } = [All, GoshQuestion.ByName, PermutationQuestion.ByName, BootstrapQuestion.ByName, MultiverseQuestion.ByName];

    internal sealed override string Section => "sensitivity";

    /// <summary>The option that asks this question alone.</summary>
    private protected abstract string Alone { get; }

    private protected sealed override bool IsAsked(OptionValues said) => said.Has(All) || said.Has(Alone);

    private protected sealed override Answer AnswerTo(Inquiry inquiry)
    {
        try
        {
            return Of(inquiry.Fit ?? throw Undefined(inquiry, "models of effects; take another method than Mantel-Haenszel or Peto"), inquiry);
        }
        catch (Exception fault) when (inquiry.Fit is not null && inquiry.Said.Has(All)
            && fault is InsufficientStudiesException or ImpossibleChoiceException or UndeterminedException or ConvergenceException or QuestionException { Where: not null })
        {
            return new Answer { Unanswered = new Unanswered(Name, fault is QuestionException { Where: { } where } ? $"It is defined for {where}." : fault.Message) };
        }
    }

    /// <summary>The answer.</summary>
    /// <exception cref="QuestionException">It is not defined for this kind of fit.</exception>
    private protected abstract Answer Of(IModelFit fit, Inquiry inquiry);

    /// <summary>What is defined for some fits only was asked of another.</summary>
    private protected QuestionException Undefined(Inquiry inquiry, string where) => Inquiry.Undefined(inquiry.Said.Has(Alone) ? Alone : All, where);

    /// <summary>A coefficient as a reader knows it: a mean effect on the scale of its measure.</summary>
    private protected static Func<double, string> Shown(IModelFit fit, int digits = 3) =>
        fit.Mean is null ? value => StatisticText.Significant(value, 3) : value => fit.Measure.Format(fit.Measure.ToDisplay(value), digits);
}
