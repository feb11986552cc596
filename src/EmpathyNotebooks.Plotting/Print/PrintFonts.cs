using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>The fonts of print. They come with the library, so that a figure looks alike on every system.</summary>
internal static class PrintFonts
{
    /// <summary>What an SVG asks for: the font it was set in, then those with letters as wide.</summary>
    public const string Families = "Liberation Sans, Arial, Helvetica, sans-serif";

    private static readonly Lazy<SKTypeface> Regular = new(() => Load("LiberationSans-Regular.ttf"));
    private static readonly Lazy<SKTypeface> Bold = new(() => Load("LiberationSans-Bold.ttf"));

    /// <summary>The name of the font as an SVG has it before <see cref="Families"/> take its place.</summary>
    public static string FamilyName => Regular.Value.FamilyName;

    /// <summary>Parts of a text, each with a font that has its letters: the library's, or for other scripts one of the system.</summary>
    public static IEnumerable<(string Text, SKTypeface Typeface)> Parts(string text, bool bold)
    {
        var own = (bold ? Bold : Regular).Value;
        using var letters = new SKFont(own);
        var start = 0;
        var current = own;
        for (var i = 0; i < text.Length;)
        {
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            var code = length == 2 ? char.ConvertToUtf32(text, i) : text[i];
            var typeface = letters.ContainsGlyph(code) ? own : SKFontManager.Default.MatchCharacter(code) ?? own;
            if (!ReferenceEquals(typeface, current) && typeface.FamilyName != current.FamilyName)
            {
                if (i > start) yield return (text[start..i], current);
                (start, current) = (i, typeface);
            }
            i += length;
        }
        if (start < text.Length) yield return (text[start..], current);
    }

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(PrintFonts).Assembly.GetManifestResourceStream($"EmpathyNotebooks.Plotting.Fonts.{file}")
            ?? throw new InvalidOperationException($"The font {file} is not in the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data);
    }
}
