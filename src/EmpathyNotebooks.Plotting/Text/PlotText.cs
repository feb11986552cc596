using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Plotting;

/// <summary>Texts as charts need them: measured, cut, wrapped, and safe where a chart library would read markup.</summary>
internal static partial class PlotText
{
    /// <summary>Helvetica's advance widths in thousandths of the font size, from the space to the tilde.</summary>
    private static readonly short[] Widths =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    /// <summary>The fonts of other systems run a little wider than Helvetica.</summary>
    private const double Reserve = 1.06;

    /// <summary>Makes a text show as it is: Plotly reads tags, entities and, beside MathJax, dollar signs.</summary>
    public static string Escape(string text) => Clean(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("$", "&#36;", StringComparison.Ordinal);

    /// <summary>Escapes lines that are already broken.</summary>
    public static string EscapeLines(string text) => string.Join("<br>", text.Split('\n').Select(Escape));

    /// <summary>One line: every run of white space or control characters becomes a space.</summary>
    public static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            // The no-break and figure spaces align numbers; they are meant.
            var blank = char.IsControl(c) || (char.IsWhiteSpace(c) && c is not ('\u00a0' or '\u2007' or '\u202f'));
            if (!blank) result.Append(c);
            else if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
        }
        return result.ToString().TrimEnd(' ');
    }

    /// <summary>The width in pixels, estimated on the safe side.</summary>
    public static double Width(string text, double fontSize, bool bold = false)
    {
        var sum = 0;
        foreach (var rune in text.EnumerateRunes()) sum += RuneWidth(rune);
        return sum * fontSize / 1000 * Reserve * (bold ? 1.07 : 1);
    }

    /// <summary>
    /// The text, or its beginning and an ellipsis when it is wider than so many pixels. A year at the end stays: it tells studies of the same
    /// authors apart.
    /// </summary>
    public static string Cut(string text, double fontSize, double width, bool bold = false)
    {
        text = Clean(text);
        if (Width(text, fontSize, bold) <= width) return text;
        var year = YearAtEnd().Match(text);
        if (year.Success && year.Index > 0)
        {
            var tail = " " + year.Groups[1].Value;
            var head = Beginning(text[..year.Index], fontSize, width - Width(tail, fontSize, bold), bold);
            if (head.Length > 4) return head + tail;
        }
        return Beginning(text, fontSize, width, bold);
    }

    private static string Beginning(string text, double fontSize, double width, bool bold)
    {
        var at = Fitting(text, fontSize, width - Width("…", fontSize, bold), bold);
        return text[..at].TrimEnd(' ', ',', '.', ';', '-', '(') + "…";
    }

    /// <summary>How many characters of the text, whole letters with their marks, are no wider than so many pixels. It looks no further than that.</summary>
    private static int Fitting(string text, double fontSize, double width, bool bold = false)
    {
        var (at, sum) = (0, 0);
        while (at < text.Length)
        {
            var next = at + StringInfo.GetNextTextElementLength(text, at);
            foreach (var rune in text.AsSpan(at, next - at).EnumerateRunes()) sum += RuneWidth(rune);
            if (sum * fontSize / 1000 * Reserve * (bold ? 1.07 : 1) > width) break;
            at = next;
        }
        return at;
    }

    [GeneratedRegex(@"[\s,]+(\((?:1[5-9]|20)\d\d[a-z]?\)|(?:1[5-9]|20)\d\d[a-z]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex YearAtEnd();

    /// <summary>Lines no wider than so many pixels, broken at spaces; a single word that is wider is broken where it must be.</summary>
    public static IReadOnlyList<string> Wrap(string text, double fontSize, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (Width(longer, fontSize) <= width)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0) lines.Add(line);
            line = word;
            while (Width(line, fontSize) > width && Break(line, fontSize, width) is > 0 and var at && at < line.Length)
            {
                lines.Add(line[..at]);
                line = line[at..];
            }
        }
        if (line.Length > 0) lines.Add(line);
        return lines;
    }

    /// <summary>The lines below a plot, and before them the titles of axes that had to be cut.</summary>
    public static IEnumerable<string> WithWholeTitles(IEnumerable<string> lines, params ReadOnlySpan<(string Whole, string Shown)> titles)
    {
        List<string> result = [];
        foreach (var (whole, shown) in titles)
        {
            if (shown != Clean(whole)) result.Add($"Axis: {Clean(whole)}.");
        }
        return [.. result, .. lines];
    }

    /// <summary>Puts no-break spaces where a line must not end: around an equals sign and within an interval.</summary>
    public static string KeepTogether(string text) => Statistic().Replace(text, m => m.Value.Replace(' ', '\u00a0'));

    [GeneratedRegex(@"[^\s]+ [=<] [^\s]+|(?:[\d.]+% CI )?\[[^\[\]]*\]", RegexOptions.CultureInvariant)]
    private static partial Regex Statistic();

    /// <summary>Pads numbers in front with spaces as wide as a digit, so that columns of them align at the decimal point.</summary>
    public static string[] AlignDecimals(IReadOnlyList<string> numbers)
    {
        var longest = numbers.Count == 0 ? 0 : numbers.Max(n => n.Length);
        return [.. numbers.Select(n => n.PadLeft(longest, '\u2007'))];
    }

    /// <summary>What a hover shows: a heading and lines of name and value, escaped and wrapped.</summary>
    public static string Hover(string heading, IEnumerable<PlotDetail> details)
    {
        const double HoverWidth = 220;
        var lines = Wrap(heading, 13, HoverWidth).Select(l => $"<b>{Escape(l)}</b>").ToList();
        foreach (var detail in details)
        {
            var text = detail.Name.Length == 0 ? detail.Value : $"{detail.Name}: {detail.Value}";
            lines.AddRange(Wrap(text, 13, HoverWidth).Select(Escape));
        }
        return string.Join("<br>", lines);
    }

    private static int Break(string word, double fontSize, double width)
    {
        var at = Fitting(word, fontSize, width);
        return at > 0 ? at : StringInfo.GetNextTextElementLength(word);
    }

    private static int RuneWidth(Rune rune)
    {
        var value = rune.Value;
        if (value is >= 0x20 and <= 0x7e) return Widths[value - 0x20];
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) return 0;
        return value switch
        {
            0x2007 or 0x2013 or 0x2212 => 584,
            0x2026 or 0x2014 or 0x25ba or 0x25bc => 1000,
            >= 0x1100 and <= 0x115f or >= 0x2e80 and <= 0xa4cf or >= 0xac00 and <= 0xd7a3 or >= 0xf900 and <= 0xfaff
                or >= 0xff00 and <= 0xff60 or >= 0x1f000 => 1050,
            _ => Rune.IsUpper(rune) ? 740 : 580,
        };
    }
}
