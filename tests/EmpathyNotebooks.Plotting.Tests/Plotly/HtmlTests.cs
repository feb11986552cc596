using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Plotly;

public class HtmlTests
{
    private static readonly PlotlyFigure Simulated =
        ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, "</script>" + Samples.Attack)), new() { Title = "</script>\u2028" }).ToFigure();

    [Fact]
    public void Whatever_a_label_holds_only_our_own_elements_stand_in_the_page()
    {
        var html = Simulated.ToHtml();
        Assert.Equal(["figure", "div", "div", "img", "p", "figcaption", "strong", "script"],
            Regex.Matches(html, "<([a-z]+)").Select(m => m.Groups[1].Value));
        Assert.Single(Regex.Matches(html, "</script"));
        Assert.DoesNotContain("\u2028", html[html.IndexOf("<script>", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("Simulated data: &lt;/script&gt;&lt;img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_element_has_a_fixed_name_a_text_alternative_and_no_fixed_width()
    {
        var html = Simulated.ToHtml();
        Assert.Matches("^chart-[0-9a-f]{12}$", Simulated.Id);
        Assert.Contains($"data-empathy-chart=\"{Simulated.Id}\" role=\"img\" aria-label=\"Simulated data: ", html, StringComparison.Ordinal);
        Assert.Contains("style=\"width:100%\"", html, StringComparison.Ordinal);
        Assert.Null(JObject.Parse(Simulated.ToJson())["layout"]!["width"]);
        Assert.True((bool)JObject.Parse(Simulated.ToJson())["layout"]!["autosize"]!);
        Assert.NotEqual(Simulated.Id, ForestPlot.Create(Samples.Fit()).ToFigure().Id);
    }

    [Fact]
    public void The_page_data_hold_a_form_for_narrow_pages()
    {
        var page = JObject.Parse(ForestPlot.Create(Samples.Fit()).ToFigure().PageJson);
        var forms = page["forms"]!.ToArray();
        Assert.Equal(forms.Select(f => (double)f["maximumWidth"]!).Order(), forms.Select(f => (double)f["maximumWidth"]!));
        Assert.Contains(forms, f => (double)f["maximumWidth"]! == 560);
        var names = page["data"]!.Select(t => (string)t["name"]!).ToArray();
        Assert.All(forms.Take(2), form =>
        {
            var hidden = form["data"]!.Index().Where(p => (bool?)p.Item["visible"] == false).Select(p => names[p.Index]);
            Assert.Equal(["n", "Weight"], hidden);
            Assert.Equal(page["data"]!.Count(), form["data"]!.Count());
        });
        Assert.All(page["forms"]!.Append(page), f => Assert.Equal(["xaxis2", "xaxis", "xaxis3"], f["blocks"]!.Select(b => (string)b[0]!)));
    }

    [Fact]
    public void The_library_is_Plotly_kept_from_module_loaders_and_our_own_script()
    {
        var library = PlotlyHtml.Library();
        Assert.Contains("plotly.js v2.28.0", library, StringComparison.Ordinal);
        Assert.StartsWith("<script>if(!window.Plotly){(function(define,exports,module){", library, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(library, "</script>"));
        Assert.DoesNotContain("__DARK__", library, StringComparison.Ordinal);
        Assert.Contains($"\"{Theme.Ink.Light}\":\"{Theme.Ink.Dark}\"", library, StringComparison.Ordinal);
        Assert.DoesNotMatch("src=\"?http", library[..200]);
    }

    [Fact]
    public void A_page_holds_the_library_once()
    {
        var page = PlotlyHtml.Page("<t>", Simulated, Simulated);
        Assert.Single(Regex.Matches(page, "plotly\\.js v2\\.28\\.0"));
        Assert.Equal(2, Regex.Count(page, $"data-empathy-chart=\"{Simulated.Id}\""));
        Assert.Contains("<title>&lt;t&gt;</title>", page, StringComparison.Ordinal);
    }
}
