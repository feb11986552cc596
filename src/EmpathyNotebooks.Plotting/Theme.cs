using System.Collections.Immutable;

namespace EmpathyNotebooks.Plotting;

/// <summary>A colour by what it is for, in the light and in the dark theme, and in print without colours.</summary>
/// <param name="Light">On white, as CSS writes it.</param>
/// <param name="Dark">On a dark page, as CSS writes it.</param>
/// <param name="Gray">On white paper without colours, as CSS writes it.</param>
public sealed record ThemeColor(string Light, string Dark, string Gray);

/// <summary>
/// Fonts, colours and spacing of every chart, in one place. The colours of data follow Okabe &amp; Ito (2008), which readers with any kind of colour
/// vision tell apart; texts have a contrast of at least 4.5:1 and marks of at least 3:1 in both themes.
/// </summary>
public static class Theme
{
    /// <summary>The fonts asked for, best first. All have digits of one width, so that columns of numbers align.</summary>
    public const string FontFamily = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

    /// <summary>The size of text in pixels; where there is little room one less.</summary>
    internal const double TextSize = 13;

    /// <summary>The size of the lines below a plot and of labels within.</summary>
    internal const double SmallSize = 12;

    /// <summary>How much larger a title is than text.</summary>
    internal const double TitleStep = 3;

    /// <summary>The height of a line of the title.</summary>
    internal const double TitleLine = 22;

    /// <summary>The height of the words "Simulated data".</summary>
    internal const double SimulatedLine = 20;

    /// <summary>The height of a line below a plot.</summary>
    internal const double SummaryLine = 17;

    /// <summary>From the plot down to the lines below it: ticks and the axis title stand between.</summary>
    internal const double SummaryTop = 52;

    /// <summary>What stays free at the sides.</summary>
    internal const double Side = 8;

    /// <summary>Texts.</summary>
    public static ThemeColor Ink { get; } = new("#1f2328", "#e6edf3", "#000000");

    /// <summary>Texts of less weight.</summary>
    public static ThemeColor Muted { get; } = new("#57606a", "#a5b0bc", "#555555");

    /// <summary>Axis lines, rules and the line at the null value.</summary>
    public static ThemeColor Line { get; } = new("#6e7781", "#8b949e", "#777777");

    /// <summary>Lines at the ticks.</summary>
    public static ThemeColor Grid { get; } = new("#e4e7eb", "#343b43", "#e6e6e6");

    /// <summary>What lies behind a hover text.</summary>
    public static ThemeColor Surface { get; } = new("#ffffff", "#22272e", "#ffffff");

    /// <summary>The words "Simulated data".</summary>
    public static ThemeColor Simulated { get; } = new("#a33b00", "#ffb27a", "#000000");

    /// <summary>Studies: Okabe and Ito's blue.</summary>
    public static ThemeColor Study { get; } = new("#0072b2", "#56b4e9", "#4d4d4d");

    /// <summary>Pooled estimates: their vermillion.</summary>
    public static ThemeColor Pooled { get; } = new("#d55e00", "#ff9248", "#000000");

    /// <summary>Prediction intervals: their bluish green, a little darker on white.</summary>
    public static ThemeColor Prediction { get; } = new("#00916a", "#2fd0a0", "#8c8c8c");

    /// <summary>A fourth kind of mark: their reddish purple, darker on white.</summary>
    public static ThemeColor Fourth { get; } = new("#b0578b", "#e5a3c9", "#6b6b6b");

    /// <summary>A fifth kind of mark: their orange, darker on white.</summary>
    public static ThemeColor Fifth { get; } = new("#b37a00", "#f0b732", "#2e2e2e");

    /// <summary>The colours of series, in this order; a chart also gives each its own dash, so that print in grey keeps them apart.</summary>
    public static ImmutableArray<ThemeColor> Series { get; } = [Study, Pooled, Prediction, Fourth, Fifth, Ink];

    /// <summary>What fills the area under a series: its colour, mostly transparent.</summary>
    public static ImmutableArray<ThemeColor> Fills { get; } = [.. Series.Select(c => new ThemeColor(Transparent(c.Light, "0.13"), Transparent(c.Dark, "0.2"), Transparent(c.Gray, "0.15")))];

    /// <summary>Regions behind data, the one of least note first: in a funnel plot p below .01, .01 to .05, .05 to .10.</summary>
    public static ImmutableArray<ThemeColor> Regions { get; } = [new("#eef1f4", "#2b3139", "#f0f0f0"), new("#dbe1e6", "#38414b", "#dedede"), new("#c6ced6", "#465260", "#cccccc")];

    /// <summary>Bands of power behind data, from under 20% to 80% and more: the sunset, vermillion below and bluish green above, pale; in grey the darker the less.</summary>
    public static ImmutableArray<ThemeColor> Powers { get; } =
    [
        new("#f9dccf", "#4f3025", "#d2d2d2"), new("#fbe9e0", "#42322c", "#dcdcdc"), new("#f4f2ee", "#34363a", "#e8e8e8"), new("#e3f1ea", "#2a3f39", "#f2f2f2"), new("#cbe7da", "#1f4c40", "#fcfcfc"),
    ];

    /// <summary>Studies where hundreds of their lines lie over one another: that of <see cref="Study"/>, mostly transparent.</summary>
    public static ThemeColor Faint { get; } = new("rgba(0,114,178,0.4)", "rgba(86,180,233,0.45)", "rgba(77,77,77,0.4)");

    /// <summary>Every colour that may stand in a figure.</summary>
    public static ImmutableArray<ThemeColor> All { get; } =
        [Ink, Muted, Line, Grid, Surface, Simulated, Study, Pooled, Prediction, Fourth, Fifth, Faint, .. Fills, .. Regions, .. Powers];

    private static string Transparent(string hex, string share)
    {
        var parts = Convert.FromHexString(hex.AsSpan(1));
        return FormattableString.Invariant($"rgba({parts[0]},{parts[1]},{parts[2]},{share})");
    }
}
