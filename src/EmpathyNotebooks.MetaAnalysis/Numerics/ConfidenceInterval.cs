namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>An interval with its level: a confidence interval, or a prediction interval where the property says so.</summary>
/// <param name="Lower">The lower limit.</param>
/// <param name="Upper">The upper limit.</param>
/// <param name="Level">The level as a fraction, for example 0.95.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>Upper minus lower limit.</summary>
    public double Width => Upper - Lower;

    /// <summary>True when the value lies in the interval, its limits included.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;

    /// <summary>The interval on another scale.</summary>
    /// <param name="map">An increasing function, so that the limits stay limits.</param>
    public ConfidenceInterval Transform(Func<double, double> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return this with { Lower = map(Lower), Upper = map(Upper) };
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{StatisticText.Number(Lower, 4)}, {StatisticText.Number(Upper, 4)}]";
}

/// <summary>Checks of confidence levels, in one place.</summary>
internal static class Level
{
    public static double Check(double level, string name = "level") => level is > 0 and < 1
        ? level
        : throw new ArgumentOutOfRangeException(name, level, "A confidence level lies between 0 and 1, both excluded; 0.95 is usual.");

    /// <summary>0.975 for 0.95.</summary>
    public static double UpperTail(double level) => 1 - (1 - Check(level)) / 2;
}
