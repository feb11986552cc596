using System.Collections.Concurrent;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>The fonts of print. They come with the library, so that a figure looks alike on every system.</summary>
internal static class PrintFonts
{
    /// <summary>What an SVG asks for: the font it was set in, then those with letters as wide.</summary>
    public const string Families = "Liberation Sans, Arial, Helvetica, sans-serif";

    private static readonly Lazy<SKTypeface> Regular = new(() => Load("LiberationSans-Regular.ttf"));
    private static readonly Lazy<SKTypeface> Bold = new(() => Load("LiberationSans-Bold.ttf"));

    private static readonly ConcurrentDictionary<int, SKTypeface?> Others = new();
    private static readonly Lazy<SKTypeface[]> Installed = new(FindInstalled);

    /// <summary>The name of the font as an SVG has it before <see cref="Families"/> take its place.</summary>
    public static string FamilyName => Regular.Value.FamilyName;

    /// <summary>True for a part that must be laid out by whoever shows it: one whose letters the library's font has not, or that runs from right to left.</summary>
    public static bool NeedsLayout(string text, SKTypeface typeface)
    {
        return typeface.FamilyName != FamilyName
            || text.EnumerateRunes().Any(r => r.Value is >= 0x590 and <= 0x8ff or >= 0xfb1d and <= 0xfdff or >= 0xfe70 and <= 0xfefc || !Has(typeface, r.Value));
    }

    /// <summary>The library's font.</summary>
    public static SKTypeface Own(bool bold) => (bold ? Bold : Regular).Value;

    /// <summary>Parts of a text, each with a font that has its letters: the library's, or for other scripts one of the system.</summary>
    public static IEnumerable<(string Text, SKTypeface Typeface)> Parts(string text, bool bold)
    {
        var own = Own(bold);
        using var letters = new SKFont(own);
        var start = 0;
        var current = own;
        for (var i = 0; i < text.Length;)
        {
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            var code = length == 2 ? char.ConvertToUtf32(text, i) : text[i];
            var typeface = letters.ContainsGlyph(code) ? own : Others.GetOrAdd(code, Other) ?? own;
            if (!ReferenceEquals(typeface, current) && typeface.FamilyName != current.FamilyName)
            {
                if (i > start) yield return (text[start..i], current);
                (start, current) = (i, typeface);
            }
            i += length;
        }
        if (start < text.Length) yield return (text[start..], current);
    }

    // Where the drawing library knows no fonts of the system, it matches one without letters.
    private static SKTypeface? Other(int code) => SKFontManager.Default.MatchCharacter(code) is { } match && Has(match, code) ? match
        : Array.Find(Installed.Value, typeface => Has(typeface, code));

    private static bool Has(SKTypeface typeface, int code)
    {
        using var letters = new SKFont(typeface);
        return letters.ContainsGlyph(code);
    }

    /// <summary>The fonts of a Linux system, which the drawing library does not look for itself; those without serifs and in their plain form first.</summary>
    private static SKTypeface[] FindInstalled()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders = ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(home, ".fonts"), Path.Combine(home, ".local", "share", "fonts")];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return [.. folders.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*", options))
            .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".ttf" or ".otf" or ".ttc")
            .OrderBy(f => !Path.GetFileName(f).Contains("Sans", StringComparison.OrdinalIgnoreCase))
            .ThenBy(f => Path.GetFileName(f).Contains("Bold", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(f).Contains("Oblique", StringComparison.OrdinalIgnoreCase))
            .ThenBy(f => f, StringComparer.Ordinal)
            .Select(file => SKTypeface.FromFile(file)).OfType<SKTypeface>()];
    }

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(PrintFonts).Assembly.GetManifestResourceStream($"EmpathyNotebooks.Plotting.Fonts.{file}")
            ?? throw new InvalidOperationException($"The font {file} is not in the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
