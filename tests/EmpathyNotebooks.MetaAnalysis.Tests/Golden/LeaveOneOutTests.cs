using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>influence.json: leave-one-out.</summary>
public sealed class LeaveOneOutTests
{
    private static readonly string[] Methods = ["EE", "DL", "REML"];

    public static TheoryData<string, string> Grid()
    {
        var grid = new TheoryData<string, string>();
        foreach (var dataset in Reference.Datasets)
            foreach (var method in Methods) grid.Add(dataset, method);
        return grid;
    }

    [Fact]
    public void The_grid_of_cases_is_complete() => Assert.Equal(
        Grid().Select(row => (row.Data.Item1, row.Data.Item2)).Order(),
        Reference.Cases("influence.json").Select(c => (c.GetProperty("dataset").GetString()!, c.GetProperty("method").GetString()!)).Order());

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, string method)
    {
        var expected = Assert.Single(Reference.Cases("influence.json"),
            c => c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method).GetProperty("leave1out");
        var effects = Reference.Load(dataset);
        var rows = FitsTests.Fit(effects, method).LeaveOneOut();
        Assert.Equal(effects.Count, rows.Length);
        Assert.Equal(effects.Count, expected.GetProperty("estimate").GetArrayLength());
        for (var i = 0; i < rows.Length; i++)
        {
            var fit = rows[i].Fit;
            var what = $"without row {i + 1}: ";
            Assert.Equal(i, rows[i].Index);
            Assert.Equal(effects.Labels[i], rows[i].Label);
            Reference.Agree(fit.Estimate, expected.GetProperty("estimate")[i], 1e-7, what + "estimate");
            Reference.Agree(fit.StandardError, expected.GetProperty("se")[i], 1e-7, what + "se");
            Reference.Agree(fit.ConfidenceInterval.Lower, expected.GetProperty("ci_lb")[i], 1e-7, what + "ci.lb");
            Reference.Agree(fit.ConfidenceInterval.Upper, expected.GetProperty("ci_ub")[i], 1e-7, what + "ci.ub");
            Reference.Agree(fit.Heterogeneity.Q.Statistic, expected.GetProperty("Q")[i], 1e-7, what + "Q");
            Reference.Agree(100 * fit.Heterogeneity.ISquared, expected.GetProperty("I2")[i], 1e-7, what + "I2");
            if (method == "EE") Assert.Equal(JsonValueKind.Null, expected.GetProperty("tau2").ValueKind);
            else Reference.Agree(fit.TauSquared, expected.GetProperty("tau2")[i], 1e-7, what + "tau2");
        }
    }
}
