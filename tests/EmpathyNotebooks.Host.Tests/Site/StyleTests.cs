using System.Globalization;
using System.Text.RegularExpressions;
using EmpathyNotebooks.Host.Site;

namespace EmpathyNotebooks.Host.Tests.Site;

/// <summary>Text stays readable in both themes: WCAG 2.2, success criterion 1.4.3, level AA.</summary>
public sealed class StyleTests
{
    private static readonly string Css = Asset.Read("Assets/site.css");

    public static TheoryData<string, string, int> Pairs()
    {
        string[] inks = ["--ink", "--muted", "--accent", "--good", "--warn", "--bad",
            ".c-keyword", ".c-type", ".c-method", ".c-string", ".c-number", ".c-comment"];
        var pairs = new TheoryData<string, string, int>();
        foreach (var ink in inks)
            foreach (var ground in new[] { "--paper", "--raised" })
                foreach (var theme in new[] { 0, 1 }) pairs.Add(ink, ground, theme);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Contrast_is_at_least_4_5(string ink, string ground, int theme)
    {
        double[] luminance = [Luminance(Colour(ink, theme)), Luminance(Colour(ground, theme))];
        Assert.True((luminance.Max() + 0.05) / (luminance.Min() + 0.05) >= 4.5);
    }

    private static string Colour(string name, int theme)
    {
        var match = Regex.Match(Css, Regex.Escape(name) + @"(?:: | \{ color: )light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)");
        Assert.True(match.Success, name);
        return match.Groups[theme + 1].Value;
    }

    // WCAG 2.2, definition of relative luminance.
    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }
}
