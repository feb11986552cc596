using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The counts of a study with two groups and two outcomes. Rows are the groups, columns the outcomes; the first column is the
/// event. Counts need not be whole: those of a cluster-randomised trial are divided by its design effect.
/// </summary>
public readonly record struct TwoByTwo
{
    /// <summary>Takes the four counts.</summary>
    /// <param name="a">People of the first group with the event, 0 or more.</param>
    /// <param name="b">People of the first group without it.</param>
    /// <param name="c">People of the second group with the event.</param>
    /// <param name="d">People of the second group without it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative or not finite, or a group has nobody in it.</exception>
    public TwoByTwo(double a, double b, double c, double d)
    {
        A = Check.NotNegative(a, nameof(a));
        B = Check.NotNegative(b, nameof(b));
        C = Check.NotNegative(c, nameof(c));
        D = Check.NotNegative(d, nameof(d));
        if (a + b == 0)
            throw ArgumentFault.OutOfRange(nameof(a), a, "The first group has nobody in it: a + b must be positive.");
        if (c + d == 0)
            throw ArgumentFault.OutOfRange(nameof(c), c, "The second group has nobody in it: c + d must be positive.");
    }

    /// <summary>The table of events and group sizes.</summary>
    /// <param name="events1">People of the first group with the event.</param>
    /// <param name="n1">The size of the first group.</param>
    /// <param name="events2">People of the second group with the event.</param>
    /// <param name="n2">The size of the second group.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite or negative, or there are more events than
    /// people.</exception>
    public static TwoByTwo FromEvents(double events1, double n1, double events2, double n2)
    {
        Check.Positive(n1, nameof(n1));
        Check.Positive(n2, nameof(n2));
        if (events1 > n1)
            throw ArgumentFault.OutOfRange(nameof(events1), events1,
                "There are more events than people in the first group.");
        if (events2 > n2)
            throw ArgumentFault.OutOfRange(nameof(events2), events2,
                "There are more events than people in the second group.");
        return new TwoByTwo(events1, n1 - events1, events2, n2 - events2);
    }

    /// <summary>People of the first group with the event.</summary>
    public double A { get; }

    /// <summary>People of the first group without the event.</summary>
    public double B { get; }

    /// <summary>People of the second group with the event.</summary>
    public double C { get; }

    /// <summary>People of the second group without the event.</summary>
    public double D { get; }

    /// <summary>The size of the first group, a + b.</summary>
    public double N1 => A + B;

    /// <summary>The size of the second group, c + d.</summary>
    public double N2 => C + D;

    /// <summary>All people.</summary>
    public double Total => A + B + C + D;

    /// <summary>All people with the event, a + c.</summary>
    public double Events => A + C;

    /// <summary>All people without the event, b + d.</summary>
    public double NonEvents => B + D;

    /// <summary>True when a cell is zero.</summary>
    public bool HasZero => A == 0 || B == 0 || C == 0 || D == 0;

    /// <summary>True when nobody or everybody has the event, so that the table says nothing about a ratio.</summary>
    public bool IsUninformative => Events == 0 || NonEvents == 0;

    /// <summary>The table with its groups exchanged.</summary>
    public TwoByTwo SwapGroups() => new(C, D, A, B);

    /// <summary>The table with its outcomes exchanged.</summary>
    public TwoByTwo SwapOutcomes() => new(B, A, D, C);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{A}/{N1} against {C}/{N2}");

    /// <summary>The table after the zero-cell rule, and what to say of it.</summary>
    internal (TwoByTwo Table, string? Note) With(ZeroCells? zeroCells)
    {
        var add = (zeroCells ?? ZeroCells.Keep).AmountFor(A, B, C, D);
        return add == 0 ? (this, null) : (new TwoByTwo(A + add, B + add, C + add, D + add), ZeroCells.NoteFor(add, "each cell"));
    }
}
