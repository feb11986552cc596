using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What the covariance matrix G of the true effects of several outcomes may look like.</summary>
public enum CovarianceStructure
{
    /// <summary>A variance for each outcome and a correlation for each pair (UN): the most honest, with d(d + 1)/2 parameters. Needs pairs of outcomes in many clusters.</summary>
    Unstructured,

    /// <summary>One variance and one correlation (CS), the correlation between -1/(d - 1) and 1.</summary>
    CompoundSymmetry,

    /// <summary>A variance for each outcome and one correlation (HCS).</summary>
    HeteroscedasticCompoundSymmetry,

    /// <summary>A variance for each outcome, no correlations (DIAG).</summary>
    Diagonal,
}

/// <summary>What to choose in a multivariate model.</summary>
public sealed record MultivariateOptions : DependentOptions
{
    /// <summary>The structure of G; <see cref="CovarianceStructure.Unstructured"/> by default.</summary>
    public CovarianceStructure Structure { get; init; } = CovarianceStructure.Unstructured;

    /// <summary>Further levels with a random intercept, each inside the cluster, for example <see cref="MultilevelModel.EachEffect"/> where a cluster has several effects of one
    /// outcome. None by default.</summary>
    public IReadOnlyList<string> Levels
    {
        get;
        init => field = [.. value ?? throw new ArgumentNullException(nameof(value))];
    } = [];
}

/// <summary>
/// Several outcomes (or raters) at once: y = x'β + u + e, where the true effects of one cluster have the covariance matrix G over outcomes and sampling errors the covariance V
/// (Berkey et al. 1998, Statistics in Medicine 17, 2537-2550; Jackson, Riley &amp; White 2011, ibid. 30, 2481-2498). Outcomes borrow strength from one another, and their means can be compared. metafor:
/// <c>rma.mv(random = ~ outcome | cluster, struct=)</c>. When not to use it: with few clusters that have several outcomes, where correlations end at their bounds; without knowledge
/// of how sampling errors go together (then vary it).
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.47, -0.32, 0.20, -0.60, 0.40, -0.12, 0.26, -0.31], [0.0075, 0.0077, 0.0057, 0.0008, 0.0021, 0.0014, 0.0029, 0.0015],
///     columns: [StudyColumn.OfNumbers("trial", [1, 1, 2, 2, 3, 3, 4, 4]),
///               StudyColumn.OfTexts("outcome", ["PD", "AL", "PD", "AL", "PD", "AL", "PD", "AL"])]);
/// var options = new MultivariateOptions { Structure = CovarianceStructure.Diagonal };
/// MultivariateFit fit = MultivariateModel.Fit(effects, cluster: "trial", outcome: "outcome", samplingCorrelation: 0.4, options: options);
/// foreach (OutcomeVariance outcome in fit.Outcomes) Console.WriteLine(outcome);
/// </code></example>
public static class MultivariateModel
{
    /// <summary>Fits the model.</summary>
    /// <param name="effects">The effects with the columns named.</param>
    /// <param name="cluster">The column that names the clusters, whose true effects go together.</param>
    /// <param name="outcome">The column that names the outcome, rater or whatever the effects of a cluster differ in.</param>
    /// <param name="moderators">The terms; null for one mean an outcome, <c>Moderator.Category(outcome).WithoutIntercept()</c>.</param>
    /// <param name="samplingCorrelation">The assumed correlation of sampling errors within clusters, in [-1, 1]; for more set <see cref="DependentOptions.SamplingCovariance"/>.</param>
    /// <param name="options">Structure, method, inference and level; the defaults if not said.</param>
    /// <exception cref="StudyDataException">A column or value is missing, there is one outcome only, an outcome has one effect or is in one cluster only, no cluster has two outcomes whose correlation is to be
    /// estimated, or a cluster has no positive definite sampling covariance.</exception>
    /// <exception cref="InsufficientStudiesException">There is one cluster only, or there are not more effects than coefficients.</exception>
    /// <exception cref="ArgumentException">Both a correlation and a sampling covariance are given, or a level is named twice.</exception>
    /// <exception cref="NonConvergenceException">The numbers are too large or too small for double precision.</exception>
    public static MultivariateFit Fit(StudyEffects effects, string cluster, string outcome, Moderator? moderators = null, double samplingCorrelation = 0,
        MultivariateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        ArgumentException.ThrowIfNullOrWhiteSpace(outcome);
        options ??= new MultivariateOptions();
        AssumedCorrelation.CheckCorrelation(samplingCorrelation, nameof(samplingCorrelation));
        if (samplingCorrelation != 0 && options.SamplingCovariance is not null)
        {
            throw new ArgumentException("Give either a sampling correlation or a sampling covariance in the options, not both.", nameof(samplingCorrelation));
        }
        _ = effects.Column(outcome);
        var data = DependentData.Create(effects, moderators ?? Moderator.Category(outcome).WithoutIntercept());
        var nested = LevelReader.Read(data.Effects, [cluster, .. options.Levels], []);
        var random = Term(data.Effects, cluster, outcome, nested[0], options.Structure);
        var covariance = samplingCorrelation == 0 ? options.SamplingCovariance : SamplingCovariance.Within(cluster, samplingCorrelation);
        var errors = covariance?.Create(data.Effects) ?? SamplingErrors.Independent([.. data.Effects.Variances]);
        var model = new MixedModel([.. data.Effects.Effects], data.Matrix, errors, [random, .. nested.Skip(1)], options.Method == LikelihoodMethod.Restricted);
        return new MultivariateFit(data, model, options, cluster, outcome, covariance);
    }

    private static RandomTerm Term(StudyEffects effects, string cluster, string outcome, RandomTerm groups, CovarianceStructure structure)
    {
        // By name, so that the order of the rows does not matter.
        var keys = LevelReader.Keys(effects, outcome);
        string[] names = [.. keys.Distinct().Order(StringComparer.Ordinal)];
        if (names.Length < 2)
        {
            throw new StudyDataException("is the only value; a multivariate model needs two, and for one there is MultilevelModel", names[0], column: outcome);
        }
        int[] inner = [.. keys.Select(key => Array.IndexOf(names, key))];
        for (var a = 0; a < names.Length; a++)
        {
            if (inner.Count(i => i == a) < 2 && structure != CovarianceStructure.CompoundSymmetry)
            {
                throw new StudyDataException("has one effect only, from which no variance can be estimated: leave it out, or use compound symmetry", names[a], column: outcome);
            }
            if (structure != CovarianceStructure.CompoundSymmetry && Enumerable.Range(0, inner.Length).Where(i => inner[i] == a).Select(i => groups.Groups[i]).Distinct().Count() < 2)
            {
                throw new StudyDataException($"is in one {cluster} only, which shows nothing of how its true effects differ between values of {cluster}: leave it out, or use compound symmetry",
                    names[a], column: outcome);
            }
        }
        if (structure != CovarianceStructure.Diagonal) CheckPairs(cluster, outcome, groups, inner, names, structure);
        return structure switch
        {
            CovarianceStructure.Unstructured => new UnstructuredTerm(cluster, groups.Groups, groups.GroupNames, inner, names),
            CovarianceStructure.CompoundSymmetry => new CompoundTerm(cluster, groups.Groups, groups.GroupNames, inner, names),
            CovarianceStructure.HeteroscedasticCompoundSymmetry => new HeteroscedasticTerm(cluster, groups.Groups, groups.GroupNames, inner, names),
            CovarianceStructure.Diagonal => new DiagonalTerm(cluster, groups.Groups, groups.GroupNames, inner, names),
            _ => throw new ArgumentOutOfRangeException(nameof(structure), structure, "There is no such structure."),
        };
    }

    /// <summary>A correlation can be estimated only from clusters that have both outcomes.</summary>
    private static void CheckPairs(string cluster, string outcome, RandomTerm groups, int[] inner, string[] names, CovarianceStructure structure)
    {
        var together = new bool[names.Length, names.Length];
        foreach (var rows in Enumerable.Range(0, inner.Length).GroupBy(i => groups.Groups[i]))
        {
            var present = rows.Select(i => inner[i]).Distinct().ToImmutableArray();
            foreach (var a in present)
            {
                foreach (var b in present) together[a, b] |= a != b;
            }
        }
        var missing = (from a in Enumerable.Range(0, names.Length) from b in Enumerable.Range(0, a) where !together[a, b] select (b, a)).ToList();
        var all = names.Length * (names.Length - 1) / 2;
        if (missing.Count == 0 || (structure != CovarianceStructure.Unstructured && missing.Count < all)) return;
        throw new StudyDataException($"and \"{names[missing[0].a]}\" are together in no {cluster}, so that their correlation cannot be estimated: take a diagonal structure"
            + (missing.Count < all ? ", or one with a common correlation" : ""), names[missing[0].b], column: outcome);
    }
}
