using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A correlation of two variables in one sample.</summary>
/// <param name="Cluster">The sample.</param>
/// <param name="First">One variable.</param>
/// <param name="Second">The other; the order does not matter.</param>
/// <param name="Correlation">Their correlation r, in (-1, 1).</param>
/// <example><code>
/// // In sample A client and observer ratings of empathy correlate .40; the correlations with outcome are the effects themselves.
/// KnownCorrelation raters = new("A", "client", "observer", 0.40);
/// var errors = SamplingCovariance.FromCorrelations("sample", "rated by", "with", [raters], otherwise: 0.5);
/// </code></example>
public sealed record KnownCorrelation(string Cluster, string First, string Second, double Correlation);

/// <summary>The covariance of correlations that share a sample, from the correlations of its variables.</summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.35, 0.25, 0.30], [0.02, 0.02, 0.03], EffectMeasure.FisherZ, columns: [
///     StudyColumn.OfTexts("sample", ["A", "A", "B"]),
///     StudyColumn.OfTexts("rated by", ["client", "observer", "client"]), StudyColumn.OfTexts("with", ["outcome", "outcome", "outcome"])]);
/// CorrelationsOfSample covariance = SamplingCovariance.FromCorrelations("sample", "rated by", "with", [new("A", "client", "observer", 0.4)]);
/// var fit = MultilevelModel.Fit(effects, ["sample"], options: new() { SamplingCovariance = covariance });
/// </code></example>
public sealed record CorrelationsOfSample : SamplingCovariance
{
    private readonly Dictionary<(string Cluster, string A, string B), double> _known = [];

    internal CorrelationsOfSample(string cluster, string first, string second, ImmutableArray<KnownCorrelation> known, double? otherwise)
        : base(cluster)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(first);
        ArgumentException.ThrowIfNullOrWhiteSpace(second);
        First = first;
        Second = second;
        if (otherwise is not (null or (> -1 and < 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(otherwise), otherwise, "An assumed correlation lies in (-1, 1).");
        }
        Otherwise = otherwise;
        foreach (var item in known)
        {
            ArgumentNullException.ThrowIfNull(item);
            Add(_known, item.Cluster, item.First, item.Second, item.Correlation, null, null);
        }
    }

    /// <summary>The column that names the first variable of each correlation.</summary>
    public string First { get; }

    /// <summary>The column that names the second variable.</summary>
    public string Second { get; }

    /// <summary>What is assumed for correlations that are not known, or null.</summary>
    public double? Otherwise { get; }

    private protected override double[] MatrixOf(StudyEffects effects, string name, IReadOnlyList<int> rows)
    {
        if (effects.Measure != EffectMeasure.FisherZ && effects.Measure != EffectMeasure.Correlation)
        {
            throw new StudyDataException("are not correlations (ZCOR or COR), whose covariance could follow from other correlations",
                effects.Measure.Code, column: "measure");
        }
        var m = rows.Count;
        var first = AssumedCorrelation.Texts(effects, First, rows);
        var second = AssumedCorrelation.Texts(effects, Second, rows);
        var known = new Dictionary<(string, string, string), double>(_known);
        for (var i = 0; i < m; i++)
        {
            var r = effects.Measure == EffectMeasure.FisherZ ? Math.Tanh(effects.Effects[rows[i]]) : effects.Effects[rows[i]];
            Add(known, name, first[i], second[i], r, rows[i], effects);
        }
        var matrix = new double[m * m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < i; j++)
            {
                // As a correlation of the two errors, so that it fits variances with any denominator: n - 3 for z, n - 1 for r.
                matrix[i * m + j] = matrix[j * m + i] = Math.Sqrt(effects.Variances[rows[i]] * effects.Variances[rows[j]])
                    * ErrorCorrelation(R, first[i], second[i], first[j], second[j]);
            }
        }
        return matrix;

        double R(string a, string b)
        {
            if (a == b) return 1;
            if (known.TryGetValue(Key(name, a, b), out var r)) return r;
            return Otherwise ?? throw new StudyDataException(
                $"needs the correlation of \"{a}\" and \"{b}\": give it as a KnownCorrelation, or say what to assume otherwise", name, column: Cluster);
        }
    }

    private protected override string Describe() =>
        "from the correlations of its variables" + (Otherwise is { } r ? string.Create(CultureInfo.InvariantCulture, $", {r:R} where not known") : "");

    /// <summary>The correlation of the sampling errors of r(a, b) and r(c, d), the same for r and for Fisher's z.</summary>
    private static double ErrorCorrelation(Func<string, string, double> r, string a, string b, string c, string d)
    {
        double ab = r(a, b), cd = r(c, d), ac = r(a, c), ad = r(a, d), bc = r(b, c), bd = r(b, d);
        var covariance = 0.5 * ab * cd * (ac * ac + ad * ad + bc * bc + bd * bd) + ac * bd + ad * bc
            - (ab * ac * ad + ab * bc * bd + ac * bc * cd + ad * bd * cd);
        return covariance / ((1 - ab * ab) * (1 - cd * cd));
    }

    private static (string, string, string) Key(string cluster, string a, string b) =>
        string.CompareOrdinal(a, b) <= 0 ? (cluster, a, b) : (cluster, b, a);

    private void Add(Dictionary<(string, string, string), double> known, string cluster, string a, string b, double r, int? row, StudyEffects? effects)
    {
        var label = row is { } i ? effects!.Labels[i] : null;
        if (r is not (> -1 and < 1))
        {
            throw new StudyDataException($"is no correlation of \"{a}\" and \"{b}\" in {cluster}; it must lie in (-1, 1)",
                r.ToString("R", CultureInfo.InvariantCulture), row + 1, label);
        }
        if (a == b) throw new StudyDataException("is correlated with itself", a, row + 1, label, First);
        if (!known.TryAdd(Key(cluster, a, b), r))
        {
            throw new StudyDataException($"has two correlations of \"{a}\" and \"{b}\"; one sample has one", cluster, row + 1, label, Cluster);
        }
    }
}
