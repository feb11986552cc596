using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Refits;

public class RefitPlotTests
{
    [Fact]
    public void Each_row_is_the_fit_without_its_study_and_the_last_is_that_of_all()
    {
        var fit = Samples.Fit();
        var rows = LeaveOneOutPlot.Create(fit).Model.Rows;
        Assert.Equal(9, rows.Length);
        foreach (var row in rows.Take(8))
        {
            var without = RandomEffects.Fit(Samples.Effects().Select([.. Enumerable.Range(0, 8).Where(i => i != row.Study)]));
            Assert.Equal(without.BackTransformed.Estimate, row.Estimate!.Value, 12);
            Assert.Equal(without.BackTransformed.ConfidenceInterval.Upper, row.Upper!.Value, 12);
            Assert.Equal(without.TauSquared, row.TauSquared!.Value, 12);
            Assert.Equal(7, row.Count);
        }
        Assert.Equal(fit.BackTransformed.Estimate, rows[^1].Estimate);
        Assert.Null(rows[^1].Study);
    }

    [Fact]
    public void Rows_can_be_ordered_by_the_pooled_effect()
    {
        var model = LeaveOneOutPlot.Create(Samples.Fit()).Model;
        var order = model.Orders.Single(o => o.Name == "by pooled effect").Positions;
        var sorted = Enumerable.Range(0, 8).OrderBy(i => order[i]).Select(i => model.Rows[i].Estimate!.Value).ToArray();
        Assert.Equal(sorted.Order(), sorted);
    }

    [Fact]
    public void Leaving_out_the_only_study_is_refused() => Assert.Throws<InsufficientStudiesException>(
        () => LeaveOneOutPlot.Create(EqualEffects.Fit(StudyEffects.Create([0.1], [0.01]))));

    [Fact]
    public void The_extremes_are_in_the_finding()
    {
        var model = LeaveOneOutPlot.Create(Samples.Fit()).Model;
        var high = model.Rows.Take(8).MaxBy(r => r.Estimate)!;
        Assert.Contains($"to {model.Measure.Format(high.Estimate!.Value)} without {high.Label}", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Studies_are_added_by_a_column_which_their_label_then_shows()
    {
        var model = CumulativeForestPlot.Create(RandomEffects.Fit(Samples.Molloy()), new() { By = "year" }).Model;
        Assert.Equal(Enumerable.Range(1, 16), model.Rows.Take(16).Select(r => r.Count));
        var years = model.Rows.Take(16).Select(r => Samples.Molloy().Column("year").Number(r.Study!.Value)!.Value).ToArray();
        Assert.Equal(years.Order(), years);
        Assert.EndsWith(FormattableString.Invariant($"({years[0]})"), model.Rows[0].Label, StringComparison.Ordinal);
        Assert.Equal(model.Rows[^1].Estimate!.Value, model.Rows[^2].Estimate!.Value, 12);
        Assert.Null(model.Rows[0].ISquared);
    }

    [Fact]
    public void An_order_of_rows_is_taken_and_not_both()
    {
        int[] order = [7, 6, 5, 4, 3, 2, 1, 0];
        Assert.Equal(order.Select(i => (int?)i), CumulativeForestPlot.Create(Samples.Fit(), new() { Order = order }).Model.Rows.Take(8).Select(r => r.Study));
        Assert.Throws<ArgumentException>(() => CumulativeForestPlot.Create(Samples.Fit(), new() { Order = order, By = "rater" }));
        Assert.Throws<StudyDataException>(() => CumulativeForestPlot.Create(Samples.Fit(), new() { By = "year" }));
    }
}
