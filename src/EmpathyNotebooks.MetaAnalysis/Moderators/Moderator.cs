using System.Collections.Immutable;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What the effects may depend on, written as a sum of terms: <c>Moderator.Category("rater", reference: "client") +
/// Moderator.Number("year").Centered()</c>. <c>a * b</c> stands for both and their interaction. Each term names columns of the effects
/// (<see cref="StudyEffects.Columns"/>); they are read when a model is fitted. Immutable.
/// </summary>
/// <example><code>
/// var effects = StudyEffects.Create([0.31, 0.12, 0.45, 0.20, 0.38], [0.010, 0.022, 0.015, 0.012, 0.020],
///     columns: [StudyColumn.OfTexts("rater", ["client", "observer", "client", "observer", "client"]),
///               StudyColumn.OfNumbers("year", [2001, 2004, 2010, 2012, 2018])]);
/// var fit = MetaRegression.Fit(effects, Moderator.Category("rater", reference: "client") + Moderator.Number("year").Centered());
/// foreach (var c in fit.Coefficients) Console.WriteLine($"{c.Name}: {c.Estimate}, p = {c.PValue}");
/// </code></example>
public abstract record Moderator
{
    private protected Moderator()
    {
    }

    /// <summary>A category such as rater, coded against a reference unless <see cref="CategoryModerator.SumContrasts"/> is asked for.</summary>
    /// <param name="column">The column, usually of texts.</param>
    /// <param name="reference">The category the others are compared with; the first in order of the alphabet (of size, for numbers) if not said.</param>
    public static CategoryModerator Category(string column, string? reference = null) => new(column, reference);

    /// <summary>A number such as year, with a straight line unless a polynomial or spline is asked for.</summary>
    /// <param name="column">The column of numbers.</param>
    public static NumberModerator Number(string column) => new(column);

    /// <summary>Both terms side by side. A term that is already there is not added again.</summary>
    public static Moderator operator +(Moderator left, Moderator right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new ModeratorSum([.. left.Terms, .. right.Terms], left.HasIntercept && right.HasIntercept);
    }

    /// <summary>Both terms and their interaction: the effect of one may depend on the other.</summary>
    public static Moderator operator *(Moderator left, Moderator right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new ModeratorSum(
            [.. left.Terms, .. right.Terms, .. left.Terms.SelectMany(_ => right.Terms, (a, b) => a.Times(b))],
            left.HasIntercept && right.HasIntercept);
    }

    /// <summary>Both terms and their interaction, as the operator * has it.</summary>
    /// <param name="other">The other term.</param>
    public Moderator Times(Moderator other) => this * other;

    /// <summary>
    /// No intercept: the first category then has one coefficient for each of its values, their means. Without a category the line goes through
    /// 0, which hardly ever makes sense.
    /// </summary>
    public Moderator WithoutIntercept() => new ModeratorSum(Terms, HasIntercept: false);

    /// <summary>True where each coefficient is the mean effect of a category: one category and no intercept. Otherwise coefficients are differences and slopes.</summary>
    public bool GivesMeans => !HasIntercept && Terms is [{ Factors: [CategoryModerator] }];

    /// <summary>The variables it is made of, each once, in the order in which they first appear.</summary>
    public ImmutableArray<VariableModerator> Variables => [.. Terms.SelectMany(t => t.Factors).DistinctBy(f => f.Description)];

    internal abstract ImmutableArray<ModeratorTerm> Terms { get; }

    internal virtual bool HasIntercept => true;
}

/// <summary>A sum of terms.</summary>
internal sealed record ModeratorSum : Moderator
{
    public ModeratorSum(IEnumerable<ModeratorTerm> terms, bool HasIntercept)
    {
        // Main effects first, as any table of coefficients has them.
        Terms = [.. terms.DistinctBy(t => t.Key).OrderBy(t => t.Factors.Length)];
        this.HasIntercept = HasIntercept;
    }

    internal override ImmutableArray<ModeratorTerm> Terms { get; }

    internal override bool HasIntercept { get; }

    public override string ToString() => string.Join(" + ", Terms.Select(t => t.Name)) + (HasIntercept ? "" : " (no intercept)");
}

/// <summary>A product of one or more variables.</summary>
internal sealed record ModeratorTerm(ImmutableArray<VariableModerator> Factors)
{
    /// <summary>For the reader.</summary>
    public string Name => string.Join(" × ", Factors.Select(f => f.Description));

    /// <summary>The same for the same variables in any order.</summary>
    public string Key => string.Join('\n', Factors.Select(f => f.Description).Order(StringComparer.Ordinal));

    public ModeratorTerm Times(ModeratorTerm other) =>
        new([.. Factors.Concat(other.Factors).DistinctBy(f => f.Description)]);
}

/// <summary>A term made from one column.</summary>
/// <example><code>
/// VariableModerator[] candidates = [Moderator.Category("rater"), Moderator.Number("year").CenteredAt(2005)];
/// foreach (VariableModerator candidate in candidates) Console.WriteLine($"{candidate.Column}: {candidate}");
/// </code></example>
public abstract record VariableModerator : Moderator
{
    private protected VariableModerator(string column)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        Column = column;
    }

    /// <summary>The column it is taken from.</summary>
    public string Column { get; }

    internal override ImmutableArray<ModeratorTerm> Terms => [new ModeratorTerm([this])];

    /// <summary>The column with all that was chosen, which tells this term from others of the same column.</summary>
    internal abstract string Description { get; }

    /// <summary>Learns means, knots and categories from the rows used.</summary>
    internal abstract VariableCoding Learn(StudyColumn column, ReadOnlySpan<int> rows);

    /// <inheritdoc/>
    public sealed override string ToString() => Description;
}
