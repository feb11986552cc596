namespace EmpathyNotebooks.Plotting;

/// <summary>How a figure is printed.</summary>
public sealed record PrintOptions
{
    /// <summary>Below this many points no text can be read.</summary>
    internal const double SmallestText = 4;

    /// <summary>Down to this size text shrinks so that a figure can keep all its columns.</summary>
    internal const double SmallText = 6;

    /// <summary>One column of a page with two: 84 mm, as Springer's journals have it.</summary>
    public static PrintOptions OneColumn { get; } = new() { WidthMillimetres = 84 };

    /// <summary>The whole width of a page: 174 mm, as Springer's journals have it; what is taken if not said.</summary>
    public static PrintOptions TwoColumns { get; } = new();

    /// <summary>
    /// The width in millimetres, 30 to 2,000; 174 if not said. Where there is no room for all columns of a forest plot, it has fewer, as in a narrow page: on 84 mm labels and effects.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is out of range.</exception>
    public double WidthMillimetres { get; init => field = Within(value, 30, 2000, nameof(WidthMillimetres)); } = 174;

    /// <summary>
    /// The most the figure may be high, in millimetres, 30 to 5,000 (a page of Springer's journals has 234). The text is made smaller until it
    /// fits. Without it the figure is as high as its rows take.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is out of range.</exception>
    public double? MaximumHeightMillimetres
    {
        get;
        init => field = value is { } height ? Within(height, 30, 5000, nameof(MaximumHeightMillimetres)) : null;
    }

    /// <summary>
    /// The size of the text in points, 4 to 24; 8 if not said. Text of less weight is a little smaller. All text is made smaller, down to 6 points, where a figure can keep columns
    /// that it would have to leave out otherwise (see <see cref="WidthMillimetres"/>), and down to 4 where it would not fit its height.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public double FontSizePoints { get; init => field = Within(value, SmallestText, 24, nameof(FontSizePoints)); } = 8;

    /// <summary>True prints in shades of grey that are told apart, and is cheaper in many journals.</summary>
    public bool IsGrayscale { get; init; }

    /// <summary>True leaves out the white behind the figure.</summary>
    public bool IsTransparent { get; init; }

    /// <summary>Pixels an inch in a PNG, 72 to 1,200; 300 if not said. SVG and PDF have no pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public double DotsPerInch { get; init => field = Within(value, 72, 1200, nameof(DotsPerInch)); } = 300;

    private static double Within(double value, double least, double most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} must lie between {least:N0} and {most:N0}."));
}
