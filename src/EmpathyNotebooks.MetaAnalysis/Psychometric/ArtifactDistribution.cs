using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// Reliabilities or range ratios from studies of the field, with how often each was found: for corrections where the studies pooled do not report their own. It assumes that artifacts go with neither the true
/// effects nor one another. When not to use it: with reliabilities of another population or another kind (a retest for a coefficient alpha).
/// </summary>
/// <example><code>
/// ArtifactDistribution reliabilities = ArtifactDistribution.OfReliabilities([0.75, 0.80, 0.85], frequencies: [2, 5, 3]);
/// Console.WriteLine(reliabilities.Mean);
/// </code></example>
public sealed class ArtifactDistribution
{
    private ArtifactDistribution(ImmutableArray<double> values, ImmutableArray<double> weights, bool areSampleSizes) => (Values, Weights, AreSampleSizes) = (values, weights, areSampleSizes);

    /// <summary>The values.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>How often each was found, or the size of its sample.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>The weighted mean.</summary>
    public double Mean => WeightedMean(Values, Weights);

    /// <summary>True where weights are sizes of samples, so that the sampling error of the artifacts is known and taken out of their variance.</summary>
    internal bool AreSampleSizes { get; }

    /// <summary>A distribution of reliabilities.</summary>
    /// <param name="values">Reliabilities in (0, 1].</param>
    /// <param name="frequencies">How often each was found, positive; once each if not said.</param>
    /// <exception cref="StudyDataException">A value or frequency is out of range, there is none, or their numbers differ.</exception>
    public static ArtifactDistribution OfReliabilities(IReadOnlyList<double> values, IReadOnlyList<double>? frequencies = null) =>
        Create(values, frequencies, "reliability", v => v is > 0 and <= 1, "must be a reliability above 0 and at most 1");

    /// <summary>A distribution of range ratios u.</summary>
    /// <param name="values">Standard deviations of samples over that of the population, positive.</param>
    /// <param name="frequencies">How often each was found, positive; once each if not said.</param>
    /// <exception cref="StudyDataException">A value or frequency is out of range, there is none, or their numbers differ.</exception>
    public static ArtifactDistribution OfRangeRatios(IReadOnlyList<double> values, IReadOnlyList<double>? frequencies = null) =>
        Create(values, frequencies, "u", v => v > 0 && double.IsFinite(v), "must be a positive, finite ratio of standard deviations");

    /// <summary>Those of the studies that are known, weighted by their sample sizes.</summary>
    internal static ArtifactDistribution OfStudies(IEnumerable<double> values, IEnumerable<double> sizes) => new([.. values], [.. sizes], true);

    private static ArtifactDistribution Create(IReadOnlyList<double> values, IReadOnlyList<double>? frequencies, string column, Func<double, bool> isRight, string expected)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new StudyDataException("must have at least one value", column: column);
        if (frequencies is not null && frequencies.Count != values.Count)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture, $"has {frequencies.Count} frequencies where there are {values.Count} values; each value needs one"), column: column);
        }
        for (var i = 0; i < values.Count; i++)
        {
            if (!isRight(values[i])) throw new StudyDataException(expected, values[i].ToString(CultureInfo.InvariantCulture), i + 1, column: column);
            if (frequencies is not null && !(frequencies[i] > 0 && double.IsFinite(frequencies[i])))
            {
                throw new StudyDataException("must be a positive, finite frequency", frequencies[i].ToString(CultureInfo.InvariantCulture), i + 1, column: column);
            }
        }
        return new ArtifactDistribution([.. values], frequencies is null ? [.. values.Select(_ => 1.0)] : [.. frequencies], false);
    }

    internal static double WeightedMean(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        double sum = 0, total = 0;
        for (var i = 0; i < values.Count; i++)
        {
            sum += values[i] * weights[i];
            total += weights[i];
        }
        return sum / total;
    }

    /// <summary>The weighted variance, times k/(k - 1); 0 for one value.</summary>
    internal static double WeightedVariance(IReadOnlyList<double> values, IReadOnlyList<double> weights)
    {
        if (values.Count < 2) return 0;
        var mean = WeightedMean(values, weights);
        double sum = 0, total = 0;
        for (var i = 0; i < values.Count; i++)
        {
            sum += (values[i] - mean) * (values[i] - mean) * weights[i];
            total += weights[i];
        }
        // Equal values differ by rounding only.
        return sum <= 1e-24 * mean * mean * total ? 0 : sum / total * values.Count / (values.Count - 1);
    }
}
