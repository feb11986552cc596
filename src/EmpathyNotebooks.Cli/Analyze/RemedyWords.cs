using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>
/// How to go on after a fault, in the options of the command line: one table for each kind of exception of the library, from the kind of fault to words made of its values. The words
/// follow the problem, with the punctuation before them. A kind that is in no table is advised on by no option, and the library has no word of C# for it either.
/// </summary>
internal static class RemedyWords
{
    /// <summary>Faults of the data.</summary>
    public static IReadOnlyDictionary<StudyDataFault, Func<StudyDataException, string>> OfData { get; } = new Dictionary<StudyDataFault, Func<StudyDataException, string>>
    {
        [StudyDataFault.NoSuchColumn] = fault => fault.Option is null ? "" : " (--text-column names it)",
        [StudyDataFault.NoSuchLevel] = _ => " (--cluster names it)",
        [StudyDataFault.AveragedAway] = _ => ". For a moderator take --model che, multilevel, corr or hier, which keep every effect",
        [StudyDataFault.Encoding] = _ => ", or name its encoding, for example --encoding shift_jis",
        [StudyDataFault.Delimiter] = _ => "; set --delimiter",
        [StudyDataFault.DecimalMark] = _ => ", or set --decimal",
        [StudyDataFault.MixedDecimalMarks] = _ => ", or set --decimal to learn which cells are wrong",
        [StudyDataFault.OtherDecimalMark] = fault => $"; if it has {fault.Alternative}, set --decimal",
        [StudyDataFault.MixedColumn] = _ => "; if the column holds texts, name it in --text-column",
        [StudyDataFault.TextForNumber] = fault => $"; a moderator of texts is --moderator factor({fault.Column})",
        [StudyDataFault.RepeatedLabel] = _ => "; name the column that tells the effects of one study apart as its effect, or make the label of more columns, as in {a} ({b}) "
            + "(--effect COLUMN; --label \"{a} ({b})\"; or --cluster COLUMN, where effects share a sample)",
        [StudyDataFault.NoLabel] = fault => $"; name it with --label. There are: {string.Join(", ", fault.Choices)}",
        [StudyDataFault.ZeroCount] = fault => ": choose a zero-cell rule, for example --zero-cells where-zero" + (fault.Alternative is { } other ? $", or {other}" : ""),
        [StudyDataFault.NotRecognised] = fault => $". Say --measure, and name its columns, for example --yi and --vi. There are: {string.Join(", ", fault.Choices)}",
        [StudyDataFault.SeveralReadings] = _ => ". Say --measure, and name its columns, for example --yi and --vi",
        [StudyDataFault.NoSuchSheet] = _ => " (--sheet)",
        [StudyDataFault.OptionOfOtherFile] = fault => $": leave --{fault.Option?.ToLowerInvariant()} out",
        [StudyDataFault.OneOutcome] = _ => "; --model multilevel takes one",
        [StudyDataFault.LoneOutcome] = _ => ": leave it out",
        [StudyDataFault.EqualKnots] = fault => $": take fewer knots, or --moderator \"poly({fault.Column}, 2)\"",
        [StudyDataFault.FewRepeatedClusters] = _ => ": take --model corr, che or multilevel",
    };

    /// <summary>Choices of options that do not go together.</summary>
    public static IReadOnlyDictionary<ChoiceFault, Func<ImpossibleChoiceException, string>> OfChoices { get; } = new Dictionary<ChoiceFault, Func<ImpossibleChoiceException, string>>
    {
        [ChoiceFault.NoSuchMeasure] = _ => " (--measure names it)",
        [ChoiceFault.NoSuchFormula] = fault => $"; it has --vtype {string.Join(", ", fault.Formulas.Select(EffectSizeOptions.CodeOf))}",
        [ChoiceFault.LabelPattern] = _ => " (--label)",
        [ChoiceFault.UndefinedInference] = fault => $": choose --test {string.Join(", ", fault.Inferences.Select(ModelChoices.NameOf))}",
        [ChoiceFault.NeedsRestrictedLikelihood] = _ => ": choose Hartung-Knapp inference, or REML (--test knha, or --method REML)",
        [ChoiceFault.NeedsLikelihood] = _ => ": choose --method REML or ML, or --tau-ci QP",
        [ChoiceFault.NeedsRandomEffects] = _ => ": choose a --method with tau squared, such as REML",
        [ChoiceFault.NeedsFullLikelihood] = _ => ": choose --method ML",
        [ChoiceFault.Incomplete] = _ => ": say more, for example --cluster or --moderator",
        [ChoiceFault.NeedsOwnWeights] = _ => ": leave out --weights, and take another --method than GENQ",
    };

    /// <summary>Too few of what is counted.</summary>
    public static IReadOnlyDictionary<StudyCount, Func<InsufficientStudiesException, string>> OfCounts { get; } = new Dictionary<StudyCount, Func<InsufficientStudiesException, string>>
    {
        [StudyCount.Clusters] = _ => " Name in --cluster the column of samples, and take fewer --moderator terms where they are many.",
        [StudyCount.Groups] = _ => " Name in --cluster a column with several values.",
    };

    /// <summary>Runs what may find a fault, and says how to go on by the options of the command line.</summary>
    /// <exception cref="StudyDataException">The table is at fault.</exception>
    /// <exception cref="BadInputException">What was asked for is.</exception>
    public static void OfTheCommandLine(Action analyze)
    {
        try
        {
            analyze();
        }
        catch (StudyDataException fault) when (fault.Faults.Any(f => OfData.ContainsKey(f.Kind)))
        {
            throw fault.WithRemedies(f => OfData.TryGetValue(f.Kind, out var words) ? words(f) : null);
        }
        catch (ImpossibleChoiceException fault)
        {
            throw new BadInputException(Of(fault));
        }
        catch (InsufficientStudiesException fault)
        {
            throw new BadInputException(Of(fault));
        }
    }

    /// <summary>The whole message.</summary>
    public static string Of(ImpossibleChoiceException fault) => fault.Problem + (OfChoices.TryGetValue(fault.Kind, out var words) ? words(fault) : "") + ".";

    /// <inheritdoc cref="Of(ImpossibleChoiceException)"/>
    public static string Of(InsufficientStudiesException fault) => fault.Message + (OfCounts.TryGetValue(fault.Kind, out var words) ? words(fault) : "");
}
