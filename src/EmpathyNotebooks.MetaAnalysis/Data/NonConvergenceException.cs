using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>An iterative method did not reach its tolerance, or left the range of numbers a computer can hold.</summary>
public sealed class NonConvergenceException : Exception
{
    /// <summary>Says which method stopped where.</summary>
    /// <param name="method">The method, as the start of a sentence.</param>
    /// <param name="reason">What was seen.</param>
    /// <param name="iterations">How many iterations were made.</param>
    public NonConvergenceException(string method, string reason, int iterations)
        : base(string.Create(CultureInfo.InvariantCulture, $"{method} did not converge in {iterations} iterations: {reason}."))
    {
        Iterations = iterations;
    }

    /// <summary>How many iterations were made.</summary>
    public int Iterations { get; }
}
