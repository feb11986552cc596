namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Groups of one and of two studies do not stop an analysis of subgroups, whatever the estimator.</summary>
public sealed class SmallSubgroupTests
{
    private static readonly StudyEffects Effects = Create([0.31, 0.12, 0.45, 0.22, 0.05, 0.60, 0.33], [0.01, 0.02, 0.03, 0.01, 0.02, 0.05, 0.02],
        ["Eu", "Eu", "Asia", "Asia", "asia", "Africa", "Asia"]);

    [Fact]
    public void A_group_of_one_study_is_shown_as_it_is_and_the_test_is_between_the_rest()
    {
        var groups = SubgroupAnalysis.Fit(Effects, "pop");
        Assert.Equal(["Africa", "Asia", "Eu", "asia"], groups.Groups.Select(g => g.Name).Order(StringComparer.Ordinal));
        // metafor 3.8: rma(yi, vi, subset = , test = "knha").
        Check("Asia", 3, 0.2918, 0.0623, 0);
        Check("Eu", 2, 0.2413, 0.0913, 0.00305);
        var single = Group("Africa");
        Assert.Equal((0.60, Math.Sqrt(0.05), (double?)null, (double?)null), (single.Estimate.Estimate, single.Estimate.StandardError, single.Estimate.DegreesOfFreedom, single.TauSquared));
        Assert.Equal(0.60 - 1.959963984540054 * Math.Sqrt(0.05), single.Estimate.ConfidenceInterval.Lower, 1e-12);
        Assert.Null(single.PredictionInterval);
        var (asia, eu) = (Group("Asia").Estimate, Group("Eu").Estimate);
        var between = Assert.NotNull(groups.Between);
        Assert.Equal(1, between.DegreesOfFreedom);
        Assert.Equal(Math.Pow(asia.Estimate - eu.Estimate, 2) / (asia.StandardError * asia.StandardError + eu.StandardError * eu.StandardError), between.Statistic, 1e-12);
        Assert.Equal(2, groups.Warnings.Length);
        Assert.Contains("\"Africa\", \"asia\". Such a group is shown as it is, not pooled", groups.Warnings[0], StringComparison.Ordinal);
        // Hartung-Knapp standard errors of three studies and of two, taken as known, find differences too easily.
        Assert.StartsWith("The test between groups takes their standard errors as known. With fewer than 10 studies", groups.Warnings[1], StringComparison.Ordinal);

        void Check(string name, int count, double estimate, double error, double tau2)
        {
            var group = Group(name);
            Assert.Equal(count, group.Count);
            Assert.Equal(estimate, group.Estimate.Estimate, 5e-5);
            Assert.Equal(error, group.Estimate.StandardError, 5e-5);
            Assert.Equal(tau2, group.TauSquared!.Value, 5e-6);
        }

        Subgroup Group(string name) => groups.Groups.Single(g => g.Name == name);
    }

    [Fact]
    public void Exactly_equal_effects_of_a_group_are_shown_and_tested_with_the_normal_standard_error()
    {
        var groups = SubgroupAnalysis.Fit(Create([0.3, 0.3, 0.1, 0.25], [0.01, 0.02, 0.03, 0.01], ["a", "a", "b", "b"]), "pop");
        Assert.Equal(Math.Sqrt(1 / (1 / 0.01 + 1 / 0.02)), groups.Groups[0].Estimate.StandardError, 1e-12);
        Assert.Null(groups.Groups[0].Estimate.DegreesOfFreedom);
        Assert.True(groups.Between!.Value.PValue is > 0 and < 1);
        Assert.Equal(2, groups.Warnings.Length);
        Assert.Contains("All effects of \"a\" are exactly equal", groups.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_one_study_alone_have_no_test_between_them()
    {
        var groups = SubgroupAnalysis.Fit(Create([0.3, 0.2], [0.01, 0.02], ["a", "b"]), "pop");
        Assert.Null(groups.Between);
        Assert.Equal(2, groups.Warnings.Length);
        Assert.Equal("pop: no test between groups (2 groups, k = 2)", groups.ToString());
        // Without a tau squared a study is its own group mean.
        Assert.Equal(0.01 / 0.03, SubgroupAnalysis.Fit(Create([0.3, 0.2], [0.01, 0.02], ["a", "b"]), "pop", new() { TauSquared = null }).Between!.Value.Statistic, 1e-12);
    }

    [Fact]
    public void Groups_of_one_to_three_studies_give_numbers_with_every_estimator_and_test()
    {
        var random = new Random(4);
        foreach (var estimator in Enum.GetValues<TauSquaredEstimator>().Cast<TauSquaredEstimator?>().Append(null))
        {
            foreach (var inference in Enum.GetValues<Inference>())
            {
                if (inference == Inference.KenwardRoger && estimator != TauSquaredEstimator.RestrictedMaximumLikelihood) continue;
                foreach (var common in new[] { false, true })
                {
                    for (var i = 0; i < 40; i++) Attack(estimator, inference, common, random);
                }
            }
        }
    }

    private static void Attack(TauSquaredEstimator? estimator, Inference inference, bool common, Random random)
    {
        List<double> y = [], v = [];
        List<string> names = [];
        var groups = random.Next(2, 5);
        for (var g = 0; g < groups; g++)
        {
            var equal = random.Next(3) == 0;
            var (effect, variance) = (Math.Round(random.NextDouble() - 0.5, 1), Math.Pow(10, random.Next(-4, 1)));
            for (var size = random.Next(1, 4); size > 0; size--)
            {
                y.Add(equal ? effect : Math.Round(random.NextDouble() - 0.5, 2));
                v.Add(random.Next(2) == 0 ? variance : Math.Pow(10, random.Next(-4, 1)));
                names.Add(((char)('a' + g)).ToString());
            }
        }
        var effects = Create([.. y], [.. v], [.. names]);
        SubgroupAnalysis fit;
        try
        {
            fit = SubgroupAnalysis.Fit(effects, "pop", new() { TauSquared = estimator, Inference = inference, CommonTauSquared = common });
        }
        catch (InsufficientStudiesException) when (common && effects.Count <= groups)
        {
            return;
        }
        var what = $"{estimator} {inference} common {common}: {string.Join(", ", y)} | {string.Join(", ", v)} | {string.Concat(names)}";
        foreach (var group in fit.Groups)
        {
            Assert.True(double.IsFinite(group.Estimate.Estimate) && double.IsFinite(group.Estimate.StandardError) && group.Estimate.PValue is >= 0 and <= 1,
                $"{what}: {group.Name} {group.Estimate}");
            Assert.Equal(group.Count == 1 && !common && estimator is not null, group.TauSquared is null);
        }
        Assert.True(fit.Between is null or { Exists: false, WhyNone.Length: > 0 } or { PValue: >= 0 and <= 1 }, $"{what}: {fit.Between}");
    }

    private static StudyEffects Create(double[] y, double[] v, string[] groups) => StudyEffects.Create(y, v, columns: [StudyColumn.OfTexts("pop", groups)]);
}
