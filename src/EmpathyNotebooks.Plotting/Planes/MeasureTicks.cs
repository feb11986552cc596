using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Ticks of an axis that is divided as effects are pooled and labelled as a reader knows them: Fisher's z as r, log ratios as ratios.</summary>
internal static class MeasureTicks
{
    /// <param name="measure">The measure.</param>
    /// <param name="axis">The axis, on the scale that is pooled.</param>
    /// <param name="pixels">Its length.</param>
    /// <param name="fontSize">The size of the labels.</param>
    /// <param name="vertical">True for a vertical axis, along which labels need less room.</param>
    public static ImmutableArray<AxisTick> Create(EffectMeasure measure, PlotAxis axis, double pixels, double fontSize, bool vertical)
    {
        if (!measure.IsTransformed) return vertical ? axis.Ticks(Math.Clamp((int)(pixels / 45), 2, 9)) : axis.TicksFor(pixels, fontSize);
        var shown = new PlotAxis("", measure.ToDisplay(axis.Minimum), measure.ToDisplay(axis.Maximum), measure.HasLeadingZero) { Spacing = measure.AxisSpacing };
        foreach (var candidates in shown.Minimum < shown.Maximum ? shown.Candidates() : [])
        {
            ImmutableArray<AxisTick> ticks = [.. candidates
                .Select(t => t with { Value = measure.FromDisplay(t.Value) })
                .Where(t => double.IsFinite(t.Value) && axis.Contains(t.Value))];
            if (ticks.Length >= 2 && Fit(ticks)) return ticks;
        }
        return axis.Ticks(2) is var few && few.Length > 0
            ? [.. few.Select(t => t with { Text = StatisticText.Significant(measure.ToDisplay(t.Value), 3) })]
            : [];

        bool Fit(ImmutableArray<AxisTick> ticks) => ticks.Zip(ticks.Skip(1)).All(p =>
            (p.Second.Value - p.First.Value) / (axis.Maximum - axis.Minimum) * pixels
            >= (vertical ? 26 : (PlotText.Width(p.First.Text, fontSize) + PlotText.Width(p.Second.Text, fontSize)) / 2 + 9));
    }
}
