using System.Globalization;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Checks of what goes into an effect size, in one place, so that every message says what would be right.</summary>
internal static class Check
{
    public static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw ArgumentFault.OutOfRange(name, value, "It must be a finite number.");

    public static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw ArgumentFault.OutOfRange(name, value, "It must be a positive, finite number.");

    public static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw ArgumentFault.OutOfRange(name, value, "It must be a finite number, 0 or more.");

    /// <summary>Sizes need not be whole: an effective sample size of a cluster-randomised trial is not.</summary>
    public static double Size(double n, double least, string name, string because = "the sampling variance needs them") =>
        n >= least && double.IsFinite(n)
            ? n
            : throw ArgumentFault.OutOfRange(name, n,
                string.Create(CultureInfo.InvariantCulture, $"The sample size must be at least {least}: {because}."));

    public static double Correlation(double r, string name = "r") => r is > -1 and < 1
        ? r
        : throw ArgumentFault.OutOfRange(name, r, "A correlation lies between -1 and 1, both excluded.");

    public static double Fraction(double value, string name, string what) => value is >= 0 and <= 1
        ? value
        : throw ArgumentFault.OutOfRange(name, value, $"{what} lies between 0 and 1.");

    public static double PValue(double p, string name = "p") => p is > 0 and <= 1
        ? p
        : throw ArgumentFault.OutOfRange(name, p,
            "A p-value lies above 0 and at most at 1; where a paper says p < .001, enter .001 and note that the effect is then too small.");

    public static ArgumentOutOfRangeException Unknown<T>(T value, string name) where T : struct, Enum =>
        ArgumentFault.OutOfRange(name, value, $"There is no such {typeof(T).Name}; there are {string.Join(", ", Enum.GetNames<T>())}.");
}
