using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Distributions;

public class DraperyTests
{
    [Fact]
    public void Curves_are_1_at_the_estimate_and_alpha_at_the_limits()
    {
        var fit = RandomEffects.Fit(Samples.Molloy());
        var model = DraperyPlot.Create(fit).Model;
        foreach (var curve in model.Studies.Append(model.Pooled).Append(model.Prediction!))
        {
            Assert.Equal(1, curve.Points.Single(p => p.X == curve.Estimate).Y);
            Assert.All(curve.Points, p => Assert.InRange(p.Y, 0, 1));
            // Symmetric, and falling to both sides.
            Assert.All(curve.Points.Zip(curve.Points.Reverse()), pair => Assert.Equal(pair.First.Y, pair.Second.Y, 12));
        }
        Assert.Equal(0.05, model.Alpha, 12);
        AssertAlphaAt(model.Pooled, fit.ConfidenceInterval);
        AssertAlphaAt(model.Prediction!, fit.PredictionInterval!.Value);
        AssertAlphaAt(model.Studies[0], new EffectSize(fit.Effects.Effects[0], fit.Effects.Variances[0], EffectMeasure.FisherZ).Interval(0.95));
        Assert.All(model.Studies, s => Assert.True(model.XAxis.Contains(s.Estimate)));
    }

    [Fact]
    public void Without_tau_squared_there_is_no_curve_of_a_new_study()
    {
        Assert.Null(DraperyPlot.Create(EqualEffects.Fit(Samples.Molloy())).Model.Prediction);
        Assert.DoesNotContain("new study", DraperyPlot.Create(EqualEffects.Fit(Samples.Molloy())).Model.Summary[0], StringComparison.Ordinal);
    }

    private static void AssertAlphaAt(PValueCurve curve, ConfidenceInterval interval)
    {
        foreach (var limit in (double[])[interval.Lower, interval.Upper])
        {
            var (before, after) = curve.Points.Zip(curve.Points.Skip(1)).First(p => p.First.X <= limit && limit <= p.Second.X);
            Assert.InRange(0.05, Math.Min(before.Y, after.Y), Math.Max(before.Y, after.Y));
        }
    }
}
