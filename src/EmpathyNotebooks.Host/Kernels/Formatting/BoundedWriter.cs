using System.Runtime.CompilerServices;

namespace EmpathyNotebooks.Host.Kernels.Formatting;

/// <summary>Takes what a formatter writes, as long as that is not too long, and the formatter not too deep within itself.</summary>
internal sealed class BoundedWriter : StringWriter
{
    /// <summary>A text that is written at once may be as long: a chart, a page. More is not shown by anything.</summary>
    public const int MostOfAPiece = 64 << 20;

    // Formatters of lists and objects write piece by piece.
    private const int LongestPiece = 1 << 16;
    private const int MostOfPieces = 1_000_000;

    // A hundred levels of lists. Each level catches and throws anew what ends it, which needs ten times the room of its call.
    private const long DeepestStack = 160 << 10;

    private long _top;
    private long _large;
    private int _small;

    public bool IsTooLong { get; private set; }

    public bool IsTooDeep { get; private set; }

    /// <summary>The depth counts from here.</summary>
    public void Begin() => _top = Here();

    public override void Write(char value)
    {
        Check(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        Check(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Check(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    // The address of a variable on the stack, which grows downwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Here()
    {
        byte local = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref local);
    }

    private void Check(int length)
    {
        if (length > LongestPiece) _large += length;
        else _small += length;
        IsTooLong |= _small > MostOfPieces || _large > MostOfAPiece;
        IsTooDeep |= _top - Here() > DeepestStack;
        if (IsTooLong || IsTooDeep) throw new InvalidOperationException("The value cannot be shown whole.");
    }
}
