namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What methods that look at significance ask of their data.</summary>
internal static class PValueChecks
{
    /// <summary>Significance is meant against 0.</summary>
    public static void NeedNullValue(StudyEffects effects, string method)
    {
        if (!effects.Measure.HasNullValue) throw new ImpossibleChoiceException($"No value of {effects.Measure.Name} means no effect, so that there is no significance for {method}", ChoiceFault.UndefinedEstimate);
    }

    /// <summary>One side of 0 is meant; returns 1 or -1, by which effects are multiplied so that it is the upper one.</summary>
    public static int SideOf(Alternative alternative, string method) => alternative switch
    {
        Alternative.Greater => 1,
        Alternative.Less => -1,
        _ => throw new ImpossibleChoiceException($"{method} is of results that are significant on one side: choose Alternative.Greater or Alternative.Less", ChoiceFault.UndefinedEstimate, nameof(alternative)),
    };
}
