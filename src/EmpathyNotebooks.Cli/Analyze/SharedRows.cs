using EmpathyNotebooks.Data;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>Rows that share a study and for which nothing was said: taken as dependent where that can be fitted as asked, else a question. They are never pooled as independent in silence.</summary>
internal sealed class SharedRows(StudyTable table, CommandLine line)
{
    /// <summary>Fewer studies than these leave nothing to judge how effects of one study depend on each other.</summary>
    private const int FewestStudies = 3;

    /// <summary>How to deal with them, or null where every row is a study of its own.</summary>
    /// <param name="standsForOne">True where what was asked for can be fitted to dependent effects.</param>
    /// <param name="canAverage">True where it can be fitted to averages.</param>
    /// <param name="guesses">Where to say what was taken.</param>
    public DependenceChoices? Deal(bool standsForOne, bool canAverage, List<string> guesses)
    {
        var naming = table.Naming();
        if (naming.SameReport is { } same) guesses.Add($"every row is a study of its own, though {Repeats(same)}; where these share people, add --cluster {CommandLineWord(same.By)}");
        if (naming.Sharing is not [var outermost, ..]) return null;
        if (standsForOne && naming.IsNested && outermost.Studies >= FewestStudies)
        {
            guesses.Add($"{Repeats(outermost)}, so the {StatisticText.Count(table.Count, "effect")} are taken as dependent within {outermost.By} (--cluster {CommandLineWord(outermost.By)}, --model che, --rho 0.6, --robust CR2); "
                + "--independent if no two rows share people" + string.Concat(naming.Sharing.Skip(1).Select(s => $", --cluster {CommandLineWord(s.By)} for {s.By} alone")));
            return new DependenceChoices([outermost.By.ToString()], "che", 0.6, SmallSampleCorrection.CR2);
        }
        List<string> lines = [];
        foreach (var sharing in naming.Sharing)
        {
            if (standsForOne && sharing.Studies >= FewestStudies) lines.Add(line.With(["--cluster", sharing.By.ToString()]));
            if (canAverage && sharing.Studies >= 2) lines.Add(line.With(["--cluster", sharing.By.ToString(), "--model", "aggregate"]));
        }
        lines.Add(line.With(["--independent"]));
        throw new BadInputException($"Rows share a study: {string.Join("; ", naming.Sharing.Select(Repeats))}. Effects of the same people depend on each other"
            + (standsForOne ? "" : ", and what is asked for takes effects as independent") + ". Choose one of these command lines"
            + " (clusters; averages within them; or --independent if no two rows share people):\n" + string.Join('\n', lines.Select(l => "  " + l)));
    }

    private string Repeats(SharedStudies sharing) => $"{sharing.By} names {StatisticText.Count(sharing.Studies)} {(sharing.Studies == 1 ? "study" : "studies")} in {StatisticText.Count(table.Count, "row")}";

    private static string CommandLineWord(StudyLabel by) => by.Columns.Count > 1 || by.ToString().Contains(' ', StringComparison.Ordinal) ? $"\"{by}\"" : by.ToString();
}
