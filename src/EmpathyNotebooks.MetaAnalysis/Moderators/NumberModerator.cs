using System.Collections.Immutable;
using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// A number as moderator, for example year: a straight line, a polynomial or a restricted cubic spline. Centring changes the intercept only, to
/// the effect at the mean; scaling makes the coefficient one of a standard deviation. When not to use it: for codes such as 1 = client,
/// 2 = observer; these are categories.
/// </summary>
/// <example><code>
/// NumberModerator line = Moderator.Number("year").CenteredAt(2000).ScaledBy(10);
/// var curve = Moderator.Number("year").Centered().Polynomial(2);
/// var spline = Moderator.Number("year").Spline(knots: 4);
/// </code></example>
public sealed record NumberModerator : VariableModerator
{
    /// <summary>The lowest degree of a <see cref="Polynomial"/>.</summary>
    public const int LeastDegree = 2;

    /// <summary>The highest degree of a <see cref="Polynomial"/>.</summary>
    public const int MostDegree = 5;

    /// <summary>The fewest knots of a <see cref="Spline"/>.</summary>
    public const int LeastKnots = 3;

    /// <summary>The most knots of a <see cref="Spline"/>.</summary>
    public const int MostKnots = 7;

    internal NumberModerator(string column)
        : base(column)
    {
    }

    /// <summary>True when the mean of the studies used is subtracted.</summary>
    public bool IsCentered { get; private init; }

    /// <summary>The value that is subtracted, if one was chosen.</summary>
    public double? Centre { get; private init; }

    /// <summary>True when values are divided by their standard deviation in the studies used.</summary>
    public bool IsScaled { get; private init; }

    /// <summary>The unit values are divided by, if one was chosen.</summary>
    public double? Unit { get; private init; }

    /// <summary>The degree of the polynomial; 1 for a straight line.</summary>
    public int Degree { get; private init; } = 1;

    /// <summary>The number of knots of the spline; 0 for none.</summary>
    public int KnotCount { get; private init; }

    /// <summary>The knots chosen, in the column's own units; empty for quantiles.</summary>
    public ImmutableArray<double> Knots { get; private init; } = [];

    /// <summary>Subtracts the mean of the studies used.</summary>
    public NumberModerator Centered() => this with { IsCentered = true, Centre = null };

    /// <summary>Subtracts a value, for example 2000 from years.</summary>
    /// <param name="value">Finite, in the column's units.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public NumberModerator CenteredAt(double value) => double.IsFinite(value)
        ? this with { IsCentered = false, Centre = value }
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The centre must be finite.");

    /// <summary>Divides by the standard deviation of the studies used (with k - 1).</summary>
    public NumberModerator Scaled() => this with { IsScaled = true, Unit = null };

    /// <summary>Divides by a unit, for example 10 for decades.</summary>
    /// <param name="unit">Positive and finite, in the column's units.</param>
    /// <exception cref="ArgumentOutOfRangeException">The unit is not positive and finite.</exception>
    public NumberModerator ScaledBy(double unit) => unit > 0 && double.IsFinite(unit)
        ? this with { IsScaled = false, Unit = unit }
        : throw new ArgumentOutOfRangeException(nameof(unit), unit, "The unit must be positive and finite.");

    /// <summary>The powers 1 to <paramref name="degree"/> of the (centred, scaled) value. Centre first: powers of years are hardly distinguishable.</summary>
    /// <param name="degree">2 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The degree lies outside 2 to 5.</exception>
    public NumberModerator Polynomial(int degree) => degree is >= LeastDegree and <= MostDegree
        ? this with { Degree = degree, KnotCount = 0, Knots = [] }
        : throw new ArgumentOutOfRangeException(nameof(degree), degree, "A polynomial moderator has degree 2 to 5.");

    /// <summary>
    /// A restricted cubic spline, a smooth curve that is straight beyond the outer knots, with knots at Harrell's quantiles of the studies used
    /// (Harrell 2015, Regression Modeling Strategies, table 2.3). It takes one coefficient fewer than it has knots.
    /// </summary>
    /// <param name="knots">3 to 7; 4 suits most, 3 with few studies.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside 3 to 7.</exception>
    public NumberModerator Spline(int knots = 4) => knots is >= LeastKnots and <= MostKnots
        ? this with { KnotCount = knots, Knots = [], Degree = 1 }
        : throw new ArgumentOutOfRangeException(nameof(knots), knots, "A spline has 3 to 7 knots, unless they are given one by one.");

    /// <summary>A restricted cubic spline with the knots given.</summary>
    /// <param name="knots">At least 3, rising, in the column's own units.</param>
    /// <exception cref="ArgumentException">There are fewer than 3 knots or they do not rise.</exception>
    public NumberModerator SplineAt(params IReadOnlyList<double> knots)
    {
        ArgumentNullException.ThrowIfNull(knots);
        for (var i = 0; i < knots.Count; i++)
        {
            if (!double.IsFinite(knots[i]) || (i > 0 && !(knots[i] > knots[i - 1]))) knots = [];
        }
        return knots.Count >= 3
            ? this with { KnotCount = knots.Count, Knots = [.. knots], Degree = 1 }
            : throw new ArgumentException("A restricted cubic spline needs at least 3 knots, finite and rising.", nameof(knots));
    }

    internal override string Description
    {
        get
        {
            var parts = new List<string>();
            if (IsCentered) parts.Add("centred");
            if (Centre is { } centre) parts.Add(string.Create(CultureInfo.InvariantCulture, $"centred at {centre:R}"));
            if (IsScaled) parts.Add("per SD");
            if (Unit is { } unit) parts.Add(string.Create(CultureInfo.InvariantCulture, $"per {unit:R}"));
            if (Degree > 1) parts.Add(string.Create(CultureInfo.InvariantCulture, $"degree {Degree}"));
            if (KnotCount > 0 && Knots.IsEmpty) parts.Add(string.Create(CultureInfo.InvariantCulture, $"spline, {KnotCount} knots"));
            if (!Knots.IsEmpty) parts.Add("spline, knots " + string.Join(", ", Knots.Select(k => k.ToString("R", CultureInfo.InvariantCulture))));
            return parts.Count == 0 ? Column : $"{Column} ({string.Join("; ", parts)})";
        }
    }

    internal override VariableCoding Learn(StudyColumn column, ReadOnlySpan<int> rows)
    {
        if (!column.IsNumeric)
        {
            throw new StudyDataException("is a text where a number is needed",
                column.Text(rows[0]), rows[0] + 1, column: Column, kind: StudyDataFault.TextForNumber);
        }
        var x = new double[rows.Length];
        for (var i = 0; i < x.Length; i++) x[i] = column.Number(rows[i])!.Value;
        if (x.Distinct().Count() < 2)
        {
            throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                $"is the only value of the {StatisticText.Count(x.Length, "study", "studies")} used, so that {Column} cannot explain why effects differ"),
                x[0].ToString("R", CultureInfo.InvariantCulture), column: Column, kind: StudyDataFault.Undetermined);
        }
        var mean = x.Average();
        var centre = Centre ?? (IsCentered ? mean : 0);
        var unit = Unit ?? (IsScaled ? Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / (x.Length - 1)) : 1);
        return new NumberCoding(this, centre, unit, mean, KnotCount == 0 ? [] : [.. LearnKnots(x).Select(k => (k - centre) / unit)]);
    }

    private ImmutableArray<double> LearnKnots(double[] x)
    {
        if (!Knots.IsEmpty) return Knots;
        Array.Sort(x);
        double[] places = KnotCount switch
        {
            3 => [0.10, 0.50, 0.90],
            4 => [0.05, 0.35, 0.65, 0.95],
            5 => [0.05, 0.275, 0.50, 0.725, 0.95],
            6 => [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
            _ => [0.025, 0.1833, 0.3417, 0.50, 0.6583, 0.8167, 0.975],
        };
        ImmutableArray<double> knots = [.. places.Select(p => QuantileOf(x, p))];
        for (var i = 1; i < knots.Length; i++)
        {
            if (!(knots[i] > knots[i - 1]))
            {
                throw new StudyDataException(string.Create(CultureInfo.InvariantCulture,
                    $"has too many equal values for {KnotCount} knots at its quantiles"), column: Column, kind: StudyDataFault.EqualKnots);
            }
        }
        return knots;
    }

    /// <summary>The quantile by linear interpolation, type 7 of R.</summary>
    private static double QuantileOf(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var low = (int)Math.Floor(place);
        return low + 1 < sorted.Length ? sorted[low] + (place - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
    }
}
