using System.Text;

namespace EmpathyNotebooks.Data;

/// <summary>Texts of one column, each made once where they repeat, as those of categories do. Where nearly all differ, as names do, it stops looking.</summary>
internal sealed class TextPool
{
    private const int Size = 512;
    private const int LookedAt = 2048;

    private readonly (byte[] Bytes, string Text)[] _seen = new (byte[], string)[Size];
    private int _asked;
    private int _found;

    /// <summary>The text of some bytes.</summary>
    public string Of(ReadOnlySpan<byte> cell)
    {
        if (_asked >= LookedAt && 4 * _found < _asked) return Encoding.UTF8.GetString(cell);
        _asked++;
        // Any slot will do, for a text that is there is compared byte by byte.
        var slot = (cell[0] + 7 * cell[^1] + 31 * cell[cell.Length / 2] + 127 * cell.Length) & (Size - 1);
        if (_seen[slot].Bytes is { } bytes && cell.SequenceEqual(bytes))
        {
            _found++;
            return _seen[slot].Text;
        }
        var text = Encoding.UTF8.GetString(cell);
        _seen[slot] = (cell.ToArray(), text);
        return text;
    }
}
