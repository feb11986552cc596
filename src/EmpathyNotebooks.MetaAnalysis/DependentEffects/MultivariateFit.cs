using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much the true effects of one outcome differ between clusters.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="TauSquared">Their variance τ².</param>
/// <param name="EffectCount">How many effects it has.</param>
/// <param name="ISquared">The share of its variance that is heterogeneity between clusters, as a fraction: τ²/(τ² + s²) with s² = (k - 1)/Σ P over its k effects, P at G = 0.</param>
public readonly record struct OutcomeVariance(string Outcome, double TauSquared, int EffectCount, double ISquared)
{
    /// <summary>The standard deviation of its true effects.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Outcome}: τ² = {StatisticText.Significant(TauSquared)} ({StatisticText.Count(EffectCount)} effects, I² = {StatisticText.Percent(ISquared)})";
}

/// <summary>A fitted multivariate model.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.47, -0.32, 0.20, -0.60, 0.40, -0.12, 0.26, -0.31], [0.0075, 0.0077, 0.0057, 0.0008, 0.0021, 0.0014, 0.0029, 0.0015],
///     columns: [StudyColumn.OfNumbers("trial", [1, 1, 2, 2, 3, 3, 4, 4]),
///               StudyColumn.OfTexts("outcome", ["PD", "AL", "PD", "AL", "PD", "AL", "PD", "AL"])]);
/// var fit = MultivariateModel.Fit(effects, "trial", "outcome", options: new() { Structure = CovarianceStructure.CompoundSymmetry });
/// Console.WriteLine($"{fit.Correlation("PD", "AL")} {fit.Robust()}");
/// </code></example>
public sealed class MultivariateFit : DependentFit
{
    private ImmutableArray<OutcomeVariance> _outcomes;

    internal MultivariateFit(DependentData data, MixedModel model, MultivariateOptions options, string cluster, string outcome, SamplingCovariance? covariance)
        : base(data, model, options)
    {
        Options = options;
        Cluster = cluster;
        OutcomeColumn = outcome;
        SamplingCovariance = covariance;
        Warnings = [.. Warn()];
    }

    /// <summary>What was chosen.</summary>
    public MultivariateOptions Options { get; }

    /// <summary>The column of clusters.</summary>
    public string Cluster { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount => Model.Terms[0].GroupNames.Length;

    /// <summary>The column of outcomes.</summary>
    public string OutcomeColumn { get; }

    /// <summary>How sampling errors were taken to go together, or null for independent ones.</summary>
    public SamplingCovariance? SamplingCovariance { get; }

    /// <summary>The variance of true effects for each outcome, in order of name.</summary>
    public ImmutableArray<OutcomeVariance> Outcomes => _outcomes.IsDefault ? _outcomes = ComputeOutcomes() : _outcomes;

    /// <summary>σ² of the further levels, if there are any.</summary>
    public ImmutableArray<VarianceComponent> VarianceComponents
    {
        get
        {
            var errors = ParameterStandardErrors();
            var first = Model.Terms[0].ParameterCount;
            return [.. Model.Terms.Skip(1).Select((term, t) => new VarianceComponent(term.Name, Theta[first + t], errors[first + t], term.GroupNames.Length, TypicalVariance,
                Theta[first..].Sum() + Outcomes.Average(o => o.TauSquared), () => ComponentProfile.Interval(Model, Theta, first + t, ConfidenceLevel)))];
        }
    }

    /// <summary>G, the covariance matrix of true effects over <see cref="Outcomes"/>, a copy.</summary>
    public double[,] RandomCovarianceMatrix() => Square(CovarianceOf(0), Model.Terms[0].Dimension);

    /// <summary>The correlation of the true effects of two outcomes; null where one of them has no variance.</summary>
    /// <param name="first">One outcome.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="StudyDataException">There is no such outcome; the message suggests the nearest.</exception>
    public double? Correlation(string first, string second)
    {
        var (a, b) = (IndexOf(first), IndexOf(second));
        var g = RandomCovarianceMatrix();
        var scale = Math.Sqrt(g[a, a] * g[b, b]);
        return scale > 0 ? Math.Clamp(g[a, b] / scale, -1, 1) : null;
    }

    /// <summary>One line, for example <c>AL: τ² = 0.03269, PD: τ² = 0.01166 (UN, REML, 5 clusters, k = 10)</c>.</summary>
    public override string ToString() => $"{Moderators}: {string.Join(", ", Coefficients.Select(c => c.ToString()))}; "
        + $"{string.Join(", ", Outcomes.Select(o => $"{o.Outcome}: τ² = {StatisticText.Significant(o.TauSquared)}"))} "
        + $"({StructureCode}, {MethodCode}, {StatisticText.Count(ClusterCount)} clusters, k = {StatisticText.Count(Count)}){Simulated}";

    /// <summary>metafor's abbreviation of the structure: UN, CS, HCS or DIAG.</summary>
    public string StructureCode => Options.Structure switch
    {
        CovarianceStructure.Unstructured => "UN",
        CovarianceStructure.CompoundSymmetry => "CS",
        CovarianceStructure.HeteroscedasticCompoundSymmetry => "HCS",
        _ => "DIAG",
    };

    private protected override double? TrueEffectVariance(ModeratorValues? values)
    {
        if (values is null || !values.Contains(OutcomeColumn)) return null;
        var outcome = IndexOf(values[OutcomeColumn].ToString());
        return CovarianceOf(0)[outcome * Model.Terms[0].Dimension + outcome] + Theta[Model.Terms[0].ParameterCount..].Sum();
    }

    private int IndexOf(string outcome)
    {
        var index = Array.IndexOf(Model.Terms[0].InnerNames, outcome);
        return index >= 0 ? index : throw new StudyDataException("is not an outcome of this model: " + NearestName.Hint(outcome, Model.Terms[0].InnerNames),
            outcome, column: OutcomeColumn);
    }

    private ImmutableArray<OutcomeVariance> ComputeOutcomes()
    {
        var term = Model.Terms[0];
        var g = CovarianceOf(0);
        var diagonal = PrecisionAtZero();
        return [.. term.InnerNames.Select((name, a) =>
        {
            int[] rows = [.. Enumerable.Range(0, Count).Where(i => term.Inner[i] == a)];
            var typical = (rows.Length - 1) / rows.Sum(i => diagonal[i]);
            var tau2 = g[a * term.Dimension + a];
            return new OutcomeVariance(name, tau2, rows.Length, tau2 == 0 ? 0 : tau2 / (tau2 + typical));
        })];
    }

    private double[] PrecisionAtZero()
    {
        var likelihood = new BlockLikelihood(Model with { Terms = [] });
        likelihood.TryMoveTo([]);
        return likelihood.DiagonalOfP();
    }

    private IEnumerable<string> Warn()
    {
        foreach (var outcome in Outcomes.Where(o => o.TauSquared == 0)) yield return $"The variance of true effects of \"{outcome.Outcome}\" is estimated as 0.";
        var d = Model.Terms[0].Dimension;
        var g = DenseMatrix.Create(d, d, (i, j) => CovarianceOf(0)[i * d + j]);
        var values = g.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues.Select(v => v.Real).ToList();
        if (Outcomes.All(o => o.TauSquared > 0) && values.Min() < 1e-8 * values.Max())
        {
            yield return "The correlations of true effects are estimated at the bound of what is possible: the data say too little about them.";
        }
        if (ClusterCount < 5) yield return $"There are {StatisticText.Count(ClusterCount)} clusters: too few to know variances and correlations.";
        if (!Omitted.IsEmpty)
        {
            yield return $"{StatisticText.Count(Omitted.Length)} of {StatisticText.Count(Omitted.Length + Count)} effects are left out because a moderator is not known for them: "
                + string.Join(", ", Omitted.Take(5).Select(o => o.Label)) + (Omitted.Length > 5 ? $" and {StatisticText.Count(Omitted.Length - 5)} more" : "") + ".";
        }
    }
}
