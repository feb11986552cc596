namespace EmpathyNotebooks.Cli.Analyze;

/// <summary>The command line as it was typed, to propose another one that can be copied and run.</summary>
/// <param name="words">The words after the verb.</param>
/// <param name="verb">The verb.</param>
internal sealed class CommandLine(IReadOnlyList<string> words, string verb = "analyze")
{
    /// <summary>The command line with further words.</summary>
    /// <param name="further">What to append.</param>
    /// <param name="without">Options to leave out, each with its value.</param>
    public string With(IEnumerable<string> further, IReadOnlyList<string>? without = null)
    {
        List<string> kept = [];
        for (var i = 0; i < words.Count; i++)
        {
            if (without?.Contains(words[i]) == true) i++;
            else kept.Add(words[i]);
        }
        return $"empathy {verb} " + string.Join(' ', kept.Concat(further).Select(Quoted));
    }

    // Between double quotes a shell of Unix replaces what these begin.
    private const string Live = "$`!\\";

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "_-./:=,+".Contains(c, StringComparison.Ordinal) || (c == '\\' && OperatingSystem.IsWindows()))
        ? word
        : !OperatingSystem.IsWindows() && word.AsSpan().ContainsAny(Live) ? "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'"
        : "\"" + word.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
