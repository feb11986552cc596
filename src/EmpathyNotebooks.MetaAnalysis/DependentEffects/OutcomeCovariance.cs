using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra.Double;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How much the true effects of one outcome differ between clusters.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="TauSquared">Their variance τ².</param>
/// <param name="EffectCount">How many effects it has.</param>
/// <param name="ISquared">The share of its variance that is heterogeneity between clusters, as a fraction: τ²/(τ² + s²) with s² = (k - 1)/Σ P over its k effects, P at G = 0.</param>
public readonly record struct OutcomeVariance(string Outcome, double TauSquared, int EffectCount, double ISquared) : IHasOrigin
{
    /// <inheritdoc/>
    public DataOrigin Origin { get => field ?? DataOrigin.Own; internal init => field = value == DataOrigin.Own ? null : value; }

    /// <summary>The standard deviation of its true effects.</summary>
    public double Tau => Math.Sqrt(TauSquared);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Outcome}: τ² = {StatisticText.Significant(TauSquared)} ({StatisticText.Count(EffectCount, "effect")}, I² = {StatisticText.Percent(ISquared)})";
}

/// <summary>The covariance matrix of true effects over outcomes or times, as a multivariate model estimates it: G, or the second one, H.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.47, 0.32, 0.20, 0.30, 0.40, 0.12, 0.26, 0.31], [0.0075, 0.0077, 0.0057, 0.0008, 0.0021, 0.0014, 0.0029, 0.0015],
///     columns: [StudyColumn.OfNumbers("trial", [1, 1, 2, 2, 3, 3, 4, 4]), StudyColumn.OfNumbers("week", [4, 12, 4, 10, 6, 12, 4, 26])]);
/// var fit = MultivariateModel.Fit(effects, "trial", "week", new() { Structure = CovarianceStructure.ContinuousAutoregressive, CommonMean = true });
/// OutcomeCovariance g = fit.Covariances[0];
/// Console.WriteLine($"{g.TauSquared} {g.CommonCorrelation}");
/// </code></example>
public sealed class OutcomeCovariance
{
    private readonly double[] _g;
    private readonly string[] _names;

    internal OutcomeCovariance(InnerOuterTerm term, RandomTerm random, double[] g, ImmutableArray<OutcomeVariance> outcomes)
    {
        Term = term;
        _g = g;
        _names = random.InnerNames;
        ClusterCount = random.LevelCount;
        Outcomes = outcomes;
        if (InnerOuterReader.HasOneVariance(term.Structure)) TauSquared = g[0];
        CommonCorrelation = Rho();
    }

    /// <summary>The columns and the structure.</summary>
    public InnerOuterTerm Term { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount { get; }

    /// <summary>metafor's abbreviation of the structure: UN, CS, HCS, DIAG, AR, HAR or CAR.</summary>
    public string StructureCode => Term.Structure switch
    {
        CovarianceStructure.Unstructured => "UN",
        CovarianceStructure.CompoundSymmetry => "CS",
        CovarianceStructure.HeteroscedasticCompoundSymmetry => "HCS",
        CovarianceStructure.Diagonal => "DIAG",
        CovarianceStructure.Autoregressive => "AR",
        CovarianceStructure.HeteroscedasticAutoregressive => "HAR",
        _ => "CAR",
    };

    /// <summary>The variance of true effects for each outcome, in order of name (times by size).</summary>
    public ImmutableArray<OutcomeVariance> Outcomes { get; }

    /// <summary>The one variance τ² of CS, AR and CAR; null where each outcome has its own.</summary>
    public double? TauSquared { get; }

    /// <summary>
    /// The one correlation ρ of CS and HCS, of neighbouring times for AR and HAR, of times one unit apart for CAR; null for UN and DIAG, and where a variance is 0.
    /// </summary>
    public double? CommonCorrelation { get; }

    /// <summary>The covariance matrix over <see cref="Outcomes"/>, a copy.</summary>
    public double[,] Matrix() => DependentFit.Square(_g, _names.Length);

    /// <summary>The correlation of the true effects of two outcomes; null where one of them has no variance.</summary>
    /// <param name="first">One outcome.</param>
    /// <param name="second">The other.</param>
    /// <exception cref="StudyDataException">There is no such outcome; the message suggests the nearest.</exception>
    public double? Correlation(string first, string second) => Correlation(IndexOf(first), IndexOf(second));

    /// <summary>One line, for example <c>outcome | trial (HCS): ρ = .61</c>.</summary>
    public override string ToString() => $"{Term.Outcome} | {Term.Cluster} ({StructureCode})"
        + (TauSquared is { } tau2 ? $": τ² = {StatisticText.Significant(tau2)}" : "")
        + (CommonCorrelation is { } rho ? $"{(TauSquared is null ? ":" : ",")} ρ = {StatisticText.Number(rho, 2, leadingZero: false)}" : "");

    internal double VarianceOf(string outcome)
    {
        var index = IndexOf(outcome);
        return _g[index * _names.Length + index];
    }

    internal IEnumerable<string> Warn()
    {
        if (TauSquared == 0 && Term.Fixed.TauSquared is null)
        {
            yield return $"The variance of true effects of {Term.Outcome} between values of {Term.Cluster} is estimated as 0.";
            yield break;
        }
        foreach (var outcome in Outcomes.Where(o => o.TauSquared == 0 && TauSquared is null && Term.Fixed.TauSquared is null && !Term.Fixed.TauSquaredOf.ContainsKey(o.Outcome)))
        {
            yield return $"The variance of true effects of \"{outcome.Outcome}\" is estimated as 0.";
        }
        if (Outcomes.All(o => o.TauSquared > 0) && Term.Fixed.Correlation is null && IsAtBound())
        {
            yield return "The correlations of true effects are estimated at the bound of what is possible: the data say too little about them.";
        }
        if (ClusterCount < 5) yield return $"There are {StatisticText.Count(ClusterCount, "cluster")}: too few to know variances and correlations.";
    }

    private bool IsAtBound()
    {
        if (InnerOuterReader.IsOverTime(Term.Structure)) return CommonCorrelation is { } rho && Math.Abs(rho) > 1 - 1e-8;
        var d = _names.Length;
        var values = DenseMatrix.Create(d, d, (i, j) => _g[i * d + j]).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues.Select(v => v.Real).ToList();
        return values.Min() < 1e-8 * values.Max();
    }

    private double? Correlation(int a, int b)
    {
        var d = _names.Length;
        var scale = Math.Sqrt(_g[a * d + a] * _g[b * d + b]);
        return scale > 0 ? Math.Clamp(_g[a * d + b] / scale, -1, 1) : null;
    }

    private double? Rho()
    {
        if (Term.Structure is CovarianceStructure.Unstructured or CovarianceStructure.Diagonal) return null;
        if (!InnerOuterReader.IsOverTime(Term.Structure))
        {
            return Enumerable.Range(0, _names.Length).SelectMany(a => Enumerable.Range(0, a).Select(b => Correlation(a, b))).FirstOrDefault(r => r is not null);
        }
        // Of the nearest times, which lie one step apart.
        double[] times = [.. _names.Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
        var nearest = Enumerable.Range(1, times.Length - 1).MinBy(i => times[i] - times[i - 1]);
        var rho = Correlation(nearest, nearest - 1);
        return Term.Structure == CovarianceStructure.ContinuousAutoregressive && rho is { } apart ? Math.Pow(apart, 1 / (times[nearest] - times[nearest - 1])) : rho;
    }

    private int IndexOf(string outcome)
    {
        var index = Array.IndexOf(_names, outcome);
        return index >= 0 ? index : throw new StudyDataException("is not an outcome of this model: " + NearestName.Hint(outcome, _names), outcome, column: Term.Outcome, kind: StudyDataFault.NoSuchName) { Choices = [.. _names] };
    }
}
