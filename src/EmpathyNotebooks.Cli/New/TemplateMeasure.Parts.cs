namespace EmpathyNotebooks.Cli.New;

/// <summary>What several measures share.</summary>
internal sealed partial record TemplateMeasure
{
    private const string MeanColumns = "| `m1` | mean of group 1 | that of the scale | number | as printed; the time point of the preregistration |\n| `sd1` | standard deviation of group 1 | as `m1` | above 0 | not the standard error, which is smaller by the root of `n1` |\n"
        + "| `n1` | people in group 1 on whom the mean rests | people | whole number, at least 2 | those analysed |\n| `m2` | mean of group 2, the comparison | as `m1` | number | as `m1` |\n"
        + "| `sd2` | standard deviation of group 2 | as `m1` | above 0 | as `sd1` |\n| `n2` | people in group 2 on whom the mean rests | people | whole number, at least 2 | as `n1` |";

    private const string MeanDirection = "Positive: group 1 has the higher mean. Write here which group is 1, and whether higher is better.";

    private const string MeanReversal = "A study that scored its outcome the other way gets the other sign of both means, and its `source` says so.";

    private const string TableColumns = "| `events1` | people in group 1 with the event | people | whole number, 0 to `n1` | each person once |\n| `n1` | people in group 1 | people | whole number, at least 1 | those analysed |\n"
        + "| `events2` | people in group 2, the comparison, with the event | people | whole number, 0 to `n2` | as `events1` |\n| `n2` | people in group 2 | people | whole number, at least 1 | as `n1` |";

    private const string TableDirection = "Above 1: the event is more frequent in group 1. Define the event here, which group is 1, and whether the event is wanted.";

    private const string TableReversal = "A study that counted the opposite event is entered with the people of each group less its counts, and its `source` says so.";

    private static string ZeroRowOf(string other) =>
        $"| Rows without events, or with events only | where no effect can be computed, the run stops and names the row | what is added to zero cells matters most where events are rare: say whether you add 0.5 (`ZeroCells.AddWhereZero()`), {other} | |\n";

    private static string Means(string measure) => Lines(measure, ("m1i", "m1"), ("sd1i", "sd1"), ("n1i", "n1"), ("m2i", "m2"), ("sd2i", "sd2"), ("n2i", "n2"));

    private static string Tables(string measure) => Lines(measure, ("ai", "events1"), ("n1i", "n1"), ("ci", "events2"), ("n2i", "n2"));

    private static string Lines(string measure, params (string Ingredient, string Column)[] columns) =>
        $$"""
        var columns = new Dictionary<string, string>
        {
            {{string.Join(", ", columns.Select(c => $"[\"{c.Ingredient}\"] = \"{c.Column}\""))}},
        };
        var effects = table.EffectSizes(EffectMeasure.{{measure}}, columns, label: "study", effect: "outcome");
        """;
}
