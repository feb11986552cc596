using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Host.Teaching.Slides;

/// <summary>Cuts a paragraph of Markdown where a sentence ends: never within a formula, code, a bracket or words in bold, nor behind an abbreviation.</summary>
internal static partial class Sentences
{
    private static readonly HashSet<string> Abbreviations = new(["al.", "e.g.", "i.e.", "vs.", "cf.", "p.", "pp.", "ca.", "Fig.", "No.", "Dr.", "St.", "approx.", "etc."], StringComparer.Ordinal);

    /// <summary>The sentences of a paragraph, in one line each.</summary>
    public static IReadOnlyList<string> Of(string paragraph)
    {
        var text = Space().Replace(paragraph.Trim(), " ");
        var found = new List<string>();
        var start = 0;
        foreach (Match end in End().Matches(text))
        {
            var stop = end.Index + end.Groups[1].Length;
            var sentence = text[start..stop];
            if (!IsClosed(sentence) || Abbreviations.Contains(sentence[(sentence.LastIndexOf(' ') + 1)..].TrimStart('(', '*')) || Initial().IsMatch(sentence)) continue;
            found.Add(sentence);
            start = end.Index + end.Length;
        }
        if (start < text.Length) found.Add(text[start..]);
        return found;
    }

    /// <summary>The first sentences that are whole, up to so many words but at least one; empty where the paragraph begins with none, such as "Here they are:".</summary>
    public static string First(string paragraph, int words)
    {
        var taken = new List<string>();
        var count = 0;
        foreach (var sentence in Of(paragraph))
        {
            count += sentence.Split(' ').Length;
            if (!IsWhole(sentence) || taken.Count > 0 && count > words) break;
            taken.Add(sentence);
        }
        return string.Join(' ', taken);
    }

    private static bool IsWhole(string sentence) => Whole().IsMatch(sentence);

    private static bool IsClosed(string text)
    {
        var plain = Code().Replace(Escaped().Replace(text, ""), "");
        if (plain.Contains('`', StringComparison.Ordinal)) return false;
        plain = Formula().Replace(plain, "");
        return !plain.Contains('$', StringComparison.Ordinal) && plain.Count(c => c == '(') <= plain.Count(c => c == ')') && plain.Count(c => c == '[') <= plain.Count(c => c == ']')
            && (plain.Split("**").Length - 1) % 2 == 0 && plain.Replace("**", "", StringComparison.Ordinal).Count(c => c == '*') % 2 == 0 && plain.Count(c => c == '"') % 2 == 0;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"([.!?][""”*_)]*)\s+(?=[*_""“(\[$`]*[A-Z0-9.\\])")]
    private static partial Regex End();

    // A name's initial: "J. Smith".
    [GeneratedRegex(@"(?:^|[ (])[A-Z]\.\z")]
    private static partial Regex Initial();

    [GeneratedRegex(@"[.!?][""”*_)]*\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\\[$*`""()\[\]]")]
    private static partial Regex Escaped();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\$[^$]+\$")]
    private static partial Regex Formula();
}
