using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>fits.json: every model with moderators.</summary>
public sealed class MetaRegressionTests
{
    private static readonly string[] Methods = ["EE", "DL", "REML", "ML", "PM", "EB"];
    private static readonly string[] Tests = ["z", "knha"];

    /// <summary>The tolerance R's uniroot() has unless told otherwise: the fourth root of the machine's precision.</summary>
    private const double UnirootTolerance = 1.3e-4;

    /// <summary>Each formula of the reference as it is written here.</summary>
    private static readonly (string Dataset, string Formula, Moderator Moderators)[] Models =
    [
        ("molloy2014", "~ quality", Moderator.Number("quality")),
        ("molloy2014", "~ meanage", Moderator.Number("meanage")),
        ("molloy2014", "~ factor(controls)", Moderator.Category("controls")),
        ("molloy2014", "~ quality + factor(design)", Moderator.Number("quality") + Moderator.Category("design")),
        ("mcdaniel1994", "~ type", Moderator.Category("type")),
        ("mcdaniel1994", "~ type + struct", Moderator.Category("type") + Moderator.Category("struct")),
        ("mcdaniel1994", "~ type * struct", Moderator.Category("type") * Moderator.Category("struct")),
        ("raudenbush1985", "~ weeks", Moderator.Number("weeks")),
        ("raudenbush1985", "~ setting + weeks", Moderator.Category("setting") + Moderator.Number("weeks")),
        ("bcg", "~ ablat", Moderator.Number("ablat")),
        ("bcg", "~ ablat + year", Moderator.Number("ablat") + Moderator.Number("year")),
        ("bcg", "~ alloc", Moderator.Category("alloc")),
        ("bcg", "~ alloc - 1", Moderator.Category("alloc").WithoutIntercept()),
        ("hackshaw1998", "~ design", Moderator.Category("design")),
        ("hackshaw1998", "~ year", Moderator.Number("year")),
        ("tannersmith2016", "~ aget1", Moderator.Number("aget1")),
        ("tannersmith2016", "~ factor(sexmix) + propmale", Moderator.Category("sexmix") + Moderator.Number("propmale")),
    ];

    public static TheoryData<string, string, string, string> Grid() => new(
        from model in Models
        from method in Methods
        from test in Tests
        select (model.Dataset, model.Formula, method, test));

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        var grid = Grid().Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3, row.Data.Item4)).Order().ToList();
        Assert.Equal(204, grid.Count);
        Assert.Equal(grid, Reference.Cases("fits.json").Where(c => c.GetProperty("mods").ValueKind != JsonValueKind.Null).Select(Key).Order());
        Assert.Equal(grid.Where(g => g.Item3 == "PM"), Reference.TightenedCases("moderators").Select(Key).Order());
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, string formula, string method, string test)
    {
        var original = Assert.Single(Reference.Cases("fits.json"), c => c.GetProperty("mods").ValueKind != JsonValueKind.Null
            && Key(c) == (dataset, formula, method, test));
        // The original Paule-Mandel cases stopped early; see "Where a reference stopped early" in the README of the reference files.
        var expected = method == "PM" ? Reference.Tightened("moderators", c => Key(c) == (dataset, formula, method, test)) : original;
        var fit = Fit(dataset, formula, method, test);
        var tolerance = method is "PM" or "ML" or "REML" or "EB" ? 1e-7 : 1e-8;

        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        Assert.Equal(original.GetProperty("p").GetInt32(), fit.CoefficientCount);
        Assert.Equal(original.GetProperty("tau2").GetDouble(), fit.TauSquared, method == "PM" ? UnirootTolerance : tolerance);
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), tolerance, "tau2");
        if (method == "EE") Assert.Null(fit.TauSquaredStandardError);
        else Reference.Agree(fit.TauSquaredStandardError!.Value, expected.GetProperty("se_tau2"), tolerance, "se of tau2");

        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("beta"), 1e-8, "beta");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), 1e-8, "se");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Statistic)], expected.GetProperty("zval"), 1e-8, "statistic");
        // A tail of 1e-13 changes by 1e-7 when its statistic changes by 1e-9.
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.PValue)], expected.GetProperty("pval"), 1e-7, "p");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Lower)], expected.GetProperty("ci_lb"), 1e-8, "ci.lb");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Upper)], expected.GetProperty("ci_ub"), 1e-8, "ci.ub");
        var covariance = fit.CovarianceMatrix();
        for (var i = 0; i < fit.CoefficientCount; i++)
        {
            for (var j = 0; j < fit.CoefficientCount; j++) Reference.Agree(covariance[i, j], expected.GetProperty("vb")[i][j], 1e-8, $"vb[{i + 1},{j + 1}]");
        }

        var omnibus = fit.ModeratorTest;
        Reference.Agree(omnibus.Statistic, expected.GetProperty("QM"), 1e-8, "QM");
        Reference.Agree(omnibus.PValue, expected.GetProperty("QMp"), 1e-7, "p of QM");
        Assert.Equal(original.GetProperty("QMdf")[0].GetInt32(), omnibus.DegreesOfFreedom);
        if (test == "z") Assert.Null(omnibus.DenominatorDegreesOfFreedom);
        else Assert.Equal(original.GetProperty("QMdf")[1].GetDouble(), omnibus.DenominatorDegreesOfFreedom);
        Reference.Agree(100 * fit.RSquared!.Value, expected.GetProperty("R2"), tolerance * 10, "R2");

        Reference.Agree(fit.Heterogeneity.Q.Statistic, expected.GetProperty("QE"), 1e-8, "QE");
        Reference.Agree(fit.Heterogeneity.Q.PValue, expected.GetProperty("QEp"), 1e-8, "p of QE");
        Reference.AgreePercent(100 * fit.Heterogeneity.ISquared, expected.GetProperty("I2"), 1e-7, "I2");
        Reference.Agree(fit.Heterogeneity.HSquared, expected.GetProperty("H2"), tolerance, "H2");
        Reference.Agree(fit.FitStatistics.LogLikelihood, expected.GetProperty("logLik"), 1e-8, "log-likelihood");
        Reference.Agree(fit.FitStatistics.Aic, expected.GetProperty("AIC"), 1e-8, "AIC");
        Reference.Agree(fit.FitStatistics.Bic, expected.GetProperty("BIC"), 1e-8, "BIC");
        Reference.Agree(fit.FitStatistics.Aicc, expected.GetProperty("AICc"), 1e-8, "AICc");
    }

    internal static Moderator ModeratorsOf(string dataset, string formula) =>
        Models.Single(m => m.Dataset == dataset && m.Formula == formula).Moderators;

    internal static MetaRegressionFit Fit(string dataset, string formula, string method, string test) =>
        MetaRegression.Fit(Reference.Load(dataset), ModeratorsOf(dataset, formula),
            new MetaRegressionOptions { TauSquared = FitsTests.EstimatorOf(method), Inference = FitsTests.InferenceOf(test) });

    private static (string, string, string, string) Key(JsonElement c) => (c.GetProperty("dataset").GetString()!,
        c.GetProperty("mods").GetString()!, c.GetProperty("method").GetString()!, c.GetProperty("test").GetString()!);
}
