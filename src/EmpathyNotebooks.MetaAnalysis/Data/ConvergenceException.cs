namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Why a <see cref="ConvergenceException"/> was thrown.</summary>
/// <example><code>
/// try
/// {
///     EqualEffects.Fit(StudyEffects.Create([0.1, 0.2], [1e-320, 0.1]));
/// }
/// catch (ConvergenceException fault)
/// {
///     Console.WriteLine(fault.Kind == NonConvergence.Precision);
/// }
/// </code></example>
public enum NonConvergence
{
    /// <summary>A search did not end, or there is nothing to be found.</summary>
    Search,

    /// <summary>Effects, variances or weights are too large, too small or too far apart for double precision.</summary>
    Precision,
}

/// <summary>An iterative method did not reach its tolerance, or left the range of numbers a computer can hold.</summary>
public sealed class ConvergenceException : Exception
{
    /// <summary>Says which method stopped where.</summary>
    /// <param name="method">The method, as the start of a sentence.</param>
    /// <param name="reason">What was seen.</param>
    /// <param name="iterations">How many iterations were made; 0 where there was nothing to begin with.</param>
    /// <param name="kind">Why it stopped.</param>
    public ConvergenceException(string method, string reason, int iterations, NonConvergence kind = NonConvergence.Search)
        : base($"{method} {(iterations == 0 ? "cannot be computed" : $"did not converge in {StatisticText.Count(iterations, "iteration")}")}: {reason}.")
    {
        Method = method;
        Reason = reason;
        Iterations = iterations;
        Kind = kind;
    }

    /// <summary>Why it stopped.</summary>
    public NonConvergence Kind { get; }

    /// <summary>The method, as the start of a sentence.</summary>
    public string Method { get; }

    /// <summary>What was seen.</summary>
    public string Reason { get; }

    /// <summary>How many iterations were made.</summary>
    public int Iterations { get; }
}
