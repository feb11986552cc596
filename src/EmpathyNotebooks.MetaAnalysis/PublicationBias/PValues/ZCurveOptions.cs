namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Choices of <see cref="ZCurve"/>.</summary>
public sealed record ZCurveOptions
{
    private readonly double _alpha = 0.05;
    private readonly double _level = 0.95;
    private readonly int _bootstraps = 1000;

    /// <summary>The two-sided level of significance, .05 if not said, in (0, .5).</summary>
    public double Alpha
    {
        get => _alpha;
        init => _alpha = value is > 1e-8 and < 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A level of significance of z-curve lies between 1e-8, or z = 5.7, and 0.5; 0.05 is usual.");
    }

    /// <summary>Bootstrap samples behind the intervals; 1000 if not said, as the method's authors advise at least 500. 0 leaves intervals out.</summary>
    public int Bootstraps
    {
        get => _bootstraps;
        init => _bootstraps = value is 0 or (>= 20 and <= 1_000_000) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Bootstrap samples are 0, for none, or 20 to 1,000,000; 1,000 is usual.");
    }

    /// <summary>Where the random numbers of the bootstrap start; the same seed, the same interval. 1 if not said.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The level of the intervals as a fraction in (0, 1); .95 if not said.</summary>
    public double ConfidenceLevel { get => _level; init => _level = Level.Check(value); }
}
