using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>dependent-effects.json: multilevel and CHE models with robust variances. AggregationTests has the remaining cases.</summary>
public sealed class DependentTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] Datasets = ["konstantopoulos2011", "tannersmith2016"];

    private static readonly (string Model, string Method, double? Rho)[] Models =
    [
        ("three-level (outer/row)", "REML", null),
        ("three-level (outer/row)", "ML", null),
        ("two-level (outer)", "REML", null),
        ("CHE", "REML", 0.4),
        ("CHE", "REML", 0.6),
        ("CHE", "REML", 0.8),
    ];

    public static TheoryData<string, string, string, double?> Grid() => new(
        from dataset in Datasets
        from m in Models
        select (dataset, m.Model, m.Method, m.Rho));

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        var all = Reference.Cases("dependent-effects.json");
        Assert.Equal(18, all.Count);
        var grid = Grid().Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)).ToList();
        Assert.Equal(12, grid.Count);
        Assert.Equal(grid.OrderBy(g => g.ToString(), StringComparer.Ordinal),
            MultilevelCases().Select(Key).OrderBy(g => g.ToString(), StringComparer.Ordinal));
        Assert.Equal(18 - grid.Count, AggregationTests.Grid().Count);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, string model, string method, double? rho)
    {
        var expected = Assert.Single(MultilevelCases(), c => Key(c) == (dataset, model, method, rho));
        var fit = Fit(dataset, model, method, rho);
        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        Agree(fit.Estimate!.Value, "beta");
        Agree(fit.Coefficients[0].StandardError, "se");
        Agree(fit.Coefficients[0].Statistic, "zval");
        // A tail of 1e-6 changes by 5e-5 when its statistic changes by 1e-5.
        Agree(fit.Coefficients[0].PValue, "pval", 5 * Tolerance);
        Agree(fit.ConfidenceInterval!.Value.Lower, "ci_lb");
        Agree(fit.ConfidenceInterval!.Value.Upper, "ci_ub");
        Agree(fit.PredictionInterval!.Value.Lower, "pi_lb");
        Agree(fit.PredictionInterval!.Value.Upper, "pi_ub");
        Reference.AgreeAll([.. fit.VarianceComponents.Select(c => c.SigmaSquared)], expected.GetProperty("sigma2"), Tolerance, "sigma2");
        var groups = expected.GetProperty("nlevels");
        Assert.Equal(groups.ValueKind == JsonValueKind.Array ? [.. groups.EnumerateArray().Select(g => g.GetInt32())] : [groups.GetInt32()],
            fit.VarianceComponents.Select(c => c.GroupCount));
        Reference.Agree(fit.Q.Statistic, expected.GetProperty("QE"), 1e-8, "QE");
        Agree(fit.ModeratorTest.Statistic, "QM");
        Agree(fit.LogLikelihood, "logLik");

        if (expected.GetProperty("robust").ValueKind == JsonValueKind.Null) return;
        foreach (var (name, correction) in new[] { ("CR2", SmallSampleCorrection.CR2), ("CR1", SmallSampleCorrection.CR1) })
        {
            var robust = expected.GetProperty("robust").GetProperty(name);
            var actual = fit.Robust(correction).Coefficients[0];
            Reference.Agree(actual.StandardError, robust.GetProperty("se"), Tolerance, name + " se");
            Reference.Agree(actual.Statistic, robust.GetProperty("t"), Tolerance, name + " t");
            Reference.Agree(actual.DegreesOfFreedom!.Value, robust.GetProperty("df"), Tolerance, name + " df");
            Reference.Agree(actual.PValue, robust.GetProperty("p"), Tolerance, name + " p");
            if (name == "CR1") continue;
            Reference.Agree(actual.ConfidenceInterval.Lower, robust.GetProperty("ci_lb"), Tolerance, name + " lower");
            Reference.Agree(actual.ConfidenceInterval.Upper, robust.GetProperty("ci_ub"), Tolerance, name + " upper");
        }

        void Agree(double actual, string name, double tolerance = Tolerance) => Reference.Agree(actual, expected.GetProperty(name), tolerance, name);
    }

    internal static MultilevelFit Fit(string dataset, string model, string method, double? rho) => MultilevelModel.Fit(Reference.Load(dataset),
        model == "two-level (outer)" ? ["cluster"] : ["cluster", MultilevelModel.EachEffect], rho ?? 0,
        new MultilevelOptions { Method = method == "ML" ? LikelihoodMethod.Full : LikelihoodMethod.Restricted, Inference = Inference.Normal });

    private static IEnumerable<JsonElement> MultilevelCases() =>
        Reference.Cases("dependent-effects.json").Where(c => c.GetProperty("model").GetString() != "aggregate then REML");

    private static (string, string, string, double?) Key(JsonElement c) => (c.GetProperty("dataset").GetString()!, c.GetProperty("model").GetString()!,
        c.GetProperty("method").GetString()!, c.GetProperty("rho").ValueKind == JsonValueKind.Null ? null : c.GetProperty("rho").GetDouble());
}
