using System.Text.Json;

namespace EmpathyNotebooks.MetaAnalysis.Tests.Golden;

/// <summary>robust-variance.json: robumeta's correlated and hierarchical weights; robust-variance.R says how each is computed.</summary>
public sealed class RobustVarianceTests
{
    private static readonly JsonElement File = Reference.Root("robust-variance.json");

    [Fact]
    public void Data_sets_agree_with_robumeta()
    {
        var cases = File.GetProperty("datasets").EnumerateArray().ToList();
        Assert.Equal(24, cases.Count);
        foreach (var expected in cases)
        {
            var data = Reference.Load(expected.GetProperty("dataset").GetString()!);
            Moderator? moderators = expected.GetProperty("mods").ToString() switch
            {
                "1" => null,
                "year" => Moderator.Number("year"),
                _ => Moderator.Number("propmale") + Moderator.Number("aget1"),
            };
            foreach (var correction in new[] { SmallSampleCorrection.CR2, SmallSampleCorrection.CR1p })
            {
                var fit = RobustVarianceModel.Fit(data, expected.GetProperty("cluster").GetString()!, Kind(expected), moderators, new() { SamplingCorrelation = expected.GetProperty("rho").GetDouble(), Correction = correction });
                Agree(fit, correction == SmallSampleCorrection.CR2 ? expected : expected.GetProperty("large"), 1e-8);
            }
        }
    }

    [Fact]
    public void Random_small_designs_agree_with_robumeta()
    {
        var cases = File.GetProperty("random").EnumerateArray().ToList();
        Assert.Equal(200, cases.Count);
        for (var i = 0; i < cases.Count; i++)
        {
            try
            {
                Agree(Fit(cases[i]), cases[i], 1e-7);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Design {i + 1}: {fault.Message}", fault);
            }
        }
    }

    [Fact]
    public void The_order_of_rows_and_the_unit_of_a_moderator_change_nothing()
    {
        var data = Reference.Load("tannersmith2016");
        var fit = RobustVarianceModel.Fit(data, "studyid", WorkingModel.Hierarchical, Moderator.Number("aget1"));
        var turned = RobustVarianceModel.Fit(data.Select([.. Enumerable.Range(0, data.Count).Reverse()]), "studyid", WorkingModel.Hierarchical, Moderator.Number("aget1").Centered().ScaledBy(10));
        Assert.Equal(fit.TauSquared, turned.TauSquared, 1e-12);
        Assert.Equal(fit.OmegaSquared!.Value, turned.OmegaSquared!.Value, 1e-12);
        Assert.Equal(10 * fit.Coefficients[1].Estimate, turned.Coefficients[1].Estimate, 1e-10);
        Assert.Equal(fit.Coefficients[1].DegreesOfFreedom!.Value, turned.Coefficients[1].DegreesOfFreedom!.Value, 1e-8);
    }

    [Fact]
    public void Weights_of_a_cluster_are_alike_and_all_add_up_to_one()
    {
        var fit = RobustVarianceModel.Fit(Reference.Load("tannersmith2016"), "studyid");
        Assert.Equal(1, fit.Weights.Sum(), 1e-12);
        Assert.Equal(fit.Coefficients[0].Estimate, fit.Weights.Select((w, i) => w * fit.Effects.Effects[i]).Sum(), 1e-12);
        var prediction = fit.Robust.Predict();
        Assert.Equal(fit.Coefficients[0].ConfidenceInterval, prediction.ConfidenceInterval);
        Assert.True(prediction.PredictionInterval!.Value.Lower < prediction.ConfidenceInterval.Lower);
    }

    [Fact]
    public void A_sensitivity_run_moves_with_the_correlation()
    {
        var fits = RobustVarianceModel.OverCorrelations(Reference.Load("tannersmith2016"), "studyid");
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], fits.Select(f => f.Options.SamplingCorrelation));
        Assert.All(fits.Zip(fits.Skip(1)), pair => Assert.True(pair.First.TauSquared <= pair.Second.TauSquared));
    }

    [Fact]
    public void What_cannot_be_estimated_is_refused_with_the_reason()
    {
        var single = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.015, 0.01],
            columns: [StudyColumn.OfTexts("study", ["A", "B", "C", "D"]), StudyColumn.OfNumbers("x", [1, 2, 3, 5])]);
        Assert.Contains("take correlated weights", Assert.Throws<StudyDataException>(() => RobustVarianceModel.Fit(single, "study", WorkingModel.Hierarchical)).Message, StringComparison.Ordinal);
        Assert.True(RobustVarianceModel.Fit(single, "study").TauSquared >= 0);
        var two = StudyEffects.Create([0.1, 0.3, 0.2, 0.5], [0.01, 0.02, 0.015, 0.01],
            columns: [StudyColumn.OfTexts("study", ["A", "A", "B", "B"]), StudyColumn.OfNumbers("x", [1, 2, 3, 5])]);
        Assert.Equal(3, Assert.Throws<InsufficientStudiesException>(() => RobustVarianceModel.Fit(two, "study", moderators: Moderator.Number("x"))).Required);
        Assert.Throws<StudyDataException>(() => RobustVarianceModel.Fit(single, "sample"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RobustVarianceOptions { SamplingCorrelation = 1.1 });
        Assert.Throws<ArgumentException>(() => RobustVarianceModel.OverCorrelations(single, "study", correlations: []));
    }

    private static WorkingModel Kind(JsonElement expected) => expected.GetProperty("kind").GetString() == "CORR" ? WorkingModel.Correlated : WorkingModel.Hierarchical;

    private static RobustVarianceFit Fit(JsonElement design)
    {
        double[] Numbers(string name) => [.. design.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        var effects = StudyEffects.Create(Numbers("yi"), Numbers("vi"), columns: [StudyColumn.OfTexts("study", design.GetProperty("study").EnumerateArray().Select(s => s.ToString())),
            StudyColumn.OfNumbers("x", Numbers("x").Select(v => (double?)v)), StudyColumn.OfNumbers("g", Numbers("g").Select(v => (double?)v))]);
        var moderators = design.GetProperty("mods").GetInt32() switch { 0 => null, 1 => (Moderator)Moderator.Number("x"), _ => Moderator.Number("g") + Moderator.Number("x") };
        return RobustVarianceModel.Fit(effects, "study", Kind(design), moderators, new() { SamplingCorrelation = design.GetProperty("rho").GetDouble() });
    }

    private static void Agree(RobustVarianceFit fit, JsonElement expected, double tolerance)
    {
        Assert.Equal(expected.GetProperty("clusters").GetInt32(), fit.ClusterCount);
        Assert.Equal(expected.GetProperty("k").GetInt32(), fit.Count);
        Reference.Agree(fit.TauSquared, expected.GetProperty("tau2"), tolerance, "tau2");
        if (fit.OmegaSquared is { } omega2) Reference.Agree(omega2, expected.GetProperty("omega2"), tolerance, "omega2");
        else Reference.AgreePercent(100 * fit.ISquared!.Value, expected.GetProperty("I2"), tolerance, "I2");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.Estimate)], expected.GetProperty("b"), tolerance, "b");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.StandardError)], expected.GetProperty("se"), tolerance, "se");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.DegreesOfFreedom!.Value)], expected.GetProperty("df"), tolerance, "df");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.PValue)], expected.GetProperty("p"), 10 * tolerance, "p");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Lower)], expected.GetProperty("lb"), 10 * tolerance, "lower");
        Reference.AgreeAll([.. fit.Coefficients.Select(c => c.ConfidenceInterval.Upper)], expected.GetProperty("ub"), 10 * tolerance, "upper");
    }
}
