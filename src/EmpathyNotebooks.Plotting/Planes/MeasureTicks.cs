using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Ticks of an axis that is divided as effects are pooled and labelled as a reader knows them: Fisher's z as r, log ratios as ratios.</summary>
internal static class MeasureTicks
{
    private static readonly double[][] LogSteps = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

    /// <param name="measure">The measure.</param>
    /// <param name="axis">The axis, on the scale that is pooled.</param>
    /// <param name="pixels">Its length.</param>
    /// <param name="fontSize">The size of the labels.</param>
    /// <param name="vertical">True for a vertical axis, along which labels need less room.</param>
    public static ImmutableArray<AxisTick> Create(EffectMeasure measure, PlotAxis axis, double pixels, double fontSize, bool vertical)
    {
        if (!measure.IsTransformed) return vertical ? axis.Ticks(Math.Clamp((int)(pixels / 45), 2, 9)) : axis.TicksFor(pixels, fontSize);
        var shown = new PlotAxis("", measure.ToDisplay(axis.Minimum), measure.ToDisplay(axis.Maximum), measure.HasLeadingZero);
        foreach (var candidates in Candidates(measure, shown))
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

    private static IEnumerable<IEnumerable<AxisTick>> Candidates(EffectMeasure measure, PlotAxis shown)
    {
        if (measure.AxisSpacing == AxisSpacing.Logarithmic && shown.Maximum > 4 * shown.Minimum)
        {
            var from = (int)Math.Floor(Math.Log10(shown.Minimum));
            var to = (int)Math.Ceiling(Math.Log10(shown.Maximum));
            foreach (var steps in LogSteps) yield return Powers(1, steps);
            for (var every = 2; every <= to - from; every++) yield return Powers(every, [1]);

            IEnumerable<AxisTick> Powers(int every, double[] steps) =>
                Enumerable.Range(from, to - from + 1).Where(power => power % every == 0).SelectMany(_ => steps, (power, step) =>
                    new AxisTick(step * Math.Pow(10, power), StatisticText.Number(step * Math.Pow(10, power), Math.Clamp(step == 1.5 ? 1 - power : -power, 0, 10))));
            yield break;
        }
        if (!(shown.Minimum < shown.Maximum)) yield break;
        for (var most = 10; most >= 2; most--) yield return shown.Ticks(most);
    }
}
