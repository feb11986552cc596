using System.Globalization;

namespace EmpathyNotebooks.Plotting.Tests;

public class ThemeTests
{
    public static TheoryData<string, bool> Colours => new()
    {
        { nameof(Theme.Ink), true }, { nameof(Theme.Muted), true }, { nameof(Theme.Simulated), true },
        { nameof(Theme.Line), false }, { nameof(Theme.Study), false }, { nameof(Theme.Pooled), false },
        { nameof(Theme.Prediction), false }, { nameof(Theme.Fourth), false }, { nameof(Theme.Fifth), false },
    };

    [Theory]
    [MemberData(nameof(Colours))]
    public void Texts_and_marks_stand_out_in_both_themes(string name, bool isText)
    {
        var color = (ThemeColor)typeof(Theme).GetProperty(name)!.GetValue(null)!;
        var least = isText ? 4.5 : 3.0;
        Assert.True(Contrast(color.Light, "#ffffff") >= least, $"{name} on white");
        Assert.True(Contrast(color.Dark, "#1e1e1e") >= least, $"{name} on VS Code's dark");
        Assert.True(Contrast(color.Dark, Theme.Surface.Dark) >= least, $"{name} on the dark surface");
    }

    [Fact]
    public void A_light_colour_has_one_dark_one() => Assert.Equal(Theme.All.Length, Theme.All.Select(c => c.Light).Distinct().Count());

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string hex)
    {
        double Part(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Part(1) + 0.7152 * Part(3) + 0.0722 * Part(5);
    }
}
