using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace EmpathyNotebooks.Plotting;

/// <summary>
/// The picture of a figure that a page shows until it is drawn, and for good where no script runs: the printed figure as SVG in a data: address,
/// with as few characters as do.
/// </summary>
internal static partial class FigurePicture
{
    /// <summary>Above this many characters the picture would make the page heavy; the text alternative stands alone then.</summary>
    private const int Most = 250_000;

    // What an element without them has in SVG.
    private static readonly (string Name, string Value)[] Defaults = [("stroke-width", "1"), ("stroke-miterlimit", "4"), ("stroke-linejoin", "miter"), ("stroke-linecap", "butt")];
    private static readonly string[] Shared = ["fill", "font-size", "font-family"];

    /// <summary>The address of the picture with its width and height in pixels; null where there is none.</summary>
    public static (string Address, double Width, double Height)? Of(PlotlyFigure figure)
    {
        var page = PrintPage.Fit(figure, PrintOptions.TwoColumns);
        var root = PlotPrinting.Drawing(page, PrintOptions.TwoColumns);
        root.SetAttributeValue("viewBox", $"0 0 {Pixels(page.Width)} {Pixels(page.Height)}");
        Slim(root);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var writer = new XmlTextWriter(text) { QuoteChar = '\'' }) root.WriteTo(writer);
        var svg = text.ToString();
        return svg.Length > Most ? null : ("data:image/svg+xml," + Escape(svg), page.Width, page.Height);
    }

    private static void Slim(XElement root)
    {
        var texts = root.Descendants().Where(element => element.Name.LocalName == "text").ToList();
        foreach (var element in root.DescendantsAndSelf())
        {
            foreach (var (name, value) in Defaults)
            {
                if ((string?)element.Attribute(name) == value) element.Attribute(name)!.Remove();
            }
            foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration && a.Name.LocalName is not ("id" or "font-family")))
            {
                attribute.Value = Decimals().Replace(attribute.Value, number => Pixels(double.Parse(number.Value, CultureInfo.InvariantCulture)));
            }
        }
        foreach (var text in texts)
        {
            // Where a text begins is enough; its letters stand as the font has them.
            foreach (var name in new[] { "x", "y" })
            {
                if ((string?)text.Attribute(name) is { } places) text.SetAttributeValue(name, places.Split(',')[0]);
            }
        }
        foreach (var name in Shared)
        {
            if (texts.GroupBy(text => (string?)text.Attribute(name)).MaxBy(group => group.Count())?.Key is not { } common) continue;
            // Shapes name their own colour, or have black.
            if (name == "fill" && root.Descendants().Except(texts).Any(element => element.Name.LocalName is not ("g" or "defs" or "clipPath") && element.Attribute("fill") is null)) continue;
            root.SetAttributeValue(name, common);
            foreach (var text in texts.Where(text => (string?)text.Attribute(name) == common)) text.Attribute(name)!.Remove();
        }
    }

    private static string Pixels(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // What a URL, or the attribute that it stands in, would take for its own.
    private static string Escape(string svg)
    {
        var address = new StringBuilder(svg.Length + svg.Length / 4);
        foreach (var letter in svg)
        {
            address.Append(letter switch
            {
                '"' => "%22", '%' => "%25", '#' => "%23", '<' => "%3C", '>' => "%3E", '&' => "%26", '\n' or '\r' or '\t' => "%20", _ => letter.ToString(),
            });
        }
        return address.ToString();
    }

    [GeneratedRegex(@"-?\d+\.\d{2,}")]
    private static partial Regex Decimals();
}
