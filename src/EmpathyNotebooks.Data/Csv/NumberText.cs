using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EmpathyNotebooks.Data;

/// <summary>How a cell looks to the reader of numbers.</summary>
internal enum NumberLook
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>Surely meant as a number, but written in a way that is not read, because it could be misread.</summary>
    Miswritten,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>What a cell is, with its value or with what would be right.</summary>
internal readonly record struct NumberReading(NumberLook Look, double Value, string Expected)
{
    /// <summary>True where the number has the other decimal mark, which an option can set.</summary>
    public bool HasOtherMark { get; init; }
}

/// <summary>
/// Reads numbers without guessing: digits with one decimal mark, an exponent if any, a sign that may be the true minus sign
/// U+2212.
/// </summary>
internal static partial class NumberText
{
    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithPoint();

    [GeneratedRegex(@"^[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithComma();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CommaThousands();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(,[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PointThousands();

    [GeneratedRegex(@"^[+-]?[0-9]{1,3}(?:[ '\u2019\u00A0\u2009\u202F][0-9]{3})+([.,][0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex OtherThousands();

    [GeneratedRegex(@"^[+-]?[0-9.,]+\s*%\z", RegexOptions.CultureInvariant)]
    private static partial Regex Percent();

    [GeneratedRegex(@"^[\u2010-\u2015\uFE58\uFE63\uFF0D]\s*[0-9.,]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex OtherDash();

    /// <summary>What a cell of a file is.</summary>
    public static NumberReading Read(ReadOnlySpan<byte> cell, char mark) =>
        NumberShape.Of(cell) is { IsNumber: true } shape && shape.Allows(mark) && shape.Value(cell) is var value && double.IsFinite(value)
            ? new NumberReading(NumberLook.Number, value, "")
            : Read(Encoding.UTF8.GetString(cell), mark);

    /// <summary>True where a cell of a file is a number.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> cell, char mark)
    {
        if (NumberShape.Of(cell) is { IsNumber: true } shape) return shape.Allows(mark) && double.IsFinite(shape.Value(cell));
        // What is left is a number only where it has the true minus sign.
        return NumberShape.MayBegin(cell) && !Ascii.IsValid(cell) && Read(Encoding.UTF8.GetString(cell), mark).Look == NumberLook.Number;
    }

    /// <summary>What a text is.</summary>
    public static NumberReading Read(string cell, char mark)
    {
        var text = cell.Replace('\u2212', '-');
        if ((mark == '.' ? WithPoint() : WithComma()).IsMatch(text))
        {
            var value = double.Parse(mark == '.' ? text : text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(value)
                ? new NumberReading(NumberLook.Number, value, "")
                : Miswritten("must be a number that a computer can hold, up to about 1.8E+308");
        }
        if (CellText.IsSpreadsheetError(text)) return Miswritten("is an error of a spreadsheet; mend its formula, or leave the cell empty");
        if (text.StartsWith('=')) return Miswritten("is a formula without its value; open the file in a spreadsheet, save it there, and read it again");
        if (Percent().IsMatch(text)) return Miswritten("must be a number without a percent sign; 45% is 0.45");
        if (OtherDash().IsMatch(text)) return Miswritten("must have a minus sign (- or U+2212) in front; this is another dash");
        if ((mark == '.' ? CommaThousands() : PointThousands()).IsMatch(text) || OtherThousands().IsMatch(text))
        {
            return Miswritten($"must be written without thousands separators: {string.Concat(text.Where(c => char.IsAsciiDigit(c) || c == mark || c == '-'))}");
        }
        if ((mark == '.' ? WithComma() : WithPoint()).IsMatch(text) || (mark == '.' ? PointThousands() : CommaThousands()).IsMatch(text))
        {
            return Miswritten($"must have a decimal {(mark == '.' ? "point" : "comma")}, as this file is read") with { HasOtherMark = true };
        }
        if (text.Any(Unseen))
        {
            var seen = string.Concat(text.Where(c => !Unseen(c)));
            if (Read(seen, mark).Look == NumberLook.Number)
            {
                return Miswritten($"must be a number without the character U+{(int)text.First(Unseen):X4}, which cannot be seen; write {seen}");
            }
        }
        return new NumberReading(NumberLook.Text, 0, "must be a number");

        static bool Unseen(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format || (c > ' ' && char.IsWhiteSpace(c));

        static NumberReading Miswritten(string expected) => new(NumberLook.Miswritten, 0, expected);
    }

    /// <summary>True for 1.000 or 12.500: with the decimal mark as it is, a fraction of three digits; in a column of counts, thousands.</summary>
    public static bool LooksLikeThousands(ReadOnlySpan<byte> cell, char mark) => cell.Length > 4 && cell[^4] == mark && LooksLikeThousands(Encoding.UTF8.GetString(cell), mark);

    /// <summary>The same of a text.</summary>
    public static bool LooksLikeThousands(string cell, char mark) => (mark == '.' ? PointThousands() : CommaThousands()).Match(cell) is { Success: true } found
        && !found.Groups[1].Success;

    /// <summary>What one cell says about the decimal mark.</summary>
    public static MarkEvidence Evidence(ReadOnlySpan<byte> cell)
    {
        var shape = NumberShape.Of(cell);
        if (!shape.IsNumber) return NumberShape.MayBegin(cell) ? Evidence(Encoding.UTF8.GetString(cell)) : MarkEvidence.NoNumber;
        return shape.Mark switch
        {
            0 => MarkEvidence.None,
            (byte)'.' => shape.IsPerhapsThousands ? MarkEvidence.PerhapsPoint : MarkEvidence.Point,
            _ => shape.IsPerhapsThousands ? MarkEvidence.PerhapsComma : MarkEvidence.Comma,
        };
    }

    private static MarkEvidence Evidence(string cell)
    {
        var text = cell.Replace('\u2212', '-');
        bool point = WithPoint().IsMatch(text), comma = WithComma().IsMatch(text);
        if (point && comma) return MarkEvidence.None;
        var commas = CommaThousands().Match(text);
        var points = PointThousands().Match(text);
        if (commas.Success) return commas.Groups[1].Success || !comma ? MarkEvidence.Point : MarkEvidence.PerhapsComma;
        if (points.Success) return points.Groups[1].Success || !point ? MarkEvidence.Comma : MarkEvidence.PerhapsPoint;
        return point ? MarkEvidence.Point : comma ? MarkEvidence.Comma : MarkEvidence.NoNumber;
    }
}

/// <summary>What one cell says about the decimal mark of its file.</summary>
internal enum MarkEvidence
{
    /// <summary>A whole number: nothing.</summary>
    None,

    /// <summary>The mark is a point, as in 0.28 or 1,234.5 or 1,234,567.</summary>
    Point,

    /// <summary>The mark is a comma, as in 0,28 or 1.234,5 or 1.234.567.</summary>
    Comma,

    /// <summary>1.234: either a decimal point or a thousands separator.</summary>
    PerhapsPoint,

    /// <summary>1,234: either a decimal comma or a thousands separator.</summary>
    PerhapsComma,

    /// <summary>Not a number.</summary>
    NoNumber,
}
