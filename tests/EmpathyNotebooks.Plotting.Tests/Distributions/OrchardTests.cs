using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Distributions;

public class OrchardTests
{
    [Fact]
    public void Every_study_stands_in_its_group_with_an_area_as_its_precision()
    {
        var effects = Samples.Molloy();
        var fit = MetaRegression.Fit(effects, Moderator.Category("design"));
        var model = OrchardPlot.Create(fit).Model;
        Assert.Equal([1.0, 0.0], model.Groups.Select(g => g.Position));
        Assert.Equal([5, 11], model.Groups.Select(g => g.Count));
        Assert.Equal(fit.Predict(new() { ["design"] = "prospective" }).PredictionInterval, model.Groups[1].PredictionInterval);
        foreach (var study in model.Studies)
        {
            var group = model.Groups.Single(g => g.Name == effects.Column("design").Text(study.Study));
            Assert.InRange(study.Y, group.Position - 0.4, group.Position + 0.4);
            Assert.Equal(Math.Sqrt(effects.Variances.Min() / effects.Variances[study.Study]), study.Size * study.Size, 12);
        }
        Assert.Throws<ArgumentException>(() => OrchardPlot.Create(MetaRegression.Fit(effects, Moderator.Number("year"))));
    }

    [Fact]
    public void Equal_effects_stand_at_different_heights()
    {
        var model = OrchardPlot.Create(RandomEffects.Fit(StudyEffects.Create([0.2, 0.2, 0.2, 0.21], [0.01, 0.02, 0.03, 0.04]))).Model;
        Assert.Equal(4, model.Studies.Select(s => s.Y).Distinct().Count());
    }

    [Fact]
    public void A_caterpillar_climbs()
    {
        var fit = Samples.Fit();
        var model = CaterpillarPlot.Create(fit).Model;
        Assert.Equal(model.Studies.Select(s => s.X).Order(), model.Studies.Select(s => s.X));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (double)i), model.Studies.Select(s => s.Y));
        Assert.Equal(0.34, Math.Tanh(model.Studies[^1].X), 12);
        Assert.All(model.Studies.Zip(model.Intervals), p => Assert.Equal(p.First.X, (p.Second.Lower + p.Second.Upper) / 2, 12));
        Assert.Equal(fit.ConfidenceInterval, model.Interval);
        Assert.True(model.PooledAt < 0 && model.YAxis.Contains(model.PooledAt));
        Assert.Contains($"The intervals of {model.Intervals.Count(i => !i.Contains(0))} exclude 0.", model.Finding, StringComparison.Ordinal);
        Assert.Null(CaterpillarPlot.Create(EqualEffects.Fit(Samples.Effects())).Model.PredictionInterval);
    }
}
