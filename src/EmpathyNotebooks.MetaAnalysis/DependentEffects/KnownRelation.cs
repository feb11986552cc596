using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How a known matrix is scaled, after the rows and columns of values that no effect has are taken away. metafor: <c>Rscale=</c>.</summary>
public enum RelationScaling
{
    /// <summary>To correlations, aᵢⱼ/√(aᵢᵢaⱼⱼ): σ² is then the variance of each random effect. The default. metafor: <c>"cor"</c>.</summary>
    Correlation,

    /// <summary>To correlations of which the smallest, m, becomes 0: (a - m)/(1 - m). What all have in common then belongs to the mean. metafor: <c>"cor0"</c>.</summary>
    CorrelationFromZero,

    /// <summary>Covariances of which the smallest becomes 0, a - m. metafor: <c>"cov0"</c>.</summary>
    CovarianceFromZero,

    /// <summary>As it is; σ² is then a factor and no variance. metafor: <c>"none"</c>.</summary>
    AsGiven,
}

/// <summary>
/// A random intercept for each value of a column whose correlations are known: u ~ N(0, σ²A). Species that share ancestors (the matrix of a phylogenetic tree under Brownian motion, ape's
/// <c>vcv()</c>), places by their distance, languages by descent (Hadfield &amp; Nakagawa 2010, Journal of Evolutionary Biology 23, 494-508; Nakagawa &amp; Santos 2012, Evolutionary Ecology 26,
/// 1253-1274). metafor: <c>R=</c>. Put an independent effect of the same column beside it (<see cref="MultilevelOptions.CrossedFactors"/>), since what a species has of its own is else taken for
/// what it inherited. When not to use it: with a handful of values, from which two variances of one column cannot be told apart.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52], [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007],
///     columns: [StudyColumn.OfTexts("species", ["finch", "tit", "crow", "mouse", "rat", "bat", "finch", "crow"])]);
/// KnownRelation phylogeny = KnownRelation.Of("species", ["finch", "tit", "crow", "mouse", "rat", "bat"], new[,]
/// {
///     { 1, 0.7, 0.6, 0, 0, 0 }, { 0.7, 1, 0.6, 0, 0, 0 }, { 0.6, 0.6, 1, 0, 0, 0 }, { 0, 0, 0, 1, 0.8, 0.4 }, { 0, 0, 0, 0.8, 1, 0.4 }, { 0, 0, 0, 0.4, 0.4, 1 },
/// }, RelationScaling.Correlation);
/// Console.WriteLine(MultilevelModel.Fit(effects, [MultilevelModel.EachEffect], new() { KnownRelations = [phylogeny] }));
/// </code></example>
public sealed class KnownRelation
{
    private readonly double[,] _matrix;

    private KnownRelation(string column, ImmutableArray<string> names, double[,] matrix, RelationScaling scaling)
    {
        Column = column;
        Names = names;
        _matrix = matrix;
        Scaling = scaling;
    }

    /// <summary>The column whose values are correlated.</summary>
    public string Column { get; }

    /// <summary>The values in the order of the matrix.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>How the matrix is scaled.</summary>
    public RelationScaling Scaling { get; }

    /// <summary>Checks and copies a matrix.</summary>
    /// <param name="column">The column of the effects.</param>
    /// <param name="names">The values in the order of the matrix; more than the effects have do no harm.</param>
    /// <param name="matrix">Their correlations or covariances, symmetric, with a positive diagonal.</param>
    /// <param name="scaling">How to scale it.</param>
    /// <exception cref="ArgumentException">The matrix is not square, finite and symmetric with a positive diagonal, or there is not one name, each different, a row.</exception>
    public static KnownRelation Of(string column, IReadOnlyList<string> names, double[,] matrix, RelationScaling scaling = RelationScaling.Correlation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(matrix);
        if (!Enum.IsDefined(scaling)) throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "There is no such scaling.");
        var d = matrix.GetLength(0);
        if (matrix.GetLength(1) != d || names.Count != d)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The known matrix of {column} is {d} x {matrix.GetLength(1)} with {names.Count} names; it needs as many rows and columns as names."), nameof(matrix));
        }
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"\"{twice.Key}\" names two rows of the known matrix of {column}.", nameof(names));
        }
        for (var i = 0; i < d; i++)
        {
            if (!(matrix[i, i] > 0)) throw Fault(i, i, "the diagonal must be positive");
            for (var j = 0; j < i; j++)
            {
                if (!double.IsFinite(matrix[i, j]) || !double.IsFinite(matrix[j, i])) throw Fault(i, j, "it must be finite");
                if (Math.Abs(matrix[i, j] - matrix[j, i]) > 1e-9 * Math.Sqrt(matrix[i, i] * matrix[j, j])) throw Fault(i, j, "the matrix must be symmetric");
            }
        }
        return new KnownRelation(column, [.. names], (double[,])matrix.Clone(), scaling);

        ArgumentException Fault(int i, int j, string expected) => new(string.Create(CultureInfo.InvariantCulture,
            $"The known matrix of {column} has {matrix[i, j]} for {names[i]} and {names[j]}: {expected}."), nameof(matrix));
    }

    /// <summary>The matrix as given, a copy.</summary>
    public double[,] Matrix() => (double[,])_matrix.Clone();

    /// <summary>The random term for these effects.</summary>
    internal RandomTerm Term(StudyEffects effects, IReadOnlyCollection<string> taken)
    {
        var keys = LevelReader.Keys(effects, Column);
        var row = Array.FindIndex(keys, key => !Names.Contains(key));
        if (row >= 0)
        {
            throw new StudyDataException("is not in the known matrix: " + NearestName.Hint(keys[row], Names), keys[row], row + 1, effects.Labels[row], Column, kind: StudyDataFault.NoSuchName) { Choices = [.. Names] };
        }
        int[] used = [.. Enumerable.Range(0, Names.Length).Where(i => keys.Contains(Names[i]))];
        string[] names = [.. used.Select(i => Names[i])];
        var relation = Scaled(used);
        var root = Root(relation, names);
        int[] inner = [.. keys.Select(key => Array.IndexOf(names, key))];
        return new RelatedTerm(taken.Contains(Column) ? Column + " (correlated)" : Column, inner, names, relation, root);
    }

    private double[] Scaled(int[] used)
    {
        var d = used.Length;
        var a = new double[d * d];
        var correlations = Scaling is RelationScaling.Correlation or RelationScaling.CorrelationFromZero;
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < d; j++)
            {
                var value = (_matrix[used[i], used[j]] + _matrix[used[j], used[i]]) / 2;
                a[i * d + j] = !correlations ? value : i == j ? 1 : value / Math.Sqrt(_matrix[used[i], used[i]] * _matrix[used[j], used[j]]);
            }
        }
        if (Scaling is RelationScaling.Correlation or RelationScaling.AsGiven) return a;
        var least = a.Min();
        var range = Scaling == RelationScaling.CorrelationFromZero ? 1 - least : 1;
        for (var i = 0; i < a.Length; i++) a[i] = range > 0 ? (a[i] - least) / range : 0;
        return a;
    }

    /// <summary>L with LL' = A, which may be singular: values that are the same species twice.</summary>
    private double[] Root(double[] a, string[] names)
    {
        var d = names.Length;
        var l = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = a[i * d + j] - BlockMatrix.Dot(l.AsSpan(i * d, j), l.AsSpan(j * d, j));
                var size = Math.Sqrt(a[i * d + i] * a[j * d + j]);
                if (i == j)
                {
                    if (rest < -1e-9 * size) throw NoCovariance();
                    l[i * d + i] = rest > 1e-12 * size ? Math.Sqrt(rest) : 0;
                }
                else if (l[j * d + j] > 0)
                {
                    l[i * d + j] = rest / l[j * d + j];
                }
                else if (Math.Abs(rest) > 1e-6 * size)
                {
                    throw NoCovariance();
                }
            }
        }
        return l;

        StudyDataException NoCovariance() => new("has a known matrix that is no covariance matrix: some combination of its values would have a negative variance. Check it, "
            + (Scaling == RelationScaling.CovarianceFromZero ? "or scale it to correlations" : "for instance for correlations that cannot stand together"), Column);
    }
}
