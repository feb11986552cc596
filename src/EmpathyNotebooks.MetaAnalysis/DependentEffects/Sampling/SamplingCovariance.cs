using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How the sampling errors of effects from the same people go together: the off-diagonal part of V. It is assumed or taken from the primary studies,
/// never estimated from the effects; run the analysis over several assumptions (<see cref="MultilevelModel.OverCorrelations"/>). In correlated and
/// hierarchical effects models it stands beside random effects (Pustejovsky &amp; Tipton 2022, Prevention Science 23, 425-438).
/// </summary>
/// <example><code>
/// var same = SamplingCovariance.Within("sample", 0.6);
/// var twoGroups = SamplingCovariance.Within("sample", 0.6).IndependentBetween("subgroup");
/// var measuredAgain = SamplingCovariance.Within("sample", 1).OverTime("week", autocorrelation: 0.9);
/// </code></example>
public abstract record SamplingCovariance
{
    private protected SamplingCovariance(string cluster)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cluster);
        Cluster = cluster;
    }

    /// <summary>The column that names the people: effects of different clusters have independent sampling errors.</summary>
    public string Cluster { get; }

    /// <summary>
    /// One correlation ρ of the sampling errors of any two effects of a cluster: cov = ρ√(v₁v₂) (compound symmetry; metafor's <c>vcalc</c>). The returned
    /// value can be refined by subgroup, by what is measured and by time.
    /// </summary>
    /// <remarks>$$V_{ij} = \rho\sqrt{v_iv_j}$$</remarks>
    /// <param name="cluster">The column that names the people.</param>
    /// <param name="correlation">ρ, in [-1, 1]. For m effects V is positive definite only between -1/(m - 1) and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [-1, 1].</exception>
    public static AssumedCorrelation Within(string cluster, double correlation) => new(cluster, correlation);

    /// <summary>
    /// For effects that are correlations: the covariances that follow from the correlations of all variables of a sample (Olkin &amp; Finn 1990, in
    /// Wachter &amp; Straf, The Future of Meta-Analysis; Steiger 1980, Psychological Bulletin 87, 245-251; metafor's <c>rcalc</c>). For r between a and b,
    /// and r between c and d: cov = ½ab·cd(ac² + ad² + bc² + bd²) + ac·bd + ad·bc - (ab·ac·ad + ab·bc·bd + ac·bc·cd + ad·bd·cd), over the variances
    /// (1 - ab²)² and (1 - cd²)². When not to use it: for partial or attenuation-corrected correlations.
    /// </summary>
    /// <remarks>
    /// $$c = \tfrac{1}{2}r_{ab}r_{cd}\,s + r_{ac}r_{bd} + r_{ad}r_{bc} - e, \qquad s = r_{ac}^2 + r_{ad}^2 + r_{bc}^2 + r_{bd}^2$$
    /// $$e = r_{ab}(r_{ac}r_{ad} + r_{bc}r_{bd}) + r_{cd}(r_{ac}r_{bc} + r_{ad}r_{bd})$$
    /// $$V_{ij} = \frac{c}{(1 - r_{ab}^2)(1 - r_{cd}^2)}\sqrt{v_iv_j}$$
    /// </remarks>
    /// <param name="cluster">The column that names the sample.</param>
    /// <param name="first">The column that names the first variable of each correlation, for example <c>client empathy</c>.</param>
    /// <param name="second">The column that names its second variable, for example <c>outcome</c>.</param>
    /// <param name="known">Correlations that are not effects themselves, such as between two raters' empathy. Those that are effects are not repeated.</param>
    /// <param name="otherwise">What to assume for correlations that are not known; null to demand them all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The assumed correlation lies outside (-1, 1).</exception>
    public static CorrelationsOfSample FromCorrelations(string cluster, string first, string second,
        IReadOnlyList<KnownCorrelation>? known = null, double? otherwise = null) => new(cluster, first, second, [.. known ?? []], otherwise);

    /// <summary>The whole covariance matrix of each cluster, as computed elsewhere.</summary>
    /// <param name="cluster">The column that names the cluster.</param>
    /// <param name="matrices">For each cluster with more than one effect its symmetric matrix, effects in the order of their rows. Its diagonal is
    /// that of the variances.</param>
    public static GivenCovariance Given(string cluster, IReadOnlyDictionary<string, double[,]> matrices) => new(cluster, matrices);

    /// <summary>What holds for some of the effects alone.</summary>
    internal virtual SamplingCovariance ForRows(StudyEffects effects, IReadOnlyList<int> rows) => this;

    /// <summary>The part of V that belongs to one cluster, m x m in row order, whose diagonal is left to the variances.</summary>
    private protected abstract double[] MatrixOf(StudyEffects effects, string name, IReadOnlyList<int> rows);

    /// <summary>Reads the columns and checks that V is positive definite.</summary>
    /// <exception cref="StudyDataException">A column or value is missing, or a cluster has no positive definite matrix.</exception>
    internal SamplingErrors Create(StudyEffects effects)
    {
        var clusters = new List<(int[], double[])>();
        foreach (var (name, rows) in effects.RowsBy(Cluster))
        {
            if (rows.Count < 2) continue;
            var matrix = MatrixOf(effects, name, rows);
            var m = rows.Count;
            for (var i = 0; i < m; i++) matrix[i * m + i] = effects.Variances[rows[i]];
            CheckPositiveDefinite(matrix, name, m);
            clusters.Add(([.. rows], matrix));
        }
        return new SamplingErrors([.. effects.Variances], clusters);
    }

    private void CheckPositiveDefinite(double[] matrix, string name, int m)
    {
        // Correlations, so that the limit does not depend on units.
        var scaled = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) scaled[i * m + j] = matrix[i * m + j] / Math.Sqrt(matrix[i * m + i] * matrix[j * m + j]);
        }
        if (BlockMatrix.TryCholesky(scaled, m)) return;
        throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
            $"has {m} effects whose sampling errors have no positive definite covariance matrix ({Describe()}): no data could have it. Take correlations that are possible together"),
            name, column: Cluster);
    }

    private protected abstract string Describe();
}

/// <summary>An assumed correlation of sampling errors within clusters, refined by subgroup, by what is measured and by time.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// AssumedCorrelation sameClients = SamplingCovariance.Within("sample", 0.6);
/// Console.WriteLine(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], options: new() { SamplingCovariance = sameClients }));
/// </code></example>
public sealed record AssumedCorrelation : SamplingCovariance
{
    internal AssumedCorrelation(string cluster, double correlation)
        : base(cluster)
    {
        Correlation = CheckCorrelation(correlation, nameof(correlation));
    }

    /// <summary>ρ of two effects of a cluster, before time and subgroups.</summary>
    public double Correlation { get; }

    /// <summary>The column of subgroups between which errors are independent, or null.</summary>
    public string? Subgroup { get; private init; }

    /// <summary>The column that says what is measured, or null.</summary>
    public string? Kind { get; private init; }

    /// <summary>ρ of two effects of different kinds, where <see cref="Kind"/> is set.</summary>
    public double? CorrelationBetweenKinds { get; private init; }

    /// <summary>The column of times, or null.</summary>
    public string? Time { get; private init; }

    /// <summary>φ over one unit of time, where <see cref="Time"/> is set.</summary>
    public double? Autocorrelation { get; private init; }

    /// <summary>Effects of different subgroups of a cluster, such as two treatment groups, come from different people and have independent errors.</summary>
    /// <param name="column">The column of subgroups.</param>
    public AssumedCorrelation IndependentBetween(string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return this with { Subgroup = column };
    }

    /// <summary>Another correlation for effects of different kinds, such as raters or outcomes; the first one then holds within a kind.</summary>
    /// <param name="column">The column of kinds.</param>
    /// <param name="correlation">ρ between kinds, in [-1, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The correlation lies outside [-1, 1].</exception>
    public AssumedCorrelation BetweenKinds(string column, double correlation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        return this with { Kind = column, CorrelationBetweenKinds = CheckCorrelation(correlation, nameof(correlation)) };
    }

    /// <summary>Correlations fall with the time between measurements: times φ^|t₁ - t₂|, the autoregressive structure of order 1 in continuous time.</summary>
    /// <param name="column">The column of times, numbers in any unit.</param>
    /// <param name="autocorrelation">φ over one unit of time, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The autocorrelation lies outside [0, 1).</exception>
    public AssumedCorrelation OverTime(string column, double autocorrelation)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        if (autocorrelation is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(autocorrelation), autocorrelation, "The autocorrelation over one unit of time lies in [0, 1).");
        }
        return this with { Time = column, Autocorrelation = autocorrelation };
    }

    private protected override double[] MatrixOf(StudyEffects effects, string name, IReadOnlyList<int> rows)
    {
        var m = rows.Count;
        var matrix = new double[m * m];
        string[]? subgroups = Subgroup is null ? null : Texts(effects, Subgroup, rows);
        string[]? kinds = Kind is null ? null : Texts(effects, Kind, rows);
        double[]? times = Time is null ? null : Numbers(effects, Time, rows);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (subgroups is not null && subgroups[i] != subgroups[j]) continue;
                var rho = kinds is not null && kinds[i] != kinds[j] ? CorrelationBetweenKinds!.Value : Correlation;
                if (times is not null && times[i] != times[j]) rho *= Math.Pow(Autocorrelation!.Value, Math.Abs(times[i] - times[j]));
                matrix[i * m + j] = matrix[j * m + i] = rho * Math.Sqrt(effects.Variances[rows[i]] * effects.Variances[rows[j]]);
            }
        }
        return matrix;
    }

    private protected override string Describe() => string.Create(CultureInfo.InvariantCulture, $"correlation {Correlation:R}")
        + (Kind is null ? "" : string.Create(CultureInfo.InvariantCulture, $", {CorrelationBetweenKinds!.Value:R} between values of {Kind}"))
        + (Time is null ? "" : string.Create(CultureInfo.InvariantCulture, $", autocorrelation {Autocorrelation!.Value:R} over {Time}"));

    internal static double CheckCorrelation(double value, string name) => value is >= -1 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A correlation of sampling errors lies in [-1, 1]; 0.4 to 0.8 is usual for the same people.");

    internal static string[] Texts(StudyEffects effects, string column, IReadOnlyList<int> rows)
    {
        var values = effects.Column(column);
        return [.. rows.Select(r => values.Text(r)
            ?? throw new StudyDataException("must have a value: the covariance of sampling errors depends on it", "", r + 1, effects.Labels[r], column))];
    }

    private static double[] Numbers(StudyEffects effects, string column, IReadOnlyList<int> rows)
    {
        var values = effects.Column(column);
        if (!values.IsNumeric)
        {
            throw new StudyDataException("is a text where a time in numbers is needed", values.Text(rows[0]), rows[0] + 1, effects.Labels[rows[0]], column);
        }
        return [.. rows.Select(r => values.Number(r)
            ?? throw new StudyDataException("must have a value: the covariance of sampling errors depends on it", "", r + 1, effects.Labels[r], column))];
    }
}

/// <summary>Covariance matrices as computed elsewhere.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.40, 0.22, 0.45, 0.08, 0.16, 0.02, 0.30, 0.52],
///     [0.004, 0.004, 0.006, 0.005, 0.006, 0.006, 0.004, 0.007], EffectMeasure.FisherZ,
///     columns: [StudyColumn.OfTexts("sample", ["A", "A", "B", "C", "D", "D", "E", "F"])]);
/// GivenCovariance errors = SamplingCovariance.Given("sample", new Dictionary&lt;string, double[,]&gt;
/// {
///     ["A"] = new[,] { { 0.004, 0.002 }, { 0.002, 0.004 } },
///     ["D"] = new[,] { { 0.006, 0.003 }, { 0.003, 0.006 } },
/// });
/// Console.WriteLine(MultilevelModel.Fit(effects, ["sample", MultilevelModel.EachEffect], options: new() { SamplingCovariance = errors }));
/// </code></example>
public sealed record GivenCovariance : SamplingCovariance
{
    private readonly Dictionary<string, double[,]> _matrices = new(StringComparer.Ordinal);

    internal GivenCovariance(string cluster, IReadOnlyDictionary<string, double[,]> matrices)
        : base(cluster)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        foreach (var (name, matrix) in matrices) _matrices[name] = (double[,])matrix.Clone();
    }

    private protected override double[] MatrixOf(StudyEffects effects, string name, IReadOnlyList<int> rows)
    {
        var m = rows.Count;
        if (!_matrices.TryGetValue(name, out var matrix))
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture, $"has {m} effects but no covariance matrix is given for it"), name,
                column: Cluster);
        }
        if (matrix.GetLength(0) != m || matrix.GetLength(1) != m)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"has {m} effects where its covariance matrix is {matrix.GetLength(0)} x {matrix.GetLength(1)}"), name, column: Cluster);
        }
        var flat = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            var v = effects.Variances[rows[i]];
            if (!(Math.Abs(matrix[i, i] - v) <= 1e-6 * v))
            {
                throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                    $"is the variance in the covariance matrix of {name} where the effect has {v:R}"),
                    matrix[i, i].ToString("R", CultureInfo.InvariantCulture), rows[i] + 1, effects.Labels[rows[i]], "vi");
            }
            for (var j = 0; j < m; j++)
            {
                var size = Math.Sqrt(v * effects.Variances[rows[j]]);
                if (!(Math.Abs(matrix[i, j] - matrix[j, i]) <= 1e-9 * size) || !double.IsFinite(matrix[i, j]))
                {
                    throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                        $"has a covariance matrix that is not symmetric and finite in row {i + 1}, column {j + 1}"), name, column: Cluster);
                }
                flat[i * m + j] = (matrix[i, j] + matrix[j, i]) / 2;
            }
        }
        return flat;
    }

    internal override SamplingCovariance ForRows(StudyEffects effects, IReadOnlyList<int> rows)
    {
        var kept = new Dictionary<string, double[,]>(StringComparer.Ordinal);
        foreach (var (name, all) in effects.RowsBy(Cluster))
        {
            if (!_matrices.TryGetValue(name, out var matrix)) continue;
            // In the order of the rows asked for, as the matrix of a cluster is read.
            int[] places = [.. rows.Select(row => all.IndexOf(row)).Where(place => place >= 0)];
            var part = new double[places.Length, places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                for (var j = 0; j < places.Length; j++) part[i, j] = matrix[places[i], places[j]];
            }
            if (places.Length > 0) kept[name] = part;
        }
        return new GivenCovariance(Cluster, kept);
    }

    private protected override string Describe() => "as given";
}
