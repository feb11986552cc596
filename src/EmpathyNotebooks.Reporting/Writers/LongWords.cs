using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>Words longer than a column, as names of studies without a blank can be: places to break at, which nobody sees, for forms that break at no letter by themselves.</summary>
internal static class LongWords
{
    private const char Break = '\u200b';
    private const int Longest = 24;
    private const int Piece = 6;

    /// <summary>Whether a text has such a word.</summary>
    public static bool Has(string text) => text.Length > Longest && Words(text).Any(word => word.Length > Longest && !char.IsWhiteSpace(text[word.Start]));

    /// <summary>The text with a zero-width space in each long word after every few letters.</summary>
    public static string Breakable(string text)
    {
        if (text.Length <= Longest) return text;
        var broken = new StringBuilder(text.Length + text.Length / Piece);
        foreach (var (start, length) in Words(text))
        {
            if (length <= Longest || char.IsWhiteSpace(text[start]))
            {
                broken.Append(text, start, length);
                continue;
            }
            // An accent stays on its letter, and half a sign is none.
            var letters = 0;
            var elements = StringInfo.GetTextElementEnumerator(text.Substring(start, length));
            while (elements.MoveNext())
            {
                if (letters > 0 && letters % Piece == 0) broken.Append(Break);
                broken.Append(elements.GetTextElement());
                letters++;
            }
        }
        return broken.ToString();
    }

    /// <summary>Words and what separates them, in turn.</summary>
    private static IEnumerable<(int Start, int Length)> Words(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = start + 1;
            while (end < text.Length && char.IsWhiteSpace(text[end]) == char.IsWhiteSpace(text[start])) end++;
            yield return (start, end - start);
        }
    }
}
