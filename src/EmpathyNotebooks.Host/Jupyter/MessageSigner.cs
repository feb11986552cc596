using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Signs messages by HMAC-SHA256 and checks signatures.</summary>
/// <param name="key">The key; empty when messages are not signed.</param>
internal sealed class MessageSigner(string key)
{
    /// <summary>How many signatures are remembered, as in Jupyter's own session: one sent again after as many others is not known any more.</summary>
    internal const int MostRemembered = 65_536;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly HashSet<(UInt128, UInt128)> _known = [];
    private readonly Queue<(UInt128, UInt128)> _order = new();

    /// <summary>The signature of the four JSON frames, in lower-case hexadecimal.</summary>
    public byte[] Sign(ReadOnlySpan<byte[]> frames)
    {
        if (_key.Length == 0) return [];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var frame in frames) hash.AppendData(frame);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Whether the signature is that of the frames. The time it takes says nothing of where it differs.</summary>
    public bool IsValid(byte[] signature, ReadOnlySpan<byte[]> frames) =>
        _key.Length == 0 || CryptographicOperations.FixedTimeEquals(signature, Sign(frames));

    /// <summary>
    /// Whether a valid signature comes for the first time. No two messages have one, since each has an id of its own: one that comes again was
    /// recorded and sent by somebody else. Not where messages are not signed. On one thread.
    /// </summary>
    public bool IsFirst(byte[] signature)
    {
        if (_key.Length == 0) return true;
        var bytes = Convert.FromHexString(Encoding.ASCII.GetString(signature));
        var mark = (BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(16)));
        if (!_known.Add(mark)) return false;
        _order.Enqueue(mark);
        if (_order.Count > MostRemembered) _known.Remove(_order.Dequeue());
        return true;
    }
}
