using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public abstract partial class DependentFit : IFitGeometry, IFitPredictions
{
    /// <summary>Which effects share a sample: the groups of the outermost level, or those of the sampling covariance.</summary>
    public EffectClusters Clusters
    {
        get
        {
            var (groups, names) = ClustersOf(null);
            return new EffectClusters(OutermostCluster, groups, names);
        }
    }

    /// <summary>True where true effects differ at some level.</summary>
    public bool IsRandomEffects => Model.Terms.Count > 0;

    /// <summary>The variance of the true effect behind each effect used, over all levels together.</summary>
    public ImmutableArray<double> TrueEffectVariances =>
        [.. Enumerable.Range(0, Count).Select(i => Model.CovarianceOf([i], Elements)[0] - Effects.Variances[i]).Select(v => Math.Max(0, v))];

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values)
    {
        if (_data.Design is { } design) return values is null ? null : Combination("Mean", design.Encode(values));
        return values is null or { Count: 0 } ? Combination("Mean", [1]) : throw ModeratorDesign.NoModerator(values);
    }

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => !IsRandomEffects ? null : of == NewTrueEffect.Effect ? TrueEffectVariance(values) : StudyMeanVariance;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values) => VarianceStandardError(of);

    DesignMatrix IFitGeometry.Matrix => _data.Matrix;

    double IFitGeometry.Scale => 1;

    bool IFitGeometry.HasGivenWeights => Common.Weights is not null;

    double[] IFitGeometry.MarginalCovariance(int[] rows, IModelFit at) => Model.CovarianceOf(rows, Model.ElementsAt(((DependentFit)at).Theta));

    double[]? IFitGeometry.CovarianceAt(IModelFit at) =>
        Common.Weights is null ? CovarianceWith(((DependentFit)at).Theta) : null;

    ModelOptions IModelFit.Options => Common;

    ModeratorTest? IModelFit.ModeratorTest => Moderators is null ? null : ModeratorTest;

    double? IModelFit.TauSquared => IsRandomEffects ? TrueEffectVariance(null) : null;

    QTest? IModelFit.Q => Q;

    double? IModelFit.ISquared => TotalISquared;

    HeterogeneityMeasures? IModelFit.Heterogeneity => null;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => LevelComponents;

    FitStatistics? IModelFit.FitStatistics => FitStatistics;

    ImmutableArray<double> IModelFit.Weights => Common.Weights is { } given ? [.. given.Select(w => w / given.Sum())] : RowSumWeights ?? DiagonalWeights;

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => Common.Weights is null ? EffectResiduals() : null;

    Prediction? IModelFit.Predict(ModeratorValues? values) => Moderators is null
        ? values is null or { Count: 0 } ? PooledPrediction : throw ModeratorDesign.NoModerator(values)
        : values is null ? null : Predict(values);

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public DependentFit Refit(StudyEffects effects) => (DependentFit)Common.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public DependentFit Refit(IReadOnlyList<int> rows) => RefitTo(rows);

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => RefitTo(rows);

    private protected abstract DependentFit RefitTo(IReadOnlyList<int> rows);

    /// <summary>The model fitted to clusters drawn with replacement, each draw a cluster of its own.</summary>
    /// <param name="rows">The rows, cluster by cluster.</param>
    /// <param name="draws">With which draw each came.</param>
    internal DependentFit Drawn(int[] rows, int[] draws)
    {
        var effects = _data.Effects.Drawn(rows, draws, OutermostCluster);
        var matrix = _data.Matrix.ForRows(rows);
        var data = _data.For(effects, matrix, _data.Weights is { } weights ? [.. rows.Select(i => weights[i])] : null);
        var model = Model.Select(rows, draws) ?? throw DesignMatrix.Undetermined(rows.Length);
        LevelReader.Check(model.Terms);
        return Again(data, model with { Start = Theta });
    }

    /// <summary>The same model of other effects of the same studies.</summary>
    internal DependentFit With(double[] effects) => Again(_data.For(_data.Effects.WithEffects(effects), _data.Matrix, _data.Weights), Model.WithEffects(effects) with { Start = Theta });

    /// <summary>What ties effects of different clusters together, or null where clusters are independent.</summary>
    internal string? Crossing(int[] clusters) => new MixedSource(this).Crossing(clusters);

    /// <summary>The same choices for other data, which a model is made of already.</summary>
    private protected abstract DependentFit Again(DependentData data, MixedModel model);

    /// <summary>The variance of the mean of a new group of the outermost level; null where a kind of model has none.</summary>
    private protected virtual double? StudyMeanVariance => null;

    /// <summary>The standard error of the variance of a new true effect; null where a kind of model gives none.</summary>
    private protected virtual double? VarianceStandardError(NewTrueEffect of) => null;

    /// <summary>The share of the variance that is heterogeneity at any level; null where a kind of model has none for all effects.</summary>
    private protected abstract double? TotalISquared { get; }

    private protected abstract ImmutableArray<VarianceComponent> LevelComponents { get; }

    /// <summary>Data, model and sampling covariance of some of the rows.</summary>
    private protected (DependentData Data, MixedModel Model, SamplingCovariance? Covariance) Subset(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count <= CoefficientCount)
        {
            throw new InsufficientStudiesException($"A model with {StatisticText.Count(CoefficientCount, "coefficient")}", CoefficientCount + 1, rows.Count, StudyCount.Effects);
        }
        var matrix = _data.Matrix.ForRows(rows);
        var data = _data.ForRows(rows, matrix);
        var model = Model.Select([.. rows]) ?? throw DesignMatrix.Undetermined(rows.Count);
        LevelReader.Check(model.Terms);
        return (data, model, SamplingCovariance?.ForRows(Effects, rows));
    }
}
