using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Sensitivity;

/// <summary>Histograms of bootstraps and permutations.</summary>
public sealed class ReplicatePlotTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, -0.05, 0.27], [0.006, 0.010, 0.009, 0.005, 0.012, 0.011, 0.03, 0.008], EffectMeasure.FisherZ,
        columns: [StudyColumn.OfNumbers("year", [1, 2, 3, 4, 5, 6, 8, 9])]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_replicate_is_in_a_bar_and_bars_end_at_the_interval()
    {
        var bootstrap = RandomEffects.Fit(Effects).Bootstrap(new FitBootstrapOptions { Replicates = 2_000 }, cancellation: Token);
        var model = BootstrapPlot.Create(bootstrap).Model;
        Assert.Equal(2_000, model.Bars.Sum(b => b.Count) + model.Beyond);
        var mean = bootstrap["Intercept"];
        Assert.Equal(mean.Interval, model.Interval);
        Assert.Equal(mean.Interval.Lower, model.Bars.First(b => b.IsMarked).From, 1e-12);
        Assert.Equal(mean.Interval.Upper, model.Bars.Last(b => b.IsMarked).To, 1e-12);
        Assert.Equal(mean.Replicates.Count(t => t >= mean.Interval.Lower && t < mean.Interval.Upper), model.Bars.Where(b => b.IsMarked).Sum(b => b.Count));
        Assert.Equal(bootstrap.Fit.Coefficients[0].ConfidenceInterval, model.ModelInterval);
        Assert.Equal(mean.Estimate + mean.Bias, model.MeanOfReplicates, 1e-12);

        var i2 = BootstrapPlot.Create(bootstrap, new() { Statistic = "I²" }).Model;
        Assert.Equal(100 * bootstrap["I²"].Interval.Upper, i2.Interval.Upper, 1e-9);
        Assert.Equal("I² (%)", i2.XAxis.Title);
        Assert.Throws<StudyDataException>(() => BootstrapPlot.Create(bootstrap, new() { Statistic = "tau" }));
    }

    [Fact]
    public void The_share_of_the_marked_permutations_is_p()
    {
        var test = RandomEffects.Fit(Effects).PermutationTest(cancellation: Token);
        var model = PermutationPlot.Create(test).Model;
        Assert.True(test.IsExact);
        Assert.Equal(128, model.Bars.Sum(b => b.Count) + model.Beyond);
        Assert.Equal(test.Coefficients[0].PValue, (model.Bars.Where(b => b.IsMarked).Sum(b => b.Count) + model.Beyond) / 128.0, 1e-12);
        Assert.Contains("256 permutations of signs of effects, all there are", model.Summary[0], StringComparison.OrdinalIgnoreCase);

        var regression = MetaRegression.Fit(Effects, Moderator.Number("year")).PermutationTest(new() { Permutations = 30_000 }, cancellation: Token);
        Assert.Equal("moderators", PermutationPlot.Create(regression).Model.Coefficient);
        var year = PermutationPlot.Create(regression, new() { Coefficient = "year" }).Model;
        Assert.InRange(year.Drawn, 15_000, 20_000);
        Assert.Equal(year.PValue, (year.Bars.Where(b => b.IsMarked).Sum(b => b.Count) + year.Beyond) / (double)year.Drawn, 0.02);
        Assert.Contains("drawn: ", year.Summary[0], StringComparison.Ordinal);
        Assert.Contains("year, moderators", Assert.Throws<ArgumentException>(() => PermutationPlot.Create(regression, new() { Coefficient = "yaer" })).Message, StringComparison.Ordinal);
    }
}
