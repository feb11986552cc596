namespace EmpathyNotebooks.Plotting;

/// <summary>What a slider can start at.</summary>
internal static class SliderRange
{
    /// <summary>The value, or an error that says how far the slider goes.</summary>
    public static double Check(double value, double least, double most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"The slider goes from {least} to {most}."));
}
