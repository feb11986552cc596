namespace EmpathyNotebooks.MetaAnalysis.Tests.RisksOfBias;

/// <summary>What is read of judgements, what is refused, what is doubted, and which studies are kept.</summary>
public sealed class RiskOfBiasTests
{
    private static readonly string[] Codes = ["D1", "D2", "D3", "D4", "D5", "Overall"];

    [Fact]
    public void Usual_spellings_are_read_and_faults_named()
    {
        var risk = RiskOfBias.Of(Effects(["Low", "some", "HIGH"], ["Low", "Some concerns", "high"]), RiskOfBiasTool.Rob2);
        Assert.Equal([RiskGrade.Low, RiskGrade.Moderate, RiskGrade.High], risk.Studies.Select(s => s.Judgements[0].Grade));
        Assert.Equal("RoB 2 of 3 studies: 1 Low, 1 Some concerns, 1 High", risk.ToString());
        Assert.Empty(risk.Warnings);
        Assert.Equal("S2: − + + + +, overall Some concerns", risk["S2"]!.ToString());
        Assert.Null(risk["S9"]);

        var fault = Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Effects(["Low", "moderate", "High"], ["Low", "Some concerns", "High"]), RiskOfBiasTool.Rob2));
        Assert.Equal((2, "S2", "D1", "moderate"), (fault.Row, fault.Study, fault.Column, fault.Value));
        Assert.Contains("Low, Some concerns, High", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Overall", Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Effects(["Low"], ["Low"], Codes[..5]), RiskOfBiasTool.Rob2)).Message, StringComparison.Ordinal);
        Assert.Contains("missing data", Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Effects(["Low"], ["Low"], ["D1", "D2", "D3", "D4", "Overall"]), RiskOfBiasTool.RobinsI)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overall_judgement_milder_than_the_worst_domain_is_doubted_and_kept()
    {
        var risk = RiskOfBias.Of(Effects(["High", "some", "low"], ["Low", "High", "Some concerns"]), RiskOfBiasTool.Rob2);
        Assert.Equal("S1: the overall judgement is Low, and D1 is High. By RoB 2 overall is at least as bad as the worst domain.", Assert.Single(risk.Warnings));
        Assert.Equal(RiskGrade.Low, risk.Studies[0].Overall!.Grade);
    }

    [Fact]
    public void Effects_of_one_study_have_one_judgement()
    {
        var columns = Codes.Select(c => StudyColumn.OfTexts(c, ["low", "low", c == "D3" ? "high" : "low"])).Append(StudyColumn.OfTexts("study", ["A", "B", "A"])).ToArray();
        var effects = StudyEffects.Create([0.1, 0.2, 0.3], [0.01, 0.01, 0.01], labels: ["a1", "b", "a2"], columns: columns);
        var fault = Assert.Throws<StudyDataException>(() => RiskOfBias.Of(effects, RiskOfBiasTool.Rob2, "study"));
        Assert.Equal((3, "D3", "high"), (fault.Row, fault.Column, fault.Value));
        Assert.Contains("row 1", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, RiskOfBias.Of(effects, RiskOfBiasTool.Rob2).Studies.Length);
    }

    [Fact]
    public void Studies_are_kept_by_their_risk()
    {
        var effects = Effects(["Low", "some", "high"], ["Low", "some", "high"]);
        var risk = RiskOfBias.Of(effects, RiskOfBiasTool.Rob2);
        Assert.Equal(["S1"], risk.OnlyLow(effects).Labels);
        Assert.Equal(["S1", "S2"], risk.WithoutHigh(effects).Labels);
        Assert.Contains("No effect is left", Assert.Throws<StudyDataException>(() => risk.OnlyLow(effects.Select([2]))).Message, StringComparison.Ordinal);
        // Without an overall judgement every domain counts.
        var quadas = StudyEffects.Create([0.1, 0.2], [0.01, 0.02], columns: [.. RiskOfBiasTool.Quadas2.Domains.Select(d => StudyColumn.OfTexts(d.Code, ["low", d.Code == "A2" ? "unclear" : "low"]))]);
        var judged = RiskOfBias.Of(quadas, RiskOfBiasTool.Quadas2);
        Assert.Single(judged.OnlyLow(quadas).Labels);
        Assert.Equal(2, judged.WithoutHigh(quadas).Count);
        Assert.Equal("QUADAS-2 of 2 studies: 1 low in every domain", judged.ToString());
    }

    [Fact]
    public void Shares_are_of_studies_or_of_weights()
    {
        var effects = Effects(["Low", "low", "high"], ["Low", "some", "high"]);
        var risk = RiskOfBias.Of(effects, RiskOfBiasTool.Rob2);
        var fit = EqualEffects.Fit(effects);
        var plain = risk.Shares();
        Assert.Equal(18, plain.Length);
        Assert.Equal((2, 2 / 3.0), (plain[0].Count, plain[0].Share));
        Assert.Equal(fit.Weights[0] + fit.Weights[1], risk.Shares(fit)[0].Share, 14);
        Assert.All(risk.Shares(fit).GroupBy(s => s.Domain), d => Assert.Equal(1, d.Sum(s => s.Share), 12));
        Assert.Throws<StudyDataException>(() => risk.Shares(EqualEffects.Fit(StudyEffects.Create([0.1], [0.1], labels: ["other"]))));
    }

    [Fact]
    public void Tools_of_ones_own_are_checked()
    {
        RiskJudgement[] two = [new("Good", RiskGrade.Low, ["g"]), new("Poor", RiskGrade.High, ["p"])];
        Assert.Equal(RiskGrade.High, RiskOfBiasTool.Custom("Own", [new("D1", "blinding")], two).Judge(" P ")!.Grade);
        Assert.Throws<ArgumentException>(() => RiskOfBiasTool.Custom("Own", [], two));
        Assert.Throws<ArgumentException>(() => RiskOfBiasTool.Custom("Own", [new("D1", "a"), new("d1", "b")], two));
        Assert.Throws<ArgumentException>(() => RiskOfBiasTool.Custom("Own", [new("D1", "a")], [two[0], new("Fine", RiskGrade.Moderate, ["G"])]));
        // No spelling of a tool that is known by name stands for two judgements, and signs differ.
        foreach (var tool in RiskOfBiasTool.All)
        {
            var spellings = tool.Judgements.SelectMany(j => j.Spellings.Append(j.Name)).ToList();
            Assert.Equal(spellings.Count, spellings.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.Equal(tool.Judgements.Length, tool.Judgements.Select(j => j.Symbol).Distinct().Count());
        }
    }

    /// <summary>Studies S1, S2 and so on with a first domain and an overall judgement; the other domains are low.</summary>
    private static StudyEffects Effects(string[] first, string[] overall, string[]? codes = null) => StudyEffects.Create([.. first.Select((_, i) => 0.1 * i)], [.. first.Select((_, i) => 0.01 + 0.01 * i)], labels: [.. first.Select((_, i) => $"S{i + 1}")],
        columns: [.. (codes ?? Codes).Select(c => StudyColumn.OfTexts(c, c == "D1" ? first : c == "Overall" ? overall : first.Select(_ => "low")))]);
}
