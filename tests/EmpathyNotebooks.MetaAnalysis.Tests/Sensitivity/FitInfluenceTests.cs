using EmpathyNotebooks.MetaAnalysis.Tests.Fits;

namespace EmpathyNotebooks.MetaAnalysis.Tests.SensitivityOfFits;

/// <summary>Influence on fits of every kind, against the methods of single kinds and against what the definitions say.</summary>
public class FitInfluenceTests
{
    private static readonly StudyEffects Effects = FitContractTests.Effects;

    public static TheoryData<string> Kinds => FitContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_answers_by_effect_and_by_cluster(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        foreach (var cluster in new[] { null, "sample" })
        {
            var influence = fit.InfluenceOf(cluster);
            var deletions = fit.LeaveOneOut(cluster);
            Assert.Equal(cluster, influence.Cluster);
            Assert.Equal(deletions.Select(d => d.Name), influence.Rows.Select(r => r.Name));
            Assert.Equal(1, influence.Rows.Sum(r => r.Weight), 1e-10);
            Assert.Equal(fit.Coefficients.Length, influence.Rows.Sum(r => r.Hat), 1e-8);
            Assert.All(influence.Rows, (row, c) =>
            {
                Assert.Equal(deletions[c].Rows, row.Rows);
                Assert.Equal(deletions[c].Fit is null, row.Absence is not null);
                if (deletions[c].Fit is not { } without) return;
                Assert.All(row.EstimatesWithout, (b, j) => Assert.Equal(without.Coefficients[j].Estimate, b, 1e-9 * Math.Max(1, Math.Abs(b))));
                Assert.NotNull(row.CookDistance);
                Assert.Equal(without.TauSquared.HasValue, row.TauSquaredWithout.HasValue);
                if (row.TauSquaredWithout is { } tau2) Assert.Equal(without.TauSquared!.Value, tau2, 1e-9);
                if (row.QWithout is { } q && without.Q is { } expected) Assert.Equal(expected.Statistic, q, 1e-8 * q);
                Assert.All(row.StudentizedResiduals, r => Assert.True(double.IsFinite(r)));
                // What is published is not normal around what a selection model expects, so that its residuals have no covariance.
                if (fit is not (RobustVarianceFit or SelectionFit)) Assert.Equal(row.Rows.Length, row.StudentizedResiduals.Length);
                if (row.StudentizedResidual is { } alone) Assert.Equal(alone * alone, row.ChiSquared!.Value, 1e-8 * Math.Max(1, alone * alone));
                Assert.Equal(row.Rows.Length == 1 && fit is not RobustVarianceFit and not SelectionFit and not MultilevelFit { Options.Weights: not null }, row.Dffits.HasValue);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cooks_distance_and_the_covariance_ratio_are_what_they_are_defined_as(string kind)
    {
        var fit = FitContractTests.Models[kind].FitTo(Effects);
        foreach (var (row, deletion) in fit.InfluenceOf("sample").Rows.Zip(fit.LeaveOneOut("sample")))
        {
            if (deletion.Fit is not { } without) continue;
            var s = Matrix(fit);
            var change = Vector(fit) - Vector(without);
            var cook = change * s.Inverse().Multiply(change);
            Assert.Equal(cook, row.CookDistance!.Value, 1e-5 * Math.Max(1, cook));
            var ratio = Matrix(without).Determinant() / s.Determinant();
            Assert.Equal(ratio, row.CovarianceRatio!.Value, 1e-5 * Math.Max(1, ratio));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Single_effects_by_refits_are_single_effects_by_the_faster_way(string kind)
    {
        var named = StudyEffects.Create(Effects.Effects, Effects.Variances, Effects.Measure,
            columns: [.. Effects.Columns, StudyColumn.OfTexts("each", Enumerable.Range(1, Effects.Count).Select(i => i.ToString()))]);
        var fit = FitContractTests.Models[kind].FitTo(named);
        if (fit is not (PooledFit or MetaRegressionFit)) return;
        AssertSame(fit.InfluenceOf(), fit.InfluenceOf("each"));
    }

    [Fact]
    public void A_model_without_clusters_is_the_same_as_a_pooled_one_whatever_it_is_called()
    {
        var pooled = RandomEffects.Fit(Effects, new() { Inference = Inference.Normal });
        AssertSame(pooled.InfluenceOf(), MultilevelModel.Fit(Effects, [MultilevelModel.EachEffect], new() { Inference = Inference.Normal }).InfluenceOf(), 1e-6);
        AssertSame(pooled.InfluenceOf(), LocationScale.Fit(Effects, new LocationScaleOptions { Inference = Inference.Normal }).InfluenceOf(), 1e-5, hasQ: false);
        var knapp = RandomEffects.Fit(Effects);
        AssertSame(knapp.InfluenceOf(), LocationScale.Fit(Effects, new LocationScaleOptions { Inference = Inference.HartungKnapp }).InfluenceOf(), 1e-5, hasQ: false);
        AssertSame(pooled.InfluenceOf("sample"), MultilevelModel.Fit(Effects, [MultilevelModel.EachEffect], new() { Inference = Inference.Normal }).InfluenceOf("sample"), 1e-6);
    }

    [Fact]
    public void Dependent_models_give_the_numbers_of_their_own_method()
    {
        DependentFit[] fits =
        [
            MultilevelModel.Fit(Effects, ["sample", MultilevelModel.EachEffect], new() { SamplingCorrelation = 0.6 }),
            MultilevelModel.Fit(Effects, ["sample"], new() { SamplingCorrelation = 0.6, Moderators = Moderator.Category("rater") }),
            MultivariateModel.Fit(Effects, "sample", "outcome", new() { Structure = CovarianceStructure.CompoundSymmetry, SamplingCorrelation = 0.4 }),
        ];
        foreach (var fit in fits)
        {
            foreach (var cluster in new[] { MultilevelModel.EachEffect, EffectClusters.OfFit })
            {
                var ours = fit.InfluenceOf(cluster).Rows;
                var own = fit.Influence(cluster == EffectClusters.OfFit ? null : cluster);
                Assert.Equal(own.Select(r => r.Cluster), ours.Select(r => r.Name));
                Assert.All(own, (row, c) =>
                {
                    Assert.Equal(row.Absence is null, ours[c].Absence is null);
                    if (row.Absence is not null) return;
                    Assert.Equal(row.CookDistance!.Value, ours[c].CookDistance!.Value, 1e-9);
                    Assert.Equal(row.CovarianceRatio!.Value, ours[c].CovarianceRatio!.Value, 1e-9);
                    Assert.Equal(row.ChiSquared!.Value, ours[c].ChiSquared!.Value, 1e-8);
                    Assert.All(row.DfBetas, (d, j) => Assert.Equal(d, ours[c].DfBetas[j], 1e-9));
                    Assert.All(row.Residuals, (r, i) => Assert.Equal(r.Studentized, ours[c].StudentizedResiduals[i], 1e-9));
                });
            }
        }
    }

    [Fact]
    public void Clusters_are_marked_by_the_two_limits_that_ask_how_far_the_coefficients_move()
    {
        var influence = ((IModelFit)RandomEffects.Fit(Effects)).InfluenceOf("sample");
        Assert.Null(influence.DffitsLimit);
        Assert.Null(influence.HatLimit);
        Assert.Equal(0.4549364, influence.CookLimit, 1e-6);
        Assert.All(influence.Rows, r => Assert.Equal(r.CookDistance > influence.CookLimit || r.DfBetas.Any(d => Math.Abs(d) > 1), r.IsInfluential));
        var single = ((IModelFit)RandomEffects.Fit(Effects)).InfluenceOf();
        Assert.Equal(0.25, single.HatLimit!.Value, 1e-12);
        Assert.Equal(RandomEffects.Fit(Effects).Influence().Influential.Select(r => r.Label), single.Influential.Select(r => r.Name));
    }

    [Fact]
    public void Too_few_effects_give_rows_with_a_reason()
    {
        IModelFit fit = RandomEffects.Fit(StudyEffects.Create([0.1, 0.4], [0.01, 0.02]));
        Assert.All(fit.InfluenceOf().Rows, r =>
        {
            Assert.NotNull(r.Absence);
            Assert.Null(r.CookDistance);
            Assert.Empty(r.DfBetas);
            Assert.InRange(r.Hat, 0, 1);
        });
    }

    private static void AssertSame(FitInfluence expected, FitInfluence actual, double tolerance = 1e-8, bool hasQ = true)
    {
        Assert.Equal(expected.Rows.Length, actual.Rows.Length);
        Assert.All(expected.Rows, (e, i) =>
        {
            var a = actual.Rows[i];
            Near(e.Hat, a.Hat, "hat");
            Near(e.Weight, a.Weight, "weight");
            Near(e.CookDistance, a.CookDistance, "Cook's distance");
            Near(e.CovarianceRatio, a.CovarianceRatio, "covariance ratio");
            Near(e.ChiSquared, a.ChiSquared, "X2");
            Near(e.Dffits, a.Dffits, "DFFITS");
            Near(e.TauSquaredWithout, a.TauSquaredWithout, "tau2");
            if (hasQ) Near(e.QWithout, a.QWithout, "Q");
            Assert.All(e.DfBetas, (d, j) => Near(d, a.DfBetas[j], "DFBETAS"));
            Assert.All(e.StudentizedResiduals, (r, j) => Near(r, a.StudentizedResiduals[j], "studentised residual"));
        });

        void Near(double? x, double? y, string what) => Assert.True(x is { } u && y is { } v ? Math.Abs(u - v) <= tolerance * Math.Max(1, Math.Abs(u)) : x is null && y is null, $"{what}: {x} and {y}");
    }

    private static MathNet.Numerics.LinearAlgebra.Double.DenseMatrix Matrix(IModelFit fit) => MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfArray(fit.CovarianceMatrix());

    private static MathNet.Numerics.LinearAlgebra.Vector<double> Vector(IModelFit fit) =>
        MathNet.Numerics.LinearAlgebra.Double.DenseVector.OfEnumerable(fit.Coefficients.Select(c => c.Estimate));
}
