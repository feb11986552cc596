using EmpathyNotebooks.MetaAnalysis;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

public class MultilevelForestTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
        [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
        ["B, effect 1", "B, effect 2", "A, effect 1", "C, effect 1", "D, effect 1", "D, effect 2", "E, effect 1", "F, effect 1"], [40, 50, 60, 70, 80, 90, 100, 110],
        [
            StudyColumn.OfTexts("sample", ["B", "B", "A", "C", "D", "D", "E", "F"]), StudyColumn.OfNumbers("year", [2001, 2001, 1999, 2005, 2003, 2003, 2000, 2010]),
            StudyColumn.OfTexts("rater", ["client", "observer", "client", "client", "client", "client", "client", "client"]),
        ]);

    private static MultilevelFit Fit => MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], samplingCorrelation: 0.5);

    [Fact]
    public void Samples_with_several_effects_have_them_below()
    {
        var model = ForestPlot.Create(Fit).Model;
        Assert.Equal(["B", null, null, "A", "C", "D", null, null, "E", "F"], model.Rows.Where(r => r.Sample is not null).Select(r => r.Kind == ForestRowKind.Sample ? r.Cells[0] : null));
        Assert.Equal([0, 1, 4, 5], model.Rows.Where(r => r.Kind == ForestRowKind.Study).Select(r => r.Study!.Value));
        Assert.Equal("\u00a0\u00a0\u00a0effect 2", model.Rows.Single(r => r.Study == 1).Cells[0]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), model.Rows.Take(10).Select(r => r.Position));
        Assert.Equal([ForestRowKind.Pooled, ForestRowKind.PredictionInterval, ForestRowKind.PredictionInterval], model.Rows.Skip(10).Select(r => r.Kind));
        Assert.True(model.IsFolded);
        Assert.Equal(["Sample", "k", "n", "r [95% CI]", "Weight"], model.Columns.Select(c => c.Header));
    }

    [Fact]
    public void Numbers_are_those_of_the_fit()
    {
        var model = ForestPlot.Create(Fit).Model;
        var means = Fit.GroupMeans();
        foreach (var row in model.Rows.Where(r => r.Kind == ForestRowKind.Sample))
        {
            var mean = means[row.Sample!.Value];
            Assert.Equal(Math.Tanh(mean.Estimate), row.Estimate!.Value, 12);
            Assert.Equal(Math.Tanh(mean.Interval.Upper), row.Upper!.Value, 12);
            Assert.Equal(mean.Weight, row.Weight);
        }
        // An effect's own interval knows nothing of the levels.
        Assert.Equal(Math.Tanh(0.40 - 1.9599639845400545 * Math.Sqrt(0.004)), model.Rows.Single(r => r.Study == 0).Lower!.Value, 12);
        var pooled = model.Rows.Single(r => r.Kind == ForestRowKind.Pooled);
        Assert.Equal(Fit.BackTransformed!.Value.Estimate, pooled.Estimate);
        // People of one sample count once: 50 of B, 90 of D.
        Assert.Equal(["Multilevel model (REML, t)", "8", "480"], pooled.Cells.Take(3));
        Assert.Equal(Fit.BackTransformed!.Value.PredictionInterval!.Value.Lower, model.Rows[^1].Lower);
        Assert.Contains("σ² of sample", model.Summary[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_moves_samples_with_their_effects()
    {
        var model = ForestPlot.Create(Fit, new() { Order = ForestOrder.Name }).Model;
        Assert.Equal(["A", "B", "C", "D", "E", "F"], model.Rows.Where(r => r.Kind == ForestRowKind.Sample).Select(r => r.Cells[0]));
        Assert.Equal([ForestRowKind.Sample, ForestRowKind.Sample, ForestRowKind.Study, ForestRowKind.Study, ForestRowKind.Sample], model.Rows.Take(5).Select(r => r.Kind));
        foreach (var order in model.Orders)
        {
            Assert.Equal(order.SamplePositions[0] + 1, order.Positions[0]);
            Assert.Equal(order.SamplePositions[0] + 2, order.Positions[1]);
        }
        // In order of the years of the samples: A 1999, E 2000, B 2001 with two effects below, D 2003 with two, C 2005, F 2010.
        Assert.Equal([2, 0, 8, 5, 1, 9], model.Orders.Single(o => o.Order == ForestOrder.Year).SamplePositions);
    }

    [Fact]
    public void A_column_that_varies_within_a_sample_stands_with_its_effects()
    {
        var rows = ForestPlot.Create(Fit, new() { RightColumns = ["rater"] }).Model.Rows;
        Assert.Equal(["", "client", "observer", "client", "client", "client", "client", "client", "client", "client"], rows.Take(10).Select(r => r.Cells[^1]));
    }

    [Fact]
    public void Folded_rows_are_gone_from_what_is_first_shown_and_stay_in_the_page()
    {
        var figure = ForestPlot.Create(Fit).ToFigure();
        var json = JObject.Parse(figure.ToJson());
        Assert.DoesNotContain("effect 2", json["data"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal([0, 1, 2, 3, 4, 5], json["data"]![0]!["y"]!.Select(v => (double)v));
        Assert.All(json["layout"]!["updatemenus"]![0]!["buttons"]!, b => Assert.Equal([0, 1, 2, 3, 4, 5], b["args"]![0]!["y"]![0]!.Select(v => (double)v).Order()));
        Assert.Contains("B ►", json["data"]!.SelectMany(t => t["text"]?.Select(x => (string)x!) ?? []));

        var page = JObject.Parse(figure.PageJson);
        Assert.Equal([0, 5], page["folds"]!["groups"]!.Select(g => (int)g["heading"]!));
        Assert.Equal([6, 7], page["folds"]!["groups"]![1]!["members"]!.Select(m => (int)m));
        Assert.Equal(10, page["data"]![0]!["y"]!.Count());
        var open = ForestPlot.Create(Fit, new() { ShowEffects = true }).ToFigure();
        Assert.Equal((double)JObject.Parse(open.ToJson())["layout"]!["height"]!, (double)json["layout"]!["height"]! + 4 * 24);
        Assert.False((bool)JObject.Parse(open.PageJson)["folds"]!["closed"]!);
        Assert.Contains("B ▼", JObject.Parse(open.ToJson())["data"]!.SelectMany(t => t["text"]?.Select(x => (string)x!) ?? []));
    }

    [Fact]
    public void Both_the_mean_of_a_new_sample_and_a_new_effect_are_predicted()
    {
        var rows = ForestPlot.Create(Fit).Model.Rows.Where(r => r.Kind == ForestRowKind.PredictionInterval).ToArray();
        Assert.Equal(["95% prediction interval, the mean of a new sample", "95% prediction interval, a new effect"], rows.Select(r => r.Label));
        foreach (var (row, of) in rows.Zip([NewTrueEffect.StudyMean, NewTrueEffect.Effect]))
        {
            var interval = Fit.PredictNew(of)!.Value.PredictionInterval!.Value;
            Assert.Equal(Math.Tanh(interval.Lower), row.Lower!.Value, 12);
            Assert.Equal(Math.Tanh(interval.Upper), row.Upper!.Value, 12);
        }
        Assert.True(rows[0].Lower > rows[1].Lower);
    }

    [Fact]
    public void With_moderators_each_effect_has_a_row_with_what_the_model_expects()
    {
        var fit = MultilevelModel.Fit(Effects, ["sample"], Moderator.Number("year"));
        var model = ForestPlot.Create(fit).Model;
        Assert.Equal(fit.FittedValues.Select(Math.Tanh), model.Rows.Select(r => r.Expected!.Value));
        Assert.All(model.Rows, r => Assert.Equal(ForestRowKind.Study, r.Kind));
        Assert.Null(model.PooledLine);
        Assert.Contains("8 effects in 6 samples", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_folded_is_said()
    {
        Assert.Contains("Subgroup", Assert.Throws<ArgumentException>(() => ForestPlot.Create(Fit, new() { Subgroup = "rater" })).Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => ForestPlot.Create(Fit, new() { Order = ForestOrder.Year, YearColumn = "raters" }));
    }
}
