using System.Globalization;
using System.Text;
using System.Text.Unicode;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Data;

/// <summary>From bytes to text: UTF-8, UTF-16, or else the one of Windows-1252 and Mac Roman under which the letters make words.</summary>
internal static class TextEncoding
{
    /// <summary>The text, and the name of the encoding where it is not Unicode. UTF-8 stays as it is.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="said">The encoding it is in, or null to find it.</param>
    public static (TableText Text, string? Legacy) Read(byte[] bytes, string file, Encoding? said)
    {
        if (said is null && Utf16(bytes) is null)
        {
            var body = bytes.AsMemory();
            if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
            if (Utf8.IsValid(body.Span)) return (new TableText(body), null);
        }
        var (text, legacy) = Decode(bytes, file, said);
        return (new TableText(text), legacy);
    }

    /// <summary>The text, and the name of the encoding where it is not Unicode.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="said">The encoding it is in, or null to find it.</param>
    public static (string Text, string? Legacy) Decode(ReadOnlySpan<byte> bytes, string file, Encoding? said = null)
    {
        if (said is not null)
        {
            var strict = (Encoding)said.Clone();
            strict.DecoderFallback = DecoderFallback.ExceptionFallback;
            try
            {
                return (strict.GetString(bytes.StartsWith(said.Preamble) ? bytes[said.Preamble.Length..] : bytes), null);
            }
            catch (DecoderFallbackException fault)
            {
                throw Damaged(said.WebName, bytes, fault, file);
            }
        }
        if (Utf16(bytes) is { } wide)
        {
            var body = bytes.StartsWith(wide.Preamble) ? bytes[2..] : bytes;
            try
            {
                return (wide.GetString(body), null);
            }
            catch (DecoderFallbackException fault)
            {
                throw Damaged("UTF-16", body, fault, file);
            }
        }
        var marked = bytes.StartsWith(Encoding.UTF8.Preamble);
        if (marked) bytes = bytes[3..];
        try
        {
            return (new UTF8Encoding(false, true).GetString(bytes), null);
        }
        catch (DecoderFallbackException fault)
        {
            // A mark says UTF-8; and where most of the text is, the rest is damage and no other encoding.
            if (marked || HasUtf8Letters(bytes)) throw Damaged("UTF-8", bytes, fault, file);
        }
        var (windows, mac) = (Legacy(1252).GetString(bytes), Legacy(10000).GetString(bytes));
        return WordScore(mac) > WordScore(windows) ? (mac, "Mac Roman") : (windows, "Windows-1252");
    }

    private static Encoding Legacy(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page)
        ?? throw new InvalidOperationException($"This build of .NET lacks code page {page.ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>By the mark, or without one by the zeros that half of the bytes of a Western table are.</summary>
    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.Unicode.Preamble)) return new UnicodeEncoding(false, true, true);
        if (bytes.StartsWith(Encoding.BigEndianUnicode.Preamble)) return new UnicodeEncoding(true, true, true);
        if (bytes.Length < 4 || bytes.Length % 2 != 0) return null;
        int even = 0, odd = 0, pairs = Math.Min(bytes.Length, 4096) / 2;
        for (var i = 0; i < 2 * pairs; i += 2)
        {
            if (bytes[i] == 0) even++;
            if (bytes[i + 1] == 0) odd++;
        }
        return odd > 0.8 * pairs && even == 0 ? new UnicodeEncoding(false, true, true)
            : even > 0.8 * pairs && odd == 0 ? new UnicodeEncoding(true, true, true) : null;
    }

    private static StudyDataException Damaged(string name, ReadOnlySpan<byte> bytes, DecoderFallbackException fault, string file)
    {
        var line = 1 + bytes[..Math.Clamp(fault.Index, 0, bytes.Length)].Count((byte)'\n');
        var wrong = fault.BytesUnknown is { Length: > 0 } unknown ? $" (byte 0x{unknown[0]:X2})" : "";
        return new StudyDataException($"is not valid {name}{wrong}; save the file as UTF-8", row: line, file: file, kind: StudyDataFault.Form);
    }

    /// <summary>True when a sequence of bytes is there that is a letter in UTF-8 and hardly anything else elsewhere.</summary>
    private static bool HasUtf8Letters(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] is >= 0xC3 and <= 0xC5 && bytes[i + 1] is >= 0x80 and <= 0xBF) return true;
        }
        return false;
    }

    /// <summary>Letters within words speak for an encoding; symbols within them, capitals after small letters and characters without meaning against it.</summary>
    private static int WordScore(string text)
    {
        var score = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c < 0x80) continue;
            var (before, after) = (i > 0 ? text[i - 1] : ' ', i + 1 < text.Length ? text[i + 1] : ' ');
            var within = char.IsLetter(before) && char.IsLetter(after);
            if (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) score -= 5;
            else if (char.IsLetter(c))
            {
                var misplaced = char.IsUpper(c) && char.IsLetter(before) && (char.IsLower(before) || char.IsLower(after));
                score += misplaced ? -3 : char.IsLetter(before) || char.IsLetter(after) ? 2 : 0;
            }
            else if (char.IsPunctuation(c)) score += within && c is not ('\u2019' or '\u2013' or '\u2010') ? -1 : 1;
            else score -= within ? 3 : 1;
        }
        return score;
    }
}
