using System.Security.Cryptography;
using System.Text;

namespace EmpathyNotebooks.Host.Jupyter;

/// <summary>Signs messages by HMAC-SHA256 and checks signatures.</summary>
/// <param name="key">The key; empty when messages are not signed.</param>
internal sealed class MessageSigner(string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

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
}
