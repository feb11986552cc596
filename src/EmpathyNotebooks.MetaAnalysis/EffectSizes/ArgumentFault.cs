namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// What an argument exception says of a number, kept beside its text. .NET appends the name of the parameter and the value to the text, and a fault of data names its own column
/// and value; so that nobody has to cut the text, the sentence goes along.
/// </summary>
/// <param name="Sentence">What is wrong, without full stop and without how to go on.</param>
/// <param name="Kind">What kind of fault it is in data.</param>
/// <param name="Alternative">What needs no rule for zeros, where a zero is what is wrong.</param>
internal sealed record ArgumentFault(string Sentence, StudyDataFault Kind = StudyDataFault.Value, string? Alternative = null)
{
    /// <summary>What the exception says; of one from elsewhere all its text.</summary>
    public static ArgumentFault Of(ArgumentException fault) => fault.Data[typeof(ArgumentFault)] as ArgumentFault ?? new ArgumentFault(fault.Message.TrimEnd('.'));

    /// <summary>The exception with what it says.</summary>
    public static TException Mark<TException>(TException fault, ArgumentFault said) where TException : ArgumentException
    {
        fault.Data[typeof(ArgumentFault)] = said;
        return fault;
    }

    /// <summary>A value out of its range.</summary>
    public static ArgumentOutOfRangeException OutOfRange(string? name, object? value, string sentence) =>
        Mark(new ArgumentOutOfRangeException(name, value, sentence), new ArgumentFault(sentence.TrimEnd('.')));

    /// <summary>Values that do not go together.</summary>
    public static ArgumentException Together(string sentence, string? name = null) => Mark(new ArgumentException(sentence, name), new ArgumentFault(sentence.TrimEnd('.')));
}
