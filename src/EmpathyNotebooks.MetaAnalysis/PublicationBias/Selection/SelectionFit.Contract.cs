using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <content>What all fits have in common.</content>
public sealed partial class SelectionFit : IFitGeometry, IFitPredictions
{
    /// <summary>The test that no moderator matters; null without moderators.</summary>
    public ModeratorTest? ModeratorTest => _design is null ? null
        : _linear.Test([.. Enumerable.Range(_design.HasIntercept ? 1 : 0, _matrix.Parameters - (_design.HasIntercept ? 1 : 0))]);

    /// <summary>The test of each term with the others in the model; empty without moderators.</summary>
    public ImmutableArray<TermTest> TermTests => _design is null ? [] : [.. _design.TermNames.Select((name, t) => (name, Columns: Enumerable.Range(0, _matrix.Parameters).Where(j => _design.Columns[j].Term == t).ToArray()))
        .Where(t => t.Columns.Length > 0).Select(t => new TermTest(t.name, _linear.Test(t.Columns)))];

    /// <summary>1/(v + τ²) as shares of 1: what each effect would weigh at this τ² without selection. In the model itself no effect has a weight of its own.</summary>
    public ImmutableArray<double> Weights
    {
        get
        {
            double[] weights = [.. Effects.Variances.Select(v => 1 / (v + TauSquared))];
            var sum = weights.Sum();
            return [.. weights.Select(w => w / sum)];
        }
    }

    /// <summary>The mean of true effects for the moderators of each effect, published or not; what is published lies higher.</summary>
    public ImmutableArray<double> FittedValues => [.. Enumerable.Range(0, Count).Select(i => _linear.At(Row(i)).Estimate)];

    /// <inheritdoc/>
    public double[,] CovarianceMatrix()
    {
        var p = _matrix.Parameters;
        var flat = _linear.Covariance;
        var matrix = new double[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) matrix[i, j] = flat[i * p + j];
        }
        return matrix;
    }

    /// <summary>The mean of all studies, and where the true effect of a new study would lie, at some values of the moderators.</summary>
    /// <inheritdoc/>
    public Prediction? Predict(ModeratorValues? values = null) => _design is null
        ? values is null or { Count: 0 } ? _linear.Predict([1], TauSquared, IsRandomEffects) : throw ModeratorDesign.NoModerator(values)
        : values is null ? null : _linear.Predict(_design.Encode(values), TauSquared, IsRandomEffects);

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public SelectionFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public SelectionFit Refit(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var matrix = _matrix.ForRows(rows);
        var design = _design?.ForRows(rows, matrix);
        return SelectionModel.Fit(design?.Effects ?? Effects.Select(rows), design, matrix, Options);
    }

    /// <summary>The model fitted to rows drawn with replacement, each draw a cluster of its own.</summary>
    internal SelectionFit Drawn(int[] rows, int[] draws)
    {
        var (effects, matrix) = (Effects.Drawn(rows, draws, Options.Cluster), _matrix.ForRows(rows));
        return SelectionModel.Fit(effects, _design?.For(effects, matrix), matrix, Options);
    }

    Coefficient? IFitPredictions.MeanAt(ModeratorValues? values) => _design is null
        ? values is null or { Count: 0 } ? Mean : throw ModeratorDesign.NoModerator(values)
        : values is null ? null : _linear.Combination("Mean", _design.Encode(values));

    double? IFitPredictions.VarianceOfNew(NewTrueEffect of, ModeratorValues? values) => IsRandomEffects ? TauSquared : null;

    double? IFitPredictions.StandardErrorOfVariance(NewTrueEffect of, ModeratorValues? values) => TauSquaredStandardError;

    DesignMatrix IFitGeometry.Matrix => _matrix;

    double IFitGeometry.Scale => 1;

    bool IFitGeometry.HasGivenWeights => false;

    // What is published is not normal around the fitted values, so that residuals have no covariance to be compared with.
    double[]? IFitGeometry.MarginalCovariance(int[] rows, IModelFit at) => null;

    double[]? IFitGeometry.CovarianceAt(IModelFit at) => null;

    ModelOptions IModelFit.Options => Options;

    Inference IModelFit.Inference => Inference.Normal;

    Moderator? IModelFit.Moderators => Options.Moderators;

    Coefficient? IModelFit.Mean => Mean;

    double? IModelFit.TauSquared => IsRandomEffects ? TauSquared : null;

    ImmutableArray<double> IModelFit.TrueEffectVariances => [.. Enumerable.Repeat(TauSquared, Count)];

    QTest? IModelFit.Q => null;

    double? IModelFit.ISquared => null;

    HeterogeneityMeasures? IModelFit.Heterogeneity => null;

    ImmutableArray<VarianceComponent> IModelFit.VarianceComponents => [];

    ImmutableArray<EffectResidual>? IModelFit.EffectResiduals() => null;

    IModelFit IModelFit.Refit(StudyEffects effects) => Refit(effects);

    IModelFit IModelFit.Refit(IReadOnlyList<int> rows) => Refit(rows);

    /// <summary>The design of the mean; null without moderators.</summary>
    internal ModeratorDesign? Design => _design;

    /// <summary>A linear combination of the coefficients of the mean.</summary>
    internal Coefficient Combination(string name, double[] row) => _linear.Combination(name, row);

    private double[] Row(int study)
    {
        var row = new double[_matrix.Parameters];
        for (var j = 0; j < row.Length; j++) row[j] = _matrix.Columns[j * Count + study];
        return row;
    }
}
