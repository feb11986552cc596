namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>What an argument exception of this library says, without what .NET appends to it.</summary>
/// <example><code>
/// try
/// {
///     _ = HeterogeneityPrior.HalfNormal(-1);
/// }
/// catch (ArgumentOutOfRangeException fault)
/// {
///     Console.WriteLine(fault.Sentence());
/// }
/// </code></example>
public static class ArgumentSentences
{
    /// <summary>What is wrong with the argument and what would be right, without full stop; the name of the parameter and its value, which .NET appends to the message, are no part of it.</summary>
    /// <param name="fault">The exception; of one from elsewhere it is the whole message.</param>
    public static string Sentence(this ArgumentException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return ArgumentFault.Of(fault).Sentence;
    }
}
