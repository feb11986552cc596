using System.Text.Json;
using EmpathyNotebooks.MetaAnalysis.Tests.Golden;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>p-curve against the statistics of its authors' app before rounding, against brute force, and at its edges.</summary>
public sealed class PCurveTests
{
    public static TheoryData<string> Datasets => [.. PValueReference.Datasets];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Agrees_with_the_app(string dataset)
    {
        var expected = PValueReference.Results("pcurve", "pcurve.json", dataset, "pcurve");
        var curve = PCurve.Fit(Reference.Load(dataset));

        Assert.Equal(expected.GetProperty("k").GetInt32(), curve.GivenCount);
        Assert.Equal(expected.GetProperty("k_sig").GetInt32(), curve.Count);
        Assert.Equal(expected.GetProperty("k_half").GetInt32(), curve.HalfCount);
        Test(curve.FullRightSkew, "full_right_skew", 1e-10);
        Test(curve.HalfRightSkew!.Value, "half_right_skew", 1e-10);
        // The app solves the noncentrality of 33% power to the tolerance of R's uniroot.
        // With z of 8 the app loses the digits of probabilities near 1; Exact_flatness_and_power has them.
        var lost = dataset is "bcg" or "normand1999" or "mcdaniel1994" ? 2e-4 : 1e-5;
        Test(curve.FullFlatness, "full_flatness_33", lost);
        // The app divides by the share of significant results below .025 where p below .025 is given, so that its half-curve test of flatness is not uniform at 33% power but lies between 2/3 and 1. Ours
        // is; the app's figure is found by its own formula.
        PValueReference.Near(AppHalfFlatness(dataset), expected.GetProperty("half_flatness_33").GetProperty("z"), lost, "half flatness of the app");
        PValueReference.Near(curve.HalfFlatness!.Value.Z, HalfFlatness(dataset), 1e-9, "half flatness");
        PValueReference.Near(curve.BinomialRightSkew, expected.GetProperty("binomial_right_skew_p"), 1e-10, "binomial");
        PValueReference.Near(curve.BinomialFlatness, expected.GetProperty("binomial_33_p"), 1e-5, "binomial at 33%");
        PValueReference.Near(curve.ShareBelowHalf, expected.GetProperty("observed_share_below_025"), 1e-14, "share");
        PValueReference.Near(curve.ExpectedShareBelowHalf, expected.GetProperty("expected_share_below_025_at_33"), 1e-5, "expected share");
        var root = expected.GetProperty("power_root");
        // Beyond 99% the app has no root, and gives 99%.
        if (root.ValueKind == JsonValueKind.Null) Assert.Equal(0.99, curve.Power);
        // A root of the app's function, whose noncentrality is R's uniroot at its default tolerance: 1.2e-6 off the exact root below.
        else PValueReference.Near(curve.Power, root, 1e-5, "power");
        PValueReference.Near(curve.PowerInterval.Lower, expected.GetProperty("power_ci90")[0], 1e-4, "lower");
        PValueReference.Near(curve.PowerInterval.Upper, expected.GetProperty("power_ci90")[1], 1e-4, "upper");

        void Test(PCurveTest test, string name, double tolerance)
        {
            PValueReference.Near(test.Z, expected.GetProperty(name).GetProperty("z"), tolerance, name);
            PValueReference.Near(test.PValue, expected.GetProperty(name).GetProperty("p"), tolerance, name);
        }
    }

    /// <summary>Both tests of flatness have the distribution they claim: simulated results of 33% power, given that they are significant, have uniform p-values of them.</summary>
    [Fact]
    public void Flatness_is_uniform_at_33_percent_power()
    {
        var random = new Random(5);
        var shift = Math.Sqrt(new NoncentralTest(TestStatistic.Z(2)).NoncentralityOf(1.0 / 3));
        List<double> full = [], half = [];
        while (half.Count < 2000)
        {
            var z = shift + Normal.Sample(random, 0, 1);
            if (TestStatistic.Z(z).PValue >= 0.05) continue;
            // One result a curve: Stouffer's z is then the quantile of its own probability.
            var curve = PCurve.Fit([TestStatistic.Z(z)]);
            full.Add(curve.FullFlatness.PValue);
            if (curve.HalfFlatness is { } flat) half.Add(flat.PValue);
        }
        foreach (var share in (double[])[0.1, 0.25, 0.5, 0.75, 0.9])
        {
            Assert.Equal(share, full.Count(p => p < share) / (double)full.Count, 0.04);
            Assert.Equal(share, half.Count(p => p < share) / (double)half.Count, 0.04);
        }
    }

    /// <summary>Stouffer's z at 33% power and the power at which it is 0, in 30-digit arithmetic (mpmath).</summary>
    [Theory]
    [InlineData("raudenbush1985", 0.729365106079889318, 0.60885104346253769)]
    [InlineData("molloy2014", 1.65014398833814957, 0.67983438198940114)]
    [InlineData("hackshaw1998", -0.91674474924278091, 0.11641439856644926)]
    [InlineData("mcdaniel1994", 13.0205256637679230, 0.95015395482682919)]
    [InlineData("normand1999", 6.678216623029925, 0.99)]
    public void Exact_flatness_and_power(string dataset, double flatness, double power)
    {
        var curve = PCurve.Fit(Reference.Load(dataset));

        PValueReference.Near(curve.FullFlatness.Z, flatness, 1e-10, "flatness");
        PValueReference.Near(curve.Power, power, 1e-10, "power");
    }

    /// <summary>The shares of the curve add up to 1, and those at 33% power are what counting simulated significant results gives.</summary>
    [Fact]
    public void The_curve_at_33_percent_power_is_what_simulation_counts()
    {
        var curve = PCurve.Fit([TestStatistic.T(2.4, 12), TestStatistic.T(3.1, 12)]);

        Assert.Equal(1, curve.Steps.Sum(s => s.Observed), 12);
        Assert.Equal(1, curve.Steps.Sum(s => s.AtThirdPower), 10);
        // Simulated t tests with 12 degrees of freedom, the noncentrality searched so that a third is significant.
        var random = new Random(1);
        var draws = Enumerable.Range(0, 100_000).Select(_ => (Z: Normal.Sample(random, 0, 1), Scale: Math.Sqrt(ChiSquared.Sample(random, 12) / 12))).ToArray();
        double low = 0, high = 5;
        for (var i = 0; i < 14; i++)
        {
            var middle = (low + high) / 2;
            if (P(middle).Count(p => p < 0.05) < draws.Length / 3.0) low = middle;
            else high = middle;
        }
        var significant = P(low).Where(p => p < 0.05).ToList();
        foreach (var step in curve.Steps)
        {
            Assert.Equal(significant.Count(p => p < step.UpTo && p >= step.UpTo - 0.01) / (double)significant.Count, step.AtThirdPower, 0.01);
        }

        IEnumerable<double> P(double shift) => draws.Select(d => TestStatistic.T((d.Z + shift) / d.Scale, 12).PValue);
    }

    /// <summary>Noncentral tails against the integral over the variance in the denominator, and z as the limit.</summary>
    [Theory]
    [InlineData(5, 1.4, 2.2)]
    [InlineData(40, 2.5, 0.3)]
    [InlineData(3, 0.1, 4)]
    [InlineData(200, 6, 3)]
    public void Noncentral_t_is_its_integral(double df, double shift, double t)
    {
        // Pr(|Z + shift| > t √(χ²/df)), the noncentral t by its definition.
        var expected = GaussLegendreRule.Integrate(x => ChiSquared.PDF(df, x) * (Normal.CDF(0, 1, shift - t * Math.Sqrt(x / df)) + Normal.CDF(0, 1, -shift - t * Math.Sqrt(x / df))), 1e-12, df + 20 * Math.Sqrt(2 * df), 1024);

        Assert.Equal(expected, new NoncentralTest(TestStatistic.T(t, df)).Upper(t * t, shift * shift), df < 4 ? 1e-5 : 1e-9);
        Assert.Equal(new NoncentralTest(TestStatistic.F(t * t, 1, df)).Upper(t * t, shift * shift), new NoncentralTest(TestStatistic.T(t, df)).Upper(t * t, shift * shift), 1e-14);
        Assert.Equal(new NoncentralTest(TestStatistic.Z(t)).Upper(t * t, shift * shift), new NoncentralTest(TestStatistic.ChiSquared(t * t, 1)).Upper(t * t, shift * shift), 1e-13);
    }

    /// <summary>F of 3.2 with 3 and 17 degrees of freedom and λ = 5.5, χ² of 12.3 with 4 and λ = 7, in 30-digit arithmetic (mpmath); R's pf has 2e-10 less.</summary>
    [Fact]
    public void Noncentral_F_and_chi_squared_have_their_digits()
    {
        Assert.Equal(0.390475618381658103, new NoncentralTest(TestStatistic.F(3.2, 3, 17)).Upper(3.2, 5.5), 1e-12);
        Assert.Equal(0.358371599000157647, new NoncentralTest(TestStatistic.ChiSquared(12.3, 4)).Upper(12.3, 7), 1e-12);
    }

    [Fact]
    public void Power_is_found_in_results_that_have_it()
    {
        // The quantiles of significant z at 60% power: there Stouffer's z is 0 but for rounding of the grid.
        var test = new NoncentralTest(TestStatistic.Z(2));
        var noncentrality = test.NoncentralityOf(0.6);
        var tests = Enumerable.Range(1, 199).Select(i => TestStatistic.Z(Root(i / 200.0))).ToList();

        Assert.Equal(0.6, PCurve.Fit(tests).Power, 1e-6);

        double Root(double share)
        {
            double low = 1.9, high = 12;
            for (var i = 0; i < 100; i++)
            {
                var middle = (low + high) / 2;
                if (test.Upper(middle * middle, noncentrality) / 0.6 > share) low = middle;
                else high = middle;
            }
            return low;
        }
    }

    [Fact]
    public void Sides_and_other_directions_are_said()
    {
        var effects = StudyEffects.Create([0.5, 0.4, -0.6, 0.1], [0.01, 0.01, 0.01, 0.01]);

        Assert.Contains(PCurve.Fit(effects).Warnings, w => w.StartsWith("1 of 3", StringComparison.Ordinal));
        Assert.Equal((2, 1), (PCurve.Fit(effects, Alternative.Greater).Count, PCurve.Fit(effects, Alternative.Less).Count));
        var one = PCurve.Fit(effects, Alternative.Less);
        Assert.Equal(Math.Min(1, one.FullRightSkew.PValue), one.FullRightSkew.PValue);
    }

    [Fact]
    public void What_does_not_apply_is_said()
    {
        Assert.Throws<UndeterminedException>(() => PCurve.Fit(StudyEffects.Create([0.1, 0.1], [0.04, 0.04])));
        Assert.Throws<UndeterminedException>(() => PCurve.Fit([]));
        Assert.Throws<ImpossibleChoiceException>(() => PCurve.Fit(StudyEffects.Create([-1.0, -1.2], [0.1, 0.1], EffectMeasure.FromCode("PLO"))));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestStatistic.T(double.NaN, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestStatistic.F(2, 0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestStatistic.ChiSquared(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestStatistic.Correlation(1, 3));
    }

    [Fact]
    public void Only_results_between_025_and_05_leave_the_half_curve_empty()
    {
        var curve = PCurve.Fit([TestStatistic.Z(2.0), TestStatistic.Z(2.1)]);

        Assert.Equal((0, null, null), (curve.HalfCount, curve.HalfRightSkew, curve.HalfFlatness));
        Assert.Equal(0.05, curve.Power);
        Assert.False(curve.HasEvidentialValue);
        Assert.Equal(1, curve.BinomialRightSkew);
    }

    [Fact]
    public void Ugly_data_have_a_curve_or_a_reason()
    {
        var curves = 0;
        foreach (var effects in PValueReference.Ugly(300, 12))
        {
            try
            {
                var curve = PCurve.Fit(effects);
                curves++;
                Assert.InRange(curve.Power, 0.05, 0.99);
                Assert.True(curve.PowerInterval.Lower <= curve.Power && curve.Power <= curve.PowerInterval.Upper);
                Assert.All([curve.FullRightSkew.PValue, curve.FullFlatness.PValue, curve.BinomialFlatness, curve.BinomialRightSkew], p => Assert.InRange(p, 0, 1));
                Assert.Equal(1, curve.Steps.Sum(s => s.Observed), 12);
            }
            catch (UndeterminedException reason)
            {
                Assert.Equal("p-curve", reason.Method);
            }
        }
        Assert.True(curves > 100);
    }

    private static double AppHalfFlatness(string dataset) => Stouffer(dataset, (upper, critical) => upper / (3 * critical));

    private static double HalfFlatness(string dataset) => Stouffer(dataset, (upper, critical) => upper / critical);

    /// <summary>Stouffer's z of the results with p below .025, from their tail at 33% power and that of the critical value, which make what their probability lacks to 1.</summary>
    private static double Stouffer(string dataset, Func<double, double, double> rest)
    {
        var effects = Reference.Load(dataset);
        // Pr(|Z + shift| > 1.96) = 1/3 at this shift.
        const double shift = 1.528568712712556;
        double Upper(double z) => Normal.CDF(0, 1, shift - z) + Normal.CDF(0, 1, -shift - z);
        var critical = Normal.InvCDF(0, 1, 1 - 0.0125);
        var z = Enumerable.Range(0, effects.Count).Select(i => Math.Abs(effects.Effects[i]) / Math.Sqrt(effects.Variances[i])).Where(value => value > critical).ToList();
        return z.Sum(value => -Normal.InvCDF(0, 1, Math.Max(rest(Upper(value), Upper(critical)), 2.2e-16))) / Math.Sqrt(z.Count);
    }
}
