using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Reporting.Tests.Standards;

/// <summary>Judgements are those of people, with their reasons; certainty follows, and facts are those of the fit.</summary>
public sealed class GradeTests
{
    private static PooledFit Fit { get; } = RandomEffects.Fit(StudyEffects.Create([0.51, 0.32, 0.65, 0.40], [0.020, 0.032, 0.025, 0.018], EffectMeasure.StandardizedMeanDifference, sampleSizes: [210, 130, 165, 230]));

    [Theory]
    [InlineData(true, 0, 0, Certainty.High, "⊕⊕⊕⊕")]
    [InlineData(true, 1, 0, Certainty.Moderate, "⊕⊕⊕◯")]
    [InlineData(true, 1, 1, Certainty.Low, "⊕⊕◯◯")]
    [InlineData(true, 3, 2, Certainty.VeryLow, "⊕◯◯◯")]
    [InlineData(false, 0, 0, Certainty.Low, "⊕⊕◯◯")]
    [InlineData(false, 1, 0, Certainty.VeryLow, "⊕◯◯◯")]
    public void Certainty_is_the_start_less_the_levels_down(bool isRandomized, int bias, int inconsistency, Certainty certainty, string sign)
    {
        var outcome = new GradeOutcome("Depression", Fit, isRandomized, Judged(bias, inconsistency));
        Assert.Equal(certainty, outcome.Certainty);
        Assert.Equal(sign, GradeOutcome.SignOf(outcome.Certainty));
    }

    [Fact]
    public void Observational_evidence_is_raised_and_doubted_where_it_was_lowered_too()
    {
        GradeUpgrade[] up = [new(GradeUpgradeReason.LargeEffect, 2, "The interval begins at 5."), new(GradeUpgradeReason.DoseResponse, 1, "More sessions, more effect.")];
        var raised = new GradeOutcome("Depression", Fit, false, Judged(0, 0), up);
        Assert.Equal(Certainty.High, raised.Certainty);
        Assert.Empty(raised.Warnings);
        Assert.Single(new GradeOutcome("Depression", Fit, false, Judged(1, 0), up).Warnings);
        Assert.Contains("not raised", Assert.Throws<ArgumentException>(() => new GradeOutcome("Depression", Fit, true, Judged(0, 0), up)).Message, StringComparison.Ordinal);
        Assert.Contains("stands twice", Assert.Throws<ArgumentException>(() => new GradeOutcome("Depression", Fit, false, Judged(0, 0), [up[0], up[0]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_domain_needs_one_judgement_with_a_reason()
    {
        Assert.Contains("Inconsistency is not judged", Assert.Throws<ArgumentException>(() => new GradeOutcome("Depression", Fit, true, [.. Judged(0, 0).Where(j => j.Domain != GradeDomain.Inconsistency)])).Message, StringComparison.Ordinal);
        Assert.Contains("2 times", Assert.Throws<ArgumentException>(() => new GradeOutcome("Depression", Fit, true, [.. Judged(0, 0), Judged(0, 0)[0]])).Message, StringComparison.Ordinal);
        Assert.Contains("Say why", Assert.Throws<ArgumentException>(() => new GradeJudgement(GradeDomain.Imprecision, 1, " ")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradeJudgement(GradeDomain.PublicationBias, 2, "Many are missing."));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradeUpgrade(GradeUpgradeReason.DoseResponse, 2, "It rises."));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradeOutcome("Depression", Fit, true, Judged(0, 0)) { BaseRate = 1 });
        Assert.Throws<ImpossibleChoiceException>(() => new GradeOutcome("Depression", MetaRegression.Fit(StudyEffects.Create([0.1, 0.2, 0.3, 0.5], [0.1, 0.1, 0.1, 0.1], columns: [StudyColumn.OfNumbers("x", [1, 2, 3, 4])]), Moderator.Number("x")), true, Judged(0, 0)));
    }

    [Fact]
    public void Facts_are_those_of_the_fit_and_judge_nothing()
    {
        var outcome = new GradeOutcome("Depression", Fit, true, Judged(0, 0)) { ImportantDifference = 0.4 };
        Assert.Contains(outcome.Facts[GradeDomain.Inconsistency], f => f.StartsWith("I² = ", StringComparison.Ordinal));
        Assert.Contains(outcome.Facts[GradeDomain.Inconsistency], f => f.StartsWith("Prediction interval", StringComparison.Ordinal));
        Assert.Contains(outcome.Facts[GradeDomain.Imprecision], f => f.Contains("N = 735", StringComparison.Ordinal));
        Assert.Contains(outcome.Facts[GradeDomain.Imprecision], f => f.StartsWith("It includes the smallest effect that matters", StringComparison.Ordinal));
        Assert.Contains(outcome.Facts[GradeDomain.PublicationBias], f => f.Contains($"{StatisticText.PValueWithSymbol(Fit.EggerTest().PValue)}", StringComparison.Ordinal));
        Assert.Empty(outcome.Facts[GradeDomain.Indirectness]);
    }

    [Fact]
    public void The_table_has_a_letter_for_each_reason_and_absolute_effects_at_the_base_rate()
    {
        var low = new GradeOutcome("Depression", Fit, true, Judged(1, 0)) { BaseRate = 0.2 };
        var also = new GradeOutcome("Anxiety", EqualEffects.Fit(StudyEffects.Create([0.2, 0.3], [0.01, 0.01])), true, Judged(1, 1));
        var table = SummaryOfFindings.Of([low, also]);
        Assert.Equal(["Depression", "4", "735"], table.Rows[0].Take(3));
        Assert.Equal("200", table.Rows[0][4]);
        // Furukawa & Leucht: Φ(d + Φ⁻¹(.2)).
        var with = EffectMeaning.Of(Fit, new() { BaseRate = 0.2 })[MeaningKind.FirstRate]!.Value;
        Assert.StartsWith(StatisticText.Number(1000 * with, 0), table.Rows[0][5], StringComparison.Ordinal);
        Assert.Equal(("⊕⊕⊕◯ Moderate", "a"), (table.Rows[0][6], table.Rows[0][7]));
        Assert.Equal(("–", "a, b"), (table.Rows[1][4], table.Rows[1][7]));
        Assert.StartsWith("a. Risk of bias −1 (serious): ", table.Notes[0], StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SummaryOfFindings.Of([]));
        Assert.Throws<ArgumentException>(() => SummaryOfFindings.Of([low, low]));
        Assert.Equal(12, SummaryOfFindings.Profile([low, also]).Rows.Count);
        Assert.Contains("⊕⊕⊕◯ Moderate", HtmlWriter.Write(table), StringComparison.Ordinal);
    }

    private static GradeJudgement[] Judged(int bias, int inconsistency) =>
    [
        new(GradeDomain.RiskOfBias, bias, "Assessors were not blind."), new(GradeDomain.Inconsistency, inconsistency, "Effects differ."), new(GradeDomain.Indirectness, 0, "The people are those of the question."),
        new(GradeDomain.Imprecision, 0, "The interval is narrow."), new(GradeDomain.PublicationBias, 0, "Registers were searched."),
    ];
}
