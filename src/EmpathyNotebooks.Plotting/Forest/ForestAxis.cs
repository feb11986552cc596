using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Chooses the part of the scale that a forest plot shows, and cuts to it what reaches beyond.</summary>
internal static class ForestAxis
{
    /// <summary>
    /// All intervals where that leaves the plot readable. A limit that lies further out than three quarters of the span that 80% of the limits
    /// take is left to an arrow; so is, on a scale without ends, an effect that far from five or more others.
    /// </summary>
    /// <param name="studies">Each study's interval and effect, on the scale shown.</param>
    /// <param name="pooled">The intervals of the pooled rows.</param>
    /// <param name="measure">The measure, for the ends of its scale and the null value.</param>
    public static (double Minimum, double Maximum) Choose(IReadOnlyList<(double Lower, double Estimate, double Upper)> studies,
        IEnumerable<(double Lower, double Upper)> pooled, EffectMeasure measure)
    {
        // Ratios are as far from one another as their logarithms are.
        var scale = new PlotAxis("", 0, 1, true) { Spacing = measure.AxisSpacing };
        studies = [.. studies.Select(s => (scale.Place(s.Lower), scale.Place(s.Estimate), scale.Place(s.Upper)))];
        double[] lowers = [.. studies.Select(s => s.Lower).Order()];
        double[] uppers = [.. studies.Select(s => s.Upper).Order()];
        var low = Quantile(lowers, 0.1);
        var high = Quantile(uppers, 0.9);
        var margin = 0.75 * (high - low);
        var fenceLow = low - margin;
        var fenceHigh = high + margin;
        var hasEnds = double.IsFinite(measure.DisplayMinimum) && double.IsFinite(measure.DisplayMaximum);

        var from = double.PositiveInfinity;
        var to = double.NegativeInfinity;
        void Include(double value)
        {
            from = Math.Min(from, value);
            to = Math.Max(to, value);
        }
        foreach (var (lower, estimate, upper) in studies)
        {
            if (hasEnds || studies.Count < 6 || (fenceLow <= estimate && estimate <= fenceHigh)) Include(estimate);
            Include(Math.Clamp(lower, fenceLow, fenceHigh));
            Include(Math.Clamp(upper, fenceLow, fenceHigh));
        }
        foreach (var (lower, upper) in pooled)
        {
            Include(Math.Clamp(scale.Place(lower), fenceLow, fenceHigh));
            Include(Math.Clamp(scale.Place(upper), fenceLow, fenceHigh));
        }
        var span = to - from;
        var nullValue = scale.Place(measure.DisplayNullValue);
        if (measure.HasNullValue && nullValue > from - 1.5 * span && nullValue < to + 1.5 * span) Include(nullValue);

        var room = PlotAxis.Room(from, to, 0.04);
        return (Math.Max(measure.DisplayMinimum, scale.ValueAt(from - room)), Math.Min(measure.DisplayMaximum, scale.ValueAt(to + room)));
    }

    /// <summary>A diamond around the row's position, from the lower over the estimate to the upper limit, without what lies off the axis.</summary>
    public static ImmutableArray<PlotPoint> Diamond(double lower, double estimate, double upper, double position, PlotAxis axis)
    {
        const double Half = 0.34;
        var (from, to) = (axis.Place(axis.Minimum), axis.Place(axis.Maximum));
        (lower, estimate, upper) = (axis.Place(lower), axis.Place(estimate), axis.Place(upper));
        // An endless interval has no corners to cut between; far outside is as good.
        var far = 1e6 * Math.Max(to - from, Math.Abs(estimate));
        lower = Math.Max(lower, from - far);
        upper = Math.Min(upper, to + far);
        List<PlotPoint> corners = [new(lower, position), new(estimate, position - Half), new(upper, position), new(estimate, position + Half)];
        corners = Cut(corners, from, keepAbove: true);
        return [.. Cut(corners, to, keepAbove: false).Select(p => p with { X = axis.ValueAt(p.X) })];
    }

    private static List<PlotPoint> Cut(List<PlotPoint> corners, double at, bool keepAbove)
    {
        var kept = new List<PlotPoint>();
        for (var i = 0; i < corners.Count; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Count]);
            var fromIn = keepAbove ? from.X >= at : from.X <= at;
            var toIn = keepAbove ? to.X >= at : to.X <= at;
            if (fromIn) kept.Add(from);
            if (fromIn != toIn) kept.Add(new PlotPoint(at, from.Y + (to.Y - from.Y) * (at - from.X) / (to.X - from.X)));
        }
        return kept;
    }

    private static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
