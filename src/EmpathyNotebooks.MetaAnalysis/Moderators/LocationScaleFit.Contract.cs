using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public sealed partial class LocationScaleFit : IFitGeometry, IFitPredictions
{
    /// <summary>How standard errors, tests and intervals were found.</summary>
    public Inference Inference => Options.Inference;

    /// <summary>The level of all intervals.</summary>
    public double ConfidenceLevel => Options.ConfidenceLevel;

    /// <summary>The share of each effect in the weights 1/(v + tau²), as fractions of 1.</summary>
    public ImmutableArray<double> Weights
    {
        get
        {
            double[] weights = [.. TauSquared.Select((tau2, i) => 1 / (Effects.Variances[i] + tau2))];
            var total = weights.Sum();
            return [.. weights.Select(w => w / total)];
        }
    }

    /// <summary>The mean effect the model expects for each effect used.</summary>
    public ImmutableArray<double> FittedValues => [.. Enumerable.Range(0, Count).Select(i => _location.AtOrthonormal(OrthonormalRow(i)).Estimate)];

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings => Effects.SharingWarning is { } sharing ? [sharing] : [];

    /// <summary>The residuals of the effects, each with its own tau².</summary>
    public ImmutableArray<EffectResidual> EffectResiduals()
    {
        var p = LocationCoefficients.Length;
        var rows = ImmutableArray.CreateBuilder<EffectResidual>(Count);
        for (var i = 0; i < Count; i++)
        {
            var q = OrthonormalRow(i);
            var residual = Effects.Effects[i] - _location.AtOrthonormal(q).Estimate;
            var size = Effects.Variances[i] + TauSquared[i];
            // (X'WX)⁻¹ without the factor of Hartung and Knapp: the variance of a fitted value under the model.
            var variance = size;
            for (var a = 0; a < p; a++)
            {
                for (var b = 0; b < p; b++) variance -= q[a] * _search.Covariance[a * p + b] * q[b];
            }
            double? se = variance > 1e-10 * size ? Math.Sqrt(variance) : null;
            var pearson = residual / Math.Sqrt(size);
            rows.Add(new EffectResidual(i, Effects.Labels[i], residual, pearson, se, residual / se, pearson) { Origin = Effects.Origin });
        }
        return rows.MoveToImmutable();
    }

    /// <summary>The best linear unbiased prediction of each study's true effect, each with its own tau²; see <see cref="Sensitivity.Blups(PooledFit)"/>.</summary>
    public ImmutableArray<Blup> Blups() => [.. Enumerable.Range(0, Count).Select(i => StudyPredictions.Blup(Effects, i, TauSquared[i], OrthonormalRow(i), _location))];

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public LocationScaleFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public LocationScaleFit Refit(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return LocationScale.Fit(Effects.Select(rows), [], Options, _x?.ForRows(rows, _x.Matrix.ForRows(rows)), _z?.ForRows(rows, _z.Matrix.ForRows(rows)));
    }

    /// <summary>The same model of other effects of the same studies.</summary>
    internal LocationScaleFit With(double[] effects)
    {
        var other = Effects.WithEffects(effects);
        return LocationScale.Fit(other, [], Options, _x?.For(other, _x.Matrix), _z?.For(other, _z.Matrix));
    }

    /// <summary>The covariance matrix of <see cref="LocationCoefficients"/>, a copy.</summary>
    public double[,] CovarianceMatrix() => DependentFit.Square(_location.Covariance, LocationCoefficients.Length);

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values) => values is null && (Location ?? Scale) is not null ? null
        : _location.Combination("Mean", _x?.Encode(Only(values ?? [], _x)) ?? [1]);

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => TauSquaredAt(Only(values ?? [], _z)).TauSquared;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values)
    {
        // The delta method from ln tau².
        var log = _scale.Predict(_z?.Encode(Only(values ?? [], _z)) ?? [1], 0, false);
        return Math.Exp(log.Estimate) * log.StandardError;
    }

    DesignMatrix IFitGeometry.Matrix => _matrix;

    double IFitGeometry.Scale => _factor;

    bool IFitGeometry.HasGivenWeights => false;

    double[] IFitGeometry.MarginalCovariance(int[] rows, IModelFit at)
    {
        var tau2 = TauSquaredUnder((LocationScaleFit)at);
        return IndependentGeometry.Marginal(Effects, rows, i => tau2[i]);
    }

    double[]? IFitGeometry.CovarianceAt(IModelFit at)
    {
        var tau2 = TauSquaredUnder((LocationScaleFit)at);
        return IndependentGeometry.Bread(_matrix, [.. tau2.Select((t, i) => 1 / (Effects.Variances[i] + t))]);
    }

    /// <summary>tau² of each study of this fit by the coefficients of the scale of another.</summary>
    private double[] TauSquaredUnder(LocationScaleFit at)
    {
        double[] alpha = [.. at.ScaleCoefficients.Select(c => c.Estimate)];
        var log = new double[Count];
        for (var j = 0; j < alpha.Length; j++)
        {
            for (var i = 0; i < Count; i++) log[i] += alpha[j] * (_z?.Matrix.Columns[j * Count + i] ?? 1);
        }
        return [.. log.Select(Math.Exp)];
    }

    ModelOptions IModelFit.Options => Options;

    bool IModelFit.IsRandomEffects => true;

    Moderator? IModelFit.Moderators => Location;

    ImmutableArray<Coefficient> IModelFit.Coefficients => LocationCoefficients;

    ModeratorTest? IModelFit.ModeratorTest => LocationTest;

    ImmutableArray<TermTest> IModelFit.TermTests => _x is null ? [] :
    [
        .. _x.TermNames.Select((name, t) => (name, Columns: Enumerable.Range(0, _x.Columns.Length).Where(j => _x.Columns[j].Term == t).ToArray()))
            .Where(t => t.Columns.Length > 0).Select(t => new TermTest(t.name, _location.Test(t.Columns))),
    ];

    EffectClusters? IModelFit.Clusters => null;

    double? IModelFit.TauSquared => Scale is null ? TauSquared[0] : null;

    ImmutableArray<double> IModelFit.TrueEffectVariances => TauSquared;

    QTest? IModelFit.Q => null;

    double? IModelFit.ISquared => null;

    HeterogeneityMeasures? IModelFit.Heterogeneity => null;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => [];

    FitStatistics? IModelFit.FitStatistics => FitStatistics;

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => EffectResiduals();

    Prediction? IModelFit.Predict(ModeratorValues? values) => values is not null ? Predict(values) : Location is null && Scale is null ? Predict(new ModeratorValues()) : null;

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => Refit(rows);

    private double[] OrthonormalRow(int study) => [.. Enumerable.Range(0, LocationCoefficients.Length).Select(j => _matrix.Orthonormal[j * Count + study])];
}
