namespace EmpathyNotebooks.MetaAnalysis.Tests.Batteries;

/// <summary>What rows of a battery say of themselves, and what holds of effects turned round.</summary>
public sealed class BatteryWordTests
{
    private static readonly double[] Y = [0.31, 0.08, 0.45, 0.20, 0.52, 0.38, 2.10, 0.27];
    private static readonly double[] V = [0.06, 0.10, 0.09, 0.05, 0.12, 0.11, 0.07, 0.09];

    private static StudyEffects Of(IEnumerable<double> y, EffectMeasure? measure = null, string?[]? risk = null) => StudyEffects.Create([.. y], V[..y.Count()], measure ?? EffectMeasure.StandardizedMeanDifference, columns:
    [
        StudyColumn.OfTexts("study", new[] { "A", "A", "B", "C", "D", "D", "E", "F" }[..y.Count()]),
        StudyColumn.OfTexts("site", new[] { "p", "p", "p", "q", "q", "q", "r", "r" }[..y.Count()]),
        StudyColumn.OfTexts("rob", (risk ?? ["Low", "high", "low", "some concerns", "low", "low", null, null])[..y.Count()]),
    ]);

    /// <summary>Turned round, every analysis gives the same with the other sign; the lowest of each study are the highest, and what was missing on the left is on the right.</summary>
    [Fact]
    public void Effects_turned_round_give_every_analysis_turned_round()
    {
        var options = new BatteryOptions { Study = "study", LowRisk = StudyCondition.Parse("rob=low") };
        BatteryResult up = Battery.Of(Of(Y), options), down = Battery.Of(Of(Y.Select(y => -y)), options);
        Assert.Equal(12, up.Rows.Length);
        foreach (var row in up.Rows)
        {
            var turned = down[row.Variant switch { BatteryVariant.Lowest => BatteryVariant.Highest, BatteryVariant.Highest => BatteryVariant.Lowest, var same => same }]!;
            Assert.Equal(row.Mean.Estimate, -turned.Mean.Estimate, 1e-7);
            Assert.Equal(row.LeftOut, turned.LeftOut);
        }
        var (over, under) = (up[BatteryVariant.Selection]!.Note, down[BatteryVariant.Selection]!.Note);
        Assert.StartsWith("of averages; weight of results not significant above 0: ", over, StringComparison.Ordinal);
        Assert.Equal(over!.Replace("above", "below", StringComparison.Ordinal), under);
        Assert.StartsWith("of averages; ", up[BatteryVariant.Limit]!.Note, StringComparison.Ordinal);
    }

    /// <summary>Two imprecise studies on one side alone have their mirror images filled in on the other.</summary>
    [Theory]
    [InlineData(1, "left")]
    [InlineData(-1, "right")]
    public void Filled_studies_lie_on_the_side_that_is_said(int sign, string side)
    {
        double[] y = [0.1, 0.12, 0.08, 0.11, 0.09, 0.9, 1.0, 1.1], v = [0.001, 0.001, 0.001, 0.002, 0.002, 0.1, 0.12, 0.15];
        var row = Battery.Of(StudyEffects.Create([.. y.Select(e => sign * e)], v, EffectMeasure.StandardizedMeanDifference))[BatteryVariant.TrimAndFill]!;
        Assert.Matches($"^[1-4] filled in on the {side}$", row.Note!);
        Assert.Equal(0.1, sign * row.Mean.Estimate, 0.05);
        var even = Battery.Of(StudyEffects.Create([.. y[..5].Select(e => sign * e)], v[..5], EffectMeasure.StandardizedMeanDifference))[BatteryVariant.TrimAndFill]!;
        Assert.Equal("none filled in", even.Note);
    }

    [Fact]
    public void What_is_left_out_is_counted()
    {
        var result = Battery.Of(Of(Y), new() { Study = "study", LowRisk = StudyCondition.Parse("rob=low") });
        Assert.Equal("1 of 8 left out", result[BatteryVariant.WithoutOutliers]!.Note);
        Assert.Equal("4 of 8 left out", result[BatteryVariant.LowRiskOfBias]!.Note);
        Assert.Contains("2 effects without a value of rob are left out with those of higher risk.", result[BatteryVariant.LowRiskOfBias]!.Warnings);
        // Without a study that is no outlier nothing is left out, and it is the analysis of which it was taken.
        var calm = Of(Y[..6]);
        Assert.Equal("none found, so that it is the overall analysis again", Battery.Of(calm)[BatteryVariant.WithoutOutliers]!.Note);
        var averaged = Battery.Of(calm, new() { Study = "study", RemoveFrom = BatteryBase.Combined })[BatteryVariant.WithoutOutliers]!;
        Assert.Equal(("none found, so that it is the combined analysis again", 4), (averaged.Note, averaged.Count));
        var one = Battery.Of(Of(Y, risk: ["low", "low", "low", "low", "low", "high", "high", null]), new() { LowRisk = StudyCondition.Parse("rob=low") })[BatteryVariant.LowRiskOfBias]!;
        Assert.Contains("1 effect without a value of rob is left out with those of higher risk.", one.Warnings);
        var known = Battery.Of(Of(Y, risk: ["low", "low", "low", "low", "low", "high", "high", "high"]), new() { LowRisk = StudyCondition.Parse("rob=low") })[BatteryVariant.LowRiskOfBias]!;
        Assert.DoesNotContain(known.Warnings, w => w.Contains("without a value", StringComparison.Ordinal));
    }

    [Fact]
    public void Variances_of_levels_are_said_by_their_level()
    {
        var row = Battery.Of(Of(Y), new() { Study = "study" })[BatteryVariant.ThreeLevel]!;
        var fit = MultilevelModel.Fit(Of(Y), ["study", MultilevelModel.EachEffect], new MultilevelOptions { Inference = Inference.StudentT });
        var (between, within) = (fit.VarianceComponents.Single(c => c.Level == "study").SigmaSquared, fit.VarianceComponents.Single(c => c.Level == MultilevelModel.EachEffect).SigmaSquared);
        Assert.Equal($"σ² between {StatisticText.Significant(between, 3)}, σ² within {StatisticText.Significant(within, 3)}", row.Note);
    }

    [Fact]
    public void Choices_are_those_that_some_row_rests_on()
    {
        string[] Said(params BatteryVariant[] variants) => [.. Battery.Of(Of(Y), new() { Study = "study", Variants = [.. variants] }).Choices.Select(c => c[..c.IndexOf(' ', StringComparison.Ordinal)])];
        Assert.Equal(["Numbers"], Said(BatteryVariant.Overall));
        Assert.Equal(["Averages", "Numbers"], Said(BatteryVariant.Combined));
        Assert.Equal(["Averages", "Numbers"], Said(BatteryVariant.CorrelatedAndHierarchical));
        Assert.Equal(["Outlier:", "Numbers"], Said(BatteryVariant.WithoutOutliers));
        Assert.Equal(["Influential:", "Numbers"], Said(BatteryVariant.WithoutInfluential));
        var averaged = Battery.Of(Of(Y, EffectMeasure.Generic), new() { Study = "study", RemoveFrom = BatteryBase.Combined, Variants = [BatteryVariant.WithoutOutliers] });
        Assert.Equal(2, averaged.Choices.Length);
        Assert.StartsWith("Averages and CHE", averaged.Choices[0], StringComparison.Ordinal);
        Assert.Null(averaged[BatteryVariant.Overall]);
        Assert.Empty(Battery.Of(Of(Y, EffectMeasure.Generic), new() { Study = "study", Variants = [BatteryVariant.Overall] }).Choices);
    }

    [Fact]
    public void What_nothing_meets_and_what_no_value_means_is_listed()
    {
        var averaged = Battery.Of(Of(Y[..6], risk: ["low", "low", "high", "high", "high", "high"]), new() { Study = "study", LowRisk = StudyCondition.Parse("study!=A,B,C,D"), RemoveFrom = BatteryBase.Overall });
        Assert.Contains(averaged.NotComputed, n => n.Reason.StartsWith("No study has study", StringComparison.Ordinal));
        var proportions = Battery.Of(Of([-1.1, -0.4, -0.9, -1.3, -0.6, -0.8], EffectMeasure.FromCode("PLO")));
        Assert.Equal(3, proportions.NotComputed.Count(n => n.Reason.Contains("means no effect", StringComparison.Ordinal)));
    }

    /// <summary>A risk difference of .9 leaves no room above a base rate of .2.</summary>
    [Fact]
    public void A_number_needed_that_rates_do_not_allow_is_left_out() =>
        Assert.Null(Battery.Of(StudyEffects.Create([0.88, 0.90, 0.92], [0.001, 0.001, 0.001], EffectMeasure.FromCode("RD")), new() { Variants = [BatteryVariant.Overall] }).Rows[0].NumberNeeded);

    /// <summary>The lowest of each study leave room, the highest do not: the base rate is said, since some row rests on it.</summary>
    [Fact]
    public void A_base_rate_is_said_where_some_row_has_a_number_needed()
    {
        var effects = StudyEffects.Create([0.50, 0.95, 0.55, 0.96, 0.60, 0.97], [0.001, 0.001, 0.001, 0.001, 0.001, 0.001], EffectMeasure.FromCode("RD"), columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "B", "C", "C"])]);
        var result = Battery.Of(effects, new() { Study = "study", Variants = [BatteryVariant.Lowest, BatteryVariant.Highest] });
        Assert.Equal(1 / 0.55, result[BatteryVariant.Lowest]!.NumberNeeded!.Value, 0.01);
        Assert.Null(result[BatteryVariant.Highest]!.NumberNeeded);
        Assert.StartsWith("Numbers needed to treat are at a base rate of 20%", Assert.Single(result.Choices), StringComparison.Ordinal);
    }

    [Fact]
    public void One_study_alone_has_no_levels()
    {
        var one = StudyEffects.Create(Y[..4], V[..4], EffectMeasure.StandardizedMeanDifference, columns: [StudyColumn.OfTexts("study", ["A", "A", "A", "A"])]);
        Assert.Contains(Battery.Of(one, new() { Study = "study" }).NotComputed, n => n.Method == "Three levels (CR2)" && n.Reason.Length > 10);
    }

    [Fact]
    public void What_was_chosen_outweighs_what_the_fit_says()
    {
        var fit = MultilevelModel.Fit(Of(Y), ["study", MultilevelModel.EachEffect], 0.3);
        var options = Battery.Of(fit, new() { Study = "site", BaseRate = 0.4 }).Options;
        Assert.Equal(("site", 0.4, 0.3), (options.Study, options.BaseRate, options.Correlation));
        var moderated = MultilevelModel.Fit(Of(Y), ["study", MultilevelModel.EachEffect], new MultilevelOptions { Moderators = Moderator.Category("site") });
        Assert.Equal(ChoiceFault.UndefinedForFit, Assert.Throws<ImpossibleChoiceException>(() => Battery.Of(moderated)).Kind);
        Assert.Throws<ArgumentNullException>("effects", () => Battery.Of((StudyEffects)null!));
        Assert.Throws<ArgumentNullException>("fit", () => Battery.Of((IModelFit)null!));
    }
}
