using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public sealed partial class PooledFit : IFitGeometry, IFitPredictions
{
    /// <summary>What was chosen: <see cref="RandomEffectsOptions"/>, or <see cref="EqualEffectsOptions"/> for a model without tau².</summary>
    public ModelOptions Options => Estimator is { } estimator
        ? new RandomEffectsOptions { TauSquared = estimator, Inference = Inference, ConfidenceLevel = ConfidenceLevel, Weights = Model.Weights }
        : new EqualEffectsOptions { Inference = Inference, ConfidenceLevel = ConfidenceLevel, Weights = Model.Weights, TakesEffectsAsFixed = Model.IsFixed };

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public PooledFit Refit(StudyEffects effects)
    {
        ArgumentNullException.ThrowIfNull(effects);
        _ = StudyWeights.Check(Model.Weights, effects);
        return Model.Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());
    }

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public PooledFit Refit(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var effects = Effects.Select(rows);
        var model = Model.Weights is { } all ? Model with { Weights = [.. rows.Select(i => all[i])] } : Model;
        return model.Fit(effects, effects.Effects.AsSpan(), effects.Variances.AsSpan());
    }

    /// <summary>The mean effect with its test, as other fits have it among their coefficients.</summary>
    public Coefficient Mean => new("Intercept", Estimate, StandardError, Statistic, DegreesOfFreedom, PValue, ConfidenceInterval) { Origin = Effects.Origin };

    Coefficient? IModelFit.Mean => Mean;

    double[,] IModelFit.CovarianceMatrix() => new[,] { { StandardError * StandardError } };

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values) => values is null or { Count: 0 } ? Mean : throw ModeratorDesign.NoModerator(values);

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => IsRandomEffects ? TauSquared : null;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values) => TauSquaredStandardError;

    DesignMatrix IFitGeometry.Matrix => DesignMatrix.Constant(Count);

    double IFitGeometry.Scale => _scale;

    bool IFitGeometry.HasGivenWeights => _poolingWeights is not null;

    double[] IFitGeometry.MarginalCovariance(int[] rows, IModelFit at) => IndependentGeometry.Marginal(Effects, rows, _ => ((PooledFit)at).TauSquared);

    double[] IFitGeometry.CovarianceAt(IModelFit at) => new StudyGeometry(Deletions.Of(this)).CovarianceAt(((PooledFit)at).TauSquared);

    ImmutableArray<OmittedStudy> IModelFit.Omitted => [];

    Moderator? IModelFit.Moderators => null;

    ImmutableArray<Coefficient> IModelFit.Coefficients => [Mean];

    ModeratorTest? IModelFit.ModeratorTest => null;

    ImmutableArray<TermTest> IModelFit.TermTests => [];

    EffectClusters? IModelFit.Clusters => null;

    double? IModelFit.TauSquared => IsRandomEffects ? TauSquared : null;

    ImmutableArray<double> IModelFit.TrueEffectVariances => [.. Enumerable.Repeat(TauSquared, Count)];

    QTest? IModelFit.Q => Heterogeneity.Q;

    double? IModelFit.ISquared => Heterogeneity.ISquared;

    HeterogeneityMeasures? IModelFit.Heterogeneity => Heterogeneity;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => [];

    FitStatistics? IModelFit.FitStatistics => FitStatistics;

    ImmutableArray<double> IModelFit.FittedValues => [.. Enumerable.Repeat(Estimate, Count)];

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => this.EffectResiduals();

    Prediction? IModelFit.Predict(ModeratorValues? values) => values is null or { Count: 0 }
        ? new Prediction(Estimate, StandardError, ConfidenceInterval, PredictionInterval) { Origin = Effects.Origin } : throw ModeratorDesign.NoModerator(values);

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => Refit(rows);
}
