using System.Buffers;
using System.Text;

namespace EmpathyNotebooks.Data;

/// <summary>The text of a file as the bytes of UTF-8 that nearly every file is: as characters, of twice the size, only where somebody asks.</summary>
internal sealed class TableText
{
    /// <summary>What nobody has to look at twice: printable ASCII and ends of lines.</summary>
    private static readonly SearchValues<byte> Ordinary = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c), (byte)'\t', (byte)'\r', (byte)'\n']);

    /// <summary>What may begin a control character: those of ASCII, and the first byte of U+0080 to U+009F.</summary>
    private static readonly SearchValues<byte> Suspicious = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not ('\t' or '\r' or '\n')).Select(c => (byte)c), 0x7F, 0xC2]);

    private const int CharactersOfStart = 2000;

    private readonly ReadOnlyMemory<byte>? _given;

    /// <summary>A text.</summary>
    public TableText(string text) => Text = text;

    /// <summary>Valid UTF-8.</summary>
    public TableText(ReadOnlyMemory<byte> utf8) => _given = utf8;

    /// <summary>The bytes. A text of which half a character is left has none: <see cref="CheckCharacters"/> refuses it first.</summary>
    public ReadOnlyMemory<byte> Utf8 => _given ?? (field.IsEmpty ? field = Encoding.UTF8.GetBytes(Text) : field);

    /// <summary>The characters.</summary>
    public string Text => field ??= Encoding.UTF8.GetString(_given!.Value.Span);

    /// <summary>The first characters, enough to see what kind of text it is.</summary>
    public string Start
    {
        get
        {
            if (field is not null) return field;
            if (_given is not { } utf8) return field = Text[..Math.Min(Text.Length, CharactersOfStart)];
            // Three bytes at most for each of the characters, and the last perhaps cut.
            var start = Encoding.UTF8.GetString(utf8.Span[..Math.Min(utf8.Length, 3 * CharactersOfStart + 3)]);
            return field = start[..Math.Min(start.Length, CharactersOfStart)];
        }
    }

    /// <summary>The same without the mark of its encoding at the start, if it has one.</summary>
    public TableText WithoutMark() => _given is not { } utf8 ? Text.StartsWith('\uFEFF') ? new TableText(Text[1..]) : this
        : utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? new TableText(utf8[Encoding.UTF8.Preamble.Length..]) : this;

    /// <summary>True where there is nothing but blanks and ends of lines.</summary>
    public bool IsBlank
    {
        get
        {
            var visible = Utf8.Span.IndexOfAnyExcept(" \t\r\n"u8);
            return visible < 0 || (Utf8.Span[visible] >= 0x80 && string.IsNullOrWhiteSpace(Text));
        }
    }

    /// <summary>Refuses what no spreadsheet shows and no reader of a table could see.</summary>
    public void CheckCharacters(string file)
    {
        if (_given is { } utf8)
        {
            var rest = utf8.Span;
            if (!rest.ContainsAnyExcept(Ordinary)) return;
            while (true)
            {
                var at = rest.IndexOfAny(Suspicious);
                if (at < 0) return;
                if (rest[at] != 0xC2 || rest[at + 1] <= 0x9F) break;
                rest = rest[(at + 2)..];
            }
        }
        CsvText.CheckCharacters(Text, file);
    }

    /// <summary>The line, counted from 1, of the first letter that was lost when the file was saved, and what stands for it: a question mark within a word, or U+FFFD. Null where there is none.</summary>
    public (int Line, char Mark)? LostLetter()
    {
        var all = Utf8.Span;
        // The first and the last character of the text are within no word.
        for (var i = 0; i < all.Length; i++)
        {
            var next = all[i..].IndexOfAny((byte)'?', (byte)0xEF);
            if (next < 0) return null;
            i += next;
            var size = all[i] == '?' ? 1 : 3;
            if (i == 0 || i + size >= all.Length) continue;
            if (size == 3 ? all[i + 1] != 0xBF || all[i + 2] != 0xBD : !IsLetterBefore(all[..i]) || !IsLetterAt(all[(i + 1)..])) continue;
            return (1 + all[..i].Count((byte)'\n'), size == 3 ? '\uFFFD' : '?');
        }
        return null;

        static bool IsLetterBefore(ReadOnlySpan<byte> text) => Rune.DecodeLastFromUtf8(text, out var rune, out _) == OperationStatus.Done && rune.IsBmp && Rune.IsLetter(rune);
        static bool IsLetterAt(ReadOnlySpan<byte> text) => Rune.DecodeFromUtf8(text, out var rune, out _) == OperationStatus.Done && rune.IsBmp && Rune.IsLetter(rune);
    }

    /// <summary>Whole lines from the start, many more than a title and a header take; or all there is, where the first lines are very long.</summary>
    public string FirstLines(int fewest)
    {
        const int bytesLookedAt = 64 * 1024;
        var all = Utf8.Span;
        if (all.Length <= bytesLookedAt) return Text;
        var end = all[..bytesLookedAt].LastIndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0) return Text;
        var start = Encoding.UTF8.GetString(all[..end]);
        var lines = 0;
        foreach (var line in start.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace() && ++lines >= fewest) return start;
        }
        return Text;
    }
}
