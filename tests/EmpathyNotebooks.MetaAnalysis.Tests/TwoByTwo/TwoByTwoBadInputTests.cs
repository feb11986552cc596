namespace EmpathyNotebooks.MetaAnalysis.Tests;

public sealed class TwoByTwoBadInputTests
{
    [Theory]
    [InlineData(-1, 2, 3, 4, "a")]
    [InlineData(1, double.NaN, 3, 4, "b")]
    [InlineData(1, 2, double.PositiveInfinity, 4, "c")]
    [InlineData(0, 0, 3, 4, "a")]
    [InlineData(1, 2, 0, 0, "c")]
    public void A_table_needs_counts_and_people(double a, double b, double c, double d, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentOutOfRangeException>(() => new TwoByTwo(a, b, c, d)).ParamName);

    [Fact]
    public void More_events_than_people_are_an_error()
    {
        Assert.Equal("events1", Assert.Throws<ArgumentOutOfRangeException>(() => TwoByTwo.FromEvents(11, 10, 2, 10)).ParamName);
        Assert.Equal(new TwoByTwo(4, 6, 2, 8), TwoByTwo.FromEvents(4, 10, 2, 10));
    }

    [Fact]
    public void Zeros_are_never_changed_in_silence()
    {
        var table = new TwoByTwo(0, 20, 5, 18);
        Func<TwoByTwo, ZeroCells?, EffectSize>[] undefined =
        [
            TwoByTwoTables.LogOddsRatio, TwoByTwoTables.LogRiskRatio, TwoByTwoTables.ProbitDifference, TwoByTwoTables.YuleQ,
                TwoByTwoTables.YuleY,
            TwoByTwoTables.Tetrachoric, (t, z) => TwoByTwoTables.StandardizedFromOdds(t, zeroCells: z),
        ];
        foreach (var measure in undefined)
        {
            var message = Assert.Throws<ArgumentException>(() => measure(table, null)).Message;
            Assert.Contains("0/20 against 5/23", message, StringComparison.Ordinal);
            Assert.Contains("ZeroCells.AddWhereZero()", message, StringComparison.Ordinal);
            Assert.Equal("0.5 was added to each cell (zero-cell rule).", measure(table, ZeroCells.AddWhereZero()).Note);
            Assert.Null(measure(new TwoByTwo(3, 20, 5, 18), ZeroCells.AddWhereZero()).Note);
            Assert.NotNull(measure(new TwoByTwo(3, 20, 5, 18), ZeroCells.AddToAll(0.1)).Note);
        }
        // These need no addition.
        Assert.Null(TwoByTwoTables.PetoLogOddsRatio(table).Note);
        Assert.Null(TwoByTwoTables.RiskDifference(table).Note);
        Assert.Null(TwoByTwoTables.Phi(table).Note);
        Assert.Null(TwoByTwoTables.ArcsineDifference(table).Note);
        // A zero that the risk ratio does not use.
        Assert.Null(TwoByTwoTables.LogRiskRatio(new TwoByTwo(7, 0, 3, 9)).Note);
    }

    [Fact]
    public void Tables_that_say_nothing_are_errors_where_they_are_all_there_is()
    {
        var nobody = new TwoByTwo(0, 20, 0, 18);
        Assert.Throws<ArgumentException>(() => TwoByTwoTables.PetoLogOddsRatio(nobody));
        Assert.Throws<ArgumentException>(() => TwoByTwoTables.Phi(nobody));
        Assert.Throws<ArgumentException>(() => TwoByTwoTables.RiskDifference(nobody));
        LabelledTable[] tables = [new("A", nobody)];
        Assert.Throws<ImpossibleChoiceException>(() => PetoMethod.OddsRatio(tables));
        Assert.Throws<ImpossibleChoiceException>(() => MantelHaenszel.OddsRatio(tables));
        Assert.Throws<ImpossibleChoiceException>(() => MantelHaenszel.RiskRatio(tables));
        Assert.Throws<ImpossibleChoiceException>(() => MantelHaenszel.RiskDifference(tables));
        Assert.Equal(1, Assert.Throws<InsufficientStudiesException>(() => MantelHaenszel.OddsRatio([])).Required);
        Assert.Throws<InsufficientStudiesException>(() => PetoMethod.OddsRatio([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ZeroCells.AddWhereZero(0));
    }

    /// <summary>One sum of two is 0: the ratio is 0 or infinite, and said to be undefined for the reason it is.</summary>
    [Fact]
    public void A_ratio_of_0_or_infinity_is_undefined()
    {
        TwoByTwo noneInFirst = new(0, 20, 5, 18), noneInSecond = new(5, 18, 0, 20), allInFirst = new(20, 0, 5, 18), nobody = new(0, 20, 0, 18);
        string Said(Func<IReadOnlyList<LabelledTable>, TwoByTwoOptions?, TwoByTwoFit> method, TwoByTwo table)
        {
            var fault = Assert.Throws<ImpossibleChoiceException>(() => method([new("A", table), new("B", table)], null));
            Assert.Equal(ChoiceFault.UndefinedEstimate, fault.Kind);
            return fault.Message;
        }
        foreach (var table in new[] { noneInFirst, noneInSecond, allInFirst, nobody }) Assert.Contains("two opposite cells", Said(MantelHaenszel.OddsRatio, table), StringComparison.Ordinal);
        foreach (var table in new[] { noneInFirst, noneInSecond, nobody }) Assert.Contains("no event in any table", Said(MantelHaenszel.RiskRatio, table), StringComparison.Ordinal);
        foreach (var table in new[] { nobody, new TwoByTwo(20, 0, 18, 0) }) Assert.Contains("nobody or everybody", Said(MantelHaenszel.RiskDifference, table), StringComparison.Ordinal);
        // Everybody in one group has the event: a risk ratio of 23/5 all the same.
        Assert.Equal(Math.Log(23.0 / 5), MantelHaenszel.RiskRatio([new("A", allInFirst), new("B", allInFirst)]).Estimate, 1e-14);
    }

    [Fact]
    public void A_bad_count_names_row_study_and_column()
    {
        var fault = Assert.Throws<StudyDataException>(() =>
            LabelledTable.Create(["Ames", "Bern"], [1, 2], [3, 4], [5, -6], [7, 8]));
        Assert.Equal((2, "Bern", "ci", "-6"), (fault.Row, fault.Study, fault.Column, fault.Value));
        Assert.Contains("has 1 values where there are 2 studies", Assert.Throws<StudyDataException>(
            () => LabelledTable.Create(["Ames", "Bern"], [1, 2], [3], [5, 6], [7, 8])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fit_prints_in_the_readers_scale()
    {
        var fit = MantelHaenszel.OddsRatio(Golden.TwoByTwoTests.Bcg());
        Assert.Equal("Mantel-Haenszel OR = 0.62, 95% CI [0.57, 0.68], k = 13", fit.ToString());
        Assert.StartsWith("χ²(12) = 171.76, p < .001", fit.Tarone.ToString(), StringComparison.Ordinal);
    }
}
