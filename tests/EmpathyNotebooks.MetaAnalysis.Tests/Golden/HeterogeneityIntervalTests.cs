using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>heterogeneity-intervals.json, and the intervals of models.json.</summary>
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
        var expected = from d in Reference.Datasets from m in Methods select (d, "QP", m);
        expected = expected.Concat(from d in Reference.Datasets from m in new[] { "ML", "REML" } select (d, "PL", m));
        expected = expected.Concat(from d in Reference.Datasets select (d, "HenmiCopas", "DL"));
        Assert.Equal(64, expected.Count());
        Assert.Equal(expected.Order(), Reference.Cases("heterogeneity-intervals.json").Select(c => (c.GetProperty("dataset").GetString()!,
            c.GetProperty("type").GetString()!, c.GetProperty("method").GetString()!)).Order());
        Assert.Equal(26, Reference.Models("generalizedQ").Count);
        Assert.Equal(9, Reference.Models("regressionIntervals").Count);
        Assert.Equal(Reference.Datasets, Reference.Models("higginsPrediction").Select(c => c.GetProperty("dataset").GetString()));
        Assert.Equal(3, Reference.Models("nagashima").Count);
        Assert.Equal(Reference.Datasets, Reference.Models("henmiCopas").Select(c => c.GetProperty("dataset").GetString()));
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Q_profile_agrees_with_metafor(string dataset, string method)
    {
        var heterogeneity = FitsTests.Fit(Reference.Load(dataset), method).Heterogeneity;
        var rows = Rows(dataset, "QP", method);
        // The estimates are those of fits.json, checked there; the Paule-Mandel reference stopped early.
        var unlessStopped = method == "PM" ? null : (double?)1;
        Check(rows["tau^2"], unlessStopped * heterogeneity.TauSquared, heterogeneity.TauSquaredInterval, 1);
        Check(rows["tau"], unlessStopped * heterogeneity.Tau, heterogeneity.TauInterval, 1);
        Check(rows["I^2(%)"], unlessStopped * heterogeneity.ISquared, heterogeneity.ISquaredInterval, 100);
        Check(rows["H^2"], unlessStopped * heterogeneity.HSquared, heterogeneity.HSquaredInterval, 1);
    }

    public static TheoryData<string, string> LikelihoodGrid() => new(from d in Reference.Datasets from m in new[] { "ML", "REML" } select (d, m));

    [Theory]
    [MemberData(nameof(LikelihoodGrid))]
    public void Profile_likelihood_agrees_with_metafor(string dataset, string method)
    {
        var intervals = FitsTests.Fit(Reference.Load(dataset), method).Heterogeneity.ProfileLikelihoodIntervals();
        var rows = Rows(dataset, "PL", method);
        Check(rows["tau^2"], null, intervals.TauSquared, 1);
        Check(rows["tau"], null, intervals.Tau, 1);
        Check(rows["I^2(%)"], null, intervals.ISquared, 100);
        Check(rows["H^2"], null, intervals.HSquared, 1);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Henmi_and_Copas_agree_with_metafor(string dataset)
    {
        var original = Case(dataset, "HenmiCopas", "DL");
        var result = HenmiCopas.Fit(Reference.Load(dataset));
        Reference.Agree(result.Estimate, original.GetProperty("beta"), 1e-8, "estimate");
        // metafor integrates to a relative 1.2e-4 here; see "Where a reference stopped early" in the README of the reference files.
        Reference.Agree(result.ConfidenceInterval.Lower, original.GetProperty("ci_lb"), 1.3e-4, "ci.lb");
        Reference.Agree(result.ConfidenceInterval.Upper, original.GetProperty("ci_ub"), 1.3e-4, "ci.ub");
        var expected = Assert.Single(Reference.Models("henmiCopas"), c => c.GetProperty("dataset").GetString() == dataset);
        Reference.Agree(result.Estimate, expected.GetProperty("beta"), 1e-8, "estimate");
        Reference.Agree(result.StandardError, expected.GetProperty("se"), 1e-8, "se");
        Reference.Agree(result.ConfidenceInterval.Lower, expected.GetProperty("ci_lb"), 1e-6, "ci.lb");
        Reference.Agree(result.ConfidenceInterval.Upper, expected.GetProperty("ci_ub"), 1e-6, "ci.ub");
    }

    public static TheoryData<string> Datasets() => new(Reference.Datasets);

    [Fact]
    public void Generalised_Q_agrees_with_Rubens_series() => Assert.All(Reference.Models("generalizedQ"), expected =>
    {
        var dataset = expected.GetProperty("dataset").GetString()!;
        HeterogeneityMeasures heterogeneity = FurtherModelsTests.WithoutModerators(expected)
            ? RandomEffects.Fit(Reference.Load(dataset)).Heterogeneity
            : MetaRegressionTests.Fit(dataset, expected.GetProperty("mods").GetString()!, "REML", "z").Heterogeneity;
        var variances = heterogeneity.Data.Effects.Variances;
        double[]? weights = expected.GetProperty("weights").GetString() switch
        {
            "inverse variance" => null,
            "inverse standard error" => [.. variances.Select(v => 1 / Math.Sqrt(v))],
            _ => [.. variances.Select(_ => 1.0)],
        };
        var interval = heterogeneity.GeneralizedQIntervals(weights).TauSquared;
        Reference.Agree(interval.Lower, expected.GetProperty("ci_lb"), 1e-6, dataset + " lower");
        Reference.Agree(interval.Upper, expected.GetProperty("ci_ub"), 1e-6, dataset + " upper");
    });

    [Fact]
    public void Intervals_with_moderators_agree_with_metafor() => Assert.All(Reference.Models("regressionIntervals"), expected =>
    {
        string Text(string property) => expected.GetProperty(property).GetString()!;
        var heterogeneity = MetaRegressionTests.Fit(Text("dataset"), Text("mods"), Text("method"), "z").Heterogeneity;
        ConfidenceInterval[] intervals = Text("type") == "QP"
            ? [heterogeneity.TauSquaredInterval!.Value, heterogeneity.TauInterval!.Value, heterogeneity.ISquaredInterval!.Value, heterogeneity.HSquaredInterval!.Value]
            : heterogeneity.ProfileLikelihoodIntervals() is var p ? [p.TauSquared, p.Tau, p.ISquared, p.HSquared] : [];
        for (var i = 0; i < 4; i++)
        {
            var unit = i == 2 ? 100 : 1;
            Reference.Agree(unit * intervals[i].Lower, expected.GetProperty("lower")[i], 1e-6, $"row {i + 1} lower");
            Reference.Agree(unit * intervals[i].Upper, expected.GetProperty("upper")[i], 1e-6, $"row {i + 1} upper");
        }
    });

    [Fact]
    public void Higgins_Thompson_and_Spiegelhalter_agree_with_metafor() => Assert.All(Reference.Models("higginsPrediction"), expected =>
    {
        var fit = RandomEffects.Fit(Reference.Load(expected.GetProperty("dataset").GetString()!));
        var interval = fit.PredictionIntervalBy(PredictionIntervalMethod.HigginsThompsonSpiegelhalter);
        Reference.Agree(interval.Lower, expected.GetProperty("pi_lb"), 1e-7, "pi.lb");
        Reference.Agree(interval.Upper, expected.GetProperty("pi_ub"), 1e-7, "pi.ub");
        var own = fit.PredictionIntervalBy(PredictionIntervalMethod.HartungKnapp);
        Assert.Equal(fit.PredictionInterval!.Value.Lower, own.Lower, 1e-12);
        Assert.Equal(fit.PredictionInterval!.Value.Upper, own.Upper, 1e-12);
    });

    [Fact]
    public void Nagashimas_bootstrap_agrees_with_its_exact_quantiles() => Assert.All(Reference.Models("nagashima"), expected =>
    {
        var fit = RandomEffects.Fit(Reference.Load(expected.GetProperty("dataset").GetString()!));
        var interval = fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 50_000 });
        double lower = expected.GetProperty("pi_lb").GetDouble(), upper = expected.GetProperty("pi_ub").GetDouble();
        // The ends of 50,000 draws scatter by less than one percent of the width.
        Assert.Equal(lower, interval.Lower, 0.025 * (upper - lower));
        Assert.Equal(upper, interval.Upper, 0.025 * (upper - lower));
        Assert.Equal(interval, fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 50_000 }));
        Assert.NotEqual(interval, fit.PredictionIntervalBy(PredictionIntervalMethod.Nagashima, new() { Draws = 50_000, Seed = 7 }));
    });

    private static JsonElement Case(string dataset, string type, string method) => Assert.Single(Reference.Cases("heterogeneity-intervals.json"),
        c => c.GetProperty("type").GetString() == type && c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method);

    private static Dictionary<string, JsonElement> Rows(string dataset, string type, string method)
    {
        var rows = Case(dataset, type, method).GetProperty("random").EnumerateArray().ToDictionary(r => r.GetProperty("_row").GetString()!);
        Assert.Equal(4, rows.Count);
        return rows;
    }

    private static void Check(JsonElement row, double? estimate, ConfidenceInterval? interval, double unit)
    {
        var name = row.GetProperty("_row").GetString()!;
        if (estimate is { } value) Reference.Agree(unit * value, row.GetProperty("estimate"), 1e-6, name);
        Reference.Agree(unit * interval!.Value.Lower, row.GetProperty("ci.lb"), 1e-6, name + " lower");
        Reference.Agree(unit * interval!.Value.Upper, row.GetProperty("ci.ub"), 1e-6, name + " upper");
    }
}
