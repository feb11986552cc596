using EmpathyNotebooks.MetaAnalysis.Tests.Golden;

namespace EmpathyNotebooks.MetaAnalysis.Tests.DependentEffects;

/// <summary>Structures of random effects: what must hold between them, and what is refused with a reason.</summary>
public sealed class StructureTests
{
    private static readonly double[] Times = [1, 2, 3, 1, 2, 3, 1, 3, 1, 2, 3, 1, 2, 2, 3];

    private static StudyEffects Effects(params double[] times) => StudyEffects.Create(
        [0.42, 0.35, 0.10, 0.61, 0.48, 0.55, 0.05, 0.30, 0.22, 0.31, 0.12, -0.10, 0.02, 0.44, 0.36],
        [0.010, 0.022, 0.015, 0.012, 0.020, 0.018, 0.009, 0.025, 0.014, 0.011, 0.017, 0.021, 0.013, 0.016, 0.012],
        columns: [StudyColumn.OfTexts("sample", ["A", "A", "A", "B", "B", "B", "C", "C", "D", "D", "D", "E", "E", "F", "F"]),
            StudyColumn.OfNumbers("time", (times.Length > 0 ? times : Times).Select(t => (double?)t)),
            StudyColumn.OfTexts("outcome", ["a", "b", "c", "a", "b", "c", "a", "c", "a", "b", "c", "a", "b", "b", "c"]),
            StudyColumn.OfTexts("laboratory", ["x", "y", "z", "x", "y", "z", "x", "y", "z", "x", "y", "z", "x", "y", "z"]),
            StudyColumn.OfTexts("species", ["s", "t", "u", "s", "t", "u", "v", "v", "s", "t", "u", "v", "s", "t", "u"])]);

    private static readonly double[,] Tree = { { 1, 0.8, 0.3, 0.1 }, { 0.8, 1, 0.3, 0.1 }, { 0.3, 0.3, 1, 0.1 }, { 0.1, 0.1, 0.1, 1 } };

    private static MultivariateFit Fit(StudyEffects effects, CovarianceStructure structure, string inner = "time", FixedComponents? held = null, InnerOuterTerm? second = null) =>
        MultivariateModel.Fit(effects, "sample", inner, new() { Structure = structure, CommonMean = true, Fixed = held ?? new(), Second = second });

    public static TheoryData<string> Models() => ["AR", "HAR", "CAR", "CS held", "HCS held", "DIAG held", "two", "two over time", "related", "related in blocks", "level held"];

    private static DependentFit Model(string name)
    {
        var effects = Effects();
        var uneven = Effects(0.4, 1.1, 3.7, 0.4, 2.2, 5, 1, 4.5, 0.3, 1.9, 2.1, 0.8, 3, 2, 6);
        return name switch
        {
            "AR" => Fit(effects, CovarianceStructure.Autoregressive),
            "HAR" => Fit(effects, CovarianceStructure.HeteroscedasticAutoregressive),
            "CAR" => Fit(uneven, CovarianceStructure.ContinuousAutoregressive),
            "CS held" => Fit(effects, CovarianceStructure.CompoundSymmetry, "outcome", new() { Correlation = 0.4 }),
            "HCS held" => Fit(effects, CovarianceStructure.HeteroscedasticCompoundSymmetry, "outcome", new() { TauSquaredOf = new Dictionary<string, double> { ["b"] = 0.02 } }),
            "DIAG held" => Fit(effects, CovarianceStructure.Diagonal, "outcome", new() { TauSquaredOf = new Dictionary<string, double> { ["a"] = 0.02 } }),
            "two" => Fit(effects, CovarianceStructure.CompoundSymmetry, "outcome", second: new("laboratory", "outcome") { Structure = CovarianceStructure.Diagonal }),
            "two over time" => Fit(effects, CovarianceStructure.Autoregressive, "time", second: new("laboratory", "outcome") { Structure = CovarianceStructure.CompoundSymmetry }),
            "related" => Related(effects, [], []),
            "related in blocks" => Related(effects.Select([0, 2, 5, 8, 9, 11]), ["sample"], []),
            _ => MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], new() { FixedSigmaSquared = new Dictionary<string, double> { ["sample"] = 0.02 } }),
        };
    }

    private static MultilevelFit Related(StudyEffects effects, string[] levels, string[] crossed, RelationScaling scaling = RelationScaling.Correlation) => MultilevelModel.Fit(effects, levels,
        new() { CrossedFactors = crossed, KnownRelations = [KnownRelation.Of("species", ["s", "t", "u", "v"], Tree, scaling)] });

    [Theory]
    [MemberData(nameof(Models))]
    public void The_likelihood_is_that_of_the_whole_matrix_and_score_and_information_its_derivatives(string name)
    {
        var fit = Model(name);
        Assert.Equal(DenseModel.LogLikelihood(fit.Model, fit.Theta), fit.LogLikelihood, 1e-9);
        // Anywhere inside the bounds: correlations end at 1.
        double[] theta = [.. fit.Theta.Select((t, j) => t is > 0.9 and <= 1 ? 0.7 : 1.1 * t + 0.02 * (j + 1))];
        Assert.Equal(DenseModel.LogLikelihood(fit.Model, theta), new VarianceSearch(fit.Model).ValueAt(theta), 1e-9);
        var search = new VarianceSearch(fit.Model);
        search.DerivativesAt(theta);
        double[] score = [.. Enumerable.Range(0, theta.Length).Select(search.Gradient)];
        for (var i = 0; i < theta.Length; i++)
        {
            var h = 1e-5 * Math.Max(0.1, theta[i]);
            double At(double change)
            {
                double[] moved = [.. theta];
                moved[i] += change;
                return DenseModel.LogLikelihood(fit.Model, moved);
            }
            Assert.Equal((At(h) - At(-h)) / (2 * h), score[i], 1e-4 * Math.Max(1, Math.Abs(score[i])));
        }
        // No better place nearby or far away, as far as bounds allow.
        var terms = fit.Model.Terms.SelectMany(t => Enumerable.Range(0, t.ParameterCount).Select(j => (Lower: t.Lower(j), Upper: t.Upper(j)))).ToArray();
        foreach (var factor in new[] { 0, 0.2, 0.5, 0.9, 0.99, 1.01, 1.1, 2, 5 })
        {
            for (var j = 0; j < theta.Length; j++)
            {
                double[] other = [.. fit.Theta];
                other[j] = Math.Clamp(factor == 0 ? 0 : factor * other[j] + (factor - 1) * 1e-3, terms[j].Lower, terms[j].Upper);
                Assert.True(search.ValueAt(other) <= fit.LogLikelihood + 1e-9, $"parameter {j} at {other[j]}");
            }
        }
    }

    [Fact]
    public void Where_times_are_whole_numbers_of_units_discrete_and_continuous_autoregression_are_one_model()
    {
        // A gap from 2 to 4 is two steps, not one.
        var effects = Effects([.. Times.Select(t => t == 3 ? 4 : t)]);
        var (ar, car) = (Fit(effects, CovarianceStructure.Autoregressive), Fit(effects, CovarianceStructure.ContinuousAutoregressive));
        Assert.True(ar.Covariances[0].CommonCorrelation > 0);
        Assert.Equal(car.LogLikelihood, ar.LogLikelihood, 1e-10);
        Assert.Equal(car.Covariances[0].CommonCorrelation!.Value, ar.Covariances[0].CommonCorrelation!.Value, 1e-6);
        var g = ar.RandomCovarianceMatrix();
        Assert.Equal(Math.Pow(g[0, 1] / g[0, 0], 3), g[0, 2] / g[0, 0], 1e-10);
        // Units of time change only the correlation of one unit.
        var months = Fit(Effects([.. Times.Select(t => 12 * (t == 3 ? 4 : t))]), CovarianceStructure.ContinuousAutoregressive);
        Assert.Equal(car.LogLikelihood, months.LogLikelihood, 1e-9);
        Assert.Equal(car.Covariances[0].CommonCorrelation!.Value, Math.Pow(months.Covariances[0].CommonCorrelation!.Value, 12), 1e-6);
    }

    [Fact]
    public void Held_at_their_estimates_components_give_the_same_fit_with_fewer_parameters()
    {
        var free = Fit(Effects(), CovarianceStructure.CompoundSymmetry, "outcome");
        var g = free.Covariances[0];
        var held = Fit(Effects(), CovarianceStructure.CompoundSymmetry, "outcome", new() { TauSquared = g.TauSquared, Correlation = g.CommonCorrelation });
        Assert.Equal(free.LogLikelihood, held.LogLikelihood, 1e-10);
        Assert.Equal(free.Estimate!.Value, held.Estimate!.Value, 1e-10);
        Assert.Equal(free.FitStatistics.ParameterCount - 2, held.FitStatistics.ParameterCount);
        var levels = MultilevelModel.Fit(Effects(), ["sample", MultilevelModel.EachEffect]);
        var again = MultilevelModel.Fit(Effects(), ["sample", MultilevelModel.EachEffect],
            new() { FixedSigmaSquared = levels.VarianceComponents.ToDictionary(c => c.Level, c => c.SigmaSquared) });
        Assert.Equal(levels.LogLikelihood, again.LogLikelihood, 1e-12);
        Assert.Equal(levels.PredictionInterval!.Value.Upper, again.PredictionInterval!.Value.Upper, 1e-12);
        Assert.All(again.VarianceComponents, c =>
        {
            Assert.True(c.IsFixed);
            Assert.Null(c.StandardError);
            Assert.Equal(c.SigmaSquared, c.SigmaSquaredInterval.Upper);
        });
    }

    [Fact]
    public void A_relation_without_correlations_is_a_plain_factor()
    {
        var identity = KnownRelation.Of("species", ["v", "u", "t", "s", "none"], new double[,] { { 2, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0 }, { 0, 0, 3, 0, 0 }, { 0, 0, 0, 1, 0 }, { 0, 0, 0, 0, 1 } });
        var related = MultilevelModel.Fit(Effects(), [], new() { KnownRelations = [identity] });
        var plain = MultilevelModel.Fit(Effects(), [], new() { CrossedFactors = ["species"] });
        Assert.Equal(plain.LogLikelihood, related.LogLikelihood, 1e-11);
        Assert.Equal(plain.Coefficients[0].ToString(), related.Coefficients[0].ToString());
        Assert.Equal(plain.VarianceComponents[0].ToString(), related.VarianceComponents[0].ToString());
        foreach (var effect in related.GroupEffects("species"))
        {
            var same = plain.GroupEffects("species").Single(e => e.Group == effect.Group);
            Assert.Equal((same.EffectCount, same.Inner), (effect.EffectCount, effect.Inner));
            Assert.Equal(same.Estimate, effect.Estimate, 1e-9);
            Assert.Equal(same.StandardError, effect.StandardError, 1e-9);
        }
        Assert.Equal(["species", "species (correlated)"], Related(Effects(), [], ["species"]).VarianceComponents.Select(c => c.Level));
    }

    [Fact]
    public void Relations_that_cannot_be_are_refused_with_what_is_wrong()
    {
        Assert.Contains("\"v\" is not in the known matrix", Refused<StudyDataException>(() => MultilevelModel.Fit(Effects(), [],
            new() { KnownRelations = [KnownRelation.Of("species", ["s", "t", "u"], new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } })] })), StringComparison.Ordinal);
        Assert.Contains("some combination of its values would have a negative variance", Refused<StudyDataException>(() => MultilevelModel.Fit(Effects(), [],
            new() { KnownRelations = [KnownRelation.Of("species", ["s", "t", "u", "v"], new[,] { { 1, 0.9, -0.9, 0 }, { 0.9, 1, 0.9, 0 }, { -0.9, 0.9, 1, 0 }, { 0, 0, 0, 1 } })] })), StringComparison.Ordinal);
        Assert.Contains("symmetric", Refused<ArgumentException>(() => KnownRelation.Of("species", ["s", "t"], new[,] { { 1, 0.2 }, { 0.3, 1 } })), StringComparison.Ordinal);
        Assert.Contains("two rows", Refused<ArgumentException>(() => KnownRelation.Of("species", ["s", "s"], new[,] { { 1, 0.2 }, { 0.2, 1 } })), StringComparison.Ordinal);
        // One species under two names makes the matrix singular, which is no fault.
        var twice = MultilevelModel.Fit(Effects(), [], new()
        {
            KnownRelations = [KnownRelation.Of("species", ["s", "t", "u", "v"], new[,] { { 1, 1, 0.2, 0 }, { 1, 1, 0.2, 0 }, { 0.2, 0.2, 1, 0 }, { 0, 0, 0, 1 } })],
        });
        Assert.True(double.IsFinite(twice.LogLikelihood));
    }

    [Fact]
    public void Times_must_be_numbers_at_a_common_step()
    {
        Assert.Contains("a time in numbers is needed", Refused<StudyDataException>(() => Fit(Effects(), CovarianceStructure.ContinuousAutoregressive, "outcome")), StringComparison.Ordinal);
        Assert.Contains("is no whole number of steps of 1 after 1: take the continuous structure",
            Refused<StudyDataException>(() => Fit(Effects([.. Times.Select(t => t == 3 ? 3.4 : t)]), CovarianceStructure.Autoregressive)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_outcome_in_one_cluster_is_named_as_what_is_wrong()
    {
        var effects = StudyEffects.Create([0.3, 0.2, 0.4, 0.1, 0.5, 0.25], [0.01, 0.02, 0.015, 0.012, 0.02, 0.018], columns: [
            StudyColumn.OfTexts("sample", ["A", "A", "A", "B", "C", "D"]), StudyColumn.OfTexts("outcome", ["a", "b", "b", "a", "a", "a"])]);
        foreach (var structure in new[] { CovarianceStructure.Unstructured, CovarianceStructure.HeteroscedasticCompoundSymmetry, CovarianceStructure.Diagonal })
        {
            Assert.Contains("\"b\" has effects in one sample only (\"A\"), from which no variance between them can be estimated",
                Refused<StudyDataException>(() => MultivariateModel.Fit(effects, "sample", "outcome", new() { Structure = structure })), StringComparison.Ordinal);
        }
        // One mean for all outcomes, one variance for all, or a variance that is held leaves enough.
        Assert.True(double.IsFinite(MultivariateModel.Fit(effects, "sample", "outcome", new() { Structure = CovarianceStructure.Diagonal, CommonMean = true }).LogLikelihood));
        Assert.True(double.IsFinite(MultivariateModel.Fit(effects, "sample", "outcome",
            new() { Structure = CovarianceStructure.CompoundSymmetry, Fixed = new() { Correlation = 0.5 } }).LogLikelihood));
        // Only one sample has both outcomes, and the mean of "b" takes up all that it says of their correlation.
        Assert.Contains("only one group has both",
            Refused<StudyDataException>(() => MultivariateModel.Fit(effects, "sample", "outcome", new() { Structure = CovarianceStructure.CompoundSymmetry })), StringComparison.Ordinal);
        Assert.True(double.IsFinite(MultivariateModel.Fit(effects, "sample", "outcome",
            new() { Structure = CovarianceStructure.Diagonal, Fixed = new() { TauSquaredOf = new Dictionary<string, double> { ["b"] = 0.02 } } }).LogLikelihood));
    }

    [Fact]
    public void Components_that_a_structure_does_not_have_cannot_be_held()
    {
        Assert.Contains("no correlation", Refused<ArgumentException>(() => Fit(Effects(), CovarianceStructure.Diagonal, "outcome", new() { Correlation = 0.5 })), StringComparison.Ordinal);
        Assert.Contains("one variance", Refused<ArgumentException>(() => Fit(Effects(), CovarianceStructure.CompoundSymmetry, "outcome",
            new() { TauSquaredOf = new Dictionary<string, double> { ["a"] = 0.5 } })), StringComparison.Ordinal);
        Assert.Contains("between -0.5 and 1", Refused<ArgumentException>(() => Fit(Effects(), CovarianceStructure.CompoundSymmetry, "outcome", new() { Correlation = -0.9 })), StringComparison.Ordinal);
        Assert.Contains("did you mean \"a\"", Refused<StudyDataException>(() => Fit(Effects(), CovarianceStructure.Diagonal, "outcome",
            new() { TauSquaredOf = new Dictionary<string, double> { ["A"] = 0.5 } })), StringComparison.Ordinal);
        Assert.Contains("more than two outcomes", Refused<ArgumentException>(() => Fit(Effects(), CovarianceStructure.Unstructured, "outcome", new() { Correlation = 0.5 })), StringComparison.Ordinal);
        Assert.Contains("sample", Refused<StudyDataException>(() => MultilevelModel.Fit(Effects(), ["sample"],
            new() { FixedSigmaSquared = new Dictionary<string, double> { ["samples"] = 0.5 } })), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedComponents { TauSquared = -1 });
    }

    [Fact]
    public void A_common_mean_has_its_own_intervals()
    {
        var cs = Fit(Effects(), CovarianceStructure.CompoundSymmetry, "outcome");
        Assert.Equal(cs.PredictionInterval, cs.PredictionIntervalOf("a"));
        Assert.True(cs.PredictionInterval!.Value.Lower < cs.ConfidenceInterval!.Value.Lower);
        var diagonal = Fit(Effects(), CovarianceStructure.Diagonal, "outcome");
        Assert.Null(diagonal.PredictionInterval);
        Assert.True(diagonal.PredictionIntervalOf("c").Contains(diagonal.Estimate!.Value));
        Assert.Null(MultivariateModel.Fit(Effects(), "sample", "outcome", new() { Structure = CovarianceStructure.Diagonal }).Estimate);
        Assert.Throws<ImpossibleChoiceException>(() => MultivariateModel.Fit(Effects(), "sample", "outcome", new() { CommonMean = true, Moderators = Moderator.Number("time") }));
    }

    [Fact]
    public void Components_that_cannot_be_told_apart_are_said()
    {
        // Each sample has one effect of an outcome: what its outcomes do not share is what single effects are.
        var effects = StudyEffects.Create([.. Effects().Effects.Select(y => 4 * y)], Effects().Variances, columns: Effects().Columns);
        var fit = MultivariateModel.Fit(effects, "sample", "outcome", new() { Structure = CovarianceStructure.CompoundSymmetry, CommonMean = true, Levels = [MultilevelModel.EachEffect] });
        Assert.Contains(fit.Warnings, w => w.StartsWith("Some variances cannot be told apart", StringComparison.Ordinal));
        Assert.DoesNotContain(MultilevelModel.Fit(Effects(), ["sample", MultilevelModel.EachEffect]).Warnings, w => w.StartsWith("Some variances", StringComparison.Ordinal));
    }

    private static string Refused<T>(Action action)
        where T : Exception => Assert.ThrowsAny<T>(action).Message;
}
