using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Lessons;

public class ComparisonPlotTests
{
    private static ComparisonPlot Plot => ComparisonPlot.Create(
    [
        new("Empathy", 0.28, 0.23, 0.33, "82 samples", "A reference"),
        new("Alliance", 0.278, 0.256, 0.299),
        new("Treatments", EffectSizeConversion.DToR(0.20), ConvertedFrom: "|d| = .20"),
    ], EffectMeasure.Correlation);

    [Fact]
    public void Numbers_are_printed_as_published_and_conversions_flagged()
    {
        var rows = Plot.Model.Rows;
        Assert.Equal([".28 [.23, .33]", ".278 [.256, .299]", "≈ .10"], rows.Select(r => r.EstimateText));
        Assert.Equal(["82 samples", "", "from |d| = .20"], rows.Select(r => r.NoteText));
        Assert.Contains(rows[2].Details, d => d == new PlotDetail("converted from", "|d| = .20"));
        Assert.Contains(rows[2].Details, d => d.Value == "no interval published");
        Assert.Equal([0, 1, 2], Plot.Model.ByEffect);
        Assert.Equal(2, Plot.Model.Key.Length);
        Assert.Contains("r ≈ .10 (converted from |d| = .20)", Plot.Finding, StringComparison.Ordinal);
        Assert.StartsWith("Published data", Plot.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void The_axis_is_in_r_and_holds_zero_and_every_interval()
    {
        Assert.Equal("Correlation r", Plot.Model.Axis.Title);
        Assert.True(Plot.Model.Axis.Contains(0) && Plot.Model.Axis.Contains(0.33));
    }

    [Fact]
    public void Faults_are_named()
    {
        void Fails(SummaryEstimate item, string column)
        {
            var error = Assert.Throws<StudyDataException>(() => ComparisonPlot.Create([new("ok", 0.1), item], EffectMeasure.Correlation));
            Assert.Equal((2, "bad", column), (error.Row, error.Study, error.Column));
        }
        Fails(new("bad", 1.2), "estimate");
        Fails(new("bad", double.NaN), "estimate");
        Fails(new("bad", 0.2, 0.3, 0.4), "lower");
        Fails(new("bad", 0.2, 0.1, 0.15), "upper");
        Fails(new("bad", 0.2, 0.1), "upper");
        Assert.Throws<InsufficientStudiesException>(() => ComparisonPlot.Create([], EffectMeasure.Correlation));
    }

    [Fact]
    public void Open_circles_are_conversions() =>
        Assert.Contains("\"symbol\":[\"circle\",\"circle\",\"circle-open\"]", Plot.ToFigure().ToJson(), StringComparison.Ordinal);
}
