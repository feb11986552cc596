namespace EmpathyNotebooks.MetaAnalysis.Tests.RisksOfBias;

/// <summary>Places and choices of faults, studies that are named by a column, tools without an overall judgement.</summary>
public sealed class RiskOfBiasEdgeTests
{
    private static readonly string[] Codes = ["D1", "D2", "D3", "D4", "D5", "Overall"];

    [Theory]
    [InlineData("D1")]
    [InlineData("D2")]
    [InlineData("D5")]
    [InlineData("Overall")]
    public void The_domain_in_which_effects_of_a_study_differ_is_named(string column)
    {
        var fault = Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Studies(["A", "B", "A"], (c, row) => c == column && row == 2 ? "high" : "low"), RiskOfBiasTool.Rob2, "study"));
        Assert.Equal((3, "e3", column, "high"), (fault.Row, fault.Study, fault.Column, fault.Value));
        Assert.Contains("\"low\" in row 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Effects_are_found_by_the_column_that_names_their_study()
    {
        var effects = Studies(["A", "B", "A", "C"], (_, row) => row == 1 ? "high" : "low");
        var risk = RiskOfBias.Of(effects, RiskOfBiasTool.Rob2, "study");
        Assert.Equal(["A", "B", "C"], risk.Studies.Select(s => s.Study));
        Assert.Equal(["A", "B", "A", "C"], risk.RisksOf(effects).Select(r => r!.Study));
        Assert.Equal(["e1", "e3", "e4"], risk.OnlyLow(effects).Labels);
        // Averages have lost the column, or have studies as labels.
        Assert.Equal(["A", "B", "C"], risk.RisksOf(effects.AverageWithin("study", 0.5)).Select(r => r!.Study));
        var bare = StudyEffects.Create([0.1, 0.2], [0.01, 0.02], labels: ["C", "other"]);
        Assert.Equal(["C", null], risk.RisksOf(bare).Select(r => r?.Study));
        var fault = Assert.Throws<StudyDataException>(() => risk.Shares(EqualEffects.Fit(bare)));
        Assert.Equal((2, "other"), (fault.Row, fault.Study));
        Assert.Throws<ArgumentNullException>("effects", () => risk.RisksOf(null!));
    }

    [Fact]
    public void A_study_without_a_name_is_refused()
    {
        var fault = Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Studies(["A", null, "C"], (_, _) => "low"), RiskOfBiasTool.Rob2, "study"));
        Assert.Equal((2, "e2", "study"), (fault.Row, fault.Study, fault.Column));
        Assert.Throws<ArgumentNullException>("effects", () => RiskOfBias.Of(null!, RiskOfBiasTool.Rob2));
        Assert.Throws<ArgumentNullException>("tool", () => RiskOfBias.Of(Studies(["A"], (_, _) => "low"), null!));
    }

    [Fact]
    public void What_is_possible_comes_with_the_fault()
    {
        Assert.Equal(["Low", "Some concerns", "High"], Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Studies(["A"], (_, _) => "medium"), RiskOfBiasTool.Rob2)).Choices);
        var missing = Assert.Throws<StudyDataException>(() => RiskOfBias.Of(Studies(["A"], (_, _) => "low"), RiskOfBiasTool.RobinsI));
        Assert.Equal([.. Codes, "study"], missing.Choices);
    }

    [Fact]
    public void Judgements_that_no_study_has_are_counted_as_0_and_not_said()
    {
        var risk = RiskOfBias.Of(Studies(["A"], (_, _) => "low"), RiskOfBiasTool.Rob2);
        Assert.Equal("RoB 2 of 1 study: 1 Low", risk.ToString());
        Assert.Equal((0, 0), (risk.Shares()[1].Count, risk.Shares()[1].Share));
        var simulated = RiskOfBias.Of(Studies(["A"], (_, _) => "low").WithOrigin(new DataOrigin(DataKind.Simulated, "drawn")), RiskOfBiasTool.Rob2);
        Assert.EndsWith(" [simulated data]", simulated.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Three judgements of seven domains, and none over all.</summary>
    [Fact]
    public void A_tool_without_an_overall_judgement_has_its_domains_alone()
    {
        var risk = RiskOfBias.Of(StudyEffects.Create([0.1], [0.01], labels: ["S"], columns: [.. RiskOfBiasTool.Quadas2.Domains.Select(d => StudyColumn.OfTexts(d.Code, ["low"]))]), RiskOfBiasTool.Quadas2);
        Assert.Equal(21, risk.Shares().Length);
        Assert.DoesNotContain(risk.Shares(), s => s.Domain == RiskOfBias.Overall);
        Assert.Equal("S: + + + + + + +", risk.Studies[0].ToString());
    }

    [Fact]
    public void Of_equally_bad_domains_the_first_is_named_and_of_unknown_ones_none()
    {
        var robins = RiskOfBiasTool.RobinsI.Domains.Select(d => d.Code).Append("Overall");
        RiskOfBias Judged(Func<string, string> of) => RiskOfBias.Of(StudyEffects.Create([0.1], [0.01], labels: ["S"], columns: [.. robins.Select(c => StudyColumn.OfTexts(c, [of(c)]))]), RiskOfBiasTool.RobinsI);
        Assert.Contains("D3 is Serious", Assert.Single(Judged(c => c is "D3" or "D6" ? "serious" : c == "D7" ? "ni" : "low").Warnings), StringComparison.Ordinal);
        Assert.Empty(Judged(c => c == "Overall" ? "low" : "no information").Warnings);
    }

    [Fact]
    public void A_tool_of_ones_own_has_a_name_and_two_judgements()
    {
        RiskJudgement[] two = [new("Good", RiskGrade.Low, ["g"]), new("Poor", RiskGrade.High, ["p"])];
        RiskDomain[] one = [new("D1", "blinding")];
        Assert.Throws<ArgumentException>("name", () => RiskOfBiasTool.Custom(" ", one, two));
        Assert.Throws<ArgumentNullException>("domains", () => RiskOfBiasTool.Custom("Own", null!, two));
        Assert.Throws<ArgumentNullException>("judgements", () => RiskOfBiasTool.Custom("Own", one, null!));
        Assert.Throws<ArgumentException>("judgements", () => RiskOfBiasTool.Custom("Own", one, two[..1]));
        Assert.Throws<ArgumentNullException>("text", () => RiskOfBiasTool.Rob2.Judge(null!));
    }

    /// <summary>Effects e1, e2 and so on of studies in a column, with what each column says of each row.</summary>
    private static StudyEffects Studies(string?[] studies, Func<string, int, string> says) => StudyEffects.Create([.. studies.Select((_, i) => 0.1 * i)], [.. studies.Select(_ => 0.01)], labels: [.. studies.Select((_, i) => $"e{i + 1}")],
        columns: [.. Codes.Select(c => StudyColumn.OfTexts(c, studies.Select((_, i) => says(c, i)))), StudyColumn.OfTexts("study", studies)]);
}
