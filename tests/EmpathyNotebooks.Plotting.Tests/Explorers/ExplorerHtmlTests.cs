using System.Text.RegularExpressions;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

public class ExplorerHtmlTests
{
    private static readonly MetaAnalysisExplorer Attacked =
        MetaAnalysisExplorer.Create(Samples.Effects(new DataOrigin(DataKind.Simulated, "</script>" + Samples.Attack)), new() { Title = "</script>\u2028" });

    [Fact]
    public void Whatever_a_label_holds_only_our_own_elements_stand_in_the_page()
    {
        var html = Attacked.ToHtml();
        Assert.Equal(2, Regex.Count(html, "<script>"));
        Assert.Equal(2, Regex.Count(html, "</script"));
        var outside = Regex.Replace(html, "<script>.*?</script>", "", RegexOptions.Singleline);
        Assert.Equal(["figure", "div", "p", "p", "figcaption", "strong"], Regex.Matches(outside, "<([a-z]+)").Select(m => m.Groups[1].Value));
        Assert.DoesNotContain("\u2028", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_explorer_has_the_same_bytes_and_another_another_name()
    {
        var html = MetaAnalysisExplorer.Create(Samples.Effects()).ToHtml();
        Assert.Equal(html, MetaAnalysisExplorer.Create(Samples.Effects()).ToHtml());
        Assert.NotEqual(Id(html), Id(Attacked.ToHtml()));
        Assert.NotEqual(Id(html), Id(MetaAnalysisExplorer.Create(Samples.Effects(), new() { Inference = Inference.StudentT }).ToHtml()));

        static string Id(string html) => Regex.Match(html, "data-empathy-explorer=\"(explorer-[0-9a-f]{12})\"").Groups[1].Value;
    }

    /// <summary>An executed notebook holds the styles with every explorer: those of other kinds would make it half as large again.</summary>
    [Fact]
    public void Each_kind_brings_its_own_styles_and_none_of_the_others()
    {
        string bias = BiasExplorer.Create().ToHtml(), weights = SelectionWeightsExplorer.Create(RandomEffects.Fit(Samples.Effects())).ToHtml(), dependence = DependenceExplorer.Create().ToHtml();
        Assert.Contains(".run-band", bias, StringComparison.Ordinal);
        Assert.DoesNotContain(".weight-bar", bias, StringComparison.Ordinal);
        Assert.Contains(".weight-bar", weights, StringComparison.Ordinal);
        Assert.DoesNotContain(".run-band", weights, StringComparison.Ordinal);
        Assert.Contains(".empathy-explorer[data-explorer-kind=bias] {", bias, StringComparison.Ordinal);
        // Sliders put these names together.
        Assert.Contains(".key-naive", dependence, StringComparison.Ordinal);
        Assert.All(new[] { bias, weights, dependence }, html => Assert.Contains("--ink:", html, StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_holds_its_explorers_and_asks_for_nothing()
    {
        var page = ExplorerHtml.Page("<t>", Attacked, Attacked);
        Assert.Contains("<title>&lt;t&gt;</title>", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "data-empathy-explorer=\"explorer-"));
        Assert.DoesNotMatch("<(link|img|iframe)|<script [^>]*src|@import|url\\(", page);
        Assert.StartsWith("<!DOCTYPE html>", Attacked.ToPage(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_is_whole_strict_and_has_one_global_name()
    {
        var script = Regex.Match(Attacked.ToHtml(), "<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        Assert.StartsWith("(() => {\n\"use strict\";", script, StringComparison.Ordinal);
        Assert.DoesNotMatch("__[A-Z]+__", script);
        Assert.Equal(["window.empathyExplorers"], Regex.Matches(script, @"window\.\w+ = ").Select(m => m.Value.Trim(' ', '=')).Distinct());
        Assert.DoesNotMatch(@"innerHTML|eval\(|https?://(?!www\.w3\.org/2000/svg)", script);
        foreach (var color in (ThemeColor[])[Theme.Ink, Theme.Study, Theme.Pooled, Theme.Prediction])
        {
            Assert.Contains(color.Light, script, StringComparison.Ordinal);
            Assert.Contains(color.Dark, script, StringComparison.Ordinal);
        }
    }
}
