namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How to go on after a fault, in the names of this library and in no other place; the command line has its own words for the same kinds.</summary>
internal static class Advice
{
    /// <summary>How to go on where some effects share a study, and a model takes all as independent.</summary>
    public const string SharedStudies = "Use MultilevelModel, AverageWithin or Robust.";

    /// <summary>What to do about a zero, with what needs nothing done.</summary>
    public static string ZeroCount(string? alternative) =>
        ": choose a zero-cell rule, for example ZeroCells.AddWhereZero()" + (alternative is null ? "" : $", or {alternative}");

    /// <summary>With the punctuation before it; empty where there is nothing to choose.</summary>
    public static string Of(StudyDataException fault) => fault.Kind switch
    {
        StudyDataFault.NoSuchColumn => fault.Option is { } option ? $" (StudyTableOptions.{option} names it)" : "",
        StudyDataFault.NoSuchLevel => ". A level of its own for each effect is written MultilevelModel.EachEffect",
        StudyDataFault.AveragedAway => ". AverageWithinEach averages within each of its values",
        StudyDataFault.NoSuchSheet => " (StudyTableOptions.Sheet names it)",
        StudyDataFault.OptionOfOtherFile => $": leave StudyTableOptions.{fault.Option} out",
        StudyDataFault.Encoding => ", or name its encoding in StudyTableOptions.Encoding",
        StudyDataFault.Delimiter => "; set StudyTableOptions.Delimiter",
        StudyDataFault.DecimalMark => ", or set StudyTableOptions.DecimalMark",
        StudyDataFault.MixedDecimalMarks => ", or set StudyTableOptions.DecimalMark to learn which cells are wrong",
        StudyDataFault.OtherDecimalMark => $"; if it has {fault.Alternative}, set StudyTableOptions.DecimalMark",
        StudyDataFault.MixedColumn => "; if the column holds texts, name it in StudyTableOptions.TextColumns",
        StudyDataFault.TextForNumber => $"; a moderator of texts is Moderator.Category(\"{fault.Column}\")",
        StudyDataFault.RepeatedLabel => "; name the column that tells the effects of one study apart as its effect, or make the label of more columns, as in {a} ({b})",
        StudyDataFault.NoLabel => $"; say label: \"...\", or StudyLabel.Numbered. There are: {string.Join(", ", fault.Choices)}",
        StudyDataFault.ZeroCount => ZeroCount(fault.Alternative),
        StudyDataFault.NotRecognised => (fault.Option is { } method ? $": {method}(r: \"...\", n: \"...\")" : "") + $". There are: {string.Join(", ", fault.Choices)}",
        StudyDataFault.SeveralReadings => $". Choose one: {string.Join("; ", fault.Choices)}",
        StudyDataFault.EqualKnots => ": take fewer, or give them with SplineAt",
        StudyDataFault.LoneOutcome => ": leave it out, take a structure with one variance for all (compound symmetry), or hold its variance (FixedComponents)",
        StudyDataFault.OneOutcome => ", and for one there is MultilevelModel",
        StudyDataFault.FewRepeatedClusters => ": take correlated weights, or a multilevel model",
        _ => "",
    };

    /// <inheritdoc cref="Of(StudyDataException)"/>
    public static string Of(ImpossibleChoiceException fault) => fault.Kind switch
    {
        ChoiceFault.NoSuchFormula => $"; it has {string.Join(", ", fault.Formulas.Select(Formula))}",
        ChoiceFault.UndefinedInference when fault.Inferences is [Inference.StudentT, Inference.Normal] =>
            ": choose Inference.StudentT or Inference.Normal, and Robust(...) on the fit for small numbers of clusters",
        ChoiceFault.UndefinedInference => $": choose Inference.{string.Join(", Inference.", fault.Inferences)}",
        ChoiceFault.NeedsFullLikelihood => ": set TauSquared = TauSquaredEstimator.MaximumLikelihood, or for dependent effects Method = LikelihoodMethod.Full",
        ChoiceFault.Incomplete => $": set {string.Join(" and ", fault.Choices)}",
        ChoiceFault.NeedsOwnWeights => ": fit without weights, and not by GENQ",
        ChoiceFault.NeedsRestrictedLikelihood => ": choose Hartung-Knapp inference, or REML",
        _ => "",
    };

    /// <summary>A formula as it is written in C#, with metafor's code.</summary>
    public static string Formula(VarianceFormula formula) => $"{formula} ({EffectSizeOptions.CodeOf(formula)})";
}
