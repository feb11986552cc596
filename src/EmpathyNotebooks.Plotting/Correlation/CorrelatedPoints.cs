using EmpathyNotebooks.MetaAnalysis;

namespace EmpathyNotebooks.Plotting;

/// <summary>Constructs pairs of values with a given sample correlation.</summary>
internal static class CorrelatedPoints
{
    private const int Shuffles = 200;

    /// <summary>
    /// Standardized x and y = r·x + √(1 - r²)·e, where e has exactly no correlation with x. Both x and e are normal scores, e shuffled. Of a
    /// fixed number of shuffles the one is taken whose quarters between the medians are nearest to what a normal population has,
    /// ¼ + arcsin(r)/2π (Sheppard 1899), so that the picture is typical.
    /// </summary>
    public static (double[] X, double[] Y) Create(double r, int n)
    {
        double[] scores = [.. Enumerable.Range(1, n).Select(i => NormalScore((i - 0.375) / (n + 0.25)))];
        var x = Standardize([.. scores]);
        var expected = n * (0.25 + Math.Asin(r) / (2 * Math.PI));
        double[] best = [];
        var bestMiss = double.PositiveInfinity;
        for (var seed = 0; seed < Shuffles; seed++)
        {
            double[] e = [.. scores];
            Shuffle(e, (ulong)seed);
            var slope = Correlation(x, Standardize(e));
            for (var i = 0; i < n; i++) e[i] -= slope * x[i];
            Standardize(e);
            double[] y = [.. x.Zip(e).Select(p => r * p.First + Math.Sqrt(1 - r * r) * p.Second)];
            var middle = Middle(y);
            // The first half of x lies below its median, the second above.
            var miss = Math.Abs(Enumerable.Range(n / 2, n / 2).Count(i => y[i] > middle) - expected);
            if (miss >= bestMiss - 1e-9) continue;
            (best, bestMiss) = (y, miss);
        }
        return (x, best);
    }

    /// <summary>Pearson's correlation.</summary>
    public static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        double sxy = 0, sxx = 0, syy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sxy += (x[i] - mx) * (y[i] - my);
            sxx += (x[i] - mx) * (x[i] - mx);
            syy += (y[i] - my) * (y[i] - my);
        }
        return sxy / Math.Sqrt(sxx * syy);
    }

    private static double[] Standardize(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
        for (var i = 0; i < values.Length; i++) values[i] = (values[i] - mean) / deviation;
        return values;
    }

    private static double Middle(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The normal quantile, taken from the interval of a standard normal effect.</summary>
    private static double NormalScore(double probability)
    {
        var level = Math.Abs(2 * probability - 1);
        if (level < 1e-12) return 0;
        var half = new EffectSize(0, 1, EffectMeasure.Generic).Interval(level).Upper;
        return probability < 0.5 ? -half : half;
    }

    /// <summary>Fisher-Yates with SplitMix64 (Steele, Lea &amp; Flood 2014), which gives the same order on every system.</summary>
    private static void Shuffle(double[] values, ulong seed)
    {
        var state = seed;
        for (var i = values.Length - 1; i > 0; i--)
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            var j = (int)(z % (ulong)(i + 1));
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
