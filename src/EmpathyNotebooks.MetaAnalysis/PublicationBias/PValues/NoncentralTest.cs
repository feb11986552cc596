using MathNet.Numerics;

namespace EmpathyNotebooks.MetaAnalysis;

/// <summary>
/// The distribution of the test of one kind with its degrees of freedom under an effect: how often it exceeds a value, as a Poisson mixture of central tails (Johnson, Kotz &amp; Balakrishnan 1995,
/// Continuous Univariate Distributions 2, chapters 29 and 30). All terms are positive, so that no digits are lost. z and t are taken squared, as χ² and F with one degree of freedom.
/// </summary>
internal sealed class NoncentralTest
{
    private readonly TestStatisticKind _kind;
    private readonly double _df1;
    private readonly double _df2;
    private readonly Dictionary<double, double> _noncentralities = [];

    public NoncentralTest(TestStatistic test)
    {
        _kind = test.Kind;
        _df1 = test.NumeratorDegreesOfFreedom;
        _df2 = test.DegreesOfFreedom;
        Critical05 = Critical(0.05);
    }

    /// <summary>The value, squared for z and t, that is significant at .05.</summary>
    public double Critical05 { get; }

    /// <summary>The value, squared for z and t, whose p is the one given.</summary>
    public double Critical(double p)
    {
        if (_kind == TestStatisticKind.Z)
        {
            var z = Distributions.NormalQuantile(p / 2);
            return z * z;
        }
        if (_kind == TestStatisticKind.T)
        {
            var t = Distributions.StudentQuantile(1 - p / 2, _df2);
            return t * t;
        }
        var high = 1.0;
        while (Upper(high, 0) > p) high *= 2;
        var low = high / 2;
        while (Upper(low, 0) < p) low /= 2;
        return Roots.Find(x => Math.Log(Upper(x, 0) / p), low, high, "The critical value of a test");
    }

    /// <summary>Pr(statistic &gt; x) with the noncentrality λ; z and t squared.</summary>
    public double Upper(double x, double noncentrality)
    {
        if (x <= 0) return 1;
        if (_kind == TestStatisticKind.Z)
        {
            double z = Math.Sqrt(x), shift = Math.Sqrt(noncentrality);
            return Distributions.NormalCumulative(shift - z) + Distributions.NormalCumulative(-shift - z);
        }
        var half = noncentrality / 2;
        var a = _df1 / 2;
        // Each further pair of degrees of freedom adds one term to the central tail: start from the first tail and its term.
        double tail, logTerm, logGrowth;
        if (double.IsPositiveInfinity(_df2))
        {
            tail = Distributions.ChiSquaredUpper(x, _df1);
            logTerm = a * Math.Log(x / 2) - x / 2 - SpecialFunctions.GammaLn(a + 1);
            logGrowth = Math.Log(x / 2);
        }
        else
        {
            var b = _df2 / 2;
            // The share of the beta distribution, and the rest of it, each computed as it is small.
            double below = _df1 * x / (_df1 * x + _df2), above = _df2 / (_df1 * x + _df2);
            tail = Distributions.FUpper(x, _df1, _df2);
            logTerm = a * Math.Log(below) + b * Math.Log(above) - Math.Log(a) - SpecialFunctions.BetaLn(a, b);
            logGrowth = Math.Log(below);
        }
        if (half == 0) return tail;
        double sum = 0, logWeight = -half;
        for (var j = 0; j < 100_000; j++)
        {
            var weight = Math.Exp(logWeight);
            sum += weight * tail;
            if (j > half && weight < 1e-18) break;
            tail = Math.Min(1, tail + Math.Exp(logTerm));
            logTerm += logGrowth + (double.IsPositiveInfinity(_df2) ? -Math.Log(a + j + 1) : Math.Log((a + _df2 / 2 + j) / (a + j + 1)));
            logWeight += Math.Log(half / (j + 1));
        }
        return Math.Min(sum, 1);
    }

    /// <summary>The noncentrality with which the test is significant at .05 as often as the power says, in (.05, 1).</summary>
    public double NoncentralityOf(double power)
    {
        if (_noncentralities.TryGetValue(power, out var known)) return known;
        var high = 1.0;
        while (Upper(Critical05, high) < power && high < 1e6) high *= 2;
        var found = Roots.Find(l => Upper(Critical05, l) - power, 0, high, "The noncentrality of a test");
        return _noncentralities[power] = found;
    }
}
