using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using EmpathyNotebooks.Plotting.Files;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// Figures for print: every plot as SVG, PDF or PNG, without a browser. The same plot gives the same bytes on one system; between systems pixels
/// may differ in their last digits. The fonts that come with the library have Latin, Greek, Cyrillic and Hebrew letters; those of other scripts are taken from the fonts of the system
/// (a PDF then carries that font, which may be large). Where no font has a letter, PDF and PNG show an empty box in its place; an SVG keeps the text, for whoever shows it to find a font.
/// In PDF and PNG letters stand one after the other from left to right, so that scripts that run from right to left or join their letters (Hebrew, Arabic, Devanagari) are right only
/// in an SVG and on a page. When not to use it: for a page on a screen, where <see cref="PlotlyHtml"/> answers to the pointer.
/// </summary>
/// <example><code>
/// var plot = ForestPlot.Create(RandomEffects.Fit(StudyEffects.Create([0.31, 0.12, 0.45], [0.010, 0.022, 0.015], EffectMeasure.FisherZ)));
/// string svg = plot.ToSvg(new PrintOptions { WidthMillimetres = 120, FontSizePoints = 9 });
/// byte[] png = plot.ToPng(PrintOptions.OneColumn with { DotsPerInch = 600, IsGrayscale = true });
/// </code></example>
public static class PlotPrinting
{
    private const long MostPixels = 400_000_000;

    /// <summary>Skia rounds a page to the pixels of its pictures; a figure has none, and these, to an inch, make a hundredth of a point.</summary>
    private const float PdfUnits = 7200;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Writes the plot into a file, in the format its name ends with: .svg, .pdf or .png.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="options">Width, size of the text, colours; 174 mm in colour if not said.</param>
    /// <exception cref="ArgumentException">The name ends otherwise, or the figure does not fit.</exception>
    /// <exception cref="FileWriteException">The file cannot be written; one that was there is unchanged.</exception>
    public static void Save(this IPlot plot, string path, PrintOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        WholeFile.Write(path, Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".svg" => Encoding.UTF8.GetBytes(plot.ToSvg(options)),
            ".pdf" => plot.ToPdf(options),
            ".png" => plot.ToPng(options),
            var other => throw new ArgumentException($"A figure is saved as .svg, .pdf or .png; \"{path}\" ends with \"{other}\".", nameof(path)),
        });
    }

    /// <summary>The plot as SVG, its texts as text, sized in millimetres, with the finding as its description.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="options">Width, size of the text, colours; 174 mm in colour if not said.</param>
    /// <exception cref="ArgumentException">The figure does not fit.</exception>
    public static string ToSvg(this IPlot plot, PrintOptions? options = null)
    {
        var (page, print) = Page(plot, options);
        var root = Drawing(page, print);
        root.SetAttributeValue("width", Invariant(page.WidthMillimetres) + "mm");
        root.SetAttributeValue("height", Invariant(page.HeightMillimetres) + "mm");
        root.SetAttributeValue("viewBox", $"0 0 {Invariant(page.Width)} {Invariant(page.Height)}");
        root.SetAttributeValue("role", "img");
        root.SetAttributeValue("aria-label", PlotText.Clean(plot.Finding));
        root.AddFirst(new XElement(Svg + "title", PlotText.Clean(plot.Title.Length > 0 ? plot.Title : plot.Finding)), new XElement(Svg + "desc", PlotText.Clean(plot.Finding)));
        var result = new StringBuilder();
        using (var writer = XmlWriter.Create(result, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineChars = "\n" })) root.Save(writer);
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + result + "\n";
    }

    /// <summary>The page as SVG without its size.</summary>
    internal static XElement Drawing(PrintPage page, PrintOptions print)
    {
        using var stream = new MemoryStream();
        var kept = new List<string>();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, (float)page.Width, (float)page.Height), stream)) FigurePainter.Paint(canvas, page, print, kept);
        var root = XElement.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        Tidy(root, page.FigureId, kept);
        return root;
    }

    /// <summary>The plot as a PDF of one page, with its fonts.</summary>
    /// <inheritdoc cref="ToSvg"/>
    public static byte[] ToPdf(this IPlot plot, PrintOptions? options = null)
    {
        var (page, print) = Page(plot, options);
        using var stream = new MemoryStream();
        var metadata = new SKDocumentPdfMetadata(PdfUnits)
        {
            Title = PlotText.Clean(plot.Title.Length > 0 ? plot.Title : plot.Finding), Subject = PlotText.Clean(plot.Finding), Creator = "EmpathyNotebooks",
        };
        using (var document = SKDocument.CreatePdf(stream, metadata))
        {
            var scale = (float)page.PointsPerPixel;
            using var canvas = document.BeginPage((float)page.Width * scale, (float)page.Height * scale);
            canvas.Scale(scale);
            FigurePainter.Paint(canvas, page, print);
            document.EndPage();
            document.Close();
        }
        return stream.ToArray();
    }

    /// <summary>The plot as PNG, which tells its size in millimetres, too.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="options">Width, size of the text, colours, pixels an inch; 174 mm in colour at 300 pixels an inch if not said.</param>
    /// <exception cref="ArgumentException">The figure does not fit, or has more than 400 million pixels.</exception>
    public static byte[] ToPng(this IPlot plot, PrintOptions? options = null)
    {
        var (page, print) = Page(plot, options);
        var scale = page.PointsPerPixel * print.DotsPerInch / 72;
        var (width, height) = ((int)Math.Round(page.Width * scale), (int)Math.Round(page.Height * scale));
        if ((long)width * height > MostPixels)
        {
            throw new ArgumentException(FormattableString.Invariant($"The figure would have {width:N0} x {height:N0} pixels, more than {MostPixels:N0}; take fewer DotsPerInch, or a PDF."), nameof(options));
        }
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Transparent);
            canvas.Scale((float)scale);
            FigurePainter.Paint(canvas, page, print);
        }
        return PngFile.Of(bitmap, print.DotsPerInch);
    }

    /// <summary>Skia counts names through the life of the process and pads texts; here the same figure always has the same, and two in one page have different ones.</summary>
    private static void Tidy(XElement root, string figure, List<string> kept)
    {
        var names = root.Descendants().Attributes("id").Select((id, i) => (id.Value, New: $"{figure}-{i + 1}")).ToDictionary(n => n.Value, n => n.New, StringComparer.Ordinal);
        foreach (var element in root.Descendants())
        {
            foreach (var attribute in element.Attributes())
            {
                if (attribute.Name == "id") attribute.Value = names[attribute.Value];
                else if (attribute.Value.StartsWith("url(#", StringComparison.Ordinal)) attribute.Value = $"url(#{names[attribute.Value[5..^1]]})";
            }
            if (element.Name != Svg + "text") continue;
            element.Value = element.Value.Trim(' ', '\t', '\r', '\n');
            if ((string?)element.Attribute("font-family") == PrintFonts.FamilyName) element.SetAttributeValue("font-family", PrintFonts.Families);
            if (element.Value is not [PrintText.KeptMark, .. var number, PrintText.KeptMark] || !int.TryParse(number, CultureInfo.InvariantCulture, out var at) || at >= kept.Count) continue;
            // Where it begins is known; where its letters stand, the one knows that shows it.
            element.Value = kept[at];
            element.SetAttributeValue("x", ((string)element.Attribute("x")!).Split(',')[0]);
            element.SetAttributeValue("y", ((string)element.Attribute("y")!).Split(',')[0]);
            if (!((string)element.Attribute("font-family")!).EndsWith("sans-serif", StringComparison.Ordinal)) element.SetAttributeValue("font-family", $"{(string?)element.Attribute("font-family")}, sans-serif");
        }
    }

    private static (PrintPage Page, PrintOptions Options) Page(IPlot plot, PrintOptions? options)
    {
        ArgumentNullException.ThrowIfNull(plot);
        options ??= PrintOptions.TwoColumns;
        return (PrintPage.Fit(plot.ToFigure(), options), options);
    }

    private static string Invariant(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
