namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// These data do not determine what a method asks of them: standard errors that do not vary, no significant result among them, a likelihood without a maximum. It is no fault of the data; another method may
/// answer, and the message names it.
/// </summary>
/// <param name="method">The method, as papers name it, as the start of a sentence: "Egger's test".</param>
/// <param name="because">Why it has no answer, without a full stop: "all standard errors are alike".</param>
/// <param name="instead">What answers instead, in words of the field, not of a program: "the selection model needs no variation of standard errors"; null where nothing does.</param>
public sealed class UndeterminedException(string method, string because, string? instead = null)
    : InvalidOperationException($"{method} has no answer here: {because}{(instead is null ? "" : "; " + instead)}.")
{
    /// <summary>The method, as papers name it.</summary>
    public string Method { get; } = method;

    /// <summary>Why it has no answer, without a full stop.</summary>
    public string Because { get; } = because;

    /// <summary>What answers instead; null where nothing does.</summary>
    public string? Instead { get; } = instead;
}
