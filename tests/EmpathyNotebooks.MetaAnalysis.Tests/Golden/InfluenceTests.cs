using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>influence.json and the diagnostics of models.json: influence, cumulative fits, BLUPs, Baujat coordinates.</summary>
public sealed class InfluenceTests
{
    public static TheoryData<string, string> Grid() => LeaveOneOutTests.Grid();

    [Fact]
    public void The_grids_of_cases_are_complete()
    {
        Assert.Equal(24, Grid().Count);
        Assert.Equal(5, Reference.Models("diagnostics").Count);
        Assert.Equal(["z", "knha"], Reference.Models("cumulative").Select(c => c.GetProperty("test").GetString()));
        Assert.Single(Reference.Models("diagnosticsWeights"));
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void Agrees_with_metafor(string dataset, string method)
    {
        var expected = Assert.Single(Reference.Cases("influence.json"),
            c => c.GetProperty("dataset").GetString() == dataset && c.GetProperty("method").GetString() == method);
        var fit = FitsTests.Fit(Reference.Load(dataset), method);
        CheckInfluence(fit.Influence(), expected);
        // R appends labels and digits to the list of one coefficient's DFBETAS.
        CheckColumn(fit.Influence(), 0, expected.GetProperty("dfbs"));

        if (method == "EE")
        {
            Assert.Equal(JsonValueKind.Null, expected.GetProperty("blup").ValueKind);
            Assert.Throws<ImpossibleChoiceException>(() => fit.Blups());
        }
        else
        {
            CheckBlups(fit.Blups(), expected.GetProperty("blup"));
        }
        CheckBaujat(fit.Baujat(), expected.GetProperty("baujat"));

        var cumulative = fit.Cumulative();
        var cumul = expected.GetProperty("cumul");
        for (var i = 0; i < fit.Count; i++)
        {
            var row = cumulative[i];
            var what = $"first {i + 1}: ";
            Assert.Equal((i + 1, i, fit.Effects.Labels[i]), (row.Count, row.Index, row.Label));
            Reference.Agree(row.Fit.Estimate, cumul.GetProperty("estimate")[i], 1e-7, what + "estimate");
            Reference.Agree(row.Fit.StandardError, cumul.GetProperty("se")[i], 1e-7, what + "se");
            Reference.Agree(row.Fit.ConfidenceInterval.Lower, cumul.GetProperty("ci_lb")[i], 1e-7, what + "ci.lb");
            Reference.Agree(row.Fit.ConfidenceInterval.Upper, cumul.GetProperty("ci_ub")[i], 1e-7, what + "ci.ub");
            Reference.AgreePercent(100 * row.Fit.Heterogeneity.ISquared, cumul.GetProperty("I2")[i], 1e-7, what + "I2");
            if (method != "EE") Reference.Agree(row.Fit.TauSquared, cumul.GetProperty("tau2")[i], 1e-7, what + "tau2");
        }
        Assert.Equal(fit.Estimate, cumulative[^1].Fit.Estimate);
    }

    [Fact]
    public void Diagnostics_with_moderators_agree() => Assert.All(Reference.Models("diagnostics"), expected =>
    {
        string Text(string property) => expected.GetProperty(property).GetString()!;
        var moderators = MetaRegressionTests.ModeratorsOf(Text("dataset"), Text("mods"));
        var fit = MetaRegression.Fit(Reference.Load(Text("dataset")), moderators,
            new() { TauSquared = FitsTests.EstimatorOf(Text("method")), Inference = FitsTests.InferenceOf(Text("test")) });
        var influence = fit.Influence();
        CheckInfluence(influence, expected);
        for (var j = 0; j < fit.CoefficientCount; j++) CheckColumn(influence, j, expected.GetProperty("dfbs")[j]);
        if (expected.GetProperty("blup").ValueKind != JsonValueKind.Null) CheckBlups(fit.Blups(), expected.GetProperty("blup"));
        CheckBaujat(fit.Baujat(), expected.GetProperty("baujat"));
        Assert.Equal(fit.CoefficientCount, influence.Rows.Sum(r => r.Hat), 1e-9);
    });

    [Fact]
    public void Diagnostics_with_own_weights_agree()
    {
        var effects = Reference.Load("bcg");
        var influence = RandomEffects.Fit(effects,
            new() { Inference = Inference.Normal, Weights = [.. effects.Variances.Select(v => 1 / Math.Sqrt(v))] }).Influence();
        var expected = Reference.Models("diagnosticsWeights")[0];
        CheckRows(influence, expected);
        CheckColumn(influence, 0, expected.GetProperty("dfbs"));
    }

    [Fact]
    public void Cumulative_fits_by_year_agree() => Assert.All(Reference.Models("cumulative"), expected =>
    {
        var fit = RandomEffects.Fit(Reference.Load("bcg"), new() { Inference = FitsTests.InferenceOf(expected.GetProperty("test").GetString()!) });
        var rows = fit.CumulativeBy("year");
        Assert.Equal(expected.GetProperty("order").EnumerateArray().Select(o => o.GetInt32() - 1), rows.Select(r => r.Index));
        for (var i = 0; i < rows.Length; i++)
        {
            Reference.Agree(rows[i].Fit.Estimate, expected.GetProperty("estimate")[i], 1e-7, "estimate");
            Reference.Agree(rows[i].Fit.StandardError, expected.GetProperty("se")[i], 1e-7, "se");
            Reference.Agree(rows[i].Fit.ConfidenceInterval.Upper, expected.GetProperty("ci_ub")[i], 1e-7, "ci.ub");
            Reference.Agree(rows[i].Fit.Heterogeneity.Q.Statistic, expected.GetProperty("Q")[i], 1e-7, "Q");
            Reference.Agree(rows[i].Fit.TauSquared, expected.GetProperty("tau2")[i], 1e-7, "tau2");
        }
    });

    [Fact]
    public void A_cumulative_regression_ends_in_the_full_fit_and_starts_when_determined()
    {
        var fit = MetaRegressionTests.Fit("bcg", "~ alloc", "REML", "knha");
        var rows = fit.Cumulative();
        // The first "alternate" is row 5, the first "systematic" row 10.
        Assert.Equal(10, rows[0].Count);
        Assert.Equal(fit.TauSquared, rows[^1].TauSquared, 1e-12);
        Assert.Equal(fit.Coefficients[2].Estimate, rows[^1].Coefficients[2].Estimate, 1e-12);
        Assert.Throws<ArgumentException>(() => fit.Cumulative([0, 0, 1]));
    }

    [Fact]
    public void The_only_study_of_a_category_cannot_be_left_out()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.9], [0.01, 0.02, 0.015, 0.01, 0.02],
            columns: [StudyColumn.OfTexts("g", ["a", "a", "a", "a", "b"])]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("g"));
        var row = fit.Influence().Rows[4];
        Assert.Null(row.CookDistance);
        Assert.Null(row.StudentizedResidual);
        Assert.Empty(row.DfBetas);
        Assert.Equal(1, row.Hat, 1e-12);
        Assert.Null(fit.Baujat()[4].Influence);
        Assert.NotNull(fit.Influence().Rows[0].CookDistance);
    }

    private static void CheckInfluence(InfluenceAnalysis influence, JsonElement expected)
    {
        CheckRows(influence, expected);
        for (var i = 0; i < influence.Rows.Length; i++)
        {
            var row = influence.Rows[i];
            Reference.Agree(row.TauSquaredWithout!.Value, expected.GetProperty("tau2_del")[i], 1e-7, "tau2.del");
            Reference.Agree(row.QWithout!.Value, expected.GetProperty("QE_del")[i], 1e-7, "QE.del");
            Assert.Equal(expected.GetProperty("is_infl")[i].GetBoolean(), row.IsInfluential);
        }
    }

    private static void CheckRows(InfluenceAnalysis influence, JsonElement expected)
    {
        var rows = influence.Rows;
        Reference.AgreeAll([.. rows.Select(r => r.StudentizedResidual!.Value)], expected.GetProperty("rstudent"), 1e-7, "rstudent");
        Reference.AgreeAll([.. rows.Select(r => r.Dffits!.Value)], expected.GetProperty("dffits"), 1e-7, "dffits");
        Reference.AgreeAll([.. rows.Select(r => r.CookDistance!.Value)], expected.GetProperty("cook_d"), 1e-7, "cook.d");
        Reference.AgreeAll([.. rows.Select(r => r.CovarianceRatio!.Value)], expected.GetProperty("cov_r"), 1e-7, "cov.r");
        Reference.AgreeAll([.. rows.Select(r => r.Hat)], expected.GetProperty("hat"), 1e-7, "hat");
        Reference.AgreeAll([.. rows.Select(r => 100 * r.Weight)], expected.GetProperty("weight"), 1e-7, "weight");
    }

    private static void CheckColumn(InfluenceAnalysis influence, int coefficient, JsonElement expected)
    {
        for (var i = 0; i < influence.Rows.Length; i++) Reference.Agree(influence.Rows[i].DfBetas[coefficient], expected[i], 1e-7, $"dfbetas[{i + 1}]");
    }

    private static void CheckBlups(IReadOnlyList<Blup> blups, JsonElement expected)
    {
        Reference.AgreeAll([.. blups.Select(b => b.Estimate)], expected.GetProperty("pred"), 1e-7, "blup");
        Reference.AgreeAll([.. blups.Select(b => b.StandardError)], expected.GetProperty("se"), 1e-7, "se of blup");
        Reference.AgreeAll([.. blups.Select(b => b.Interval.Lower)], expected.GetProperty("pi_lb"), 1e-7, "pi.lb of blup");
        Reference.AgreeAll([.. blups.Select(b => b.Interval.Upper)], expected.GetProperty("pi_ub"), 1e-7, "pi.ub of blup");
    }

    private static void CheckBaujat(IReadOnlyList<BaujatPoint> points, JsonElement expected)
    {
        Reference.AgreeAll([.. points.Select(p => p.HeterogeneityContribution)], expected.GetProperty("x"), 1e-7, "Baujat x");
        Reference.AgreeAll([.. points.Select(p => p.Influence!.Value)], expected.GetProperty("y"), 1e-7, "Baujat y");
    }
}
