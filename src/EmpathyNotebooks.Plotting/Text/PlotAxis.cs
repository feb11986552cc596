using System.Collections.Immutable;
using System.Globalization;
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
        // Between two neighbours among the numbers there is nothing to count.
        if (!HasLength(Minimum, Maximum)) return [];
        var (step, digits) = Step((Maximum - Minimum) / most);
        var power = (int)Math.Floor(Math.Log10(step) + 1e-9);
        var first = Math.Ceiling(Minimum / step - 1e-9);
        var ticks = ImmutableArray.CreateBuilder<AxisTick>();
        var hasPowers = digits > 5 || Math.Max(-Minimum, Maximum) >= 1e7;
        for (var i = first; i * step <= Maximum + step * 1e-9; i++)
        {
            // Steps of less than fifteen decimals could not be rounded to them.
            var value = (digits < 15 ? Math.Round(i * step, digits) : i * step) + 0.0;
            ticks.Add(new AxisTick(value, hasPowers ? InPowers(value, power) : Text(value, digits)));
        }
        return ticks.ToImmutable();
    }

    /// <summary>True where two ends differ by more than rounding.</summary>
    internal static bool HasLength(double low, double high) => high - low > 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high));

    /// <summary>What an axis leaves free beyond its data: a share of their range, or, where all are one value, as much as shows it in the middle.</summary>
    internal static double Room(double low, double high, double share) => HasLength(low, high) ? share * (high - low)
        : Math.Max(Math.Abs(low), Math.Abs(high)) is > 0 and var size ? 0.5 * size : 1;

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
                .SelectMany(_ => steps, (power, step) => new AxisTick(step * Math.Pow(10, power), power is > 6 or < -5
                    ? InPowers(step * Math.Pow(10, power), step == 1.5 ? power - 1 : power)
                    : StatisticText.Number(step * Math.Pow(10, power), Math.Max(step == 1.5 ? 1 - power : -power, 0))))
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

    private string Text(double value, int digits) => value == 0 ? "0" : StatisticText.Number(value, digits, HasLeadingZero);

    /// <summary>A tick that would have too many digits, with as many as tell steps apart: <c>−1.5E−6</c>.</summary>
    internal static string InPowers(double value, int stepPower)
    {
        if (value == 0) return "0";
        var digits = Math.Clamp((int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9) - stepPower, 0, 15);
        return value.ToString("0." + new string('#', digits) + "E+0", CultureInfo.InvariantCulture).Replace('-', '−');
    }
}

/// <summary>A tick of an axis.</summary>
/// <param name="Value">Where it stands.</param>
/// <param name="Text">What it says, as plain text: whoever draws it escapes it.</param>
public readonly record struct AxisTick(double Value, string Text);
