using System.Globalization;
using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Jint;

namespace EmpathyNotebooks.Plotting.Tests.Explorers;

/// <summary>
/// The explorers' statistics, run without a browser. Browser.Tests repeats the comparison with the whole set in the engine that readers have.
/// </summary>
public class StatisticsTests
{
    public static TheoryData<string> DataSets => [.. PoolingAgreement.DataSets];

    [Theory]
    [MemberData(nameof(DataSets))]
    public async Task Pooling_agrees_with_the_library(string dataSet)
    {
        var effects = PoolingAgreement.Load(dataSet);
        // An interpreter is slow; two subsets must do for the largest.
        await PoolingAgreement.CompareAsync(effects, subsets: effects.Count > 60 ? 2 : 8, baujat: effects.Count < 30,
            text => Task.FromResult(ExplorerScript.Call(PoolingAgreement.Script("statistics"), text).AsString()));
    }

    /// <summary>The awkward data of the reference files: few effects, none that differ, variances up to many powers of ten apart.</summary>
    [Fact]
    public async Task Hard_data_agree_too()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathTo("tests", "golden", "metafor", "hard-data.json"), TestContext.Current.CancellationToken));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.True(cases.Count > 50);
        foreach (var data in cases)
        {
            double[] Values(string name) => [.. data.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
            await PoolingAgreement.CompareAsync(StudyEffects.Create(Values("yi"), Values("vi")), subsets: 0, baujat: false,
                text => Task.FromResult(ExplorerScript.Call(PoolingAgreement.Script("statistics"), text).AsString()));
        }
    }

    /// <summary>The expected values are R 4.2.2's, by pnorm, qnorm, pt, qt, pchisq, qchisq and pf.</summary>
    [Theory]
    [InlineData("normalTwoSided(0.3)", 0.76417715562209465)]
    [InlineData("normalTwoSided(-1.96)", 0.049995790296440856)]
    [InlineData("normalTwoSided(8)", 1.244192114854357e-15)]
    [InlineData("normalTwoSided(30)", 9.8134278542963744e-198)]
    [InlineData("normalQuantile(0.975)", 1.9599639845400536)]
    [InlineData("normalQuantile(0.6)", 0.25334710313579978)]
    [InlineData("normalQuantile(1e-10)", -6.3613409024040557)]
    [InlineData("studentTwoSided(0.01, 3)", 0.99264911141285195)]
    [InlineData("studentTwoSided(2.5, 1)", 0.24223788318168671)]
    [InlineData("studentTwoSided(2.5, 15)", 0.024505803246513795)]
    [InlineData("studentTwoSided(-12, 159)", 4.9607963634569028e-24)]
    [InlineData("studentTwoSided(4.2, 249)", 3.7199250756856462e-05)]
    [InlineData("studentQuantile(0.975, 1)", 12.706204736174694)]
    [InlineData("studentQuantile(0.975, 81)", 1.9896863234569027)]
    [InlineData("studentQuantile(0.995, 159)", 2.6071034892384644)]
    [InlineData("studentQuantile(0.55, 4)", 0.13383036711194357)]
    [InlineData("studentQuantile(0.999999, 1)", 318309.88617359026)]
    [InlineData("chiSquaredUpper(0.5, 1)", 0.47950012218695348)]
    [InlineData("chiSquaredUpper(38.16, 15)", 0.00085444383444414961)]
    [InlineData("chiSquaredUpper(789.7, 159)", 2.707300137058336e-84)]
    [InlineData("chiSquaredUpper(60, 81)", 0.96124164645521915)]
    [InlineData("chiSquaredQuantile(0.025, 1)", 0.00098206911717525617)]
    [InlineData("chiSquaredQuantile(0.975, 1)", 5.0238861873148846)]
    [InlineData("chiSquaredQuantile(0.025, 15)", 6.2621377950432509)]
    [InlineData("chiSquaredQuantile(0.975, 159)", 195.80527466464432)]
    [InlineData("chiSquaredQuantile(0.025, 249)", 207.18559523519332)]
    [InlineData("fUpper(2.68, 2, 154)", 0.071760884209696313)]
    [InlineData("fUpper(12.5, 3, 60)", 1.8797808117458567e-06)]
    [InlineData("fUpper(0.01, 4, 5)", 0.9997266106385384)]
    [InlineData("fUpper(30, 1, 2)", 0.031754163448145779)]
    [InlineData("fUpper(0.3, 7, 3)", 0.91412549774791541)]
    public void Distributions_agree_with_R(string call, double expected)
    {
        var actual = ExplorerScript.Evaluate("statistics." + call).AsNumber();
        Assert.True(Math.Abs(actual - expected) <= 2e-13 * Math.Abs(expected), string.Create(CultureInfo.InvariantCulture, $"{call} = {actual:R}, R {expected:R}"));
    }

    /// <summary>Where the restricted likelihood of tau² has one maximum at 0 and one above, the higher is taken.</summary>
    [Theory]
    [InlineData(new[] { -0.054, -0.23, 1.3 }, new[] { 0.0038, 0.053, 0.28 }, true)]
    [InlineData(new[] { 0.22, 0.034, 0.0028, 8.6 }, new[] { 0.13, 0.0075, 0.0039, 5.4 }, false)]
    [InlineData(new[] { 1.1, -1.2, -3.5, -0.091, -0.0046 }, new[] { 0.33, 2.4, 0.84, 0.0056, 0.0049 }, true)]
    public void Two_maxima_are_compared(double[] y, double[] v, bool isInside)
    {
        var fit = RandomEffects.Fit(StudyEffects.Create(y, v));
        var tau2 = ExplorerScript.Call("([y, v]) => statistics.tauSquared('REML', y, v)", new object[] { y, v }).AsNumber();
        Assert.Equal(isInside, tau2 > 0);
        Assert.Equal(fit.TauSquared, tau2, 1e-12);
    }

    [Fact]
    public void Tau_squared_set_by_hand_is_that_of_the_estimator_it_equals()
    {
        var effects = PoolingAgreement.Load("molloy2014");
        var fit = RandomEffects.Fit(effects, new() { TauSquared = TauSquaredEstimator.DerSimonianLaird });
        var byHand = ExplorerScript.Call("([y, v, tau2]) => statistics.pool(y, v, { method: 'REML', test: 'hk', level: 0.95, tau2 })",
            new object[] { effects.Effects.ToArray(), effects.Variances.ToArray(), fit.TauSquared }).AsObject();
        Assert.Equal(fit.Estimate, byHand.Get("estimate").AsNumber(), 1e-14);
        Assert.Equal(fit.StandardError, byHand.Get("se").AsNumber(), 1e-14);
        Assert.Equal(fit.PredictionInterval!.Value.Upper, byHand.Get("pi").AsArray()[1].AsNumber(), 1e-13);
    }
}
