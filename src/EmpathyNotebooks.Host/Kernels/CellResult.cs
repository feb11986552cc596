using System.Globalization;
using EmpathyNotebooks.Host.Documents;

namespace EmpathyNotebooks.Host.Kernels;

/// <summary>What running one cell gave.</summary>
/// <param name="ExecutionCount">How many-th cell of this kernel it was, from 1.</param>
/// <param name="Outputs">What the cell wrote, displayed and returned, in order; the error, if any, last.</param>
/// <param name="Error">Why the cell ended early, or null when it ran to its end.</param>
public sealed record CellResult(int ExecutionCount, IReadOnlyList<NotebookOutput> Outputs, CellError? Error);

/// <summary>Why a cell ended early.</summary>
/// <param name="ExceptionType">The full name of the exception's type, or `CompilationError`.</param>
/// <param name="Message">The message of the exception.</param>
/// <param name="Line">The 1-based line of the cell that was running, or null when it is not known.</param>
/// <param name="LineText">The text of that line, trimmed; the first line of code when the line is not known.</param>
/// <param name="Traceback">What a reader is shown: the exception, and each line of a cell it came through.</param>
/// <param name="Exception">The exception itself; null for code that did not compile.</param>
public sealed record CellError(
    string ExceptionType,
    string Message,
    int? Line,
    string LineText,
    IReadOnlyList<string> Traceback,
    Exception? Exception)
{
    /// <inheritdoc/>
    public override string ToString() => Line is null
        ? $"{ExceptionType}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}: {LineText}: {ExceptionType}: {Message}");
}

/// <summary>Code that could not be run as it stands: a magic that is not known, a reference that cannot be had.</summary>
public sealed class CellDirectiveException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what would be right.</param>
    /// <param name="innerException">The cause, if any.</param>
    public CellDirectiveException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
