namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The arithmetic of p-curve: the p-values of the significant tests, given that they are significant, under some power of every test. Probabilities are kept 2.2e-16 away from 0 and 1, as the
/// authors' app keeps them.
/// </summary>
internal sealed class PCurveKernel
{
    /// <summary>No probability is nearer to 0 or 1.</summary>
    public const double Nearest = 2.2e-16;

    /// <summary>The lowest and the highest power that are looked for, as in the app.</summary>
    public const double LeastPower = 0.05, MostPower = 0.99;

    private readonly double[] _p;
    private readonly double[] _x;
    private readonly NoncentralTest[] _tests;

    public PCurveKernel(IEnumerable<TestStatistic> significant)
    {
        var tests = significant.ToArray();
        var kinds = new Dictionary<(TestStatisticKind, double, double), NoncentralTest>();
        _p = new double[tests.Length];
        _x = new double[tests.Length];
        _tests = new NoncentralTest[tests.Length];
        for (var i = 0; i < tests.Length; i++)
        {
            // The app has p as 1 less the lower tail, a multiple of 1.1e-16. That shows in the third decimal of Stouffer's z where many results have z = 8: too little to part from the app for.
            _p[i] = Math.Max(1 - (1 - tests[i].PValue), Nearest);
            _x[i] = tests[i].Squared;
            var kind = (tests[i].Kind, tests[i].NumeratorDegreesOfFreedom, tests[i].DegreesOfFreedom);
            if (!kinds.TryGetValue(kind, out var test)) kinds[kind] = test = new NoncentralTest(tests[i]);
            _tests[i] = test;
        }
    }

    public int Count => _p.Length;

    public int CountBelow(double p) => _p.Count(value => value < p);

    /// <summary>Stouffer's z of the p-values below a bound, over that bound: below 0 where they are mostly small.</summary>
    public double? RightSkew(double bound)
    {
        double sum = 0;
        var count = 0;
        foreach (var p in _p)
        {
            if (p >= bound) continue;
            sum += Quantile(p / bound, 1 - p / bound);
            count++;
        }
        return count == 0 ? null : sum / Math.Sqrt(count);
    }

    /// <summary>Stouffer's z of the p-values below a bound, were each test of this power: below 0 where they are larger than that power makes them.</summary>
    public double? At(double power, double bound)
    {
        double sum = 0;
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_p[i] >= bound) continue;
            var test = _tests[i];
            var noncentrality = test.NoncentralityOf(power);
            var within = bound == 0.05 ? power : test.Upper(test.Critical(bound), noncentrality);
            var beyond = test.Upper(_x[i], noncentrality) / within;
            sum += Quantile(1 - beyond, beyond);
            count++;
        }
        return count == 0 ? null : sum / Math.Sqrt(count);
    }

    /// <summary>Of significant results of a power, the share that the tests have between two p-values on average.</summary>
    public double ShareBetween(double low, double high, double power)
    {
        double sum = 0;
        foreach (var test in _tests)
        {
            var noncentrality = test.NoncentralityOf(power);
            sum += (Upto(high) - (low == 0 ? 0 : Upto(low))) / power;

            double Upto(double p) => p == 0.05 ? power : test.Upper(test.Critical(p), noncentrality);
        }
        return sum / Count;
    }

    /// <summary>Pr(as few p-values below .025, or fewer) where each test has this power: a Poisson-binomial probability.</summary>
    public double AsFewBelowHalf(int observed, double power)
    {
        // The distribution of the count, test by test.
        var chances = new double[Count + 1];
        chances[0] = 1;
        for (var i = 0; i < Count; i++)
        {
            var noncentrality = _tests[i].NoncentralityOf(power);
            var below = _tests[i].Upper(_tests[i].Critical(0.025), noncentrality) / power;
            for (var j = i + 1; j > 0; j--) chances[j] = chances[j] * (1 - below) + chances[j - 1] * below;
            chances[0] *= 1 - below;
        }
        double sum = 0;
        for (var j = 0; j <= observed; j++) sum += chances[j];
        return Math.Min(sum, 1);
    }

    /// <summary>Pr(as many p-values below .025, or more) where p is uniform among significant results.</summary>
    public double AsManyBelowHalf(int observed)
    {
        double sum = 0, chance = Math.Pow(0.5, Count);
        // Summed from the far end, where the terms are least.
        for (var j = Count; j >= observed; j--)
        {
            sum += chance;
            chance *= (double)j / (Count - j + 1);
        }
        return Math.Min(sum, 1);
    }

    /// <summary>The power at which Stouffer's z is the one given, or the end of the range looked at; z falls as the power rises.</summary>
    public double PowerAt(double z)
    {
        const double low = 0.0501;
        if (At(low, 0.05) <= z) return LeastPower;
        if (At(MostPower, 0.05) >= z) return MostPower;
        return Roots.Find(power => At(power, 0.05)!.Value - z, low, MostPower, "The power of p-curve");
    }

    /// <summary>The normal quantile of a probability that is given with what it lacks to 1, each kept off 0.</summary>
    private static double Quantile(double probability, double rest) => probability <= rest
        ? Distributions.NormalQuantile(Math.Max(probability, Nearest))
        : -Distributions.NormalQuantile(Math.Max(rest, Nearest));
}
