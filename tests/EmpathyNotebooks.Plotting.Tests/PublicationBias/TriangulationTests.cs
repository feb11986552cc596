using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.PublicationBias;

public class TriangulationTests
{
    private static readonly PooledFit Fit = RandomEffects.Fit(Samples.Molloy());

    private static readonly AdjustedEstimate[] Estimates =
    [
        new("PET", 0.05, new(-0.10, 0.20, 0.95), 16, "Bias grows with the standard error.", ["Few studies."]),
        new("trim and fill (L0)", 0.14, new(0.05, 0.23, 0.95), 16, "The missing studies are the most extreme.", []),
        new("WAAP", 0.12, null, 3, "Well powered studies are not selected.", ["Few studies."]),
    ];

    [Fact]
    public void The_mean_stands_first_and_all_are_shown_as_readers_know_them()
    {
        var model = TriangulationPlot.Create(Fit, Estimates).Model;
        Assert.Equal(["Unadjusted mean", "PET", "trim and fill (L0)", "WAAP"], model.Rows.Select(r => r.Method));
        Assert.Equal([true, false, false, false], model.Rows.Select(r => r.IsUnadjusted));
        Assert.Equal(Math.Tanh(Fit.Estimate), model.Rows[0].Estimate, 14);
        Assert.Equal(Math.Tanh(Fit.ConfidenceInterval.Lower), model.Rows[0].Lower!.Value, 14);
        Assert.Equal((Math.Tanh(0.05), Math.Tanh(-0.10), Math.Tanh(0.20)), (model.Rows[1].Estimate, model.Rows[1].Lower, model.Rows[1].Upper));
        Assert.Equal([16, 16, 16, 3], model.Rows.Select(r => r.Count));
        Assert.Null(model.Rows[3].Lower);
        Assert.Equal([3.0, 1, 2], model.ByEstimate);
        Assert.All(model.Rows, r => Assert.True(model.Axis.Contains(r.Estimate)));
        Assert.True(model.Axis.Contains(0));
    }

    [Fact]
    public void The_finding_says_the_range_and_how_many_exclude_the_null_value()
    {
        var plot = TriangulationPlot.Create(Fit, Estimates);
        Assert.Equal("Without adjustment r = .15, 95% CI [.08, .22], k = 16. Adjusted for publication bias by 3 methods: r from .05 (PET) to .14 (trim and fill (L0)). 1 of 2 intervals exclude 0.", plot.Finding);
        Assert.EndsWith("Adjusted by PET: r = .05 [−.10, .20]. Its interval includes 0.", TriangulationPlot.Create(Fit, Estimates[..1]).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_that_share_a_warning_share_its_line_and_open_marks()
    {
        var plot = TriangulationPlot.Create(Fit, Estimates);
        Assert.Contains("PET, WAAP: Few studies.", plot.Model.Notes);
        var figure = plot.ToFigure();
        Assert.Equal(["circle-open", "circle", "circle-open"], figure.Forms[0].Traces.First(t => t.Name == "estimates").MarkerSymbols);
        Assert.Contains(plot.Model.Summary, s => s.Contains("Open circle", StringComparison.Ordinal) && s.Contains("No bar", StringComparison.Ordinal));
        Assert.DoesNotContain("Open circle", string.Join(" ", TriangulationPlot.Create(Fit, Estimates[1..2]).Model.Summary), StringComparison.Ordinal);
        Assert.Contains(plot.Model.Rows[1].Details, d => d is { Name: "assumes", Value: "Bias grows with the standard error." });
    }

    [Fact]
    public void An_interval_of_another_level_or_without_end_is_said()
    {
        var plot = TriangulationPlot.Create(Fit, [new("one-sided", 0.1, new(double.NegativeInfinity, 0.3, 0.9), 16, "", [])]);
        Assert.Contains("The interval of one-sided is at 90%.", plot.Model.Notes);
        Assert.DoesNotContain("NaN", plot.ToFigure().PageJson, StringComparison.Ordinal);
        var means = RandomEffects.Fit(StudyEffects.Create([1, 3, 2.0], [0.1, 0.2, 0.3], EffectMeasure.MeanDifference));
        var endless = TriangulationPlot.Create(means, [new("bound", 1.5, new(double.NegativeInfinity, 2, 0.95), 3, "", [])]);
        Assert.Contains("[−∞, 2.00]", endless.ToFigure().PageJson, StringComparison.Ordinal);
        Assert.Equal(double.NegativeInfinity, endless.Model.Rows[1].Lower);
    }

    [Fact]
    public void Ratios_stand_on_an_axis_of_ratios()
    {
        var ratios = RandomEffects.Fit(StudyEffects.Create([0.5, 0.9, 0.1], [0.1, 0.2, 0.3], EffectMeasure.OddsRatio));
        var model = TriangulationPlot.Create(ratios, [new("PET", 0.2, new(-0.5, 0.9, 0.95), 3, "", [])]).Model;
        Assert.Equal(Math.Exp(0.2), model.Rows[1].Estimate, 14);
        Assert.True(model.Axis.Contains(1));
        Assert.EndsWith("Its interval includes 1.", model.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_drawn_is_said()
    {
        Assert.Throws<ArgumentException>(() => TriangulationPlot.Create(Fit, []));
        Assert.Contains("PET is NaN", Assert.Throws<ArgumentException>(() => TriangulationPlot.Create(Fit, [Estimates[0] with { Estimate = double.NaN }])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TriangulationPlot.Create(Fit, [Estimates[0] with { ConfidenceInterval = new(0, double.NaN, 0.95) }]));
        Assert.Contains("moderators", Assert.Throws<ArgumentException>(() => TriangulationPlot.Create(MetaRegression.Fit(Samples.Molloy(), Moderator.Number("year")), Estimates)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TriangulationPlotOptions { Digits = 7 });
    }
}
