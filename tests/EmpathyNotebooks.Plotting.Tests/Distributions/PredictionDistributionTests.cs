using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Distributions;

public class PredictionDistributionTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void The_share_is_the_area_that_is_shaded()
    {
        var model = PredictionDistributionPlot.Create(Fit, new() { Cutoff = 0.1 }).Model;
        var expected = Fit.ProbabilityAbove(Math.Atanh(0.1));
        Assert.Equal(expected, model.Beyond);
        Assert.Equal(expected.Share, Area(model.TrueEffects, model.Beyond!.Value.Cutoff) / Area(model.TrueEffects, double.NegativeInfinity), 0.002);
        Assert.Equal(1, Area(model.TrueEffects, double.NegativeInfinity), 0.002);
        // The curve ends 3.6 standard deviations out; with 15 degrees of freedom 0.3% lie beyond.
        Assert.Equal(0.9974, Area(model.Predictive, double.NegativeInfinity), 0.0005);
        Assert.Equal(expected.PredictiveProbability, Area(model.Predictive, model.Beyond.Value.Cutoff), 0.003);
        Assert.Contains("of true effects lie above .10", model.Finding, StringComparison.Ordinal);
        Assert.Equal(Fit.PredictionInterval, model.PredictionInterval);
    }

    [Fact]
    public void Below_is_the_rest()
    {
        var below = PredictionDistributionPlot.Create(Fit, new() { Cutoff = 0.1, IsBelow = true }).Model.Beyond!.Value;
        Assert.Equal(1, below.Share + PredictionDistributionPlot.Create(Fit, new() { Cutoff = 0.1 }).Model.Beyond!.Value.Share, 12);
        Assert.Equal(0, PredictionDistributionPlot.Create(Fit).Model.Beyond!.Value.Cutoff);
    }

    [Fact]
    public void Without_heterogeneity_all_true_effects_are_one()
    {
        var alike = RandomEffects.Fit(StudyEffects.Create([0.20, 0.21, 0.19, 0.20], [0.01, 0.02, 0.03, 0.02], EffectMeasure.FisherZ));
        Assert.Equal(0, alike.TauSquared);
        var plot = PredictionDistributionPlot.Create(alike, new() { Cutoff = 0.1 });
        Assert.Empty(plot.Model.TrueEffects);
        Assert.Contains(plot.Model.Notes, n => n.StartsWith("τ² is estimated as 0", StringComparison.Ordinal));
        Assert.NotEmpty(plot.ToFigure().ToJson());
        var same = RandomEffects.Fit(StudyEffects.Create([0.2, 0.2, 0.2], [0.01, 0.02, 0.03], EffectMeasure.FisherZ));
        Assert.NotEmpty(PredictionDistributionPlot.Create(same).ToFigure().ToJson());
    }

    [Fact]
    public void What_has_no_distribution_is_said()
    {
        Assert.Throws<ArgumentException>(() => PredictionDistributionPlot.Create(EqualEffects.Fit(Samples.Molloy())));
        Assert.Contains("1.2 is not a value of r", Assert.Throws<ArgumentException>(() => PredictionDistributionPlot.Create(Fit, new() { Cutoff = 1.2 })).Message, StringComparison.Ordinal);
    }

    private static double Area(System.Collections.Immutable.ImmutableArray<PlotPoint> curve, double from)
    {
        double area = 0;
        foreach (var (a, b) in curve.Zip(curve.Skip(1)))
        {
            if (b.X <= from) continue;
            var start = Math.Max(a.X, from);
            var height = a.Y + (b.Y - a.Y) * (start - a.X) / (b.X - a.X);
            area += (b.X - start) * (height + b.Y) / 2;
        }
        return area;
    }
}
