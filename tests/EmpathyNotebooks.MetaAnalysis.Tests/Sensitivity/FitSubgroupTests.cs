using EmpathyNotebooks.MetaAnalysis.Tests.Fits;

namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Subgroups of fits of every kind, against fits of the groups by hand.</summary>
public class FitSubgroupTests
{
    private static readonly StudyEffects Effects = FitContractTests.Effects;

    public static TheoryData<string> Kinds => FitContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Groups_with_variances_of_their_own_are_fits_of_their_effects(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var column = $"{fit.Moderators}".Contains("rater", StringComparison.Ordinal) ? "outcome" : "rater";
        var groups = fit.Subgroups(column);

        Assert.Null(groups.Common);
        Assert.Equal(fit.Count, groups.Groups.Sum(g => g.Rows.Length));
        Assert.Equal(groups.Groups.Select(g => g.Name).Order(StringComparer.Ordinal), groups.Groups.Select(g => g.Name));
        Assert.All(groups.Groups, group =>
        {
            Assert.All(group.Rows, i => Assert.Equal(group.Name, fit.Effects.Column(column).Text(i)));
            Assert.Equal(group.Fit is null, group.Absence is not null);
            if (group.Fit is null) return;
            var byHand = fit.Refit([.. group.Rows]);
            Assert.All(byHand.Coefficients, (c, j) => Assert.Equal(c.Estimate, group.Fit.Coefficients[j].Estimate, 1e-9));
            Assert.Equal(byHand.Mean?.Estimate is { } mean && byHand.Coefficients.Length == 1 ? mean : null, group.Estimate?.Estimate);
            Assert.Equal(byHand.TauSquared, group.TauSquared);
        });
        if (fit.Moderators is not null) Assert.Null(groups.Between);
        if (groups.Between is null) Assert.NotEmpty(groups.Warnings);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Groups_with_common_variances_are_the_model_with_the_groups_as_moderators(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var column = $"{fit.Moderators}".Contains("rater", StringComparison.Ordinal) ? "outcome" : "rater";
        var groups = fit.Subgroups(column, common: true);

        Assert.NotNull(groups.Common);
        Assert.NotNull(groups.Between);
        Assert.Equal(fit.Coefficients.Length + 1, groups.Common.Coefficients.Length);
        Assert.Equal(fit.ConfidenceLevel, groups.Common.ConfidenceLevel);
        // A regression without tau squared has one name for both readings of it.
        Assert.Equal(kind == "fixed effects" ? "EE" : fit.MethodCode, groups.Common.MethodCode);
        Assert.All(groups.Groups, g => Assert.Null(g.Absence));
        if (fit.Moderators is null)
        {
            Assert.All(groups.Groups, g => Assert.Equal(groups.Common.FittedValues[g.Rows[0]], g.Estimate!.Value.Estimate, 1e-9));
            // Of two groups the test is that of their difference.
            var difference = groups.Common.Coefficients[1];
            if (difference.HasStandardError) Assert.Equal(difference.PValue, groups.Between.Value.PValue, 1e-6);
        }
        Assert.Equal(groups.Common is MultilevelFit { Options.Weights: null } or MultivariateFit, groups.RobustBetween is not null);
    }

    [Fact]
    public void Pooled_fits_have_the_numbers_of_the_subgroup_analysis()
    {
        foreach (var common in new[] { false, true })
        {
            var expected = SubgroupAnalysis.Fit(Effects, "rater", new() { CommonTauSquared = common });
            var ours = ((IModelFit)RandomEffects.Fit(Effects)).Subgroups("rater", common);
            Assert.Equal(expected.Between!.Value.Statistic, ours.Between!.Value.Statistic, 1e-10);
            Assert.Equal(expected.Between.Value.PValue, ours.Between.Value.PValue, 1e-10);
            Assert.All(expected.Groups, (g, n) =>
            {
                Assert.Equal(g.Name, ours.Groups[n].Name);
                Assert.Equal(g.Count, ours.Groups[n].Rows.Length);
                Assert.Equal(g.Estimate.Estimate, ours.Groups[n].Estimate!.Value.Estimate, 1e-12);
                Assert.Equal(g.Estimate.StandardError, ours.Groups[n].Estimate!.Value.StandardError, 1e-12);
                Assert.Equal(g.TauSquared!.Value, ours.Groups[n].TauSquared!.Value, 1e-12);
                Assert.Equal(g.PredictionInterval!.Value.Lower, ours.Groups[n].PredictionInterval!.Value.Lower, 1e-12);
            });
        }
    }

    [Fact]
    public void A_group_too_small_to_be_fitted_is_listed_with_its_reason()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.9, 0.7, 0.4], [0.01, 0.02, 0.015, 0.01, 0.02, 0.03, 0.02], columns:
            [StudyColumn.OfTexts("study", ["A", "A", "B", "C", "D", "D", "A"]), StudyColumn.OfTexts("kind", ["a", "a", "a", "a", "b", "b", null])]);
        var groups = ((IModelFit)MultilevelModel.Fit(effects, ["study"])).Subgroups("kind");

        Assert.Contains("\"study\"", groups.Groups[1].Absence);
        Assert.Null(groups.Groups[1].Estimate);
        Assert.Null(groups.Between);
        Assert.Contains(groups.Warnings, w => w.Contains("\"b\"", StringComparison.Ordinal));
        Assert.Equal(6, Assert.Single(groups.Omitted).Index);
        Assert.Throws<StudyDataException>(() => ((IModelFit)MultilevelModel.Fit(effects, ["study"])).Subgroups("nothing"));
    }

    [Fact]
    public void Clusters_in_several_groups_are_said()
    {
        var groups = ((IModelFit)MultilevelModel.Fit(Effects, ["sample"], new() { SamplingCorrelation = 0.6 })).Subgroups("outcome");
        Assert.Contains(groups.Warnings, w => w.Contains("4 values of sample", StringComparison.Ordinal));
    }
}
