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
        Assert.True(Contrast(color.Gray, "#ffffff") >= least, $"{name} in grey");
    }

    [Fact]
    public void A_light_colour_has_one_dark_one() => Assert.Equal(Theme.All.Length, Theme.All.Select(c => c.Light).Distinct().Count());

    [Fact]
    public void Greys_are_grey_and_studies_pooled_effect_and_prediction_differ_in_lightness()
    {
        Assert.All(Theme.All.Where(c => c.Gray[0] == '#'), c => Assert.True(c.Gray[1..3] == c.Gray[3..5] && c.Gray[3..5] == c.Gray[5..7], c.Gray));
        ThemeColor[] marks = [Theme.Study, Theme.Pooled, Theme.Prediction];
        Assert.All(new[] { (0, 1), (0, 2), (1, 2) }, pair => Assert.True(Contrast(marks[pair.Item1].Gray, marks[pair.Item2].Gray) > 1.8));
    }

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
