namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The arithmetic of bootstrap intervals from replicates t* and the estimate t (Davison &amp; Hinkley 1997, Bootstrap Methods and their Application, chapter 5). Quantile α of R replicates is the one of rank (R + 1)α;
/// between two ranks it is interpolated on the scale of normal quantiles (their equation 5.8), as R's boot does. Replicates come sorted.
/// </summary>
internal static class BootstrapIntervals
{
    /// <summary>The quantile, and whether it is the smallest or largest replicate for want of more.</summary>
    public static (double Value, bool IsExtreme) Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        var n = sorted.Length;
        var rank = (n + 1) * probability;
        // A rank that is whole but for rounding is that rank.
        if (Math.Abs(rank - Math.Round(rank)) < 1e-10 * n) rank = Math.Round(rank);
        var k = (int)Math.Floor(rank);
        if (k < 1) return (sorted[0], true);
        if (k >= n) return (sorted[n - 1], rank > n);
        if (rank == k || sorted[k - 1] == sorted[k]) return (sorted[k - 1], false);
        double low = Distributions.NormalQuantile(k / (n + 1.0)), high = Distributions.NormalQuantile((k + 1) / (n + 1.0));
        return (sorted[k - 1] + (Distributions.NormalQuantile(probability) - low) / (high - low) * (sorted[k] - sorted[k - 1]), false);
    }

    /// <summary>Between two quantiles.</summary>
    public static (ConfidenceInterval Interval, bool IsExtreme) Between(ReadOnlySpan<double> sorted, double lower, double upper, double level)
    {
        var (a, isLow) = Quantile(sorted, lower);
        var (b, isHigh) = Quantile(sorted, upper);
        return (new ConfidenceInterval(a, b, level), isLow || isHigh);
    }

    public static (ConfidenceInterval Interval, bool IsExtreme) Percentile(ReadOnlySpan<double> sorted, double level) => Between(sorted, 1 - Level.UpperTail(level), Level.UpperTail(level), level);

    /// <summary>2t less the quantiles.</summary>
    public static (ConfidenceInterval Interval, bool IsExtreme) Basic(ReadOnlySpan<double> sorted, double estimate, double level)
    {
        var (between, isExtreme) = Percentile(sorted, level);
        return (new ConfidenceInterval(2 * estimate - between.Upper, 2 * estimate - between.Lower, level), isExtreme);
    }

    /// <summary>t less the quantiles of z* = (t* - t)/SE* times the standard error.</summary>
    public static (ConfidenceInterval Interval, bool IsExtreme) Studentised(ReadOnlySpan<double> sortedZ, double estimate, double standardError, double level)
    {
        var (between, isExtreme) = Percentile(sortedZ, level);
        return (new ConfidenceInterval(estimate - standardError * between.Upper, estimate - standardError * between.Lower, level), isExtreme);
    }

    /// <summary>z₀ = Φ⁻¹(share of replicates below t), infinite where none or all are.</summary>
    public static double BiasCorrection(ReadOnlySpan<double> sorted, double estimate)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < estimate) low = middle + 1;
            else high = middle;
        }
        return Distributions.NormalQuantile(low / (double)sorted.Length);
    }

    /// <summary>a = Σl³/(6(Σl²)^1.5) of influence values l; 0 where they do not vary.</summary>
    public static double Acceleration(ReadOnlySpan<double> influence)
    {
        double squares = 0, cubes = 0, largest = 0;
        foreach (var l in influence) largest = Math.Max(largest, Math.Abs(l));
        if (largest == 0) return 0;
        foreach (var value in influence)
        {
            var l = value / largest;
            squares += l * l;
            cubes += l * l * l;
        }
        return cubes / (6 * Math.Pow(squares, 1.5));
    }

    /// <summary>Between the quantiles Φ(z₀ + (z₀ + z)/(1 - a(z₀ + z))), z those of the level; null where z₀ is infinite or a so large that they change places.</summary>
    public static (ConfidenceInterval Interval, bool IsExtreme)? BiasCorrectedAccelerated(ReadOnlySpan<double> sorted, double correction, double acceleration, double level)
    {
        if (!double.IsFinite(correction)) return null;
        double lower = Adjusted(1 - Level.UpperTail(level)), upper = Adjusted(Level.UpperTail(level));
        // Neither holds of NaN.
        return lower > 0 && upper < 1 ? Between(sorted, lower, upper, level) : null;

        double Adjusted(double probability)
        {
            var z = correction + Distributions.NormalQuantile(probability);
            var scale = 1 - acceleration * z;
            return scale > 0 ? Distributions.NormalCumulative(correction + z / scale) : double.NaN;
        }
    }
}
