using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The counts of matched pairs, or of people seen twice, with two outcomes: rows are the first member or occasion, columns the second; the first row and column
/// are the event. Counts need not be whole.
/// </summary>
/// <example><code>
/// var pairs = new MatchedPairs(both: 20, firstOnly: 14, secondOnly: 6, neither: 60);
/// Console.WriteLine(MatchedPairEffects.ConditionalLogOddsRatio(pairs));
/// </code></example>
public readonly record struct MatchedPairs
{
    /// <summary>Takes the four counts.</summary>
    /// <param name="both">a, pairs in which both have the event, 0 or more.</param>
    /// <param name="firstOnly">b, pairs in which only the first has it.</param>
    /// <param name="secondOnly">c, pairs in which only the second has it.</param>
    /// <param name="neither">d, pairs in which neither has it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or not finite, or there is no pair.</exception>
    public MatchedPairs(double both, double firstOnly, double secondOnly, double neither)
    {
        Both = Check.NotNegative(both, nameof(both));
        FirstOnly = Check.NotNegative(firstOnly, nameof(firstOnly));
        SecondOnly = Check.NotNegative(secondOnly, nameof(secondOnly));
        Neither = Check.NotNegative(neither, nameof(neither));
        if (Total == 0) throw ArgumentFault.OutOfRange(nameof(both), both, "There are no pairs: one of the four counts must be positive.");
    }

    /// <summary>a, pairs in which both have the event.</summary>
    public double Both { get; }

    /// <summary>b, pairs in which only the first has it.</summary>
    public double FirstOnly { get; }

    /// <summary>c, pairs in which only the second has it.</summary>
    public double SecondOnly { get; }

    /// <summary>d, pairs in which neither has it.</summary>
    public double Neither { get; }

    /// <summary>All pairs, n.</summary>
    public double Total => Both + FirstOnly + SecondOnly + Neither;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Total} pairs (both {Both}, first only {FirstOnly}, second only {SecondOnly}, neither {Neither})");

    internal (MatchedPairs Pairs, string? Note) With(ZeroCells? zeroCells)
    {
        var add = (zeroCells ?? ZeroCells.Keep).AmountFor(Both, FirstOnly, SecondOnly, Neither);
        return add == 0 ? (this, null)
            : (new MatchedPairs(Both + add, FirstOnly + add, SecondOnly + add, Neither + add), ZeroCells.NoteFor(add, "each cell"));
    }
}
