using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Diagnostics;

public class DiagnosticPlotTests
{
    private static PooledFit Molloy => RandomEffects.Fit(Samples.Molloy());

    [Fact]
    public void Baujat_points_are_those_of_the_fit_and_the_furthest_are_named()
    {
        var model = BaujatPlot.Create(Molloy, new() { Named = 2 }).Model;
        var points = Molloy.Baujat();
        Assert.All(model.Studies, s => Assert.Equal((points[s.Study].HeterogeneityContribution, points[s.Study].Influence!.Value), (s.X, s.Y)));
        Assert.Equal(16, model.Studies.Length);
        Assert.Equal([11, 9], model.Studies.Where(s => s.IsNamed).Select(s => s.Study));
        Assert.Contains("Study 12 contributes most to heterogeneity (2.92); it also moves", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_whose_influence_is_not_known_is_a_note()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.03, 0.02], columns: [StudyColumn.OfTexts("kind", ["a", "a", "a", "b"])]);
        var fit = MetaRegression.Fit(effects, Moderator.Category("kind"));
        Assert.Equal(3, BaujatPlot.Create(fit).Model.Studies.Length);
        Assert.Contains(BaujatPlot.Create(fit).Model.Notes, n => n.StartsWith("Study 4 is not drawn", StringComparison.Ordinal));
        Assert.Contains(NormalQuantilePlot.Create(fit).Model.Notes, n => n.StartsWith("Study 4 is not drawn", StringComparison.Ordinal));
        Assert.Null(InfluencePlot.Create(fit).Model.Measures[0].Values[3]);
        Assert.NotEmpty(InfluencePlot.Create(fit).ToFigure().ToJson());
    }

    [Fact]
    public void A_line_from_the_origin_through_a_study_meets_the_scale_at_its_effect()
    {
        var fit = Samples.Fit();
        var model = RadialPlot.Create(fit).Model;
        foreach (var study in model.Studies)
        {
            Assert.Equal(fit.Effects.Effects[study.Study], study.Y / study.X, 12);
            Assert.Equal(1 / Math.Sqrt(fit.Effects.Variances[study.Study] + fit.TauSquared), study.X, 12);
        }
        var tick = model.ScaleTicks.Single(t => t.Text == ".2");
        Assert.Equal(Math.Atanh(0.2), tick.Value / model.ScaleAt, 12);
        Assert.Equal(fit.ConfidenceInterval.Lower * model.ScaleAt, model.ScaleInterval.Lower, 12);
        Assert.Equal(1.9599639845400545, model.HalfBand, 10);
        Assert.True(model.ScaleAt > model.Studies.Max(s => s.X) && model.XAxis.Contains(model.ScaleAt));
    }

    [Fact]
    public void Residuals_stand_in_order_against_normal_quantiles()
    {
        var model = NormalQuantilePlot.Create(Molloy).Model;
        var residuals = Molloy.Influence().Rows;
        Assert.All(model.Studies, s => Assert.Equal(residuals[s.Study].StudentizedResidual!.Value, s.Y));
        Assert.Equal(model.Studies.Select(s => s.Y).Order(), model.Studies.Select(s => s.Y));
        // qnorm(ppoints(16))[c(1, 16)] in R.
        Assert.Equal(-1.862732, model.Studies[0].X, 6);
        Assert.Equal(1.862732, model.Studies[^1].X, 6);
        // The median of 5 lies at 0, with ppoints' 3/8 for few studies.
        var five = NormalQuantilePlot.Create(RandomEffects.Fit(Samples.Molloy().Select([0, 1, 2, 3, 4]))).Model;
        Assert.Equal(0, five.Studies[2].X, 12);
        Assert.Equal(-1.179761, five.Studies[0].X, 6);
    }

    [Fact]
    public void The_envelope_holds_the_quantiles_of_order_statistics()
    {
        var model = NormalQuantilePlot.Create(Molloy).Model;
        // qnorm(qbeta(c(.025, .975), 1, 16)) in R: the smallest of 16.
        Assert.Equal(-2.9515119, model.Lower[0].Y, 6);
        Assert.Equal(-0.8207048, model.Upper[0].Y, 6);
        Assert.Equal(-model.Lower[0].Y, model.Upper[^1].Y, 9);
        Assert.Equal(model.Studies.Select(s => s.X), model.Lower.Select(p => p.X));
        Assert.All(model.Upper.Zip(model.Studies), p => Assert.Equal(p.Second.X, p.First.X, 12));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalQuantilePlotOptions { EnvelopeLevel = 1 });
    }

    [Fact]
    public void The_panel_shows_the_measures_of_the_influence_analysis()
    {
        var analysis = Molloy.Influence();
        var model = InfluencePlot.Create(Molloy).Model;
        Assert.Equal(["Studentized residual", "DFFITS", "Cook's distance", "Covariance ratio", "τ² without the study", "Leverage (hat)", "Weight in %"],
            model.Measures.Select(m => m.Name));
        Assert.Equal(analysis.Rows.Select(r => r.CookDistance), model.Measures[2].Values);
        Assert.Equal([analysis.CookLimit], model.Measures[2].Limits);
        Assert.Equal(Molloy.TauSquared, model.Measures[4].Reference);
        Assert.Equal(100, model.Measures[6].Values.Sum()!.Value, 9);
        Assert.All(model.Measures, m => Assert.All(m.Values, v => Assert.True(m.YAxis.Contains(v!.Value))));
        Assert.Equal("Influence of each study. Of 16 studies none passes a limit of influence.", model.Finding);
    }

    [Fact]
    public void An_equal_effects_panel_has_no_tau_squared() =>
        Assert.DoesNotContain(InfluencePlot.Create(EqualEffects.Fit(Samples.Effects())).Model.Measures, m => m.Name.StartsWith('τ'));

    [Fact]
    public void Influential_studies_are_marked_and_said()
    {
        var effects = StudyEffects.Create([0.1, 0.12, 0.15, 0.11, 0.9], [0.01, 0.01, 0.01, 0.01, 0.01]);
        var model = InfluencePlot.Create(RandomEffects.Fit(effects)).Model;
        Assert.Equal([false, false, false, false, true], model.IsInfluential);
        Assert.Contains("1 of 5 studies passes a limit of influence: Study 5.", model.Finding, StringComparison.Ordinal);
    }
}
