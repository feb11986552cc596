namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>A function with its slope and second derivatives, row by row; empty spans ask for the value alone.</summary>
internal delegate double Curved(ReadOnlySpan<double> x, Span<double> slope, Span<double> second);

/// <summary>
/// The maximum of a smooth function of a few parameters between bounds, by Newton's method on the parameters that are not held by a bound. Where the matrix is not negative definite enough is added to its
/// diagonal; steps are halved until the function rises; a bound lets go of a parameter whose slope points inwards.
/// </summary>
internal static class BoundedMaximum
{
    /// <summary>Moves x to a maximum near it; returns the value there. Sizes are what counts as a step of 1 in each parameter.</summary>
    public static double Find(Curved f, Span<double> x, ReadOnlySpan<double> low, ReadOnlySpan<double> high, ReadOnlySpan<double> sizes, int iterations = 200)
    {
        var p = x.Length;
        Span<double> slope = stackalloc double[p], second = stackalloc double[p * p], matrix = stackalloc double[p * p], step = stackalloc double[p], tried = stackalloc double[p], nextSlope = stackalloc double[p], nextSecond = stackalloc double[p * p];
        Span<int> free = stackalloc int[p];
        for (var j = 0; j < p; j++) x[j] = Math.Clamp(x[j], low[j], high[j]);
        var value = f(x, slope, second);
        double damping = 0;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var count = 0;
            double worst = 0;
            for (var j = 0; j < p; j++)
            {
                if (x[j] <= low[j] && slope[j] <= 0 || x[j] >= high[j] && slope[j] >= 0) continue;
                free[count++] = j;
                worst = Math.Max(worst, Math.Abs(slope[j]) * sizes[j]);
            }
            if (count == 0 || worst < 1e-11) break;
            Direction(slope, second, sizes, free[..count], matrix, step, ref damping);
            // A step may end at a bound: what would leave its range is cut off there.
            var length = 1.0;
            double next = double.NegativeInfinity, expected = 0;
            for (var halving = 0; halving < 50; halving++)
            {
                x.CopyTo(tried);
                expected = 0;
                for (var a = 0; a < count; a++)
                {
                    var j = free[a];
                    tried[j] = Math.Clamp(x[j] + length * step[a], low[j], high[j]);
                    expected += slope[j] * (tried[j] - x[j]);
                }
                // Most steps are taken as they are: what the next needs is computed with the first.
                next = halving == 0 ? f(tried, nextSlope, nextSecond) : f(tried, default, default);
                if (next >= value + 1e-4 * expected) break;
                length /= 2;
            }
            if (!(next > value))
            {
                // Rounding hides what is left to gain.
                if (next == value) tried.CopyTo(x);
                break;
            }
            tried.CopyTo(x);
            if (length < 1)
            {
                value = f(x, slope, second);
                continue;
            }
            value = next;
            nextSlope.CopyTo(slope);
            nextSecond.CopyTo(second);
            damping /= 10;
        }
        return value;
    }

    private static void Direction(ReadOnlySpan<double> slope, ReadOnlySpan<double> second, ReadOnlySpan<double> sizes, ReadOnlySpan<int> free, Span<double> matrix, Span<double> step, ref double damping)
    {
        int p = slope.Length, m = free.Length;
        double size = 0;
        foreach (var j in free) size = Math.Max(size, Math.Abs(second[j * p + j]) * sizes[j] * sizes[j]);
        if (damping < 1e-10) damping = 0;
        for (var attempt = 0; ; attempt++)
        {
            // In units of the sizes, so that the diagonal means the same for all.
            for (var a = 0; a < m; a++)
            {
                for (var b = 0; b <= a; b++) matrix[a * m + b] = -second[free[a] * p + free[b]] * sizes[free[a]] * sizes[free[b]] + (a == b ? damping * Math.Max(size, 1e-8) : 0);
                step[a] = slope[free[a]] * sizes[free[a]];
            }
            if (SmallMatrix.TryCholesky(matrix[..(m * m)], m)) break;
            damping = damping == 0 ? 1e-6 : damping * 10;
        }
        SmallMatrix.SolveLower(matrix[..(m * m)], step[..m]);
        SmallMatrix.SolveLowerTransposed(matrix[..(m * m)], step[..m]);
        for (var a = 0; a < m; a++) step[a] *= sizes[free[a]];
    }
}
