using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// How many effects each simulated study has and how their sampling errors correlate, as those of several outcomes of the same people do. The effects of a study share its true effect, so that tau² is the variance between studies.
/// It is for standardised mean differences, whose correlation is that of the outcomes within groups, and for <see cref="SimulatedMeasure.Generic"/>.
/// </summary>
/// <example><code>
/// EffectsPerStudy pairs = EffectsPerStudy.Each(0.6, 2), unequal = EffectsPerStudy.Each(0.6, 1, 1, 2, 6);
/// Console.WriteLine($"{pairs}; {unequal}: {unequal.Total(10)} effects of 10 studies");
/// </code></example>
public sealed class EffectsPerStudy : IEquatable<EffectsPerStudy>
{
    /// <summary>The most effects of a study.</summary>
    public const int Most = 100;

    private EffectsPerStudy(double correlation, ImmutableArray<int> counts) => (Correlation, Counts) = (correlation, counts);

    /// <summary>The correlation ρ of sampling errors within a study.</summary>
    public double Correlation { get; }

    /// <summary>How many effects the studies have, in turn.</summary>
    public ImmutableArray<int> Counts { get; }

    /// <summary>The studies take the counts in turn; with more studies than counts they begin again.</summary>
    /// <param name="correlation">The correlation ρ of sampling errors within a study, from 0 to 1.</param>
    /// <param name="counts">At least one count, each from 1 to <see cref="Most"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    /// <exception cref="ArgumentException">There are no counts.</exception>
    public static EffectsPerStudy Each(double correlation, params IEnumerable<int> counts)
    {
        if (!(correlation is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(correlation), correlation, "The correlation of sampling errors lies from 0 to 1.");
        ImmutableArray<int> all = [.. counts];
        foreach (var count in all)
        {
            if (count is < 1 or > Most) throw new ArgumentOutOfRangeException(nameof(counts), count, "A study has 1 to 100 effects.");
        }
        return all.Length > 0 ? new(correlation, all) : throw new ArgumentException("There are no counts.", nameof(counts));
    }

    /// <summary>How many effects so many studies have.</summary>
    /// <param name="studies">How many studies.</param>
    public int Total(int studies) => studies / Counts.Length * Counts.Sum() + Counts.Take(studies % Counts.Length).Sum();

    /// <inheritdoc/>
    public bool Equals(EffectsPerStudy? other) => other is not null && Correlation.Equals(other.Correlation) && Counts.SequenceEqual(other.Counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EffectsPerStudy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Correlation, Counts.Length, Counts[0]);

    /// <summary>For example <c>1, 1, 2, 6 (ρ = 0.6)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Counts)} (ρ = {Correlation})");
}
