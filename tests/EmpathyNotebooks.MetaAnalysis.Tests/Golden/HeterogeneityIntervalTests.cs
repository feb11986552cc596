namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>heterogeneity-intervals.json: Q-profile intervals.</summary>
public sealed class HeterogeneityIntervalTests
{
    private static readonly string[] Methods = ["DL", "PM", "ML", "REML", "SJ"];

    public static TheoryData<string, string> Grid()
    {
        var grid = new TheoryData<string, string>();
        foreach (var dataset in Reference.Datasets)
            foreach (var method in Methods) grid.Add(dataset, method);
        return grid;
    }

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        var cases = Reference.Cases("heterogeneity-intervals.json");
        Assert.Equal(64, cases.Count);
        Assert.Equal(Reference.Datasets.Length * Methods.Length, cases.Count(c => c.GetProperty("type").GetString() == "QP"
            && Methods.Contains(c.GetProperty("method").GetString()) && Reference.Datasets.Contains(c.GetProperty("dataset").GetString())));
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Q_profile_agrees_with_metafor(string dataset, string method)
    {
        var expected = Assert.Single(Reference.Cases("heterogeneity-intervals.json"), c => c.GetProperty("type").GetString() == "QP"
            && c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method);
        var heterogeneity = FitsTests.Fit(Reference.Load(dataset), method).Heterogeneity;
        var rows = expected.GetProperty("random").EnumerateArray().ToDictionary(r => r.GetProperty("_row").GetString()!);
        Assert.Equal(4, rows.Count);
        Check("tau^2", heterogeneity.TauSquared, heterogeneity.TauSquaredInterval, 1);
        Check("tau", heterogeneity.Tau, heterogeneity.TauInterval, 1);
        Check("I^2(%)", heterogeneity.ISquared, heterogeneity.ISquaredInterval, 100);
        Check("H^2", heterogeneity.HSquared, heterogeneity.HSquaredInterval, 1);

        void Check(string name, double estimate, ConfidenceInterval? interval, double unit)
        {
            // The estimates are those of fits.json, checked there; the Paule-Mandel reference stopped early.
            if (method != "PM") Reference.Agree(unit * estimate, rows[name].GetProperty("estimate"), 1e-6, name);
            Reference.Agree(unit * interval!.Value.Lower, rows[name].GetProperty("ci.lb"), 1e-6, name + " lower");
            Reference.Agree(unit * interval!.Value.Upper, rows[name].GetProperty("ci.ub"), 1e-6, name + " upper");
        }
    }
}
