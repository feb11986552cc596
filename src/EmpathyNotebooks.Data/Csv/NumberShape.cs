using System.Globalization;

namespace EmpathyNotebooks.Data;

/// <summary>How a number is written: a sign, digits with one mark at most, an exponent. Found in one look at the bytes, for millions of cells.</summary>
internal readonly record struct NumberShape
{
    /// <summary>Powers of ten that a double holds exactly.</summary>
    private static ReadOnlySpan<double> Powers => [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>So many digits a double holds exactly, whatever they are.</summary>
    private const int ExactDigits = 15;

    /// <summary>True for a number with either mark.</summary>
    public bool IsNumber { get; private init; }

    /// <summary>The point or comma within, or 0.</summary>
    public byte Mark { get; private init; }

    /// <summary>True for 1.234, 12.345 and 123.456, with a comma, too: one mark before three digits, and not more than three before it, the first of which is no zero.</summary>
    public bool IsPerhapsThousands { get; private init; }

    private bool HasExponent { get; init; }

    private int Digits { get; init; }

    private int Decimals { get; init; }

    private long Mantissa { get; init; }

    /// <summary>True where a number could begin like this, be it one with the true minus sign or with separators of thousands.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> cell) => !cell.IsEmpty && (cell[0] is >= (byte)'0' and <= (byte)'9' or (byte)'+' or (byte)'-' or (byte)'.' or (byte)',' || cell[0] >= 0x80);

    /// <summary>Looks at a cell.</summary>
    public static NumberShape Of(ReadOnlySpan<byte> cell)
    {
        if (!MayBegin(cell) || cell[0] >= 0x80) return default;
        var start = cell[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        var i = start;
        var (whole, decimals) = (0, 0);
        long mantissa = 0;
        byte mark = 0;
        for (; i < cell.Length; i++)
        {
            var c = cell[i];
            if (c is >= (byte)'0' and <= (byte)'9')
            {
                // Beyond the digits that are exact it is not looked at.
                mantissa = unchecked(10 * mantissa + (c - '0'));
                if (mark == 0) whole++;
                else decimals++;
            }
            else if (mark == 0 && c is (byte)'.' or (byte)',') mark = c;
            else break;
        }
        if (whole + decimals == 0) return default;
        var exponent = i < cell.Length;
        if (exponent && !IsExponent(cell[i..])) return default;
        return new NumberShape
        {
            IsNumber = true,
            Mark = mark,
            HasExponent = exponent,
            Digits = whole + decimals,
            Decimals = decimals,
            Mantissa = mantissa,
            IsPerhapsThousands = !exponent && decimals == 3 && whole is >= 1 and <= 3 && cell[start] != '0',
        };
    }

    /// <summary>True where the decimal mark of the file is the one within, or none is.</summary>
    public bool Allows(char mark) => Mark == 0 || Mark == mark;

    /// <summary>The number, which may be infinite.</summary>
    /// <param name="cell">The cell it was found in.</param>
    public double Value(ReadOnlySpan<byte> cell)
    {
        // Both are exact, so that the one division rounds as reading the digits would.
        if (Digits <= ExactDigits && !HasExponent) return (cell[0] == '-' ? -(double)Mantissa : Mantissa) / Powers[Decimals];
        if (Mark != ',') return double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
        byte[] withPoint = [.. cell];
        withPoint.AsSpan().Replace((byte)',', (byte)'.');
        return double.Parse(withPoint, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static bool IsExponent(ReadOnlySpan<byte> rest)
    {
        if (rest[0] is not ((byte)'e' or (byte)'E')) return false;
        rest = rest[1..];
        if (!rest.IsEmpty && rest[0] is (byte)'+' or (byte)'-') rest = rest[1..];
        return !rest.IsEmpty && !rest.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
