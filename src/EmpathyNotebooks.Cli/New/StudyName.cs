using System.Text;

namespace EmpathyNotebooks.Cli.New;

/// <summary>Names of folders that every system takes, and titles.</summary>
internal static class StudyName
{
    private const int LongestName = 200;
    private const int LongestTitle = 200;

    // Windows knows these as devices, with any ending.
    private static readonly string[] Devices =
        ["con", "prn", "aux", "nul", "conin$", "conout$", .. "123456789¹²³".SelectMany(digit => (string[])[$"com{digit}", $"lpt{digit}"])];

    /// <summary>The name, if a folder can have it on every system: a project is shared.</summary>
    /// <exception cref="BadInputException">It cannot; the message says why.</exception>
    public static string Checked(string name)
    {
        var fault = name.Length == 0 || string.IsNullOrWhiteSpace(name) ? "give the folder a name"
            : name.AsSpan().ContainsAny('/', '\\') || name is "." or ".." ? "give the name of one folder, without a path; --output DIR says where to make it"
            : name.FirstOrDefault(c => "<>:\"|?*".Contains(c, StringComparison.Ordinal)) is var sign and not '\0' ? $"Windows has no {sign} in names of folders; leave it out"
            : HasUnprintable(name) ? "it has a character that cannot be printed; leave it out"
            : name[0] == '-' ? "a name that begins with - would be taken for an option"
            : name[0] == ' ' || name[^1] is ' ' or '.' ? "leave out blanks at its ends, and full stops at its end"
            : Devices.Contains(name.Split('.')[0].TrimEnd(' '), StringComparer.OrdinalIgnoreCase) ? "Windows keeps this name for a device"
            : Encoding.UTF8.GetByteCount(name) > LongestName ? $"it is longer than {LongestName} bytes"
            : null;
        return fault is null ? name : throw new BadInputException($"\"{Shown(name)}\" cannot be the name of the folder: {fault}.");
    }

    /// <summary>The title, if it is a line of text.</summary>
    /// <exception cref="BadInputException">It is not.</exception>
    public static string CheckedTitle(string title)
    {
        var trimmed = title.Trim();
        if (trimmed.Length == 0) throw new BadInputException("--title: give a title.");
        if (HasUnprintable(trimmed)) throw new BadInputException($"--title \"{Shown(trimmed)}\": give one line without characters that cannot be printed.");
        return trimmed.Length <= LongestTitle ? trimmed : throw new BadInputException($"--title: it has {trimmed.Length} characters; give at most {LongestTitle}.");
    }

    /// <summary>A title made of the name of the folder: my-study is My study.</summary>
    public static string TitleOf(string name)
    {
        var words = string.Join(' ', name.Split(['-', '_', ' '], StringSplitOptions.RemoveEmptyEntries));
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    // Half of a surrogate pair has no bytes in UTF-8; a line separator would end the heading that a title stands in.
    private static bool HasUnprintable(string text) =>
        text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029') || text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static string Shown(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\u00b7' : c));
}
