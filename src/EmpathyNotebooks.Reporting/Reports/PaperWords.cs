using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Reporting;

/// <summary>
/// Reasons, notes and warnings as a paper says them. The same sentences answer on the command line and in code, where they name the option that would help; who reads a report has neither before them.
/// </summary>
internal static partial class PaperWords
{
    private static readonly (string Said, string InPaper)[] Phrases =
    [
        ("models without moderators and without --cluster, except after --model aggregate", "models of independent effects, or of one average a sample, without moderators"),
        ("; take another method than Mantel-Haenszel or Peto", ", not for counts pooled as tables"),
        (": --alternative less means that one.", ": the other side can be chosen."),
        (": --alternative greater means that one.", ": the other side can be chosen."),
        (": say --alternative greater or --alternative less.", ", which has to be chosen."),
        ("say so (Alternative).", "the other side is to be tested."),
        (" Set PriorScale to the units of this scale that make a unit of d.", ""),
    ];

    /// <summary>The sentence without options of the command line.</summary>
    public static string Of(string text)
    {
        foreach (var (said, inPaper) in Phrases) text = text.Replace(said, inPaper, StringComparison.Ordinal);
        return OptionsInBrackets().Replace(text, "");
    }

    [GeneratedRegex(@" ?\((?=[^()]*--[a-z])[^()]*\)|, --[a-z][^.;]*(?=[.;])")]
    private static partial Regex OptionsInBrackets();
}
