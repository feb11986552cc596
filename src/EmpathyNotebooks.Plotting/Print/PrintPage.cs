namespace EmpathyNotebooks.Plotting;

/// <summary>The form of a figure that fits a page, in the pixels it was designed in, and how large one of these is printed.</summary>
/// <param name="Form">The form.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="PointsPerPixel">The size of a pixel in points of 1/72 inch.</param>
/// <param name="FigureId">The name of the figure.</param>
internal sealed record PrintPage(FigureForm Form, double Width, double Height, double PointsPerPixel, string FigureId)
{
    private const double PointsPerMillimetre = 72 / 25.4;

    /// <summary>No form is meant for less.</summary>
    private const double NarrowestPixels = 340;

    public double WidthMillimetres => Width * PointsPerPixel / PointsPerMillimetre;

    public double HeightMillimetres => Height * PointsPerPixel / PointsPerMillimetre;

    /// <summary>From how many pixels on a figure has its widest form.</summary>
    private static double WidestFrom(PlotlyFigure figure) => figure.Forms.Where(f => double.IsFinite(f.MaximumWidth)).Select(f => f.MaximumWidth).DefaultIfEmpty(NarrowestPixels).Max();

    /// <summary>The largest text up to the size asked for with which the figure fits.</summary>
    /// <exception cref="ArgumentException">It does not fit with the smallest text that can be read.</exception>
    public static PrintPage Fit(PlotlyFigure figure, PrintOptions options)
    {
        var points = options.WidthMillimetres * PointsPerMillimetre;
        var largest = Math.Min(options.FontSizePoints, points / NarrowestPixels * Theme.TextSize);
        // Rather than leave out columns the text gets a little smaller, and by a hair more, lest rounding make the page too narrow after all.
        var withAll = points / WidestFrom(figure) * Theme.TextSize * (1 - 1e-9);
        if (withAll >= Math.Min(options.FontSizePoints, PrintOptions.SmallText)) largest = Math.Min(largest, withAll);
        PrintPage? page = null;
        for (var size = largest; size >= PrintOptions.SmallestText; size -= 0.125)
        {
            var perPixel = size / Theme.TextSize;
            var width = points / perPixel;
            var form = figure.ForPrint(figure.Forms.OrderBy(f => f.MaximumWidth).First(f => width < f.MaximumWidth));
            page = new PrintPage(form, width, form.Layout.Height - form.Layout.Top + form.Layout.TopInPrint, perPixel, figure.Id);
            if (page.HeightMillimetres <= (options.MaximumHeightMillimetres ?? double.PositiveInfinity)) return page;
        }
        throw page is null
            ? new ArgumentException(FormattableString.Invariant($"A figure {options.WidthMillimetres:0.#} mm wide has no room for text of {PrintOptions.SmallestText} points; make it wider."), nameof(options))
            : new ArgumentException(FormattableString.Invariant(
                $"With text of {PrintOptions.SmallestText} points the figure is still {page.HeightMillimetres:0} mm high, and MaximumHeightMillimetres is {options.MaximumHeightMillimetres:0.#}; allow more height, or leave it out."),
                nameof(options));
    }
}
