using System.Globalization;
using System.Text;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting;

/// <summary>Texts and numbers as R writes them. All of it is plain ASCII, so that every R reads it alike, whatever its language and encoding.</summary>
internal static class RText
{
    private const int Width = 110;

    /// <summary>A text between quotes, from which nothing gets out: whatever is not a plain printable letter is escaped.</summary>
    /// <exception cref="ImpossibleChoiceException">R has no such text: it holds the character U+0000, or half of a pair of surrogates.</exception>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune) || rune.Value == 0)
            {
                throw new ImpossibleChoiceException($"R has no text with the character U+{(int)text[i]:X4}, which stands in a label or value of these data", ChoiceFault.UndefinedForFit);
            }
            if (rune.Value is '"' or '\\') quoted.Append('\\').Append((char)rune.Value);
            else if (rune.Value is >= ' ' and <= '~') quoted.Append((char)rune.Value);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\U{{{rune.Value:x}}}");
            i += rune.Utf16SequenceLength - 1;
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>A number with all its digits.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Inf" : "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number with as many digits as the script prints.</summary>
    public static string Shown(double value) => double.IsFinite(value) ? value.ToString("G12", CultureInfo.InvariantCulture) : Number(value);

    /// <summary>A vector, broken into lines.</summary>
    public static string Vector(IEnumerable<string> items)
    {
        var text = new StringBuilder("c(");
        var length = 0;
        foreach (var item in items)
        {
            if (length > 0 && length + item.Length > Width)
            {
                text.Append(",\n    ");
                length = 0;
            }
            else if (text.Length > 2)
            {
                text.Append(", ");
            }
            text.Append(item);
            length += item.Length + 2;
        }
        return text.Append(')').ToString();
    }

    /// <summary>A vector of numbers.</summary>
    public static string Vector(IEnumerable<double> values) => Vector(values.Select(Number));
}
