using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

public class ForestAxisTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(82)]
    [InlineData(160)]
    public void Ordinary_data_are_shown_whole(int k)
    {
        var model = ForestPlot.Create(Samples.Many(k)).Model;
        Assert.DoesNotContain(model.Rows, r => r.LeavesLeft || r.LeavesRight);
        Assert.All(model.Rows.Where(r => r.Lower is not null), r => Assert.True(model.Axis.Contains(r.Lower!.Value) && model.Axis.Contains(r.Upper!.Value)));
        Assert.InRange(model.Axis.Minimum, -1, 0);
        Assert.InRange(model.Axis.Maximum, 0, 1);
    }

    [Fact]
    public void A_very_wide_interval_leaves_the_axis_with_an_arrow()
    {
        double[] y = [0.1, 0.2, 0.3, 0.15, 0.22, 0.18, 0.25, 0.2, 0.19, 0.21, 0.2, 0.24];
        double[] v = [0.02, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.02, 0.01, 40];
        var model = ForestPlot.Create(RandomEffects.Fit(StudyEffects.Create(y, v), new() { Inference = Inference.Normal })).Model;
        Assert.True(model.Rows[11].LeavesLeft && model.Rows[11].LeavesRight);
        Assert.DoesNotContain(model.Rows.Where(r => r.Study != 11), r => r.LeavesLeft || r.LeavesRight);
        Assert.Contains("12.6", model.Rows[11].Cells[1], StringComparison.Ordinal);
        Assert.True(model.Axis.Maximum < 2);
    }

    [Fact]
    public void One_gigantic_effect_does_not_squash_the_others()
    {
        double[] y = [0.1, 0.2, 0.3, 0.15, 0.22, 0.18, 0.25, 0.2, 0.19, 0.21, 0.2, 55];
        var effects = StudyEffects.Create(y, [.. y.Select(_ => 0.01)]);
        var model = ForestPlot.Create(EqualEffects.Fit(effects)).Model;
        Assert.True(model.Rows[11].LeavesRight);
        Assert.False(model.Rows[11].LeavesLeft);
        Assert.True(model.Axis.Maximum < 5);
    }

    [Fact]
    public void A_correlation_near_one_is_still_shown()
    {
        var effects = StudyEffects.Create([.. Enumerable.Range(0, 12).Select(i => Correlations.FisherZ(i == 0 ? 0.99 : 0.1 + 0.01 * i, 200))]);
        var model = ForestPlot.Create(RandomEffects.Fit(effects)).Model;
        Assert.True(model.Axis.Contains(0.99));
        Assert.True(model.Axis.Maximum <= 1);
    }

    [Fact]
    public void A_narrowed_axis_loses_no_interval_and_no_pooled_row()
    {
        var whole = Samples.Model();
        var model = Samples.Model(new() { AxisMinimum = 0.1, AxisMaximum = 0.2 });
        Assert.Equal((0.1, 0.2), (model.Axis.Minimum, model.Axis.Maximum));
        Assert.Equal(whole.Rows.Select(r => (r.Estimate, r.Lower, r.Upper)), model.Rows.Select(r => (r.Estimate, r.Lower, r.Upper)));
        Assert.Equal(whole.Rows.Select(r => string.Join("|", r.Cells)), model.Rows.Select(r => string.Join("|", r.Cells)));
        Assert.All(model.Rows.Where(r => r.Lower is not null), r =>
        {
            Assert.Equal(r.Lower < 0.1, r.LeavesLeft);
            Assert.Equal(r.Upper > 0.2, r.LeavesRight);
        });
        var pooled = model.Rows.Single(r => r.Kind == ForestRowKind.Pooled);
        Assert.NotEmpty(pooled.Diamond);
        Assert.All(pooled.Diamond, p => Assert.InRange(p.X, 0.1, 0.2));
        Assert.Null(model.NullLine);
    }

    [Fact]
    public void A_diamond_is_cut_where_the_axis_ends()
    {
        var axis = new PlotAxis("", 0, 1, true);
        var cut = ForestAxis.Diamond(-1, 0, 0.5, 3, axis);
        // The right half is left: its corner at the upper limit and the estimate's two.
        Assert.Equal([0, 0.5], cut.Select(p => p.X).Distinct().Order());
        Assert.Equal(new PlotPoint(0.5, 3), cut.Single(p => p.X == 0.5));
        var half = ForestAxis.Diamond(-0.5, 0.5, 1.5, 0, axis);
        // At the ends of the axis the diamond is half as high as in its middle.
        var middle = half.Max(p => p.Y);
        Assert.Equal(middle / 2, half.Where(p => p.X == 0).Max(p => p.Y), 12);
        Assert.Equal(middle / 2, half.Where(p => p.X == 1).Max(p => p.Y), 12);
        Assert.Empty(ForestAxis.Diamond(2, 3, 4, 0, axis));
        var endless = ForestAxis.Diamond(double.NegativeInfinity, 0.5, double.PositiveInfinity, 0, axis);
        Assert.All(endless, p => Assert.True(double.IsFinite(p.Y) && p.X is >= 0 and <= 1));
    }

    [Fact]
    public void An_axis_that_ends_before_it_begins_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Samples.Model(new() { AxisMinimum = 0.5, AxisMaximum = 0.2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForestPlotOptions { AxisMinimum = double.NaN });
    }

    [Fact]
    public void Identical_studies_have_an_axis()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.2, 0.2], [0.01, 0.01], EffectMeasure.FisherZ), new() { Inference = Inference.Normal });
        var model = ForestPlot.Create(fit).Model;
        Assert.True(model.Axis.Minimum < 0 && model.Axis.Maximum > 0.38);
    }
}
