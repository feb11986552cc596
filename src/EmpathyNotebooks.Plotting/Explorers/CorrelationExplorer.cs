using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A published value to be marked on the scale of a correlation.</summary>
/// <param name="Label">What it belongs to, for example <c>therapist empathy</c>.</param>
/// <param name="Correlation">The correlation, in (-1, 1).</param>
/// <param name="Text">The value as it was published, for example <c>r = .278</c>.</param>
/// <param name="Citation">Its source.</param>
public sealed record CorrelationMark(string Label, double Correlation, string Text, string Citation)
{
    /// <summary>A correlation.</summary>
    /// <param name="label">What it belongs to.</param>
    /// <param name="r">The correlation, in (-1, 1).</param>
    /// <param name="citation">Its source.</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside (-1, 1).</exception>
    public static CorrelationMark Of(string label, double r, string citation) => r is > -1 and < 1
        ? new(label, r, $"r = {Print(r, leadingZero: false)}", citation)
        : throw new ArgumentOutOfRangeException(nameof(r), r, "A correlation lies between -1 and 1, both excluded.");

    /// <summary>
    /// A standardized mean difference, which stands at the correlation r = d/√(d² + 4) that it equals between two groups of equal size.
    /// </summary>
    /// <param name="label">What it belongs to.</param>
    /// <param name="d">The difference, finite.</param>
    /// <param name="citation">Its source.</param>
    /// <param name="symbol">What the source calls it, for example <c>mean |d|</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">d is not finite.</exception>
    public static CorrelationMark OfDifference(string label, double d, string citation, string symbol = "d")
    {
        var r = EffectSizeConversion.DToR(d);
        return new(label, r, $"{symbol} = {Print(d, leadingZero: true)}, as a correlation {Print(Math.Round(r, 3), leadingZero: false)}", citation);
    }

    // Published numbers keep the digits they were printed with: .278 is not .28.
    private static string Print(double value, bool leadingZero) =>
        StatisticText.Number(value, Math.Abs(value * 100 - Math.Round(value * 100)) > 1e-9 ? 3 : 2, leadingZero);
}

/// <summary>What to choose in a correlation explorer.</summary>
public sealed record CorrelationExplorerOptions : ExplorerOptions
{
    /// <summary>What the horizontal axis stands for.</summary>
    public string XName { get; init; } = "predictor";

    /// <summary>What the vertical axis stands for.</summary>
    public string YName { get; init; } = "outcome";

    /// <summary>How many points: an even number from 10 to 2,000; 200 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is odd or lies outside its range.</exception>
    public int Count
    {
        get;
        init => field = value is >= 10 and <= 2000 && value % 2 == 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(Count), value, "The number of points must be an even number from 10 to 2,000.");
    } = 200;
}

/// <summary>What a correlation explorer starts from.</summary>
public sealed record CorrelationExplorerModel : ExplorerModel
{
    /// <summary>The correlation at the start.</summary>
    public required double Correlation { get; init; }

    /// <summary>The published values marked.</summary>
    public required ImmutableArray<CorrelationMark> Marks { get; init; }

    /// <summary>Standardized values x, in ascending order.</summary>
    public required ImmutableArray<double> X { get; init; }

    /// <summary>Standardized values that have exactly no correlation with x: y = r·x + √(1 - r²)·rest correlates exactly r with it.</summary>
    public required ImmutableArray<double> Rest { get; init; }

    /// <summary>How far the axes reach to either side.</summary>
    public required double Edge { get; init; }

    /// <summary>What the horizontal axis stands for.</summary>
    public required string XName { get; init; }

    /// <summary>What the vertical axis stands for.</summary>
    public required string YName { get; init; }

    /// <inheritdoc/>
    internal override object Payload() => new
    {
        title = Title, r = Correlation, x = X, rest = Rest, xMedian = (X[X.Length / 2 - 1] + X[X.Length / 2]) / 2, edge = Edge, xName = XName, yName = YName,
        marks = Marks.Select(m => new { label = m.Label, r = m.Correlation, text = m.Text, citation = m.Citation }),
    };
}

/// <summary>
/// A correlation to try out: a slider for r moves constructed points whose sample correlation is exactly r, and with them the shared variance, the
/// standardized difference, the common-language effect size and the binomial effect size display. Published values are marked. An illustration, never data.
/// </summary>
public sealed class CorrelationExplorer : Explorer<CorrelationExplorerModel>
{
    private CorrelationExplorer(CorrelationExplorerModel model)
        : base("correlation", model)
    {
    }

    /// <summary>Sets up the explorer.</summary>
    /// <param name="r">The correlation at the start, in [-0.99, 0.99].</param>
    /// <param name="marks">Published values to mark, with their sources.</param>
    /// <param name="options">Names and the number of points; the defaults if not said.</param>
    /// <exception cref="ArgumentOutOfRangeException">r lies outside its range.</exception>
    /// <example><code>
    /// var explorer = CorrelationExplorer.Create(0.28, [CorrelationMark.Of("therapist empathy", 0.28, "Elliott et al. (2018)")],
    ///     new() { XName = "empathy" });
    /// </code></example>
    public static CorrelationExplorer Create(double r, IEnumerable<CorrelationMark>? marks = null, CorrelationExplorerOptions? options = null)
    {
        options ??= new CorrelationExplorerOptions();
        if (r is not (>= -0.99 and <= 0.99)) throw new ArgumentOutOfRangeException(nameof(r), r, "The explorer starts at a correlation from -0.99 to 0.99.");
        var (x, y) = CorrelatedPoints.Create(r, options.Count);
        double[] rest = [.. x.Zip(y, (a, b) => (b - r * a) / Math.Sqrt(1 - r * r))];
        ImmutableArray<CorrelationMark> marked = [.. marks ?? []];
        string Text(double value) => EffectMeasure.Correlation.Format(value);
        var display = EffectSizeConversion.BinomialEffectSizeDisplay(r);
        var halves = EffectSizeConversion.MedianSplit(r);
        var finding = $"A correlation to try out. r = {Text(r)}: {StatisticText.Percent(r * r)} shared variance, d = {StatisticText.Number(EffectSizeConversion.RToD(r))}, "
            + $"common-language effect size {StatisticText.Percent(EffectSizeConversion.CommonLanguageFromR(r))}, "
            + $"{StatisticText.Percent(halves.UpperHalf, 0)} and {StatisticText.Percent(halves.LowerHalf, 0)} above the median of {options.YName} in the upper and lower half of {options.XName}, "
            + $"binomial effect size display {StatisticText.Percent(display.HighGroupSuccess, 0)} and {StatisticText.Percent(display.LowGroupSuccess, 0)}."
            + (marked.IsEmpty ? "" : $" Marked: {string.Join("; ", marked.Select(m => $"{m.Label}, {m.Text}"))}.");
        return new CorrelationExplorer(new CorrelationExplorerModel
        {
            Title = options.Title,
            Finding = finding,
            Origin = new DataOrigin(DataKind.Simulated, "an illustration", "The points are constructed so that they correlate exactly as the slider says"),
            Correlation = r,
            Marks = marked,
            X = [.. x],
            Rest = [.. rest],
            Edge = 1.12 * Math.Max(x.Max(Math.Abs), Math.Max(y.Max(Math.Abs), rest.Max(Math.Abs))),
            XName = options.XName,
            YName = options.YName,
        });
    }
}
