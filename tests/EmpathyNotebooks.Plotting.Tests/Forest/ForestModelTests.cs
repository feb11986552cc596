using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

public class ForestModelTests
{
    [Fact]
    public void Rows_are_the_studies_as_given_then_pooled_then_prediction()
    {
        var fit = Samples.Fit();
        var model = ForestPlot.Create(fit).Model;
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (int?)i), model.Rows.Take(8).Select(r => r.Study));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (double)i), model.Rows.Take(8).Select(r => r.Position));
        Assert.Equal([ForestRowKind.Pooled, ForestRowKind.PredictionInterval], model.Rows.Skip(8).Select(r => r.Kind));
        Assert.True(model.Rows.Zip(model.Rows.Skip(1)).All(p => p.First.Position < p.Second.Position));
    }

    [Fact]
    public void Numbers_are_in_r_and_agree_with_the_fit()
    {
        var fit = Samples.Fit();
        var model = ForestPlot.Create(fit).Model;
        var study = model.Rows[2];
        Assert.Equal(0.34, study.Estimate!.Value, 12);
        var half = 1.9599639845400545 / Math.Sqrt(52);
        Assert.Equal(Math.Tanh(Math.Atanh(0.34) - half), study.Lower!.Value, 12);
        Assert.Equal(Math.Tanh(Math.Atanh(0.34) + half), study.Upper!.Value, 12);
        Assert.Equal(fit.Weights[2], study.Weight);
        Assert.Equal(1, model.Rows.Where(r => r.Study is not null).Sum(r => r.Weight!.Value), 12);

        var pooled = model.Rows.Single(r => r.Kind == ForestRowKind.Pooled);
        Assert.Equal(fit.BackTransformed.Estimate, pooled.Estimate);
        Assert.Equal(fit.BackTransformed.ConfidenceInterval.Lower, pooled.Lower);
        var prediction = model.Rows.Single(r => r.Kind == ForestRowKind.PredictionInterval);
        Assert.Equal(fit.BackTransformed.PredictionInterval!.Value.Upper, prediction.Upper);
        Assert.Equal(0, model.NullLine);
        Assert.Equal(fit.BackTransformed.Estimate, model.PooledLine);
    }

    [Fact]
    public void Cells_stand_in_columns_with_aligned_decimal_points()
    {
        var model = Samples.Model();
        Assert.Equal(["Study", "n", "r [95% CI]", "Weight"], model.Columns.Select(c => c.Header));
        Assert.Equal([ColumnSide.Left, ColumnSide.Left, ColumnSide.Right, ColumnSide.Right], model.Columns.Select(c => c.Side));
        Assert.All(model.Rows, r => Assert.Equal(4, r.Cells.Length));
        Assert.Equal("749", model.Rows[1].Cells[1]);
        Assert.Equal("1,657", model.Rows.Single(r => r.Kind == ForestRowKind.Pooled).Cells[1]);
        Assert.Equal("\u2007.19 [\u2007.00, \u2007.37]", model.Rows[0].Cells[2]);
        Assert.Equal("−.27 [−.47, −.04]", model.Rows[4].Cells[2]);
        var estimates = model.Rows.Where(r => r.Kind != ForestRowKind.PredictionInterval).Select(r => r.Cells[2].Length);
        Assert.Single(estimates.Distinct());
        Assert.Equal("100.0%", model.Rows.Single(r => r.Kind == ForestRowKind.Pooled).Cells[3]);
    }

    [Fact]
    public void Areas_of_the_squares_are_as_the_weights()
    {
        var effects = StudyEffects.Create([0.3, -0.1], [1 / 900.0, 1 / 100.0], EffectMeasure.FisherZ);
        var model = ForestPlot.Create(EqualEffects.Fit(effects)).Model;
        Assert.Equal([0.9, 0.1], model.Rows.Take(2).Select(r => Math.Round(r.Weight!.Value, 12)));
        Assert.Equal(1, model.Rows[0].SquareSide);
        Assert.Equal(1 / 9.0, model.Rows[1].SquareSide * model.Rows[1].SquareSide, 12);
    }

    [Fact]
    public void The_diamond_has_its_corners_at_the_interval_and_the_estimate()
    {
        var pooled = Samples.Model().Rows.Single(r => r.Kind == ForestRowKind.Pooled);
        Assert.Equal(4, pooled.Diamond.Length);
        Assert.Equal(new PlotPoint(pooled.Lower!.Value, pooled.Position), pooled.Diamond[0]);
        Assert.Equal(pooled.Estimate, pooled.Diamond[1].X);
        Assert.Equal(new PlotPoint(pooled.Upper!.Value, pooled.Position), pooled.Diamond[2]);
        Assert.Equal(pooled.Estimate, pooled.Diamond[3].X);
        Assert.Equal(pooled.Position, (pooled.Diamond[1].Y + pooled.Diamond[3].Y) / 2, 12);
        Assert.True(pooled.Diamond[1].Y < pooled.Position);
    }

    [Fact]
    public void An_equal_effects_fit_has_no_prediction_interval()
    {
        var plot = ForestPlot.Create(EqualEffects.Fit(Samples.Effects()));
        Assert.DoesNotContain(plot.Model.Rows, r => r.Kind == ForestRowKind.PredictionInterval);
        Assert.DoesNotContain("prediction", string.Join(" ", plot.Model.Summary), StringComparison.Ordinal);
        Assert.DoesNotContain("τ²", string.Join(" ", plot.Model.Summary), StringComparison.Ordinal);
        Assert.Contains("Equal effects", plot.Model.Rows[^1].Label, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_and_inference_are_named()
    {
        ForestPlotModel Of(Inference inference) => ForestPlot.Create(RandomEffects.Fit(Samples.Effects(), new() { Inference = inference })).Model;
        Assert.Contains("Kenward-Roger: r = ", Of(Inference.KenwardRoger).Summary[0], StringComparison.Ordinal);
        Assert.Matches(@"t\(\d+\.\d\d\) = ", Of(Inference.KenwardRoger).Summary[0]);
        Assert.Contains("Hartung-Knapp ad hoc", Of(Inference.HartungKnappAdHoc).Summary[0], StringComparison.Ordinal);
        Assert.Equal("Random effects (REML)", Of(Inference.Normal).Rows.Single(r => r.Kind == ForestRowKind.Pooled).Label);
        Assert.Equal("Fixed effects", ForestPlot.Create(FixedEffects.Fit(Samples.Effects())).Model.Rows[^1].Label);
    }

    [Fact]
    public void Summary_and_finding_say_model_result_and_heterogeneity()
    {
        var fit = Samples.Fit();
        var plot = ForestPlot.Create(fit);
        var summary = string.Join(" ", plot.Model.Summary);
        Assert.Contains("Random effects, REML, Hartung-Knapp: r = ", summary, StringComparison.Ordinal);
        Assert.Contains("t(7) = ", summary, StringComparison.Ordinal);
        Assert.Contains(fit.Heterogeneity.Q.ToString(), summary, StringComparison.Ordinal);
        Assert.Contains("95% prediction interval [", summary, StringComparison.Ordinal);
        Assert.StartsWith("Forest plot of 8 studies.", plot.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Details_hold_everything_known_of_a_study()
    {
        var study = Samples.Model().Rows[2];
        Assert.Equal(["r [95% CI]", "n", "weight", "z", "variance v", "year", "rater"], study.Details.Select(d => d.Name));
        Assert.Equal(".34 [.08, .56]", study.Details[0].Value);
        Assert.Equal("0.3541", study.Details[3].Value);
        Assert.Equal("0.01923", study.Details[4].Value);
        Assert.Equal("2010", study.Details[5].Value);
        Assert.Equal("not known", Samples.Model().Rows[4].Details[5].Value);
    }

    [Fact]
    public void Two_studies_without_sample_sizes_make_a_plot()
    {
        var model = ForestPlot.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.9], [0.01, 0.02]))).Model;
        Assert.Equal(["Study", "effect [95% CI]", "Weight"], model.Columns.Select(c => c.Header));
        Assert.Equal("Effect", model.Axis.Title);
        // t with one degree of freedom makes an interval that no axis could hold: it ends in arrows.
        var prediction = model.Rows[^1];
        Assert.True(prediction.LeavesLeft && prediction.LeavesRight);
    }

    [Fact]
    public void Chosen_columns_stand_on_their_side()
    {
        var model = Samples.Model(new() { LeftColumns = ["rater"], RightColumns = ["year"], ShowWeights = false, ShowSampleSizes = false });
        Assert.Equal(["Study", "rater", "r [95% CI]", "year"], model.Columns.Select(c => c.Header));
        Assert.Equal([ColumnAlignment.Left, ColumnAlignment.Right], model.Columns.Where(c => c.Kind == ForestColumnKind.Extra).Select(c => c.Alignment));
        Assert.Equal("observer", model.Rows[2].Cells[1]);
        Assert.Equal("2010", model.Rows[2].Cells[3]);
        Assert.Equal("", model.Rows[^1].Cells[1]);
        var error = Assert.Throws<StudyDataException>(() => Samples.Model(new() { RightColumns = ["yaer"] }));
        Assert.Contains("did you mean \"year\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Simulated_data_are_said_first()
    {
        var plot = ForestPlot.Create(Samples.Fit(new DataOrigin(DataKind.Simulated, "made up")));
        Assert.StartsWith("Simulated data: made up.", plot.Finding, StringComparison.Ordinal);
        Assert.True(plot.Origin.IsSimulated);
    }

    [Fact]
    public void Warnings_of_the_fit_are_notes()
    {
        var fit = RandomEffects.Fit(StudyEffects.Create([0.3, 0.31, 0.29], [0.01, 0.01, 0.01], EffectMeasure.FisherZ));
        Assert.NotEmpty(fit.Warnings);
        Assert.Equal(fit.Warnings, ForestPlot.Create(fit).Model.Notes);
        Assert.Equal(fit.Warnings, ForestPlot.Create(fit).ToFigure().Notes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Digits_out_of_range_are_refused(int digits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForestPlotOptions { Digits = digits });

    [Fact]
    public void Digits_are_shown() =>
        Assert.Equal("\u2007.3400 [\u2007.0821, \u2007.5552]", Samples.Model(new() { Digits = 4 }).Rows[2].Cells[2]);
}
