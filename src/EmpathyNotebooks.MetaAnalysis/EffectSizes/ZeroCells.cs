using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What to do with tables in which a cell or a count is zero. Nothing is ever added unless one of these says so, and the effect
/// then says it in its <see cref="EffectSize.Note"/>. When not to add anything: where a method handles zeros itself
/// (Mantel-Haenszel, Peto, arcsine differences, exact models); adding ½ to many sparse tables biases the pooled result (Sweeting,
/// Sutton &amp; Lambert 2004).
/// </summary>
public sealed record ZeroCells
{
    private ZeroCells(ZeroCellRule rule, double amount)
    {
        Rule = rule;
        Amount = amount;
    }

    /// <summary>The counts stay as they are; where the measure is then not defined, an error says so. The default.</summary>
    public static ZeroCells Keep { get; } = new(ZeroCellRule.Keep, 0);

    /// <summary>
    /// The amount is added to all cells of each table that has a zero (metafor's <c>to = "only0"</c>, its default with ½).
    /// </summary>
    /// <param name="amount">What is added to each cell; ½ is usual (Haldane 1956; Anscombe 1956).</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive and finite.</exception>
    public static ZeroCells AddWhereZero(double amount = 0.5) =>
        new(ZeroCellRule.AddWhereZero, Check.Positive(amount, nameof(amount)));

    /// <summary>The amount is added to all cells of every table (metafor's <c>to = "all"</c>).</summary>
    /// <param name="amount">What is added to each cell.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive and finite.</exception>
    public static ZeroCells AddToAll(double amount = 0.5) => new(ZeroCellRule.AddToAll, Check.Positive(amount, nameof(amount)));

    /// <summary>
    /// The amount is added to all cells of every table as soon as one table of the data set has a zero (metafor's <c>to =
    /// "if0all"</c>). For a single table it is the same as <see cref="AddWhereZero"/>.
    /// </summary>
    /// <param name="amount">What is added to each cell.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is not positive and finite.</exception>
    public static ZeroCells AddToAllIfAnyZero(double amount = 0.5) =>
        new(ZeroCellRule.AddToAllIfAnyZero, Check.Positive(amount, nameof(amount)));

    /// <summary>When something is added.</summary>
    public ZeroCellRule Rule { get; }

    /// <summary>What is added to each cell; 0 when nothing is.</summary>
    public double Amount { get; }

    /// <summary>What to add to each of these counts.</summary>
    internal double AmountFor(params ReadOnlySpan<double> counts) => Rule switch
    {
        ZeroCellRule.Keep => 0,
        ZeroCellRule.AddToAll => Amount,
        _ => counts.Contains(0.0) ? Amount : 0,
    };

    internal static string? NoteFor(double added, string to) => added == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{added} was added to {to} (zero-cell rule).");

    /// <summary>A fault that a zero-cell rule mends.</summary>
    internal static TException Undefined<TException>(string problem, Func<string, TException> fault, string? otherwise = "a method that needs none (Mantel-Haenszel, Peto)")
        where TException : ArgumentException =>
        ArgumentFault.Mark(fault(problem + Advice.ZeroCount(otherwise) + "."), new ArgumentFault(problem, StudyDataFault.ZeroCount, otherwise));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rule}({Amount})");
}

/// <summary>When something is added to the cells of a table; see <see cref="ZeroCells"/>.</summary>
/// <example><code>
/// Console.WriteLine(ZeroCells.AddToAll(0.5).Rule == ZeroCellRule.AddToAll);
/// </code></example>
public enum ZeroCellRule
{
    /// <summary>Never.</summary>
    Keep,

    /// <summary>To a table that has a zero.</summary>
    AddWhereZero,

    /// <summary>To every table.</summary>
    AddToAll,

    /// <summary>To every table of a data set in which one has a zero.</summary>
    AddToAllIfAnyZero,
}
