using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using SkiaSharp;

namespace EmpathyNotebooks.Plotting.Tests.Print;

public partial class PrintTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Every plot of a fit, and those of other things.</summary>
    private static readonly (string Name, Func<IPlot> Create)[] Plots =
    [
        .. PlotSet.All.Select(p => (p.Name, (Func<IPlot>)(() => p.Create(PlotSet.Fit(16, DataOrigin.Own))))),
        ("comparison", () => ComparisonPlot.Create([new("Empathy", 0.28, 0.23, 0.33), new("Treatments", 0.1, ConvertedFrom: "|d| = .20")], EffectMeasure.Correlation)),
        ("scatter", () => CorrelationScatter.Create(0.28)),
        ("curves", () => FisherZPlot.SamplingDistributions([0, 0.8], 20, onZ: false)),
        ("means", () => EstimatedMeansPlot.Create(MetaRegression.Fit(Samples.Effects(), Moderator.Category("rater")))),
    ];

    public static TheoryData<string> Names => [.. Plots.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_plot_prints_in_each_format_and_width(string name)
    {
        var plot = Plots.Single(p => p.Name == name).Create();
        foreach (var options in (PrintOptions[])[PrintOptions.OneColumn, PrintOptions.TwoColumns])
        {
            var svg = plot.ToSvg(options);
            Assert.Equal(svg, plot.ToSvg(options));
            AssertAllTextIsOnThePage(svg);
            var pdf = plot.ToPdf(options);
            AssertSameBytes(pdf, plot.ToPdf(options));
            Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(pdf, 0, 8), StringComparison.Ordinal);
            var png = plot.ToPng(options with { DotsPerInch = 100, IsGrayscale = true });
            AssertSameBytes(png, plot.ToPng(options with { DotsPerInch = 100, IsGrayscale = true }));
            using var bitmap = SKBitmap.Decode(png);
            Assert.Equal(Math.Round(options.WidthMillimetres / 25.4 * 100), bitmap.Width);
            var colours = Colours(bitmap);
            Assert.All(colours, p => Assert.True(p.Red == p.Green && p.Green == p.Blue, $"{p} is not grey"));
            Assert.True(colours.Count > 5);
        }
    }

    /// <summary>Each colour once: there are half a million pixels, most of them like the one before.</summary>
    private static HashSet<SKColor> Colours(SKBitmap bitmap)
    {
        var (colours, last) = (new HashSet<SKColor>(), default(SKColor?));
        foreach (var colour in bitmap.Pixels)
        {
            if (colour != last) colours.Add(colour);
            last = colour;
        }
        return colours;
    }

    // Byte by byte, as a list is compared, would take as long as printing.
    private static void AssertSameBytes(byte[] first, byte[] second) =>
        Assert.True(first.AsSpan().SequenceEqual(second), $"{first.Length} bytes, then {second.Length} others");

    [Fact]
    public void Sizes_are_in_millimetres()
    {
        var plot = ForestPlot.Create(Samples.Fit());
        var root = XElement.Parse(plot.ToSvg(new() { WidthMillimetres = 120 }));
        Assert.Equal("120mm", (string?)root.Attribute("width"));
        var box = ((string)root.Attribute("viewBox")!).Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        var height = double.Parse(((string)root.Attribute("height")!)[..^2], CultureInfo.InvariantCulture);
        Assert.Equal(120 / height, box[2] / box[3], 3);

        var pdf = Encoding.Latin1.GetString(plot.ToPdf(new() { WidthMillimetres = 120 }));
        var media = MediaBox().Match(pdf);
        Assert.Equal(120, double.Parse(media.Groups[1].Value, CultureInfo.InvariantCulture) * 25.4 / 72, 0.01);
        Assert.Equal(height, double.Parse(media.Groups[2].Value, CultureInfo.InvariantCulture) * 25.4 / 72, 0.01);

        var png = plot.ToPng(new() { WidthMillimetres = 120, DotsPerInch = 254 });
        using var bitmap = SKBitmap.Decode(png);
        Assert.Equal(1200, bitmap.Width);
        // The density stands in pixels a metre right behind the header.
        Assert.Equal("pHYs", Encoding.ASCII.GetString(png, 37, 4));
        Assert.Equal(10_000, (png[41] << 24) + (png[42] << 16) + (png[43] << 8) + png[44]);
    }

    [Theory]
    [InlineData("研究 王小明 (2015)")]
    [InlineData("عربي 2009")]
    [InlineData("עברית 2010")]
    [InlineData("ᚠᚢᚦ 2001")]
    public void Letters_of_other_scripts_stay_text_in_an_svg(string label)
    {
        var fit = EqualEffects.Fit(StudyEffects.Create([0.3], [0.02], labels: [label]));
        var root = XElement.Parse(ForestPlot.Create(fit).ToSvg());
        Assert.Equal(label, string.Concat(root.Descendants(Svg + "text").Select(t => t.Value).SkipWhile(v => v != label && !label.StartsWith(v, StringComparison.Ordinal)).TakeWhile(v => v != "0.30 [0.02, 0.58]").Where(v => label.Contains(v, StringComparison.Ordinal))));
        var kept = root.Descendants(Svg + "text").First(t => t.Value[0] == label[0]);
        Assert.DoesNotContain(",", (string)kept.Attribute("x")!, StringComparison.Ordinal);
        Assert.DoesNotContain("¤", root.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('研')]
    [InlineData('ア')]
    [InlineData('ע')]
    public void A_letter_has_a_font_that_has_it_where_the_system_has_one(char letter)
    {
        var (text, typeface) = PrintFonts.Parts(letter.ToString(), bold: false).Single();
        Assert.Equal(letter.ToString(), text);
        using var font = new SKFont(typeface);
        var isAnywhere = new[] { "/usr/share/fonts", "/usr/local/share/fonts" }.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.ttf", SearchOption.AllDirectories))
            .Select(file => SKTypeface.FromFile(file)).OfType<SKTypeface>().Any(t => new SKFont(t).ContainsGlyph(letter));
        Assert.True(font.ContainsGlyph(letter) || !isAnywhere, $"{letter} is set in {typeface.FamilyName}, which has it not.");
    }

    [Fact]
    public void Text_shrinks_to_keep_all_columns_at_every_width()
    {
        var figure = PlotSet.Create("forest in groups", PlotSet.Fit(16, DataOrigin.Own)).ToFigure();
        // From 6 points on, the widest form fits.
        var least = (int)Math.Ceiling(figure.Forms.Where(f => double.IsFinite(f.MaximumWidth)).Max(f => f.MaximumWidth) * 6 / Theme.TextSize / 72 * 25.4);
        Assert.InRange(least, 120, 174);
        Assert.All(Enumerable.Range(least, 100), width => Assert.Equal(double.PositiveInfinity, PrintPage.Fit(figure, new() { WidthMillimetres = width }).Form.MaximumWidth));
    }

    [Fact]
    public void Text_has_the_size_asked_for_and_true_minus_signs()
    {
        var root = XElement.Parse(ForestPlot.Create(Samples.Fit()).ToSvg(new() { WidthMillimetres = 200, FontSizePoints = 10 }));
        var perPixel = 200 / 25.4 * 72 / double.Parse(((string)root.Attribute("viewBox")!).Split(' ')[2], CultureInfo.InvariantCulture);
        var sizes = root.Descendants(Svg + "text").Select(t => (double)t.Attribute("font-size")! * perPixel).ToArray();
        Assert.Equal(10, sizes.Max(), 2);
        Assert.All(root.Descendants(Svg + "text"), t => Assert.Equal("Liberation Sans, Arial, Helvetica, sans-serif", (string?)t.Attribute("font-family")));
        var texts = string.Join("\n", root.Descendants(Svg + "text").Select(t => t.Value));
        Assert.Contains("−.27 [−.47, −.04]", texts, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"-\.?\d", texts);
        Assert.Contains("τ²", texts, StringComparison.Ordinal);
        // Markup of the data is text.
        Assert.Contains(Samples.Attack, texts, StringComparison.Ordinal);
    }

    [Fact]
    public void An_svg_says_what_it_shows()
    {
        var plot = ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, "made up")), new() { Title = "Title & <more>" });
        var root = XElement.Parse(plot.ToSvg());
        Assert.Equal("img", (string?)root.Attribute("role"));
        Assert.Equal(plot.Finding, (string?)root.Attribute("aria-label"));
        Assert.Equal("Title & <more>", root.Element(Svg + "title")!.Value);
        Assert.StartsWith("Simulated data: made up.", root.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Contains(root.Descendants(Svg + "text"), t => t.Value == "Simulated data");
    }

    [Fact]
    public void Text_shrinks_until_the_figure_fits_its_height_and_not_below_what_can_be_read()
    {
        var plot = ForestPlot.Create(Samples.Many(82));
        var page = XElement.Parse(plot.ToSvg(new() { MaximumHeightMillimetres = 234 }));
        Assert.InRange(double.Parse(((string)page.Attribute("height")!)[..^2], CultureInfo.InvariantCulture), 200, 234);
        Assert.Contains("still", Assert.Throws<ArgumentException>(() => plot.ToSvg(new() { MaximumHeightMillimetres = 100 })).Message, StringComparison.Ordinal);
        Assert.Contains("no room", Assert.Throws<ArgumentException>(() => plot.ToSvg(new() { WidthMillimetres = 30 })).Message, StringComparison.Ordinal);
        Assert.Contains("fewer DotsPerInch", Assert.Throws<ArgumentException>(() => plot.ToPng(new() { WidthMillimetres = 1000, DotsPerInch = 1200 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_shrinks_a_little_before_a_column_is_left_out()
    {
        var plot = ForestPlot.Create(RandomEffects.Fit(Samples.Molloy()), new() { LeftColumns = ["year", "design"], RightColumns = ["age"] });
        var wide = XElement.Parse(plot.ToSvg());
        Assert.All((string[])["Study", "year", "design", "Weight", "age"], header => Assert.Contains(wide.Descendants(Svg + "text"), t => t.Value == header));
        var perPixel = 174 / 25.4 * 72 / double.Parse(((string)wide.Attribute("viewBox")!).Split(' ')[2], CultureInfo.InvariantCulture);
        Assert.InRange(13 * perPixel, 6, 7.9);
        Assert.DoesNotContain(XElement.Parse(plot.ToSvg(PrintOptions.OneColumn)).Descendants(Svg + "text"), t => t.Value == "design");
    }

    [Fact]
    public void Files_are_written_by_the_ending_of_their_name()
    {
        var folder = Directory.CreateTempSubdirectory("empathy-print-");
        try
        {
            var plot = ForestPlot.Create(Samples.Fit());
            foreach (var (ending, start) in new[] { (".svg", "<?xml"), (".PDF", "%PDF"), (".png", "\u0089PNG") })
            {
                var file = Path.Combine(folder.FullName, "figure" + ending);
                plot.Save(file);
                Assert.StartsWith(start, Encoding.Latin1.GetString(File.ReadAllBytes(file), 0, 8), StringComparison.Ordinal);
            }
            Assert.Contains(".svg, .pdf or .png", Assert.Throws<ArgumentException>(() => plot.Save(Path.Combine(folder.FullName, "figure.jpg"))).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(20, 8, 300)]
    [InlineData(174, 3, 300)]
    [InlineData(174, 8, 10)]
    [InlineData(double.NaN, 8, 300)]
    public void Options_out_of_range_are_refused(double width, double size, double dots) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PrintOptions { WidthMillimetres = width, FontSizePoints = size, DotsPerInch = dots });

    [Fact]
    public void A_transparent_figure_has_nothing_behind_it()
    {
        using var bitmap = SKBitmap.Decode(ForestPlot.Create(Samples.Fit()).ToPng(new() { IsTransparent = true, DotsPerInch = 72 }));
        Assert.Equal(0, bitmap.GetPixel(0, 0).Alpha);
        using var white = SKBitmap.Decode(ForestPlot.Create(Samples.Fit()).ToPng(new() { DotsPerInch = 72 }));
        Assert.Equal(SKColors.White, white.GetPixel(0, 0));
    }

    [Fact]
    public void The_fonts_are_those_their_page_names()
    {
        var folder = Repository.PathTo("src", "EmpathyNotebooks.Plotting", "Print", "Fonts");
        var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (var font in Directory.EnumerateFiles(folder, "*.ttf"))
        {
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(font))), readme, StringComparison.Ordinal);
        }
    }

    /// <summary>The glyphs of a text stand at the places its x lists.</summary>
    internal static void AssertAllTextIsOnThePage(string svg)
    {
        var root = XElement.Parse(svg);
        var box = ((string)root.Attribute("viewBox")!).Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        foreach (var text in root.Descendants(Svg + "text"))
        {
            // Rotated titles of axes are placed by their transform.
            if (((string?)text.Attribute("transform") ?? "").StartsWith("matrix", StringComparison.Ordinal) || (string?)text.Attribute("x") is not { } list) continue;
            var places = list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
            var (dx, dy) = Translation(text);
            Assert.True(places[0] + dx >= -0.5 && places[^1] + dx + 3 <= box[2] + 0.5, $"\"{text.Value}\" runs from {places[0] + dx} to {places[^1] + dx} on a page {box[2]} wide");
            var y = double.Parse(((string)text.Attribute("y")!).Split(',')[0], CultureInfo.InvariantCulture) + dy;
            Assert.InRange(y, 5, box[3]);
        }
    }

    private static (double X, double Y) Translation(XElement text)
    {
        var match = Translate().Match((string?)text.Attribute("transform") ?? "");
        return match.Success ? (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)) : (0, 0);
    }

    [GeneratedRegex(@"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")]
    private static partial Regex MediaBox();

    [GeneratedRegex(@"translate\(([-\d.]+) ([-\d.]+)\)")]
    private static partial Regex Translate();
}
