namespace EmpathyNotebooks.MetaAnalysis.Tests.Models;

/// <summary>Bad input to subgroup analyses and location-scale models.</summary>
public sealed class GroupsAndScaleInputTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create(
        [0.31, 0.12, 0.45, 0.20, 0.38, 0.05, 0.27], [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.011],
        columns:
        [
            StudyColumn.OfTexts("rater", ["client", "observer", "client", null, "observer", "therapist", "client"]),
            StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2016, 2018, null]),
        ]);

    [Fact]
    public void A_group_of_one_study_shares_a_common_tau_squared()
    {
        var groups = SubgroupAnalysis.Fit(Effects, "rater", new() { CommonTauSquared = true });
        Assert.Equal([("client", 3), ("observer", 2), ("therapist", 1)], groups.Groups.Select(g => (g.Name, g.Count)));
        Assert.Equal("Study 4", Assert.Single(groups.Omitted).Label);
        Assert.Throws<StudyDataException>(() => SubgroupAnalysis.Fit(Effects.Where("rater", "client"), "rater"));
    }

    [Fact]
    public void Equal_effects_within_groups_split_Q()
    {
        var used = Effects.Select([0, 1, 2, 4, 5, 6]);
        var groups = SubgroupAnalysis.Fit(used, "rater", new() { TauSquared = null, Inference = Inference.Normal });
        var within = groups.Groups.Sum(g => g.Fit!.Heterogeneity.Q.Statistic);
        Assert.Equal(EqualEffects.Fit(used).Heterogeneity.Q.Statistic, within + groups.Between!.Value.Statistic, 1e-10);
    }

    [Fact]
    public void A_location_scale_model_lists_what_either_part_leaves_out()
    {
        var effects = StudyEffects.Create([.. Effects.Effects.Select((y, i) => y * (i % 2 == 0 ? 4 : -3))], Effects.Variances, columns: Effects.Columns);
        var fit = LocationScale.Fit(effects, Moderator.Number("year").Centered(), null);
        Assert.Equal(["Study 7"], fit.Omitted.Select(o => o.Label));
        Assert.Null(fit.ScaleTest);
        Assert.Null(fit.ScaleLikelihoodRatio);
        Assert.Equal(fit.TauSquared[0], fit.TauSquaredAt([]).TauSquared, 1e-12);
        Assert.True(fit.Predict(new() { ["year"] = 2010 }).PredictionInterval!.Value.Width > 0);
        Assert.Throws<StudyDataException>(() => fit.Predict(new() { ["yaer"] = 2010 }));
        Assert.Throws<InsufficientStudiesException>(() => LocationScale.Fit(effects.Select([0, 1]), null, null));
        Assert.Throws<ImpossibleChoiceException>(() => LocationScale.Fit(effects, null, null, new() { Inference = Inference.KenwardRoger }));
    }

    [Fact]
    public void Where_tau_squared_falls_to_zero_there_is_no_estimate()
    {
        // The effects scatter less than their sampling errors let expect: ln tau squared goes to minus infinity.
        var effects = StudyEffects.Create([0.30, 0.31, 0.29, 0.30, 0.305, 0.295], [0.01, 0.02, 0.01, 0.02, 0.01, 0.02],
            columns: [StudyColumn.OfNumbers("x", [1, 2, 3, 4, 5, 6])]);
        var error = Assert.Throws<ConvergenceException>(() => LocationScale.Fit(effects, null, Moderator.Number("x")));
        Assert.Contains("the variance of true effects falls to 0 for some studies", error.Message, StringComparison.Ordinal);
    }
}
