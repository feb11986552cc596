using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Bayesian;

/// <summary>The numbers of the plots of Bayesian models.</summary>
public sealed class BayesianPlotTests
{
    private static readonly StudyEffects Effects = StudyEffects.Create([0.31, 0.08, 0.45, 0.20, 0.52], [0.006, 0.010, 0.009, 0.005, 0.012], EffectMeasure.FisherZ,
        columns: [StudyColumn.OfNumbers("year", [2011, 2004, 2010, 2012, 2018])]);

    private static readonly BayesianFit Fit = BayesianModel.Fit(Effects, new() { EffectPrior = EffectPrior.Normal(0, 0.5), HeterogeneityPrior = HeterogeneityPrior.HalfNormal(0.25) });

    [Fact]
    public void Prior_and_posterior_are_densities_and_the_dots_their_heights_at_no_effect()
    {
        var model = PriorPosteriorPlot.OfMean(Fit).Model;
        for (var i = 0; i < model.Series[0].X.Length; i += 20)
        {
            Assert.Equal(Fit.Mean.Density(model.Series[0].X[i]), model.Series[0].Y[i], 1e-12);
            Assert.Equal(Math.Exp(Fit.EffectPrior.LogDensity(model.Series[1].X[i])), model.Series[1].Y[i], 1e-12);
        }
        Assert.Equal(Fit.EffectBayesFactor!.Value.Value, model.Marks[0].Y / model.Marks[1].Y, 1e-6);
        Assert.Single(PriorPosteriorPlot.OfMean(BayesianModel.Fit(Effects, Fit.Options with { EffectPrior = EffectPrior.Flat })).Model.Series);
        var tau = PriorPosteriorPlot.OfHeterogeneity(Fit).Model;
        Assert.Equal(Fit.Tau.Density(tau.Series[0].X[100]), tau.Series[0].Y[100], 1e-12);
    }

    /// <summary>The outlines are lines of equal density, and hold what their names say.</summary>
    [Fact]
    public void Regions_of_the_joint_posterior_hold_their_probability()
    {
        var model = JointPosteriorPlot.Create(Fit).Model;
        Assert.Equal([0.5, 0.8, 0.95], model.Regions.Select(r => r.Level));
        foreach (var region in model.Regions)
        {
            var outline = Assert.Single(region.Outline).Points;
            var heights = outline.Where(p => p.Y > 0).Select(p => Fit.JointDensity(p.X, p.Y)).ToArray();
            Assert.InRange(heights.Max() / heights.Min(), 1, 1.1);
            // Cells whose middle is higher than the line.
            var threshold = heights.Average();
            double inside = 0;
            for (var i = 0; i < 200; i++)
            {
                for (var j = 0; j < 200; j++)
                {
                    var (mean, tau) = (-0.5 + 1.6 * (i + 0.5) / 200, 1.2 * (j + 0.5) / 200);
                    var density = Fit.JointDensity(mean, tau);
                    if (density >= threshold) inside += density * (1.6 / 200) * (1.2 / 200);
                }
            }
            Assert.Equal(region.Level, inside, 0.015);
        }
        Assert.Equal(Fit.MeanGiven(0).Mean, model.MeanGivenTau.Points[0].X, 1e-12);
        Assert.Throws<ArgumentException>(() => new JointPosteriorPlotOptions { Levels = [1.2] });
    }

    [Fact]
    public void The_shrinkage_plot_has_what_was_found_and_what_is_thought()
    {
        var model = ShrinkagePlot.Create(Fit).Model;
        Assert.Equal(5, model.Rows.Length);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Math.Tanh(Effects.Effects[i]), model.Rows[i].Effect, 1e-12);
            Assert.Equal(Math.Tanh(Fit.Studies[i].Posterior.Median), model.Rows[i].Median, 1e-12);
            Assert.True(model.Rows[i].CredibleInterval.Width < model.Rows[i].Interval.Width);
        }
        Assert.Equal(Math.Tanh(Fit.Mean.Median), model.Mean, 1e-12);
    }

    [Fact]
    public void Sensitivity_and_sequence_are_those_of_the_library()
    {
        var scales = Fit.OverScales(PriorTarget.Effect, [0.5, 1, 2]);
        var factors = PriorSensitivityPlot.OfBayesFactors(Fit, PriorTarget.Effect, [0.5, 1, 2]).Model;
        Assert.Equal([-1.0, 0, 1], factors.Series[0].X);
        for (var i = 0; i < 3; i++) Assert.Equal(Math.Log10(scales[i].Fit.EffectBayesFactor!.Value.Value), factors.Series[0].Y[i], 1e-12);
        Assert.Equal(Math.Tanh(Fit.Mean.CredibleInterval.Upper), PriorSensitivityPlot.OfMean(Fit, PriorTarget.Heterogeneity, [1]).Model.Series[1].Y[0], 1e-12);

        var sequence = SequentialPosteriorPlot.OfMean(Fit, "year").Model;
        Assert.Equal([1.0, 2, 3, 4, 5], sequence.Series[0].X);
        Assert.Equal(Math.Tanh(Fit.Mean.Median), sequence.Series[0].Y[4], 1e-10);
        Assert.Equal(Math.Log10(Fit.HeterogeneityBayesFactor!.Value.Value), SequentialPosteriorPlot.OfBayesFactors(Fit).Model.Series[1].Y[4], 1e-12);
        var flat = BayesianModel.Fit(Effects, Fit.Options with { EffectPrior = EffectPrior.Flat });
        Assert.Throws<ImpossibleChoiceException>(() => SequentialPosteriorPlot.OfBayesFactors(flat));
        Assert.Throws<ImpossibleChoiceException>(() => PriorSensitivityPlot.OfBayesFactors(flat, PriorTarget.Heterogeneity));
    }
}
