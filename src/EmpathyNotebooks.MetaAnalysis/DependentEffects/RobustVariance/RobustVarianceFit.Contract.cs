using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public sealed partial class RobustVarianceFit : IFitGeometry, IFitPredictions
{
    /// <summary>The mean effect the model expects for each effect used.</summary>
    public ImmutableArray<double> FittedValues
    {
        get
        {
            var beta = Coefficients.Select(c => c.Estimate).ToArray();
            return [.. Enumerable.Range(0, Count).Select(i => BlockMatrix.Dot(_data.Row(i), beta))];
        }
    }

    /// <summary>Which effects share a sample.</summary>
    public EffectClusters Clusters
    {
        get
        {
            var (groups, names) = LevelReader.Code(LevelReader.Keys(Effects, Cluster));
            return new EffectClusters(Cluster, groups, names);
        }
    }

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public RobustVarianceFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public RobustVarianceFit Refit(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new RobustVarianceFit(_data.ForRows(rows, _data.Matrix.ForRows(rows)), Options);
    }

    /// <summary>The model fitted to clusters drawn with replacement, each draw a cluster of its own.</summary>
    internal RobustVarianceFit Drawn(int[] rows, int[] draws) => new(_data.For(Effects.Drawn(rows, draws, Cluster), _data.Matrix.ForRows(rows), null), Options);

    double[,] IModelFit.CovarianceMatrix() => Robust.CovarianceMatrix();

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values) => Robust.MeanAt(values);

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => of == NewTrueEffect.Effect ? TrueEffectVariance : TauSquared;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values) => null;

    DesignMatrix IFitGeometry.Matrix => _data.Matrix;

    double IFitGeometry.Scale => 1;

    bool IFitGeometry.HasGivenWeights => false;

    double[]? IFitGeometry.MarginalCovariance(int[] rows, IModelFit at) => null;

    double[]? IFitGeometry.CovarianceAt(IModelFit at) => null;

    ModelOptions IModelFit.Options => Options;

    string IModelFit.MethodCode => ModelCode;

    Inference IModelFit.Inference => Options.Inference;

    double IModelFit.ConfidenceLevel => Options.ConfidenceLevel;

    bool IModelFit.IsRandomEffects => true;

    ModeratorTest? IModelFit.ModeratorTest => Moderators is null ? null : Robust.ModeratorTest;

    ImmutableArray<TermTest> IModelFit.TermTests => [];

    double? IModelFit.TauSquared => TrueEffectVariance;

    ImmutableArray<double> IModelFit.TrueEffectVariances => [.. Enumerable.Repeat(TrueEffectVariance, Count)];

    QTest? IModelFit.Q => null;

    HeterogeneityMeasures? IModelFit.Heterogeneity => null;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => [];

    FitStatistics? IModelFit.FitStatistics => null;

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => null;

    Prediction? IModelFit.Predict(ModeratorValues? values) => Moderators is null
        ? values is null or { Count: 0 } ? Coefficients[0].HasStandardError ? Robust.Predict() : null : throw ModeratorDesign.NoModerator(values)
        : values is null ? null : Predict(values);

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => Refit(rows);

    /// <summary>
    /// V and M of the effects of one cluster in the working model: with correlated effects each has the mean of the variances and errors correlate ρ, with hierarchical ones errors are
    /// independent; true effects vary by τ² between and ω² within clusters.
    /// </summary>
    internal (double[] V, double[] M) WorkingCovariancesOf(int[] rows)
    {
        var n = rows.Length;
        var (v, m) = (new double[n * n], new double[n * n]);
        var mean = rows.Average(i => Effects.Variances[i]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                v[i * n + j] = WorkingModel == WorkingModel.Correlated ? mean * (i == j ? 1 : Options.SamplingCorrelation) : i == j ? Effects.Variances[rows[i]] : 0;
                m[i * n + j] = v[i * n + j] + TauSquared + (i == j ? OmegaSquared ?? 0 : 0);
            }
        }
        return (v, m);
    }

    /// <summary>The design; null without moderators.</summary>
    internal ModeratorDesign? Design => _data.Design;

    private double TrueEffectVariance => TauSquared + (OmegaSquared ?? 0);
}
