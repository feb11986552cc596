using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.PublicationBias;

/// <summary>What corrections for small-study effects say where data do not determine them, and what they promise where they do.</summary>
public sealed class CorrectionEdgeTests
{
    private static readonly double[] Variances = [0.040, 0.004, 0.025, 0.012, 0.020, 0.006];

    private static PooledFit Fit(double[]? y = null, double[]? v = null, EffectMeasure? measure = null) =>
        RandomEffects.Fit(StudyEffects.Create(y ?? [0.51, 0.12, 0.45, 0.20, 0.38, 0.15], v ?? Variances, measure ?? EffectMeasure.FisherZ));

    private static MultilevelFit Dependent(double rho = 0.6) => MultilevelModel.Fit(StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52, 0.35, 0.28],
        [0.004, 0.013, 0.016, 0.005, 0.012, 0.006, 0.004, 0.017, 0.011, 0.029], EffectMeasure.FisherZ, columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F", "G", "G"])]),
        ["sample", MultilevelModel.EachEffect], rho);

    [Fact]
    public void Too_few_studies_are_said()
    {
        var two = Fit([0.1, 0.3], [0.01, 0.02]);
        Assert.Equal(3, Assert.Throws<InsufficientStudiesException>(() => two.Pet()).Required);
        Assert.Equal(3, Assert.Throws<InsufficientStudiesException>(() => two.Peese()).Required);
        Assert.Equal(3, Assert.Throws<InsufficientStudiesException>(() => two.LimitMetaAnalysis()).Required);
        Assert.Equal(2, two.Uwls().Count);
        var one = EqualEffects.Fit(two.Effects.Select([0]));
        Assert.Throws<InsufficientStudiesException>(() => one.Uwls());
        Assert.Throws<InsufficientStudiesException>(() => one.MathurVanderWeele());
    }

    [Fact]
    public void Standard_errors_that_do_not_vary_have_no_slope()
    {
        var fit = Fit(v: [0.01, 0.01, 0.01, 0.01, 0.01, 0.01]);
        foreach (var method in new Action[] { () => fit.Pet(), () => fit.Peese(), () => fit.PetPeese(), () => fit.LimitMetaAnalysis() })
        {
            var fault = Assert.Throws<UndeterminedException>(method);
            Assert.Contains("standard errors do not vary", fault.Message, StringComparison.Ordinal);
            Assert.Contains("selection model", fault.Instead!, StringComparison.Ordinal);
        }
        var alike = MultilevelModel.Fit(StudyEffects.Create([0.1, 0.3, 0.2, 0.5, 0.4], [0.01, 0.01, 0.01, 0.01, 0.01], columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D"])]), ["sample"]);
        Assert.Throws<UndeterminedException>(() => alike.Pet());
    }

    [Fact]
    public void Effects_exactly_on_the_line_say_nothing_of_its_uncertainty()
    {
        Assert.Throws<UndeterminedException>(() => Fit([.. Variances.Select(v => 0.1 + 2 * Math.Sqrt(v))]).Pet());
        Assert.Throws<UndeterminedException>(() => Fit([.. Variances.Select(v => 0.1 + 2 * v)]).Peese());
        Assert.Throws<UndeterminedException>(() => Fit([0.3, 0.3, 0.3, 0.3, 0.3, 0.3]).Uwls());
        Assert.Throws<UndeterminedException>(() => Fit([0, 0, 0, 0, 0, 0]).Pet());
    }

    [Fact]
    public void Results_that_are_all_or_never_affirmative_leave_nothing_to_weigh()
    {
        Assert.Contains("no result is affirmative", Assert.Throws<UndeterminedException>(() => Fit([0.01, 0.02, -0.03, 0.01, 0.02, 0.01]).MathurVanderWeele()).Message, StringComparison.Ordinal);
        Assert.Contains("all results are affirmative", Assert.Throws<UndeterminedException>(() => Fit([0.9, 0.8, 0.95, 0.7, 0.8, 0.9]).MathurVanderWeele()).Message, StringComparison.Ordinal);
        // Of one nonaffirmative result its own effect, by z.
        var one = Fit([0.9, 0.8, 0.95, 0.05, 0.8, 0.9]).MathurVanderWeele();
        Assert.Equal((0.05, Math.Sqrt(0.012), null), (one.WorstCase.Estimate, one.WorstCase.StandardError, one.WorstCase.DegreesOfFreedom));
    }

    [Fact]
    public void Choices_that_do_not_go_together_are_refused()
    {
        var fit = Fit();
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(fit.Effects).LimitMetaAnalysis());
        Assert.Throws<ImpossibleChoiceException>(() => RandomEffects.Fit(fit.Effects, new() { Weights = [1, 2, 3, 1, 2, 3] }).MathurVanderWeele());
        Assert.Throws<ImpossibleChoiceException>(() => EqualEffects.Fit(fit.Effects).MathurVanderWeele(new() { Cluster = "sample" }));
        var proportions = Fit([-1, -1.2, -0.8, -0.9, -1.1, -0.7], measure: EffectMeasure.ProportionLogit);
        Assert.Throws<ImpossibleChoiceException>(() => proportions.PetPeese());
        Assert.Throws<ImpossibleChoiceException>(() => proportions.Waap());
        Assert.Throws<ImpossibleChoiceException>(() => proportions.MathurVanderWeele());
        Assert.NotEmpty(proportions.Pet().Warnings);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PetPeeseOptions { Alpha = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MathurVanderWeeleOptions { Alpha = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MathurVanderWeeleOptions { Target = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Waap(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Pet().At(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.LimitMetaAnalysis().At(double.NaN));
        var analysis = Fit([0.51, 0.22, 0.45, 0.20, 0.38, 0.05]).MathurVanderWeele();
        Assert.Throws<ArgumentOutOfRangeException>(() => analysis.Corrected(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => analysis.BorderAt(-1));
        var weighted = MultilevelModel.Fit(Dependent().Effects, ["sample"], new MultilevelOptions { Weights = [.. Enumerable.Repeat(1.0, 10)] });
        Assert.Throws<ImpossibleChoiceException>(() => weighted.Pet());
        Assert.Throws<ImpossibleChoiceException>(() => weighted.InverseSamplingCovarianceMean());
        Assert.Throws<ImpossibleChoiceException>(() => Dependent().MathurVanderWeele(new() { Cluster = "sample" }));
    }

    /// <summary>Mirrored effects give mirrored corrections, if the side is mirrored with them.</summary>
    [Fact]
    public void Mirrored_effects_give_mirrored_corrections()
    {
        double[] y = [0.51, 0.22, 0.45, 0.20, 0.38, 0.05];
        PooledFit fit = Fit(y), mirror = Fit([.. y.Select(e => -e)]);
        Assert.Equal(-fit.Pet().Intercept.Estimate, mirror.Pet().Intercept.Estimate, 1e-14);
        Assert.Equal(fit.PetPeese().PValue, mirror.PetPeese(new() { Alternative = Alternative.Less }).PValue, 1e-14);
        Assert.Equal(-fit.LimitMetaAnalysis().Estimate.Estimate, mirror.LimitMetaAnalysis().Estimate.Estimate, 1e-13);
        Assert.Equal(fit.Waap().AdequateCount, mirror.Waap().AdequateCount);
        var ours = fit.MathurVanderWeele(new() { Target = 0.15 });
        var theirs = mirror.MathurVanderWeele(new() { Alternative = Alternative.Less, Target = -0.15 });
        Assert.Equal(ours.RatioOfEstimate.Value!.Value, theirs.RatioOfEstimate.Value!.Value, 1e-10);
        Assert.Equal(ours.RatioOfInterval, theirs.RatioOfInterval);
        Assert.Equal(-ours.BorderAt(0.1), theirs.BorderAt(0.1));
        Assert.Contains(Fit([-0.51, 0.42, -0.45, -0.20, -0.38, -0.05]).MathurVanderWeele().Warnings, w => w.Contains("on the other side"));
    }

    [Fact]
    public void Measures_whose_errors_depend_on_the_effect_are_warned_of()
    {
        Assert.Contains(Fit(measure: EffectMeasure.StandardizedMeanDifference).Pet().Warnings, w => w.Contains("depends on the effect itself"));
        Assert.Contains(Fit(measure: EffectMeasure.OddsRatio).Uwls().Warnings, w => w.Contains("depends on the effect itself"));
        Assert.Contains(Fit(measure: EffectMeasure.Correlation).LimitMetaAnalysis().Warnings, w => w.Contains("Fisher"));
        Assert.DoesNotContain(Fit().Pet().Warnings, w => w.Contains("depends on the effect itself"));
        // A column that does not depend on it answers the warning.
        var effects = StudyEffects.Create([0.51, 0.12, 0.45, 0.20, 0.38, 0.15], Variances, EffectMeasure.StandardizedMeanDifference, columns: [StudyColumn.OfNumbers("w", [0.2, 0.06, 0.15, 0.11, 0.14, 0.08]), StudyColumn.OfTexts("t", ["a", "b", "c", "d", "e", "f"])]);
        var pet = RandomEffects.Fit(effects).Pet(new() { StandardErrorColumn = "w" });
        Assert.DoesNotContain(pet.Warnings, w => w.Contains("depends on the effect itself"));
        Assert.Equal("w", pet.Column);
        Assert.NotEqual(RandomEffects.Fit(effects).Pet().Slope.Estimate, pet.Slope.Estimate);
        Assert.Throws<StudyDataException>(() => RandomEffects.Fit(effects).Pet(new() { StandardErrorColumn = "t" }));
        Assert.Throws<StudyDataException>(() => RandomEffects.Fit(effects).Pet(new() { StandardErrorColumn = "x" }));
    }

    [Fact]
    public void Curves_and_rows_are_those_of_the_estimates()
    {
        var fit = Fit();
        foreach (var regression in new[] { fit.Pet(), fit.Peese(), Dependent().Pet(), Dependent().Peese() })
        {
            var per = regression.Predictor == FunnelPredictor.StandardError ? 0.2 : 0.04;
            Assert.Equal(regression.Intercept.Estimate + per * regression.Slope.Estimate, regression.At(0.2).Estimate, 1e-12);
            Assert.Equal(regression.Intercept.ConfidenceInterval, regression.At(0).ConfidenceInterval);
            Assert.Equal((regression.Intercept.Estimate, regression.Count), (regression.Adjusted.Estimate, regression.Adjusted.Count));
            Assert.StartsWith(regression.Method, regression.ToString(), StringComparison.Ordinal);
        }
        var chosen = fit.PetPeese();
        Assert.Equal(chosen.Chosen.Intercept, chosen.Estimate);
        Assert.Equal($"PET-PEESE ({chosen.Chosen.Method})", chosen.Adjusted.Method);
        Assert.Equal(fit.Uwls().Estimate.ConfidenceInterval, fit.Uwls().Adjusted.ConfidenceInterval);
        var waap = fit.Waap();
        Assert.Equal(waap.FallsBack, waap.Warnings.Any(w => w.Contains("falls back")));
        Assert.Equal(fit.LimitMetaAnalysis().Estimate.Estimate, fit.LimitMetaAnalysis().Adjusted.Estimate);
    }

    /// <summary>Without heterogeneity among true effects the weights of CHE-ISCW are those of the model, and so is the mean.</summary>
    [Fact]
    public void Inverse_sampling_covariance_weights_are_the_model_s_where_nothing_else_varies()
    {
        var held = MultilevelModel.Fit(Dependent().Effects, ["sample", MultilevelModel.EachEffect], 0.6, new() { FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = 0, [MultilevelModel.EachEffect] = 0 } });
        var (model, ours) = (held.Robust().Coefficients[0], held.InverseSamplingCovarianceMean());
        Reference.Agree(ours.Estimate.Estimate, model.Estimate, 1e-12, "mean");
        Reference.Agree(ours.Estimate.StandardError, model.StandardError, 1e-10, "se");
        Reference.Agree(ours.Estimate.DegreesOfFreedom!.Value, model.DegreesOfFreedom!.Value, 1e-10, "df");
        Reference.Agree(ours.ModelStandardError, held.Coefficients[0].StandardError, 1e-12, "model se");
        Assert.NotEqual(Dependent().Coefficients[0].Estimate, Dependent().InverseSamplingCovarianceMean().Estimate.Estimate);
        Assert.Contains(Dependent(0).InverseSamplingCovarianceMean().Warnings, w => w.Contains("independent"));
    }

    /// <summary>A multilevel fit and a pooled one with a column of clusters ask the same.</summary>
    [Fact]
    public void Clusters_of_a_model_are_those_of_a_column()
    {
        var fit = Dependent();
        var (ours, pooled) = (fit.MathurVanderWeele(), RandomEffects.Fit(fit.Effects).MathurVanderWeele(new() { Cluster = "sample" }));
        Assert.Equal(pooled.WorstCase, ours.WorstCase);
        Assert.Equal(pooled.Corrected(5), ours.Corrected(5));
        Assert.Equal(pooled.RatioOfInterval, ours.RatioOfInterval);
        Assert.NotEqual(pooled.Corrected(5).StandardError, RandomEffects.Fit(fit.Effects).MathurVanderWeele().Corrected(5).StandardError);
    }

    [Fact]
    public void Stronger_selection_moves_the_mean_to_the_worst_case()
    {
        var analysis = Fit([0.51, 0.22, 0.45, 0.20, 0.38, 0.05]).MathurVanderWeele();
        double[] means = [.. new[] { 1, 2, 5, 20, 1e3, 1e6, 1e9 }.Select(r => analysis.Corrected(r).Estimate)];
        for (var i = 1; i < means.Length; i++) Assert.True(means[i] < means[i - 1]);
        Assert.Equal(analysis.WorstCase.Estimate, means[^1], 1e-8);
        Assert.Equal(analysis.WorstCase.StandardError, analysis.Corrected(1e9).StandardError, 1e-8);
        Assert.Equal(analysis.Uncorrected, analysis.Corrected(1));
    }

    /// <summary>By robust variance estimation PET is the regression on a column of standard errors.</summary>
    [Fact]
    public void Robust_variance_estimation_regresses_across_the_funnel()
    {
        var effects = Dependent().Effects;
        double?[] errors = [.. effects.Variances.Select(v => (double?)Math.Sqrt(v))];
        var with = StudyEffects.Create(effects.Effects, effects.Variances, effects.Measure, columns: [.. effects.Columns, StudyColumn.OfNumbers("se", errors)]);
        var expected = RobustVarianceModel.Fit(with, "sample", options: new() { Moderators = Moderator.Number("se") });
        var fit = RobustVarianceModel.Fit(effects, "sample");

        Assert.Equal(expected.Coefficients[0].Estimate, fit.Pet().Intercept.Estimate, 1e-14);
        Assert.Equal(expected.Coefficients[1].StandardError, fit.Pet().Slope.StandardError, 1e-13);
        Assert.Equal(expected.Coefficients[0].DegreesOfFreedom!.Value, fit.Pet().Intercept.DegreesOfFreedom!.Value, 1e-10);
        Assert.Equal(fit.PetPeese().Pet.Intercept, fit.Pet().Intercept);
        Assert.Equal(Dependent().MathurVanderWeele().WorstCase, fit.MathurVanderWeele().WorstCase);
        Assert.Throws<ImpossibleChoiceException>(() => fit.Pet(new() { Weighting = DependentWeighting.InverseSamplingCovariance }));
        Assert.Throws<ImpossibleChoiceException>(() => expected.Pet());
    }

    /// <summary>The rule is one-sided: an intercept on the other side takes PET, and is told.</summary>
    [Fact]
    public void An_intercept_on_the_other_side_is_told()
    {
        var fit = Fit([-0.30, -0.28, -0.33, -0.29, -0.35, -0.27]);
        var (above, below) = (fit.PetPeese(), fit.PetPeese(new() { Alternative = Alternative.Less }));

        Assert.Equal(("PET", "PEESE"), (above.Chosen.Method, below.Chosen.Method));
        Assert.Contains(above.Warnings, w => w.Contains("on the other side of 0"));
        Assert.Contains(above.Adjusted.Warnings, w => w.Contains("on the other side of 0"));
        Assert.DoesNotContain(below.Warnings, w => w.Contains("on the other side of 0"));
        Assert.Equal(below.Chosen.Method, fit.PetPeese(new() { Alternative = null }).Chosen.Method);
    }
}
