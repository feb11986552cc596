using System.Globalization;
using System.Text;

namespace EmpathyNotebooks.Reporting;

/// <summary>What may stand in a document at all. Every writer of files passes each text through here before it escapes what its own form reads as markup.</summary>
internal static class PlainCharacters
{
    /// <summary>
    /// One line: line ends and other control characters become a space; halves of surrogate pairs and characters that are none become U+FFFD; marks that turn the direction of what follows, by which a
    /// text shows other than it is, go (Unicode Technical Report 36, section 2.5).
    /// </summary>
    public static string Line(string text) => Of(text, keepsLines: false);

    /// <summary>The same with line ends and tabs kept, for code.</summary>
    public static string Lines(string text) => Of(text.ReplaceLineEndings("\n"), keepsLines: true);

    private static string Of(string text, bool keepsLines)
    {
        StringBuilder? changed = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is >= ' ' and < '\u007f')
            {
                changed?.Append(c);
                continue;
            }
            if (Rune.TryGetRuneAt(text, i, out var rune) && IsPlain(rune, keepsLines))
            {
                changed?.Append(text, i, rune.Utf16SequenceLength);
                i += rune.Utf16SequenceLength - 1;
                continue;
            }
            changed ??= new StringBuilder(text.Length).Append(text, 0, i);
            if (rune.Utf16SequenceLength == 2) i++;
            if (IsDirection(c)) continue;
            changed.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : '\ufffd');
        }
        return changed?.ToString() ?? text;
    }

    private static bool IsPlain(Rune rune, bool keepsLines) => rune.Value switch
    {
        '\n' or '\t' => keepsLines,
        < ' ' or (>= 0x7f and <= 0x9f) or 0x2028 or 0x2029 => false,
        var value => !IsDirection(value) && (value & 0xfffe) != 0xfffe && value is not (>= 0xfdd0 and <= 0xfdef) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherNotAssigned,
    };

    private static bool IsDirection(int c) => c is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
