using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>Where the values of a figure's axes stand on the page, in pixels.</summary>
internal sealed class PrintScales
{
    /// <summary>The gap between blocks, as the page's script has it.</summary>
    private const double Gap = 6;

    private readonly Dictionary<string, PrintScale> _scales = new(StringComparer.Ordinal);

    public PrintScales(PrintPage page)
    {
        var layout = page.Form.Layout;
        Plot = new SKRect((float)layout.Left, (float)layout.TopInPrint, (float)(page.Width - layout.Right), (float)(page.Height - layout.Bottom));
        var blocks = Blocks(page.Form, Plot.Width);
        foreach (var (index, axis) in layout.XAxes.Index())
        {
            var name = Name("x", index);
            var (from, to) = blocks.TryGetValue(name, out var block) ? block : (axis.DomainFrom * Plot.Width, axis.DomainTo * Plot.Width);
            _scales[name] = new PrintScale(axis, Plot.Left + from, Plot.Left + to);
        }
        foreach (var (index, axis) in layout.MoreYAxes.Prepend(layout.YAxis).Index())
        {
            _scales[Name("y", index)] = new PrintScale(axis, Plot.Bottom - axis.DomainFrom * Plot.Height, Plot.Bottom - axis.DomainTo * Plot.Height);
        }
    }

    /// <summary>All within the margins.</summary>
    public SKRect Plot { get; }

    public IEnumerable<PrintScale> Horizontal => _scales.Where(s => s.Key[0] == 'x').Select(s => s.Value);

    public IEnumerable<PrintScale> Vertical => _scales.Where(s => s.Key[0] == 'y').Select(s => s.Value);

    /// <summary>The place of a value along an axis; <c>paper</c> runs from 0 to 1 over the plot.</summary>
    public double X(string axis, double value) => axis == "paper" ? Plot.Left + value * Plot.Width : _scales[axis].Place(value);

    /// <inheritdoc cref="X"/>
    public double Y(string axis, double value) => axis == "paper" ? Plot.Bottom - value * Plot.Height : _scales[axis].Place(value);

    /// <summary>The part of the plot that two axes take.</summary>
    public SKRect Area(string xAxis, string yAxis)
    {
        var (x, y) = (_scales[xAxis], _scales[yAxis]);
        return new SKRect((float)x.Start, (float)y.End, (float)x.End, (float)y.Start);
    }

    private static string Name(string letter, int index) => index == 0 ? letter : FormattableString.Invariant($"{letter}{index + 1}");

    /// <summary>Blocks of fixed widths with one between them that takes the rest.</summary>
    private static Dictionary<string, (double From, double To)> Blocks(FigureForm form, double width)
    {
        var rest = Math.Max(20, width - form.Blocks.Sum(b => b.Pixels ?? 0) - Gap * (form.Blocks.Length - 1));
        var places = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        double at = 0;
        foreach (var (axis, pixels) in form.Blocks)
        {
            var wide = pixels ?? rest;
            places[axis.Replace("axis", "", StringComparison.Ordinal)] = (at, Math.Min(width, at + wide));
            at += wide + Gap;
        }
        return places;
    }
}

/// <summary>An axis on the page.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">Where it begins, in pixels.</param>
/// <param name="End">Where it ends.</param>
internal sealed record PrintScale(FigureAxis Axis, double Start, double End)
{
    public double Place(double value) => Start + (value - Axis.From) / (Axis.To - Axis.From) * (End - Start);
}
