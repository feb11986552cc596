namespace EmpathyNotebooks.Plotting;

/// <summary>In which order the studies of a forest plot stand.</summary>
public enum ForestOrder
{
    /// <summary>As the data have them.</summary>
    AsGiven,

    /// <summary>By label, numbers within labels by their value: Study 2 before Study 10.</summary>
    Name,

    /// <summary>By year, the oldest first; studies whose year is not known stand last.</summary>
    Year,

    /// <summary>By effect, the smallest first.</summary>
    Effect,

    /// <summary>By sampling variance, the most precise first.</summary>
    Precision,
}

/// <summary>What to choose in a forest plot.</summary>
public sealed record ForestPlotOptions : CategoryPlotOptions
{
    /// <summary>The title of the axis; what the measure is called if not said.</summary>
    public string? AxisTitle { get; init; }

    /// <summary>
    /// The column whose values make subgroups, for example <c>rater</c>: each has its studies, its own pooled effect by the same model (tau²
    /// estimated in each group alone), and above all stands the overall one. Groups stand in the order of their first study.
    /// </summary>
    public string? Subgroup { get; init; }

    /// <summary>The order at first; a reader changes it with the menu.</summary>
    public ForestOrder Order { get; init; }

    /// <summary>The column that holds the year; a column of numbers called "year" if not said.</summary>
    public string? YearColumn { get; init; }

    /// <summary>Further columns of the data shown left of the drawing, after label and n.</summary>
    public IReadOnlyList<string> LeftColumns { get; init; } = [];

    /// <summary>Further columns of the data shown right of the drawing, after the weight.</summary>
    public IReadOnlyList<string> RightColumns { get; init; } = [];

    /// <summary>The risk of bias of the studies, shown right of all other columns where there is room: a mark with a sign for each domain; none if not said.</summary>
    public MetaAnalysis.RiskOfBias? RiskOfBias { get; init; }

    /// <summary>False leaves out the sample sizes.</summary>
    public bool ShowSampleSizes { get; init; } = true;

    /// <summary>False leaves out the weights.</summary>
    public bool ShowWeights { get; init; } = true;

    /// <summary>
    /// In a multilevel model: true shows all effects at first; if not said they are folded under their samples, and a reader unfolds a sample by a click on its row, or all by the
    /// button.
    /// </summary>
    public bool ShowEffects { get; init; }

    /// <summary>
    /// The lower end of the axis, on the scale shown; chosen from the data if not said. Intervals that reach beyond it end in an arrow; their
    /// numbers stay.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double? AxisMinimum { get; init => field = Finite(value, nameof(AxisMinimum)); }

    /// <summary>The upper end of the axis; see <see cref="AxisMinimum"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public double? AxisMaximum { get; init => field = Finite(value, nameof(AxisMaximum)); }

    /// <summary>Decimals of effects and intervals, 1 to 6; 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value lies outside 1 to 6.</exception>
    public int Digits
    {
        get;
        init => field = value is >= 1 and <= 6
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Digits), value, "Effects are shown with 1 to 6 decimals.");
    } = 2;

    private static double? Finite(double? value, string name) => value is null || double.IsFinite(value.Value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "An axis ends at a finite number.");
}
