using EmpathyNotebooks.MetaAnalysis;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>What the explorer of Fisher's z computes in the browser, against the library.</summary>
public sealed class FisherZExplorerTests
{
    public static TheoryData<double, int> Values => [.. from r in (double[])[-0.95, -0.3, 0, 0.28, 0.5, 0.95] from n in (int[])[5, 12, 20, 200] select (r, n)];

    [Theory]
    [MemberData(nameof(Values))]
    public void The_browser_computes_what_the_library_computes(double r, int n)
    {
        var (argument, exact) = (new { r, n }, CorrelationDistribution.Of(r, n));
        foreach (var z in new[] { Math.Atanh(r), Math.Atanh(r) - 0.4, Math.Atanh(r) + 1.1 })
            Assert.Equal(exact.DensityOfZ(z), ExplorerScript.Call(FormattableString.Invariant($"state => fisher.densityOfZ(state)({z:R})"), argument).AsNumber(), 1e-10);
        foreach (var (scale, moments) in new[] { ("r", exact.R), ("z", exact.Z) })
        {
            double Of(string what) => ExplorerScript.Call($"state => fisher.moments(state).{scale}.{what}", argument).AsNumber();
            Assert.Equal(moments.Mean, Of("mean"), 1e-9);
            Assert.Equal(moments.StandardDeviation, Of("sd"), 1e-9);
            Assert.Equal(moments.Skewness, Of("skewness"), 1e-6);
        }
        var range = FisherZExplorer.Create(new() { Correlation = r, SampleSize = n }).Model.Range;
        Assert.Equal(range.Lower, ExplorerScript.Call("state => fisher.range(state).r[0]", argument).AsNumber(), 1e-12);
        Assert.Equal(range.Upper, ExplorerScript.Call("state => fisher.range(state).r[1]", argument).AsNumber(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Its_range_holds_about_95_of_100_studies(double r, int n)
    {
        var model = FisherZExplorer.Create(new() { Correlation = r, SampleSize = n }).Model;
        Assert.InRange(model.Distribution.Share(model.Range.Lower, model.Range.Upper), 0.935, 0.96);
    }

    [Fact]
    public void The_finding_says_what_it_starts_with()
    {
        var explorer = FisherZExplorer.Create();
        var found = CorrelationDistribution.Of(0.5, 20);
        Assert.Equal("Fisher's z to try out. r = .50 is z = 0.549. Around it, about 95 of 100 studies of 20 people find between .07 and .77; their correlations have a skewness of "
            + $"{StatisticText.Number(found.R.Skewness)}, their z of {StatisticText.Number(found.Z.Skewness)}.", explorer.Finding);
        Assert.Same(DataOrigin.Own, explorer.Origin);
    }

    [Fact]
    public void A_slider_cannot_start_beyond_its_end()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FisherZExplorerOptions { Correlation = 0.96 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FisherZExplorerOptions { Correlation = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FisherZExplorerOptions { SampleSize = 4 });
    }
}
