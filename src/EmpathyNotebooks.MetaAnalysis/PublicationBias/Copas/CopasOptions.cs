namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Choices of <see cref="CopasSelection"/>; their defaults are those of R's metasens.</summary>
public sealed record CopasOptions
{
    private readonly double _level = 0.95;
    private readonly double _significance = 0.1;
    private readonly double _bound = 0.9999;
    private readonly int _grid = 20;
    private readonly int _levels = 10;

    /// <summary>
    /// The side that publication favours, which the test of residual selection bias needs: above 0 or below. Null, if not said, is the side on which the effects of large standard errors lie, by the slope of Egger's regression.
    /// </summary>
    public Alternative? Side { get; init; }

    /// <summary>The level of the interval as a fraction in (0, 1); .95 if not said.</summary>
    public double ConfidenceLevel { get => _level; init => _level = Level.Check(value); }

    /// <summary>The test of residual selection bias is no longer significant where its p exceeds this: the first such point of the path is chosen. .1 if not said, in (0, 1).</summary>
    public double Significance
    {
        get => _significance;
        init => _significance = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A level of significance lies between 0 and 1, both excluded; 0.1 is usual for residual selection bias.");
    }

    /// <summary>The correlation of publication and effect lies between minus and plus this; .9999 if not said, in (0, 1).</summary>
    public double CorrelationBound
    {
        get => _bound;
        init => _bound = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The bound of a correlation lies between 0 and 1, both excluded; 0.9999 is usual.");
    }

    /// <summary>How many values of γ0, and of γ1, the contour has; 20 if not said, 5 to 200.</summary>
    public int GridSize
    {
        get => _grid;
        init => _grid = value is >= 5 and <= 200 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A contour has 5 to 200 values on each axis; 20 are usual.");
    }

    /// <summary>About how many levels of the estimate the contour shows, and the path therefore has points; 10 if not said, 2 to 100.</summary>
    public int Levels
    {
        get => _levels;
        init => _levels = value is >= 2 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A contour has 2 to 100 levels; 10 are usual.");
    }
}
