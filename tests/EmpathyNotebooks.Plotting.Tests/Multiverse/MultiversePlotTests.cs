using EmpathyNotebooks.MetaAnalysis;
using EmpathyNotebooks.Tests;
using Newtonsoft.Json.Linq;

namespace EmpathyNotebooks.Plotting.Tests.Multiverses;

/// <summary>Specification curves and distributions as numbers.</summary>
public sealed class MultiversePlotTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static MultiverseResult Result { get; } = PlotSet.Multiverse(PlotSet.Fit(16, DataOrigin.Own));

    [Fact]
    public void A_curve_has_every_specification_in_the_order_of_estimates_and_its_options_below()
    {
        var part = Result.Main;
        var model = SpecificationCurvePlot.Create(part).Model;
        Assert.Equal(part.Curve.Select(s => s.Value.Estimate), model.Specifications.Select(s => s.Estimate));
        Assert.Equal(part.Curve.Select(s => s.Value.Interval!.Value.Upper), model.Specifications.Select(s => s.Upper!.Value));
        Assert.Equal(part.Curve.Select(s => s.Value.PValue < 0.05), model.Specifications.Select(s => s.IsSignificant));
        Assert.Equal(Enumerable.Range(1, part.Specifications.Length), model.Specifications.Select(s => s.Place));
        Assert.Equal((part.Median, 0.0), (model.Median!.Value, model.NullValue!.Value));
        // What the part has in common has no row.
        Assert.DoesNotContain(model.Rows, r => r.Choice is "rater" or "publication bias");
        Assert.Equal(["REML", "PM", "DL", "SJ", "EE"], model.Rows.Where(r => r.Choice == "estimator").Select(r => r.Option));
        foreach (var row in model.Rows)
        {
            var places = row.Stretches.SelectMany(s => Enumerable.Range(s.From, s.To - s.From + 1)).ToHashSet();
            Assert.All(model.Specifications, s => Assert.Equal(s.Options.Single(o => o.Key == row.Choice).Value == row.Option, places.Contains(s.Place)));
        }
    }

    [Fact]
    public void All_parts_side_by_side_have_no_median_and_the_choices_that_split_them_below()
    {
        var model = SpecificationCurvePlot.Create(Result).Model;
        Assert.Null(model.Median);
        Assert.Equal(Result.Specifications.Length, model.Count);
        Assert.Contains(model.Rows, r => r is { Choice: "publication bias", Option: "trim and fill (L0)" });
        Assert.Contains("different questions", string.Join(' ', model.Summary), StringComparison.Ordinal);
    }

    [Fact]
    public void A_band_is_that_of_the_test_and_of_no_other_part()
    {
        var test = Result.Main.Test(new() { Permutations = 99 }, cancellation: Token);
        var model = SpecificationCurvePlot.Create(Result.Main, new() { Test = test }).Model;
        Assert.Equal(test.Band, model.Band);
        Assert.Throws<ArgumentException>(() => SpecificationCurvePlot.Create(Result, new() { Test = test }));
    }

    [Fact]
    public void Of_thousands_some_are_drawn_evenly_with_both_ends_and_many_options_share_a_row()
    {
        var effects = PlotSet.Fit(12, DataOrigin.Own).Effects;
        var pairs = Enumerable.Range(0, 12).SelectMany(i => Enumerable.Range(i + 1, 11 - i).Select(j => (i, j))).ToList();
        var result = Multiverse.Of(effects).Choose("left out", "?", Equivalence.Uncertain, [.. pairs.Select(p => Specify.Where($"{p.i} and {p.j}", (_, row) => row != p.i && row != p.j))])
            .ChooseEstimator("?", Equivalence.Uncertain, TauSquaredEstimator.RestrictedMaximumLikelihood, TauSquaredEstimator.DerSimonianLaird, TauSquaredEstimator.PauleMandel, TauSquaredEstimator.HunterSchmidt, TauSquaredEstimator.Hedges)
            .ChooseTest("?", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal, Inference.StudentT, Inference.HartungKnappAdHoc).Run(cancellation: Token);
        var model = SpecificationCurvePlot.Create(result.Main, new() { MostSpecifications = 100 }).Model;
        Assert.Equal(1320, model.Count);
        Assert.Equal(100, model.Specifications.Length);
        Assert.Equal((1, 1320), (model.Specifications[0].Place, model.Specifications[^1].Place));
        Assert.All(model.Specifications.Zip(model.Specifications.Skip(1)), p => Assert.InRange(p.Second.Place - p.First.Place, 13, 14));
        Assert.Equal("55 others", model.Rows.Last(r => r.Choice == "left out").Option);
        Assert.Contains("of which 100 are drawn", model.Summary[0], StringComparison.Ordinal);
        var page = JObject.Parse(SpecificationCurvePlot.Create(result.Main).ToFigure().PageJson).ToString(Newtonsoft.Json.Formatting.None);
        Assert.InRange(page.Length, 1, 2_000_000);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpecificationCurveOptions { MostSpecifications = 5 });
    }

    [Fact]
    public void A_distribution_counts_every_specification_of_each_part_once()
    {
        var model = MultiverseDistributionPlot.Create(Result).Model;
        Assert.Equal(Result.Parts.Length, model.Parts.Length);
        foreach (var (part, drawn) in Result.Parts.Zip(model.Parts))
        {
            Assert.Equal(part.Specifications.Length, drawn.Bars.Sum(b => b.Count));
            Assert.Equal(part.Specifications.Count(s => s.Value.PValue < 0.05), drawn.Bars.Sum(b => b.Significant));
            Assert.Equal(part.Median, drawn.Median);
            Assert.All(drawn.Bars, b => Assert.True(b.Significant <= b.Count && model.XAxis.Contains(b.From) && model.XAxis.Contains(b.To)));
        }
        Assert.Single(MultiverseDistributionPlot.Create(Result, new() { MostParts = 1 }).Model.Parts);
        // Where nothing makes a difference there still is a bar.
        var same = Multiverse.Of(PlotSet.Fit(5, DataOrigin.Own).Effects).ChooseTest("?", Equivalence.Uncertain, Inference.HartungKnapp, Inference.Normal).Run(cancellation: Token);
        Assert.Equal(2, Assert.Single(MultiverseDistributionPlot.Create(same).Model.Parts[0].Bars).Count);
        Assert.NotEmpty(SpecificationCurvePlot.Create(same).ToFigure().ToJson());
    }

    [Fact]
    public void Measures_on_different_scales_are_drawn_part_by_part()
    {
        var effects = PlotSet.Fit(5, DataOrigin.Own).Effects;
        var mixed = Multiverse.Of(effects).Choose("measure", "?", Equivalence.NonEquivalent, Specify.AsGiven(), Specify.Effects("RD", StudyEffects.Create(effects.Effects, effects.Variances, EffectMeasure.RiskDifference, effects.Labels))).Run(cancellation: Token);
        Assert.Throws<ArgumentException>(() => SpecificationCurvePlot.Create(mixed));
        Assert.Throws<ArgumentException>(() => MultiverseDistributionPlot.Create(mixed));
        Assert.Equal(EffectMeasure.RiskDifference, SpecificationCurvePlot.Create(mixed.Parts[1]).Model.Measure);
    }
}
