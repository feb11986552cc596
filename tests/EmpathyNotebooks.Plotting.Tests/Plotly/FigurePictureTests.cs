using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Plotly;

/// <summary>What a chart is in a notebook where nothing draws it: a picture, its text, and a few lines that ask for what draws it.</summary>
public class FigurePictureTests
{
    private static readonly IPlot Plot = ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, "made \"up\" 100% & <b>")));

    [Fact]
    public void The_picture_is_the_printed_figure_in_fewer_characters()
    {
        var picture = Picture(Plot.ToFigure().ToHtml());
        var root = XDocument.Parse(picture).Root!;
        var printed = XDocument.Parse(Plot.ToSvg()).Root!;
        Assert.Equal(Texts(printed), Texts(root));
        Assert.Equal(printed.Descendants().Count(e => e.Name.LocalName is "path" or "rect"), root.Descendants().Count(e => e.Name.LocalName is "path" or "rect"));
        Assert.True(picture.Length < Plot.ToSvg().Length / 2, $"{picture.Length} of {Plot.ToSvg().Length}");
        Assert.DoesNotMatch(@"\.\d\d", Regex.Replace(picture, ">[^<]*<", "><"));

        static IEnumerable<string> Texts(XElement svg) => svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value);
    }

    [Fact]
    public void The_same_chart_has_the_same_picture_and_its_text_alternative()
    {
        var html = Plot.ToFigure().ToHtml();
        Assert.Equal(html, ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, "made \"up\" 100% & <b>"))).ToFigure().ToHtml());
        Assert.Contains($"<img alt=\"{PageParts.Encode(Plot.Finding)}\"", html, StringComparison.Ordinal);
        Assert.Contains("Trust Notebook", html, StringComparison.Ordinal);
        Assert.DoesNotContain("min-height", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_whose_picture_would_be_heavy_is_its_text_alone()
    {
        var k = 1500;
        var effects = StudyEffects.Create([.. Enumerable.Range(0, k).Select(i => i / 3000.0)], [.. Enumerable.Range(0, k).Select(i => 0.01 + i * 1e-5)], EffectMeasure.FisherZ);
        var html = ForestPlot.Create(RandomEffects.Fit(effects)).ToFigure().ToHtml();
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("<p>Forest plot of 1,500 studies", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lines_that_ask_name_the_file_by_its_content_and_let_nothing_else_run()
    {
        var html = Plot.ToFigure().ToHtml();
        var bytes = Encoding.UTF8.GetBytes(ChartLibrary.Script);
        Assert.Equal($"empathy-charts-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}.js", ChartLibrary.FileName);
        Assert.Contains($"script.integrity = \"sha384-{Convert.ToBase64String(SHA384.HashData(bytes))}\"", html, StringComparison.Ordinal);
        Assert.Contains($"\"kernelspecs/.net-csharp/{ChartLibrary.FileName}\"", html, StringComparison.Ordinal);
        Assert.Equal(["http://127.0.0.1:"], Regex.Matches(html, @"https?://[^""%/]*").Select(m => m.Value).Where(m => !m.Contains("w3.org", StringComparison.Ordinal)).Distinct());
        Assert.DoesNotContain("plotly.js v2", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("__[A-Z]+__", html);
    }

    [Fact]
    public void A_page_of_its_own_asks_for_nothing()
    {
        var page = PlotlyHtml.Page("t", Plot.ToFigure());
        Assert.DoesNotContain("kernelspecs", page, StringComparison.Ordinal);
        // Its picture, for paper, comes with it.
        Assert.Contains("<img", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<img[^>]* src=\"(?!data:)", page);
        Assert.True(PlotlyHtml.HasFigures(page));
        Assert.False(PlotlyHtml.HasFigures(PlotlyHtml.Library()));
    }

    private static string Picture(string html) =>
        Uri.UnescapeDataString(Regex.Match(html, "src=\"data:image/svg\\+xml,([^\"]*)\"").Groups[1].Value);
}
