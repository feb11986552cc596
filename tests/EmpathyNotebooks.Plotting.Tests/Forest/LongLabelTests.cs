using System.Xml.Linq;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting.Tests.Forest;

/// <summary>Labels of studies are wrapped, not cut: two that differ at their end stay two, on paper, too.</summary>
public class LongLabelTests
{
    private const string Same = "A study of the therapist's empathy and its clients' outcome in three outpatient clinics of one region, ";

    private static readonly ForestPlot Plot = ForestPlot.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.3, 0.2], [0.01, 0.02, 0.015], labels:
        [Same + "first report", Same + "second report", "Short"])));

    [Theory]
    [InlineData(174)]
    [InlineData(84)]
    public void Two_long_labels_with_one_beginning_stay_two_in_print(double width)
    {
        XNamespace svg = "http://www.w3.org/2000/svg";
        var texts = string.Join(" ", XElement.Parse(Plot.ToSvg(new() { WidthMillimetres = width })).Descendants(svg + "text").Select(t => t.Value));
        Assert.Contains("first report", texts, StringComparison.Ordinal);
        Assert.Contains("second report", texts, StringComparison.Ordinal);
        Assert.DoesNotContain("…", texts, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_as_high_as_their_labels_need()
    {
        double Height(string label) => ForestPlot.Create(RandomEffects.Fit(StudyEffects.Create([0.1, 0.3], [0.01, 0.02], labels: [label, "B"]))).ToFigure().Forms[^1].Layout.Height;
        Assert.True(Height(Same) > Height("A"));
    }

    [Fact]
    public void A_diamond_stays_as_high_as_it_is_where_rows_are_higher()
    {
        double Pixels(FigureForm form)
        {
            var diamond = form.Traces.Single(t => t.Name == "pooled estimates").Y.OfType<double>().ToArray();
            return (diamond.Max() - diamond.Min()) * (form.Layout.Height - form.Layout.Top - form.Layout.Bottom) / (form.Layout.YAxis.From - form.Layout.YAxis.To);
        }
        var forms = Plot.ToFigure().Forms;
        Assert.Equal(Pixels(forms[0]), Pixels(forms[^1]), 0.5);
    }

    [Fact]
    public void No_mark_of_a_fold_is_printed()
    {
        var effects = StudyEffects.Create([0.1, 0.3, 0.2, 0.4], [0.01, 0.02, 0.015, 0.03], columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C"])]);
        var plot = ForestPlot.Create(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect]));
        var figure = plot.ToFigure();
        Assert.Contains(RowFold.ClosedMark, figure.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain(RowFold.ClosedMark.Trim(), plot.ToSvg(), StringComparison.Ordinal);
        Assert.DoesNotContain(RowFold.OpenMark.Trim(), ForestPlot.Create(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect]), new() { ShowEffects = true }).ToSvg(), StringComparison.Ordinal);
    }
}
