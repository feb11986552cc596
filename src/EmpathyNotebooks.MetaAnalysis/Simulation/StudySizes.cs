using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>How large the studies of a simulated meta-analysis are: people, or the sampling variance of <see cref="SimulatedMeasure.Generic"/>.</summary>
/// <example><code>
/// StudySizes alike = StudySizes.Same(50), spread = StudySizes.Between(20, 200), oneLarge = StudySizes.Each(20, 20, 20, 20, 400);
/// Console.WriteLine($"{alike}; {spread}; {oneLarge}");
/// </code></example>
public sealed class StudySizes : IEquatable<StudySizes>
{
    private StudySizes(ImmutableArray<double> values, bool isRange) => (Values, IsRange) = (values, isRange);

    /// <summary>The two ends of a range, or the sizes in turn.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>True where each study draws its size from a range.</summary>
    public bool IsRange { get; }

    /// <summary>All studies are alike.</summary>
    /// <param name="size">n, or v.</param>
    public static StudySizes Same(double size) => new([size], false);

    /// <summary>Every study draws its size, each whole number of the range being equally likely; of variances, each number.</summary>
    /// <param name="from">The smallest.</param>
    /// <param name="to">The largest, above the smallest.</param>
    /// <exception cref="ArgumentOutOfRangeException">The largest is not above the smallest.</exception>
    public static StudySizes Between(double from, double to) => from < to ? new([from, to], true)
        : throw new ArgumentOutOfRangeException(nameof(to), to, "The largest size must be above the smallest.");

    /// <summary>The sizes in turn; with more studies than sizes they begin again.</summary>
    /// <param name="sizes">At least one size.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static StudySizes Each(params IEnumerable<double> sizes)
    {
        ImmutableArray<double> all = [.. sizes];
        return all.Length > 0 ? new(all, false) : throw new ArgumentException("There are no sizes.", nameof(sizes));
    }

    /// <summary>The smallest size.</summary>
    public double Smallest => Values.Min();

    /// <summary>The largest size.</summary>
    public double Largest => Values.Max();

    /// <inheritdoc/>
    public bool Equals(StudySizes? other) => other is not null && IsRange == other.IsRange && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StudySizes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(IsRange, Values.Length, Values[0]);

    /// <summary>For example <c>50</c>, <c>20 to 200</c> or <c>20, 20, 400</c>.</summary>
    public override string ToString() => string.Join(IsRange ? " to " : ", ", Values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>
/// Which studies are published: all whose one-sided p is below a limit, and of the others a share, so that a simulated meta-analysis goes on drawing studies until it has enough. p is that of effect/√variance for a positive effect.
/// </summary>
/// <param name="P">The limit of the one-sided p, in (0, 1).</param>
/// <param name="Weight">The probability with which a study beyond it is published, from 0.01 to 1.</param>
/// <example><code>
/// var selection = new PublicationStep(P: 0.025, Weight: 0.2);
/// Console.WriteLine($"of studies with p above {selection.P} {selection.Weight} are published");
/// </code></example>
public sealed record PublicationStep(double P, double Weight)
{
    /// <summary>The limit of the one-sided p.</summary>
    public double P { get; init; } = P is > 0 and < 1 ? P : throw new ArgumentOutOfRangeException(nameof(P), P, "The limit of a one-sided p lies between 0 and 1, both excluded; 0.025 is usual.");

    /// <summary>The share of the others that is published.</summary>
    public double Weight { get; init; } = Weight is >= 0.01 and <= 1 ? Weight : throw new ArgumentOutOfRangeException(nameof(Weight), Weight, "The weight lies between 0.01 and 1.");
}
