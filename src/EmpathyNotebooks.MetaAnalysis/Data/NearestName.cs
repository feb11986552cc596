namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Finds the existing name that a mistyped one most likely meant.</summary>
/// <example><code>
/// string[] columns = ["rater", "year"];
/// Console.WriteLine(NearestName.Hint("ratter", columns)); // did you mean "rater"? There are: rater, year
/// </code></example>
public static class NearestName
{
    /// <summary>A list of more names hides the message.</summary>
    private const int MostNames = 100;

    /// <summary>
    /// A hint for the end of an error message: <c> Did you mean "rater"?</c> when one of the names is close enough, and in any
    /// case the names there are.
    /// </summary>
    /// <param name="wanted">The name asked for.</param>
    /// <param name="existing">The names there are.</param>
    public static string Hint(string wanted, IEnumerable<string> existing)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var names = existing.ToList();
        if (names.Count == 0) return "there are no columns";
        return (Of(wanted, names) is { } near ? $"did you mean \"{near}\"? There" : "there") + $" are: {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? $", ... ({StatisticText.Count(names.Count)} in all)" : "")}";
    }

    /// <summary>The name that is most like the one asked for; null when none is close enough.</summary>
    /// <param name="wanted">The name asked for.</param>
    /// <param name="existing">The names there are.</param>
    public static string? Of(string wanted, IEnumerable<string> existing)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        // Nothing is like nothing.
        if (wanted.Length == 0) return null;
        var best = existing.MinBy(name => Distance(wanted, name));
        return best is not null && Distance(wanted, best) <= Math.Max(1, Math.Max(wanted.Length, best.Length) / 2) ? best : null;
    }

    /// <summary>The distance of Damerau and Levenshtein, case ignored: how many letters to add, remove, change or exchange with the next.</summary>
    internal static int Distance(string a, string b)
    {
        a = a.ToUpperInvariant();
        b = b.ToUpperInvariant();
        var steps = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) steps[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) steps[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = steps[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                steps[i, j] = Math.Min(change, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) steps[i, j] = Math.Min(steps[i, j], steps[i - 2, j - 2] + 1);
            }
        }
        return steps[a.Length, b.Length];
    }
}
