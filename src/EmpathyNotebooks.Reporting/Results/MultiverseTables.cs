using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>The tables of a multiverse.</summary>
internal static class MultiverseTables
{
    /// <summary>Of more parts, or impossible combinations, than this the table has the first.</summary>
    private const int MostRows = 24;

    /// <summary>The choices with what they explain.</summary>
    public static Table Choices(MultiverseResult result)
    {
        var table = new Table("Choices of the multiverse, and how far estimates hang on them", ("", Align.Left), ("options", Align.Left), ("are", Align.Left), ("variance explained", Align.Right), ("with interactions", Align.Right));
        table.DataLabel(result.Multiverse.Effects.Origin);
        foreach (var choice in result.Multiverse.Choices)
        {
            var influence = (result.Influence ?? result.Main.Influence).FirstOrDefault(i => i.Choice == choice.Name);
            table.Row(choice.Name, Options(choice), Kind(choice.Equivalence),
                influence is null ? Numbers.None : StatisticText.Percent(influence.Share, 0), influence is null ? Numbers.None : StatisticText.Percent(influence.TotalShare, 0));
        }
        foreach (var choice in result.Multiverse.Choices) table.Note($"{choice.Name}: {choice.Reason}");
        return table.Note($"{StatisticText.Count(result.Specifications.Length)} of {StatisticText.Count(result.Combinations, "combination")} of options are specifications." + (result.IsComplete ? " Shares of variance are those of an analysis of variance over all of them."
            : " Since some are missing, choices are tied to each other and their shares overlap: each by itself is the variance that the choice explains, and that is left when all others are known."));
    }

    /// <summary>The choices before anything is computed.</summary>
    public static Table Planned(Multiverse multiverse)
    {
        var table = new Table("Choices of a multiverse", ("", Align.Left), ("options", Align.Left), ("are", Align.Left), ("since", Align.Left)).DataLabel(multiverse.Effects.Origin);
        foreach (var choice in multiverse.Choices) table.Row(choice.Name, Options(choice), Kind(choice.Equivalence), choice.Reason);
        return table.Note($"{StatisticText.Count(multiverse.Combinations, "combination")} of options of {StatisticText.Count(multiverse.Effects.Count, "effect")}. Run() computes them.");
    }

    /// <summary>What estimates hang on.</summary>
    public static Table Influence(IEnumerable<ChoiceInfluence> influence)
    {
        var table = new Table("How far estimates hang on each choice", ("", Align.Left), ("are", Align.Left), ("variance explained", Align.Right), ("with interactions", Align.Right));
        foreach (var choice in influence) table.Row(choice.Choice, Kind(choice.Equivalence), StatisticText.Percent(choice.Share, 0), StatisticText.Percent(choice.TotalShare, 0));
        return table;
    }

    /// <summary>The parts of a multiverse, a row each.</summary>
    public static Table Parts(MultiverseResult result)
    {
        var table = Head("Specifications");
        table.DataLabel(result.Multiverse.Effects.Origin);
        foreach (var part in result.Parts.Take(MostRows)) Row(table, part);
        if (result.Parts.Length > MostRows) table.Note($"The first {StatisticText.Count(MostRows)} of {StatisticText.Count(result.Parts.Length)} parts.");
        if (result.Parts.Length > 1) table.Note("Options that are not equivalent answer different questions: each combination of them is a part of its own, and nothing is averaged across parts.");
        return table.Note("Quantiles describe the specifications, which rest on the same studies; they are no confidence interval.");
    }

    /// <summary>One part.</summary>
    public static Table Part(MultiversePart part)
    {
        var table = Head("Specifications");
        table.DataLabel(part.Result.Multiverse.Effects.Origin);
        Row(table, part);
        foreach (var influence in part.Influence) table.Note(influence + ".");
        return table.Note("Quantiles describe the specifications, which rest on the same studies; they are no confidence interval.");
    }

    /// <summary>The test.</summary>
    public static Table Test(MultiverseTest test)
    {
        var table = new Table("Would so consistent a multiverse be found without an effect?", ("", Align.Left), ("observed", Align.Right), ("p", Align.Right), ("SE of p", Align.Right));
        Row("median, distance from no effect", StatisticText.Significant(test.Median.Observed, 3), test.Median);
        Row("share significant", StatisticText.Percent(test.ShareSignificant.Observed, 0), test.ShareSignificant);
        Row("Stouffer's Z of all p", StatisticText.Number(test.Stouffer.Observed), test.Stouffer);
        return table.Note($"{StatisticText.Count(test.Permutations)} patterns of signs of {test.Units}{(test.IsExact ? ", all there are: p is exact." : ", that of the data among them.")}");

        void Row(string name, string observed, MultiverseStatistic statistic) => table.Row(name, observed, StatisticText.PValue(statistic.PValue), test.IsExact ? Numbers.None : StatisticText.Significant(statistic.StandardError, 2));
    }

    /// <summary>The combinations that are no specifications; null where there are none.</summary>
    public static Table? Impossible(MultiverseResult result)
    {
        if (result.Impossible.IsEmpty) return null;
        var table = new Table("Combinations that are no specifications", ("with", Align.Left), ("number", Align.Right), ("reason", Align.Left));
        foreach (var one in result.Impossible.Take(MostRows))
        {
            table.Row(string.Join(", ", result.Multiverse.Choices.Where(c => one.Choices.ContainsKey(c.Name)).Select(c => $"{c.Name}: {one.Choices[c.Name]}")), StatisticText.Count(one.Combinations), one.Reason);
        }
        return result.Impossible.Length > MostRows ? table.Note($"The first {StatisticText.Count(MostRows)} of {StatisticText.Count(result.Impossible.Length)} reasons; the table of every specification has them all.") : table;
    }

    private static Table Head(string title) => new(title, ("", Align.Left), ("number", Align.Right), ("median", Align.Right), ("smallest", Align.Right), ("2.5%", Align.Right), ("97.5%", Align.Right), ("largest", Align.Right), ("positive", Align.Right), ("significant", Align.Right));

    private static string Kind(Equivalence equivalence) => equivalence switch { Equivalence.Equivalent => "equivalent", Equivalence.Uncertain => "uncertain", _ => "not equivalent" };

    private static void Row(Table table, MultiversePart part)
    {
        string Shown(double value) => part.Measure.Format(part.Shown(value), 3);
        var hasNull = part.Measure.HasNullValue;
        table.Row(part.Name, StatisticText.Count(part.Specifications.Length), Shown(part.Median), Shown(part.Quantile(0)), Shown(part.Quantile(0.025)), Shown(part.Quantile(0.975)), Shown(part.Quantile(1)),
            hasNull ? StatisticText.Percent(part.SharePositive, 0) : Numbers.None, hasNull ? StatisticText.Percent(part.ShareSignificant, 0) : Numbers.None);
    }

    private static string Options(MultiverseChoice choice) => choice.Options.Length <= 6 ? string.Join(", ", choice.Options) : $"{string.Join(", ", choice.Options.Take(5))} and {StatisticText.Count(choice.Options.Length - 5)} more";
}
