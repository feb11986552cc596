using System.Collections.Immutable;
using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>The part of a scale that a chart shows.</summary>
/// <param name="Title">What the scale is.</param>
/// <param name="Minimum">Its left or lower end.</param>
/// <param name="Maximum">Its right or upper end.</param>
/// <param name="HasLeadingZero">False where values cannot exceed 1 and the zero before the point is dropped.</param>
public sealed record PlotAxis(string Title, double Minimum, double Maximum, bool HasLeadingZero)
{
    private static readonly double[][] LogSteps = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];

    /// <summary>How the axis is divided: evenly if not said, or by ratios.</summary>
    public AxisSpacing Spacing { get; init; }

    /// <summary>Where a value stands on the axis before it is stretched to its length: the value, or its logarithm.</summary>
    internal double Place(double value) => Spacing == AxisSpacing.Logarithmic ? Math.Log(value) : value;

    /// <summary>The value at a place: the inverse of <see cref="Place"/>.</summary>
    internal double ValueAt(double place) => Spacing == AxisSpacing.Logarithmic ? Math.Exp(place) : place;

    /// <summary>True when the value lies on the axis, its ends included.</summary>
    public bool Contains(double value) => Minimum <= value && value <= Maximum;

    /// <summary>Ticks at round numbers, at most about as many as asked for.</summary>
    /// <param name="most">How many there is room for, at least 2.</param>
    public ImmutableArray<AxisTick> Ticks(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var (step, digits) = Step((Maximum - Minimum) / most);
        var first = Math.Ceiling(Minimum / step - 1e-9);
        var ticks = ImmutableArray.CreateBuilder<AxisTick>();
        for (var i = first; i * step <= Maximum + step * 1e-9; i++)
        {
            var value = Math.Round(i * step, digits) + 0.0;
            ticks.Add(new AxisTick(value, Text(value, digits)));
        }
        return ticks.ToImmutable();
    }

    /// <summary>As many ticks as stand clear of one another, up to ten.</summary>
    /// <param name="pixels">The length of the axis.</param>
    /// <param name="fontSize">The size of the tick labels.</param>
    internal ImmutableArray<AxisTick> TicksFor(double pixels, double fontSize)
    {
        var (from, to) = (Place(Minimum), Place(Maximum));
        foreach (var ticks in Candidates())
        {
            if (ticks.Length >= 2 && ticks.Zip(ticks.Skip(1)).All(p => (Place(p.Second.Value) - Place(p.First.Value)) / (to - from) * pixels
                >= (PlotText.Width(p.First.Text, fontSize) + PlotText.Width(p.Second.Text, fontSize)) / 2 + 5))
            {
                return ticks;
            }
        }
        return Ticks(2);
    }

    /// <summary>Lists of ticks within the axis at round numbers, the longest first.</summary>
    internal IEnumerable<ImmutableArray<AxisTick>> Candidates()
    {
        if (Spacing == AxisSpacing.Logarithmic && Maximum > 4 * Minimum)
        {
            var from = (int)Math.Floor(Math.Log10(Minimum));
            var to = (int)Math.Ceiling(Math.Log10(Maximum));
            foreach (var steps in LogSteps) yield return Powers(1, steps);
            for (var every = 2; every <= to - from; every++) yield return Powers(every, [1]);
            yield break;

            ImmutableArray<AxisTick> Powers(int every, double[] steps) => [.. Enumerable.Range(from, to - from + 1).Where(power => power % every == 0)
                .SelectMany(_ => steps, (power, step) => new AxisTick(step * Math.Pow(10, power), StatisticText.Number(step * Math.Pow(10, power), Math.Clamp(step == 1.5 ? 1 - power : -power, 0, 10))))
                .Where(t => Contains(t.Value))];
        }
        for (var most = 10; most >= 2; most--) yield return Ticks(most);
    }

    /// <summary>The smallest round step (1, 2 or 5 times a power of ten) that is not below the one given, and the decimals it needs.</summary>
    internal static (double Step, int Digits) Step(double least)
    {
        var power = (int)Math.Floor(Math.Log10(least));
        var unit = Math.Pow(10, power);
        foreach (var factor in (ReadOnlySpan<int>)[1, 2, 5])
        {
            if (factor * unit >= least * (1 - 1e-9)) return (factor * unit, Math.Clamp(-power, 0, 15));
        }
        return (10 * unit, Math.Clamp(-power - 1, 0, 15));
    }

    private string Text(double value, int digits) => value == 0
        ? "0"
        : Math.Abs(value) >= 1e6 || digits > 6
            ? StatisticText.Significant(value, 3)
            : StatisticText.Number(value, digits, HasLeadingZero);
}

/// <summary>A tick of an axis.</summary>
/// <param name="Value">Where it stands.</param>
/// <param name="Text">What it says.</param>
public readonly record struct AxisTick(double Value, string Text);
