using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Robust inference where one cluster alone determines a coefficient, as a category does that no other cluster has. The values are clubSandwich's at metafor's fit.</summary>
public sealed class LoneClusterTests
{
    private const double Tolerance = 1e-6;

    // The variance of the lone effect: no robust number depends on it, but rounding in it did.
    [Theory]
    [InlineData(0.03)]
    [InlineData(0.012)]
    [InlineData(0.010)]
    [InlineData(1e-7)]
    [InlineData(30)]
    public void A_category_of_one_cluster_has_the_uncertainty_of_the_others(double lone)
    {
        var effects = Table(["s0", "s1", "s2", "s3", "s4", "s9"], ["a", "a", "a", "a", "a", "z"], [.35, .10, .52, .28, .60, .05], [.03, .02, .04, .01, .05, lone]);
        var fit = MultilevelModel.Fit(effects, ["id"], Moderator.Category("grp"), samplingCorrelation: 0.6).Robust();
        Agrees(fit["grp: z"], -0.26143012, 0.0699864077, 3.03489851, 0.0327935385);
        Agrees(fit["Intercept"], 0.31143012, 0.0699864077, 3.03489851, 0.0206073216);
        Assert.Equal(1, fit.ModeratorTest.DegreesOfFreedom);
        Reference.Agree(fit.ModeratorTest.PValue, 0.0327935385, Tolerance, "HTZ");
        foreach (var correction in Enum.GetValues<SmallSampleCorrection>())
        {
            Assert.All(MultilevelModel.Fit(effects, ["id"], Moderator.Category("grp"), 0.6).Robust(correction).Coefficients, c => Assert.True(c.StandardError > 0.05));
        }
    }

    [Fact]
    public void Rounding_of_a_lone_cluster_gives_no_negative_degrees_of_freedom()
    {
        var effects = Table(["s0", "s1", "s2", "s3", "s4", "s9"], ["a", "a", "a", "a", "a", "z"], [.56, .59, .08, .31, .34, .13], [.04, .02, .04, .04, .04, .03]);
        var fit = MultilevelModel.Fit(effects, ["id"], Moderator.Category("grp"), samplingCorrelation: 0.6).Robust();
        Agrees(fit["grp: z"], -0.269330997, 0.0979256732, 3.79939684, 0.0543594126);
    }

    [Fact]
    public void Without_an_intercept_the_lone_mean_has_no_standard_error_and_the_others_stand()
    {
        var effects = Table(["s0", "s1", "s2", "s3", "s4", "s9"], ["a", "a", "a", "a", "a", "z"], [.35, .10, .52, .28, .60, .05], [.03, .02, .04, .01, .05, .01]);
        var fit = MultilevelModel.Fit(effects, ["id"], Moderator.Category("grp").WithoutIntercept(), samplingCorrelation: 0.6).Robust();
        Agrees(fit["grp: a"], 0.31143012, 0.0699864077, 3.03489851, 0.0206073216);
        var lone = fit["grp: z"];
        Assert.Equal(0.05, lone.Estimate, 1e-12);
        Assert.False(lone.HasStandardError);
        Assert.Contains("id \"s9\" alone determines it", lone.WhyNoStandardError, StringComparison.Ordinal);
        Assert.Equal(lone.WhyNoStandardError, Assert.Throws<InvalidOperationException>(() => lone.StandardError).Message);
        Assert.Throws<InvalidOperationException>(() => lone.PValue);
        Assert.Throws<InvalidOperationException>(() => lone.ConfidenceInterval);
        Assert.Contains("grp: z = 0.05000 (no standard error)", fit.ToString(), StringComparison.Ordinal);
        Assert.False(fit.ModeratorTest.Exists);
        Assert.StartsWith("no test (", fit.ModeratorTest.ToString(), StringComparison.Ordinal);
        Assert.True(fit.Test("grp: a").Exists);
        Assert.Throws<InvalidOperationException>(() => fit.WildBootstrap(["grp: z"], cancellation: TestContext.Current.CancellationToken));
        Assert.InRange(fit.WildBootstrap(["grp: a"], new() { Replications = 99 }, cancellation: TestContext.Current.CancellationToken).PValue, 0, 1);
    }

    [Fact]
    public void A_number_that_varies_in_one_cluster_only_has_no_standard_error()
    {
        string[] ids = [.. Enumerable.Range(0, 6).SelectMany(i => new[] { $"s{i}", $"s{i}" }), "s9", "s9"];
        double[] y = [.63, -.1, .27, .17, .28, .37, .61, .49, .21, .63, .25, .26, .51, -.28];
        double[] v = [.046, .033, .043, .033, .044, .05, .026, .016, .045, .012, .039, .023, .03, .05];
        var effects = StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("id", ids), StudyColumn.OfTexts("grp", ids.Select(i => i == "s9" ? "z" : "a")),
            StudyColumn.OfNumbers("x", Enumerable.Range(0, 14).Select(i => i == 13 ? 1.0 : (double?)0))]);
        var fit = MultilevelModel.Fit(effects, ["id", MultilevelModel.EachEffect], Moderator.Category("grp") + Moderator.Number("x"), samplingCorrelation: 0.6).Robust();
        Assert.False(fit["x"].HasStandardError);
        Agrees(fit["Intercept"], fit["Intercept"].Estimate, 0.0632309564, 4.84720520, 0.00264095278);
        Agrees(fit["grp: z"], fit["grp: z"].Estimate, 0.0632309564, 4.84720520, 0.0629058551);
        Assert.False(fit.ModeratorTest.Exists);
    }

    [Fact]
    public void Clusters_in_any_order_of_rows_give_the_test_of_all_categories()
    {
        var effects = Table(["7", "12", "7", "3", "12", "3", "7", "25", "31"], ["a", "b", "a", "b", "b", "b", "b", "a", "c"],
            [.31, .22, .40, .15, .28, .05, .5, .61, .11], [.010, .012, .009, .015, .011, .02, .03, .02, .02]);
        var fit = MultilevelModel.Fit(effects, ["id", MultilevelModel.EachEffect], Moderator.Category("grp"), samplingCorrelation: 0.6).Robust();
        Reference.Agree(fit["Intercept"].DegreesOfFreedom!.Value, 1.647425562, 2e-5, "df");
        Reference.Agree(fit["grp: b"].DegreesOfFreedom!.Value, 1.319683317, 2e-5, "df");
        Reference.Agree(fit["grp: c"].DegreesOfFreedom!.Value, 1.647425562, 2e-5, "df");
        Assert.Equal((0.981, 0.842, 0.603), (Math.Round(fit.ModeratorTest.Statistic, 3), Math.Round(fit.ModeratorTest.DenominatorDegreesOfFreedom!.Value, 3), Math.Round(fit.ModeratorTest.PValue, 3)));
    }

    [Fact]
    public void The_reference_category_may_be_the_lone_one()
    {
        var effects = StudyEffects.Create([.1, .3, .4, .2, .25, .15], [.01, .03, .002, .05, .02, .02], columns:
            [StudyColumn.OfTexts("c", ["g1", "g1", "g0", "g1", "g1", "g1"]), StudyColumn.OfTexts("cl", ["s2", "s1", "s0", "s3", "s1", "s4"])]);
        var fit = MultilevelModel.Fit(effects, ["cl", MultilevelModel.EachEffect], Moderator.Category("c")).Robust();
        Assert.False(fit["Intercept"].HasStandardError);
        Agrees(fit["c: g1"], fit["c: g1"].Estimate, 0.0541944626, 2.277079747, 0.0420263244);
    }

    [Fact]
    public void Every_effect_may_be_its_own_cluster()
    {
        var effects = StudyEffects.Create([.1, .3, .4, .2], [.01, .03, .002, .05], columns: [StudyColumn.OfTexts("c", ["g1", "g1", "g0", "g1"]),
            StudyColumn.OfTexts("study", ["A", "B", "C", "D"])]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("c")).Robust("study");
        Assert.False(fit["Intercept"].HasStandardError);
        Agrees(fit["c: g1"], -0.2434782609, 0.0720185599, 1.4545454545, 0.1180194296);
        Assert.Equal((-0.696, 0.209), (Math.Round(fit["c: g1"].ConfidenceInterval.Lower, 3), Math.Round(fit["c: g1"].ConfidenceInterval.Upper, 3)));
    }

    [Fact]
    public void Effects_without_any_scatter_leave_no_standard_error()
    {
        var effects = Table(["s0", "s1", "s2", "s2"], ["a", "a", "z", "z"], [.3, .3, .3, .3], [.01, .02, .03, .01]);
        var fit = RandomEffects.Fit(effects).Robust("id");
        Assert.False(fit.Coefficients[0].HasStandardError);
        Assert.Null(fit.BackTransformed);
        Assert.Contains("no standard error", fit.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_lone_clusters_are_compared_by_nothing()
    {
        // Each difference from the others has their uncertainty, all of it; the difference between the two has none.
        var effects = Table(["s0", "s1", "s2", "s3", "s8", "s9"], ["a", "a", "a", "a", "y", "z"], [.35, .10, .52, .28, .60, .05], [.03, .02, .04, .01, .05, .01]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("grp")).Robust("id");
        Assert.True(fit["grp: y"].HasStandardError && fit["grp: z"].HasStandardError);
        Assert.False(fit.LinearCombination("y - z", 0, 1, -1).HasStandardError);
        Assert.False(fit.ModeratorTest.Exists);
        Assert.Contains("cannot be tested together", fit.ModeratorTest.WhyNone, StringComparison.Ordinal);
        foreach (var correction in Enum.GetValues<SmallSampleCorrection>())
        {
            var any = MetaRegression.Fit(effects, Moderator.Category("grp")).Robust("id", correction);
            Assert.False(any.ModeratorTest.Exists);
            Assert.True(any["grp: y"].HasStandardError);
        }
    }

    [Fact]
    public void Rows_that_follow_from_one_another_are_named()
    {
        var effects = Table(["s0", "s1", "s2", "s3", "s4", "s9"], ["a", "a", "z", "a", "z", "z"], [.35, .10, .52, .28, .60, .05], [.03, .02, .04, .01, .05, .01]);
        var regression = MetaRegression.Fit(effects, Moderator.Category("grp"));
        foreach (var fault in (ArgumentException[])[Assert.Throws<ArgumentException>(() => regression.Robust("id").TestTogether([1, 0], [2, 0])),
            Assert.Throws<ArgumentException>(() => regression.TestTogether([0, 1], [0, -3]))])
        {
            Assert.StartsWith("Row 2 is 0 or follows from the rows before it: leave it out.", fault.Message, StringComparison.Ordinal);
        }
    }

    private static StudyEffects Table(string[] ids, string[] groups, double[] y, double[] v) =>
        StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("id", ids), StudyColumn.OfTexts("grp", groups)]);

    private static void Agrees(Coefficient actual, double estimate, double se, double df, double p)
    {
        Reference.Agree(actual.Estimate, estimate, Tolerance, "estimate");
        Reference.Agree(actual.StandardError, se, Tolerance, "se");
        Reference.Agree(actual.DegreesOfFreedom!.Value, df, Tolerance, "df");
        Reference.Agree(actual.PValue, p, Tolerance, "p");
    }
}
