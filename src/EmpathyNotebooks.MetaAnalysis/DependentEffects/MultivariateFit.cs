using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A fitted multivariate model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.47, -0.32, 0.20, -0.60, 0.40, -0.12, 0.26, -0.31], [0.0075, 0.0077, 0.0057, 0.0008, 0.0021, 0.0014, 0.0029, 0.0015],
///     columns: [StudyColumn.OfNumbers("trial", [1, 1, 2, 2, 3, 3, 4, 4]),
///               StudyColumn.OfTexts("outcome", ["PD", "AL", "PD", "AL", "PD", "AL", "PD", "AL"])]);
/// var fit = MultivariateModel.Fit(effects, "trial", "outcome", options: new() { Structure = CovarianceStructure.CompoundSymmetry });
/// Console.WriteLine($"{fit.Correlation("PD", "AL")} {fit.Robust()}");
/// foreach (OutcomeCovariance covariance in fit.Covariances) Console.WriteLine(covariance);
/// </code></example>
public sealed class MultivariateFit : DependentFit
{
    private readonly ImmutableArray<InnerOuterTerm> _pairs;
    private ImmutableArray<OutcomeCovariance> _covariances;
    private ImmutableArray<VarianceComponent> _components;

    internal MultivariateFit(DependentData data, MixedModel model, MultivariateOptions options, ImmutableArray<InnerOuterTerm> pairs, SamplingCovariance? covariance)
        : base(data, model, options, covariance)
    {
        Options = options;
        _pairs = pairs;
        Warnings = [.. Warn()];
    }

    /// <summary>What was chosen, for the effects used.</summary>
    public MultivariateOptions Options { get; }

    /// <summary>The column of clusters.</summary>
    public string Cluster => _pairs[0].Cluster;

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount => Model.Terms[0].GroupNames.Length;

    /// <summary>The column of outcomes.</summary>
    public string OutcomeColumn => _pairs[0].Outcome;

    /// <summary>The one mean effect; null where outcomes have their own or there are moderators.</summary>
    public double? Estimate => Moderators is null ? Coefficients[0].Estimate : null;

    /// <summary>Its confidence interval; null where there is no one mean.</summary>
    public ConfidenceInterval? ConfidenceInterval => Moderators is null ? Coefficients[0].ConfidenceInterval : null;

    /// <summary>Where the true effect of a new cluster would lie; null where there is no one mean, or where it depends on the outcome, for which see <see cref="PredictionIntervalOf"/>.</summary>
    public ConfidenceInterval? PredictionInterval => PooledPrediction?.PredictionInterval;

    /// <summary>Mean effect and intervals on the scale a reader knows, for example r; null where there is no one mean.</summary>
    public BackTransformedEstimate? BackTransformed => PooledPrediction?.BackTransform(Effects.Measure);

    /// <summary>G, and after it the second covariance matrix where there is one.</summary>
    public ImmutableArray<OutcomeCovariance> Covariances => _covariances.IsDefault ? _covariances = [.. _pairs.Select(Covariance)] : _covariances;

    /// <summary>The variance of true effects for each outcome, in order of name.</summary>
    public ImmutableArray<OutcomeVariance> Outcomes => Covariances[0].Outcomes;

    /// <summary>σ² of the further levels, if there are any.</summary>
    public ImmutableArray<VarianceComponent> VarianceComponents => _components.IsDefault
        ? _components = ComponentsFrom(_pairs.Length, VarianceOfLevels(_pairs.Length) + Covariances.Sum(c => c.Outcomes.Average(o => o.TauSquared)))
        : _components;

    /// <summary>G, the covariance matrix of true effects over <see cref="Outcomes"/>, a copy.</summary>
    public double[,] RandomCovarianceMatrix() => Covariances[0].Matrix();

    /// <summary>The correlation of the true effects of two outcomes; null where one of them has no variance.</summary>
    /// <param name="first">One outcome.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="StudyDataException">There is no such outcome; the message suggests the nearest.</exception>
    public double? Correlation(string first, string second) => Covariances[0].Correlation(first, second);

    /// <summary>Around a common mean, where the true effect of this outcome in a new cluster would lie: μ ± t·√(SE² + τ² + Σσ²).</summary>
    /// <param name="outcome">The outcome.</param>
    /// <exception cref="InvalidOperationException">There is no common mean, for which see <see cref="DependentFit.Predict"/>; or a second covariance matrix has variances that depend on
    /// another column.</exception>
    /// <exception cref="StudyDataException">There is no such outcome; the message suggests the nearest.</exception>
    public ConfidenceInterval PredictionIntervalOf(string outcome)
    {
        if (Moderators is not null) throw new InvalidOperationException("Without a common mean an outcome's prediction interval comes from Predict.");
        if (Covariances.Skip(1).Any(c => c.TauSquared is null))
        {
            throw new InvalidOperationException($"The true effect also varies with {Covariances[1].Term.Outcome}, whose variances differ, so that the outcome alone has no prediction interval.");
        }
        var variance = Covariances[0].VarianceOf(outcome) + Covariances.Skip(1).Sum(c => c.TauSquared!.Value) + VarianceOfLevels(_pairs.Length);
        return PredictAt([1], variance).PredictionInterval!.Value;
    }

    /// <summary>One line, for example <c>AL: τ² = 0.03269, PD: τ² = 0.01166 (UN, REML, 5 clusters, k = 10)</c>.</summary>
    public override string ToString() => (BackTransformed is { } shown
            ? shown.Sentence(Effects.Measure, ConfidenceLevel, Coefficients[0].PValue)
            : $"{Moderators}: {string.Join(", ", Coefficients.Select(c => c.ToString()))}")
        + $"; {string.Join(", ", Covariances[0].TauSquared is null ? Outcomes.Select(o => $"{o.Outcome}: τ² = {StatisticText.Significant(o.TauSquared)}") : [Covariances[0].ToString()])}"
        + string.Concat(Covariances.Skip(1).Select(c => $", {c}"))
        + $" ({StructureCode}, {MethodCode}, {StatisticText.Count(ClusterCount, "cluster")}, k = {StatisticText.Count(Count)}){Simulated}";

    /// <summary>metafor's abbreviation of the structure of G: UN, CS, HCS, DIAG, AR, HAR or CAR.</summary>
    public string StructureCode => Covariances[0].StructureCode;

    /// <inheritdoc cref="IModelFit.Refit(StudyEffects)"/>
    public new MultivariateFit Refit(StudyEffects effects) => Options.FitTo(effects);

    /// <inheritdoc cref="IModelFit.Refit(IReadOnlyList{int})"/>
    public new MultivariateFit Refit(IReadOnlyList<int> rows)
    {
        var (data, model, covariance) = Subset(rows);
        return new MultivariateFit(data, model, Options with { Weights = data.Weights, SamplingCovariance = Options.SamplingCovariance is null ? null : covariance }, _pairs, covariance);
    }

    private protected override DependentFit RefitTo(IReadOnlyList<int> rows) => Refit(rows);

    private protected override DependentFit Again(DependentData data, MixedModel model) => new MultivariateFit(data, model, Options with { Weights = data.Weights }, _pairs, SamplingCovariance);

    private protected override ImmutableArray<VarianceComponent> LevelComponents => VarianceComponents;

    private protected override double? TotalISquared => null;

    private protected override double? TrueEffectVariance(ModeratorValues? values)
    {
        var variance = VarianceOfLevels(_pairs.Length);
        foreach (var covariance in Covariances)
        {
            if (covariance.TauSquared is { } common) variance += common;
            else if (values is not null && values.Contains(covariance.Term.Outcome)) variance += covariance.VarianceOf(values[covariance.Term.Outcome].ToString());
            else return null;
        }
        return variance;
    }

    private OutcomeCovariance Covariance(InnerOuterTerm pair, int index)
    {
        var term = Model.Terms[index];
        var g = CovarianceOf(index);
        var diagonal = PrecisionAtZero();
        return new OutcomeCovariance(pair, term, g, [.. term.InnerNames.Select((name, a) =>
        {
            int[] rows = [.. Enumerable.Range(0, Count).Where(i => term.Inner[i] == a)];
            // With one effect, or where others share the mean, the plain average of precisions stands for its typical one.
            var typical = Math.Max(1, rows.Length - 1) / rows.Sum(i => diagonal[i]);
            var tau2 = g[a * term.Dimension + a];
            return new OutcomeVariance(name, tau2, rows.Length, tau2 == 0 ? 0 : tau2 / (tau2 + typical)) { Origin = Effects.Origin };
        })]);
    }

    private double[] PrecisionAtZero()
    {
        var likelihood = new BlockLikelihood(Model with { Terms = [] });
        likelihood.TryMoveTo([]);
        return likelihood.DiagonalOfP();
    }

    private IEnumerable<string> Warn()
    {
        foreach (var warning in Covariances.SelectMany(c => c.Warn()).Distinct()) yield return warning;
        if (Model.VarianceParameters > 0 && Covariances.All(c => c.Outcomes.All(o => o.TauSquared == 0)) && VarianceOfLevels(_pairs.Length) == 0) yield return NewTrueEffects.ZeroWarning;
        foreach (var note in IdentificationNotes().Concat(WeightNotes())) yield return note;
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count, "effect")} {(Omitted.Length == 1 ? "is" : "are")} left out because a moderator is not known for them: "
                + string.Join(", ", Omitted.Take(5).Select(o => o.Label)) + (Omitted.Length > 5 ? $" and {StatisticText.Count(Omitted.Length - 5)} more" : "") + ".";
        }
    }
}
