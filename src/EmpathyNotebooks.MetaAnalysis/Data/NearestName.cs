namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Finds the existing name that a mistyped one most likely meant.</summary>
/// <example><code>
/// string[] columns = ["rater", "year"];
/// Console.WriteLine(NearestName.Hint("ratter", columns)); // did you mean "rater"? There are: rater, year
/// </code></example>
public static class NearestName
{
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
        var best = names.MinBy(name => Distance(wanted, name))!;
        var near = Distance(wanted, best) <= Math.Max(1, Math.Max(wanted.Length, best.Length) / 2);
        return (near ? $"did you mean \"{best}\"? There" : "there") + $" are: {string.Join(", ", names)}";
    }

    /// <summary>The Levenshtein distance, case ignored: how many letters to add, remove or change.</summary>
    internal static int Distance(string a, string b)
    {
        a = a.ToUpperInvariant();
        b = b.ToUpperInvariant();
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
            }
            (previous, current) = (current, previous);
        }
        return previous[b.Length];
    }
}
