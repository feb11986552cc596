using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A mean effect or regression with the weights of a working model and cluster-robust inference.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38, 0.29], [0.010, 0.022, 0.015, 0.012, 0.020, 0.020],
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "C", "D"])]);
/// RobustVarianceFit fit = RobustVarianceModel.Fit(effects, "sample", WorkingModel.Correlated);
/// Console.WriteLine($"{fit.Coefficients[0]}, df = {fit.Coefficients[0].DegreesOfFreedom}, tau² = {fit.TauSquared}, I² = {fit.ISquared}");
/// </code></example>
public sealed partial class RobustVarianceFit : IModelFit
{
    private readonly DependentData _data;

    internal RobustVarianceFit(DependentData data, RobustVarianceOptions options)
    {
        (_data, Options) = (data, options);
        var (cluster, model) = (options.Cluster!, options.WorkingModel);
        var coded = LevelReader.Code(LevelReader.Keys(data.Effects, cluster));
        var needed = Math.Max(2, data.Matrix.Parameters + 1);
        if (coded.Names.Length < needed)
        {
            throw new InsufficientStudiesException($"Robust variance estimation by \"{cluster}\" for {StatisticText.Count(data.Matrix.Parameters, "coefficient")}", needed, coded.Names.Length, StudyCount.Clusters);
        }
        var moments = new WorkingMoments(model, [.. data.Effects.Variances], coded.Groups, coded.Names.Length, options.SamplingCorrelation);
        var found = moments.Estimate(data.Matrix, data.Effects.Effects.AsSpan());
        var weights = moments.Weights(found.TauSquared, found.OmegaSquared ?? 0);
        if (!double.IsFinite(found.Q) || weights.Any(w => !double.IsFinite(w)))
        {
            throw new ConvergenceException("Robust variance estimation", "the effects or variances are too large or too small for double precision", 0, NonConvergence.Precision);
        }
        (TauSquared, OmegaSquared, WeightedQ, ISquared) = (found.TauSquared, found.OmegaSquared, found.Q, found.ISquared);
        var total = weights.Sum();
        Weights = [.. weights.Select(w => w / total)];
        var trueVariance = found.TauSquared + (found.OmegaSquared ?? 0);
        var source = new MomentSource(data, moments, weights, options.ConfidenceLevel) { Moderators = data.Design, TrueEffectVariance = _ => trueVariance, StudyMeanVariance = _ => found.TauSquared };
        Robust = new RobustFit(source, cluster, coded, options.Correction);
        Warnings = [.. Warn()];
    }

    /// <summary>The effects used: those given less <see cref="Omitted"/>.</summary>
    public StudyEffects Effects => _data.Effects;

    /// <summary>The effects left out because a moderator is not known for them.</summary>
    public ImmutableArray<OmittedStudy> Omitted => _data.Omitted;

    /// <summary>The moderators, or null when there are none.</summary>
    public Moderator? Moderators => _data.Moderators;

    /// <summary>What was chosen.</summary>
    public RobustVarianceOptions Options { get; }

    /// <summary>What the weights take the dependence to be.</summary>
    public WorkingModel WorkingModel => Options.WorkingModel;

    /// <summary>robumeta's name of the weights: CORR or HIER.</summary>
    public string ModelCode => WorkingModel == WorkingModel.Correlated ? "CORR" : "HIER";

    /// <summary>How many effects were used, k.</summary>
    public int Count => _data.Effects.Count;

    /// <summary>The column of clusters.</summary>
    public string Cluster => Robust.Cluster;

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount => Robust.ClusterCount;

    /// <summary>The variance τ² of true effects between clusters, by the method of moments; for weights, and no result of its own.</summary>
    public double TauSquared { get; }

    /// <summary>The variance ω² of true effects within clusters of hierarchical weights; null for correlated ones, which have none.</summary>
    public double? OmegaSquared { get; }

    /// <summary>The weighted sum of squared residuals with the weights of no heterogeneity, from which the variances come.</summary>
    public double WeightedQ { get; }

    /// <summary>The share of <see cref="WeightedQ"/> beyond what sampling error makes expect, as a fraction; null for hierarchical weights, where it is not defined.</summary>
    public double? ISquared { get; }

    /// <summary>The share of each effect in the weights, as fractions of 1.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The robust inference: coefficients, tests of several, predictions, the wild bootstrap.</summary>
    public RobustFit Robust { get; }

    /// <summary>The coefficients, the intercept first; their degrees of freedom are Satterthwaite's. With fewer than 4 do not trust p (Tipton 2015).</summary>
    public ImmutableArray<Coefficient> Coefficients => Robust.Coefficients;

    /// <summary>The mean effect on the scale a reader knows, with its prediction interval; null with moderators, or without a standard error.</summary>
    public BackTransformedEstimate? BackTransformed => Moderators is null && Coefficients[0].HasStandardError ? Robust.Predict().BackTransform(Effects.Measure) : null;

    /// <summary>What a careful reader should know about this fit.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>The mean effect at some values of the moderators; see <see cref="RobustFit.Predict(ModeratorValues)"/>. The variance of a new true effect is τ² + ω².</summary>
    /// <param name="values">One value for each column, in the columns' own units.</param>
    /// <exception cref="InvalidOperationException">The model has no moderators.</exception>
    /// <exception cref="StudyDataException">A column has no value, is not in the model, or has a value or combination that no study has.</exception>
    public Prediction Predict(ModeratorValues values) => Robust.Predict(values);

    /// <summary>One line, for example <c>Intercept = 0.09424 [0.04097, 0.1475], p = .002 (CORR, τ² = 0.01145, 17 clusters of study, k = 113)</c>.</summary>
    public override string ToString() => $"{string.Join("; ", Coefficients)} ({ModelCode}, τ² = {StatisticText.Significant(TauSquared)}"
        + (OmegaSquared is { } omega2 ? $", ω² = {StatisticText.Significant(omega2)}" : "")
        + $", {StatisticText.Count(ClusterCount, "cluster")} of {Cluster}, k = {StatisticText.Count(Count)})" + (Effects.Origin.IsSimulated ? " [simulated data]" : "");

    private IEnumerable<string> Warn()
    {
        if (TauSquared == 0) yield return "The variance between clusters is estimated as 0.";
        if (OmegaSquared == 0) yield return "The variance within clusters is estimated as 0.";
        if (TauSquared == 0 && (OmegaSquared ?? 0) == 0) yield return NewTrueEffects.ZeroWarning;
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count, "effect")} {(Omitted.Length == 1 ? "is" : "are")} left out because a moderator is not known for them: "
                + string.Join(", ", Omitted.Take(5).Select(o => o.Label)) + (Omitted.Length > 5 ? $" and {StatisticText.Count(Omitted.Length - 5)} more" : "") + ".";
        }
    }
}
