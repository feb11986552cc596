using EmpathyNotebooks.MetaAnalysis.Tests.Fits;

namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Fits of every kind without single effects and clusters, and to the first of them, against refits by hand.</summary>
public class FitRefitTests
{
    private static readonly StudyEffects Effects = FitContractTests.Effects;

    public static TheoryData<string> Kinds => FitContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Leaving_out_each_effect_is_the_model_of_the_others(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);

        var rows = fit.LeaveOneOut();

        Assert.Equal(fit.Effects.Labels, rows.Select(r => r.Name));
        Assert.All(rows, (row, i) =>
        {
            Assert.Equal([i], row.Rows);
            AssertRefit(fit, row.Fit, row.Absence, [.. Enumerable.Range(0, fit.Count).Where(j => j != i)]);
        });
        Assert.Contains(rows, r => r.Fit is not null);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Leaving_out_each_cluster_is_the_model_of_the_others(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var rows = fit.LeaveOneOut("sample");

        Assert.Equal(fit.Count, rows.Sum(r => r.Rows.Length));
        Assert.All(rows, row =>
        {
            Assert.All(row.Rows, i => Assert.Equal(row.Name, fit.Effects.Column("sample").Text(i)));
            AssertRefit(fit, row.Fit, row.Absence, [.. Enumerable.Range(0, fit.Count).Except(row.Rows)]);
        });
        if (fit.Clusters is null) Assert.Contains("independent", Assert.Throws<ArgumentException>(() => fit.LeaveOneOut(EffectClusters.OfFit)).Message);
        else Assert.Equal(rows.Select(r => r.Name), fit.LeaveOneOut(EffectClusters.OfFit).Select(r => r.Name));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cumulative_fits_are_those_of_the_first_effects(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        int[] order = [.. Enumerable.Range(0, fit.Count).Reverse()];

        var steps = fit.Cumulative(order);

        Assert.Equal(order, steps.SelectMany(s => s.Added));
        Assert.Equal(order.Select(i => fit.Effects.Labels[i]), steps.Select(s => s.Name));
        Assert.All(steps, (step, n) =>
        {
            Assert.Equal(n + 1, step.Count);
            // One effect alone is no random-effects model; a pooled fit shows it as it is.
            if (n > 0 || fit is not PooledFit) AssertRefit(fit, step.Fit, step.Absence, order[..(n + 1)]);
        });
        Assert.Equal(fit.Coefficients[0].Estimate, steps[^1].Fit!.Coefficients[0].Estimate, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Whole_clusters_are_added_in_the_order_of_their_first_effects(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var steps = fit.CumulativeBy("outcome", cluster: "sample");

        // Outcome x comes first, so that every cluster with an x comes before those with y alone.
        Assert.Equal(fit.Count, steps[^1].Count);
        Assert.Equal(["A", "B", "C", "D", "E"], steps.Select(s => s.Name).Take(5));
        List<int> so = [];
        foreach (var step in steps)
        {
            so.AddRange(step.Added);
            AssertRefit(fit, step.Fit, step.Absence, [.. so], step.Count == 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Collapsed_steps_hold_all_effects_of_a_value(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        var steps = fit.CumulativeBy("rater", collapse: true);

        Assert.Equal(["client", "observer"], steps.Select(s => s.Name));
        Assert.All(steps[0].Added, i => Assert.Equal("client", fit.Effects.Column("rater").Text(i)));
        AssertRefit(fit, steps[0].Fit, steps[0].Absence, [.. steps[0].Added]);
        Assert.Equal(fit.Count, steps[1].Count);
    }

    [Fact]
    public void Pooled_fits_give_bit_for_bit_what_their_own_methods_give()
    {
        var pooled = RandomEffects.Fit(Effects);
        IModelFit fit = pooled;

        Assert.Equal(pooled.LeaveOneOut().Select(r => r.Fit.Estimate), fit.LeaveOneOut().Select(r => ((PooledFit)r.Fit!).Estimate));
        Assert.Equal(pooled.LeaveOneOut().Select(r => r.Fit.StandardError), fit.LeaveOneOut().Select(r => ((PooledFit)r.Fit!).StandardError));
        Assert.Equal(pooled.Cumulative().Select(r => r.Fit.StandardError), fit.Cumulative().Select(r => ((PooledFit)r.Fit!).StandardError));
        Assert.Equal(pooled.CumulativeBy("rater", true).Select(r => r.Fit.StandardError), fit.CumulativeBy("rater", true).Select(r => ((PooledFit)r.Fit!).StandardError));
    }

    [Fact]
    public void Cumulative_regressions_are_those_of_their_own_method()
    {
        var regression = MetaRegression.Fit(Effects, Moderator.Category("rater") + Moderator.Number("year"));
        var steps = ((IModelFit)regression).Cumulative().Where(s => s.Fit is not null).ToList();

        Assert.All(regression.Cumulative(), row =>
        {
            var step = Assert.Single(steps, s => s.Count == row.Count);
            Assert.All(row.Coefficients, (c, j) => Assert.Equal(c.Estimate, step.Fit!.Coefficients[j].Estimate, 1e-9 * Math.Max(1, Math.Abs(c.Estimate))));
        });
    }

    [Fact]
    public void Refits_in_parallel_come_out_the_same_every_time()
    {
        IModelFit fit = MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 });
        var first = fit.LeaveOneOut().Select(r => (r.Fit?.Coefficients[0].Estimate, r.Absence)).ToList();
        for (var n = 0; n < 5; n++) Assert.Equal(first, fit.LeaveOneOut().Select(r => (r.Fit?.Coefficients[0].Estimate, r.Absence)));
    }

    [Fact]
    public void An_effect_without_which_there_is_no_fit_says_why()
    {
        var two = StudyEffects.Create([0.1, 0.4], [0.01, 0.02]);
        Assert.All(((IModelFit)RandomEffects.Fit(two)).LeaveOneOut(), r => Assert.Contains("2", r.Absence));

        var lone = StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.9], [0.01, 0.02, 0.015, 0.01, 0.02], columns: [StudyColumn.OfTexts("kind", ["a", "a", "a", "a", "b"])]);
        var rows = MetaRegression.Fit(lone, Moderator.Category("kind")).LeaveOneOut();
        Assert.Contains("determined", rows[4].Absence);
        Assert.All(rows.Take(4), r => Assert.Null(r.Absence));

        var clusters = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.015, 0.01], columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "B"])]);
        Assert.All(((IModelFit)MultilevelModel.Fit(clusters, ["study"])).LeaveOneOut(EffectClusters.OfFit), r => Assert.Contains("\"study\"", r.Absence));
    }

    private static void AssertRefit(IModelFit fit, IModelFit? found, string? absence, int[] rows, bool maySkip = false)
    {
        if (maySkip) return;
        IModelFit byHand;
        try
        {
            byHand = fit.Refit(rows);
        }
        catch (Exception fault) when (fault is InsufficientStudiesException or StudyDataException or ConvergenceException)
        {
            Assert.Null(found);
            Assert.Equal(fault.Message, absence);
            return;
        }
        Assert.Null(absence);
        Assert.NotNull(found);
        Assert.Equal(byHand.Count, found.Count);
        Assert.All(byHand.Coefficients, (c, j) => Assert.Equal(c.Estimate, found.Coefficients[j].Estimate, 1e-12 * Math.Max(1, Math.Abs(c.Estimate))));
        Assert.Equal(byHand.TauSquared is null, found.TauSquared is null);
        if (byHand.TauSquared is { } tau2) Assert.Equal(tau2, found.TauSquared!.Value, 1e-12);
    }
}
