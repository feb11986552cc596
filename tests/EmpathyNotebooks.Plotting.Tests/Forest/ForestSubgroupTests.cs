using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

public class ForestSubgroupTests
{
    private static ForestPlotModel Model => Samples.Model(new() { Subgroup = "rater" });

    [Fact]
    public void Groups_stand_in_the_order_of_their_first_study()
    {
        Assert.Equal(["rater: client", "rater: observer", "rater: therapist"], Model.Rows.Where(r => r.Kind == ForestRowKind.GroupHeading).Select(r => r.Label));
        Assert.Equal([0, 1, 3, 7, 2, 4, 6, 5], Model.Rows.Where(r => r.Study is not null).Select(r => r.Study!.Value));
        Assert.True(Model.Rows.Zip(Model.Rows.Skip(1)).All(p => p.First.Position < p.Second.Position));
    }

    [Fact]
    public void Columns_are_named_and_categories_ordered_as_asked()
    {
        var model = Samples.Model(new()
        {
            Subgroup = "rater", CategoryOrder = ["therapist", "client"], LeftColumns = ["rater"],
            ColumnNames = new Dictionary<string, string> { ["rater"] = "Rated by" },
        });
        Assert.Equal(["Rated by: therapist", "Rated by: client", "Rated by: observer"], model.Rows.Where(r => r.Kind == ForestRowKind.GroupHeading).Select(r => r.Label));
        Assert.Contains("Rated by", model.Columns.Select(c => c.Header));
        var fault = Assert.Throws<StudyDataException>(() => Samples.Model(new() { Subgroup = "rater", CategoryOrder = ["clients"] }));
        Assert.Equal(("clients", "rater"), (fault.Value, fault.Column));
    }

    /// <summary>Two pooled groups: the weighted squares of their distances from their common mean.</summary>
    [Fact]
    public void Groups_are_tested_against_each_other()
    {
        var fits = new[] { "client", "observer" }.Select(rater => RandomEffects.Fit(Samples.Effects().Where("rater", rater))).ToArray();
        double[] weights = [.. fits.Select(f => 1 / (f.StandardError * f.StandardError))];
        var mean = fits.Zip(weights, (f, w) => f.Estimate * w).Sum() / weights.Sum();
        var q = fits.Zip(weights, (f, w) => w * Math.Pow(f.Estimate - mean, 2)).Sum();
        Assert.StartsWith($"Between groups of rater: Q(1) = {StatisticText.Number(q)}, p = ", Model.Summary[^1], StringComparison.Ordinal);
        Assert.Contains(Model.Summary[^1], Model.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.Model().Summary, line => line.StartsWith("Between", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_group_is_pooled_by_the_same_model_on_its_own()
    {
        var client = RandomEffects.Fit(Samples.Effects().Where("rater", "client"));
        var row = Model.Rows.Single(r => r.Kind == ForestRowKind.GroupPooled && r.Group == "client");
        Assert.Equal(client.BackTransformed.Estimate, row.Estimate);
        Assert.Equal(client.BackTransformed.ConfidenceInterval.Upper, row.Upper);
        Assert.Equal(4, row.Diamond.Length);
        Assert.Equal("Pooled (k = 4)", row.Label);
        var weights = Model.Rows.Where(r => r.Study is not null && r.Group == "client").Sum(r => r.Weight!.Value);
        Assert.Equal(weights, row.Weight!.Value, 12);
        var note = Model.Rows.Single(r => r.Kind == ForestRowKind.GroupNote && r.Group == "client").Label;
        Assert.Equal($"I² = {StatisticText.Percent(client.Heterogeneity.ISquared)}, τ² = {StatisticText.Significant(client.TauSquared, 3)}", note);
    }

    [Fact]
    public void A_group_of_one_study_has_no_diamond_and_says_so()
    {
        Assert.DoesNotContain(Model.Rows, r => r.Kind == ForestRowKind.GroupPooled && r.Group == "therapist");
        Assert.Equal("one study: not pooled", Model.Rows.Single(r => r.Kind == ForestRowKind.GroupNote && r.Group == "therapist").Label);
        Assert.Contains(Model.Notes, n => n.Contains("\"therapist\" has one study", StringComparison.Ordinal));
    }

    [Fact]
    public void The_overall_effect_is_that_of_all_studies()
    {
        var row = Model.Rows.Single(r => r.Kind == ForestRowKind.Pooled);
        Assert.Equal(Samples.Fit().BackTransformed.Estimate, row.Estimate);
        Assert.Equal(1, row.Weight);
    }

    [Fact]
    public void An_equal_effects_fit_has_equal_effects_groups()
    {
        var model = ForestPlot.Create(EqualEffects.Fit(Samples.Effects()), new() { Subgroup = "rater" }).Model;
        var observer = EqualEffects.Fit(Samples.Effects().Where("rater", "observer"));
        Assert.Equal(observer.BackTransformed.Estimate, model.Rows.Single(r => r.Kind == ForestRowKind.GroupPooled && r.Group == "observer").Estimate);
    }

    [Fact]
    public void Given_weights_are_those_of_the_groups()
    {
        double[] weights = [1, 2, 3, 4, 5, 6, 7, 8];
        foreach (var estimator in (TauSquaredEstimator[])[TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.GeneralizedQ])
        {
            var fit = RandomEffects.Fit(Samples.Effects(), new() { TauSquared = estimator, Weights = weights });
            var client = RandomEffects.Fit(Samples.Effects().Where("rater", "client"), new() { TauSquared = estimator, Weights = [1, 2, 4, 8] });
            var row = ForestPlot.Create(fit, new() { Subgroup = "rater" }).Model.Rows.Single(r => r.Kind == ForestRowKind.GroupPooled && r.Group == "client");
            Assert.Equal(client.BackTransformed.Estimate, row.Estimate!.Value, 12);
            Assert.Equal(client.BackTransformed.ConfidenceInterval.Lower, row.Lower!.Value, 12);
        }
        var own = RandomEffects.Fit(Samples.Effects(), new() { TauSquared = TauSquaredEstimator.GeneralizedQ });
        var ownClient = RandomEffects.Fit(Samples.Effects().Where("rater", "client"), new() { TauSquared = TauSquaredEstimator.GeneralizedQ });
        Assert.Equal(ownClient.BackTransformed.Estimate, ForestPlot.Create(own, new() { Subgroup = "rater" }).Model.Rows
            .Single(r => r.Kind == ForestRowKind.GroupPooled && r.Group == "client").Estimate!.Value, 12);
    }

    [Fact]
    public void Orders_stay_within_the_groups()
    {
        var heading = Model.Rows.Where(r => r.Kind == ForestRowKind.GroupHeading).ToDictionary(r => r.Group!, r => r.Position);
        var note = Model.Rows.Where(r => r.Kind == ForestRowKind.GroupNote).ToDictionary(r => r.Group!, r => r.Position);
        foreach (var order in Model.Orders)
        {
            Assert.All(Model.Rows.Where(r => r.Study is not null), r =>
                Assert.InRange(order.Positions[r.Study!.Value], heading[r.Group!] + 1, note[r.Group!] - 0.5));
        }
        var effect = Model.Orders.Single(o => o.Order == ForestOrder.Effect).Positions;
        Assert.True(effect[7] < effect[1] && effect[1] < effect[0] && effect[0] < effect[3]);
        Assert.True(effect[4] < effect[6] && effect[6] < effect[2]);
    }

    [Fact]
    public void A_wrong_column_or_an_empty_cell_is_named()
    {
        var error = Assert.Throws<StudyDataException>(() => Samples.Model(new() { Subgroup = "ratter" }));
        Assert.Contains("did you mean \"rater\"", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<StudyDataException>(() => Samples.Model(new() { Subgroup = "year" }));
        Assert.Equal(5, error.Row);
    }
}
