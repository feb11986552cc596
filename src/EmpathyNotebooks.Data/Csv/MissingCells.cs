using System.Text;

namespace EmpathyNotebooks.Data;

/// <summary>The cells that mean an unknown value: empty ones, and the texts of an option.</summary>
internal sealed class MissingCells(IReadOnlyList<string> texts)
{
    // Half a character is in no file.
    private readonly byte[][] _texts = [.. texts.Where(text => !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) || text.Contains('\uFFFD')).Select(Encoding.UTF8.GetBytes)];

    /// <summary>True where a cell means it.</summary>
    public bool Includes(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty) return true;
        foreach (var text in _texts)
        {
            if (cell.SequenceEqual(text)) return true;
        }
        return false;
    }
}
