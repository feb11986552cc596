using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>The bias explorer: what it computes, in an interpreter, and what it starts from. Browser.Tests has the literatures that it draws.</summary>
public sealed class BiasExplorerTests
{
    /// <summary>Few studies, ties, variances far apart, none or all significant. An interpreter is slow; Browser.Tests has many more.</summary>
    [Fact]
    public void Corrections_agree_with_the_library_on_ugly_data()
    {
        var random = new Random(8);
        var compared = 0;
        for (var round = 0; round < 5; round++)
        {
            var k = 2 + 3 * round % 8;
            var (y, v) = (new double[k], new double[k]);
            for (var i = 0; i < k; i++)
            {
                v[i] = round % 4 == 0 ? 0.02 : Math.Pow(10, -3.5 + 3 * random.NextDouble());
                y[i] = Math.Round(0.2 * (round % 3) + Math.Sqrt(v[i] + 0.02) * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2, round % 5 == 0 ? 1 : 6);
            }
            compared += Means(StudyEffects.Create(y, v));
        }
        Assert.True(compared > 20, $"{compared} numbers");
    }

    private static int Means(StudyEffects effects)
    {
        var text = JsonSerializer.Serialize(new { y = effects.Effects, v = effects.Variances });
        using var answers = JsonDocument.Parse(ExplorerScript.Call(BiasAgreement.Script, text).AsString());
        return BiasAgreement.Compare(effects, answers.RootElement).Means;
    }

    [Theory]
    [InlineData(-8)]
    [InlineData(-1.3)]
    [InlineData(0)]
    [InlineData(0.015)]
    [InlineData(2.9)]
    [InlineData(3.999)]
    [InlineData(4)]
    [InlineData(21)]
    public void Tails_have_all_their_digits(double x)
    {
        var found = ExplorerScript.Call("selection.upper", x).AsNumber();
        Assert.Equal(1, found / NormalTail(x), 2e-13);
        Assert.Equal(Math.Log(NormalTail(x)), ExplorerScript.Call("selection.logUpper", x).AsNumber(), 1e-13 * Math.Max(1, x * x));

        static double NormalTail(double x) => x < 0 ? 1 - NormalTail(-x) : MathNet.Numerics.SpecialFunctions.Erfc(x / Math.Sqrt(2)) / 2;
    }

    /// <summary>Studies are what they are said to be: by the law of large numbers, within four standard errors.</summary>
    [Fact]
    public void A_literature_is_drawn_from_what_the_sliders_say()
    {
        var drawn = ExplorerScript.Evaluate("""
            JSON.stringify(Array.from({ length: 3 }, (_, i) => bias.literature({ k: 200, n: 60, spread: 0.5, r: 0.2, tau: 0.15, positive: 0.3, negative: 0.1 }, 7, i)).flat())
            """).AsString();
        using var document = JsonDocument.Parse(drawn);
        var studies = document.RootElement.EnumerateArray().Select(s => (N: s.GetProperty("n").GetDouble(), Y: s.GetProperty("y").GetDouble(), V: s.GetProperty("v").GetDouble(), Kind: s.GetProperty("kind").GetString(), Is: s.GetProperty("isPublished").GetBoolean())).ToList();
        Assert.Equal(600, studies.Count);
        double count = studies.Count;
        var z = studies.Select(s => (s.Y - Math.Atanh(0.2)) / Math.Sqrt(0.15 * 0.15 + s.V)).ToList();
        Assert.Equal(0, z.Average(), 4 / Math.Sqrt(count));
        Assert.Equal(1, z.Average(value => value * value), 4 * Math.Sqrt(2 / count));
        Assert.Equal(Math.Log(60), studies.Average(s => Math.Log(s.N)), 4 * 0.5 / Math.Sqrt(count) + 0.002);
        foreach (var s in studies)
        {
            Assert.Equal(1 / (s.N - 3), s.V, 1e-15);
            Assert.Equal(s.Y / Math.Sqrt(s.V) > 1.959963984540054 ? "significant" : s.Y > 0 ? "positive" : "negative", s.Kind);
        }
        foreach (var (kind, share) in new[] { ("significant", 1), ("positive", 0.3), ("negative", 0.1) })
        {
            var own = studies.Where(s => s.Kind == kind).ToList();
            Assert.Equal(share, own.Average(s => s.Is ? 1.0 : 0), 4 * Math.Sqrt(share * (1 - share) / own.Count) + 1e-12);
        }
    }

    [Fact]
    public void It_says_that_it_is_simulated_and_what_it_starts_from()
    {
        var explorer = BiasExplorer.Create();
        Assert.StartsWith("Simulated", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains("60 studies of a true mean r = .15", explorer.Finding, StringComparison.Ordinal);
        Assert.Contains("probability of 20%", explorer.Finding, StringComparison.Ordinal);
        Assert.True(explorer.Origin.IsSimulated);
        Assert.Equal(explorer.ToHtml(), BiasExplorer.Create(new()).ToHtml());
        Assert.NotEqual(explorer.ToHtml(), BiasExplorer.Create(new() { Seed = 2 }).ToHtml());
    }

    [Fact]
    public void A_slider_cannot_start_beyond_its_end()
    {
        Assert.Contains("from 10 to 200", Assert.Throws<ArgumentOutOfRangeException>(() => new BiasExplorerOptions { Studies = 9 }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BiasExplorerOptions { PublishedIfWrongSign = 1.01 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BiasExplorerOptions { Correlation = -0.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BiasExplorerOptions { Tau = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BiasExplorerOptions { Seed = -1 });
    }
}
