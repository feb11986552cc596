using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Moderators;

public class ModeratorPlotTests
{
    private static MetaRegressionFit Fit(Moderator moderators) => MetaRegression.Fit(Samples.Molloy(), moderators);

    [Fact]
    public void The_line_is_what_the_model_expects_and_areas_are_as_the_weights()
    {
        var fit = Fit(Moderator.Number("year"));
        var model = BubblePlot.Create(fit).Model;
        Assert.Equal((1995.0, 2012.0), (model.At[0], model.At[^1]));
        foreach (var i in (int[])[0, 37, 100])
        {
            Assert.Equal(fit.Coefficients[0].Estimate + fit.Coefficients[1].Estimate * model.At[i], model.Line[i].Estimate, 10);
            Assert.Equal(fit.Predict(new() { ["year"] = model.At[i] }).ConfidenceInterval, model.Line[i].ConfidenceInterval);
        }
        Assert.All(model.Studies, s => Assert.Equal(fit.Weights[s.Study] / fit.Weights.Max(), s.Size * s.Size, 12));
        Assert.Equal(model.Studies.Select(s => s.Size).OrderDescending(), model.Studies.Select(s => s.Size));
        Assert.All(model.Studies, s => Assert.Equal(("year", Samples.Molloy().Column("year").Text(s.Study)!), (s.Details[0].Name, s.Details[0].Value)));
        Assert.Contains("Slope of year: b = ", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_is_followed()
    {
        var fit = Fit(Moderator.Number("year").Centered().Polynomial(2));
        var line = BubblePlot.Create(fit).Model.Line;
        Assert.True(Math.Abs(line[50].Estimate - (line[0].Estimate + line[100].Estimate) / 2) > 1e-4);
    }

    [Fact]
    public void Several_moderators_need_the_column_and_the_values_of_the_others()
    {
        var fit = Fit(Moderator.Number("year") + Moderator.Category("design"));
        Assert.Contains("BubblePlotOptions.Column", Assert.Throws<ArgumentException>(() => BubblePlot.Create(fit)).Message, StringComparison.Ordinal);
        Assert.Throws<StudyDataException>(() => BubblePlot.Create(fit, new() { Column = "year" }));
        Assert.Throws<StudyDataException>(() => BubblePlot.Create(fit, new() { Column = "design" }));
        var model = BubblePlot.Create(fit, new() { Column = "year", At = new() { ["design"] = "prospective" } }).Model;
        Assert.Contains("The line is drawn at design = prospective.", model.Finding, StringComparison.Ordinal);
        Assert.Equal(fit.Predict(new() { ["year"] = 1995, ["design"] = "prospective" }).Estimate, model.Line[0].Estimate, 12);
    }

    [Fact]
    public void Without_tau_squared_there_is_no_prediction_band()
    {
        var fit = MetaRegression.Fit(Samples.Molloy(), Moderator.Number("year"), new() { TauSquared = null });
        Assert.False(BubblePlot.Create(fit).Model.ShowsPredictionInterval);
        Assert.NotEmpty(BubblePlot.Create(fit).ToFigure().ToJson());
    }

    [Fact]
    public void Means_are_the_marginal_means_in_r()
    {
        var fit = Fit(Moderator.Category("design"));
        var model = EstimatedMeansPlot.Create(fit).Model;
        var means = fit.MarginalMeans("design");
        Assert.Equal(means.Select(m => m.Name), model.Rows.Select(r => r.Name));
        Assert.Equal(means.Select(m => Math.Tanh(m.Estimate)), model.Rows.Select(r => r.Estimate));
        Assert.Equal([5, 11], model.Rows.Select(r => r.Count));
        Assert.Contains("Test of design: F(1, 14) = 0.18, p = .682.", model.Finding, StringComparison.Ordinal);
        Assert.NotEmpty(EstimatedMeansPlot.Create(fit).ToFigure().ToJson());
        Assert.Throws<ArgumentException>(() => EstimatedMeansPlot.Create(Fit(Moderator.Number("year"))));
        Assert.Throws<StudyDataException>(() => EstimatedMeansPlot.Create(fit, new() { Column = "year" }));
    }

    [Fact]
    public void Categories_and_studies_are_escaped()
    {
        var json = EstimatedMeansPlot.Create(MetaRegression.Fit(StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.03, 0.02], labels: [Samples.Attack, "b", "c", "d"],
            columns: [StudyColumn.OfTexts("kind", [Samples.Attack, Samples.Attack, "b", "b"])], origin: new DataOrigin(DataKind.Simulated, "")), Moderator.Category("kind"))).ToFigure().ToJson();
        Assert.DoesNotContain("\\u003cimg", json, StringComparison.Ordinal);
        Assert.Contains("Simulated data", json, StringComparison.Ordinal);
    }
}
