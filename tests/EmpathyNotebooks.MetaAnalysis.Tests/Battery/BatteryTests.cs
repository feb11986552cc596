namespace EmpathyNotebooks.MetaAnalysis.Tests.Batteries;

/// <summary>What a battery refuses, lists and says, and the conditions it takes.</summary>
public sealed class BatteryTests
{
    private static StudyEffects Effects { get; } = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52, 0.38, 2.10, 0.27], [0.06, 0.10, 0.09, 0.05, 0.12, 0.11, 0.07, 0.09], EffectMeasure.StandardizedMeanDifference,
        ["a1", "a2", "b", "c", "d1", "d2", "e", "f"], [40, 35, 60, 80, 30, 32, 55, 44],
        [
            StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "D", "E", "F"]), StudyColumn.OfTexts("rob", ["Low", "high", "low", "some concerns", "low", "low", null, "low"]),
            StudyColumn.OfNumbers("quality", [4, 4, 2, 1, 3, 3, 4, null]),
        ]);

    [Fact]
    public void Each_row_is_the_analysis_that_it_names()
    {
        var result = Battery.Of(Effects, new() { Study = "study", LowRisk = StudyCondition.Parse("rob=low") });
        var overall = result[BatteryVariant.Overall]!;
        Assert.Equal((8, 6, 311L), (overall.Count, overall.StudyCount, overall.Participants));
        Assert.Equal(RandomEffects.Fit(Effects).Mean, overall.Mean);
        Assert.Contains(overall.Warnings, w => w.Contains("too narrow", StringComparison.Ordinal));
        Assert.Equal(["a1", "b", "c", "d1", "e", "f"], result[BatteryVariant.Highest]!.Fit!.Effects.Labels);
        Assert.Equal(["a2", "b", "c", "d2", "e", "f"], result[BatteryVariant.Lowest]!.Fit!.Effects.Labels);
        Assert.Equal(["e"], result[BatteryVariant.WithoutOutliers]!.LeftOut);
        var low = result[BatteryVariant.LowRiskOfBias]!;
        Assert.Equal(["a2", "c", "e"], low.LeftOut);
        Assert.Equal(5, low.Count);
        Assert.Contains(low.Warnings, w => w.StartsWith("1 effect without a value of rob", StringComparison.Ordinal));
        var averages = RandomEffects.Fit(Effects.AverageWithin("study", 0.6));
        Assert.Equal(averages.Mean, result[BatteryVariant.Combined]!.Mean);
        Assert.Equal(averages.TrimAndFill().Fit.Mean, result[BatteryVariant.TrimAndFill]!.Mean);
        Assert.Equal(averages.LimitMetaAnalysis().Estimate, result[BatteryVariant.Limit]!.Mean);
        Assert.Contains(result.Choices, c => c.Contains("ρ = .60", StringComparison.Ordinal));
        Assert.Contains("Overall: g = ", result.ToString(), StringComparison.Ordinal);
    }

    /// <summary>1/(Φ(d + Φ⁻¹(.2)) - .2), as R says it: 1/(pnorm(.5 + qnorm(.2)) - .2).</summary>
    [Fact]
    public void Numbers_needed_are_those_of_Furukawa_and_Leucht()
    {
        var effects = StudyEffects.Create([0.5, 0.5, 0.5], [0.01, 0.01, 0.01], EffectMeasure.StandardizedMeanDifference);
        Assert.Equal(6.012579, Battery.Of(effects, new() { Variants = [BatteryVariant.Overall] }).Rows[0].NumberNeeded!.Value, 3);
        Assert.Null(Battery.Of(StudyEffects.Create([0.5, 0.6, 0.7], [0.01, 0.01, 0.01])).Rows[0].NumberNeeded);
    }

    [Fact]
    public void What_cannot_be_computed_is_listed_with_the_reason()
    {
        var independent = Battery.Of(Effects);
        Assert.Contains(independent.NotComputed, n => n.Method.StartsWith("Combined", StringComparison.Ordinal) && n.Reason.Contains("column of studies", StringComparison.Ordinal));
        Assert.Contains(independent.NotComputed, n => n.Method == "Low risk of bias" && n.Reason.Contains("rob=low", StringComparison.Ordinal));
        var single = Effects.Select([0, 2, 3, 4]);
        Assert.Contains(Battery.Of(single, new() { Study = "study" }).NotComputed, n => n.Reason.StartsWith("Every study has one effect", StringComparison.Ordinal));
        var two = Battery.Of(Effects.Select([0, 2]));
        Assert.Contains(two.NotComputed, n => n.Method == "Influential removed");
        Assert.NotNull(two[BatteryVariant.Overall]);
        Assert.Contains(Battery.Of(Effects, new() { Study = "study", RemoveFrom = BatteryBase.Combined, LowRisk = StudyCondition.Parse("rob=low") }).NotComputed, n => n.Method.StartsWith("Low risk", StringComparison.Ordinal) && n.Reason.Contains("averaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_of_whoever_asks_are_thrown()
    {
        Assert.Contains("study", Assert.Throws<StudyDataException>(() => Battery.Of(Effects, new() { Study = "stdy" })).Message, StringComparison.Ordinal);
        Assert.Contains("some concerns", Assert.Throws<StudyDataException>(() => Battery.Of(Effects, new() { LowRisk = StudyCondition.Parse("rob=some") })).Message, StringComparison.Ordinal);
        Assert.Throws<InsufficientStudiesException>(() => Battery.Of(Effects.Select([0])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatteryOptions { Correlation = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatteryOptions { BaseRate = 0 });
        Assert.Throws<ArgumentException>(() => new BatteryOptions { Variants = [] });
        Assert.Throws<ArgumentException>(() => new BatteryOptions { Variants = [BatteryVariant.Lowest, BatteryVariant.Lowest] });
        Assert.Equal(ChoiceFault.UndefinedForFit, Assert.Throws<ImpossibleChoiceException>(() => Battery.Of(EqualEffects.Fit(Effects))).Kind);
        Assert.Throws<ImpossibleChoiceException>(() => Battery.Of(MetaRegression.Fit(Effects.Select([0, 1, 2, 3, 4]), Moderator.Number("quality"))));
    }

    [Fact]
    public void A_fit_gives_its_choices()
    {
        var fit = MultilevelModel.Fit(Effects, ["study", MultilevelModel.EachEffect], 0.3, new() { ConfidenceLevel = 0.9 });
        var options = Battery.Of(fit).Options;
        Assert.Equal(("study", 0.3, 0.9), (options.Study, options.Correlation, options.ConfidenceLevel));
        var pooled = Battery.Of(RandomEffects.Fit(Effects, new() { TauSquared = TauSquaredEstimator.PauleMandel, Inference = Inference.Normal })).Options;
        Assert.Equal((TauSquaredEstimator.PauleMandel, Inference.Normal), (pooled.TauSquared, pooled.Inference));
    }

    [Theory]
    [InlineData("rob=low", new[] { 0, 2, 4, 5, 7 })]
    [InlineData("rob = LOW, some concerns", new[] { 0, 2, 3, 4, 5, 7 })]
    [InlineData("rob!=low", new[] { 1, 3 })]
    [InlineData("quality>=3", new[] { 0, 1, 4, 5, 6 })]
    [InlineData("quality>3", new[] { 0, 1, 6 })]
    [InlineData("quality<2", new[] { 3 })]
    [InlineData("quality<=2", new[] { 2, 3 })]
    [InlineData("quality=4.0", new[] { 0, 1, 6 })]
    public void Conditions_keep_the_rows_that_meet_them(string text, int[] rows)
    {
        Assert.Equal(rows, StudyCondition.Parse(text).Rows(Effects));
        Assert.Equal(rows.Length, Effects.Where(StudyCondition.Parse(text)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rob")]
    [InlineData("=low")]
    [InlineData("rob=")]
    [InlineData("rob=low,,high")]
    [InlineData("quality>much")]
    [InlineData("quality!3")]
    public void What_is_no_condition_says_what_would_be(string text) => Assert.Contains("is no condition: it needs", Assert.Throws<FormatException>(() => StudyCondition.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Conditions_that_nothing_meets_are_refused()
    {
        Assert.Contains("leaves no effect", Assert.Throws<StudyDataException>(() => Effects.Where(StudyCondition.Parse("quality>9"))).Message, StringComparison.Ordinal);
        Assert.Contains("texts", Assert.Throws<StudyDataException>(() => Effects.Where(StudyCondition.Parse("rob>3"))).Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => Effects.Where(StudyCondition.Parse("robb=low")));
    }
}
