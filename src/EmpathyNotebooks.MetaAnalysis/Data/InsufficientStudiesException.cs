using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>There are too few studies for what was asked.</summary>
public sealed class InsufficientStudiesException : Exception
{
    /// <summary>Says what was asked, how many studies it takes and how many there are.</summary>
    /// <param name="purpose">What was asked, as the start of a sentence: <c>A random-effects model</c>.</param>
    /// <param name="required">How many studies it takes at least.</param>
    /// <param name="actual">How many there are.</param>
    public InsufficientStudiesException(string purpose, int required, int actual)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{purpose} needs at least {required} {(required == 1 ? "study" : "studies")}; there {(actual == 1 ? "is" : "are")} {actual}."))
    {
        Required = required;
        Actual = actual;
    }

    /// <summary>How many studies it takes at least.</summary>
    public int Required { get; }

    /// <summary>How many there are.</summary>
    public int Actual { get; }
}
