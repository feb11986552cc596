using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public sealed partial class MetaRegressionFit : IFitGeometry, IFitPredictions
{
    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public MetaRegressionFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public MetaRegressionFit Refit(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var weights = Options.Weights is { } all ? StudyWeights.Check([.. rows.Select(i => all[i])], Effects.Select(rows)) : null;
        return MetaRegression.Fit(Options with { Weights = weights }, _design.ForRows(rows, _design.Matrix.ForRows(rows)));
    }

    /// <summary>The same model of other effects of the same studies.</summary>
    internal MetaRegressionFit With(double[] effects) => MetaRegression.Fit(Options, _design.For(Effects.WithEffects(effects), _design.Matrix));

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values) => values is null ? null : Linear.Combination("Mean", _design.Encode(values));

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => IsRandomEffects ? TauSquared : null;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values) => TauSquaredStandardError;

    DesignMatrix IFitGeometry.Matrix => _design.Matrix;

    double IFitGeometry.Scale => Core.Scale;

    bool IFitGeometry.HasGivenWeights => Core.FitWeights is not null;

    double[] IFitGeometry.MarginalCovariance(int[] rows, IModelFit at) => IndependentGeometry.Marginal(Effects, rows, _ => ((MetaRegressionFit)at).TauSquared);

    double[] IFitGeometry.CovarianceAt(IModelFit at) => new StudyGeometry(Deletions.Of(this)).CovarianceAt(((MetaRegressionFit)at).TauSquared);

    ModelOptions IModelFit.Options => Options;

    Moderator? IModelFit.Moderators => Moderators;

    ModeratorTest? IModelFit.ModeratorTest => ModeratorTest;

    EffectClusters? IModelFit.Clusters => null;

    double? IModelFit.TauSquared => IsRandomEffects ? TauSquared : null;

    ImmutableArray<double> IModelFit.TrueEffectVariances => [.. Enumerable.Repeat(TauSquared, Count)];

    QTest? IModelFit.Q => Heterogeneity.Q;

    double? IModelFit.ISquared => Heterogeneity.ISquared;

    HeterogeneityMeasures? IModelFit.Heterogeneity => Heterogeneity;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => [];

    FitStatistics? IModelFit.FitStatistics => FitStatistics;

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => this.EffectResiduals();

    Prediction? IModelFit.Predict(ModeratorValues? values) => values is null ? null : Predict(values);

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => Refit(rows);
}
