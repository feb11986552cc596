using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Puts what the library advises into the words of the command line.</summary>
internal static class RemedyWords
{
    /// <summary>How to go on, by the kind of fault: the library names its options, and here they are those of the command line.</summary>
    private static readonly Dictionary<StudyDataFault, (string Library, string Here)> Words = new()
    {
        [StudyDataFault.MixedColumn] = ("StudyTableOptions.TextColumns", "--text-column"),
        [StudyDataFault.NoSuchColumn] = ("StudyTableOptions.TextColumns", "--text-column"),
        [StudyDataFault.DecimalMark] = ("StudyTableOptions.DecimalMark", "--decimal"),
        [StudyDataFault.Delimiter] = ("StudyTableOptions.Delimiter", "--delimiter"),
        [StudyDataFault.ZeroCount] = ("ZeroCells.AddWhereZero()", "--zero-cells where-zero"),
        [StudyDataFault.RepeatedLabel] = ("", " (--effect COLUMN; --label \"{a} ({b})\"; or --cluster COLUMN, where effects share a sample)"),
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
        catch (StudyDataException fault) when (Words.TryGetValue(fault.Kind, out var words))
        {
            throw fault.WithRemedy(words.Library.Length == 0 ? fault.Remedy + words.Here : fault.Remedy.Replace(words.Library, words.Here, StringComparison.Ordinal));
        }
        catch (ArgumentException fault)
        {
            // .NET appends the name of a parameter, which nobody has typed.
            throw new BadInputException(fault.Message.Split(" (Parameter '")[0]);
        }
    }
}
