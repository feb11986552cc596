using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>fits.json: every model without moderators, every estimator and test.</summary>
public sealed class FitsTests
{
    private static readonly string[] Methods = ["EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "GENQ"];
    private static readonly string[] Tests = ["z", "t", "knha"];

    /// <summary>The tolerance R's uniroot() has unless told otherwise: the fourth root of the machine's precision.</summary>
    private const double UnirootTolerance = 1.3e-4;

    public static TheoryData<string, string, string> Grid()
    {
        var grid = new TheoryData<string, string, string>();
        foreach (var dataset in Reference.Datasets)
            foreach (var method in Methods)
                foreach (var test in Tests) grid.Add(dataset, method, test);
        return grid;
    }

    [Fact]
    public void The_grid_of_cases_is_complete()
    {
        var cases = Reference.Cases("fits.json");
        Assert.Equal(492, cases.Count);
        var without = cases.Where(c => c.GetProperty("mods").ValueKind == JsonValueKind.Null)
            .Select(c => (c.GetProperty("dataset").GetString()!, c.GetProperty("method").GetString()!, c.GetProperty("test").GetString()!)).ToList();
        Assert.Equal(2 * Reference.Datasets.Length * Tests.Length, Reference.TightenedCases("pooled").Count());
        Assert.Equal(288, without.Count);
        Assert.Equal(Grid().Select(row => (row.Data.Item1, row.Data.Item2, row.Data.Item3)).Order(), without.Order());
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, string method, string test)
    {
        var original = Assert.Single(Reference.Cases("fits.json"), c => c.GetProperty("mods").ValueKind == JsonValueKind.Null
            && c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method
            && c.GetProperty("test").GetString() == test);
        var fit = Fit(Reference.Load(dataset), method, test);
        var tolerance = method is "PM" or "PMM" or "ML" or "REML" or "EB" or "SJ" ? 1e-7 : 1e-8;

        // The original Paule-Mandel cases stopped early; see "Where a reference stopped early" in the README of the reference files.
        var stoppedEarly = method is "PM" or "PMM";
        var expected = !stoppedEarly ? original : Reference.Tightened("pooled", c => c.GetProperty("dataset").GetString() == dataset
            && c.GetProperty("method").GetString() == method && c.GetProperty("test").GetString() == test);
        Assert.Equal(original.GetProperty("tau2").GetDouble(), fit.TauSquared, stoppedEarly ? UnirootTolerance : tolerance);

        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        Assert.Equal(method, fit.MethodCode);
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), tolerance, "tau2");
        if (method == "EE") Assert.Null(fit.TauSquaredStandardError);
        else Reference.Agree(fit.TauSquaredStandardError!.Value, expected.GetProperty("se_tau2"), tolerance, "se of tau2");
        Reference.Agree(fit.Estimate, expected.GetProperty("beta"), 1e-8, "estimate");
        Reference.Agree(fit.StandardError, expected.GetProperty("se"), 1e-8, "se");
        Reference.Agree(fit.Statistic, expected.GetProperty("zval"), 1e-8, "statistic");
        // A tail of 1e-13 changes by 1e-7 when its statistic changes by 1e-9.
        Reference.Agree(fit.PValue, expected.GetProperty("pval"), 1e-7, "p");
        Assert.Equal(test == "z" ? null : fit.Count - 1.0, fit.DegreesOfFreedom);
        Reference.Agree(fit.ConfidenceInterval.Lower, expected.GetProperty("ci_lb"), 1e-8, "ci.lb");
        Reference.Agree(fit.ConfidenceInterval.Upper, expected.GetProperty("ci_ub"), 1e-8, "ci.ub");
        var predict = stoppedEarly ? expected : expected.GetProperty("predict");
        if (method == "EE")
        {
            Assert.Null(fit.PredictionInterval);
        }
        else
        {
            Reference.Agree(fit.PredictionInterval!.Value.Lower, predict.GetProperty("pi_lb"), 1e-8, "pi.lb");
            Reference.Agree(fit.PredictionInterval!.Value.Upper, predict.GetProperty("pi_ub"), 1e-8, "pi.ub");
        }

        var heterogeneity = fit.Heterogeneity;
        Reference.Agree(heterogeneity.Q.Statistic, expected.GetProperty("QE"), 1e-8, "Q");
        Reference.Agree(heterogeneity.Q.PValue, expected.GetProperty("QEp"), 1e-8, "p of Q");
        Reference.Agree(100 * heterogeneity.ISquared, expected.GetProperty("I2"), tolerance, "I2");
        Reference.Agree(heterogeneity.HSquared, expected.GetProperty("H2"), tolerance, "H2");

        var statistics = fit.FitStatistics;
        Reference.Agree(statistics.LogLikelihood, expected.GetProperty("logLik"), 1e-8, "log-likelihood");
        Reference.Agree(statistics.Aic, expected.GetProperty("AIC"), 1e-8, "AIC");
        Reference.Agree(statistics.Bic, expected.GetProperty("BIC"), 1e-8, "BIC");
        Reference.Agree(statistics.Aicc, expected.GetProperty("AICc"), 1e-8, "AICc");
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Paule_Mandel_meets_its_definition_and_the_empirical_Bayes_reference(string dataset)
    {
        var fit = Fit(Reference.Load(dataset), "PM");
        var q = fit.Effects.Effects.Zip(fit.Effects.Variances, (y, v) => (y - fit.Estimate) * (y - fit.Estimate) / (v + fit.TauSquared)).Sum();
        Assert.Equal(fit.Count - 1, q, 1e-9);
        var empiricalBayes = Assert.Single(Reference.Cases("fits.json"), c => c.GetProperty("mods").ValueKind == JsonValueKind.Null
            && c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == "EB"
            && c.GetProperty("test").GetString() == "z");
        Reference.Agree(fit.TauSquared, empiricalBayes.GetProperty("tau2"), 1e-7, "tau2");
    }

    public static TheoryData<string> Datasets() => new(Reference.Datasets);

    internal static PooledFit Fit(StudyEffects effects, string method, string test = "z") => method == "EE"
        ? EqualEffects.Fit(effects, new EqualEffectsOptions { Inference = InferenceOf(test) })
        : RandomEffects.Fit(effects, new RandomEffectsOptions { TauSquared = EstimatorOf(method)!.Value, Inference = InferenceOf(test) });

    internal static Inference InferenceOf(string test) => test switch
    {
        "z" => Inference.Normal,
        "t" => Inference.StudentT,
        "knha" => Inference.HartungKnapp,
        "adhoc" => Inference.HartungKnappAdHoc,
        _ => throw new ArgumentOutOfRangeException(nameof(test), test, null),
    };

    /// <summary>Null for EE.</summary>
    internal static TauSquaredEstimator? EstimatorOf(string method) => method == "EE" ? null
        : Enum.GetValues<TauSquaredEstimator>().Single(e => TauSquaredEstimators.Code(e) == method);
}
