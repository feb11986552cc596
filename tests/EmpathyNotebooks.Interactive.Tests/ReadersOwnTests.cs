using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Plotting;
using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using Newtonsoft.Json.Linq;
using Plotly.NET;
using SkiaSharp;

namespace EmpathyNotebooks.Interactive.Tests;

/// <summary>What a reader makes with libraries that others made: charts, frames, pictures, formulas.</summary>
public sealed class ReadersOwnTests
{
    private const string Attack = "</script><img src=x onerror=alert(1)>";

    public ReadersOwnTests() => Notebook.Start();

    [Fact]
    public void A_figure_of_ours_and_its_Plotly_chart_are_drawn()
    {
        var plot = ForestPlot.Create(RandomEffects.Fit(Data.Datasets.Molloy2014().Correlations()));
        Assert.Equal(Html(plot), Html(plot.ToFigure()));
        Assert.Equal(Text(plot), Text(plot.ToFigure()));
        var chart = plot.ToFigure().ToPlotly();
        Assert.Contains("data-empathy-figure", Html(chart), StringComparison.Ordinal);
        Assert.DoesNotContain("dni-treeview", Html(chart), StringComparison.Ordinal);
        Assert.Equal(JArray.Parse(JObject.Parse(plot.ToFigure().ToJson())["data"]!.ToString()).Count, Figure(chart)["data"]!.Count());
    }

    [Fact]
    public void A_chart_of_Plotly_NET_CSharp_keeps_its_points_its_layout_and_its_defaults()
    {
        var chart = Plotly.NET.CSharp.Chart.Point<double, double, string>([1.5, 2], [3, 4], Name: "mine");
        var figure = Figure(chart);
        Assert.Equal([1.5, 2], figure["data"]![0]!["x"]!.Values<double>());
        Assert.Equal("markers", (string?)figure["data"]![0]!["mode"]);
        Assert.True((bool)figure["config"]!["responsive"]!);
        Assert.Equal("Chart. Traces: mine (scatter), 2 values.", Text(chart));
        Assert.Equal(Html(chart), Html(chart));
        Assert.DoesNotContain("http", Html(chart).Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Every_kind_of_chart_is_serialised()
    {
        GenericChart[] charts =
        [
            Plotly.NET.CSharp.Chart.Line<int, int, string>([1, 2], [3, 4]), Plotly.NET.CSharp.Chart.Column<int, string, string>([1, 2]),
            GenericChart.ofTraceObject(false, Heatmap()),
        ];
        foreach (var chart in charts) Assert.NotEmpty(Figure(chart)["data"]!);
        Assert.Equal(3, Figure(GenericChart.combine(charts))["data"]!.Count());
    }

    [Fact]
    public void A_name_in_a_chart_is_text_and_nothing_else()
    {
        var html = Html(Plotly.NET.CSharp.Chart.Point<int, int, string>([1], [2], Name: Attack));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("</script>").Length);
    }

    [Fact]
    public void A_data_frame_is_a_table_that_says_how_long_it_is()
    {
        var frame = new DataFrame(new DoubleDataFrameColumn("r", Enumerable.Range(0, 30).Select(i => i / 8.0)),
            new StringDataFrameColumn("study", Enumerable.Range(0, 30).Select(i => i == 0 ? Attack : "s" + i)));
        Assert.Contains("DataFrame, 30 rows × 2 columns", Html(frame), StringComparison.Ordinal);
        Assert.Contains("0.125", Text(frame), StringComparison.Ordinal);
        Assert.Contains("... and 10 more rows.", Text(frame), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", Html(frame), StringComparison.Ordinal);
        Assert.Contains("DataFrame, 0 rows × 0 columns", Text(new DataFrame()), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_shown_as_pictures_and_other_bytes_as_numbers()
    {
        using var bitmap = new SKBitmap(3, 2);
        using var image = SKImage.FromBitmap(bitmap);
        using var jpeg = image.Encode(SKEncodedImageFormat.Jpeg, 80);
        using var png = image.Encode(SKEncodedImageFormat.Png, 80);
        foreach (var picture in new object[] { bitmap, image, png.ToArray() }) Assert.StartsWith("<img src=\"data:image/png;base64,", Html(picture), StringComparison.Ordinal);
        Assert.StartsWith("<img src=\"data:image/jpeg;base64,", Html(jpeg.ToArray()), StringComparison.Ordinal);
        Assert.StartsWith("JPEG picture, 3 × 2 pixels, ", Text(jpeg.ToArray()), StringComparison.Ordinal);
        Assert.Equal("Picture, 3 × 2 pixels", Text(bitmap));
        Assert.Equal("[ 1, 2, 3 ]", Text(new byte[] { 1, 2, 3 }));
        Assert.Contains("[ 1, 2, 3 ]", Html(new byte[] { 1, 2, 3 }), StringComparison.Ordinal);
        // What begins as a picture and is none is still said to be there.
        Assert.Equal("PNG picture, 8 bytes", Text(png.ToArray()[..8]));
    }

    [Theory]
    [InlineData("x^2", "$$x^2$$")]
    [InlineData("$x^2$", "$x^2$")]
    [InlineData(@"\[x^2\]", @"\[x^2\]")]
    [InlineData(@"\begin{align}x\end{align}", @"\begin{align}x\end{align}")]
    [InlineData(@"\begin{pmatrix}1\end{pmatrix}", @"$$\begin{pmatrix}1\end{pmatrix}$$")]
    public void A_formula_gets_its_signs_where_it_has_none(string code, string shown) => Assert.Equal(shown, NotebookContent.LaTeX(code).ToDisplayString("text/latex"));

    [Fact]
    public void Markup_that_is_no_drawing_is_refused() =>
        Assert.Contains("holds an svg element", Assert.Throws<ArgumentException>(() => NotebookContent.SVG("<b>")).Message, StringComparison.Ordinal);

    private static Trace Heatmap()
    {
        var trace = new Trace("heatmap");
        trace.SetProperty("z", new double[][] { [1, 2], [3, double.NaN] });
        return trace;
    }

    private static JObject Figure(GenericChart chart) =>
        JObject.Parse(Html(chart).Split("})();})(")[1].Split(");</script>")[0]);

    private static string Html(object value) => value.ToDisplayString("text/html");

    private static string Text(object value) => value.ToDisplayString("text/plain");
}
