namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>Every method names the parameter at fault, and never returns what is not a number.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void Two_groups()
    {
        Fault("sd1", () => MeanDifferences.Raw(1, -1, 10, 2, 1, 10));
        Fault("n2", () => MeanDifferences.Raw(1, 1, 10, 2, 1, 1));
        Fault("m1", () => MeanDifferences.Standardized(double.NaN, 1, 10, 2, 1, 10));
        Fault("sd2", () => MeanDifferences.Glass(1, 10, 2, 0, 10));
        Fault("n2", () => MeanDifferences.Glass(1, 10, 2, 1, 2));
        Fault("m1", () => MeanRatios.RatioOfMeans(-1, 1, 10, 2, 1, 10));
        Fault("m1", () => MeanRatios.RatioOfMeans(0, 1, 10, 2, 1, 10));
        Fault("m2", () => MeanRatios.CoefficientOfVariationRatio(1, 1, 10, -2, 1, 10));
        Fault("sd1", () => MeanRatios.VariabilityRatio(0, 10, 1, 10));
        Fault("t", () => MeanDifferences.FromT(double.PositiveInfinity, 10, 10));
        Fault("variances", () => MeanDifferences.Raw(1, 1, 10, 2, 1, 10, (GroupVariances)9));
        Fault("variance", () => MeanDifferences.FromD(1, 10, 10, (StandardizedVariance)9));
        Fault("correction", () => MeanDifferences.FromD(1, 10, 10, correction: (BiasCorrection)9));
        // No spread at all: nothing to standardize by, and no variance.
        Assert.Throws<ArgumentException>(() => MeanDifferences.Standardized(1, 0, 10, 2, 0, 10));
        Assert.Throws<ArgumentException>(() => MeanDifferences.Raw(1, 0, 10, 2, 0, 10));
        Assert.Equal(0.1, MeanDifferences.Raw(1, 0, 10, 2, 1, 10).Variance, 1e-15);
    }

    [Fact]
    public void Two_occasions()
    {
        Fault("r", () => PairedMeans.Change(1, 1, 2, 1, 10, 1));
        Fault("n", () => PairedMeans.StandardizedByChange(1, 1, 2, 1, 2, 0.5));
        Fault("sd1", () => PairedMeans.StandardizedByFirst(1, 0, 2, 10, 0.5));
        Fault("variance", () => PairedMeans.StandardizedByFirst(1, 1, 2, 10, 0.5, StandardizedVariance.Unbiased));
        Fault("m1", () => PairedMeans.RatioOfMeans(1, 1, -2, 1, 10, 0.5));
        Assert.Throws<ArgumentException>(() => PairedMeans.StandardizedByAverage(1, 0, 2, 0, 10, 0.5));
        Assert.Throws<ArgumentException>(() => PairedMeans.StandardizedByChange(1, 0, 2, 0, 10, 0.5));
    }

    [Fact]
    public void Single_groups_rates_and_alphas()
    {
        Fault("x", () => Proportions.Raw(11, 10));
        Fault("x", () => Proportions.Raw(0, 10));
        Fault("x", () => Proportions.Logit(10, 10));
        Fault("n", () => Proportions.Arcsine(0, 0));
        Fault("x", () => Proportions.Arcsine(-1, 10));
        Assert.Equal("0.5 was added to the people with and without the event (zero-cell rule).",
            Proportions.Logit(10, 10, ZeroCells.AddWhereZero()).Note);
        Fault("x", () => Rates.Log(0, 10));
        Fault("t", () => Rates.Raw(1, 0));
        Fault("x2", () => Rates.LogRateRatio(1, 10, 0, 10));
        Fault("x1", () => Rates.RateDifference(0, 10, 0, 10));
        Fault("t2", () => Rates.SquareRootRateDifference(1, 10, 1, -1));
        Fault("sd", () => SingleMeans.Raw(1, 0, 10));
        Fault("m", () => SingleMeans.Log(0, 1, 10));
        Fault("alpha", () => Reliabilities.Bonett(1, 10, 50));
        Fault("items", () => Reliabilities.Raw(0.8, 1, 50));
        Fault("n", () => Reliabilities.HakstianWhalen(0.8, 4, 2));
        Assert.Equal(-0.2, Reliabilities.Raw(-0.2, 4, 50).Value);
    }

    [Fact]
    public void Regression()
    {
        Fault("n", () => PartialCorrelations.Partial(2, 4, 3));
        Fault("predictors", () => PartialCorrelations.Partial(2, 40, 0));
        Fault("rSquared", () => PartialCorrelations.SemiPartial(2, 40, 3, 1));
        Fault("t", () => PartialCorrelations.SemiPartial(20, 40, 3, 0.2));
        Fault("pr", () => PartialCorrelations.FromPartial(1, 40, 3));
    }

    [Fact]
    public void Semi_partial_z_is_defined_by_the_delta_method()
    {
        EffectSize sr = PartialCorrelations.SemiPartial(2.31, 180, 3, 0.42),
            z = PartialCorrelations.SemiPartialFisherZ(2.31, 180, 3, 0.42);
        Assert.Equal(Math.Atanh(sr.Value), z.Value);
        var slope = (Math.Atanh(sr.Value + 1e-5) - Math.Atanh(sr.Value - 1e-5)) / 2e-5;
        Assert.Equal(sr.Variance * slope * slope, z.Variance, 1e-9);
    }

    [Fact]
    public void The_freeman_tukey_ways_back_are_exact()
    {
        foreach (var (x, n) in new[] { (0, 12), (1, 12), (6, 12), (11, 12), (12, 12), (37, 400) })
        {
            Assert.Equal((double)x / n, Proportions.FromFreemanTukey(Proportions.FreemanTukey(x, n).Value, n), 1e-9);
            Assert.Equal(x / 60.0, Rates.FromFreemanTukey(Rates.FreemanTukey(x, 60).Value, 60), 1e-9);
        }
        Assert.Equal(0, Proportions.FromFreemanTukey(-0.1, 12));
        Assert.Equal(1, Proportions.FromFreemanTukey(1.6, 12));
        Assert.Equal(0, Rates.FromFreemanTukey(-0.1, 12));
    }

    [Fact]
    public void Ratios_of_two_groups_look_at_each_number()
    {
        double[] bad = [-1, double.NaN, double.PositiveInfinity], notFinite = [double.NaN, double.PositiveInfinity], few = [1.9, 0, double.NaN];
        Assert.All(notFinite, x => Fault("m1", () => MeanRatios.RatioOfMeans(x, 1, 10, 2, 1, 10)));
        Assert.All(notFinite, x => Fault("m2", () => MeanRatios.RatioOfMeans(1, 1, 10, x, 1, 10)));
        Fault("m1", () => MeanRatios.RatioOfMeans(1, 1, 10, 0, 1, 10));
        Fault("m1", () => MeanRatios.RatioOfMeans(-1, 1, 10, 0, 1, 10));
        Assert.All(bad, x => Fault("sd1", () => MeanRatios.RatioOfMeans(1, x, 10, 2, 1, 10)));
        Assert.All(bad, x => Fault("sd2", () => MeanRatios.RatioOfMeans(1, 1, 10, 2, x, 10)));
        Assert.All(few, x => Fault("n1", () => MeanRatios.RatioOfMeans(1, 1, x, 2, 1, 10)));
        Assert.All(few, x => Fault("n2", () => MeanRatios.RatioOfMeans(1, 1, 10, 2, 1, x)));
        Fault("sd1", () => MeanRatios.VariabilityRatio(-1, 10, 1, 10));
        Assert.All(bad.Append(0), x => Fault("sd2", () => MeanRatios.VariabilityRatio(1, 10, x, 10)));
        Assert.All(few, x => Fault("n1", () => MeanRatios.VariabilityRatio(1, x, 1, 10)));
        Assert.All(few, x => Fault("n2", () => MeanRatios.VariabilityRatio(1, 10, 1, x)));
        // Means below 0 have a ratio, but no coefficient of variation.
        Assert.Equal(Math.Log(0.5), MeanRatios.RatioOfMeans(-1, 1, 10, -2, 1, 10, corrected: false).Value, 1e-15);
        Fault("m1", () => MeanRatios.CoefficientOfVariationRatio(-1, 1, 10, -2, 1, 10));
        // Groups of two, and no spread in one of them, are few but enough.
        Assert.Equal(0.5 / 4, MeanRatios.RatioOfMeans(1, 0, 2, 2, 1, 2).Variance, 1e-15);
        Assert.Equal(1, MeanRatios.VariabilityRatio(1, 2, 1, 2).Variance, 1e-15);
    }

    [Fact]
    public void Changes_look_at_each_number()
    {
        // In the order in which they are asked for: m1, sd1, m2, sd2, n, r.
        Func<double[], EffectSize>[] methods =
        [
            a => PairedMeans.Change(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.StandardizedByChange(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.StandardizedByFirst(a[0], a[1], a[2], a[4], a[5]),
            a => PairedMeans.StandardizedByFirstUnequalVariances(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.StandardizedByAverage(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.StandardizedByAverageUnequalVariances(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.RatioOfMeans(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.CoefficientOfVariationRatio(a[0], a[1], a[2], a[3], a[4], a[5]),
            a => PairedMeans.VariabilityRatio(a[1], a[3], a[4], a[5]),
        ];
        string[] names = ["m1", "sd1", "m2", "sd2", "n", "r"];
        for (var method = 0; method < methods.Length; method++)
        {
            for (var argument = 0; argument < names.Length; argument++)
            {
                if ((method == 2 && argument == 3) || (method == 8 && argument is 0 or 2)) continue;
                double[] wrong = names[argument] switch { "r" => [-1, 1, double.NaN], "n" => [1.9, double.NaN, double.PositiveInfinity], "m1" or "m2" => [double.NaN, double.PositiveInfinity], _ => [-1, double.NaN, double.PositiveInfinity] };
                foreach (var value in wrong)
                {
                    double[] row = [1, 1, 2, 1.5, 10, 0.5];
                    row[argument] = value;
                    var fault = Assert.Throws<ArgumentOutOfRangeException>(() => methods[method](row));
                    Assert.True(fault.ParamName == names[argument], $"method {method}, {names[argument]} = {value}: {fault.Message}");
                }
            }
            // Standardizing by an estimate takes a third person.
            double[] two = [1, 1, 2, 1.5, 2, 0.5];
            if (method is > 0 and < 6) Assert.Equal("n", Assert.Throws<ArgumentOutOfRangeException>(() => methods[method](two)).ParamName);
            else Assert.True(methods[method](two).Variance > 0);
        }
        Fault("m1", () => PairedMeans.CoefficientOfVariationRatio(-1, 1, -2, 1, 10, 0.5));
        Fault("m2", () => PairedMeans.CoefficientOfVariationRatio(1, 1, -2, 1, 10, 0.5));
        Fault("sd1", () => PairedMeans.VariabilityRatio(0, 1, 10, 0.5));
        Fault("sd2", () => PairedMeans.VariabilityRatio(1, 0, 10, 0.5));
        Assert.Contains("Every change is the same", Assert.Throws<ArgumentException>(() => PairedMeans.StandardizedByChange(1, 0, 2, 0, 10, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("Both standard deviations are 0", Assert.Throws<ArgumentException>(() => PairedMeans.StandardizedByAverage(1, 0, 2, 0, 10, 0.5)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_z_that_is_no_number_has_no_correlation(double z) => Assert.Equal("z", Assert.Throws<ArgumentOutOfRangeException>(() => MetaAnalysis.Correlations.FromFisherZ(z)).ParamName);

    private static void Fault(string parameter, Func<EffectSize> compute) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => compute()).ParamName);
}
