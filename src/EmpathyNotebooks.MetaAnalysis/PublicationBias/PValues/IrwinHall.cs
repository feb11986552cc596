namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The distribution of the sum of k independent uniform values (Johnson, Kotz &amp; Balakrishnan 1995, Continuous Univariate Distributions 2, section 26.9). Its density is the cardinal B-spline of degree k - 1, which
/// the recursion of de Boor gives as sums of positive terms, where the textbook's alternating sum has lost all digits at k = 30.
/// </summary>
internal static class IrwinHall
{
    /// <summary>With more values than this the quantile is that of the normal distribution with a term for the kurtosis, which is then right to 1e-7 of its size.</summary>
    public const int Exact = 400;

    /// <summary>Pr(sum ≤ x).</summary>
    public static double Cumulative(double x, int k)
    {
        if (x <= 0) return 0;
        if (x >= k) return 1;
        // The density of k + 1 values at x, x - 1, x - 2, ... adds up to the distribution function of k.
        var whole = (int)x;
        var rest = x - whole;
        // density[j] = that of n values at rest + j.
        var density = new double[whole + 2];
        density[0] = 1;
        for (var n = 2; n <= k + 1; n++)
        {
            for (var j = Math.Min(whole, n - 1); j >= 0; j--)
            {
                var at = rest + j;
                density[j] = (at * density[j] + (j > 0 ? (n - at) * density[j - 1] : 0)) / (n - 1);
            }
        }
        double sum = 0;
        for (var j = 0; j <= whole; j++) sum += density[j];
        return Math.Min(sum, 1);
    }

    /// <summary>The x with Pr(sum ≤ x) = probability.</summary>
    public static double Quantile(double probability, int k)
    {
        if (probability > 0.5) return k - Quantile(1 - probability, k);
        if (k > Exact)
        {
            var z = Distributions.NormalQuantile(probability);
            return k / 2.0 + Math.Sqrt(k / 12.0) * (z - (z * z * z - 3 * z) / (20.0 * k));
        }
        return Roots.Find(x => Math.Log(Math.Max(Cumulative(x, k), double.Epsilon) / probability), 1e-12, k / 2.0 + 1e-9, "A quantile of a sum of uniform values");
    }
}
