using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace EmpathyNotebooks.MetaAnalysis.Tests.EffectSizes;

/// <summary>What effects mean: published tables, integrals and counts.</summary>
public sealed class EffectMeaningTests
{
    private static double Value(EffectMeaning meaning, MeaningKind kind, MeaningModel model, bool atBaseRate = false) =>
        Assert.Single(meaning.Statements, s => s.Kind == kind && s.Model == model && s.BaseRate is not null == atBaseRate).Value;

    /// <summary>Kraemer and Kupfer's numbers needed, and success rates of the binomial display for two groups, as Table 3 of Clinical Epidemiology 14 (2022), 851-870 has them for d.</summary>
    [Theory]
    [InlineData(0.1, 0.540, 17.7, 0.475)]
    [InlineData(0.2, 0.579, 8.9, 0.450)]
    [InlineData(0.3, 0.618, 6.0, 0.426)]
    [InlineData(0.4, 0.655, 4.5, 0.402)]
    [InlineData(0.5, 0.691, 3.6, 0.379)]
    [InlineData(0.6, 0.726, 3.0, 0.356)]
    [InlineData(0.7, 0.758, 2.6, 0.335)]
    [InlineData(0.8, 0.788, 2.3, 0.314)]
    public void Differences_have_the_numbers_of_the_table(double d, double u3, double needed, double untreated)
    {
        var meaning = EffectMeaning.OfDifference(d);

        Assert.Equal(u3, Value(meaning, MeaningKind.U3, MeaningModel.TwoNormalGroups), 0.00051);
        Assert.Equal(needed, Value(meaning, MeaningKind.NumberNeeded, MeaningModel.TwoNormalGroups), 0.051);
        Assert.Equal(untreated, Value(EffectMeaning.OfCorrelation(EffectSizeConversion.DToR(d)), MeaningKind.SecondRate, MeaningModel.TwoBinaryVariables), 0.00051);
    }

    /// <summary>Success above the median: .59 for r = .28 if both are normal, .64 if both are binary with equal margins.</summary>
    [Fact]
    public void Success_rates_depend_on_what_is_assumed()
    {
        var meaning = EffectMeaning.OfCorrelation(0.28);

        Assert.Equal(0.5 + Math.Asin(0.28) / Math.PI, Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal), 1e-15);
        Assert.Equal(0.59, Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal), 0.005);
        Assert.Equal(0.64, Value(meaning, MeaningKind.FirstRate, MeaningModel.TwoBinaryVariables), 1e-15);
        Assert.Contains("two values only", Assert.Single(meaning.Statements, s => s.Kind == MeaningKind.FirstRate && s.Model == MeaningModel.TwoBinaryVariables).Assumption, StringComparison.Ordinal);
        Assert.All(meaning.Statements, s => Assert.NotEmpty(s.Assumption));
    }

    [Theory]
    [InlineData(-1.3)]
    [InlineData(-0.2)]
    [InlineData(0.0)]
    [InlineData(0.45)]
    [InlineData(2.0)]
    public void Shares_of_two_normal_groups_are_integrals(double d)
    {
        var meaning = EffectMeaning.OfDifference(d, options: new() { BaseRate = 0.2 });
        double Integral(Func<double, double> f) => Enumerable.Range(-10, 24).Sum(i => GaussLegendreRule.Integrate(f, i, i + 1, 64));
        static double First(double x, double d) => Normal.PDF(d, 1, x);

        Assert.Equal(Enumerable.Range(0, 14).Sum(i => GaussLegendreRule.Integrate(x => First(x, d), i, i + 1, 64)), Value(meaning, MeaningKind.U3, MeaningModel.TwoNormalGroups), 1e-12);
        // Split where the curves cross, so that each piece is smooth.
        double Smaller(double from, double to) => Enumerable.Range(0, 40).Sum(i => GaussLegendreRule.Integrate(x => Math.Min(First(x, d), Normal.PDF(0, 1, x)), from + (to - from) * i / 40, from + (to - from) * (i + 1) / 40, 64));
        Assert.Equal(Smaller(-12, d / 2) + Smaller(d / 2, 14), Value(meaning, MeaningKind.Overlap, MeaningModel.TwoNormalGroups), 1e-12);
        var ahead = Integral(x => First(x, d) * Normal.CDF(0, 1, x));
        Assert.Equal(ahead, Value(meaning, MeaningKind.CommonLanguage, MeaningModel.TwoNormalGroups), 1e-12);
        Assert.Equal(2 * ahead - 1, Value(meaning, MeaningKind.RateDifference, MeaningModel.TwoNormalGroups), 1e-12);
        // The cut-off that 20% of the second group pass.
        var cut = Normal.InvCDF(0, 1, 0.8);
        var rate = Smooth(x => First(x, d), cut, 14);
        Assert.Equal(rate, Value(meaning, MeaningKind.FirstRate, MeaningModel.TwoNormalGroups, atBaseRate: true), 1e-10);
        if (d != 0) Assert.Equal(1 / (rate - 0.2), Value(meaning, MeaningKind.NumberNeeded, MeaningModel.TwoNormalGroups, atBaseRate: true), 1e-7);
        else Assert.DoesNotContain(meaning.Statements, s => s.Kind == MeaningKind.NumberNeeded);

        static double Smooth(Func<double, double> f, double from, double to) => Enumerable.Range(0, 30).Sum(i => GaussLegendreRule.Integrate(f, from + (to - from) * i / 30, from + (to - from) * (i + 1) / 30, 64));
    }

    /// <summary>The halves of a bivariate normal distribution, by integration over the predictor.</summary>
    [Theory]
    [InlineData(0.28, 0.3)]
    [InlineData(-0.5, 0.1)]
    [InlineData(0.8, 0.9)]
    [InlineData(0.0, 0.4)]
    public void Halves_of_correlated_variables_are_integrals(double r, double rate)
    {
        var meaning = EffectMeaning.OfCorrelation(r, options: new() { BaseRate = rate });
        var cut = Normal.InvCDF(0, 1, 1 - rate);
        var upper = 2 * Enumerable.Range(0, 24).Sum(i => GaussLegendreRule.Integrate(x => Normal.PDF(0, 1, x) * (1 - Normal.CDF(r * x, Math.Sqrt(1 - r * r), cut)), i / 2.0, (i + 1) / 2.0, 64));

        Assert.Equal(upper, Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal, atBaseRate: true), 1e-9);
        Assert.Equal(2 * rate, Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal, atBaseRate: true) + Value(meaning, MeaningKind.SecondRate, MeaningModel.BivariateNormal, atBaseRate: true), 1e-14);
    }

    /// <summary>At a base rate of one half the halves are those split at the median of both.</summary>
    [Fact]
    public void A_base_rate_of_one_half_is_the_median()
    {
        var meaning = EffectMeaning.OfCorrelation(0.4, options: new() { BaseRate = 0.5 });

        Assert.Equal(Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal), Value(meaning, MeaningKind.FirstRate, MeaningModel.BivariateNormal, atBaseRate: true), 1e-12);
    }

    [Fact]
    public void Odds_and_risks_give_rates_at_the_base_rate()
    {
        // 30 of 100 against 2 times the odds: odds 3/7, 6/7, rate 6/13.
        var odds = EffectMeaning.OfOddsRatio(2, new(1.5, 3, 0.95), new() { BaseRate = 0.3 });
        Assert.Equal(6.0 / 13, Value(odds, MeaningKind.FirstRate, MeaningModel.TwoRates, true), 1e-15);
        Assert.Equal(1 / (6.0 / 13 - 0.3), odds[MeaningKind.NumberNeeded]!.Value, 1e-12);
        Assert.Equal(Math.Log(2) * Math.Sqrt(3) / Math.PI, Value(odds, MeaningKind.StandardizedDifference, MeaningModel.TwoNormalGroups), 1e-15);
        Assert.Equal(1 / (0.45 - 0.3), EffectMeaning.OfRiskRatio(1.5, null, new() { BaseRate = 0.3 })[MeaningKind.NumberNeeded]!.Value, 1e-12);
        Assert.Equal(8, EffectMeaning.OfRiskDifference(0.125)[MeaningKind.NumberNeeded]!.Value, 1e-12);
        Assert.Equal(-8, EffectMeaning.OfRiskDifference(-0.125)[MeaningKind.NumberNeeded]!.Value, 1e-12);
        Assert.Equal(ChoiceFault.Incomplete, Assert.Throws<ImpossibleChoiceException>(() => EffectMeaning.OfRiskRatio(1.5)).Kind);
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectMeaning.OfRiskRatio(4, null, new() { BaseRate = 0.3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectMeaning.OfCorrelation(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EffectMeaningOptions { BaseRate = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectMeaning.OfOddsRatio(0));
    }

    /// <summary>Furukawa's number for d = .245 where 35% respond anyhow, and Kraemer and Kupfer's.</summary>
    [Fact]
    public void The_number_needed_depends_on_the_base_rate()
    {
        var meaning = EffectMeaning.OfDifference(0.245, options: new() { BaseRate = 0.35 });

        Assert.Equal(1 / (2 * Normal.CDF(0, 1, 0.245 / Math.Sqrt(2)) - 1), Value(meaning, MeaningKind.NumberNeeded, MeaningModel.TwoNormalGroups), 1e-8);
        Assert.Equal(1 / (Normal.CDF(0, 1, 0.245 + Normal.InvCDF(0, 1, 0.35)) - 0.35), meaning[MeaningKind.NumberNeeded]!.Value, 1e-8);
        Assert.True(meaning[MeaningKind.NumberNeeded]!.Value > 10.6);
    }

    [Fact]
    public void Intervals_go_with_the_effect()
    {
        var sure = EffectMeaning.OfDifference(0.5, new(0.2, 0.8, 0.95));
        var needed = sure[MeaningKind.NumberNeeded]!;
        Assert.Equal(EffectMeaning.OfDifference(0.8)[MeaningKind.NumberNeeded]!.Value, needed.Lower!.Value, 1e-12);
        Assert.Equal(EffectMeaning.OfDifference(0.2)[MeaningKind.NumberNeeded]!.Value, needed.Upper!.Value, 1e-12);

        var open = EffectMeaning.OfDifference(0.1, new(-0.2, 0.4, 0.95));
        Assert.Null(open[MeaningKind.NumberNeeded]!.Lower);
        Assert.Contains("∞", open[MeaningKind.NumberNeeded]!.ShownInterval, StringComparison.Ordinal);
        Assert.Equal(1, open[MeaningKind.Overlap]!.Upper);
        Assert.Contains(open.Warnings, w => w.Contains("infinity", StringComparison.Ordinal));
        Assert.Equal(0, EffectMeaning.OfCorrelation(0.1, new(-0.1, 0.3, 0.95))[MeaningKind.VarianceExplained]!.Lower);
    }

    [Fact]
    public void A_fit_means_what_its_mean_means()
    {
        var effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ);
        var fit = RandomEffects.Fit(effects);

        var meaning = EffectMeaning.Of(fit, new() { BaseRate = 0.3, MinimalImportantDifference = 0.1 });

        Assert.Equal(EffectMeaning.OfCorrelation(Math.Tanh(fit.Estimate)).Statements[0].Value, meaning.Statements[0].Value);
        Assert.Equal(fit.ProbabilityAbove(Math.Atanh(0.1)).Share, meaning[MeaningKind.ShareBeyond]!.Value);
        Assert.Equal(fit.ProbabilityBelow(Math.Atanh(-0.1)).Share, EffectMeaning.Of(fit, new() { MinimalImportantDifference = -0.1 })[MeaningKind.ShareBeyond]!.Value);
        Assert.Throws<ImpossibleChoiceException>(() => EffectMeaning.Of(RandomEffects.Fit(StudyEffects.Create([0.1, 0.2], [0.1, 0.1]))));
        Assert.Throws<ArgumentOutOfRangeException>(() => EffectMeaning.Of(fit, new() { MinimalImportantDifference = 1.2 }));
    }

    /// <summary>A normal end-point of mean 11.2 and standard deviation 7.5: P(below 12.5), by counting quantiles.</summary>
    [Fact]
    public void Responses_are_shares_of_a_normal_distribution()
    {
        const int steps = 200_000;
        var below = Enumerable.Range(0, steps).Count(i => Normal.InvCDF(11.2, 7.5, (i + 0.5) / steps) < 12.5) / (double)steps;

        var response = ResponseImputation.FromMean(11.2, 7.5, 60, 12.5, ResponseSide.Below);

        Assert.Equal(below, response.Rate, 1e-5);
        Assert.Equal(60, response.Responders + response.Others, 1e-12);
        Assert.Equal(1, response.Rate + ResponseImputation.FromMean(11.2, 7.5, 60, 12.5, ResponseSide.Above).Rate, 1e-14);
        Assert.Throws<ArgumentOutOfRangeException>(() => ResponseImputation.FromMean(1, 0, 10, 2, ResponseSide.Above));
    }

    [Fact]
    public void Random_effects_give_shares_between_0_and_1()
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            var r = random.NextDouble() * 1.998 - 0.999;
            var (a, b) = (Math.Max(-0.9999, r - random.NextDouble() * 0.3), Math.Min(0.9999, r + random.NextDouble() * 0.3));
            var meaning = EffectMeaning.OfCorrelation(r, new(a, b, 0.95), new() { BaseRate = 0.001 + 0.998 * random.NextDouble() });
            Assert.All(meaning.Statements, s =>
            {
                if (s.Lower is { } lower) Assert.True(lower <= s.Value * (1 + 1e-9) + 1e-9 && s.Value <= s.Upper + 1e-9 * Math.Max(1, Math.Abs(s.Value)), $"{s.Kind} {s.Model} {lower} {s.Value} {s.Upper}");
                if (s.Kind is not (MeaningKind.NumberNeeded or MeaningKind.StandardizedDifference or MeaningKind.RateDifference)) Assert.InRange(s.Value, -1e-12, 1 + 1e-12);
                Assert.True(double.IsFinite(s.Value));
            });
        }
    }

    [Fact]
    public void A_number_needed_below_0_is_explained_wherever_it_can_stand()
    {
        var limits = new ConfidenceInterval(-0.5, 0.1, 0.95);
        EffectMeaning[] below = [EffectMeaning.OfDifference(-0.3), EffectMeaning.OfDifference(0.1, new(-0.1, 0.3, 0.95)), EffectMeaning.OfCorrelation(-0.3, limits, new() { BaseRate = 0.3 }), EffectMeaning.OfOddsRatio(0.7)];
        Assert.All(below, meaning => Assert.Contains(meaning.Warnings, w => w.StartsWith("A number needed below 0 is that for one success less", StringComparison.Ordinal)));
        // Of event rates the name says it.
        var rates = EffectMeaning.OfRiskDifference(-0.1);
        Assert.Contains("below 0: for one less", rates[MeaningKind.NumberNeeded]!.Name, StringComparison.Ordinal);
        foreach (var meaning in new[] { rates, EffectMeaning.OfDifference(0.3, new(0.1, 0.5, 0.95)) }) Assert.DoesNotContain(meaning.Warnings, w => w.Contains("below 0", StringComparison.Ordinal));
    }

    [Fact]
    public void A_share_of_people_is_all_only_where_it_is()
    {
        Assert.Equal("99.95%", EffectMeaning.OfDifference(3.3)[MeaningKind.U3]!.Shown);
        Assert.Equal("> 99.999%", EffectMeaning.OfDifference(6)[MeaningKind.U3]!.Shown);
    }
}
