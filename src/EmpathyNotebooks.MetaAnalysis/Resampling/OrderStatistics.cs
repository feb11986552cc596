namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>Quantiles of many numbers without sorting them all.</summary>
internal static class OrderStatistics
{
    /// <summary>Quantiles as R's type 7 has them; reorders the values.</summary>
    public static double[] Quantiles(Span<double> values, ReadOnlySpan<double> probabilities)
    {
        var places = new SortedSet<int>();
        foreach (var p in probabilities)
        {
            var low = (int)(p * (values.Length - 1));
            places.Add(low);
            places.Add(Math.Min(low + 1, values.Length - 1));
        }
        Select(values, 0, [.. places]);
        var quantiles = new double[probabilities.Length];
        for (var i = 0; i < quantiles.Length; i++)
        {
            var place = probabilities[i] * (values.Length - 1);
            var low = (int)place;
            var share = place - low;
            quantiles[i] = share == 0 ? values[low] : values[low] + share * (values[low + 1] - values[low]);
        }
        return quantiles;
    }

    /// <summary>Puts the values that belong at some places, ascending and counted from the start of all values, there: smaller ones before, larger ones behind.</summary>
    private static void Select(Span<double> values, int offset, ReadOnlySpan<int> places)
    {
        while (!places.IsEmpty)
        {
            if (values.Length <= 64)
            {
                values.Sort();
                return;
            }
            var (below, above) = Partition(values);
            // Those equal to the pivot stand between and are where they belong.
            var left = 0;
            while (left < places.Length && places[left] - offset < below) left++;
            var right = left;
            while (right < places.Length && places[right] - offset < above) right++;
            Select(values[..below], offset, places[..left]);
            places = places[right..];
            values = values[above..];
            offset += above;
        }
    }

    /// <summary>Parts the values by the median of five of them: how many are below it, and where those above it begin.</summary>
    private static (int Below, int Above) Partition(Span<double> values)
    {
        Span<double> five = [values[values.Length / 6], values[values.Length / 3], values[values.Length / 2], values[2 * values.Length / 3], values[5 * values.Length / 6]];
        five.Sort();
        var pivot = five[2];
        int below = 0, at = 0, above = values.Length;
        while (at < above)
        {
            var value = values[at];
            if (value < pivot)
            {
                (values[below], values[at]) = (value, values[below]);
                below++;
                at++;
            }
            else if (value > pivot)
            {
                above--;
                (values[at], values[above]) = (values[above], value);
            }
            else
            {
                at++;
            }
        }
        return (below, above);
    }
}
