using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>A bar of a histogram of replicates.</summary>
/// <param name="From">Its left edge.</param>
/// <param name="To">Its right edge.</param>
/// <param name="Count">How many replicates it holds.</param>
/// <param name="IsMarked">True where they are those the plot is about: in the interval, or as far from 0 as the data.</param>
public sealed record ReplicateBar(double From, double To, int Count, bool IsMarked);

/// <summary>Histograms of replicates whose bars end at given values, so that no bar is half of one kind and half of another.</summary>
internal static class ReplicateBars
{
    /// <summary>Bars of about one width between two values.</summary>
    /// <param name="sorted">The replicates, ascending.</param>
    /// <param name="low">Where the first bar begins.</param>
    /// <param name="high">Where the last ends.</param>
    /// <param name="edges">Values between them at which bars end.</param>
    /// <param name="isMarked">Of the middle of a bar.</param>
    public static ImmutableArray<ReplicateBar> Of(ReadOnlySpan<double> sorted, double low, double high, IEnumerable<double> edges, Func<double, bool> isMarked)
    {
        if (!PlotAxis.HasLength(low, high))
        {
            var half = 0.02 * PlotAxis.Room(low, high, 1);
            return [new ReplicateBar(low - half, high + half, sorted.Length, isMarked(low))];
        }
        var width = (high - low) / Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(sorted.Length)), 8, 50);
        double[] stops = [low, .. edges.Where(e => e > low && e < high && PlotAxis.HasLength(low, e) && PlotAxis.HasLength(e, high)).Order(), high];
        var bars = ImmutableArray.CreateBuilder<ReplicateBar>();
        for (var part = 0; part + 1 < stops.Length; part++)
        {
            var (from, to) = (stops[part], stops[part + 1]);
            if (!(to > from)) continue;
            var pieces = Math.Max(1, (int)Math.Round((to - from) / width));
            for (var i = 0; i < pieces; i++)
            {
                var (left, right) = (from + (to - from) * i / pieces, i == pieces - 1 ? to : from + (to - from) * (i + 1) / pieces);
                // The last bar has its right edge; the others leave it to the next.
                var isLast = right == high;
                bars.Add(new ReplicateBar(left, right, (isLast ? After(sorted, right) : Before(sorted, right)) - Before(sorted, left), isMarked((left + right) / 2)));
            }
        }
        return bars.ToImmutable();
    }

    /// <summary>How many values lie below one.</summary>
    public static int Before(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int After(ReadOnlySpan<double> sorted, double value) => Before(sorted, Math.BitIncrement(value));

    /// <summary>Bars as areas, their legend, and the points that say what they hold.</summary>
    /// <param name="bars">The bars, whose heights are counts over widths.</param>
    /// <param name="height">The height of a bar.</param>
    /// <param name="marked">What marked bars are.</param>
    /// <param name="other">What the others are.</param>
    /// <param name="shown">A value as the reader knows it.</param>
    /// <param name="total">How many replicates there are.</param>
    public static IEnumerable<Scatter> Traces(ImmutableArray<ReplicateBar> bars, Func<ReplicateBar, double> height, string marked, string other, Func<double, string> shown, int total)
    {
        foreach (var (name, isMarked, fill, edge) in new[] { (marked, true, Theme.Fills[0], Theme.Study), (other, false, Theme.Regions[0], Theme.Line) })
        {
            ReplicateBar[] own = [.. bars.Where(b => b.IsMarked == isMarked && b.Count > 0)];
            if (own.Length == 0) continue;
            yield return new Scatter
            {
                Name = name, Mode = "lines", Fill = "toself", FillColor = fill, LineColor = edge, LineWidth = 1, ClipOnAxis = true,
                X = [.. own.SelectMany(b => new double?[] { b.From, b.From, b.To, b.To, b.From, null })],
                Y = [.. own.SelectMany(b => new double?[] { 0, height(b), height(b), 0, 0, null })],
            };
            yield return AreaKey.Of(name, fill, edge);
        }
        ReplicateBar[] filled = [.. bars.Where(b => b.Count > 0)];
        yield return new Scatter
        {
            Name = "counts", Mode = "markers", MarkerSize = 10, MarkerOpacity = 0, MarkerColor = Theme.Study,
            X = [.. filled.Select(b => (double?)((b.From + b.To) / 2))], Y = [.. filled.Select(b => (double?)height(b))],
            Hover = [.. filled.Select(b => PlotText.Hover($"{shown(b.From)} to {shown(b.To)}", [new("drawn", StatisticText.Count(b.Count)), new("of all", StatisticText.Percent(b.Count / (double)total)), new("", b.IsMarked ? marked : other)]))],
        };
    }
}
